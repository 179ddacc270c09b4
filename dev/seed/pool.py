"""A few pictures that all invented posts share: to render one for each would take days."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from anyio import to_process

from dev import pictures
from services import imaging, uploads
from services.deps import Deps

CONTENT_TYPE = "image/jpeg"


class Pooled(NamedTuple):
    """What the rows of `media` that show a picture have in common."""

    alt_text: str
    content_type: str
    byte_size: int
    object_key: str
    width: int
    height: int
    blurhash: str


async def stored(deps: Deps, *, seed: int, count: int, advance: Callable[[], None]) -> list[Pooled]:
    """The pictures, with their renditions in the media bucket; `advance` is called after each."""
    limits = imaging.ImageLimits(pixels=deps.settings.image_pixels, frames=deps.settings.image_frames)

    async def store(number: int) -> Pooled:
        key = f"{uploads.SHARED}seed-{seed}-{number}"
        picture = await to_process.run_sync(pictures.picture, seed * count + number)
        rendered = await to_process.run_sync(imaging.render, picture.jpeg, CONTENT_TYPE, limits)
        for name, content in rendered.renditions.items():
            await deps.objects.put_rendition(uploads.rendition_key(key, name), content, "image/webp")
        advance()
        size = (rendered.width, rendered.height)
        return Pooled(picture.alt_text, CONTENT_TYPE, len(picture.jpeg), key, *size, blurhash=rendered.blurhash)

    async with asyncio.TaskGroup() as tasks:
        storing = [tasks.create_task(store(number)) for number in range(count)]
    return [task.result() for task in storing]

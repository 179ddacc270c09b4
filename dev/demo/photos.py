"""The demo's photos on their way: drawn, uploaded as clients do, and processed."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple
from urllib.request import ProxyHandler, Request, build_opener

from anyio import CapacityLimiter, to_process

from dev import pictures
from dev.pictures import Picture
from services import uploads
from services.deps import Deps
from services.uploads import Upload

CONTENT_TYPE = "image/jpeg"
SEND_TIMEOUT_S = 30.0
AT_ONCE = 3  # two processes draw and shrink; the third photo is with the store


class Photo(NamedTuple):
    media_id: int
    caption: str


class Photos:
    """`take` may be called for all at once: a few are worked at, in the order of the calls; `done` after each."""

    def __init__(self, deps: Deps, done: Callable[[], None]) -> None:
        self._deps, self._done = deps, done
        self._places = CapacityLimiter(AT_ONCE)

    async def take(self, owner_id: int, number: int) -> Photo:
        """The picture of this number, READY."""
        async with self._places:
            picture = await to_process.run_sync(pictures.picture, number)
            upload = await self._requested(owner_id, picture)
            await asyncio.to_thread(_send, upload, picture.jpeg)
            media = await uploads.complete(self._deps, owner_id, upload.media.id)
            await uploads.process(self._deps, media.id)
        self._done()
        return Photo(media.id, picture.caption)

    async def _requested(self, owner_id: int, picture: Picture) -> Upload:
        return await uploads.create(
            self._deps,
            owner_id,
            content_type=CONTENT_TYPE,
            byte_size=len(picture.jpeg),
            sha256=None,
            alt_text=picture.alt_text,
        )


def _send(upload: Upload, content: bytes) -> None:
    """To the store itself, whatever proxy the environment names for the web."""
    request = Request(upload.url, data=content, headers=dict(upload.headers), method=upload.method)
    with build_opener(ProxyHandler({})).open(request, timeout=SEND_TIMEOUT_S):
        pass

"""What Photofeed needs before it is measured: settings as in production, people who are signed in, warm timelines."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import wiring
from bench import crowd
from bench.feed.asking import Asking
from bench.feed.loading import PATIENCE_S, batched, peer_id, say
from bench.feed.spliced import CDN
from bench.running import SECRET
from dev.embedded import EmbeddedServers
from services.deps import Deps
from settings import DAY, Settings
from stores.postgres.pages import TOP
from stores.redis.connection import connect

WAITING = 500  # of `upkeep_waiting`: more would not be built
AT_ONCE = 4  # readers: while one waits for Postgres, the API has another
WARM_WITHIN_S, POLL_S = 60.0, 0.2


class Viewer(NamedTuple):
    id: int
    token: str

    @property
    def header(self) -> tuple[str, str]:
        """How Photofeed knows whose request it is."""
        return "authorization", f"Bearer {self.token}"

    @property
    def peers_header(self) -> tuple[str, str]:
        """Who says this is believed by the peers without proof."""
        return "x-user-id", str(peer_id(self.id))


def settings_of(servers: EmbeddedServers) -> Settings:
    """The defaults, but for addresses; and for the life of tokens, that they last however long this takes."""
    addresses = {name.removeprefix("PHOTOFEED_").lower(): value for name, value in servers.environment.items()}
    own = {"secret_key": SECRET, "media_base_url": CDN, "port": 0, "access_token_s": DAY}
    return Settings.model_validate({**addresses, **own})


async def signed_in(settings: Settings, viewer_ids: list[int]) -> list[Viewer]:
    """With sessions of their own; those of earlier runs are gone."""
    async with wiring.running(settings) as app:
        await crowd.sql(app, "truncate sessions cascade")
        tokens = await crowd.add_sessions(app, viewer_ids)
    return [Viewer(*each) for each in zip(viewer_ids, tokens, strict=True)]


def warm_up(settings: Settings, port: int, viewers: Sequence[Viewer]) -> None:
    """Read each feed that has no timeline: so the API builds it. Raises TimeoutError."""
    if not (cold := asyncio.run(_cold(settings, viewers))):
        return
    say(f"Warming {len(cold):,} timelines ...")
    with ThreadPoolExecutor(AT_ONCE) as readers:
        for some in batched(cold, WAITING):
            reading = [readers.submit(_read, port, some[first::AT_ONCE]) for first in range(AT_ONCE)]
            for each in reading:
                each.result()
            asyncio.run(_built(settings, some))
    asyncio.run(_saved(settings))


def _read(port: int, viewers: Sequence[Viewer]) -> None:
    with Asking(port) as asking:
        for viewer in viewers:
            asking.page(viewer.header)


async def _built(settings: Settings, viewers: Sequence[Viewer]) -> None:
    """Once they are."""
    async with asyncio.timeout(WARM_WITHIN_S):
        while viewers := await _cold(settings, viewers):  # noqa: ASYNC110  # another process builds them
            await asyncio.sleep(POLL_S)


async def _saved(settings: Settings) -> None:
    """By Redis, for the next run."""
    async with connect(settings.redis_url.get_secret_value(), timeout_s=PATIENCE_S) as redis:
        await redis.save()


async def _cold(settings: Settings, viewers: Sequence[Viewer]) -> list[Viewer]:
    """Those without a timeline that will do for the hours to come."""
    patient = settings.model_copy(update={"timeline_timeout_s": PATIENCE_S, "redis_timeout_s": PATIENCE_S})
    async with wiring.running(patient) as app:
        return [viewer for viewer in viewers if not await _is_warm(app.deps, viewer.id)]


async def _is_warm(deps: Deps, viewer_id: int) -> bool:
    found = await deps.timelines.read(viewer_id, below=TOP, most=1)
    if found is None or not found.header.is_live:
        return False
    return time.time() - found.header.built < deps.timelines.limits.max_age_s / 2

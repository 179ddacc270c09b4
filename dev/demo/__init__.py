"""The demo: people, follows, photos and what is said of them for who starts Photofeed for the first time.

Made by the services that serve everybody, so that all is as people would have made it; but for its dates.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import Table, func, select

import wiring
from dev.demo import plan
from dev.demo.dates import back_date
from dev.demo.people import NEWCOMER, account_of, joined
from dev.demo.photos import Photo, Photos
from dev.demo.plan import Plan
from dev.demo.reactions import react
from dev.pictures import Person, people
from services import accounts, following, posting
from services.deps import Deps
from services.posting import Draft
from settings import Settings
from stores.postgres.tables import posts, users

PEOPLE, PHOTOS = 24, 60


async def fill_if_empty(
    settings: Settings, *, login: str, password: str, size: int = PEOPLE, photos: int = PHOTOS
) -> None:
    """Fill an empty database, or one whose filling was interrupted; no change to any other.

    One of the `size` people has this login and password; nobody knows the passwords of the others.
    """
    first, *others = people(size, seed=1)
    cast = [replace(first, username=login), *others]
    async with wiring.running(settings) as app:
        if await _is_wanted(app.deps, cast[0]):
            with Progress(TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn()) as progress:
                await _Filling(app.deps, progress).fill(cast, password, photos)


async def _is_wanted(deps: Deps, first: Person) -> bool:
    """`first` joins before anything else is done, and the newcomer after it: they tell whether something is left."""
    if await _count(deps, users) == 0:
        return True
    return await account_of(deps, first) is not None and await account_of(deps, NEWCOMER) is None


class _Filling:
    """Goes on from where it was interrupted: until it is done, nobody else is there who could have done the same."""

    def __init__(self, deps: Deps, progress: Progress) -> None:
        self._deps, self._progress, self._track = deps, progress, progress.track

    async def fill(self, cast: Sequence[Person], password: str, photos: int) -> None:
        ids = await self._join(cast, password)
        for follower, followee in self._track(plan.follows(cast), description="Following"):
            await following.follow(self._deps, ids[follower], ids[followee])
        await self._publish(ids, plan.posts(cast, photos))
        await react(self._deps, [ids[person] for person in cast])
        await accounts.update_profile(self._deps, ids[cast[-1]], is_private=True)
        await back_date(self._deps)
        await joined(self._deps, NEWCOMER, secrets.token_hex())

    async def _join(self, cast: Sequence[Person], password: str) -> dict[Person, int]:
        """Their ids; the first one has the password."""
        ids: dict[Person, int] = {}
        for person in self._track(cast, description="Signing up"):
            ids[person] = await joined(self._deps, person, secrets.token_hex() if ids else password)
        return ids

    async def _publish(self, ids: Mapping[Person, int], plans: Sequence[Plan]) -> None:
        """The posts, in their order, each as soon as its photos are ready."""
        left = plans[await _count(self._deps, posts) :]
        task = self._progress.add_task("Taking photos", total=sum(len(each.pictures) for each in left))
        photos = Photos(self._deps, done=lambda: self._progress.advance(task))
        async with asyncio.TaskGroup() as tasks:
            taking = [[tasks.create_task(photos.take(ids[each.author], n)) for n in each.pictures] for each in left]
            for each, taken in zip(left, taking, strict=True):
                draft = _draft(each, [await photo for photo in taken])
                await posting.create(self._deps, ids[each.author], draft, idempotency_key=None)


def _draft(plan: Plan, shown: Sequence[Photo]) -> Draft:
    words, mark, hashtags = shown[0].caption.partition(" #")
    mention = "" if plan.mentioned is None else f" With @{plan.mentioned.username}."
    return Draft([photo.media_id for photo in shown], f"{words}{mention}{mark}{hashtags}", place=plan.place)


async def _count(deps: Deps, table: Table) -> int:
    async with deps.database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0

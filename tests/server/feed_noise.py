"""A world in which, by chance, everything happens that a feed can meet; a seed repeats it."""

import random
from collections.abc import Awaitable, Callable, Mapping

from services.feed import home
from stores.postgres import feed
from stores.postgres.pages import TOP
from stores.redis.timelines import Header
from tests.world import Person, World, row_id


class Noise:
    def __init__(self, world: World, people: list[Person], seed: int) -> None:
        self.world, self.people, self.random = world, people, random.Random(seed)
        self.live: dict[str, Person] = {}
        self.deleted: list[str] = []
        self._deps, self._timelines = world.app.deps, world.app.deps.timelines
        self._weights: Mapping[Callable[[], Awaitable[None]], int] = {
            self._post: 12, self._begin_to_post: 2, self._delete: 2, self._follow: 12, self._unfollow: 2,
            self._follow_everybody: 1, self._get_many_followers: 1, self._work: 4, self._read: 12,
            self._lose_a_post: 6, self._lose_all: 1, self._build: 1, self._age: 1,
        }  # fmt: skip

    async def disturb(self, times: int) -> None:
        for happens in self.random.choices(list(self._weights), list(self._weights.values()), k=times):
            await happens()

    def somebody_and_a_post(self) -> tuple[Person, int]:
        """The number of the post, which may be a deleted one."""
        return self._somebody(), row_id(self.random.choice([*self.live, *self.deleted[-3:]]))

    async def _post(self) -> None:
        author = self._somebody()
        self.live[await self.world.post(author)] = author

    async def _begin_to_post(self) -> None:
        author = self._somebody()
        picture = await self.world.picture(author, status="PROCESSING")
        self.live[await self.world.post(author, mediaIds=[picture])] = author

    async def _delete(self) -> None:
        if self.live:
            post_id = self.random.choice(list(self.live))
            await self.world.delete(self.live.pop(post_id), post_id)
            self.deleted.append(post_id)

    async def _follow(self) -> None:
        await self.world.follow(*self.random.sample(self.people, 2))

    async def _unfollow(self) -> None:
        await self.world.unfollow(*self.random.sample(self.people, 2))

    async def _follow_everybody(self) -> None:
        viewer = self._somebody()
        for person in self.people:
            if person is not viewer:
                await self.world.unfollow(viewer, person)
                await self.world.follow(viewer, person)

    async def _get_many_followers(self) -> None:
        """An author is pulled from now on."""
        author_id = self._somebody().row_id
        await self.world.sql("update users set fan_out_class = 'PULL' where id = :id", id=author_id)
        await self.world.sql("update follows set is_pulled = true where followee_id = :id", id=author_id)

    async def _work(self) -> None:
        await self.world.run_jobs()

    async def _read(self) -> None:
        await home(self._deps, self._somebody().row_id, below=TOP, most=3)
        await self._deps.upkeep.done()

    async def _lose_a_post(self) -> None:
        viewer_id = self._somebody().row_id
        timeline = await self._timelines.read(viewer_id, below=TOP, most=99)
        if timeline is not None and timeline.feed_ids:
            await self._timelines.remove(viewer_id, [self.random.choice(timeline.feed_ids)])

    async def _lose_all(self) -> None:
        await self._timelines.drop(self._somebody().row_id)

    async def _build(self) -> None:
        """It is begun, and goes no further."""
        await self._mark_anew(self._somebody().row_id, age_s=0)

    async def _age(self) -> None:
        """A timeline has lived for as long as it may."""
        viewer_id, max_age_s = self._somebody().row_id, self._timelines.limits.max_age_s
        header = await self._mark_anew(viewer_id, age_s=max_age_s)
        await self._timelines.merge(viewer_id, header, floor=0, ver=0, feed_ids=[], now=header.built)

    async def _mark_anew(self, viewer_id: int, *, age_s: int) -> Header:
        await self._timelines.drop(viewer_id)
        return await self._timelines.mark(viewer_id, now=await self._now() - age_s)

    async def _now(self) -> int:
        async with self._deps.database.read() as connection:
            return await feed.now(connection)

    def _somebody(self) -> Person:
        return self.random.choice(self.people)

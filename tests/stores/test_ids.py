"""Ids: ascending within a process, different in all of them, whatever the clock does."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.ids import EPOCH_MS, SEQUENCES, SHARDS, IdMint, floor_of
from stores.postgres.ids import take_shard
from tests.world import World

NOW = 1_800_000_000_000
HOUR_MS = 3_600_000
moments = st.lists(st.integers(NOW - 2 * HOUR_MS, NOW + 2 * HOUR_MS), min_size=1, max_size=200)


def mint(shard: int, clock_ms: Callable[[], int]) -> IdMint:
    async def take() -> int:
        return shard

    return IdMint(take, clock_ms)


def clock_of(shown: Sequence[int]) -> Callable[[], int]:
    """A clock that shows these moments one after the other, and then stands still."""
    moments: Iterator[int] = chain(shown, repeat(shown[-1]))
    return lambda: next(moments)


def minted(source: IdMint, number: int) -> list[int]:
    async def all_of_them() -> list[int]:
        return [await source.mint() for _ in range(number)]

    return asyncio.run(all_of_them())


def shard_of(id_: int) -> int:
    return id_ // SEQUENCES % SHARDS


@given(st.integers(0, SHARDS - 1), moments)
def test_ids_ascend_whatever_the_clock_shows(shard: int, shown: list[int]) -> None:
    ids = minted(mint(shard, clock_of(shown)), 2 * len(shown))
    assert all(earlier < later for earlier, later in pairwise(ids))
    assert {shard_of(id_) for id_ in ids} == {shard}


@given(st.lists(st.integers(0, SHARDS - 1), min_size=2, max_size=5, unique=True), moments)
def test_no_two_shards_make_the_same_id(shards: list[int], shown: list[int]) -> None:
    ids = [id_ for shard in shards for id_ in minted(mint(shard, clock_of(shown)), len(shown))]
    assert len(set(ids)) == len(ids)


@given(st.integers(0, SHARDS - 1), st.integers(EPOCH_MS, 2**40 + EPOCH_MS - 1))
def test_an_id_says_when_and_where_it_was_made(shard: int, now: int) -> None:
    [id_] = minted(mint(shard, lambda: now), 1)
    assert id_ == floor_of(now, shard)
    assert 0 <= id_ < 2**63
    assert floor_of(now) <= id_ < floor_of(now + 1)


def test_2_000_ids_of_one_millisecond_ascend_into_the_next() -> None:
    ids = minted(mint(5, lambda: NOW), 2_000)
    assert len(set(ids)) == 2_000
    assert ids == sorted(ids)
    assert ids[SEQUENCES] == floor_of(NOW + 1, 5)


def test_a_clock_that_steps_back_an_hour_is_waited_out() -> None:
    shown = [NOW, *repeat(NOW - HOUR_MS, 3_000), NOW + 10]
    ids = minted(mint(5, clock_of(shown)), 3_002)
    assert ids == sorted(set(ids))
    assert ids[3_000] < floor_of(NOW + 4, 5)
    assert ids[-1] == floor_of(NOW + 10, 5)


def test_the_shard_is_asked_for_once_and_taken_within_bounds() -> None:
    asked = []

    async def take() -> int:
        asked.append(True)
        return 3 * SHARDS + 7

    ids = minted(IdMint(take, lambda: NOW), 5)
    assert {shard_of(id_) for id_ in ids} == {7}
    assert len(asked) == 1


async def test_ids_are_of_this_moment(world: World) -> None:
    before = floor_of(time.time_ns() // 1_000_000)
    id_ = await world.app.deps.ids.mint()
    assert before <= id_ < floor_of(time.time_ns() // 1_000_000 + 2)


async def test_every_process_takes_another_shard(world: World) -> None:
    async with world.app.deps.database.read() as connection:
        taken = [await take_shard(connection) for _ in range(50)]
    assert len(set(taken)) == 50
    assert all(0 <= shard < SHARDS for shard in taken)


async def test_shards_go_round(world: World) -> None:
    async with world.app.deps.database.read() as connection:
        current = await take_shard(connection)
    try:
        await world.sql("select setval('id_shards', :last)", last=SHARDS - 1)
        async with world.app.deps.database.read() as connection:
            assert await take_shard(connection) == 0
    finally:
        await world.sql("select setval('id_shards', :last)", last=current)


async def test_a_process_whose_shard_could_not_be_taken_tries_again() -> None:
    answers: list[int | Exception] = [OSError("down"), 9]

    async def take() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    source = IdMint(take, lambda: NOW)
    with pytest.raises(OSError, match="down"):
        await source.mint()
    assert await source.mint() == floor_of(NOW, 9)

"""Passwords: hashed a few at once, off the event loop, so many waiting and no more."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from rules.errors import Unavailable
from services.passwords import Passwords


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    """One at a time, two more waiting; each takes some milliseconds."""
    made = Passwords(memory_kib=4_096, passes=2, concurrency=1, queue=2)
    yield made
    made.close()


async def test_a_password_is_the_one_that_was_hashed(passwords: Passwords) -> None:
    hashed = await passwords.hash("pässword \U0001f511")
    assert await passwords.verify(hashed, "pässword \U0001f511")
    for other in ("", "password", "pässword \U0001f511 ", "PÄSSWORD \U0001f511"):
        assert not await passwords.verify(hashed, other)


async def test_no_password_is_that_of_nobody(passwords: Passwords) -> None:
    assert not await passwords.verify(None, "nobody's password")


@pytest.mark.parametrize("hashed", ["", "x", "$argon2id$v=19$m=64,t=1,p=1$broken", "$2b$12$abcdefghijklmnopqrstuv"])
async def test_no_password_is_that_of_a_broken_hash(passwords: Passwords, hashed: str) -> None:
    assert not await passwords.verify(hashed, "password")


async def test_nobodys_password_takes_as_long_as_somebodys(passwords: Passwords) -> None:
    hashed = await passwords.hash("password")
    times: dict[str | None, list[float]] = {hashed: [], None: []}
    for _ in range(20):
        for kept, taken in times.items():
            began = time.perf_counter()
            await passwords.verify(kept, "another")
            taken.append(time.perf_counter() - began)
    assert 1 / 2 < min(times[hashed]) / min(times[None]) < 2


async def test_more_than_may_wait_are_refused_at_once(passwords: Passwords) -> None:
    answers = await asyncio.gather(*(passwords.hash("password") for _ in range(5)), return_exceptions=True)
    assert [isinstance(answer, Unavailable) for answer in answers] == [False, False, False, True, True]
    assert await passwords.hash("password")


async def test_who_stops_waiting_leaves_room_for_others(passwords: Passwords) -> None:
    for _ in range(10):
        waiting = [asyncio.ensure_future(passwords.hash("password")) for _ in range(3)]
        await asyncio.sleep(0)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    answers = await asyncio.gather(*(passwords.hash("password") for _ in range(3)))
    assert len(set(answers)) == 3


async def test_a_hash_is_outdated_when_the_parameters_have_changed(passwords: Passwords) -> None:
    hashed = await passwords.hash("password")
    assert not passwords.is_outdated(hashed)
    for changed in ({"memory_kib": 8_192, "passes": 2}, {"memory_kib": 4_096, "passes": 3}):
        stricter = Passwords(**changed, concurrency=1, queue=1)
        assert stricter.is_outdated(hashed)
        assert await stricter.verify(hashed, "password")
        stricter.close()

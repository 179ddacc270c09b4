"""Refresh tokens: each is swapped once; a stolen one ends its session."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.world import FEED, PASSWORD, Person, World

REFRESH = """mutation ($token: String!) { refreshSession(input: {refreshToken: $token}) {
  tokens { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }
  viewer { user { username } }
  userErrors { code field message }
} }"""
LOG_OUT = "mutation { logOut(input: {}) { userErrors { code field message } } }"
EXPIRED = [("EXPIRED", ["refreshToken"])]


async def refreshed(world: World, who: Person) -> Person:
    """The same person, with the next pair of tokens."""
    tokens = (await world.do(None, REFRESH, token=who.refresh_token))["tokens"]
    return replace(who, access_token=tokens["accessToken"], refresh_token=tokens["refreshToken"])


async def is_signed_in(world: World, who: Person) -> bool:
    reply = await world.reply(who, FEED)
    assert reply.status_code in (200, 401)
    return reply.status_code == 200


async def pass_time(world: World, seconds: int) -> None:
    """Let every session have been refreshed so much longer ago."""
    await world.sql("update sessions set rotated_at = rotated_at - make_interval(secs => :seconds)", seconds=seconds)


async def test_a_refresh_token_is_swapped_for_a_new_pair(world: World) -> None:
    ana = await world.person("ana")
    swapped = await world.do(None, REFRESH, token=ana.refresh_token)
    tokens = swapped["tokens"]
    assert swapped["viewer"] == {"user": {"username": "ana"}}
    assert tokens["refreshToken"] != ana.refresh_token
    assert await is_signed_in(world, replace(ana, access_token=tokens["accessToken"]))


async def test_the_earlier_access_token_goes_on_until_it_ends(world: World) -> None:
    ana = await world.person()
    await refreshed(world, ana)
    assert await is_signed_in(world, ana)


async def test_the_same_token_within_30_seconds_gets_the_very_same_pair(world: World) -> None:
    ana = await world.person()
    first = await world.do(None, REFRESH, token=ana.refresh_token)
    async with world.unchanged():
        again = await world.do(None, REFRESH, token=ana.refresh_token)
    assert again == first


async def test_the_same_token_twenty_times_at_once_gets_one_pair(world: World) -> None:
    ana = await world.person()
    answers = await asyncio.gather(*(world.do(None, REFRESH, token=ana.refresh_token) for _ in range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert await is_signed_in(world, await refreshed(world, ana))


async def test_the_same_token_after_25_seconds_still_gets_its_pair(world: World) -> None:
    ana = await world.person()
    await refreshed(world, ana)
    await pass_time(world, 25)
    assert await is_signed_in(world, await refreshed(world, ana))


async def test_the_same_token_after_31_seconds_ends_its_session(world: World) -> None:
    ana = await world.person()
    rightful = await refreshed(world, ana)
    await pass_time(world, 31)
    assert await world.faults(None, REFRESH, token=ana.refresh_token) == EXPIRED
    assert not await is_signed_in(world, ana)
    assert not await is_signed_in(world, rightful)
    assert await world.faults(None, REFRESH, token=rightful.refresh_token) == EXPIRED


async def test_a_stolen_token_ends_no_other_session(world: World) -> None:
    ana = await world.person("ana")
    log_in = "mutation ($input: LogInInput!) { logIn(input: $input) { tokens { accessToken } userErrors { code } } }"
    phone: Any = await world.do(None, log_in, input={"login": "ana", "password": PASSWORD})
    await refreshed(world, ana)
    await pass_time(world, 31)
    assert await world.faults(None, REFRESH, token=ana.refresh_token) == EXPIRED
    assert await is_signed_in(world, replace(ana, access_token=phone["tokens"]["accessToken"]))


async def test_a_token_from_two_swaps_ago_ends_its_session(world: World) -> None:
    ana = await world.person()
    latest = await refreshed(world, await refreshed(world, ana))
    await pass_time(world, 31)
    assert await world.faults(None, REFRESH, token=ana.refresh_token) == EXPIRED
    assert not await is_signed_in(world, latest)


async def test_a_token_may_be_swapped_for_60_days(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    await pass_time(world, 60 * 24 * 3_600 - 60)
    await refreshed(world, ana)
    await pass_time(world, 120)
    assert await world.faults(None, REFRESH, token=ben.refresh_token) == EXPIRED


async def test_a_session_goes_on_for_as_long_as_it_is_refreshed(world: World) -> None:
    ana = await world.person()
    for _ in range(5):
        await pass_time(world, 50 * 24 * 3_600)
        ana = await refreshed(world, ana)
    assert await is_signed_in(world, ana)


async def test_a_token_of_a_session_that_ended_is_expired(world: World) -> None:
    ana = await world.person()
    await world.do(ana, LOG_OUT)
    async with world.unchanged():
        assert await world.faults(None, REFRESH, token=ana.refresh_token) == EXPIRED


@pytest.mark.parametrize("token", ["", "x", "ü", "eHg", "MS4w", "A" * 60, "x" * 10_000])
async def test_what_is_no_refresh_token_is_invalid(world: World, token: str) -> None:
    await world.person()
    async with world.unchanged():
        assert await world.faults(None, REFRESH, token=token) == [("INVALID", ["refreshToken"])]


async def test_a_token_that_was_tampered_with_is_invalid_and_ends_nothing(world: World) -> None:
    ana = await world.person()
    token = ana.refresh_token
    async with world.unchanged():
        for other in (token[:-1], token + "A", token + "==", " " + token, token.swapcase(), ana.access_token):
            assert await world.faults(None, REFRESH, token=other) == [("INVALID", ["refreshToken"])]


async def test_the_times_of_a_pair_are_what_the_tokens_are_good_for(world: World) -> None:
    tokens = (await world.do(None, REFRESH, token=(await world.person()).refresh_token))["tokens"]
    left = [datetime.fromisoformat(tokens[name]) - datetime.now(UTC) for name in tokens if name.endswith("At")]
    for time_left, good_for in zip(left, (timedelta(minutes=15), timedelta(days=60)), strict=True):
        assert timedelta() <= good_for - time_left < timedelta(minutes=1)

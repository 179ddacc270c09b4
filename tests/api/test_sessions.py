"""Where an account is signed in, and how that ends: at the next request, on every process."""

from dataclasses import replace
from typing import Any

import pytest

from settings import Settings
from tests.processes import another_process
from tests.world import FEED, PASSWORD, Person, World

LOG_IN = """mutation ($input: LogInInput!) {
  logIn(input: $input) { tokens { accessToken refreshToken } userErrors { code field message } }
}"""
LOG_OUT = """mutation ($everywhere: Boolean) {
  logOut(input: {everywhere: $everywhere}) { userErrors { code field message } }
}"""
REVOKE = "mutation ($id: ID!) { revokeSession(input: {sessionId: $id}) { userErrors { code field message } } }"
CHANGE_PASSWORD = """mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) { userErrors { code field message } }
}"""
SESSIONS = "{ viewer { sessions { id createdAt lastSeenAt userAgent isCurrent } } }"


async def on_another_device(world: World, who: Person) -> Person:
    """The same person, signed in once more."""
    tokens = (await world.do(None, LOG_IN, input={"login": who.username, "password": PASSWORD}))["tokens"]
    return replace(who, access_token=tokens["accessToken"], refresh_token=tokens["refreshToken"])


async def signed_in(world: World, *people: Person) -> list[bool]:
    """As all kinds of requests take them: the feed's ask for the session in a way of their own."""
    statuses = [
        {(await world.reply(who, query)).status_code for query in ("{ viewer { id } }", FEED)} for who in people
    ]
    assert all(each in ({200}, {401}) for each in statuses)
    return [each == {200} for each in statuses]


async def sessions(world: World, who: Person) -> list[Any]:
    return list((await world.ask(who, SESSIONS))["viewer"]["sessions"])


async def test_signing_out_ends_the_current_session_alone(world: World) -> None:
    laptop = await world.person()
    phone = await on_another_device(world, laptop)
    await world.do(phone, LOG_OUT)
    assert await signed_in(world, laptop, phone) == [True, False]


@pytest.mark.parametrize("everywhere", [False, None])
async def test_signing_out_is_here_unless_everywhere_is_asked_for(world: World, everywhere: bool | None) -> None:
    laptop = await world.person()
    phone = await on_another_device(world, laptop)
    await world.do(phone, LOG_OUT, everywhere=everywhere)
    assert await signed_in(world, laptop, phone) == [True, False]


async def test_signing_out_everywhere_ends_every_session_of_the_account_and_no_other(world: World) -> None:
    laptop, ben = await world.person(), await world.person()
    phone = await on_another_device(world, laptop)
    await world.do(laptop, LOG_OUT, everywhere=True)
    assert await signed_in(world, laptop, phone, ben) == [False, False, True]


async def test_sessions_are_listed_newest_first_with_where_they_are(world: World) -> None:
    world.http.headers["user-agent"] = "Photofeed for Android"
    try:
        phone = await world.person("ana")
        world.http.headers["user-agent"] = "Firefox \U0001f98a" + "x" * 500
        laptop = await on_another_device(world, phone)
    finally:
        world.http.headers["user-agent"] = "python"
    first, second = await sessions(world, laptop)
    assert first["userAgent"].startswith("Firefox")
    assert len(first["userAgent"]) == 300
    assert second["userAgent"] == "Photofeed for Android"
    assert [first["isCurrent"], second["isCurrent"]] == [True, False]
    assert [session["isCurrent"] for session in await sessions(world, phone)] == [False, True]
    assert first["createdAt"] > second["createdAt"]


async def test_sessions_that_ended_are_not_listed(world: World) -> None:
    laptop = await world.person()
    phone = await on_another_device(world, laptop)
    await world.do(phone, LOG_OUT)
    assert [session["isCurrent"] for session in await sessions(world, laptop)] == [True]


async def test_a_session_of_ones_own_can_be_revoked(world: World) -> None:
    laptop = await world.person()
    phone = await on_another_device(world, laptop)
    [phones] = [session["id"] for session in await sessions(world, laptop) if not session["isCurrent"]]
    await world.do(laptop, REVOKE, id=phones)
    assert await signed_in(world, laptop, phone) == [True, False]
    assert await world.faults(laptop, REVOKE, id=phones) == [("NOT_FOUND", ["sessionId"])]


async def test_the_current_session_can_be_revoked_too(world: World) -> None:
    laptop = await world.person()
    [current] = await sessions(world, laptop)
    await world.do(laptop, REVOKE, id=current["id"])
    assert await signed_in(world, laptop) == [False]


async def test_anothers_session_is_not_found(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    [bens] = await sessions(world, ben)
    async with world.unchanged():
        assert await world.faults(ana, REVOKE, id=bens["id"]) == [("NOT_FOUND", ["sessionId"])]
    assert await signed_in(world, ben) == [True]


async def test_a_changed_password_ends_every_other_session(world: World) -> None:
    laptop, ben = await world.person(), await world.person()
    phone = await on_another_device(world, laptop)
    await world.do(laptop, CHANGE_PASSWORD, input={"currentPassword": PASSWORD, "newPassword": "another good one"})
    assert await signed_in(world, laptop, phone, ben) == [True, False, True]
    old, new = ({"login": laptop.username, "password": word} for word in (PASSWORD, "another good one"))
    assert await world.faults(None, LOG_IN, input=old) == [("WRONG_CREDENTIALS", None)]
    assert (await world.do(None, LOG_IN, input=new))["tokens"]


@pytest.mark.parametrize("how", ["log out", "log out everywhere", "revoke", "change password"])
async def test_another_process_knows_of_the_end_of_a_session_at_its_next_request(
    world: World, settings: Settings, how: str
) -> None:
    laptop = await world.person()
    phone = await on_another_device(world, laptop)
    async with another_process(settings) as elsewhere:
        assert await signed_in(elsewhere, laptop, phone) == [True, True]
        if how == "revoke":
            [phones] = [session["id"] for session in await sessions(world, laptop) if not session["isCurrent"]]
            await world.do(laptop, REVOKE, id=phones)
        elif how == "change password":
            changing = {"currentPassword": PASSWORD, "newPassword": "another good one"}
            await world.do(laptop, CHANGE_PASSWORD, input=changing)
        else:
            await world.do(phone, LOG_OUT, everywhere=how.endswith("everywhere"))
        assert (await signed_in(elsewhere, phone)) == [False]

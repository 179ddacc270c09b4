"""A profile: what is left out stays, null clears, everybody sees the change."""

from typing import Any

import pytest

from tests.world import SIGN_UP, Person, World

UPDATE = """mutation ($input: UpdateProfileInput!) {
  updateProfile(input: $input) { user { id username displayName bio } userErrors { code field message } }
}"""
PROFILE = """query ($name: String!) {
  user(username: $name) { id username displayName bio createdAt postCount followerCount followingCount isViewer }
}"""


async def updated(world: World, who: Person, **changes: Any) -> Any:
    profile = (await world.do(who, UPDATE, input=changes))["user"]
    assert profile.pop("id") == who.id
    return profile


async def test_a_new_profile_is_empty_but_for_its_name(world: World) -> None:
    ana = await world.person("ana")
    profile = (await world.ask(ana, PROFILE, name="ana"))["user"]
    assert profile.pop("createdAt").endswith("Z")
    assert profile == {
        "id": ana.id,
        "username": "ana",
        "displayName": "ana",
        "bio": "",
        "postCount": 0,
        "followerCount": 0,
        "followingCount": 0,
        "isViewer": True,
    }


async def test_a_display_name_may_be_given_at_once(world: World) -> None:
    query = SIGN_UP.replace("user { id }", "user { id displayName }")
    given = {"username": "ana", "email": "ana@example.com", "password": "long enough", "displayName": " Ana Ω 🌅 "}
    assert (await world.do(None, query, input=given))["viewer"]["user"]["displayName"] == "Ana Ω 🌅"


async def test_what_is_left_out_stays_as_it_is(world: World) -> None:
    ana = await world.person("ana")
    assert await updated(world, ana, displayName="Ana", bio="By the sea.") == {
        "username": "ana",
        "displayName": "Ana",
        "bio": "By the sea.",
    }
    assert (await updated(world, ana, bio="Inland."))["displayName"] == "Ana"
    assert (await updated(world, ana, username="ana.maria"))["bio"] == "Inland."
    async with world.unchanged():
        assert await updated(world, ana) == {"username": "ana.maria", "displayName": "Ana", "bio": "Inland."}


@pytest.mark.parametrize("cleared", [None, ""])
async def test_a_bio_can_be_cleared(world: World, cleared: str | None) -> None:
    ana = await world.person()
    await updated(world, ana, bio="By the sea.")
    assert (await updated(world, ana, bio=cleared))["bio"] == ""


@pytest.mark.parametrize("name", [None, "", "   "])
async def test_a_display_name_cannot_be_cleared(world: World, name: str | None) -> None:
    ana = await world.person()
    async with world.unchanged():
        [(code, field)] = await world.faults(ana, UPDATE, input={"displayName": name})
    assert (code, field) == ("INVALID" if name is None else "TOO_SHORT", ["displayName"])


async def test_a_bio_has_500_characters_at_most(world: World) -> None:
    ana = await world.person()
    assert len((await updated(world, ana, bio="🌅" * 500))["bio"]) == 500
    async with world.unchanged():
        assert await world.faults(ana, UPDATE, input={"bio": "x" * 501}) == [("TOO_LONG", ["bio"])]


async def test_a_good_bio_does_not_come_through_with_a_bad_name(world: World) -> None:
    await world.person("ben")
    ana = await world.person("ana")
    async with world.unchanged():
        assert await world.faults(ana, UPDATE, input={"bio": "New", "username": "a b"}) == [("INVALID", ["username"])]
        assert await world.faults(ana, UPDATE, input={"bio": "New", "username": "ben"}) == [("TAKEN", ["username"])]


async def test_everybody_sees_the_change_at_once(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await updated(world, ana, username="ana.maria", displayName="Ana María")
    assert (await world.ask(ben, PROFILE, name="ana"))["user"] is None
    seen = (await world.ask(ben, PROFILE, name="Ana.Maria"))["user"]
    assert (seen["id"], seen["displayName"], seen["isViewer"]) == (ana.id, "Ana María", False)


async def test_one_may_spell_ones_own_name_anew(world: World) -> None:
    ana = await world.person("ana")
    assert (await updated(world, ana, username="ANA"))["username"] == "ana"
    assert (await updated(world, ana, username="a.n.a"))["username"] == "a.n.a"

"""Usernames and addresses that nobody can have, or that somebody has: no account is made, none is changed."""

from asyncio import gather
from typing import Any

import pytest

from tests.world import PASSWORD, SIGN_UP, Person, World

RENAME = """mutation ($username: String) {
  updateProfile(input: {username: $username}) { user { username } userErrors { code field message } }
}"""


async def sign_up_faults(world: World, **given: Any) -> list[tuple[str, list[str] | None]]:
    """Of an account that is not made; checked to change nothing."""
    signing_up = {"username": "somebody.new", "email": "somebody@example.com", "password": PASSWORD, **given}
    async with world.unchanged():
        return await world.faults(None, SIGN_UP, input=signing_up)


async def rename_faults(world: World, who: Person, username: str | None) -> list[tuple[str, list[str] | None]]:
    """Of a name that is not changed; checked to change nothing."""
    async with world.unchanged():
        return await world.faults(who, RENAME, username=username)


NOT_NAMES = [
    "", "an", "x" * 31, "ana maria", " ana", "ana ", "ana\n", ".ana", "ana.", "a..na", "ana-maria", "ana@maria", "añа",
    "аna", "ana😀", "ａｎａ", "an%", "ana\u200b", "ANA MARIA", "<ana>", "ana/..", "x" * 10_000,
]  # fmt: skip  # the first letter of "аna" is Cyrillic


@pytest.mark.parametrize("username", NOT_NAMES, ids=range(len(NOT_NAMES)))
async def test_what_is_no_username_is_invalid(world: World, username: str) -> None:
    ana = await world.person()
    assert await sign_up_faults(world, username=username) == [("INVALID", ["username"])]
    assert await rename_faults(world, ana, username) == [("INVALID", ["username"])]


@pytest.mark.parametrize("username", ["abc", "a_b", "a.b", "_a_", "123", "x" * 30, "a.b.c_d", "Ana_2"])
async def test_a_username_is_kept_in_lower_case(world: World, username: str) -> None:
    ana = await world.person(username)
    query = "query ($name: String!) { user(username: $name) { id username } }"
    for asked in (username, username.upper(), username.lower()):
        found = await world.ask(None, query, name=asked)
        assert found["user"] == {"id": ana.id, "username": username.lower()}


@pytest.mark.parametrize("username", ["ana", "Ana", "ANA", "aNa"])
async def test_a_name_is_taken_in_whatever_letters(world: World, username: str) -> None:
    await world.person("ana")
    ben = await world.person("ben")
    assert await sign_up_faults(world, username=username) == [("TAKEN", ["username"])]
    assert await rename_faults(world, ben, username) == [("TAKEN", ["username"])]


@pytest.mark.parametrize(
    ("taken", "look_alike"),
    [
        ("anoa", "an0a"),
        ("an0a", "ANOA"),
        ("paul", "pau1"),
        ("maria", "rnaria"),
        ("rnaria", "Maria"),
        ("ana", "a.n.a"),
        ("ana", "a_na"),
        ("a_n_a", "_ana_"),
        ("m0m.100", "rnorn_loo"),
    ],
)
async def test_a_name_that_looks_like_another_is_taken(world: World, taken: str, look_alike: str) -> None:
    await world.person(taken)
    ben = await world.person("ben")
    assert await sign_up_faults(world, username=look_alike) == [("TAKEN", ["username"])]
    assert await rename_faults(world, ben, look_alike) == [("TAKEN", ["username"])]


async def test_one_may_take_a_name_that_looks_like_ones_own(world: World) -> None:
    ana = await world.person("ana")
    renamed = await world.do(ana, RENAME, username="Ana_")
    assert renamed["user"] == {"username": "ana_"}


async def test_an_underscore_in_a_name_stands_for_itself_alone(world: World) -> None:
    await world.person("aXb")
    assert (await world.ask(None, '{ user(username: "a_b") { id } }'))["user"] is None
    assert await world.person("a_b")


async def test_a_name_that_was_given_up_is_free(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.do(ana, RENAME, username="maria")
    assert (await world.do(ben, RENAME, username="ana"))["user"] == {"username": "ana"}


async def test_a_name_cannot_be_cleared(world: World) -> None:
    assert await rename_faults(world, await world.person(), None) == [("INVALID", ["username"])]


NOT_ADDRESSES = [
    "", "ana", "@example.com", "ana@", "ana@example", "ana@@example.com", "ana @example.com", " ana@example.com",
    "ana@example.com\n", "ana@exa mple.com", "ana@-example.com", "ana@[127.0.0.1]", "<ana@example.com>",
    "ana..b@example.com", "ana@example..com", "ana@" + "x" * 64 + ".com",
    "x" * 250 + "@example.com", "ana@example.com, ben@example.com",
]  # fmt: skip


@pytest.mark.parametrize("email", NOT_ADDRESSES, ids=range(len(NOT_ADDRESSES)))
async def test_what_is_no_address_is_invalid(world: World, email: str) -> None:
    assert await sign_up_faults(world, email=email) == [("INVALID", ["email"])]


@pytest.mark.parametrize("email", ["ana@example.com", "Ana@Example.com", "ANA@EXAMPLE.COM"])
async def test_an_address_has_one_account_in_whatever_letters(world: World, email: str) -> None:
    await world.person("ana")
    assert await sign_up_faults(world, email=email) == [("TAKEN", ["email"])]


async def test_an_address_is_shown_as_it_was_given(world: World) -> None:
    signing_up = {"username": "ana", "email": "Ana.Maria@Bücher.Example", "password": PASSWORD}
    query = SIGN_UP.replace("viewer {", "viewer { email isEmailVerified")
    signed_up = await world.do(None, query, input=signing_up)
    assert (signed_up["viewer"]["email"], signed_up["viewer"]["isEmailVerified"]) == (signing_up["email"], False)


@pytest.mark.parametrize(("name", "code"), [("", "TOO_SHORT"), ("  ", "TOO_SHORT"), ("x" * 65, "TOO_LONG")])
async def test_a_display_name_is_1_to_64_characters(world: World, name: str, code: str) -> None:
    assert await sign_up_faults(world, displayName=name) == [(code, ["displayName"])]


async def test_all_that_is_wrong_with_an_account_is_said_at_once(world: World) -> None:
    said = await sign_up_faults(world, username="a b", email="x", password="x", displayName="")
    assert [field for _, field in said] == [["username"], ["email"], ["password"], ["displayName"]]


async def test_of_twenty_who_want_a_name_at_once_one_gets_it(world: World) -> None:
    answers = await gather(
        *(
            world.payload(None, SIGN_UP, input={"username": "ana", "email": f"{n}@example.com", "password": PASSWORD})
            for n in range(20)
        )
    )
    assert sorted(len(answer["userErrors"]) for answer in answers) == [0] + [1] * 19

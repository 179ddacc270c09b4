"""Passwords that cannot be: most are refused before anything is hashed."""

import pytest

from tests.world import PASSWORD, SIGN_UP, World

LOG_IN = """mutation ($input: LogInInput!) {
  logIn(input: $input) { tokens { accessToken } userErrors { code field message } }
}"""
CHANGE_PASSWORD = """mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) { userErrors { code field message } }
}"""
NEW = {"username": "ana", "email": "ana@example.com"}


async def test_without_room_to_hash_a_good_password_is_unavailable(hashless: World) -> None:
    async with hashless.unchanged():
        assert await hashless.error(None, SIGN_UP, input={**NEW, "password": PASSWORD}) == "UNAVAILABLE"
        assert await hashless.error(None, LOG_IN, input={"login": "ana", "password": PASSWORD}) == "UNAVAILABLE"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "TOO_SHORT"),
        ("1234567", "TOO_SHORT"),
        ("x" * 1_025, "TOO_LONG"),
        ("é" * 513, "TOO_LONG"),
        ("x" * 200_000, "TOO_LONG"),
    ],
    ids=["empty", "7 characters", "1,025 bytes", "1,026 bytes", "200 KB"],
)
async def test_a_new_password_is_judged_before_it_is_hashed(
    world: World, hashless: World, password: str, code: str
) -> None:
    ben = await world.person("ben")
    changing = {"currentPassword": PASSWORD, "newPassword": password}
    async with world.unchanged():
        assert await hashless.faults(None, SIGN_UP, input={**NEW, "password": password}) == [(code, ["password"])]
        assert await hashless.faults(ben, CHANGE_PASSWORD, input=changing) == [(code, ["newPassword"])]


async def test_a_password_that_nobody_can_have_is_wrong_without_hashing(world: World, hashless: World) -> None:
    ben = await world.person("ben")
    changing = {"currentPassword": "x" * 200_000, "newPassword": "another good one"}
    async with world.unchanged():
        assert await hashless.faults(None, LOG_IN, input={"login": "ben", "password": "x" * 200_000}) == [
            ("WRONG_CREDENTIALS", None)
        ]
        assert await hashless.faults(ben, CHANGE_PASSWORD, input=changing) == [
            ("WRONG_CREDENTIALS", ["currentPassword"])
        ]


@pytest.mark.parametrize("mutation", ["sign up", "log in", "change"])
async def test_a_password_of_a_megabyte_is_not_even_read(world: World, mutation: str) -> None:
    ben, password = await world.person("ben"), "x" * 1024 * 1024
    query, given = {
        "sign up": (SIGN_UP, {**NEW, "password": password}),
        "log in": (LOG_IN, {"login": "ben", "password": password}),
        "change": (CHANGE_PASSWORD, {"currentPassword": PASSWORD, "newPassword": password}),
    }[mutation]
    async with world.unchanged():
        reply = await world.reply(ben, query, input=given)
    assert reply.status_code == 413
    assert [error["extensions"]["code"] for error in reply.json()["errors"]] == ["TOO_COSTLY"]


@pytest.mark.parametrize("password", ["12345678", "x" * 1_024, "é" * 512, "pass word ", "密码密码密码密码", " " * 8])
async def test_a_password_is_8_characters_to_1_024_bytes_of_whatever_can_be_typed(world: World, password: str) -> None:
    await world.do(None, SIGN_UP, input={**NEW, "password": password})
    assert (await world.do(None, LOG_IN, input={"login": "ana", "password": password}))["tokens"]
    for other in (password + " ", password[:-1]):
        assert await world.faults(None, LOG_IN, input={"login": "ana", "password": other}) == [
            ("WRONG_CREDENTIALS", None)
        ]


async def test_a_wrong_current_password_changes_nothing(world: World) -> None:
    ana = await world.person("ana")
    async with world.unchanged():
        for wrong in ("", PASSWORD + "!", PASSWORD.upper(), "x" * 1_025):
            changing = {"currentPassword": wrong, "newPassword": "another good one"}
            assert await world.faults(ana, CHANGE_PASSWORD, input=changing) == [
                ("WRONG_CREDENTIALS", ["currentPassword"])
            ]

"""Signing in by name or address, and what a stranger learns from trying."""

import asyncio

import pytest
from sqlalchemy import select, text

from settings import Settings
from stores.postgres.tables import accounts
from tests.processes import another_process
from tests.world import PASSWORD, SIGN_UP, Person, World

LOG_IN = """mutation ($input: LogInInput!) { logIn(input: $input) {
  tokens { accessToken } viewer { user { username isViewer } } userErrors { code field message }
} }"""
CHANGE_PASSWORD = """mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) { userErrors { code field message } }
}"""
CHANGING = {"currentPassword": PASSWORD, "newPassword": "another good one"}


@pytest.mark.parametrize(
    "login", ["ana", "Ana", "ANA", " ana ", "ana@example.com", "Ana@Example.COM", " ana@example.com\n"]
)
async def test_one_signs_in_by_name_or_address_in_whatever_letters(world: World, login: str) -> None:
    await world.person("ana")
    signed_in = await world.do(None, LOG_IN, input={"login": login, "password": PASSWORD})
    assert signed_in["viewer"] == {"user": {"username": "ana", "isViewer": True}}


async def test_one_signs_in_by_an_address_as_it_was_given(world: World) -> None:
    email = "Zoë@Bücher.Example"
    await world.do(None, SIGN_UP, input={"username": "zoe", "email": email, "password": PASSWORD})
    assert (await world.do(None, LOG_IN, input={"login": email, "password": PASSWORD}))["tokens"]


@pytest.mark.parametrize("login", ["ana", "nobody", "ana@example.com", "nobody@example.com", "", "%", "x" * 100_000])
async def test_a_wrong_password_and_an_unknown_account_are_answered_alike(world: World, login: str) -> None:
    await world.person("ana")
    async with world.unchanged():
        refused = await world.payload(None, LOG_IN, input={"login": login, "password": "not the right one"})
    assert refused == {
        "tokens": None,
        "viewer": None,
        "userErrors": [
            {
                "code": "WRONG_CREDENTIALS",
                "field": None,
                "message": "There is no account with this name and password.",
            }
        ],
    }


@pytest.mark.parametrize("login", ["ana", "nobody"])
async def test_a_password_is_hashed_whether_the_account_exists_or_not(
    world: World, hashless: World, login: str
) -> None:
    await world.person("ana")
    assert await hashless.error(None, LOG_IN, input={"login": login, "password": PASSWORD}) == "UNAVAILABLE"


async def kept_hash(world: World, who: Person) -> str:
    async with world.app.deps.database.read() as connection:
        kept = await connection.scalar(select(accounts.c.password_hash).where(accounts.c.id == who.row_id))
    return str(kept)


async def test_a_password_is_kept_as_a_salted_argon2id_hash(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    hashes = [await kept_hash(world, who) for who in (ana, ben)]
    assert all(hash_.startswith("$argon2id$v=19$m=64,t=1,p=1$") for hash_ in hashes)
    assert hashes[0] != hashes[1]


async def test_a_password_is_hashed_anew_when_the_parameters_have_changed(world: World, settings: Settings) -> None:
    ana = await world.person("ana")
    async with another_process(settings, hash_passes=2) as stricter:
        for _ in range(2):
            assert (await stricter.do(None, LOG_IN, input={"login": "ana", "password": PASSWORD}))["tokens"]
            rehashed = await kept_hash(world, ana)
            assert rehashed.startswith("$argon2id$v=19$m=64,t=2,p=1$")
            async with stricter.unchanged():
                refused = await stricter.faults(None, LOG_IN, input={"login": "ana", "password": "not the right one"})
            assert refused == [("WRONG_CREDENTIALS", None)]
            assert await kept_hash(world, ana) == rehashed


async def test_signing_in_with_a_password_that_changes_meanwhile_opens_nothing_that_lasts(world: World) -> None:
    ana = await world.person("ana")
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.connection.execute(text("select from users for update"))  # no session can be opened yet
        signing_in = asyncio.create_task(world.payload(None, LOG_IN, input={"login": "ana", "password": PASSWORD}))
        await asyncio.sleep(0.1)
        changing = asyncio.create_task(world.do(ana, CHANGE_PASSWORD, input=CHANGING))
        await asyncio.sleep(0.1)
    await changing
    tokens = (await signing_in)["tokens"]
    headers = {"Authorization": f"Bearer {tokens['accessToken'] if tokens else 'none'}"}
    assert (await world.http.post("/graphql", json={"query": "{ __typename }"}, headers=headers)).status_code == 401


async def test_of_two_changes_of_a_password_at_once_one_comes_through(world: World) -> None:
    ana = await world.person("ana")
    changes = [{"currentPassword": PASSWORD, "newPassword": f"good one {number}"} for number in range(8)]
    answers = await asyncio.gather(*(world.faults(ana, CHANGE_PASSWORD, input=change) for change in changes))
    assert sorted(answers) == [[], *[[("WRONG_CREDENTIALS", ["currentPassword"])]] * 7]
    chosen = changes[answers.index([])]["newPassword"]
    assert (await world.do(None, LOG_IN, input={"login": "ana", "password": chosen}))["tokens"]


async def test_forty_people_sign_in_at_once(world: World) -> None:
    people = [await world.person() for _ in range(40)]
    signing_in = (world.do(None, LOG_IN, input={"login": who.username, "password": PASSWORD}) for who in people)
    answers = await asyncio.gather(*signing_in)
    assert [answer["viewer"]["user"]["username"] for answer in answers] == [who.username for who in people]

"""Sockets of real sessions: signing out, and all else that ends a session, ends its sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from server.app import create_app
from settings import Settings
from tests.server.serving import serving_as_in_production
from tests.server.talking import Talk, talking
from tests.world import PASSWORD, Person, World

LOG_IN = """mutation ($login: String!, $password: String!) {
  logIn(input: {login: $login, password: $password}) { tokens { accessToken refreshToken } userErrors { code } }
}"""
LOG_OUT = "mutation { logOut(input: {}) { userErrors { code } } }"
SESSIONS = "{ viewer { sessions { id isCurrent } } }"
REVOKE = "mutation ($id: ID!) { revokeSession(input: {sessionId: $id}) { userErrors { code } } }"
CHANGE = """mutation ($old: String!) {
  changePassword(input: {currentPassword: $old, newPassword: "another horse battery"}) { userErrors { code } }
}"""


class Served:
    def __init__(self, address: str, world: World) -> None:
        self.socket_address, self.world = address.replace("http", "ws") + "/graphql", world

    async def second_session(self, person: Person) -> Person:
        tokens = (await self.world.do(None, LOG_IN, login=person.username, password=PASSWORD))["tokens"]
        return Person(person.id, person.username, tokens["accessToken"], tokens["refreshToken"])

    @asynccontextmanager
    async def talk(self, person: Person) -> AsyncIterator[Talk]:
        async with talking(self.socket_address, token=person.access_token) as talk:
            yield talk


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[Served]:
    app = create_app(settings)
    async with serving_as_in_production(app, settings) as (address, _):
        yield Served(address, World(app, app.state.backend))


@pytest.fixture
async def quick(settings: Settings, world: World) -> AsyncIterator[Served]:
    """An empty Photofeed that looks for ended sessions all the time."""
    async with served(settings.model_copy(update={"session_check_s": 0.05})) as running:
        yield running


async def is_open(talk: Talk) -> bool:
    await talk.say(type="ping")
    return bool(await talk.hear() == {"type": "pong"})


async def test_logging_out_closes_the_sockets_of_the_session_and_no_other(quick: Served) -> None:
    ann, ben = await quick.world.person(), await quick.world.person()
    elsewhere = await quick.second_session(ann)
    async with quick.talk(ann) as own, quick.talk(elsewhere) as second, quick.talk(ben) as others:
        await quick.world.do(ann, LOG_OUT)
        assert await own.closed() == 4403
        assert await is_open(second)
        assert await is_open(others)


async def test_logging_out_over_a_socket_closes_it(quick: Served) -> None:
    async with quick.talk(await quick.world.person()) as talk:
        await talk.subscribe("s", LOG_OUT)
        assert (await talk.hear())["payload"]["data"] == {"logOut": {"userErrors": []}}
        assert await talk.closed() == 4403


async def test_changing_the_password_closes_the_sockets_of_the_other_sessions(quick: Served) -> None:
    ann = await quick.world.person()
    elsewhere = await quick.second_session(ann)
    async with quick.talk(ann) as own, quick.talk(elsewhere) as second:
        await quick.world.do(ann, CHANGE, old=PASSWORD)
        assert await second.closed() == 4403
        assert await is_open(own)


async def test_revoking_a_session_closes_its_sockets(quick: Served) -> None:
    ann = await quick.world.person()
    elsewhere = await quick.second_session(ann)
    async with quick.talk(ann) as own, quick.talk(elsewhere) as second:
        sessions = (await quick.world.ask(ann, SESSIONS))["viewer"]["sessions"]
        [other] = [session["id"] for session in sessions if not session["isCurrent"]]
        await quick.world.do(ann, REVOKE, id=other)
        assert await second.closed() == 4403
        assert await is_open(own)


async def test_an_access_token_that_expires_closes_its_socket(settings: Settings, world: World) -> None:
    async with (
        served(settings.model_copy(update={"access_token_s": 4})) as running,
        running.talk(await running.world.person()) as talk,
    ):
        assert await talk.closed() == 4403

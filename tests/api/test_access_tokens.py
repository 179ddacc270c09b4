"""Access tokens that are not, or no longer, valid: 401, before anything is executed."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest

from services.tokens import derived
from settings import Settings
from tests.processes import another_process
from tests.world import FEED, Person, World

RIGHT = {"typ": "at+jwt"}


def claims(who: Person) -> dict[str, Any]:
    """What a person's access token says."""
    return dict(jwt.decode(who.access_token, options={"verify_signature": False}))


def key(settings: Settings) -> bytes:
    return derived(settings.secret_key.get_secret_value(), b"access token")


async def statuses(world: World, who: Person, token: str) -> tuple[int, list[str]]:
    """The status of a request with this token, and the codes of its errors."""
    reply = await world.reply(replace(who, access_token=token), FEED)
    if reply.status_code == 401:
        assert (reply.headers["www-authenticate"], "data" in reply.json()) == ("Bearer", False)
    return reply.status_code, [error["extensions"]["code"] for error in reply.json().get("errors", [])]


REFUSED = (401, ["UNAUTHENTICATED"])
AN_HOUR_AGO, IN_AN_HOUR = timedelta(hours=-1), timedelta(hours=1)


async def test_a_token_signed_with_our_key_is_taken(world: World, settings: Settings) -> None:
    ana = await world.person()
    token = jwt.encode(claims(ana), key(settings), algorithm="HS256", headers=RIGHT)
    assert await statuses(world, ana, token) == (200, [])


@pytest.mark.parametrize(
    "change",
    [
        {"exp": AN_HOUR_AGO},
        {"exp": None},
        {"exp": "never"},
        {"iss": "elsewhere"},
        {"iss": None},
        {"aud": "another-api"},
        {"aud": None},
        {"sub": "1"},
        {"sub": "ana"},
        {"sub": None},
        {"sid": "1"},
        {"sid": "x"},
        {"sid": None},
        {"iat": None},
        {"nbf": IN_AN_HOUR},
    ],
    ids=str,
)
async def test_a_token_that_says_something_else_is_refused(
    world: World, settings: Settings, change: dict[str, Any]
) -> None:
    ana = await world.person()
    said = {
        name: int(time.time() + value.total_seconds()) if isinstance(value, timedelta) else value
        for name, value in (claims(ana) | change).items()
        if value is not None
    }
    assert await statuses(world, ana, jwt.encode(said, key(settings), "HS256", headers=RIGHT)) == REFUSED


@pytest.mark.parametrize("headers", [{"typ": "JWT"}, {"typ": None}, {"typ": "rt+jwt"}, {"typ": "AT+JWT"}], ids=str)
async def test_a_token_of_another_type_is_refused(world: World, settings: Settings, headers: dict[str, Any]) -> None:
    ana = await world.person()
    assert await statuses(world, ana, jwt.encode(claims(ana), key(settings), "HS256", headers=headers)) == REFUSED


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
async def test_a_token_of_another_algorithm_is_refused(world: World, settings: Settings, algorithm: str) -> None:
    ana = await world.person()
    assert await statuses(world, ana, jwt.encode(claims(ana), key(settings), algorithm, headers=RIGHT)) == REFUSED


async def test_a_token_without_signature_is_refused(world: World) -> None:
    ana = await world.person()
    assert await statuses(world, ana, jwt.encode(claims(ana), "", "none", headers=RIGHT)) == REFUSED
    head, body, _ = ana.access_token.split(".")
    assert await statuses(world, ana, f"{head}.{body}.") == REFUSED
    assert await statuses(world, ana, f"{head}.{body}") == REFUSED


async def test_a_token_signed_with_another_key_is_refused(world: World, settings: Settings) -> None:
    ana, secret = await world.person(), settings.secret_key.get_secret_value()
    for wrong in (b"k" * 32, secret.encode(), derived(secret, b"refresh token"), derived(secret, b"cursors")):
        assert await statuses(world, ana, jwt.encode(claims(ana), wrong, "HS256", headers=RIGHT)) == REFUSED


async def test_a_token_whose_claims_were_exchanged_is_refused(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    head, _, signature = ana.access_token.split(".")
    assert await statuses(world, ana, f"{head}.{ben.access_token.split('.')[1]}.{signature}") == REFUSED


async def test_a_session_lends_itself_to_no_other_user(world: World, settings: Settings) -> None:
    ana, ben = await world.person(), await world.person()
    mixed = claims(ana) | {"sid": claims(ben)["sid"]}
    assert await statuses(world, ana, jwt.encode(mixed, key(settings), "HS256", headers=RIGHT)) == REFUSED


@pytest.mark.parametrize("token", ["x", "a.b.c", "....", "null", "é", "x" * 10_000])
async def test_what_is_no_token_is_refused(world: World, token: str) -> None:
    ana = await world.person()
    reply = await world.http.post(
        "/graphql", json={"query": FEED}, headers={b"authorization": f"Bearer {token}".encode()}
    )
    assert reply.status_code == 401
    assert await statuses(world, ana, ana.access_token) == (200, [])


async def test_a_refresh_token_is_no_access_token(world: World) -> None:
    ana = await world.person()
    assert await statuses(world, ana, ana.refresh_token) == REFUSED


async def test_an_access_token_ends_15_minutes_after_it_was_made(world: World) -> None:
    said = claims(await world.person())
    assert timedelta(seconds=said["exp"] - said["iat"]) == timedelta(minutes=15)


async def test_another_secret_makes_every_token_invalid(world: World, settings: Settings) -> None:
    ana = await world.person()
    changed = type(settings.secret_key)("another secret, as long as the first")
    async with another_process(settings, secret_key=changed) as process:
        assert await statuses(process, ana, ana.access_token) == REFUSED


@pytest.mark.parametrize(
    "mutation",
    [
        'logIn(input: {login: "ana", password: "correct horse battery"})',
        'signUp(input: {username: "new", email: "new@example.com", password: "correct horse battery"})',
        'refreshSession(input: {refreshToken: "REFRESH"})',
    ],
)
async def test_an_expired_token_does_not_stop_signing_in(world: World, settings: Settings, mutation: str) -> None:
    ana = await world.person("ana")
    expired = jwt.encode(claims(ana) | {"exp": 1}, key(settings), "HS256", headers=RIGHT)
    field = mutation.replace("REFRESH", ana.refresh_token)
    query = f"mutation {{ {field} {{ tokens {{ accessToken }} userErrors {{ code }} }} }}"
    signed_in = await world.do(replace(ana, access_token=expired), query)
    assert await statuses(world, ana, signed_in["tokens"]["accessToken"]) == (200, [])

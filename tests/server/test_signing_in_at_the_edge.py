"""Whose request it is: the token of the Authorization header, which signing in ignores."""

import pytest

from tests.server.toy import Toy

LOG_IN = 'mutation { logIn(input: {login: "ann"}) }'


async def ask(edge: Toy, query: str, authorization: str | None) -> tuple[int, dict[str, object]]:
    headers = {"authorization": authorization} if authorization else {}
    headers |= {"accept": "application/json", "user-agent": "test", "x-request-id": "r1"}
    reply = await edge.client.post("/graphql", json={"query": query}, headers=headers)
    if reply.status_code == 401:
        assert reply.headers["www-authenticate"] == "Bearer"
    return reply.status_code, reply.json()


async def test_the_token_the_user_agent_and_the_request_id_make_the_context(edge: Toy) -> None:
    assert await ask(edge, "{ hello }", "bearer good") == (200, {"data": {"hello": "Hello world"}})
    assert edge.backend.asked == [("good", "test", "r1")]


async def test_without_a_header_the_request_is_signed_out(edge: Toy) -> None:
    await ask(edge, "{ hello }", None)
    assert edge.backend.asked == [(None, "test", "r1")]


@pytest.mark.parametrize("authorization", ["Bearer bad", "Bearer", "Bearer ", "Basic YW5uOnNlY3JldA==", "good"])
async def test_a_bad_token_is_refused_with_401(edge: Toy, authorization: str) -> None:
    status, reply = await ask(edge, "mutation { like }", authorization)
    assert status == 401
    assert reply["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}  # type: ignore[index]
    assert "data" not in reply


@pytest.mark.parametrize(
    "query",
    [
        LOG_IN,
        'mutation { first: logIn(input: {login: "ann"}) __typename }',
        'mutation { ...F } fragment F on Mutation { ... { logIn(input: {login: "ann"}) } }',
    ],
)
async def test_signing_in_ignores_a_bad_token(edge: Toy, query: str) -> None:
    assert (await ask(edge, query, "Bearer expired"))[0] == 200
    assert edge.backend.asked[0][0] is None


@pytest.mark.parametrize(
    "query",
    [
        'mutation { logIn(input: {login: "ann"}) like }',
        "mutation { logIn: like }",
        "mutation { __typename }",
        "query { logIn: hello }",
        'mutation { ...F } fragment F on Mutation { ... { logIn(input: {login: "ann"}) like } }',
    ],
)
async def test_what_does_more_than_sign_in_needs_a_good_token(edge: Toy, query: str) -> None:
    assert (await ask(edge, query, "Bearer expired"))[0] == 401


async def test_the_named_operation_decides_whether_it_signs_in(edge: Toy) -> None:
    document = 'mutation In { logIn(input: {login: "ann"}) } mutation Like { like }'
    for name, status in {"In": 200, "Like": 401}.items():
        parameters = {"query": document, "operationName": name}
        reply = await edge.client.post("/graphql", json=parameters, headers={"authorization": "Bearer expired"})
        assert reply.status_code == status


async def test_overload_while_signing_in_is_503_with_retry_after_in_whole_seconds(edge: Toy) -> None:
    reply = await edge.client.post(
        "/graphql", json={"query": "{ hello }"}, headers={"authorization": "Bearer overload"}
    )
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "2")
    assert reply.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE", "retryAfterMs": 1_500}

"""What the endpoint takes for a request, and what it refuses before anything is executed."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.server.toy import Toy

HELLO = "{ hello }"


def code(reply: dict[str, list[dict[str, dict[str, object]]]]) -> object:
    [error] = reply["errors"]
    assert "data" not in reply
    return error["extensions"]["code"]


async def test_a_query_by_post_is_answered_in_utf_8_and_not_stored(edge: Toy) -> None:
    reply = await edge.ask('{ hello(name: "Zoë 🌄") }')
    assert (reply.status_code, reply.json()) == (200, {"data": {"hello": "Hello Zoë 🌄"}})
    assert reply.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"


async def test_a_query_by_get_takes_its_variables_as_json(edge: Toy) -> None:
    query = "query ($name: String!) { hello(name: $name) }"
    reply = await edge.client.get("/graphql", params={"query": query, "variables": '{"name": "Ann"}'})
    assert (reply.status_code, reply.json()) == (200, {"data": {"hello": "Hello Ann"}})


async def test_a_mutation_by_get_is_refused_with_405(edge: Toy) -> None:
    reply = await edge.client.get("/graphql", params={"query": "mutation { like }"})
    assert (reply.status_code, code(reply.json()), reply.headers["allow"]) == (405, "BAD_REQUEST", "POST")
    assert edge.backend.asked == []


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json", "application/json"),
        ("application/graphql-response+json", "application/graphql-response+json"),
        ("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json"),
        ("application/graphql-response+json;q=0.5, application/json", "application/json"),
        ("application/json, application/graphql-response+json", "application/graphql-response+json"),
        ("text/html, application/json;q=0, */*;q=0.1", "application/graphql-response+json"),
    ],
)
async def test_accept_decides_the_media_type(edge: Toy, accept: str | None, media_type: str) -> None:
    headers = {"accept": accept} if accept else {"accept": ""}
    reply = await edge.client.post("/graphql", json={"query": HELLO}, headers=headers)
    assert (reply.status_code, reply.headers["content-type"]) == (200, f"{media_type}; charset=utf-8")


@pytest.mark.parametrize("accept", ["text/plain", "application/json;q=0", "application/json;q=x", ";", "image/*"])
async def test_a_client_that_takes_no_json_gets_406(edge: Toy, accept: str) -> None:
    reply = await edge.client.post("/graphql", json={"query": HELLO}, headers={"accept": accept})
    assert (reply.status_code, code(reply.json())) == (406, "BAD_REQUEST")


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/graphql"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {},
    ],
)
async def test_a_body_of_another_type_or_encoding_is_refused_with_415(edge: Toy, headers: dict[str, str]) -> None:
    reply = await edge.client.post("/graphql", content=json.dumps({"query": HELLO}), headers=headers)
    assert (reply.status_code, code(reply.json())) == (415, "BAD_REQUEST")


BAD_BODIES = {
    "nothing": b"",
    "not JSON": b'{"query": ',
    "not UTF-8": b'{"query": "\xff"}',
    "nested 20,000 deep": b'{"query": "{ hello }", "variables": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "a lone surrogate": rb'{"query": "{ hello }", "variables": {"name": "\ud800"}}',
    "NUL in a variable": rb'{"query": "{ hello }", "variables": {"deep": [{"name": "a\u0000"}]}}',
    "NUL in a name": rb'{"query": "{ hello }", "variables": {"\u0000": 1}}',
    "NUL in the document": rb'{"query": "{ hello(name: \"a\\u0000\") }"}',
    "an infinite number": b'{"query": "{ hello }", "variables": {"first": 1e999}}',
    "an array": b'[{"query": "{ hello }"}, {"query": "{ hello }"}]',
    "a number": b"5",
    "null": b"null",
    "no query": b'{"qeury": "{ hello }"}',
    "an empty query": b'{"query": ""}',
    "a query that is a list": b'{"query": ["{ hello }"]}',
    "variables that are a list": b'{"query": "{ hello }", "variables": []}',
    "variables that are a string": b'{"query": "{ hello }", "variables": "{}"}',
    "an operationName that is a number": b'{"query": "{ hello }", "operationName": 0}',
    "extensions that are false": b'{"query": "{ hello }", "extensions": false}',
    "bad syntax": b'{"query": "{ hello"}',
    "an unknown field": b'{"query": "{ nobody }"}',
    "a missing variable": b'{"query": "query ($n: Int!) { page(first: $n) }"}',
    "a variable of another type": b'{"query": "query ($n: Int!) { page(first: $n) }", "variables": {"n": "many"}}',
    "a huge integer": b'{"query": "query ($n: Int!) { page(first: $n) }", "variables": {"n": 99999999999999999999}}',
    "a huge literal": b'{"query": "{ page(first: ' + b"9" * 5_000 + b') }"}',
    "no operation": b'{"query": "fragment F on Query { hello }"}',
    "an unknown operation": b'{"query": "query A { hello }", "operationName": "B"}',
    "two operations and no name": b'{"query": "query A { hello } query B { hello }"}',
    "circular fragments": b'{"query": "{ ...F } fragment F on Query { ...F }"}',
    "circular introspection": (
        b'{"query": "{ __schema { types { fields { type { fields { type { fields { type { fields { name }'
        b' } } } } } } } } }"}'
    ),
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
async def test_what_is_not_a_valid_request_is_refused_with_400(edge: Toy, body: bytes) -> None:
    headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
    reply = await edge.client.post("/graphql", content=body, headers=headers)
    assert (reply.status_code, code(reply.json())) == (400, "BAD_REQUEST")


async def test_an_invalid_document_has_status_200_for_clients_that_name_the_old_media_type(edge: Toy) -> None:
    for accept, status in {"application/json": 200, "*/*": 400}.items():
        reply = await edge.client.post("/graphql", json={"query": "{ nobody }"}, headers={"accept": accept})
        assert (reply.status_code, code(reply.json())) == (status, "BAD_REQUEST")


async def test_a_body_over_the_limit_is_refused_with_413_by_its_declared_length(edge: Toy) -> None:
    reply = await edge.client.post("/graphql", json={"query": HELLO + "#" * 2_000_000})
    assert (reply.status_code, code(reply.json())) == (413, "TOO_COSTLY")
    assert reply.json()["errors"][0]["extensions"]["limit"] == 262_144


async def test_an_endless_body_is_refused_with_413_as_soon_as_it_is_too_long(edge: Toy) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    headers = {"content-type": "application/json"}
    reply = await edge.client.post("/graphql", content=endless(), headers=headers)
    assert (reply.status_code, code(reply.json())) == (413, "TOO_COSTLY")
    assert sent < 2 * 262_144


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": "https://evil.test", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "cross-site"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_a_foreign_page_sends_is_refused_with_403(edge: Toy, method: str, headers: dict[str, str]) -> None:
    if method == "GET":
        reply = await edge.client.get("/graphql", params={"query": HELLO}, headers=headers)
    else:
        reply = await edge.client.post("/graphql", json={"query": HELLO}, headers=headers)
    assert (reply.status_code, code(reply.json())) == (403, "BAD_REQUEST")
    assert edge.backend.asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://photofeed.test", "sec-fetch-site": "same-origin"},
        {"origin": "https://app.photofeed.test", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
        {},
    ],
)
async def test_what_our_own_and_listed_pages_send_is_answered(edge: Toy, headers: dict[str, str]) -> None:
    reply = await edge.client.post("/graphql", json={"query": HELLO}, headers=headers)
    assert reply.json() == {"data": {"hello": "Hello world"}}


async def test_other_methods_are_refused_with_405(edge: Toy) -> None:
    reply = await edge.client.put("/graphql", json={"query": HELLO})
    assert (reply.status_code, code(reply.json())) == (405, "BAD_REQUEST")

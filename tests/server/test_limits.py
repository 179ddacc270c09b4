"""Documents that ask for too much are refused before they are validated, with their cost and the limit."""

import pytest
from graphql import get_introspection_query

from tests.server.toy import Toy

DOUBLING = "{ a: hello ...F0 } " + " ".join(
    f"fragment F{level} on Query {{ again {{ ...F{level + 1} }} other {{ ...F{level + 1} }} }}" for level in range(8)
)

TOO_COSTLY = {
    "fields nested 21 deep": ("{ " + "again { " * 20 + "hello" + " }" * 21, 21, 20),
    "fields nested too deep in fragments": (
        "{ ...A } fragment A on Query { "
        + "again { " * 10
        + "...B"
        + " }" * 11
        + " fragment B on Query { "
        + "again { " * 10
        + "hello"
        + " }" * 11,
        21,
        20,
    ),
    "101 aliases": ("{ " + " ".join(f"a{n}: hello" for n in range(101)) + " }", 101, 50),
    "aliases multiplied by fragments": (f"{DOUBLING} fragment F8 on Query {{ b: hello }}", 257, 50),
    "500 repeated fields": ("{ " + "hello " * 500 + "}", 499, 50),
    "repeated fields in inline fragments": ("{ " + "... on Query { hello } " * 100 + "}", 99, 50),
    "100 directives": ("{ " + " ".join(f"...F @skip(if: {n})" for n in ["true"] * 100) + " }", 100, 50),
    "1,001 tokens": ("{ " + "hello " * 1_000 + "}", 1_001, 1_000),
    "1,001 comments": ("#\n" * 1_000 + "{ hello }", 1_001, 1_000),
    "selections nested 300 deep": ("{ " + "again { " * 300 + "hello" + " }" * 301, 101, 100),
    "fragments nested 101 deep": ("{ " + "... { " * 101 + "hello" + " }" * 102, 101, 100),
}


@pytest.mark.parametrize(("document", "cost", "limit"), TOO_COSTLY.values(), ids=TOO_COSTLY.keys())
async def test_a_costly_document_is_refused_with_its_cost(edge: Toy, document: str, cost: int, limit: int) -> None:
    reply = await edge.ask(document)
    [error] = reply.json()["errors"]
    assert (reply.status_code, error["extensions"]) == (400, {"code": "TOO_COSTLY", "cost": cost, "limit": limit})
    assert edge.backend.asked == []


async def test_aliases_beyond_all_counting_are_refused_with_a_cost_that_json_clients_can_read(edge: Toy) -> None:
    chain = " ".join(f"fragment F{n} on Query {{ again {{ ...F{n + 1} ...F{n + 1} a: hello }} }}" for n in range(40))
    reply = await edge.ask(f"{{ ...F0 }} {chain} fragment F40 on Query {{ a: hello }}")
    assert reply.json()["errors"][0]["extensions"]["code"] == "TOO_COSTLY"
    assert reply.json()["errors"][0]["extensions"]["cost"] <= 2**31 - 1


@pytest.mark.parametrize(
    "document",
    [
        "{ " + "again { " * 19 + "hello" + " }" * 20,
        "{ " + " ".join(f"a{n}: hello" for n in range(50)) + " }",
        get_introspection_query(
            descriptions=True,
            specified_by_url=True,
            directive_is_repeatable=True,
            schema_description=True,
            input_value_deprecation=True,
        ),
    ],
    ids=["20 deep", "50 aliases", "introspection"],
)
async def test_a_document_at_the_limit_is_answered(edge: Toy, document: str) -> None:
    reply = await edge.ask(document)
    assert (reply.status_code, "errors" in reply.json()) == (200, False)


async def test_introspection_and_suggestions_are_off_where_the_settings_say_so(production: Toy) -> None:
    reply = await production.ask("{ __schema { queryType { name } } }")
    assert (reply.status_code, reply.json()["errors"][0]["extensions"]) == (400, {"code": "BAD_REQUEST"})
    assert (await production.ask("{ __typename }")).json() == {"data": {"__typename": "Query"}}
    assert "Did you mean" not in (await production.ask("{ helo }")).text
    misspelt = {"query": "mutation ($i: LogInInput!) { logIn(input: $i) }", "variables": {"i": {"logn": "ann"}}}
    assert "Did you mean" not in (await production.client.post("/graphql", json=misspelt)).text


async def test_suggestions_help_where_introspection_is_on(edge: Toy) -> None:
    assert "Did you mean 'hello'?" in (await edge.ask("{ helo }")).json()["errors"][0]["message"]

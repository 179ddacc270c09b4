"""The page on GET /graphql, and its files."""

from pathlib import Path

import pytest

from server import graphiql
from tests.server.conftest import edge_settings
from tests.server.toy import Toy, toy

VISIT = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def test_a_browser_gets_the_page_under_a_strict_policy(edge: Toy) -> None:
    reply = await edge.client.get("/graphql", headers=VISIT | {"sec-fetch-site": "cross-site"})
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<title>Photofeed</title>" in reply.text
    policy = reply.headers["content-security-policy"].split("; ")
    assert "default-src 'self'" in policy
    assert "script-src" not in reply.headers["content-security-policy"]
    assert "http://" not in reply.text


async def test_a_browser_that_asks_a_query_gets_its_answer(edge: Toy) -> None:
    reply = await edge.client.get("/graphql", params={"query": "{ hello }"}, headers=VISIT)
    assert reply.json() == {"data": {"hello": "Hello world"}}


async def test_a_client_that_asks_nothing_and_is_no_browser_gets_no_page(edge: Toy) -> None:
    assert (await edge.client.get("/graphql")).status_code == 400


async def test_no_page_and_no_file_is_served_where_the_settings_say_so(production: Toy) -> None:
    assert (await production.client.get("/graphql", headers={"accept": "text/html"})).status_code == 406
    assert (await production.client.get("/graphiql/start.js")).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "page.html",
        "package.json",
        "node_modules/react/package.json",
        "../app.py",
        "..%2fapp.py",
        "",
        "%00",
    ],
)
async def test_only_the_files_of_the_page_are_served(edge: Toy, path: str) -> None:
    assert (await edge.client.get(f"/graphiql/{path}")).status_code == 404


async def test_scripts_are_served_as_scripts(edge: Toy) -> None:
    reply = await edge.client.get("/graphiql/start.js")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/javascript; charset=utf-8")


async def test_the_demo_account_is_in_the_page_escaped() -> None:
    settings = edge_settings(graphiql_login='"><script>', graphiql_password="a&b")
    async with toy(settings) as running:
        page = (await running.client.get("/graphql", headers=VISIT)).text
    assert 'data-login="&quot;&gt;&lt;script&gt;" data-password="a&amp;b"' in page


async def test_without_a_demo_account_the_page_names_none(edge: Toy) -> None:
    assert 'data-login="" data-password=""' in (await edge.client.get("/graphql", headers=VISIT)).text


async def test_where_its_files_are_missing_the_page_says_what_to_run(
    edge: Toy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(graphiql, "HOME", tmp_path)
    assert "npm ci --prefix server/graphiql" in (await edge.client.get("/graphql", headers=VISIT)).text

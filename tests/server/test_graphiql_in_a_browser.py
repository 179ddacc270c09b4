"""GraphiQL in headless Chromium, against the real app."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from graphql import parse, validate
from playwright.async_api import Browser, Page, Request, async_playwright

from schema import schema
from server.app import create_app
from server.graphiql import FILES, HOME
from settings import Settings
from tests.patience import PATIENCE_S
from tests.server.serving import serving
from tests.world import PASSWORD, Person, World

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OPEN_SOCKET = """new Promise((opened, refused) => {
    const socket = new WebSocket(location.href.replace('http', 'ws'), 'graphql-transport-ws')
    socket.onopen = () => opened(true)
    socket.onerror = () => refused(new Error('no WebSocket'))
})"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (`apt-get install chromium`)"),
    pytest.mark.skipif(
        not all((HOME / path).is_file() for path in FILES.values()), reason="needs `npm ci --prefix server/graphiql`"
    ),
]


@dataclass
class Visit:
    """A page with GraphiQL in it. What it asked the network for, and what it complained of, is kept."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(1_000 * PATIENCE_S)
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def open(self, address: str) -> None:
        await self.page.goto(f"{address}/graphql")
        await self.page.wait_for_selector(".graphiql-query-editor .CodeMirror")

    async def run(self, expected: str) -> None:
        await self.page.click(".graphiql-execute-button")
        await self.page.wait_for_function(
            "expected => document.querySelector('.result-window').textContent.includes(expected)", arg=expected
        )


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def visit(chromium: Browser) -> AsyncIterator[Visit]:
    context = await chromium.new_context()
    yield Visit(await context.new_page())
    await context.close()


def demo(settings: Settings, person: Person, **changed: object) -> Settings:
    login = {"graphiql_login": person.username, "graphiql_password": PASSWORD}
    return Settings.model_validate(settings.model_dump() | login | changed)


async def test_it_runs_a_query_as_the_demo_account_and_asks_nobody_else(
    visit: Visit, world: World, settings: Settings
) -> None:
    ann = await world.person()
    async with serving(create_app(demo(settings, ann))) as address:
        await visit.open(address)
        await visit.page.wait_for_function("document.body.textContent.includes('Bearer ')")
        await visit.run(f'"username": "{ann.username}"')
        await visit.page.wait_for_selector(".graphiql-doc-explorer, .graphiql-sidebar")
        await visit.page.evaluate(OPEN_SOCKET)
    foreign = [asked.url for asked in visit.requests if not asked.url.startswith((address, "data:", "blob:"))]
    assert foreign == []
    assert visit.complaints == []


async def test_it_gets_a_new_token_before_the_old_one_ends(visit: Visit, world: World, settings: Settings) -> None:
    ann = await world.person()
    soon_over = demo(settings, ann, access_token_s=61)  # the page swaps tokens that have less than 60 s left
    async with serving(create_app(soon_over)) as address:
        await visit.open(address)
        await asyncio.sleep(2)
        await visit.run(f'"username": "{ann.username}"')
    first, *_, latest = await visit.page.evaluate("[...issued]")
    [asked] = [request for request in visit.requests if "WhoAmI" in (request.post_data or "")]
    assert first in await visit.page.inner_text(".graphiql-editors")
    assert (await asked.all_headers())["authorization"] == f"Bearer {latest}"


async def test_without_a_demo_account_it_runs_signed_out(visit: Visit, world: World, settings: Settings) -> None:
    async with serving(create_app(settings)) as address:
        await visit.open(address)
        await visit.run('"viewer": null')
    assert visit.complaints == []


async def test_its_examples_are_valid(visit: Visit, world: World, settings: Settings) -> None:
    async with serving(create_app(settings)) as address:
        await visit.open(address)
        queries = await visit.page.evaluate("examples('ann').map(tab => tab.query)")
    assert len(queries) == 5
    for query in queries:
        assert validate(schema._schema, parse(query)) == []

"""A small app behind the real HTTP edge: it fails on demand, and remembers who asked."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace

import httpx2
import strawberry
from starlette.applications import Starlette

from rules.errors import BadRequest, Unauthenticated, Unavailable
from server.app import create_app
from server.serving import Server
from services.measures import Measure
from services.signing_in import SignedIn
from settings import Settings
from tests.server.serving import serving_as_in_production

CAUSE = "relation secrets at 10.0.0.7"
SESSION = 7


@dataclass
class ToyContext:
    viewer: SignedIn | None
    backend: "ToyBackend"
    resume_after: str | None
    number: int = 0

    def afresh(self) -> "ToyContext":
        """Of a number of its own."""
        self.backend.contexts += 1
        return replace(self, number=self.backend.contexts)

    def release(self) -> None:
        """It has loaded nothing."""


Info = strawberry.Info[ToyContext, None]


@strawberry.type
class Tick:
    cursor: str
    text: str

    @strawberry.field
    def context(self, info: Info) -> int:
        return info.context.number

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError(CAUSE)

    @strawberry.field
    def unavailable(self) -> str:
        raise Unavailable(retry_after_ms=1_500)


@strawberry.input
class LogInInput:
    login: str


@strawberry.type
class Query:
    @strawberry.field
    async def hello(self, name: str = "world") -> str:
        return f"Hello {name}"

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError(CAUSE)

    @strawberry.field
    def unavailable(self) -> str | None:
        raise Unavailable(retry_after_ms=1_500)

    @strawberry.field
    def page(self, first: int) -> int | None:
        if first > 100:
            raise BadRequest("`first` must be 1 to 100.")
        return first

    @strawberry.field
    def necessary(self) -> str:
        raise RuntimeError(CAUSE)

    @strawberry.field
    def too_large(self) -> int | None:
        return 2**40

    @strawberry.field
    def again(self) -> "Query":
        return Query()

    @strawberry.field
    def other(self) -> "Query":
        return Query()


@strawberry.type
class Mutation:
    @strawberry.mutation
    def log_in(self, input: LogInInput) -> str:
        return f"token of {input.login}"

    @strawberry.mutation
    def like(self) -> bool:
        return True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self, info: Info, after: str | None = None, most: int | None = None) -> AsyncGenerator[Tick, None]:
        """Numbers from after the cursor on, without end unless `most` says so; one whenever the test says `tick`."""
        backend = info.context.backend
        place = int(info.context.resume_after or after or 0)
        with backend.listening() as ticks:
            while most is None or place < most:
                text = "" if most else await ticks.get()
                place += 1
                yield Tick(cursor=str(place), text=text)

    @strawberry.subscription
    async def greetings(self, names: list[str]) -> AsyncGenerator[str, None]:
        for name in names:
            yield f"Hello {name}"

    @strawberry.subscription
    async def refused(self) -> AsyncGenerator[str, None]:
        yield "one"
        raise Unavailable(retry_after_ms=1_500)

    @strawberry.subscription
    async def crash(self) -> AsyncGenerator[str, None]:
        yield "one"
        raise RuntimeError(CAUSE)

    @strawberry.subscription
    async def large(self, size: int) -> AsyncGenerator[str, None]:
        while True:
            yield "x" * size
            await asyncio.sleep(0)


schema = strawberry.Schema(Query, Mutation, Subscription)


@dataclass
class ToyBackend:
    """Knows the token `good`. Every call of `context` is kept in `asked`, as (token, user agent, request id)."""

    asked: list[tuple[str | None, str | None, str]] = field(default_factory=list)
    ended: set[int] = field(default_factory=set)
    token_s: float = 900
    contexts: int = 0
    judging: int = 0
    judged_at_once: int = 0
    listeners: list[asyncio.Queue[str]] = field(default_factory=list)
    faults: dict[str, str | None] = field(default_factory=lambda: dict.fromkeys(("postgres", "redis", "objects")))

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[str]]:
        queue = asyncio.Queue[str]()
        self.listeners.append(queue)
        try:
            yield queue
        finally:
            self.listeners.remove(queue)

    async def tick(self, text: str = "", *, listeners: int = 1) -> None:
        """Tell all, once so many listen."""
        while len(self.listeners) < listeners:  # noqa: ASYNC110  # the toy has no event for it
            await asyncio.sleep(0.01)
        for queue in self.listeners:
            queue.put_nowait(text)

    async def silence(self) -> None:
        """Until nobody listens."""
        while self.listeners:  # noqa: ASYNC110  # the toy has no event for it
            await asyncio.sleep(0.01)

    async def context(
        self,
        token: str | None,
        user_agent: str | None,
        request_id: str,
        *,
        resume_after: str | None = None,
        reads_feed: bool = False,
    ) -> ToyContext:
        self.asked.append((token, user_agent, request_id))
        self.judging += 1
        self.judged_at_once = max(self.judged_at_once, self.judging)
        await asyncio.sleep(0)
        self.judging -= 1
        if token == "overload":
            raise Unavailable(retry_after_ms=1_500)
        if token == "bug":
            raise RuntimeError(CAUSE)
        if token not in (None, "good") or (token and SESSION in self.ended):
            raise Unauthenticated
        viewer = SignedIn(1, SESSION, time.time() + self.token_s) if token else None
        return ToyContext(viewer, self, resume_after)

    async def ended_sessions(self, session_ids: Sequence[int]) -> set[int]:
        return self.ended & set(session_ids)

    async def health(self) -> dict[str, str | None]:
        return self.faults

    async def measures(self) -> list[Measure]:
        return []


@dataclass
class Toy:
    client: httpx2.AsyncClient
    backend: ToyBackend

    async def ask(self, query: str, **parameters: object) -> httpx2.Response:
        headers = {"accept": "application/graphql-response+json"}
        return await self.client.post("/graphql", json={"query": query, **parameters}, headers=headers)


def app_of(backend: ToyBackend, settings: Settings) -> Starlette:
    @asynccontextmanager
    async def running(_settings: Settings) -> AsyncIterator[ToyBackend]:
        yield backend

    return create_app(settings, schema=schema, running=running)


@asynccontextmanager
async def toy(settings: Settings) -> AsyncIterator[Toy]:
    backend = ToyBackend()
    app = app_of(backend, settings)
    transport = httpx2.ASGITransport(app=app)
    client = httpx2.AsyncClient(transport=transport, base_url="http://photofeed.test")
    async with app.router.lifespan_context(app), client:
        yield Toy(client, backend)


@dataclass
class ServedToy:
    """On a real port, by the server that production has."""

    address: str
    backend: ToyBackend
    server: Server

    @property
    def socket_address(self) -> str:
        return self.address.replace("http", "ws") + "/graphql"


@asynccontextmanager
async def served_toy(settings: Settings) -> AsyncIterator[ServedToy]:
    backend = ToyBackend()
    async with serving_as_in_production(app_of(backend, settings), settings) as (address, server):
        yield ServedToy(address, backend, server)

"""A small app behind the real HTTP edge: it fails on demand, and remembers who asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
import strawberry

from rules.errors import BadRequest, Unauthenticated, Unavailable
from server.app import create_app
from services.measures import Measure
from settings import Settings

CAUSE = "relation secrets at 10.0.0.7"


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


schema = strawberry.Schema(Query, Mutation)


@dataclass
class ToyBackend:
    """Knows the token `good`. Every call of `context` is kept in `asked`, as (token, user agent, request id)."""

    asked: list[tuple[str | None, str | None, str]] = field(default_factory=list)
    faults: dict[str, str | None] = field(default_factory=lambda: dict.fromkeys(("postgres", "redis", "objects")))

    async def context(self, token: str | None, user_agent: str | None, request_id: str) -> object:
        self.asked.append((token, user_agent, request_id))
        if token == "overload":
            raise Unavailable(retry_after_ms=1_500)
        if token == "bug":
            raise RuntimeError(CAUSE)
        if token not in (None, "good"):
            raise Unauthenticated
        return {}

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


@asynccontextmanager
async def toy(settings: Settings) -> AsyncIterator[Toy]:
    backend = ToyBackend()

    @asynccontextmanager
    async def running(_settings: Settings) -> AsyncIterator[ToyBackend]:
        yield backend

    app = create_app(settings, schema=schema, running=running)
    transport = httpx2.ASGITransport(app=app)
    client = httpx2.AsyncClient(transport=transport, base_url="http://photofeed.test")
    async with app.router.lifespan_context(app), client:
        yield Toy(client, backend)

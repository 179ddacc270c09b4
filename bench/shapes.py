"""Operations of many shapes over schemas in memory, for `bench.executor`."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

import strawberry
from graphql import get_introspection_query
from strawberry import Schema

from bench import feed_page
from bench.feed.asking import QUERY
from execution.edges import edge
from execution.loader import Loader, Loaders
from schema.root import schema as photofeed
from services import feed
from stores.postgres.sights import Sight
from stores.rows import RELATIONS, Relation
from tests.execution import memory

FEED = """query { viewer { id feed(first: 20) { pageInfo { hasNextPage endCursor } edges { cursor node {
  id caption createdAt likeCount commentCount viewerHasLiked author { id username displayName viewerIsFollowing }
  media { id kind url width height blurhash }
  comments(first: 2) { edges { node { id text createdAt author { id username } } } } } } } } }"""
MOST = 10_000
SIZES = 10, 1_000, MOST
DEEP = "next { " * 9 + "id name" + " }" * 9


class Shape(NamedTuple):
    name: str
    schema: Schema
    query: str
    context: Callable[[], object]
    variables: dict[str, Any] | None = None


class ByNumber(Loader[Any, int, "Item"]):
    async def batch_load_fn(self, keys: list[int]) -> "list[Item]":
        return [ITEMS[key] for key in keys]


@strawberry.type
class Item:
    id: strawberry.ID
    name: str
    title: str | None
    number: int
    weight: float
    ok: bool
    next: "Item | None"
    related: "Item" = edge(ByNumber, key="number")

    @strawberry.field
    def doubled(self) -> int:
        return self.number * 2

    @strawberry.field
    async def quick(self) -> int:
        return self.number * 2

    @strawberry.field
    async def slow(self) -> "Item":
        await asyncio.sleep(0)
        return self

    @strawberry.field
    def broken(self) -> int | None:
        raise ValueError("broken")


@strawberry.type
class Cat:
    id: strawberry.ID
    lives: int


@strawberry.type
class Dog:
    id: strawberry.ID
    barks: bool


@strawberry.type
class Query:
    @strawberry.field
    def item(self) -> Item:
        return ITEMS[0]

    @strawberry.field
    def items(self, first: int) -> list[Item]:
        return ITEMS[:first]

    @strawberry.field
    def pets(self, first: int) -> list[Annotated[Cat | Dog, strawberry.union("Pet")]]:
        return PETS[:first]


class Context:
    def __init__(self) -> None:
        self.loaders = Loaders(None)


ITEMS = [
    Item(id=strawberry.ID(str(at)), name=f"item {at}", title=None, number=at, weight=at / 7, ok=at % 2 == 0, next=None)
    for at in range(MOST)
]
for one, other in pairwise(ITEMS):
    one.next = other
PETS: list[Cat | Dog] = [
    Cat(id=strawberry.ID(str(at)), lives=9) if at % 2 else Dog(id=strawberry.ID(str(at)), barks=True)
    for at in range(MOST)
]
plain = Schema(Query)


SHAPES = [
    ("nothing", "{ __typename }"),
    ("1 object of 6 fields", "{ item { id name title number weight ok } }"),
    *((f"{n:,} objects of 6 fields", f"{{ items(first: {n}) {{ id name title number weight ok }} }}") for n in SIZES),
    ("10 deep", f"{{ item {{ {DEEP} }} }}"),
    ("10 deep, 1,000 times", f"{{ items(first: 1000) {{ {DEEP} }} }}"),
    ("1,000 of a union", "{ pets(first: 1000) { __typename ... on Cat { id lives } ... on Dog { id barks } } }"),
    ("1,000 plain resolvers", "{ items(first: 1000) { id doubled } }"),
    ("1,000 coroutines that never wait", "{ items(first: 1000) { id quick } }"),
    *(
        (f"{n:,} nested coroutines", f"{{ items(first: {n}) {{ slow {{ id slow {{ id }} }} }} }}")
        for n in (1, 10, 1_000)
    ),
    *(
        (f"{n:,} nested edges", f"{{ items(first: {n}) {{ related {{ id related {{ id }} }} }} }}")
        for n in (1, 10, 1_000)
    ),
    ("1,000 errors", "{ items(first: 1000) { id broken } }"),
    ("introspection", get_introspection_query()),
]


def shapes() -> Iterator[Shape]:
    """The feed page comes first. Its service is replaced for good: it reads timelines, which are not in memory."""
    feed.home = home_in_memory
    yield Shape("the feed page", feed_page.schema, QUERY, feed_page.Context, {"first": 20})
    yield Shape("the feed page, by Photofeed's resolvers", photofeed, FEED, memory.context)
    for name, query in SHAPES:
        yield Shape(name, plain, query, Context)


async def home_in_memory(*_: object, most: int, **__: object) -> feed.FeedPage:
    return feed.FeedPage(
        [Sight(id_, FOLLOWED, f"{id_} {FOLLOWED} 0 {id_} 1", False, False) for id_ in range(most)], True, 0
    )


FOLLOWED = RELATIONS.index(Relation(is_followed=True))

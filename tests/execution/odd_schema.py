"""A schema of odd types: everything that GraphQL and Strawberry have and Photofeed has not."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Generic, NewType, TypeVar

import msgspec
import strawberry
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.schema.config import StrawberryConfig

from execution.edges import edge
from execution.loader import Loader, Loaders

T = TypeVar("T")
Money = NewType("Money", Decimal)


@strawberry.enum
class Color(Enum):
    RED = "red"
    GREEN = "green"
    BLUE = 3


@strawberry.enum
class Size(str, Enum):  # noqa: UP042  # a StrEnum is no such mix
    S = "small"
    L = "large"


class NotSeven(BasePermission):
    message = "not seven"

    def has_permission(self, source: Any, info: strawberry.Info, **_: Any) -> bool:
        return getattr(source, "number", 0) != 7


class NotNine(BasePermission):
    message = "not nine"

    async def has_permission(self, source: Any, info: strawberry.Info, **_: Any) -> bool:
        await asyncio.sleep(0)
        return getattr(source, "number", 0) != 9


class Shouted(FieldExtension):
    def resolve(self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **kwargs: Any) -> Any:
        return f"{next_(source, info, **kwargs)}!"


class ThingById(Loader["World", int, Any]):
    """Some keys have an error, some nothing."""

    async def batch_load_fn(self, keys: list[int]) -> list[Any]:
        await asyncio.sleep(0)
        return [self.scope.things.get(key, KeyError(f"no {key}") if key % 2 else None) for key in keys]


class WordByNumber(Loader["World", int, Any]):
    """Fails as a whole while the world is broken."""

    async def batch_load_fn(self, keys: list[int]) -> list[Any]:
        if self.scope.is_broken:
            raise RuntimeError("the words are gone")
        return [f"word {key}" for key in keys]


@strawberry.input
class Range:
    low: int = 0
    high: int | None = None
    colors: list[Color] = strawberry.field(default_factory=lambda: [Color.RED])


@strawberry.interface
class Named:
    name: str
    nick: str | None


@strawberry.interface
class Thing:
    id: strawberry.ID
    number: int
    size: Size | None
    friend: "Thing | None"
    friend_key: strawberry.Private[Any]
    friend_keys: strawberry.Private[Any]
    loaded: "Thing | None" = edge(ThingById, key="friend_key")
    several: list["Thing"] | None = edge(ThingById, keys="friend_keys")
    word: str | None = edge(WordByNumber, key="friend_key")

    @strawberry.field
    def label(self, info: strawberry.Info, prefix: str = "x") -> str:
        return f"{prefix}-{self.number}-{info.field_name}"


@strawberry.type
class Box(Thing, Named):
    color: Color
    colors: list[Color | None] | None
    grid: list[list[int]]
    maybe_grid: list[list[int | None] | None] | None
    price: Money
    maybe_price: Money | None
    weight: float
    ok: bool
    made: date | None
    stamp: datetime
    parts: list["Part"]
    maybe_parts: list["Part | None"] | None
    deep: list[list["Thing | None"]] | None
    any_of: list[Annotated["Box | Ball | Part", strawberry.union("AnyOf")]]
    one_of: Annotated["Box | Ball | Part", strawberry.union("AnyOf")] | None

    @strawberry.field
    async def later(self, n: int = 1, range: Range | None = None) -> int:  # noqa: A002
        await asyncio.sleep(0)
        if self.number == 11:
            raise ValueError("eleven")
        return self.number * (n % 1000) + (range.low % 1000 + len(range.colors) if range else 0)

    @strawberry.field
    async def later_thing(self, info: strawberry.Info, skip: bool = False) -> Thing | None:
        return None if skip or self.friend_key is None else await info.context.loaders[ThingById].load(self.friend_key)

    @strawberry.field
    def promised(self, info: strawberry.Info, key: int = 1) -> str | None:
        return info.context.loaders[WordByNumber].load(key)  # type: ignore[no-any-return]  # a future

    @strawberry.field
    def where(self, info: strawberry.Info) -> str:
        return f"{info.path.as_list()} {info.path.typename} {info.path.prev and info.path.prev.typename}"

    @strawberry.field
    def texts(
        self,
        many: list[str] = ["a", "b"],  # noqa: B006
        size: Size = Size.S,
        colors: list[Color] = [Color.RED],  # noqa: B006
    ) -> list[str]:
        many.append(f"{size.name}{len(colors)}")  # an argument is the resolver's own
        return many

    @strawberry.field
    async def counted(self, to: int = 2) -> AsyncIterator[int]:
        for number in range(min(abs(to), 3)):
            yield number

    @strawberry.field(permission_classes=[NotSeven])  # type: ignore[untyped-decorator]
    def secret(self) -> str | None:
        return f"s{self.number}"

    @strawberry.field(permission_classes=[NotNine])  # type: ignore[untyped-decorator]
    async def other_secret(self) -> str:
        return f"s{self.number}"

    @strawberry.field(extensions=[Shouted()])  # type: ignore[untyped-decorator]
    def loud(self) -> str:
        return self.name


@strawberry.type
class Ball(Thing):
    radius: float | None
    owner: Named | None
    page: "Page[Part] | None"


@strawberry.type
class Part(Named):
    count: int | None
    holder: Thing | None = None

    @classmethod
    def is_type_of(cls, value: object, _: Any) -> bool:
        return type(value).__name__.startswith("Part")


@strawberry.type
class Page(Generic[T]):
    items: list[T]
    total: int


class PartRow(msgspec.Struct):
    name: Any
    nick: Any
    count: Any
    holder: Any = None


@strawberry.type
class Query:
    version: str = "1"

    @strawberry.field
    def things(self, info: strawberry.Info, first: int = 5) -> list[Thing]:
        return list(info.context.world.things.values())[: min(abs(first), 5)]

    @strawberry.field
    async def boxes(self, info: strawberry.Info, range: Range | None = None) -> list[Box] | None:  # noqa: A002
        await asyncio.sleep(0)
        return tuple(thing for thing in info.context.world.things.values() if isinstance(thing, Box))[:3]  # type: ignore[return-value]

    @strawberry.field
    def lazily(self, info: strawberry.Info) -> list[Thing]:
        things: Iterator[Any] = (thing for thing in [*info.context.world.things.values()][:4])
        return things  # type: ignore[return-value]

    @strawberry.field
    async def anything(self, info: strawberry.Info) -> list[Annotated["Box | Ball | Part", strawberry.union("AnyOf")]]:
        anything: list[Any] = [*info.context.world.things.values()][:3] + info.context.world.parts[:2]
        return anything

    @strawberry.field
    def part(self, info: strawberry.Info, index: int = 0) -> Part | None:
        part: Part = info.context.world.parts[index % 5]
        return part

    @strawberry.field
    def fails(self) -> int | None:
        raise ValueError("always")

    @strawberry.field
    def returns_error(self) -> str | None:
        return ValueError("returned")  # type: ignore[return-value]

    @strawberry.field
    def echo(
        self,
        color: Color = Color.GREEN,
        price: Money | None = None,
        ids: list[strawberry.ID] | None = None,
        range: Range = Range(low=2),  # noqa: A002, B008
        when: date | None = None,
    ) -> str:
        return f"{color} {price} {ids} {range} {when}"


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def change(self, info: strawberry.Info, by: int = 1) -> Box | None:
        info.context.calls.append(f"change {by}")
        await asyncio.sleep(0)
        info.context.calls.append(f"changed {by}")
        box: Box | None = info.context.world.box
        return box

    @strawberry.mutation
    def change_all(self, info: strawberry.Info) -> list[Thing]:
        info.context.calls.append("change all")
        return list(info.context.world.things.values())[:3]

    @strawberry.mutation
    def fail(self, info: strawberry.Info) -> int | None:
        info.context.calls.append("fail")
        raise ValueError("failed")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def events(self, info: strawberry.Info) -> AsyncIterator[Thing]:
        for thing in list(info.context.world.things.values())[:3]:
            yield thing


class Context:
    def __init__(self, world: "World") -> None:
        self.world, self.loaders = world, Loaders(world)
        self.calls: list[str] = []


def _priced(value: Any) -> str:
    if isinstance(value, Decimal) and value == 5:
        raise ValueError("five is no price")
    return f"{value} EUR"


money = strawberry.scalar(name="Money", serialize=_priced, parse_value=lambda value: f"<{value}>")
schema = strawberry.Schema(
    Query, Mutation, Subscription, types=[Box, Ball, Part], config=StrawberryConfig(scalar_map={Money: money})
)

from tests.execution.odd_world import World  # noqa: E402

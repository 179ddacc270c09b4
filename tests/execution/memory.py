"""Photofeed's schema without its servers: rows are made up from their types, the same ones for the same key."""

import dataclasses
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from types import NoneType, SimpleNamespace, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from execution.loader import Loader, Loaders
from execution.stamps import KeptAnswers
from loaders.posts import PostById
from resolvers.context import Context
from resolvers.cursors import Cursors
from services.signing_in import SignedIn
from stores.postgres.sights import Sight
from stores.rows import Post

EPOCH = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
IDS = 40
"""So few that rows are shared, as a page's authors are."""


class Down(Exception):
    """What fails while the store of a key is down."""


class Stub:
    """Stands for a service: whatever it is asked for, it says what it was."""

    def __getattr__(self, name: str) -> Callable[..., str]:
        return lambda *args, **_: f"{name} {args}"


class MemoryLoaders(Loaders[Any]):
    """Answers every question that a loader stands for.

    `outage`: the share of keys whose store is down; half as many have nothing.
    """

    def __init__(self, outage: float = 0.0) -> None:
        super().__init__(None)
        self._outage = outage

    def __getitem__(self, kind: Any) -> Any:
        loader = self._made.get(kind)
        if loader is None:
            loader = self._made[kind] = MemoryLoader(self, kind, self._outage)
        return loader


class MemoryLoader(Loader[Any, Any, Any]):
    def __init__(self, loaders: MemoryLoaders, kind: type[Loader[Any, Any, Any]], outage: float) -> None:
        super().__init__(loaders)
        self._kind, self._outage = kind, outage

    async def batch_load_fn(self, keys: list[Any]) -> list[Any]:
        return [self._value(key) for key in keys]

    def _value(self, key: Any) -> Any:
        chance = random.Random(f"{self._kind.__name__} {key}").random() if self._outage else 1.0
        if chance < self._outage:
            return Down(f"{self._kind.__name__} {key}")
        return None if chance < self._outage * 1.5 else remembered(self._kind, key)


_remembered: dict[tuple[type, Any], Any] = {}


def remembered(kind: type[Loader[Any, Any, Any]], key: Any) -> Any:
    """What a loader of this kind has for the key, made when it is first asked for."""
    known = _remembered.get((kind, key))
    if known is None:
        known = _remembered[kind, key] = made(value_type(kind), random.Random(f"{kind.__name__} {key}"), key)
    return known


def value_type(kind: type) -> Any:
    """V of the `Loader[S, K, V]` that it is."""
    for base in (base for cls in kind.__mro__ for base in getattr(cls, "__orig_bases__", ())):
        if isinstance(get_origin(base), type) and issubclass(get_origin(base), Loader):
            return get_args(base)[-1]
    raise TypeError(f"{kind} says nothing of its values")


def made(type_: Any, chosen: random.Random, id_: Any = None) -> Any:
    """A value of the type; a row has the id that it is asked for."""
    origin, args = get_origin(type_), get_args(type_)
    if origin in (Union, UnionType):
        present = [arg for arg in args if arg is not NoneType]
        return None if chosen.random() < 0.1 else made(chosen.choice(present), chosen, id_)
    if origin is Literal:
        return chosen.choice(args)
    if origin in (list, tuple):
        return origin(made(args[0], chosen) for _ in range(chosen.randrange(5)))
    if hasattr(type_, "__annotations__") and issubclass(type_, (msgspec.Struct, tuple)):
        values = {name: made(hint, chosen) for name, hint in get_type_hints(type_).items()}
        return type_(**(values | ({"id": id_} if isinstance(id_, int) and "id" in values else {})))
    return _plain(type_, chosen)


def _plain(type_: Any, chosen: random.Random) -> Any:
    number = chosen.randrange(IDS)
    plain = {int: number, str: f"text {number}", float: number / 7, bool: number % 2 == 0}
    return EPOCH + timedelta(seconds=number, microseconds=number) if type_ is datetime else plain.get(type_)


class MemoryContext(Context):
    def told(self) -> Any:
        """Sights say which posts they are of, and no more."""
        return self, SimpleNamespace(posts=self._posts, is_all=lambda: False)

    async def _posts(self, sights: Sequence[Sight]) -> list[Post | None]:
        return await self.loaders[PostById].load_many(sight.id for sight in sights)


def context(outage: float = 0.0) -> Context:
    """Of a signed-in viewer."""
    limits = SimpleNamespace(page_default=3, page_limit=50, nodes_limit=100)
    given: dict[str, Any] = {
        "deps": SimpleNamespace(settings=limits, objects=Stub()),
        "cursors": Cursors(b"key"),
        "viewer": SignedIn(1, 1, 0.0),
        "loaders": MemoryLoaders(outage),
        "answers": KeptAnswers(1_000_000),
    }
    rest = {field.name: Stub() for field in dataclasses.fields(Context) if field.default is dataclasses.MISSING}
    return MemoryContext(**(rest | given))

"""Rows of the odd schema, of which a share is wrong in some way."""

import asyncio
import random
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from tests.execution.odd_schema import Ball, Box, Color, Page, Part, PartRow, Size

WRONG: list[Any] = [
    None, None, ValueError("a bad row"), 2**40, "text", -1, float("nan"), 1.5, True, [], [None], {"a": 1}, object,
    Color.RED, "red", 3, strawberry.UNSET, b"raw", Decimal("1.5"),
]  # fmt: skip
THINGS = 12


class Late:
    """An attribute that must be awaited, as often as it is read."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "late"  # the same in every world of a seed

    def __await__(self) -> Any:
        yield from asyncio.sleep(0).__await__()
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


class World:
    """`chaos`: the probability that a value is wrong; `late`: that it must be awaited."""

    def __init__(self, seed: int, chaos: float, late: float = 0.0) -> None:
        self._random, self._chaos, self._late = random.Random(seed), chaos, late
        self.is_broken = self._random.random() < chaos
        self.parts: list[Any] = [self._part(number) for number in range(5)]
        self.things: dict[int, Any] = {number: self._thing(number) for number in range(THINGS)}
        self._relate()
        self.box = next((thing for thing in self.things.values() if isinstance(thing, Box)), None)

    def _odd(self, *usual: Any) -> Any:
        value = self._random.choice(usual)
        if self._random.random() < self._chaos:
            value = self._random.choice(WRONG)
        return Late(value) if self._random.random() < self._late else value

    def _part(self, number: int) -> Part | PartRow:
        kind: Any = self._random.choice([Part, PartRow])
        part: Part | PartRow = kind(name=self._odd(f"part{number}"), nick=self._odd(None, "p"), count=self._odd(number))
        return part

    def _thing(self, number: int) -> Box | Ball:
        keys = [number * 7 % THINGS, number * 5 % THINGS, *([THINGS + number] if self._chaos else [])]
        common: dict[str, Any] = {
            "id": self._odd(str(number), number),
            "number": self._odd(number),
            "size": self._odd(None, Size.S, "large"),
            "friend": None,
            "friend_key": self._random.choice([None, *keys]),
            "friend_keys": self._random.choice([keys, keys[:1], [], *([None] if self._chaos else [])]),
        }
        return self._box(number, common) if self._random.random() < 0.6 else self._ball(common)

    def _box(self, number: int, common: dict[str, Any]) -> Box:
        odd = self._odd
        return Box(
            **common,
            name=odd(f"box{number}"),
            nick=odd(None),
            color=odd(*Color),
            colors=odd(None, [Color.RED, None, "green"]),
            grid=odd([[1, 2], [], [odd(3)]]),
            maybe_grid=odd(None, [None, [1, None, odd(2)]]),
            price=odd(Decimal(number + (0 if self._chaos else 10))),
            maybe_price=odd(None),
            weight=odd(1.5, 2, number * 0.1),
            ok=odd(number % 2 == 0),
            made=odd(None, date(2026, 1, 1)),
            stamp=odd(datetime(2026, 1, 1, 2, 3, 4, number)),
            parts=odd([odd(part) for part in self.parts[: number % 4]]),
            maybe_parts=odd(None, [None, odd(self.parts[0])]),
            deep=None,
            any_of=[],
            one_of=None,
        )

    def _ball(self, common: dict[str, Any]) -> Ball:
        page = Page(items=self.parts[:2], total=2)
        return Ball(
            **common, radius=self._odd(None, 0.5), owner=self._odd(None, self.parts[1]), page=self._odd(None, page)
        )

    def _relate(self) -> None:
        odd, things = self._odd, list(self.things.values())
        for thing in things:
            thing.friend = odd(None, *things)
            if isinstance(thing, Box):
                thing.deep = odd(None, [[odd(*things), None], (odd(*things),)])
                thing.any_of = odd([odd(*things, *self.parts) for _ in range(3)])
                thing.one_of = odd(None, *things, *self.parts)
        for part in self.parts:
            part.holder = odd(None, *things)

"""Completing values: what resolvers and attributes gave becomes what the response has, a whole level at a time.

A completer takes the values of one place of the operation, for all rows of the level, and gives as many results in
their order. It never raises: an exception among the values counts as raised there, a null where none may be is an
error, and both leave a `Failed`. What only graphql-core knows how to complete (awaitables in attributes and lists,
async iterables, types that are told asynchronously) is entrusted to it, that value alone.
"""

from collections.abc import AsyncIterable, Callable
from functools import cached_property
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLLeafType,
    GraphQLNonNull,
    GraphQLOutputType,
    Undefined,
)
from graphql.execution.executor import Executor
from graphql.pyutils import is_iterable
from strawberry.execution import optimized_is_awaitable as is_awaitable

from execution.coercion import Globals, evaluated, leaf_expression
from execution.failures import Entrusted, Failed, Place

if TYPE_CHECKING:
    from execution.plan import Field
    from execution.running import Run

Values = list[Any]  # what resolvers and attributes gave, and what becomes of it: anything
STAND_INS = frozenset({Failed, Entrusted})


class Completer:
    def __init__(self, field: "Field", type_: GraphQLOutputType, above: int) -> None:
        """`above`: the climb of the place that holds this one."""
        self.field, self.type, self.nullable = field, type_, not isinstance(type_, GraphQLNonNull)
        self.place = Place(field.nodes, 0 if self.nullable else above + 1)

    def complete(self, values: Values, run: "Run") -> Values:
        raise NotImplementedError

    def odd(self, value: Any, run: "Run") -> Any:
        """What stands for a value that is none of this type; the value itself where it may be one."""
        if value is None or value is Undefined:
            return None if self.nullable else run.failed(self._null(), self.place)
        if isinstance(value, Exception):
            return run.failed(value, self.place)
        if is_awaitable(value):
            return run.entrust(value, self)
        return value

    def _null(self) -> TypeError:
        return TypeError(f"Cannot return null for non-nullable field {self.field.parent_type}.{self.field.name}.")

    def _each(self, values: Values, run: "Run", complete: "Callable[[Values, Run], Values]") -> Values:
        """`complete` those values that are not odd, together; all results in the values' order."""
        results = [value if type(value) is Failed else self.odd(value, run) for value in values]
        usual = [at for at, value in enumerate(results) if value is not None and type(value) not in STAND_INS]
        return scattered(results, usual, complete([results[at] for at in usual], run))


def scattered(results: Values, places: list[int], completed: Values) -> Values:
    """`results`, with what was completed at its places."""
    for at, result in zip(places, completed, strict=True):
        results[at] = result
    return results


class LeafCompleter(Completer):
    def __init__(self, field: "Field", type_: GraphQLOutputType, above: int, kind: GraphQLLeafType) -> None:
        super().__init__(field, type_, above)
        self.kind = kind
        self.known: set[type] = set()
        """Classes whose values are leaves: neither errors nor awaitables."""

    @cached_property
    def _usual(self) -> "Callable[[Values, Run], Values]":
        names: Globals = {"one": self.one}
        leaf = leaf_expression(self.kind, "each", "one", self.known, names)
        usual: Callable[[Values, Run], Values] = evaluated(f"lambda values, run: [{leaf} for each in values]", names)
        return usual

    def complete(self, values: Values, run: "Run") -> Values:
        try:
            return self._usual(values, run)
        except Exception:  # a value that cannot be looked up, or a scalar's refusal: one by one, to tell which
            return [self.one(value, run) for value in values]

    def one(self, value: Any, run: "Run") -> Any:
        value = value if type(value) is Failed else self.odd(value, run)
        if value is None or type(value) in STAND_INS:
            return value
        try:
            leaf = Executor.complete_leaf_value(self.kind, value)
        except Exception as error:
            return run.failed(error, self.place)
        self.known.add(type(value))
        return leaf


class ListCompleter(Completer):
    def __init__(
        self, field: "Field", type_: GraphQLOutputType, above: int, item_of: "Callable[[int], Completer]"
    ) -> None:
        """`item_of`: the completer of items, given the climb of their list."""
        super().__init__(field, type_, above)
        self.item = item_of(self.place.climb)

    def complete(self, values: Values, run: "Run") -> Values:
        if set(map(type, values)) == {list}:
            return self._lists(values, run)
        return self._each(values, run, self._iterables)

    def _iterables(self, values: Values, run: "Run") -> Values:
        results = [value if type(value) is list else self._list(value, run) for value in values]
        lists = [at for at, result in enumerate(results) if type(result) is list]
        return scattered(results, lists, self._lists([results[at] for at in lists], run))

    def _list(self, value: Any, run: "Run") -> Any:
        if isinstance(value, AsyncIterable) or not is_iterable(value):
            return run.entrust(value, self)  # to iterate over it, or to say that it cannot be
        try:
            return list(value)
        except Exception as error:
            return run.failed(error, self.place)

    def _lists(self, lists: list[Values], run: "Run") -> Values:
        if len(lists) == 1:
            return [self.item.complete(lists[0], run)]
        items = list(chain.from_iterable(lists))
        results = self.item.complete(items, run) if items else []
        ends = accumulate(map(len, lists))
        return [results[end - len(each) : end] for each, end in zip(lists, ends, strict=True)]

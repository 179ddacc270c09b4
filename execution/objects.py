"""Completing values that are objects: of the type that is declared, or of one that the value tells."""

from inspect import iscoroutine
from itertools import repeat
from typing import TYPE_CHECKING, Any

from graphql import GraphQLAbstractType, GraphQLObjectType, GraphQLOutputType
from graphql.execution.executor import invalid_return_type_error
from strawberry.execution import optimized_is_awaitable as is_awaitable
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from execution.completing import STAND_INS, Completer, Values, scattered
from execution.rows import OfClass

if TYPE_CHECKING:
    from execution.plan import Field, Shape
    from execution.running import Run


class ObjectCompleter(Completer):
    """Knows classes again whose instances are never null, errors or awaitables; and, unless the type has an
    `is_type_of` of its own, classes all of whose instances are of the type, if they were not cast to another."""

    def __init__(self, field: "Field", type_: GraphQLOutputType, above: int, kind: GraphQLObjectType) -> None:
        super().__init__(field, type_, above)
        self.kind = kind
        self.shape: Shape = field.shape_of(kind, self.place.climb)
        definition = kind.extensions.get("strawberry-definition")
        own = kind.is_type_of if definition is None else definition.is_type_of
        self._asks = own is not None and not isinstance(own, OfClass)
        self._known: set[type] = set()
        self._castable = False

    def complete(self, values: Values, run: "Run") -> Values:
        if not self._known.issuperset(map(type, values)):
            return self._each(values, run, self._learn)
        if self._asks or (self._castable and has_cast(values)):
            return self._ask(values, run)
        return self.shape.project(values, run)

    def _learn(self, values: Values, run: "Run") -> Values:
        results = self._ask(values, run)
        self._known.update(
            type(value)
            for value, result in zip(values, results, strict=True)
            if type(result) is dict and not cast_of(value)
        )
        self._castable = any(cls.__dictoffset__ for cls in self._known)
        return results

    def _ask(self, values: Values, run: "Run") -> Values:
        """Those that fit, projected; where one does not, why."""
        is_type_of = self.kind.is_type_of
        if is_type_of is None:
            return self.shape.project(values, run)
        info = run.info(self.field)
        answers: list[Any] = []
        for value in values:
            try:
                answers.append(is_type_of(value, info))
            except Exception as error:
                answers.append(error)
        if all(answer is True for answer in answers):
            return self.shape.project(values, run)
        results = [self._fit(value, answer, run) for value, answer in zip(values, answers, strict=True)]
        fit = [at for at, result in enumerate(results) if type(result) not in STAND_INS]
        return scattered(results, fit, self.shape.project([results[at] for at in fit], run))

    def _fit(self, value: Any, answer: Any, run: "Run") -> Any:
        if isinstance(answer, Exception):
            return run.failed(answer, self.place)
        if is_awaitable(answer):
            return unbegun(answer) and run.entrust(value, self)
        return (
            value if answer else run.failed(invalid_return_type_error(self.kind, value, self.field.details), self.place)
        )


class AbstractCompleter(Completer):
    """Knows classes again that declare the type that their instances are of."""

    def __init__(self, field: "Field", type_: GraphQLOutputType, above: int, kind: GraphQLAbstractType) -> None:
        super().__init__(field, type_, above)
        self.kind, self._above = kind, above
        self._kinds: dict[str, ObjectCompleter] = {}
        self._known: dict[type, ObjectCompleter] = {}
        definition = kind.extensions.get("strawberry-definition")
        self._asks = bool(getattr(definition, "resolve_type", None))

    def complete(self, values: Values, run: "Run") -> Values:
        if self._known.keys() >= set(map(type, values)):
            return self._by_kind(values, run)
        return self._each(values, run, self._by_kind)

    def _by_kind(self, values: Values, run: "Run") -> Values:
        """Complete the values of each object type together."""
        results: Values = [None] * len(values)
        places: dict[ObjectCompleter, list[int]] = {}
        for at, value in enumerate(values):
            completer = self._known.get(type(value))
            if completer is None or cast_of(value) is not None:
                completer = self._told(value, run)
            if isinstance(completer, ObjectCompleter):
                places.setdefault(completer, []).append(at)
            else:
                results[at] = completer
        for completer, ats in places.items():
            scattered(results, ats, completer.complete([values[at] for at in ats], run))
        return results

    def _told(self, value: Any, run: "Run") -> Any:
        """Who completes the value, or what stands for it."""
        info = run.info(self.field)
        try:
            name = (self.kind.resolve_type or run.core.type_resolver)(value, info, self.kind)
            if is_awaitable(name):
                return unbegun(name) and run.entrust(value, self)
            kind = run.core.ensure_valid_runtime_type(name, self.kind, self.field.details, info, value)
        except Exception as error:
            return run.failed(error, self.place)
        completer = self._kinds.get(kind.name)
        if completer is None:
            completer = self._kinds[kind.name] = ObjectCompleter(self.field, self.type, self._above, kind)
        if self._is_declared(type(value), kind.name) and cast_of(value) is None:
            self._known[type(value)] = completer
        return completer

    def _is_declared(self, cls: type, name: str) -> bool:
        definition = cls.__dict__.get("__strawberry_definition__")
        if self._asks or definition is None:
            return False
        return definition.name == name and not definition.is_graphql_generic and not definition.is_type_of


def cast_of(value: object) -> Any:
    """The type that a value was cast to by `strawberry.cast`."""
    return getattr(value, TYPE_CAST_ATTRIBUTE, None)


def has_cast(values: Values) -> bool:
    return True in map(hasattr, values, repeat(TYPE_CAST_ATTRIBUTE))


def unbegun(answer: Any) -> bool:
    """True, once an awaitable is dropped that graphql-core will ask for again: a coroutine has run nothing yet."""
    if iscoroutine(answer):
        answer.close()
    return True

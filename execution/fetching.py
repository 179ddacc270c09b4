"""How a field gets its values for all rows of a level at once: from attributes, an edge's loader, or its resolver."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from graphql import Undefined
from graphql.execution.values import get_argument_values
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable as is_awaitable
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from execution.asking import EdgeFetch
from execution.edges import Edge
from execution.infos import infos
from execution.levels import Level, values_for
from execution.stamps import Revealed, Stamped, Unkept

if TYPE_CHECKING:
    from execution.plan import Field
    from execution.projection import Out, Rows
    from execution.running import Run

Fetch = Callable[["Rows", "list[Out]", "Run"], None]
"""Gets the values of a field for rows, whose objects in the response are given, and lets `run` complete them."""

IMMUTABLE = (str, int, float, bytes, Enum, date, time, Decimal, UUID, type(None), type(Undefined))
"""Arguments that all rows may share."""
MOST_KNOWN, LONGEST_KNOWN = 100, 300
"""Arguments of a field that are kept as they were converted, and the characters of the variables in them."""


def fetch_of(field: "Field") -> Fetch:
    if field.read is not None and field.parent.field is not None:
        return lambda _, outs, run: run.complete(field, outs, [out[field.key] for out in outs])  # as projected
    strawberry = field.strawberry
    if strawberry is not None and not has_more_to_it(field, strawberry):
        declared: Edge | None = strawberry.metadata.get(Edge)
        if declared is not None:
            return EdgeFetch(field, declared).fetch
        level: Level | None = strawberry.metadata.get(Level)
        if isinstance(level, Stamped):
            return StampedFetch(field, strawberry, level).fetch
        return Resolver(field, strawberry).fetch if level is None else LevelFetch(field, strawberry, level).fetch
    return lambda rows, outs, run: run.arrive(field, outs, _from_any(field, rows, outs, run))


def has_more_to_it(field: "Field", strawberry: StrawberryField) -> bool:
    """Whether Strawberry does more for the field than to call its resolver."""
    return (
        strawberry.base_resolver is None
        or bool(strawberry.extensions)
        or strawberry.is_subscription
        or bool(field.selected.schema._strawberry_schema.schema_converter.exception_handlers)  # type: ignore[attr-defined]
        or type(strawberry).get_result is not StrawberryField.get_result
    )


def _from_any(field: "Field", rows: "Rows", outs: "list[Out]", run: "Run") -> list[Any]:
    """As graphql-core does it: with arguments and an info of each row's own."""
    resolve = field.definition.resolve or run.core.field_resolver
    info_of, has_arguments = infos(run, field), field.definition.args or field.nodes[0].arguments
    values = []
    for row, out in zip(rows, outs, strict=True):
        try:
            values.append(resolve(row, info_of(out), **(_arguments(field, run) if has_arguments else {})))
        except Exception as error:
            values.append(error)
    return values


def _arguments(field: "Field", run: "Run") -> dict[str, Any]:
    core, detail = run.core, field.details[0]
    return get_argument_values(
        field.definition, detail.node, core.variable_values, detail.fragment_variable_values, core.hide_suggestions
    )


def values_of(variables: Sequence[str], run: "Run") -> tuple[Any, ...]:
    """Those that the operation was given, coerced; Undefined for those that it was not."""
    coerced = run.core.variable_values.coerced
    return tuple([coerced.get(name, Undefined) for name in variables])


def are_immutable(values: Iterable[Any]) -> bool:
    return all(isinstance(value, IMMUTABLE) for value in values)


def _strawberry_schema(run: "Run") -> Schema:
    schema: Schema = run.core.schema._strawberry_schema  # type: ignore[attr-defined]  # Strawberry's own backlink
    return schema


class Arguments:
    """The arguments of a field, by their names in Python."""

    def __init__(self, field: "Field", strawberry: StrawberryField) -> None:
        self.field, self.strawberry = field, strawberry
        self._known: dict[tuple[Any, ...], dict[str, Any]] = {}  # by the values of the variables in them

    def given(self, run: "Run") -> dict[str, Any]:
        """Converted once for all rows, and for all operations that give the same."""
        if not self.field.definition.args:
            return {}
        variables = values_of(self.field.argument_variables, run)
        if not are_immutable(variables) or len(str(variables)) > LONGEST_KNOWN:
            return self._converted(run)
        given = self._known.get(variables)
        if given is None:
            given = self._converted(run)
            if are_immutable(given.values()):
                if len(self._known) >= MOST_KNOWN:
                    self._known.clear()
                self._known[variables] = given
        return given

    def _converted(self, run: "Run") -> dict[str, Any]:
        schema = _strawberry_schema(run)
        registry = schema.schema_converter.scalar_registry
        declared = self.strawberry.arguments
        return convert_arguments(_arguments(self.field, run), declared, registry, schema.config, self.info(run))

    def info(self, run: "Run") -> Any:
        """Strawberry's, for no row in particular."""
        return _strawberry_schema(run).config.info_class(run.info(self.field), self.strawberry)


class LevelFetch:
    """A resolver of all rows together, called once."""

    def __init__(self, field: "Field", strawberry: StrawberryField, level: Level) -> None:
        self.field, self.resolver, self.arguments = field, level.resolver, Arguments(field, strawberry)

    def fetch(self, rows: "Rows", outs: "list[Out]", run: "Run") -> None:
        answered: Any
        try:
            answered = self.resolver(rows, self.arguments.info(run), **self.arguments.given(run))
        except Exception as error:
            answered = error
        if is_awaitable(answered):
            run.work.call([answered], lambda outcomes: self._arrive(rows, outs, run, outcomes[0]))
        else:
            self._arrive(rows, outs, run, answered)

    def _arrive(self, rows: "Rows", outs: "list[Out]", run: "Run", answered: Any) -> None:
        run.arrive(self.field, outs, values_for(rows, answered))


class StampedFetch(LevelFetch):
    """As a level, of those rows whose answers are not kept."""

    def __init__(self, field: "Field", strawberry: StrawberryField, stamped: Stamped) -> None:
        super().__init__(field, strawberry, stamped)
        self._stamp = stamped.stamp

    def fetch(self, rows: "Rows", outs: "list[Out]", run: "Run") -> None:
        if run.answers is None:
            super().fetch(rows, outs, run)
            return
        get, field_key, left = run.answers.get, self.field.key, []
        for at, key in enumerate(self._keys(rows, run)):
            answer = get(key)
            if answer is None:
                left.append(at)
            else:
                outs[at][field_key] = answer
        if left:
            super().fetch([rows[at] for at in left], [outs[at] for at in left], run)

    def _arrive(self, rows: "Rows", outs: "list[Out]", run: "Run", answered: Any) -> None:
        if isinstance(answered, Revealed):
            run.enter(self.field, answered.context)
            run.unkept.append(Unkept(self.field.key, outs, self._keys(rows, run), answered.is_told))
            answered = answered.values
        super()._arrive(rows, outs, run, answered)

    def _keys(self, rows: "Rows", run: "Run") -> list[Any]:
        """Under which the rows' answers are kept; None for those that are not."""
        variables = values_of(self.field.variables, run)
        if not are_immutable(variables):
            return [None] * len(rows)
        stamps = map(self._stamp, rows)
        return [None if stamp is None else (self, variables, stamp) for stamp in stamps]


class Resolver:
    """A resolver function, called as it is."""

    def __init__(self, field: "Field", strawberry: StrawberryField) -> None:
        self.field, self.strawberry, self.arguments = field, strawberry, Arguments(field, strawberry)
        assert strawberry.base_resolver is not None
        resolver = strawberry.base_resolver
        self.function = resolver.wrapped_func
        takes = ["row"] if resolver.self_parameter else []
        takes += [f"{each.name}=row" for each in (resolver.root_parameter, resolver.parent_parameter) if each]
        self.wants_info = resolver.info_parameter is not None
        takes += [f"{resolver.info_parameter.name}=info_of(out)"] if resolver.info_parameter else []
        self.bind = eval(
            f"lambda function, info_of, given: lambda row, out: function({', '.join([*takes, '**given'])})"
        )

    def fetch(self, rows: "Rows", outs: "list[Out]", run: "Run") -> None:
        try:
            given = self.arguments.given(run)
        except Exception as error:
            run.arrive(self.field, outs, [error] * len(rows))
            return
        if not are_immutable(given.values()):
            run.arrive(self.field, outs, _from_any(self.field, rows, outs, run))
            return
        call = self.bind(self.function, self._infos(run) if self.wants_info else None, given)
        values = []
        for row, out in zip(rows, outs, strict=True):
            try:
                values.append(call(row, out))
            except Exception as error:
                values.append(error)
        run.arrive(self.field, outs, values)

    def _infos(self, run: "Run") -> "Callable[[Out], Any]":
        info_class, info_of = _strawberry_schema(run).config.info_class, infos(run, self.field)
        return lambda out: info_class(info_of(out), self.strawberry)

"""The arguments of fields, converted once for all who give the same."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from enum import Enum
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from graphql import Undefined
from graphql.execution.values import get_argument_values
from strawberry import Schema
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

if TYPE_CHECKING:
    from execution.plan import Field
    from execution.running import Run

IMMUTABLE = (str, int, float, bytes, Enum, date, time, Decimal, UUID, type(None), type(Undefined))
"""Arguments that all rows may share."""
MOST_KNOWN, LONGEST_KNOWN = 100, 300
"""Arguments of a field that are kept as they were converted, and the characters of the variables in them."""


def arguments_of(field: "Field", run: "Run") -> dict[str, Any]:
    core, detail = run.core, field.details[0]
    return get_argument_values(
        field.definition, detail.node, core.variable_values, detail.fragment_variable_values, core.hide_suggestions
    )


def values_of(variables: Sequence[str], run: "Run") -> tuple[Any, ...]:
    """Those that the operation was given, coerced; Undefined for those that it was not."""
    coerced = run.core.variable_values.coerced
    return tuple([coerced.get(name, Undefined) for name in variables])


def are_immutable(values: Iterable[Any]) -> bool:
    return all(map(isinstance, values, repeat(IMMUTABLE)))


def strawberry_schema(run: "Run") -> Schema:
    schema: Schema = run.core.schema._strawberry_schema  # type: ignore[attr-defined]  # Strawberry's own backlink
    return schema


class Given(NamedTuple):
    """Arguments by their names in Python; `are_shared`: whether all rows may have the same objects."""

    values: dict[str, Any]
    are_shared: bool


NOTHING = Given({}, are_shared=True)


class Arguments:
    """The arguments of a field."""

    def __init__(self, field: "Field", strawberry: StrawberryField) -> None:
        self.field, self.strawberry = field, strawberry
        self._known: dict[tuple[Any, ...], Given] = {}  # by the values of the variables in them

    def given(self, run: "Run") -> Given:
        """Converted once for all rows, and for all operations that give the same."""
        if not self.field.definition.args:
            return NOTHING
        made: Given | None = run.core.made.get(self)
        return made or self._known_or_converted(run)

    def _known_or_converted(self, run: "Run") -> Given:
        variables = values_of(self.field.argument_variables, run)
        try:
            known = self._known.get(variables)
        except TypeError:  # a list or an object is among them
            return Given(self._converted(run), are_shared=False)
        if known is None:
            known = self._learned(variables, run)
        if known.are_shared:
            run.core.made[self] = known
        return known

    def _learned(self, variables: tuple[Any, ...], run: "Run") -> Given:
        values = self._converted(run)
        given = Given(values, are_immutable(values.values()))
        if given.are_shared and are_immutable(variables) and len(str(variables)) <= LONGEST_KNOWN:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[variables] = given
        return given

    def _converted(self, run: "Run") -> dict[str, Any]:
        schema = strawberry_schema(run)
        registry = schema.schema_converter.scalar_registry
        declared = self.strawberry.arguments
        return convert_arguments(arguments_of(self.field, run), declared, registry, schema.config, self.info(run))

    def info(self, run: "Run") -> Any:
        """Strawberry's, for no row in particular."""
        return strawberry_schema(run).config.info_class(run.info(self.field), self.strawberry)

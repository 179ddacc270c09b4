"""Values of scalars and enums, as the response has them: the usual ones by an expression, all others by a call."""

from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from types import CodeType
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
)
from orjson import dumps
from strawberry.schema.types.base_scalars import DateTimeDefinition

Globals = dict[str, Any]
"""The names that generated code knows."""

MOST_SOURCES = 1_000
"""Compiled sources kept: different operations need the same."""


@lru_cache(MOST_SOURCES)
def code(source: str, mode: str) -> CodeType:
    """For `eval` or `exec`."""
    return compile(source, "<plan>", mode)


def evaluated(source: str, names: Globals) -> Any:  # Any: a function of whatever type the source has
    """What a generated expression gives with these names."""
    return eval(code(source, "eval"), names)


USUAL: dict[GraphQLLeafType, str] = {
    GraphQLString: "type(v) is str",
    GraphQLID: "type(v) is str",
    GraphQLInt: "type(v) is int and -2147483648 <= v <= 2147483647",
    GraphQLFloat: "type(v) is float and -INFINITY < v < INFINITY",
    GraphQLBoolean: "type(v) is bool",
}
"""When a value `v` of a scalar stands for itself."""


def leaf_expression(kind: GraphQLLeafType, got: str, slow: str, known_classes: set[type], names: Globals) -> str:
    """Python for the leaf that expression `got` gives; `slow(value, run)` is asked about what is not usual.

    For a String: `v if type(v := row.caption) is str else slow3(v, run)`. For a scalar that the schema brings along:
    `c if type(v := row.created_at) in known4 and (c := coerce4(v)) is not None else slow5(v, run)`, where the known
    classes are those of which the slow way has met values that were neither errors nor awaitables.
    """
    if kind in USUAL:
        names["INFINITY"] = float("inf")
        return f"v if {USUAL[kind].replace('(v)', f'(v := {got})', 1)} else {slow}(v, run)"
    if isinstance(kind, GraphQLEnumType) and (named := _names_of(kind)):
        table = f"names{len(names)}"
        names[table] = named
        return f"{table}.get((type(v := {got}), v)) or {slow}(v, run)"
    if kind.coerce_output_value is DateTimeDefinition.serialize:  # as `isoformat` has it, and faster
        names.update(datetime=datetime, UTC=UTC, dumps=dumps)
        is_usual = f"type(v := {got}) is datetime and v.tzinfo is UTC"
        return f"dumps(v)[1:-1].decode() if {is_usual} else {slow}(v, run)"
    coerce, known = f"coerce{len(names)}", f"known{len(names)}"
    names[coerce], names[known] = kind.coerce_output_value, known_classes
    return f"c if type(v := {got}) in {known} and (c := {coerce}(v)) is not None else {slow}(v, run)"


def _names_of(kind: GraphQLEnumType) -> dict[tuple[type, object], str]:
    """By type and value: 1, 1.0 and True are the same key otherwise, and not the same value of an enum."""
    enum: type[Enum] | None = getattr(kind, "wrapped_cls", None)
    named = {}
    for value in [each for member in enum or () for each in (member, member.value)]:
        try:
            named[type(value), value] = kind.coerce_output_value(value)
        except Exception:  # a member that does not stand for itself is left to the slow way
            continue
    return named

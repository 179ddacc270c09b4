"""Valid operations of a schema, made up from a seed: every kind of selection, argument and directive."""

import json
import random
from typing import Any, NamedTuple

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
)

DEEPEST = 3
SCALARS: dict[str, list[object]] = {
    "Int": [0, 1, 2, 3, 5, -1],
    "Float": [0.5, 1, -2.25],
    "Boolean": [True, False],
    "String": ["a", "text 3", ""],
    "ID": ["1", "7", "text"],
    "Date": ["2026-01-01", "2027-02-03"],
}


class Operation(NamedTuple):
    text: str
    variables: dict[str, Any]


class Generator:
    def __init__(self, schema: GraphQLSchema, seed: str, ids: list[str] | None = None) -> None:
        """`ids`: such as the schema's fields find something by."""
        self.schema, self.chosen = schema, random.Random(seed)
        self.scalars = SCALARS | ({"ID": ids} if ids else {})
        self.fragments: list[str] = []
        self.variables: dict[str, tuple[str, Any]] = {}  # by name: type and value
        self.keys = 0

    def operation(self, kind: str, root: GraphQLObjectType) -> Operation:
        selected = self.selection(root, self.chosen.randint(1, 2), 0)
        declared = ", ".join(f"${name}: {type_}" for name, (type_, _) in self.variables.items())
        text = f"{kind} {f'({declared})' if declared else ''} {selected} {' '.join(self.fragments)}"
        return Operation(text, {name: value for name, (_, value) in self.variables.items() if value is not Undefined})

    def selection(self, type_: Any, most: int, depth: int) -> str:
        if is_abstract_type(type_) and (depth == DEEPEST or self.chosen.random() < 0.7):
            return self.abstract_selection(type_, most, depth)
        fields = [
            (name, field)
            for name, field in getattr(type_, "fields", {}).items()
            if depth < DEEPEST or is_leaf_type(get_named_type(field.type))
        ]
        picked = self.chosen.sample(fields, min(most, len(fields))) if fields else []
        parts = [self.wrapped(type_, self.field(type_, name, field, depth)) for name, field in picked]
        if not parts or self.chosen.random() < 0.15:
            parts.append("__typename")
        return f"{{ {' '.join(parts)} }}"

    def abstract_selection(self, type_: Any, most: int, depth: int) -> str:
        possible = self.schema.get_possible_types(type_)
        on = [f"... on {each.name} {self.selection(each, most, depth)}" for each in self.some(possible)]
        return f"{{ __typename {' '.join(on)} }}"

    def some(self, of: list[Any]) -> list[Any]:
        return self.chosen.sample(of, self.chosen.randint(1, min(2, len(of))))

    def field(self, parent: Any, name: str, field: GraphQLField, depth: int) -> str:
        """One whose response key nothing else in the operation has, unless it is the same field without arguments."""
        arguments = [f"{arg}: {value}" for arg, given in field.args.items() if (value := self.argument(given))]
        inner = get_named_type(field.type)
        selected = self.selection(inner, self.chosen.randint(1, 3), depth + 1) if is_composite_type(inner) else ""
        self.keys += 1
        alias = f"{name}_{parent.name}_{self.keys if arguments or self.chosen.random() < 0.1 else ''}: "
        given = f"({', '.join(arguments)})" if arguments else ""
        return f"{alias}{name}{given}{self.condition()} {selected}"

    def wrapped(self, type_: Any, selected: str) -> str:
        """As it is, twice, or in a fragment."""
        roll = self.chosen.random()
        if roll < 0.06:
            return f"... on {type_.name}{self.condition()} {{ {selected} }}"
        if roll < 0.12:
            self.fragments.append(f"fragment F{len(self.fragments)} on {type_.name} {{ {selected} }}")
            return f"...F{len(self.fragments) - 1}{self.condition()}"
        return f"{selected} ... {{ {selected} }}" if roll < 0.16 else selected

    def condition(self) -> str:
        if self.chosen.random() > 0.08:
            return ""
        directive, value = self.chosen.choice(["skip", "include"]), self.chosen.random() < 0.5
        given = self.variable("Boolean!", value) if self.chosen.random() < 0.5 else json.dumps(value)
        return f" @{directive}(if: {given})"

    def argument(self, argument: GraphQLArgument) -> str | None:
        is_required = isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined
        if not is_required and self.chosen.random() < 0.5:
            return None
        value = self.value(argument.type)
        if self.chosen.random() < 0.3:
            return self.variable(str(argument.type), value)
        return self.literal(argument.type, value)

    def variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = type_, value if type_.endswith("!") or self.chosen.random() < 0.8 else Undefined
        return f"${name}"

    def value(self, type_: GraphQLInputType) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self.value(type_.of_type)
        if isinstance(type_, GraphQLList):
            return [self.value(type_.of_type) for _ in range(self.chosen.randrange(3))]
        if isinstance(type_, GraphQLInputObjectType):
            wanted = [each for each in type_.fields.items() if self.chosen.random() < 0.7]
            return {name: self.value(field.type) for name, field in wanted}
        if isinstance(type_, GraphQLEnumType):
            return self.chosen.choice(list(type_.values))
        return self.chosen.choice(self.scalars.get(type_.name, ["?"]))

    def literal(self, type_: GraphQLInputType, value: Any) -> str:
        kind: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(kind, GraphQLList):
            return f"[{', '.join(self.literal(kind.of_type, item) for item in value)}]"
        if isinstance(kind, GraphQLInputObjectType):
            fields = kind.fields
            return (
                f"{{{', '.join(f'{name}: {self.literal(fields[name].type, each)}' for name, each in value.items())}}}"
            )
        return str(value) if isinstance(kind, GraphQLEnumType) else json.dumps(value)

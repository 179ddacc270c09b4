"""How many of a list are asked for beneath a field, however the operation says it."""

import pytest
import strawberry

from resolvers.lookahead import first_of


@strawberry.type
class Node:
    @strawberry.field
    def comments(self, first: int | None = None, after: str | None = None) -> int:
        return 0


@strawberry.type
class Query:
    @strawberry.field
    def node(self, info: strawberry.Info) -> Node:
        info.context.append(first_of(info, "comments", default=7))
        return Node()


schema = strawberry.Schema(Query)


@pytest.mark.parametrize(
    ("selected", "wanted"),
    [
        ("__typename", 0),
        ("comments", 7),
        ("comments(first: 3)", 3),
        ("a: comments(first: 3) b: comments(first: 5) c: comments", 7),
        ('comments(first: 3, after: "x")', 0),
        ("comments(first: $given)", 4),
        ("comments(first: $absent)", 7),
        ("a: comments(first: $given) b: comments(first: 9)", 9),
        ("a: comments(first: $given) b: comments(first: 2)", 4),
        ("... { ...F }", 6),
    ],
)
def test_the_largest_first_counts(selected: str, wanted: int) -> None:
    variables = ", ".join(f"${name}: Int" for name in ("given", "absent") if f"${name}" in selected)
    fragment = "fragment F on Node { comments(first: 6) }" if "...F" in selected else ""
    document = f"query Q{f'({variables})' * bool(variables)} {{ node {{ {selected} }} }} {fragment}"
    for _ in range(2):  # found, and known
        told: list[int] = []
        assert schema.execute_sync(document, {"given": 4}, context_value=told).errors is None
        assert told == [wanted]

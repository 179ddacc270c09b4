"""What a document may cost, judged before it is validated: linear in the document's size, and safe with cycles."""

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from rules.errors import TooCostly

NESTING_LIMIT = 100
"""Deepest nesting of selection sets, fragments spread out: measuring one level takes three of Python's 1,000 frames."""

TypeAndKey = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Cost:
    """`depth` of fields; the numbers of `aliases` and of `directives` once all fragments are spread out.

    A field that stands twice in one place counts as an alias: both ask for the same thing again.
    """

    depth: int = 0
    aliases: int = 0
    directives: int = 0

    def beside(self, other: "Cost") -> "Cost":
        depth = max(self.depth, other.depth)
        return Cost(depth, self.aliases + other.aliases, self.directives + other.directives)


def refuse_costly(document: DocumentNode, limit: Cost) -> None:
    """Raise TooCostly for the first operation that is over `limit` in any respect."""
    meter = _Meter(document)
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            cost = meter.operation(operation)
            _hold("is nested {cost} fields deep", cost.depth, limit.depth)
            _hold("has {cost} aliased or repeated fields", cost.aliases, limit.aliases)
            _hold("has {cost} directives", cost.directives, limit.directives)


def _hold(what: str, cost: int, limit: int) -> None:
    if cost > limit:
        shown = what.format(cost=cost if cost < 1_000_000 else "millions of")
        raise TooCostly(f"The operation {shown}; at most {limit}.", cost=min(cost, 2**31 - 1), limit=limit)


class _Meter:
    """Measures each fragment once, so that fragments which spread each other cost no more than their text."""

    def __init__(self, document: DocumentNode) -> None:
        definitions = document.definitions
        self._fragments = {node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)}
        self._known: dict[str, Cost] = {}

    def operation(self, node: OperationDefinitionNode) -> Cost:
        return Cost(directives=len(node.directives or ())).beside(self._selections(node.selection_set, set(), None, 0))

    def _selections(self, node: SelectionSetNode, seen: set[TypeAndKey], on: str | None, level: int) -> Cost:
        if level > NESTING_LIMIT:
            raise TooCostly("The document is nested too deeply.", cost=level, limit=NESTING_LIMIT)
        cost = Cost()
        for selection in node.selections:
            cost = cost.beside(Cost(directives=len(selection.directives or ())))
            cost = cost.beside(self._selection(selection, seen, on, level + 1))
        return cost

    def _selection(self, node: SelectionNode, seen: set[TypeAndKey], on: str | None, level: int) -> Cost:
        match node:
            case FieldNode():
                return self._field(node, seen, on, level)
            case InlineFragmentNode():
                on = node.type_condition.name.value if node.type_condition else on
                return self._selections(node.selection_set, seen, on, level)
            case FragmentSpreadNode():
                return self._fragment(node.name.value, level)
        return Cost()

    def _field(self, node: FieldNode, seen: set[TypeAndKey], on: str | None, level: int) -> Cost:
        key = on, (node.alias or node.name).value
        inner = self._selections(node.selection_set, set(), None, level) if node.selection_set else Cost()
        extra = node.alias is not None or key in seen
        seen.add(key)
        return Cost(inner.depth + 1, inner.aliases + extra, inner.directives)

    def _fragment(self, name: str, level: int) -> Cost:
        if name not in self._known:
            self._known[name] = Cost()  # what an unknown fragment and a cycle count: validation refuses both
            if fragment := self._fragments.get(name):
                inner = self._selections(fragment.selection_set, set(), None, level)
                self._known[name] = Cost(directives=len(fragment.directives or ())).beside(inner)
        return self._known[name]

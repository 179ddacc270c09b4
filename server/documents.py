"""GraphQL documents, parsed and validated once per text."""

import gc
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    StringValueNode,
    ValidationRule,
    parse,
    specified_rules,
    validate,
)
from strawberry import Schema
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from rules.errors import TooCostly
from server.limits import NESTING_LIMIT, Cost, refuse_costly
from server.operations import InvalidDocument, Operation
from settings import Settings

LONGEST_KEPT = 16_384
"""Characters of a document that is remembered; longer ones are mostly comment, or are not sent twice."""
JUDGED_MOST = 500
"""Documents that were not remembered, valid or not, after which their remains are cleared away."""


class NoNullCharacterRule(ValidationRule):
    """Postgres has no U+0000 in its texts, and nobody means it."""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:  # graphql-core's signature of a visitor
        if "\0" in node.value:
            self.report_error(GraphQLError("A text may not contain U+0000.", node))


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    tokens: int
    cost: Cost
    kept: int

    @classmethod
    def of(cls, settings: Settings) -> "DocumentLimits":
        cost = Cost(settings.document_depth, settings.document_aliases, settings.document_directives)
        return cls(settings.document_tokens, cost, settings.documents_cached)


class Document(NamedTuple):
    """A valid one, and those of its operations that have been asked for, by the names that the requests gave."""

    node: DocumentNode
    operations: dict[str | None, Operation]


class Documents:
    """Remembers the valid ones that were asked for last, `limits.kept` of them."""

    def __init__(self, schema: Schema, limits: DocumentLimits, *, introspection: bool) -> None:
        self._schema, self._limits, self._suggestions = schema, limits, introspection
        own = [MaybeNullValidationRule, OneOfInputValidationRule, NoNullCharacterRule]
        self._rules = [*specified_rules, *own, *([] if introspection else [NoSchemaIntrospectionCustomRule])]
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._judged = 0

    def operation(self, text: str, name: str | None) -> Operation:
        """The operation of this name, or the only one, of a valid document.

        Raises InvalidDocument, or TooCostly before any expensive rule has run.
        """
        document = self._document(text)
        operation = document.operations.get(name)
        if operation is None:
            operation = Operation(self._schema, document.node, name, suggestions=self._suggestions)
            document.operations[name] = operation
        return operation

    def _document(self, text: str) -> "Document":
        if document := self._kept.get(text):
            self._kept.move_to_end(text)
            return document
        self._clear_up_if_due()
        node = self._parsed(text)
        refuse_costly(node, self._limits.cost)
        if errors := validate(self._schema._schema, node, self._rules, hide_suggestions=not self._suggestions):
            raise InvalidDocument(errors)
        document = Document(node, {})
        if len(text) <= LONGEST_KEPT:
            self._keep(text, document)
        return document

    def _parsed(self, text: str) -> DocumentNode:
        try:
            return _without_cycles(parse(text, max_tokens=self._limits.tokens))
        except GraphQLError as error:
            # graphql-core tells its limits apart from bad syntax by their text alone.
            if "tokens. Parsing aborted" in error.message:
                tokens = self._limits.tokens
                raise TooCostly(f"The document has more than {tokens} tokens.", cost=tokens + 1, limit=tokens) from None
            if "nested too deeply" in error.message:
                raise TooCostly(
                    "The document is nested too deeply.", cost=NESTING_LIMIT + 1, limit=NESTING_LIMIT
                ) from None
            raise InvalidDocument([error]) from None

    def _clear_up_if_due(self) -> None:
        """graphql-core's rules and our plans are full of cycles, and documents that give way are old by then.

        As `server.serving.spare_the_loop` has set it, the garbage collector would hardly ever look there by itself.
        """
        self._judged += 1
        if self._judged % JUDGED_MOST == 0:
            gc.collect()

    def _keep(self, text: str, document: "Document") -> None:
        self._kept[text] = document
        if len(self._kept) > self._limits.kept:
            self._kept.popitem(last=False)


def _without_cycles(document: DocumentNode) -> DocumentNode:
    """Its tokens know the next ones, but not those before them: so it need not wait for the garbage collector."""
    token = document.loc.start_token if document.loc else None
    while token is not None:
        token.prev = None
        token = token.next
    return document

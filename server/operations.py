"""One GraphQL operation of a valid document: which it is, whether it signs in, the errors that clients see."""

from collections.abc import Iterator
from functools import cached_property

import structlog
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationType,
    SelectionSetNode,
    get_operation_ast,
)
from strawberry import Schema

from execution.prepared import Prepared
from server.answers import Refused, as_refusal

SIGN_IN_FIELDS = {"signUp", "logIn", "refreshSession", "requestPasswordReset", "resetPassword"}
"""Mutations that ignore the Authorization header, so that an expired token is no obstacle to getting a new one."""

log = structlog.get_logger()


class InvalidDocument(Exception):
    """It does not parse, breaks the rules of the schema, or has not the operation that is asked for."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


class Operation:
    """Kept with its document: what is found out about it is known to all who ask the same."""

    def __init__(self, schema: Schema, document: DocumentNode, name: str | None, *, suggestions: bool) -> None:
        """`name`: as the request has it. Raises InvalidDocument where that does not tell which operation is meant."""
        node = get_operation_ast(document, name or None)
        if node is None:
            raise InvalidDocument([GraphQLError(_unknown(name))])
        self.document, self.node = document, node
        self.type = node.operation
        self.title = node.name.value if node.name else ""
        """The name that its document gives it; empty where it has none."""
        self.prepared = Prepared(schema, document, name or None, suggestions=suggestions)

    @cached_property
    def signs_in(self) -> bool:
        if self.type is not OperationType.MUTATION:
            return False
        fields = {node.name.value for node in self.root_fields if not node.name.value.startswith("__")}
        return bool(fields) and fields <= SIGN_IN_FIELDS

    @cached_property
    def reads_feed(self) -> bool:
        """Whether it is a query of the viewer's home feed."""
        viewers = [node.selection_set for node in self.root_fields if node.name.value == "viewer"]
        fields = [node.name.value for each in viewers if each is not None for node in self._fields(each)]
        return self.type is OperationType.QUERY and "feed" in fields

    @property
    def root_fields(self) -> list[FieldNode]:
        """As the document has them, fragments spread out."""
        return list(self._fields(self.node.selection_set))

    def _fields(self, selections: SelectionSetNode) -> Iterator[FieldNode]:
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                yield selection
            elif isinstance(selection, FragmentSpreadNode):
                yield from self._fields(self._fragment(selection.name.value).selection_set)
            else:
                yield from self._fields(selection.selection_set)  # type: ignore[attr-defined]  # an inline fragment

    def _fragment(self, name: str) -> FragmentDefinitionNode:
        fragments = (node for node in self.document.definitions if isinstance(node, FragmentDefinitionNode))
        return next(node for node in fragments if node.name.value == name)


def _unknown(name: str | None) -> str:
    if name:
        return f"There is no operation named '{name}'."
    return "`operationName` must tell which operation is meant."


def response_body(result: ExecutionResult, request_id: str) -> dict[str, object]:
    """The `data` with its `errors`; raises Refused where it was not begun, because its variables do not fit."""
    if not result.errors:
        return {"data": result.data}
    errors = [shown(error, request_id) for error in result.errors]
    if any(error.path is None for error in result.errors):
        raise Refused(400, errors, well_formed=True)
    return {"data": result.data, "errors": errors}


def shown(error: GraphQLError, request_id: str) -> dict[str, object]:
    """The error as clients see it: refusals and faults of the request as they are, the rest masked, and logged."""
    formatted: dict[str, object] = {**error.formatted}
    if refusal := as_refusal(error.original_error):
        formatted |= {"message": str(refusal), "extensions": refusal.extensions}
    elif _is_fault_of_request(error):
        formatted["extensions"] = {"code": "BAD_REQUEST"}
    else:
        log.error("field failed", path=error.path, exc_info=error.original_error or error)
        formatted |= internal(request_id)
    return formatted


def internal(request_id: str) -> dict[str, object]:
    extensions = {"code": "INTERNAL", "requestId": request_id}
    return {"message": "Something went wrong on our side.", "extensions": extensions}


def _is_fault_of_request(error: GraphQLError) -> bool:
    """All are before execution; in it, those that graphql-core pins to a place in the document: misfit arguments."""
    cause = error.original_error
    return error.path is None or (isinstance(cause, GraphQLError) and bool(cause.nodes))

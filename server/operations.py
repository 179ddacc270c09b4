"""One GraphQL operation of a valid document: which it is, whether it signs in, the errors that clients see."""

from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_operation_ast,
)

from server.answers import Refused, as_refusal
from server.documents import InvalidDocument

SIGN_IN_FIELDS = {"signUp", "logIn", "refreshSession", "requestPasswordReset", "resetPassword"}
"""Mutations that ignore the Authorization header, so that an expired token is no obstacle to getting a new one."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Operation:
    document: DocumentNode
    node: OperationDefinitionNode
    name: str | None  # as the request has it

    @classmethod
    def of(cls, document: DocumentNode, name: str | None) -> "Operation":
        """Raises InvalidDocument where the request does not tell which operation is meant."""
        if node := get_operation_ast(document, name or None):
            return cls(document, node, name or None)
        known = (
            f"There is no operation named '{name}'." if name else "`operationName` must tell which operation is meant."
        )
        raise InvalidDocument([GraphQLError(known)])

    @property
    def type(self) -> OperationType:
        return self.node.operation

    @property
    def title(self) -> str:
        """The name that its document gives it; empty where it has none."""
        return self.node.name.value if self.node.name else ""

    @property
    def signs_in(self) -> bool:
        if self.type is not OperationType.MUTATION:
            return False
        fields = {node.name.value for node in self.root_fields if not node.name.value.startswith("__")}
        return bool(fields) and fields <= SIGN_IN_FIELDS

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


def response_body(result: ExecutionResult, request_id: str) -> dict[str, object]:
    """The `data` with its `errors`; raises Refused where it was not begun, because its variables do not fit."""
    errors = [shown(error, request_id) for error in result.errors or ()]
    if any(error.path is None for error in result.errors or ()):
        raise Refused(400, errors, well_formed=True)
    return {"data": result.data, "errors": errors} if errors else {"data": result.data}


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

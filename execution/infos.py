"""What resolvers are told about the field that they resolve.

All rows of a field share what they are told, but for the path in the response. That is found only for who asks:
graphql-core makes one for every value, here no row knows where it stands.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from graphql import GraphQLResolveInfo
from graphql.pyutils import Path, gather_with_cancel
from graphql.type import GraphQLResolveInfoHelpers
from strawberry.execution import optimized_is_awaitable as is_awaitable
from strawberry.schema.schema import _OperationContextAwareGraphQLResolveInfo

from execution.failures import Entrusted

if TYPE_CHECKING:
    from execution.plan import Field
    from execution.projection import Out
    from execution.running import Run


_tracked: set[asyncio.Future[Any]] = set()


def _track(values: Sequence[Any]) -> None:
    """What is still under way when the operation ends goes on; if it fails, nobody need know."""

    def done(future: asyncio.Future[Any]) -> None:
        _tracked.discard(future)
        if not future.cancelled():
            future.exception()

    for value in values:
        if is_awaitable(value):
            future = asyncio.ensure_future(value)
            _tracked.add(future)
            future.add_done_callback(done)


HELPERS = GraphQLResolveInfoHelpers(gather=lambda each: gather_with_cancel(*each), track=_track)
"""graphql-core's are its executor's own, and point at it."""


class Whereabouts(NamedTuple):
    """Stands in an info where graphql-core has the path: of the field in `out`; of no row in particular without."""

    run: "Run"
    field: "Field"
    out: "Out | None" = None

    def path(self) -> Path:
        keys = () if self.out is None else self.run.whereabouts.of(self.out)
        return typed_path(self.field, keys)


class RowInfo(_OperationContextAwareGraphQLResolveInfo):
    """Strawberry's info of a field, its path found when it is asked for."""

    @property
    def path(self) -> Path:
        whereabouts: Any = self[4]  # declared a path
        return cast("Whereabouts", whereabouts).path()


PATH, ROOT, CONTEXT, HELPERS_AT = map(
    GraphQLResolveInfo._fields.index, ("path", "root_value", "context", "async_helpers")
)


def infos(run: "Run", field: "Field") -> "Callable[[Out | None], GraphQLResolveInfo[Any]]":
    """What gives the info of a field for the row whose object in the response is given."""
    values = (run.core.made.get(field) or _common(run, field)).copy()
    values[ROOT], values[CONTEXT] = run.root_value, run.context(field)

    def info_of(out: "Out | None") -> Any:  # Strawberry's is no subclass of graphql-core's
        values[PATH] = Whereabouts(run, field, out)
        return tuple.__new__(RowInfo, values)

    return info_of


def _common(run: "Run", field: "Field") -> list[Any]:
    """What the infos of a field have in all executions, in its places."""
    definition, nodes, type_ = field.definition, field.nodes, field.parent_type
    values = list(run.core.build_resolve_info(definition, nodes, type_, None))  # type: ignore[arg-type]
    values[HELPERS_AT] = HELPERS
    values[ROOT] = values[CONTEXT] = None
    run.core.made[field] = values
    return values


def typed_path(field: "Field", keys: "tuple[str | int, ...]") -> Path:
    """graphql-core's path of `field` in the object at `keys`; without list indices where these are not known."""
    fields: list[Field] = []
    above = field.parent.field
    while above is not None:
        fields.append(above)
        above = above.parent.field
    path: Path | None = None
    for key in keys or tuple(each.key for each in reversed(fields)):
        path = Path(path, key, fields.pop().parent_type.name if isinstance(key, str) else None)
    return Path(path, field.key, field.parent_type.name)


class ResponseIndex:
    """Where the objects, lists and entrusted values of a response stand, looked up again whenever one is not known."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._places: dict[int, tuple[Any, str | int]] = {}  # by id: what holds it, under which key

    def of(self, sought: Any) -> tuple[str | int, ...]:
        """The keys that lead to it; none where a null has taken it out of the response."""
        if id(sought) not in self._places:
            self._places.clear()
            self._note(self._run.data)
        keys: list[str | int] = []
        while sought is not self._run.data:
            if id(sought) not in self._places:
                return ()
            sought, key = self._places[id(sought)]
            keys.append(key)
        return tuple(reversed(keys))

    def _note(self, node: Any) -> None:
        items = node.items() if isinstance(node, dict) else enumerate(node or ())
        for key, value in items:
            if type(value) in (dict, list, Entrusted):
                self._places[id(value)] = node, key
                if type(value) is not Entrusted:
                    self._note(value)

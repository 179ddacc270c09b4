"""Edges: the loader is asked once, for the keys of a whole level."""

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from execution.edges import Edge
from execution.loader import Values

if TYPE_CHECKING:
    from execution.plan import Field
    from execution.projection import Out, Rows
    from execution.running import Run


class EdgeFetch:
    """Of an edge: the rows' keys are gathered, and the field is completed when their batches are done."""

    def __init__(self, field: "Field", edge: Edge) -> None:
        self.field, self.edge = field, edge

    def fetch(self, rows: "Rows", outs: "list[Out]", run: "Run") -> None:
        try:
            loader = run.context(self.field).loaders[self.edge.loader]
            keys = self._keys(rows)
            asked = loader.load_many(keys.wanted)
        except Exception as error:
            run.complete(self.field, outs, [error] * len(rows))
            return
        run.work.when(asked.pending, lambda: run.complete(self.field, outs, self._values(keys, asked)))

    def _keys(self, rows: "Rows") -> "Keys":
        if not self.edge.many:
            with suppress(Exception):  # then one by one, to tell which row has no key that can be asked for
                keys: list[Any] = list(map(self.edge.key, rows))
                if None not in set(keys):
                    return Keys(keys, keys)
        keys = [self._key(row) for row in rows]
        usable: list[Any] = [key for key in keys if type(key) is not NoKey]
        wanted = list(chain.from_iterable(usable)) if self.edge.many else usable
        return Keys(keys, wanted)

    def _key(self, row: Any) -> Any:
        try:
            key: Any = self.edge.key(row)
            key = list(key) if self.edge.many else key
            hash(tuple(key) if self.edge.many else key)
        except Exception as error:
            return NoKey(error)
        return NoKey(None) if key is None else key

    def _values(self, keys: "Keys", asked: Values[Any, Any]) -> list[Any]:
        errors = asked.errors()
        if keys.wanted is keys.of_rows and not errors:
            return asked.all()
        value = self._list if self.edge.many else self._one
        return [key.value if type(key) is NoKey else value(key, asked, errors) for key in keys.of_rows]

    def _one(self, key: Any, asked: Values[Any, Any], errors: dict[Any, BaseException]) -> Any:
        return errors[key] if key in errors else asked[key]

    def _list(self, keys: list[Any], asked: Values[Any, Any], errors: dict[Any, BaseException]) -> Any:
        """What is not found is left out, as `edge` promises."""
        failed = next((errors[key] for key in keys if key in errors), None) if errors else None
        return failed or [value for value in map(asked.__getitem__, keys) if value is not None]


class NoKey(NamedTuple):
    """A row has none to ask for, and `value` instead of an answer: null, or what reading the key raised."""

    value: Exception | None


class Keys(NamedTuple):
    of_rows: list[Any]  # keys, lists of keys where the edge has many, `NoKey`s
    wanted: list[Any]  # what the loader is asked for; the same list, where each row has one key

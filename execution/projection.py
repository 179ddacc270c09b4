"""Generated code: the attributes of all rows of a level, read in one loop.

For the selection `{ id caption author { … } media { … } }` of posts, `author` an edge and `media` an attribute:

    def project(rows, run):
        outs = []
        add = outs.append
        for row in rows:
            try:
                out = {
                    'id': v if type(v := row.id) is str else leaf0(v, run),
                    'caption': v if type(v := row.caption) is str else leaf1(v, run),
                    'author': None,
                    'media': row.media,
                }
            except Exception:
                out = one_by_one(row, run)
            add(out)
        return outs

What has objects or lists in it is completed afterwards, for all rows at once; `None` keeps the place of what must be
fetched. Names of the client's only enter the code through `repr`.

Of rows that bear `kept`, only those are read of which nothing is kept. The others get a copy of what is, or the very
object, where nothing is left to do for it.
"""

from collections.abc import Callable
from keyword import iskeyword
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from execution.coercion import Globals, code, leaf_expression
from execution.completing import STAND_INS, LeafCompleter
from execution.rows import KEPT_MOST

if TYPE_CHECKING:
    from execution.plan import Field, Shape
    from execution.running import Run

Out = dict[str, Any]
Rows = list[Any]  # whatever resolvers and loaders give
Project = Callable[[Rows, "Run"], list[Out]]

TEMPLATE = """
def project(rows, run):
    outs = []
    add = outs.append
    for row in rows:
        try:
            out = {{{items}}}
        except Exception:
            out = one_by_one(row, run)
        add(out)
    return outs
"""


def compiled(constants: dict[str, Any], fields: dict[str, "Field"]) -> Project:
    """The function for a selection: by response key, in order, a constant or a field of the row's."""
    attributes = {key: field for key, field in fields.items() if field.read is not None}

    def one_by_one(row: Any, run: "Run") -> Out:
        """The slow way, for a row with an attribute that cannot be read."""
        return constants | {key: _read(field, row, run) for key, field in attributes.items()}

    names: Globals = {"one_by_one": one_by_one}
    items = [f"{key!r}: {_item(key, value, attributes, names)}" for key, value in constants.items()]
    exec(code(TEMPLATE.format(items=", ".join(items)), "exec"), names)
    project: Project = names["project"]
    return project


def bear_kept(rows: Rows) -> bool:
    """Whether they do: rows of a level are alike."""
    return hasattr(rows[0], "kept")


def from_kept(rows: Rows, run: "Run", shape: "Shape", project: Project) -> list[Out]:
    """What is kept of the rows for this shape; where nothing is, it is projected, and kept where they can bear it."""
    bearers = [getattr(row, "kept", None) for row in rows]
    outs: list[Any] = [kept.get(shape) if kept else None for kept in bearers]
    new = [at for at, out in enumerate(outs) if out is None]
    if new:
        for at, out in zip(new, project([rows[at] for at in new], run), strict=True):
            outs[at] = out
            if (kept := bearers[at]) is not None:
                keep(kept, shape, out)
    return outs


def keep(kept: dict["Shape", Out], shape: "Shape", out: Out) -> None:
    """For the next operation that asks the same of this row, unless something in it stands for an error."""
    if STAND_INS.isdisjoint(map(type, out.values())):
        if len(kept) >= KEPT_MOST:
            kept.clear()
        kept[shape] = out


def _item(key: str, constant: Any, attributes: dict[str, "Field"], names: Globals) -> str:
    field = attributes.get(key)
    if field is None:
        return repr(constant)
    got = _attribute(field, names)
    if not isinstance(field.completer, LeafCompleter):
        return got
    slow = f"leaf{len(names)}"
    names[slow] = field.completer.one
    return leaf_expression(field.completer.kind, got, slow, field.completer.known, names)


def _attribute(field: "Field", names: Globals) -> str:
    name = field.attribute or ""
    if isinstance(field.read, attrgetter) and not iskeyword(name):
        return f"row.{name}"
    read = f"read{len(names)}"
    names[read] = field.read
    return f"{read}(row)"


def _read(field: "Field", row: Any, run: "Run") -> Any:
    assert field.read is not None
    try:
        value = field.read(row)
    except Exception as error:
        value = error
    return field.completer.one(value, run) if isinstance(field.completer, LeafCompleter) else value

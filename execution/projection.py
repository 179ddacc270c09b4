"""Generated code: the attributes of all rows of a level, read in one loop.

For the selection `{ id caption author { … } media { … } }` of posts, `author` an edge and `media` an attribute:

    def project(rows, run):
        outs = []
        add = outs.append
        for row in rows:
            try:
                add({
                    'id': v if type(v := row.id) is str else leaf0(v, run),
                    'caption': v if type(v := row.caption) is str else leaf1(v, run),
                    'author': None,
                    'media': row.media,
                })
            except Exception:
                add(one_by_one(row, run))
        return outs

What has objects or lists in it is completed afterwards, for all rows at once; `None` keeps the place of what must be
fetched. Names of the client's only enter the code through `repr`.
"""

from collections.abc import Callable
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from execution.coercion import Globals, code, leaf_expression
from execution.completing import LeafCompleter

if TYPE_CHECKING:
    from execution.plan import Field
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
            add({{{items}}})
        except Exception:
            add(one_by_one(row, run))
    return outs
"""


def compiled(constants: dict[str, Any], fields: dict[str, "Field"]) -> Project:
    """The function for a selection: by response key, in order, a constant or a field of the row's."""
    attributes = {key: field for key, field in fields.items() if field.attribute is not None}

    def one_by_one(row: Any, run: "Run") -> Out:
        """The slow way, for a row with an attribute that cannot be read."""
        return constants | {key: _read(field, row, run) for key, field in attributes.items()}

    names: Globals = {"one_by_one": one_by_one}
    items = [f"{key!r}: {_item(key, value, attributes, names)}" for key, value in constants.items()]
    exec(code(TEMPLATE.format(items=", ".join(items)), "exec"), names)
    project: Project = names["project"]
    return project


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
    if field.getter is getattr and name.isidentifier() and not iskeyword(name):
        return f"row.{name}"
    getter = f"get{len(names)}"
    names[getter] = field.getter
    return f"{getter}(row, {name!r})"


def _read(field: "Field", row: Any, run: "Run") -> Any:
    try:
        value = field.getter(row, field.attribute)
    except Exception as error:
        value = error
    return field.completer.one(value, run) if isinstance(field.completer, LeafCompleter) else value

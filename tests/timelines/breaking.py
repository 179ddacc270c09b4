"""Modules of the product with some of their text replaced, for as long as a test runs."""

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import NamedTuple


class Edit(NamedTuple):
    """Text that stands once in a module, and what is put in its place."""

    module: str
    old: str
    new: str


@contextmanager
def broken(edits: Sequence[Edit]) -> Iterator[None]:
    """The modules are run anew with the edits; everybody who asks a module for a function gets the edited one."""
    names = list(dict.fromkeys(edit.module for edit in edits))
    before = {name: dict(vars(import_module(name))) for name in names}
    try:
        for name in names:
            _run_anew(name, [edit for edit in edits if edit.module == name])
        yield
    finally:
        for name in names:
            vars(import_module(name)).update(before[name])


def _run_anew(name: str, edits: Sequence[Edit]) -> None:
    module = import_module(name)
    source = inspect.getsource(module)
    for edit in edits:
        assert source.count(edit.old) == 1, f"{name} has not this text, once: {edit.old}"
        source = source.replace(edit.old, edit.new)
    exec(compile(source, str(module.__file__), "exec"), vars(module))

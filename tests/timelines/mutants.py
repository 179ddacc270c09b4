"""The protocol with one of its rules broken: what the state machine must be able to find."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import NamedTuple


class Edit(NamedTuple):
    """Text that stands once in a module, and what is put in its place."""

    module: str
    old: str
    new: str


SCRIPTS, FEED, TIMELINES = "stores.redis.scripts", "services.feed", "services.timelines"

MUTANTS: dict[str, list[Edit]] = {
    "a trim leaves the floor": [Edit(SCRIPTS, "if lowest > floor then floor = lowest end", "")],
    "a cut rebuild claims to be complete": [
        Edit(TIMELINES, "if len(found.feed_ids) > cap else 0\n", "if False else 0\n")
    ],
    "below the floor there is nothing": [Edit(FEED, "min(below, header.floor) if reached_floor else 0", "0")],
}


@contextmanager
def broken(edits: list[Edit]) -> Iterator[None]:
    """The modules are run anew with the edits; everybody who asks a module for a function gets the edited one."""
    names = list(dict.fromkeys(edit.module for edit in edits))
    before = {name: dict(vars(import_module(name))) for name in names}
    try:
        for name in names:
            module = import_module(name)
            source = inspect.getsource(module)
            for edit in edits:
                if edit.module == name:
                    assert source.count(edit.old) == 1, f"{name} has not this text, once: {edit.old}"
                    source = source.replace(edit.old, edit.new)
            exec(compile(source, str(module.__file__), "exec"), vars(module))
        yield
    finally:
        for name in names:
            vars(import_module(name)).update(before[name])

"""Values that graphql-core completes: what has arrived, it alone, with everything below it."""

from inspect import iscoroutine
from typing import TYPE_CHECKING, Any

from graphql.execution.executor import Executor
from graphql.pyutils import Path
from strawberry.execution import optimized_is_awaitable as is_awaitable

from execution.another import another
from execution.failures import Entrusted
from execution.infos import typed_path

if TYPE_CHECKING:
    from execution.running import Run


def complete_by_core(run: "Run", entrusted: Entrusted) -> None:
    """At once, or when what it waits for has arrived. Where a null has taken it out of the response, not at all."""
    keys = run.whereabouts.of(entrusted)
    if not keys:
        if iscoroutine(entrusted.value):
            entrusted.value.close()
        return
    # Another one, so that its errors are told apart: they count only if they are still in the response when it is done.
    core = another(run.core, run.context_value, run.root_value)
    try:
        completed = _completed(core, entrusted, keys)
    except Exception as error:
        completed = error
    if is_awaitable(completed):
        run.work.call([completed], lambda outcomes: _done(run, core, entrusted, outcomes[0]))
    else:
        _done(run, core, entrusted, completed)


def _completed(core: Executor[Any], entrusted: Entrusted, keys: tuple[str | int, ...]) -> Any:
    field, type_, value = entrusted.completer.field, entrusted.completer.type, entrusted.value
    depth = max(at for at, key in enumerate(keys) if isinstance(key, str))
    path: Path = typed_path(field, keys[:depth])
    info = core.build_resolve_info(field.definition, field.nodes, field.parent_type, path)
    for index in keys[depth + 1 :]:
        path = path.add_key(index)

    def complete(value: Any) -> Any:
        return core.complete_value(type_, field.details, info, path, value, None)

    return _when_awaited(value, complete) if is_awaitable(value) else complete(value)


async def _when_awaited(value: Any, complete: Any) -> Any:
    completed = complete(await value)
    return await completed if is_awaitable(completed) else completed


def _done(run: "Run", core: Executor[Any], entrusted: Entrusted, outcome: Any) -> None:
    entrusted.done = True
    entrusted.errors = core.collected_errors.errors
    if isinstance(outcome, Exception):
        entrusted.error = outcome
    else:
        entrusted.result = outcome
    run.has_unsettled = True

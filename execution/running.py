"""One execution of a plan: field by field for a whole level, in bursts."""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property
from types import CoroutineType, GeneratorType
from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult, GraphQLError, GraphQLResolveInfo
from strawberry.execution import optimized_is_awaitable as is_awaitable

from execution.completing import Completer
from execution.entrusting import complete_by_core
from execution.failures import Entrusted, Failed, Place, settle
from execution.infos import ResponseIndex, infos
from execution.stamps import KeptAnswers, Unkept
from execution.waiting import Work

if TYPE_CHECKING:
    from execution.executor import BatchedExecutor
    from execution.plan import Field, Plan
    from execution.projection import Out, Rows


class Run:
    """Everything that needs no waiting is done at once, in a burst: first when the operation starts, then whenever
    something arrives. A burst ends when no field is ready; its errors are settled then.

    `core` is graphql-core's executor of this operation: it knows the variables and how to complete what is odd. It
    executes nothing by itself, and may be shared with other executions, of other contexts and roots.
    """

    def __init__(self, core: "BatchedExecutor", context: Any, root: Any) -> None:
        self.core, self.context_value, self.root_value = core, context, root
        self.data: Out | None = None
        self.errors: list[GraphQLError] = []
        self.work = Work(self._burst, lambda: self.data is not None)
        self.ready: deque[tuple[Field, Rows, list[Out]]] = deque()
        self.has_unsettled = False  # whether something in the response stands for an error or a late value
        self._entrusted: list[Entrusted] = []
        self.answers: KeptAnswers | None = getattr(context, "answers", None)
        self.unkept: list[tuple[Unkept, Callable[[], bool]]] = []  # with whether it comes of stamps alone
        self._contexts: dict[Field | None, Any] = {}  # beneath fields that have given one
        self._infos: dict[Field, GraphQLResolveInfo[Any]] = {}

    def response(self, plan: "Plan") -> ExecutionResult | Awaitable[ExecutionResult]:
        """At once where nothing needs waiting for."""
        data = self.data = plan.root.constants.copy()
        for at, fields in enumerate(plan.steps):
            self._step(fields, data)
            if self.work.is_under_way:
                return self._rest(plan.steps[at + 1 :], data)
            if self.data is None:
                break
        return self._result()

    async def _rest(self, steps: "Sequence[list[Field]]", data: "Out") -> ExecutionResult:
        """A null that reaches the top ends the operation: what has not begun then does not run."""
        await self.work.done()
        for fields in steps:
            if self.data is None:
                break
            self._step(fields, data)
            await self.work.done()
        return self._result()

    def _step(self, fields: "list[Field]", data: "Out") -> None:
        self.ready.extend((field, [self.root_value], [data]) for field in fields)
        self._burst()

    def _result(self) -> ExecutionResult:
        """Lets go of all that points back here: the answer and its rows are not to wait for the garbage collector."""
        data, self.data = self.data, None
        if self.answers is not None and not self.errors:
            for unkept, is_told in self.unkept:
                if is_told():
                    self.answers.keep(unkept)
        self.unkept.clear()
        self._contexts.clear()
        self._infos.clear()
        self.__dict__.pop("whereabouts", None)
        del self.work
        return ExecutionResult(data, self.errors or None)

    @cached_property
    def whereabouts(self) -> ResponseIndex:
        return ResponseIndex(self)

    # What fields do

    def complete(self, field: "Field", outs: "list[Out]", values: list[Any]) -> None:
        """Put what becomes of a field's values into the response."""
        key = field.key
        for out, result in zip(outs, field.completer.complete(values, self), strict=True):
            out[key] = result

    def arrive(self, field: "Field", outs: "list[Out]", values: list[Any]) -> None:
        """Complete the values that a resolver gave: at once, or when they have been awaited."""
        waits = _places_of_awaitables(field, values)
        if not waits:
            self.complete(field, outs, values)
            return
        if len(waits) < len(values):
            rest = sorted(set(range(len(values))) - set(waits))
            self.complete(field, [outs[at] for at in rest], [values[at] for at in rest])
        late = [outs[at] for at in waits]
        self.work.call([values[at] for at in waits], lambda results: self.complete(field, late, results))

    def failed(self, error: Exception, place: Place) -> Failed:
        self.has_unsettled = True
        return Failed(error, place)

    def entrust(self, value: Any, completer: Completer) -> Entrusted:
        """Let graphql-core complete this value, at the end of the burst: then it stands where it can be found."""
        self.answers = None  # graphql-core knows of no context but the operation's
        left = Entrusted(value, completer)
        self._entrusted.append(left)
        return left

    def enter(self, field: "Field", context: Any) -> None:
        """Resolve what is beneath a field in a context of its own."""
        if field in self._contexts:
            self.answers = None  # what is still under way beneath it has two
        self._contexts[field] = context

    def context(self, field: "Field") -> Any:
        """What the field's resolver, or its edge, is given."""
        return self._contexts.get(field.within, self.context_value)

    def info(self, field: "Field") -> GraphQLResolveInfo[Any]:
        """Of the field, for no row in particular."""
        info = self._infos.get(field)
        if info is None:
            info = self._infos[field] = infos(self, field)(None)
        return info

    # Bursts

    def _burst(self) -> None:
        while self.ready or self._entrusted:
            while self.ready:
                field, rows, outs = self.ready.popleft()
                field.fetch(rows, outs, self)
            left, self._entrusted = self._entrusted, []
            for each in left:
                complete_by_core(self, each)
        if self.has_unsettled:
            self.has_unsettled = False
            self._settle()
        self.work.keep_going()

    def _settle(self) -> None:
        raised = None if self.data is None else settle(self.data, [], self.errors)
        if raised is not None:
            self.errors.append(raised.error)
            self.data = None


def _places_of_awaitables(field: "Field", values: list[Any]) -> list[int]:
    if len(values) == 1 and type(values[0]) in field.plain:
        return []
    kinds = set(map(type, values))
    if field.plain.issuperset(kinds):
        return []
    if kinds == {CoroutineType}:
        return list(range(len(values)))
    if not any(hasattr(kind, "__await__") or kind is GeneratorType for kind in kinds):
        field.plain |= kinds
        return []
    return [at for at, value in enumerate(values) if is_awaitable(value)]

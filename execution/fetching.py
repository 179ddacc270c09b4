"""How a field gets its values for all rows of a level at once: from attributes, an edge's loader, or its resolver."""

from collections.abc import Callable, Hashable
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from strawberry.execution import optimized_is_awaitable as is_awaitable
from strawberry.types.field import StrawberryField

from execution.arguments import Arguments, are_immutable, arguments_of, strawberry_schema, values_of
from execution.asking import EdgeFetch
from execution.completing import ListCompleter
from execution.edges import Edge
from execution.infos import infos
from execution.levels import Level, values_for
from execution.loader import Values
from execution.stamps import Stamped, Unkept

if TYPE_CHECKING:
    from execution.plan import Field
    from execution.projection import Out, Rows
    from execution.running import Run

Fetch = Callable[["Rows", "list[Out]", "Run"], None]
"""Gets the values of a field for rows, whose objects in the response are given, and lets `run` complete them."""


def fetch_of(field: "Field") -> Fetch:
    if field.read is not None and field.parent.field is not None:
        return lambda _, outs, run: run.complete(field, outs, [out[field.key] for out in outs])  # as projected
    strawberry = field.strawberry
    if strawberry is not None and not has_more_to_it(field, strawberry):
        declared: Edge | None = strawberry.metadata.get(Edge)
        if declared is not None:
            return EdgeFetch(field, declared).fetch
        level: Level | None = strawberry.metadata.get(Level)
        if isinstance(level, Stamped):
            return StampedFetch(field, strawberry, level).fetch
        return Resolver(field, strawberry).fetch if level is None else LevelFetch(field, strawberry, level).fetch
    return lambda rows, outs, run: run.arrive(field, outs, _from_any(field, rows, outs, run))


def has_more_to_it(field: "Field", strawberry: StrawberryField) -> bool:
    """Whether Strawberry does more for the field than to call its resolver."""
    return (
        strawberry.base_resolver is None
        or bool(strawberry.extensions)
        or strawberry.is_subscription
        or bool(field.selected.schema._strawberry_schema.schema_converter.exception_handlers)  # type: ignore[attr-defined]
        or type(strawberry).get_result is not StrawberryField.get_result
    )


def _from_any(field: "Field", rows: "Rows", outs: "list[Out]", run: "Run") -> list[Any]:
    """As graphql-core does it: with arguments and an info of each row's own."""
    resolve = field.definition.resolve or run.core.field_resolver
    info_of, has_arguments = infos(run, field), field.definition.args or field.nodes[0].arguments
    values = []
    for row, out in zip(rows, outs, strict=True):
        try:
            values.append(resolve(row, info_of(out), **(arguments_of(field, run) if has_arguments else {})))
        except Exception as error:
            values.append(error)
    return values


class LevelFetch:
    """A resolver of all rows together, called once."""

    def __init__(self, field: "Field", strawberry: StrawberryField, level: Level) -> None:
        self.field, self.resolver, self.arguments = field, level.resolver, Arguments(field, strawberry)

    def fetch(self, rows: "Rows", outs: "list[Out]", run: "Run") -> None:
        def arrive(answered: Any) -> None:
            run.arrive(self.field, outs, values_for(rows, answered))

        _call(lambda: self.resolver(rows, self.arguments.info(run), **self.arguments.given(run).values), arrive, run)


class StampedFetch:
    """A list, of which the items whose answers are not kept are resolved together."""

    def __init__(self, field: "Field", strawberry: StrawberryField, stamped: Stamped) -> None:
        assert isinstance(field.completer, ListCompleter), "what is stamped is a list"
        self.field, self.item, self.stamped = field, field.completer.item, stamped
        self.name, self.arguments = strawberry.python_name, Arguments(field, strawberry)

    def fetch(self, rows: "Rows", outs: "list[Out]", run: "Run") -> None:
        try:
            info = self.arguments.info(run)
            lists = [list(getattr(row, self.name)) for row in rows]
            items = list(chain.from_iterable(lists))
            selection = self._selection(run)
            stamps = [None] * len(items) if selection is None else self.stamped.stamps(items, info)
        except Exception as error:
            run.complete(self.field, outs, [error] * len(rows))
            return
        answers = [None] * len(items) if run.answers is None else run.answers.get(selection, stamps)
        given = iter(answers)
        for out, listed in zip(outs, lists, strict=True):
            listed[:] = islice(given, len(listed))
            out[self.field.key] = listed
        if None in answers:
            left = [at for at, answer in enumerate(answers) if answer is None]
            places = [(listed, at) for listed in lists for at, answer in enumerate(listed) if answer is None]
            unkept = Unkept(selection, places, [stamps[at] for at in left])
            self._resolve([items[at] for at in left], info, unkept, outs, run)

    def _resolve(self, items: list[Any], info: Any, unkept: Unkept, outs: "list[Out]", run: "Run") -> None:
        def arrive(answered: Any) -> None:
            if isinstance(answered, Exception):
                run.complete(self.field, outs, [answered] * len(outs))
                return
            run.enter(self.field, answered.context)
            if run.answers is not None:
                run.unkept.append((unkept, answered.is_told))
            results = self.item.complete(values_for(items, answered.values), run)
            for (listed, at), result in zip(unkept.places, results, strict=True):
                listed[at] = result

        _call(lambda: self.stamped.resolver(items, info), arrive, run)

    def _selection(self, run: "Run") -> Hashable:
        """Under which the answers are kept, by their stamps; None where they are not."""
        if run.answers is None:
            return None
        made = run.core.made.get(self)
        if made is None:
            variables = values_of(self.field.variables, run)
            if not are_immutable(variables):
                return None
            made = run.core.made[self] = self, variables
        return made


def _call(resolve: Callable[[], Any], arrive: Callable[[Any], None], run: "Run") -> None:
    """`arrive` is told what `resolve` gives or raises, once that has been awaited."""
    answered: Any
    try:
        answered = resolve()
    except Exception as error:
        answered = error
    if type(answered) is Values:
        run.work.when(answered.pending, lambda: arrive(answered.outcome()))
    elif is_awaitable(answered):
        run.work.call([answered], lambda outcomes: arrive(outcomes[0]))
    else:
        arrive(answered)


class Resolver:
    """A resolver function, called as it is."""

    def __init__(self, field: "Field", strawberry: StrawberryField) -> None:
        self.field, self.strawberry, self.arguments = field, strawberry, Arguments(field, strawberry)
        assert strawberry.base_resolver is not None
        resolver = strawberry.base_resolver
        self.function = resolver.wrapped_func
        takes = ["row"] if resolver.self_parameter else []
        takes += [f"{each.name}=row" for each in (resolver.root_parameter, resolver.parent_parameter) if each]
        self.wants_info = resolver.info_parameter is not None
        takes += [f"{resolver.info_parameter.name}=info_of(out)"] if resolver.info_parameter else []
        self.bind = eval(
            f"lambda function, info_of, given: lambda row, out: function({', '.join([*takes, '**given'])})"
        )

    def fetch(self, rows: "Rows", outs: "list[Out]", run: "Run") -> None:
        try:
            given = self.arguments.given(run)
        except Exception as error:
            run.arrive(self.field, outs, [error] * len(rows))
            return
        if not given.are_shared:
            run.arrive(self.field, outs, _from_any(self.field, rows, outs, run))
            return
        call = self.bind(self.function, self._infos(run) if self.wants_info else None, given.values)
        values = []
        for row, out in zip(rows, outs, strict=True):
            try:
                values.append(call(row, out))
            except Exception as error:
                values.append(error)
        run.arrive(self.field, outs, values)

    def _infos(self, run: "Run") -> "Callable[[Out], Any]":
        info_class, info_of = strawberry_schema(run).config.info_class, infos(run, self.field)
        return lambda out: info_class(info_of(out), self.strawberry)

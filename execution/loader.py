"""A DataLoader that survives cancellation and loads in bulk.

aiodataloader's own gives one future to all who wait for a key: cancelling one of them cancels the others and leaves the
cancelled future in its cache; a batch function that is cancelled leaves everybody waiting. Here every waiter has a
future of its own, a batch runs in a task that no waiter can cancel, and only values are remembered, never failures.
"""

import asyncio
from asyncio import Future
from collections.abc import Container, Generator, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, Self, TypeVar

from aiodataloader import DataLoader

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
S = TypeVar("S")


class Loader(DataLoader[K, V], Generic[S, K, V]):
    """One question about keys, answered in batches. A subclass says how, in `batch_load_fn`.

    `batch_load_fn(keys)` gets distinct keys and gives one value for each, in their order. What it raises, all who wait
    for the batch get; the next one who asks tries again.
    Keys asked for within two ticks of the event loop are one batch, of this and of all loaders of the same `Loaders`.
    """

    def __init__(self, loaders: "Loaders[S]") -> None:
        # Not DataLoader.__init__: it inspects and wraps for 5 us, and loaders are made anew for every operation.
        self.loaders, self.scope = loaders, loaders.scope
        self._known: dict[K, V] = {}
        self._loading: list[Batch[K, V]] = []  # the last of them may still take keys

    @classmethod
    def of(cls, loaders: "Loaders[S]") -> Self:
        """The loader that stands for this question in `loaders`: one of its own, unless a subclass shares it."""
        return cls(loaders)

    def load(self, key: K) -> "Future[V]":
        """The value of one key, in a future of the caller's own."""
        future: Future[V] = self.loaders.queue.loop.create_future()
        if key in self._known:
            _settle(future, self._known[key])
        else:
            [batch] = self._batches_of({key: None})
            batch.waiters.append((key, future))
        return future

    def known_or_load(self, key: K) -> "V | Future[V]":
        """The value of one key; where it is not known, what `load` gives."""
        return self._known[key] if key in self._known else self.load(key)

    def load_many(self, keys: Iterable[K]) -> "Values[K, V]":  # type: ignore[override]  # a Future there
        """The values in the order of the keys, with one future for each batch, none for each key.

        They are asked for at once, not when they are awaited.
        """
        keys, known = list(keys), self._known
        missing: dict[K, None] = dict.fromkeys(keys)
        if known:
            missing = _without(missing, known)
        return Values(keys, known, self._batches_of(missing))

    def prime(self, key: K, value: V) -> "Loader[S, K, V]":
        """Let a value be known that was not asked for."""
        self._known.setdefault(key, value)
        return self

    def prime_many(self, values: Mapping[K, V]) -> None:
        """Let values be known that were not asked for."""
        self._known.update({**values, **self._known} if self._known else values)

    def is_known(self, key: K, value: V) -> bool:
        """Whether this is the value that is known of the key."""
        return key in self._known and self._known[key] == value

    def clear(self, key: K) -> "Loader[S, K, V]":
        """Forget a value, because it has changed."""
        self._known.pop(key, None)
        return self

    def _batches_of(self, missing: dict[K, None]) -> "list[Batch[K, V]]":
        """Those that load these keys: under way, or about to be."""
        batches = []
        for batch in self._loading:
            others = _without(missing, batch.keys)
            if len(others) < len(missing):
                batches.append(batch)
                missing = others
        if missing:
            batch = self._opened(missing)
            if batch not in batches:
                batches.append(batch)
        return batches

    def _opened(self, keys: dict[K, None]) -> "Batch[K, V]":
        """The batch that still takes keys, with these."""
        if self._loading and not (last := self._loading[-1]).has_begun:
            last.keys.update(keys)
            return last
        queue = self.loaders.queue
        batch: Batch[K, V] = Batch(keys, queue.loop.create_future())
        self._loading.append(batch)
        queue.add(self)
        return batch

    def start(self) -> None:
        """Begin to load what was asked for; called by the queue."""
        batch = self._loading[-1]
        batch.has_begun = True
        try:
            values = self.at_once(list(batch.keys))
        except Exception:  # it is raised again where it is told
            values = None
        if values is None:
            self.loaders.queue.run(self._load(batch))
        else:
            self._end(batch, values)

    def at_once(self, keys: list[K]) -> Sequence[V] | None:
        """What `batch_load_fn` would give, where that takes no waiting; None where it does."""
        return None

    async def _load(self, batch: "Batch[K, V]") -> None:
        values: Sequence[V] = ()
        error: BaseException | None = None
        try:
            values = await self.batch_load_fn(list(batch.keys))
            if len(values) != len(batch.keys):
                raise TypeError(f"{type(self).__name__} gave {len(values)} values for {len(batch.keys)} keys")
        except Exception as failure:
            error = failure
        except BaseException as failure:
            error = RuntimeError(f"{type(self).__name__} was cancelled")
            raise failure
        finally:
            self._end(batch, values, error)

    def _end(self, batch: "Batch[K, V]", values: Sequence[V], error: BaseException | None = None) -> None:
        if error is None:
            self._known.update(zip(batch.keys, values, strict=True))
        self._loading.remove(batch)
        batch.settle(self._known, error)


class DerivedLoader(Loader[S, K, V]):
    """A question that follows from what another loader answers about the same keys; at once where that is known.

    A subclass says from which, `source`, and how, in `derive`.
    """

    source: type[Loader[Any, Any, Any]]

    @classmethod
    def derive(cls, found: Any) -> V:  # Any: a value of the source's
        """The value of a key, of the source's value."""
        raise NotImplementedError

    def at_once(self, keys: list[K]) -> list[V] | None:
        found = self.loaders[self.source].load_many(keys)
        return None if found.pending else [self.derive(one) for one in found.all()]

    async def batch_load_fn(self, keys: list[K]) -> list[V]:
        return [self.derive(one) for one in await self.loaders[self.source].load_many(keys)]


class Batch(Generic[K, V]):
    """The keys of one call of `batch_load_fn`, and who waits for them."""

    __slots__ = ("done", "has_begun", "keys", "waiters")

    def __init__(self, keys: dict[K, None], done: "Future[None]") -> None:
        self.keys, self.done = keys, done
        self.has_begun = False
        self.waiters: list[tuple[K, Future[V]]] = []

    def settle(self, known: dict[K, V], error: BaseException | None) -> None:
        for key, future in self.waiters:
            if not future.done():
                _settle(future, error if error is not None else known[key])
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)
            self.done.exception()  # nobody may be waiting for it


class Values(Generic[K, V]):
    """The values of keys that have been asked for. Unlike a coroutine, it may be dropped without being awaited."""

    __slots__ = ("_batches", "_keys", "_known")

    def __init__(self, keys: Sequence[K], known: Mapping[K, V], batches: "Sequence[Batch[K, Any]]") -> None:
        """`batches`: those that load the keys that are not known."""
        self._keys, self._known, self._batches = keys, known, batches

    def __await__(self) -> Generator[Any, None, list[V]]:
        for pending in self.pending:
            yield from asyncio.shield(pending)
        return self.all()

    def all(self) -> list[V]:
        """In the order of the keys, once nothing is pending and no batch has failed."""
        return list(map(self._known.__getitem__, self._keys))

    def outcome(self) -> "list[V] | BaseException":
        """As awaiting it gives or raises, once nothing is pending."""
        error = next(filter(None, (batch.done.exception() for batch in self._batches)), None)
        return self.all() if error is None else error

    def __getitem__(self, key: K) -> V:
        """The value of a key, once nothing is pending and unless its batch has failed."""
        return self._known[key]

    @property
    def pending(self) -> "list[Future[None]]":
        """What is done when a batch is, in order; with the error, where it failed. Not to be cancelled."""
        return [batch.done for batch in self._batches]

    def errors(self) -> dict[K, BaseException]:
        """What the batches of keys raised, of these keys and of others, once nothing is pending."""
        raised = [(batch, batch.done.exception()) for batch in self._batches]
        return {key: error for batch, error in raised if error for key in batch.keys if key not in self._known}


class Queue:
    """The loaders of an operation that have keys to load: all are started together."""

    def __init__(self) -> None:
        self._waiting: list[Loader[Any, Any, Any]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The operation's; asyncio makes a system call each time that it is asked which one runs."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop

    def add(self, loader: Loader[Any, Any, Any]) -> None:
        if not self._waiting:
            loop = self.loop
            # Two ticks, so that resolvers whose tasks begin in the next one still join the batch.
            loop.call_soon(loop.call_soon, self._start)
        self._waiting.append(loader)

    def run(self, load: Any) -> None:
        task = self.loop.create_task(load)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _start(self) -> None:
        waiting, self._waiting = self._waiting, []
        for loader in waiting:
            loader.start()


class Loaders(Generic[S]):
    """The loaders of one operation, or one event of a subscription: `loaders[UserById]`, made when first asked for."""

    def __init__(self, scope: S, queue: Queue | None = None) -> None:
        """`queue`: one that loads in another way than all at once."""
        self.scope = scope
        self.queue = queue or Queue()
        self._made: dict[type, Any] = {}

    def __getitem__(self, kind: "type[L]") -> "L":
        loader = self._made.get(kind)
        if loader is None:
            loader = self._made[kind] = kind.of(self)
        return loader

    def learn(self, others: "Loaders[S]") -> None:
        """Let what is known there be known here, too, unless something else is."""
        for kind, loader in others._made.items():
            self[kind].prime_many(loader._known)

    def release(self) -> None:
        """At the end of the operation: what was loaded need not wait for the garbage collector."""
        self._made.clear()


L = TypeVar("L", bound=Loader[Any, Any, Any])


def _without(keys: dict[K, None], others: Container[K]) -> dict[K, None]:
    return {key: None for key in keys if key not in others}


def _settle(future: "Future[V]", value: Any) -> None:
    if isinstance(value, BaseException):
        future.set_exception(value)
    else:
        future.set_result(value)

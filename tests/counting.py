"""What an operation asks of the stores: its SQL statements, and its round trips to Redis."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import pytest
from redis.asyncio.connection import AbstractConnection
from sqlalchemy import event

from stores.postgres.asking import Reader
from tests.world import World


@dataclass
class Asked:
    """`round_trips`: what was sent to Redis at once, a command or a pipeline, each time."""

    statements: list[str] = field(default_factory=list)
    round_trips: list[bytes] = field(default_factory=list)

    @property
    def counts(self) -> tuple[int, int]:
        return len(self.statements), len(self.round_trips)


_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


@contextmanager
def counting(world: World) -> Iterator[Asked]:
    """Counts what the block asks for, and not what goes on beside it: tasks inherit the context they are made in."""
    engine = world.app.deps.database.engine.sync_engine
    send, execute = AbstractConnection.send_packed_command, Reader.execute

    def note_statement(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if asked := _asked.get():
            asked.statements.append(statement)

    async def note_read(reader: Reader, statement: Any, parameters: Any) -> Any:
        if asked := _asked.get():
            asked.statements.append(str(statement))
        return await execute(reader, statement, parameters)

    async def note_round_trip(self: AbstractConnection, command: Any, **options: Any) -> None:
        if asked := _asked.get():
            asked.round_trips.append(command)
        await send(self, command, **options)

    token = _asked.set(Asked())
    event.listen(engine, "before_cursor_execute", note_statement)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(AbstractConnection, "send_packed_command", note_round_trip)
        patched.setattr(Reader, "execute", note_read)
        try:
            asked = _asked.get()
            assert asked is not None
            yield asked
        finally:
            event.remove(engine, "before_cursor_execute", note_statement)
            _asked.reset(token)

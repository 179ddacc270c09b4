"""Wake-up calls: Redis tells the processes whose clients follow a topic that something has happened to it.

They say nothing else and may get lost: whoever is woken reads the truth, and looks now and then without being woken.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Iterator
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisError

from stores.redis import pipelines

log = structlog.get_logger()

CHANNEL = "live:"
WAITING_MOST = 10_000  # topics; a unit of work wakes a handful
RETRY_S = 0.2
PING_S = 2.0
"""A connection that is silent for so long is asked, and given up when it is silent for as long again."""

Ring = Callable[[], None]


class Wakes:
    """Sends calls in the background, and listens to them on one connection, which it opens when it is first needed."""

    def __init__(self, redis: Redis, *, timeout_s: float) -> None:
        self._redis, self._timeout_s = redis, timeout_s
        self._waiting: set[str] = set()
        self._is_waiting = asyncio.Event()
        self._rings: dict[str, set[Ring]] = {}
        self._is_needed = asyncio.Event()
        self._changes: asyncio.Queue[tuple[str, str]] | None = None  # of the connection, while there is one
        self.is_listening = False
        """Whether calls reach this process."""

    # ------------------------------------------------------------------------------------ sending

    def send(self, topics: Collection[str]) -> None:
        """Wake those who follow these topics, soon; nobody where there is too much to do already."""
        if len(self._waiting) < WAITING_MOST:
            self._waiting.update(topics)
            self._is_waiting.set()

    async def run_sending(self) -> None:
        """Send until cancelled."""
        while True:
            await self._is_waiting.wait()
            self._is_waiting.clear()
            topics, self._waiting = self._waiting, set()
            try:
                async with asyncio.timeout(self._timeout_s):
                    await pipelines.send(self._redis, [("PUBLISH", CHANNEL + topic, "") for topic in topics])
            except (RedisError, OSError, TimeoutError) as error:
                log.info("wakes_lost", topics=len(topics), reason=repr(error))

    # ------------------------------------------------------------------------------------ listening

    @contextlib.contextmanager
    def heard(self, topic: str, ring: Ring) -> Iterator[None]:
        """In the block, `ring` is called for each call to the topic, and once when it has begun to be listened to.

        That is also when Redis is back: so whatever was not heard, a reader who looks when rung finds.
        """
        rings = self._rings.setdefault(topic, set())
        if not rings:
            self._change("SUBSCRIBE", topic)
        rings.add(ring)
        try:
            yield
        finally:
            rings.discard(ring)
            if not rings:
                del self._rings[topic]
                self._change("UNSUBSCRIBE", topic)

    async def run_listening(self) -> None:
        """Listen until cancelled, also when Redis goes and comes back."""
        await self._is_needed.wait()
        while True:
            try:
                await self._listen()
            except* (RedisError, OSError, TimeoutError) as errors:
                if self.is_listening:
                    log.warning("wakes_not_heard", reason=repr(errors.exceptions[0]))
            self.is_listening, self._changes = False, None
            await asyncio.sleep(RETRY_S)

    def _change(self, verb: str, topic: str) -> None:
        self._is_needed.set()
        if self._changes is not None:
            self._changes.put_nowait((verb, topic))

    async def _listen(self) -> None:
        """Ends with an error, alone or in a group, when the connection breaks."""
        connection: AbstractConnection = self._redis.connection_pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            async with asyncio.timeout(self._timeout_s):
                await connection.connect()  # type: ignore[no-untyped-call]
            changes = self._changes = asyncio.Queue()
            for topic in self._rings:
                self._change("SUBSCRIBE", topic)
            async with asyncio.TaskGroup() as tasks:
                heard = asyncio.Event()
                tasks.create_task(self._hear(connection, heard))
                tasks.create_task(self._subscribe(connection, changes))
                tasks.create_task(self._keep(connection, heard))
        finally:
            await connection.disconnect(nowait=True)

    async def _hear(self, connection: AbstractConnection, heard: asyncio.Event) -> None:
        while True:
            answer: Any = await connection.read_response()  # a list, or PONG where nothing is subscribed to
            heard.set()
            self.is_listening = True
            if answer[0] in (b"message", b"subscribe"):
                for ring in list(self._rings.get(answer[1].decode().removeprefix(CHANNEL), ())):
                    ring()

    async def _subscribe(self, connection: AbstractConnection, changes: asyncio.Queue[tuple[str, str]]) -> None:
        while True:
            verb, topic = await changes.get()
            await connection.send_command(verb, CHANNEL + topic)

    async def _keep(self, connection: AbstractConnection, heard: asyncio.Event) -> None:
        await connection.send_command("PING")
        while True:
            await asyncio.sleep(PING_S)
            if not heard.is_set():
                raise TimeoutError("Redis is silent")
            heard.clear()
            await connection.send_command("PING")

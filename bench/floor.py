"""The floor of a fan-out: the same sorted sets, written to by bare ZADD, pipelined over one socket.

It stands for redis-benchmark where that is not installed: the wheel of the embedded Redis does not bring it. Commands
are packed beforehand and answers only compared with what they must be, so that nothing but Redis' own core bounds it.
"""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlsplit

from stores.redis.timelines import key, member

CHUNK = 1_000
"""Commands, as many as a job sends at once; while Redis is at one chunk, the next one is on its way."""
TIMEOUT_S = 30.0
DONE = b":1\r\n"  # one was added, or removed


class Chunk(NamedTuple):
    """Commands as Redis takes them, and what it shall answer."""

    commands: bytes
    answers: bytes


def add(redis_url: str, viewer_ids: Sequence[int], feed_id: int) -> float:
    """Seconds to put a post on these timelines, which lack it."""
    return _taken_s(redis_url, [("ZADD", key(viewer_id), "0", member(feed_id)) for viewer_id in viewer_ids])


def remove(redis_url: str, viewer_ids: Sequence[int], feed_id: int) -> float:
    """Seconds to take a post off these timelines, which have it."""
    return _taken_s(redis_url, [("ZREM", key(viewer_id), member(feed_id)) for viewer_id in viewer_ids])


def _taken_s(redis_url: str, commands: Sequence[Sequence[str]]) -> float:
    chunks = _chunks(commands)
    with _connected(redis_url) as connection:
        began = perf_counter()
        _send(connection, chunks)
        return perf_counter() - began


def _chunks(commands: Sequence[Sequence[str]]) -> list[Chunk]:
    parts = [commands[begin : begin + CHUNK] for begin in range(0, len(commands), CHUNK)]
    return [Chunk(b"".join(map(_packed, part)), DONE * len(part)) for part in parts]


def _packed(words: Sequence[str]) -> bytes:
    """In Redis' protocol; the words are ASCII."""
    return "".join([f"*{len(words)}\r\n", *[f"${len(word)}\r\n{word}\r\n" for word in words]]).encode()


def _send(connection: socket.socket, chunks: Sequence[Chunk]) -> None:
    """Until all are answered."""
    connection.sendall(chunks[0].commands)
    for number, chunk in enumerate(chunks, 1):
        if number < len(chunks):
            connection.sendall(chunks[number].commands)
        _receive(connection, chunk.answers)


def _receive(connection: socket.socket, answers: bytes) -> None:
    received = b""
    while len(received) < len(answers):
        received += connection.recv(len(answers) - len(received))
    if received != answers:
        raise RuntimeError(f"Redis answers {received[:80]!r} ...")


@contextmanager
def _connected(redis_url: str) -> Iterator[socket.socket]:
    """By its password."""
    url = urlsplit(redis_url)
    with socket.create_connection((url.hostname or "", url.port or 0), TIMEOUT_S) as connection:
        connection.sendall(_packed(("AUTH", url.password or "")))
        _receive(connection, b"+OK\r\n")
        yield connection

"""The peers' own plan by Photofeed's executor: their types and statements, run by `execution/` behind plain ASGI."""

import gc
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

import orjson
from graphql import parse, validate

from bench.peers.feed_data import FeedData, Stores
from bench.peers.feed_types import Context, schema
from execution.loader import Loaders
from execution.prepared import Prepared

CACHED = 128
COLLECTED_AFTER = 100_000, 20, 100
OK, INVALID = 200, 400

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Api:
    def __init__(self) -> None:
        self._prepared: dict[tuple[str, str | None], Prepared] = {}
        self._stores: Stores

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        viewer_id = next((value.decode() for name, value in scope["headers"] if name == b"x-user-id"), None)
        status, answer = await self._answer(orjson.loads(await _body(receive)), viewer_id)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._stores = await Stores.connected()
        gc.freeze()  # what is there for good is not looked through again, and the rest less often
        gc.set_threshold(*COLLECTED_AFTER)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, asked: dict[str, Any], viewer_id: str | None) -> tuple[int, bytes]:
        prepared = self._operation(asked["query"], asked.get("operationName"))
        if prepared is None:
            return INVALID, b'{"errors":[{"message":"invalid document"}]}'
        data = FeedData(self._stores, viewer_id or "0")
        context = Context(viewer_id, data, Loaders(data, data.queue))
        try:
            result = prepared.execute(asked.get("variables") or {}, context)
            if isawaitable(result):
                result = await result
        finally:
            context.loaders.release()
            await data.release()
        answer = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        return OK, orjson.dumps(answer)

    def _operation(self, text: str, name: str | None) -> Prepared | None:
        prepared = self._prepared.get((text, name))
        if prepared is None:
            document = parse(text)
            if validate(schema._schema, document):
                return None
            if len(self._prepared) >= CACHED:
                self._prepared.clear()
            prepared = self._prepared[text, name] = Prepared(schema, document, name)
        return prepared


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message["body"]
    while message["more_body"]:
        message = await receive()
        body += message["body"]
    return body


app = Api()

"""Pages of the feed over HTTP without GraphQL; the environment's PAGES says by which way of `pages.py`."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.peers.pages import connect


@asynccontextmanager
async def connected(app: Starlette) -> AsyncIterator[None]:
    app.state.pages = await connect(os.environ["PAGES"])
    yield
    await app.state.pages.pool.close()


async def feed(request: Request) -> Response:
    variables = orjson.loads(await request.body())["variables"]
    viewer_id = int(request.headers["x-user-id"])
    body = await request.app.state.pages.page(viewer_id, variables.get("first", 20), variables.get("after"))
    return Response(body, media_type="application/json")


app = Starlette(routes=[Route("/graphql", feed, methods=["POST"])], lifespan=connected)

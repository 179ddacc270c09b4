"""Liveness and readiness."""

import pytest

from tests.server.toy import Toy


async def test_healthz_asks_no_dependency(edge: Toy) -> None:
    edge.backend.faults["postgres"] = "no answer in 1 s"
    reply = await edge.client.get("/healthz")
    assert (reply.status_code, reply.json()) == (200, {"status": "up"})


async def test_readyz_is_ready_when_everything_is_up(edge: Toy) -> None:
    reply = await edge.client.get("/readyz")
    dependencies = {"postgres": "up", "redis": "up", "objects": "up"}
    assert (reply.status_code, reply.json()) == (200, {"status": "ready", "dependencies": dependencies})


@pytest.mark.parametrize("name", ["redis", "objects"])
async def test_without_redis_or_the_object_store_it_is_degraded_but_ready(edge: Toy, name: str) -> None:
    edge.backend.faults[name] = "no answer in 1 s"
    reply = await edge.client.get("/readyz")
    assert (reply.status_code, reply.json()["status"]) == (200, "degraded")
    assert reply.json()["dependencies"][name] == "no answer in 1 s"


async def test_without_postgres_it_is_not_ready(edge: Toy) -> None:
    edge.backend.faults["postgres"] = "refused the connection"
    reply = await edge.client.get("/readyz")
    assert (reply.status_code, reply.json()["status"]) == (503, "unready")

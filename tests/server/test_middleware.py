"""Request ids, the access log, CORS, and the numbers for Prometheus."""

import asyncio
from datetime import UTC, datetime

import pytest
import structlog

from tests.patience import PATIENCE_S
from tests.server.conftest import edge_settings
from tests.server.toy import Toy, toy

ALLOWED = "https://app.photofeed.test"


async def test_a_sane_request_id_is_kept(edge: Toy) -> None:
    reply = await edge.client.get("/healthz", headers={"x-request-id": "trace-42"})
    assert reply.headers["x-request-id"] == "trace-42"


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, 'a"b', "å"])
async def test_another_request_id_is_replaced(edge: Toy, given: str) -> None:
    reply = await edge.client.get("/healthz", headers={b"x-request-id": given.encode()})
    assert len(reply.headers["x-request-id"]) == 32
    assert reply.headers["x-request-id"] != given


async def test_every_answer_is_logged_with_its_request_id_and_without_the_variables(edge: Toy) -> None:
    processors = [structlog.contextvars.merge_contextvars]
    with structlog.testing.capture_logs(processors) as logs:
        await edge.client.get(
            "/graphql", params={"query": "query Hi { hello }", "variables": '{"s": 1}'}, headers={"x-request-id": "r7"}
        )
        answered = datetime.now(UTC)
        async with asyncio.timeout(PATIENCE_S):
            while not (lines := [line for line in logs if line["event"] == "request"]):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    [line] = lines
    assert line.pop("ms") >= 0
    assert line.pop("timestamp") <= answered, "when it was answered, not when that was noted"
    assert line == {
        "event": "request", "log_level": "info", "request_id": "r7", "operation": "Hi",
        "method": "GET", "path": "/graphql", "status": 200,
    }  # fmt: skip


async def test_what_was_answered_last_is_logged_before_the_end() -> None:
    with structlog.testing.capture_logs() as logs:
        async with toy(edge_settings()) as edge:
            await edge.client.get("/nowhere")
    assert [line["path"] for line in logs if line["event"] == "request"] == ["/nowhere"]


async def test_what_machines_ask_every_few_seconds_is_not_logged(edge: Toy) -> None:
    with structlog.testing.capture_logs() as logs:
        for path in ("/healthz", "/readyz", "/metrics"):
            await edge.client.get(path)
    assert logs == []


async def test_a_listed_origin_may_call(edge: Toy) -> None:
    asked = {"origin": ALLOWED, "access-control-request-method": "POST"}
    asked["access-control-request-headers"] = "authorization, content-type"
    preflight = await edge.client.options("/graphql", headers=asked)
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, ALLOWED)
    reply = await edge.client.post("/graphql", json={"query": "{ hello }"}, headers={"origin": ALLOWED})
    assert reply.headers["access-control-allow-origin"] == ALLOWED
    assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.parametrize("origin", ["https://evil.test", "null", f"{ALLOWED}.evil.test", "http://app.photofeed.test"])
async def test_a_foreign_origin_gets_no_cors_header_at_all(edge: Toy, origin: str) -> None:
    asked = {"origin": origin, "access-control-request-method": "POST"}
    for reply in (
        await edge.client.options("/graphql", headers=asked),
        await edge.client.post("/graphql", json={"query": "{ hello }"}, headers={"origin": origin}),
        await edge.client.get("/healthz", headers={"origin": origin}),
    ):
        assert not [name for name in reply.headers if name.startswith("access-control-")]


async def test_metrics_count_requests_and_operations(edge: Toy) -> None:
    await edge.ask("{ hello }")
    await edge.ask("{ broken }")
    await edge.ask("{ nobody }")
    await edge.ask("mutation { like }")
    await edge.client.get("/nowhere")
    text = (await edge.client.get("/metrics")).text
    for line in (
        'graphql_operations_total{outcome="ok",type="query"} 1.0',
        'graphql_operations_total{outcome="errors",type="query"} 1.0',
        'graphql_operations_total{outcome="refused",type="none"} 1.0',
        'graphql_operations_total{outcome="ok",type="mutation"} 1.0',
        'graphql_operation_seconds_count{type="query"} 2.0',
        'http_requests_total{method="POST",route="/graphql",status="200"} 3.0',
        'http_requests_total{method="POST",route="/graphql",status="400"} 1.0',
        'http_requests_total{method="GET",route="unknown",status="404"} 1.0',
        "http_requests_in_flight 1.0",
        "process_resident_memory_bytes",
    ):
        assert line in text


async def test_a_made_up_method_is_no_time_series_of_its_own(edge: Toy) -> None:
    await edge.client.request("BREW", "/graphql")
    assert 'method="other",route="/graphql",status="405"' in (await edge.client.get("/metrics")).text


async def test_every_answer_forbids_sniffing(edge: Toy) -> None:
    for path in ("/graphql", "/healthz", "/nowhere", "/graphiql/start.js"):
        assert (await edge.client.get(path)).headers["x-content-type-options"] == "nosniff"

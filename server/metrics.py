"""What Prometheus collects from an API process: what the edge counts, and what the backend says when it is asked.

Each app has a registry of its own: tests do not share numbers.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from time import perf_counter
from typing import Self

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from server.afterwards import Afterwards
from server.backend import Backend
from services.measures import Measure

CLOSE_CODES = {1000, 1001, 1005, 1006, 1008, 1009, 1011, 1012, 1013, 4400, 4401, 4403, 4406, 4408, 4409, 4429, 4500}
"""Clients may make up others."""

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
"""Clients may make up others; each would be a time series of its own."""

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class MeasuredOperation:
    """Counts what has been written into it by the end.

    `type` is query or mutation, none if unknown; `outcome` is ok, errors, refused (before execution) or failed.
    """

    def __init__(self, metrics: "Metrics") -> None:
        self._metrics, self._began = metrics, perf_counter()
        self.type, self.outcome = "none", "failed"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        seconds = perf_counter() - self._began
        self._metrics.afterwards.call(partial(self._metrics.operation_ended, self.type, self.outcome, seconds))


class Metrics:
    """What comes with each request is counted `afterwards`, at the latest when somebody asks."""

    def __init__(self, afterwards: Afterwards) -> None:
        self.afterwards = afterwards
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._requests = Counter(
            "http_requests", "HTTP requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._request_seconds = Histogram(
            "http_request_seconds", "Until the answer was sent.", ["route"], buckets=SECONDS, registry=self.registry
        )
        self.in_flight = 0
        Gauge("http_requests_in_flight", "HTTP requests being answered.", registry=self.registry).set_function(
            lambda: self.in_flight
        )
        self._operations = Counter(
            "graphql_operations", "GraphQL operations answered.", ["type", "outcome"], registry=self.registry
        )
        self._operation_seconds = Histogram(
            "graphql_operation_seconds", "Of GraphQL operations.", ["type"], buckets=SECONDS, registry=self.registry
        )
        self._sockets = Gauge("websockets_open", "WebSockets that are open.", registry=self.registry)
        self._sockets_closed = Counter("websockets_closed", "WebSockets closed.", ["code"], registry=self.registry)
        self._subscriptions = Gauge(
            "subscriptions_running", "Subscriptions that run.", ["transport"], registry=self.registry
        )
        self._events = Counter(
            "subscription_events", "Events that have left for clients.", ["transport"], registry=self.registry
        )

        # A label's series is looked up by prometheus_client under a lock, in 2 µs. All labels are from small sets.
        self._requests_of, self._request_seconds_of = cache(self._requests.labels), cache(self._request_seconds.labels)
        self._operations_of = cache(self._operations.labels)
        self._operation_seconds_of = cache(self._operation_seconds.labels)

    def operation(self) -> MeasuredOperation:
        return MeasuredOperation(self)

    def operation_ended(self, type_: str, outcome: str, seconds: float) -> None:
        self._operations_of(type_, outcome).inc()
        self._operation_seconds_of(type_).observe(seconds)

    @contextmanager
    def socket(self) -> Iterator[dict[str, int]]:
        """Counts a WebSocket with the `code` that its caller has written into the yielded object by the end."""
        ending = {"code": 1006}
        try:
            with self._sockets.track_inprogress():
                yield ending
        finally:
            self._sockets_closed.labels(ending["code"] if ending["code"] in CLOSE_CODES else "other").inc()

    @contextmanager
    def subscription(self, transport: str) -> Iterator[Callable[[], None]]:
        """Counts a subscription while it runs, and an event at each call of what is yielded."""
        with self._subscriptions.labels(transport).track_inprogress():
            yield self._events.labels(transport).inc

    def request_ended(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "other"
        route = getattr(scope.get("route"), "path", "") or "unknown"
        self._requests_of(method, route, status).inc()
        if not scope["state"].get("lasts"):
            self._request_seconds_of(route).observe(seconds)

    async def answer(self, request: Request) -> Response:
        self.afterwards.flush()
        backend: Backend = request.app.state.backend
        measured = Measured(await backend.measures())
        text = generate_latest(self.registry) + generate_latest(measured)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


class Measured(Collector):
    """Measures in the words of Prometheus."""

    def __init__(self, measures: Sequence[Measure]) -> None:
        self._measures = measures

    def collect(self) -> Iterator[Metric]:
        for kind, name, about, label, figures in self._measures:
            family = CounterMetricFamily if kind == "counter" else GaugeMetricFamily
            metric = family(name, about, labels=[label] if label else [])
            for value, figure in figures.items():
                metric.add_metric([value] if label else [], figure)
            yield metric

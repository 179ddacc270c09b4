"""Leaves of the usual classes, which generated code makes by itself: as graphql-core makes them."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import strawberry
from graphql import execute_sync, parse

import execution


class Moment(datetime):
    def isoformat(self, *_: object) -> str:
        return "a moment"


MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678, UTC)


@strawberry.type
class Query:
    at: datetime


schema = strawberry.Schema(Query)


@pytest.mark.parametrize(
    "at",
    [
        MOMENT,
        MOMENT.replace(microsecond=0),
        MOMENT.replace(microsecond=120_000),
        MOMENT.replace(year=1),
        MOMENT.replace(tzinfo=None),
        MOMENT.replace(tzinfo=ZoneInfo("UTC")),
        MOMENT.astimezone(ZoneInfo("Europe/Berlin")),
        MOMENT.replace(tzinfo=timezone(timedelta(hours=-3, seconds=17))),
        Moment(2026, 1, 2, tzinfo=UTC),
    ],
)
def test_a_moment_is_written_as_graphql_core_writes_it(at: datetime) -> None:
    document, root = parse("{ at }"), Query(at=at)
    result = execution.run(schema, document, root=root)
    assert isinstance(result, execution.ExecutionResult)
    assert result == execute_sync(schema._schema, document, root)
    assert result.errors is None

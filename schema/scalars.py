"""How scalars look outside."""

from datetime import UTC, datetime

import strawberry


def _serialize(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


DateTime = strawberry.scalar(
    name="DateTime",
    description="An instant in UTC, RFC 3339 with milliseconds: 2026-01-31T08:15:30.123Z.",
    serialize=_serialize,
    parse_value=datetime.fromisoformat,
)

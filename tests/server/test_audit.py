"""The GraphQL-over-HTTP specification, as npm's `graphql-http` audits it."""

import json

from server.app import create_app
from settings import Settings
from tests.server.node import needs_node, printed
from tests.server.serving import serving

pytestmark = needs_node("graphql-http")


async def test_all_61_checks_of_the_audit_pass(settings: Settings) -> None:
    async with serving(create_app(settings)) as address:
        checks = json.loads(await printed("audit.mjs", f"{address}/graphql"))
    assert [check for check in checks if check["status"] != "ok"] == []
    assert len(checks) == 61

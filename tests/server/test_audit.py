"""The GraphQL-over-HTTP specification, as npm's `graphql-http` audits it."""

import asyncio
import json
import shutil
import sys
from pathlib import Path

import pytest

from server.app import create_app
from settings import Settings
from tests.server.serving import serving

NODE_TESTS = Path(__file__).parents[1] / "node"
NODE = shutil.which("node", path=Path(sys.executable).parent) or shutil.which("node")

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(not (NODE_TESTS / "node_modules/graphql-http").is_dir(), reason="needs `npm ci` in tests/node"),
    pytest.mark.skipif(NODE is None, reason="needs Node.js"),
]


async def test_all_61_checks_of_the_audit_pass(settings: Settings) -> None:
    async with serving(create_app(settings)) as address:
        command = (str(NODE), "audit.mjs", f"{address}/graphql")
        audit = await asyncio.create_subprocess_exec(*command, cwd=NODE_TESTS, stdout=asyncio.subprocess.PIPE)
        printed, _ = await audit.communicate()
    checks = json.loads(printed)
    assert [check for check in checks if check["status"] != "ok"] == []
    assert len(checks) == 61

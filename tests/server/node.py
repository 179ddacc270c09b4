"""Other people's clients, which run in Node.js."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

NODE_TESTS = Path(__file__).parents[1] / "node"
NODE = shutil.which("node", path=Path(sys.executable).parent) or shutil.which("node")


def needs_node(package: str) -> list[pytest.MarkDecorator]:
    is_there = (NODE_TESTS / "node_modules" / package).is_dir()
    return [
        pytest.mark.node,
        pytest.mark.skipif(not is_there, reason="needs `npm ci` in tests/node"),
        pytest.mark.skipif(NODE is None, reason="needs Node.js"),
    ]


@asynccontextmanager
async def running(script: str, *arguments: str) -> AsyncIterator[asyncio.StreamReader]:
    """Gives what it prints; it does not outlive the test."""
    command = (str(NODE), script, *arguments)
    process = await asyncio.create_subprocess_exec(
        *command, cwd=NODE_TESTS, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert process.stdout
    try:
        yield process.stdout
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the wheel's `node` is a script that runs the real one
        await process.wait()


async def printed(script: str, *arguments: str) -> str:
    async with running(script, *arguments) as output:
        return (await output.read()).decode()

"""For orchestrators: `healthz`, whether the process is up, and `readyz`, whether it should get requests."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse

from server.backend import Backend

NEEDED = "postgres"
"""Without it nothing can be answered; without the others, Photofeed is slower or takes no uploads."""


async def healthz(request: Request) -> JSONResponse:
    return JSONResponse({"status": "up"})


async def readyz(request: Request) -> JSONResponse:
    """200 with `ready` or `degraded`, 503 with `unready`, and each dependency's state in a few words."""
    backend: Backend = request.app.state.backend
    faults = await backend.health()
    status = "unready" if faults[NEEDED] else "degraded" if any(faults.values()) else "ready"
    body = {"status": status, "dependencies": {name: fault or "up" for name, fault in faults.items()}}
    return JSONResponse(body, HTTPStatus.SERVICE_UNAVAILABLE if status == "unready" else HTTPStatus.OK)

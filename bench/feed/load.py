"""Load by wrk, each request another viewer's, and what it cost the server, Postgres and Redis."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bench.feed.asking import Asking, body
from bench.feed.contestants import Contestant
from bench.feed.ours import Viewer
from bench.usage import cpus_s, used_s
from dev.embedded.processes import Command
from dev.home import CannotStart

SCRIPT = Path(__file__).parent / "feed.lua"
TOLD = "RESULT "
GRACE_S = 30.0
ASKED_BEFORE, USUAL = 40, 0.9


class Sample(NamedTuple):
    """Of one run: requests a second, what half and all but one in a hundred took, CPU for one request."""

    rps: float
    p50_ms: float
    p99_ms: float
    server_cpu_us: float
    postgres_cpu_us: float
    redis_cpu_us: float
    bad: int
    """Requests without an answer; all of them where answers were shorter than feeds are, and so errors among them."""


@dataclass(frozen=True)
class Load:
    """`program`: wrk. `store_pids`: Postgres' and Redis'."""

    program: str
    directory: Path
    store_pids: tuple[int, int]
    _usual_bytes: dict[str, float] = field(default_factory=dict)
    """By server, the least that answers have on average."""

    def prepare(self, contestants: Sequence[Contestant], viewers: Sequence[Viewer]) -> None:
        """What wrk sends, as files; and what it is to get."""
        self._body.write_bytes(body())
        for contestant in contestants:
            lines = [": ".join(contestant.header(viewer)) + "\n" for viewer in viewers]
            self._headers(contestant).write_text("".join(lines))
            with Asking(contestant.port) as asking:
                sizes = [len(asking.page(contestant.header(viewer))) for viewer in viewers[:ASKED_BEFORE]]
            self._usual_bytes[contestant.name] = USUAL * sum(sizes) / len(sizes)

    def run(self, contestant: Contestant, *, connections: int, seconds: int, first: int = 0) -> Sample:
        """So many connections, each sending its next request at once; `first` is the viewer to begin with."""
        pids = (contestant.pid, *self.store_pids)
        before = cpus_s(pids)
        told = self._told(contestant, connections, seconds, first)
        used = used_s(pids, before)
        requests = max(1, told["requests"])
        server, postgres, redis = (1e6 * seconds / requests for seconds in used)
        return Sample(
            rps=1e6 * told["requests"] / told["us"],
            p50_ms=told["p50_us"] / 1e3,
            p99_ms=told["p99_us"] / 1e3,
            server_cpu_us=server,
            postgres_cpu_us=postgres,
            redis_cpu_us=redis,
            bad=requests if told["bytes"] < self._usual_bytes[contestant.name] * requests else told["bad"],
        )

    def _told(self, contestant: Contestant, connections: int, seconds: int, first: int) -> dict[str, Any]:
        """By our script at wrk's end."""
        url, log = f"http://127.0.0.1:{contestant.port}", self.directory / "wrk.log"
        size = ["--threads=1", f"--connections={connections}", f"--duration={seconds}s", "--timeout=10s"]
        command = Command(
            [self.program, *size, f"--script={SCRIPT}", url, "--", str(first)],
            self.directory,
            {"FEED_BODY": str(self._body), "FEED_HEADERS": str(self._headers(contestant))},
        )
        with log.open("wb") as output:
            process = command.start(output)
        try:
            process.wait(seconds + GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        said = log.read_text(errors="replace")
        lines = [line for line in said.splitlines() if line.startswith(TOLD)]
        if not lines:
            raise CannotStart(f"wrk failed at {contestant.name}: {said.strip()}")
        result: dict[str, Any] = json.loads(lines[0].removeprefix(TOLD))
        return result

    @property
    def _body(self) -> Path:
        return self.directory / "body.json"

    def _headers(self, contestant: Contestant) -> Path:
        return self.directory / f"{contestant.name}.headers"

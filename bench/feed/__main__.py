"""Photofeed's home feed beside other servers, on the same data, asked the same, answering the same.

python -m bench.feed [--only photofeed,mercurius-jit-dl] [--rounds N] [--seconds N] [--connections 1,16,64]
python -m bench.feed --profile [--seconds N]

One page of 20 posts by the query of bench/peers/query.graphql, of each viewer in turn: Photofeed as `photofeed api`,
one process with the settings of production, its viewers signed in by tokens; the peers of bench/peers/README.md, whom a
header tells who it is. The server has one core to itself; Postgres, Redis and wrk share another. In place of the
address of an avatar, which Photofeed does not have, all are asked for a biography of that length.

Takes 10 minutes at most. The data are made at the first run, which takes longer by that, and kept in --home, which may
be deleted.
"""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.feed import equality, kept, ours, report
from bench.feed.contestants import NAMES, OURS, Contestant, Stage, is_constant, lacking
from bench.feed.load import Load, Sample
from bench.feed.loading import load, say
from bench.feed.profiling import ProfiledApi
from bench.feed.statements import sent_for_a_page
from dev.embedded import EmbeddedServers
from dev.home import CannotStart

HOME = Path(tempfile.gettempdir()) / "photofeed-bench-feed"
WARM_UP_CONNECTIONS, WARM_UP_S = 16, 3
OURS_WARM_UP_S = 20
"""For each viewer to be answered a few times, as by a process that has run for a while: it keeps what it answered."""
APART = 700
"""Viewers between the first ones of two rounds."""


class Asked(NamedTuple):
    """Of whom, and how often and how long each is asked by how many."""

    names: Sequence[str]
    rounds: int
    seconds: int
    connections: Sequence[int]


class Bench:
    """The servers that hold the data, the cores, and whom the load comes from."""

    def __init__(self, servers: EmbeddedServers, wrk: str) -> None:
        self.servers, self.wrk = servers, wrk
        cores = sorted(os.sched_getaffinity(0))
        self.server_core, self.data_core = cores[0], cores[-1]

    def run(self, asked: Asked) -> None:
        """Raises CannotStart once those are measured that could be, where others could not."""
        missing = lacking(asked.names)
        possible = [name for name in asked.names if name not in missing]
        with self._staged() as stage, stage.running(possible) as (contestants, trouble):
            missing |= trouble
            if missing:
                say(f"Without {', '.join(missing)}.")
            self._warm_up(contestants, stage)
            compare(contestants, stage, "made afresh")
            statements = self._statements(contestants, stage)
            load = self._load(contestants, stage)
            warm_up(load, contestants)
            compare(contestants, stage, "kept since the warm-up")
            samples = measured(load, contestants, asked)
            compare(contestants, stage, "after the rounds")
        report.tell(samples, statements)
        only = None if len(asked.names) == len(NAMES) else asked.names
        report.write(samples, statements, only=only, missing=missing, rounds=asked.rounds, seconds=asked.seconds)
        if missing:
            raise CannotStart(f"not all were measured: {'; '.join(missing.values())}.")

    def profile(self, seconds: int) -> None:
        """Photofeed alone, by a load of some connections."""
        with self._staged() as stage:
            api = ProfiledApi(stage.settings, stage.directory)
            with stage.started(api) as contestant:
                self._warm_up([contestant], stage)
                load = self._load([contestant], stage)
                load.run(contestant, connections=WARM_UP_CONNECTIONS, seconds=WARM_UP_S)
                api.begin()
                sample = load.run(contestant, connections=WARM_UP_CONNECTIONS, seconds=seconds)
                profile = api.end(sample.rps * seconds)
            profile.tell()

    @contextmanager
    def _staged(self) -> Iterator[Stage]:
        """Once all is loaded, and everything but the contestants keeps to a core of its own."""
        settings = ours.settings_of(self.servers)
        viewers = asyncio.run(ours.signed_in(settings, asyncio.run(load(self.servers))))
        for pid in (os.getpid(), *(server.pid for server in self.servers.all)):
            kept.pin(pid, self.data_core)
        with TemporaryDirectory(prefix="photofeed-bench-") as directory:
            yield Stage(Path(directory), self.server_core, settings, self._peers_environment(), viewers)

    def _warm_up(self, contestants: Sequence[Contestant], stage: Stage) -> None:
        for contestant in contestants:
            if contestant.name in OURS:
                ours.warm_up(stage.settings, contestant.port, stage.viewers)

    def _statements(self, contestants: Sequence[Contestant], stage: Stage) -> dict[str, float]:
        url = kept.peers_database_url(self.servers)
        return {each.name: asyncio.run(sent_for_a_page(each, stage.viewers, url)) for each in contestants}

    def _load(self, contestants: Sequence[Contestant], stage: Stage) -> Load:
        load = Load(self.wrk, stage.directory, (self.servers.postgres.pid, self.servers.valkey.pid))
        load.prepare(contestants, stage.viewers)
        return load

    def _peers_environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": kept.peers_database_url(self.servers),
            "REDIS_URL": kept.peers_redis_url(self.servers),
        }


def compare(contestants: Sequence[Contestant], stage: Stage, which: str) -> None:
    """Raises Different."""
    alike = equality.check(contestants, stage.viewers)
    say(f"All give the same answers, {which}, to {alike} viewers, two pages each.")


def warm_up(load: Load, contestants: Sequence[Contestant]) -> None:
    for contestant in contestants:
        seconds = OURS_WARM_UP_S if contestant.name in OURS else WARM_UP_S
        load.run(contestant, connections=WARM_UP_CONNECTIONS, seconds=seconds)


def measured(load: Load, contestants: Sequence[Contestant], asked: Asked) -> report.Samples:
    """All take turns, in every second round the last one first."""
    samples: dict[tuple[str, int], list[Sample]] = defaultdict(list)
    for number in range(asked.rounds):
        say(f"Round {number + 1} of {asked.rounds} ...")
        for contestant in contestants[:: -1 if number % 2 else 1]:
            for many in asked.connections:
                sample = load.run(contestant, connections=many, seconds=asked.seconds, first=number * APART)
                samples[contestant.name, many].append(sample)
    ordered = [(contestant.name, many) for contestant in contestants for many in asked.connections]
    return {key: samples[key] for key in ordered}


def main(only: str, rounds: int, seconds: int, connections: str, profile: bool, home: Path) -> None:
    wrk = shutil.which("wrk")
    if not hasattr(os, "sched_setaffinity"):
        raise CannotStart("the feed benchmark needs Linux, to keep servers to a core.")
    if wrk is None:
        raise CannotStart("the feed benchmark needs wrk; on Debian: apt install wrk.")
    names = [name for name in NAMES if name in only.split(",")]
    if unknown := set(only.split(",")).difference(NAMES):
        raise CannotStart(f"unknown: {', '.join(unknown)}; there are {', '.join(NAMES)}.")
    if all(map(is_constant, names)):
        raise CannotStart("there is nothing to measure.")
    with kept.servers(home) as servers:
        bench = Bench(servers, wrk)
        if profile:
            bench.profile(seconds)
        else:
            bench.run(Asked(names, rounds, seconds, [int(many) for many in connections.split(",")]))


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m bench.feed", description=__doc__)
    options.add_argument("--only", default=",".join(NAMES), help="servers, by name, with commas")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=int, default=3, help="of each server in each round at each load")
    options.add_argument("--connections", default="1,16,64", help="with commas")
    options.add_argument("--profile", action="store_true", help="of Photofeed, where a request's time goes, instead")
    options.add_argument("--home", type=Path, default=HOME, help="where the data are kept")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started ends, and is cleared away
    try:
        main(**vars(options.parse_args()))
    except (CannotStart, equality.Different) as trouble:
        print(f"bench.feed: {trouble}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)

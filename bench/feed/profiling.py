"""Where the time of a feed request goes, by cProfile: it makes what has many small calls look dearer than it is."""

import pstats
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from sysconfig import get_path
from typing import Any

from bench.feed.profiled_api import TOLD
from bench.processes import TREE, Api
from bench.tables import show
from settings import Settings

MODULE = "bench.feed.profiled_api"
ROOTS = (("", Path(get_path("purelib"))), ("photofeed ", TREE), ("python ", Path(get_path("stdlib"))))
IN_C = "~"
DUMPED_WITHIN_S, POLL_S = 10.0, 0.05
SHOWN = 40

Function = tuple[str, int, str]
"""Its file, line and name."""


class ProfiledApi(Api):
    def __init__(self, settings: Settings, directory: Path) -> None:
        super().__init__(settings, directory / "profiled.log")
        self._file = directory / "profile"
        self._command = replace(self._command, arguments=[sys.executable, "-m", MODULE, str(self._file)])

    def begin(self) -> None:
        self._signal(signal.SIGUSR1)

    def end(self, requests: float) -> "Profile":
        """Of so many requests since it began."""
        self._signal(signal.SIGUSR2)
        deadline = time.monotonic() + DUMPED_WITHIN_S
        while TOLD not in self.log.read_text().splitlines():
            if time.monotonic() > deadline:
                raise TimeoutError("the profile was not written")
            time.sleep(POLL_S)
        return Profile(pstats.Stats(str(self._file)), requests)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)


@dataclass(frozen=True)
class Profile:
    stats: pstats.Stats
    requests: float

    def tell(self) -> None:
        show(
            "Of a feed request, us",
            ["within a package and C that it calls", "us"],
            [[name, f"{self._us(took_s):,.0f}"] for name, took_s in self._by_package().most_common()],
        )
        slowest = sorted(self._all.items(), key=lambda item: -item[1][2])[:SHOWN]
        show(
            "The functions that take the most themselves",
            ["function", "calls", "us"],
            [[_name(one), f"{of[1] / self.requests:,.1f}", f"{self._us(of[2]):,.1f}"] for one, of in slowest],
        )

    @property
    def _all(self) -> dict[Function, tuple[int, int, float, float, dict[Function, Any]]]:
        """Of each: primitive calls, calls, seconds in it, seconds with what it calls; by caller the same."""
        found: dict[Function, Any] = self.stats.stats  # type: ignore[attr-defined]  # used so by all who read profiles
        return found

    def _by_package(self) -> Counter[str]:
        """Seconds; those of C are its callers'."""
        took: Counter[str] = Counter()
        for function, (_, _, self_s, _, callers) in self._all.items():
            if function[0] != IN_C or not callers:
                took[_package(function)] += self_s  # type: ignore[assignment]  # a Counter may hold fractions
            else:
                for caller, (_, _, caller_s, _) in callers.items():
                    took[_package(caller)] += caller_s
        return took

    def _us(self, seconds: float) -> float:
        return 1e6 * seconds / self.requests


def _name(function: Function) -> str:
    path, line, name = function
    for _, root in ROOTS:
        if path.startswith(f"{root}/"):
            return f"{path.removeprefix(f'{root}/')}:{line} {name}"
    return name if path == IN_C else f"{path}:{line} {name}"


def _package(function: Function) -> str:
    """Ours by folder."""
    path, _, _ = function
    for prefix, root in ROOTS:
        if path.startswith(f"{root}/"):
            return prefix + path.removeprefix(f"{root}/").split("/")[0]
    return "in C" if path == IN_C else "generated"

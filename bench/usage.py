"""What processes used of a core, to the system's tick, which is 10 ms; and of the memory."""

from collections.abc import Sequence
from contextlib import suppress

import psutil


def cpu_s(pid: int) -> float:
    """Seconds, of a process and of all that it started; what its children used, it keeps at their end."""
    process = psutil.Process(pid)
    return sum(map(_own_s, [process, *process.children(recursive=True)]))


def cpus_s(pids: Sequence[int]) -> list[float]:
    return [cpu_s(pid) for pid in pids]


def resident_bytes(pid: int) -> int:
    """Of a process alone."""
    return int(psutil.Process(pid).memory_info().rss)


def _own_s(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0

"""What processes used of a core, and of the memory."""

import time
from collections.abc import Sequence

import psutil


def cpu_s(pid: int) -> float:
    """Seconds, of a process and of all that it started, ended ones with them: what these used counts to 10 ms."""
    process = psutil.Process(pid)
    try:
        return sum(map(_own_s, [process, *process.children(recursive=True)]))
    except psutil.NoSuchProcess:
        return cpu_s(pid)  # one that it started has ended meanwhile, and counts with its parent


def cpus_s(pids: Sequence[int]) -> list[float]:
    return [cpu_s(pid) for pid in pids]


def used_s(pids: Sequence[int], before: Sequence[float]) -> list[float]:
    """Since `cpus_s` of these gave that; never less than nothing, which rounding would make of an ended process."""
    return [max(0.0, after - was) for was, after in zip(before, cpus_s(pids), strict=True)]


def resident_bytes(pid: int) -> int:
    """Of a process alone."""
    return int(psutil.Process(pid).memory_info().rss)


def _own_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    ended_s = float(times.children_user + times.children_system)
    try:
        return ended_s + time.clock_gettime(_clock(process.pid))
    except OSError:  # not Linux: in ticks of 10 ms
        return ended_s + float(times.user + times.system)


def _clock(pid: int) -> int:
    """That Linux has for a process, its ended threads with it, in nanoseconds: clock_getcpuclockid(3)."""
    return ~pid << 3 | 2

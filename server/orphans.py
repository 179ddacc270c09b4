"""Child processes that do not outlive the process that started them."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # linux/prctl.h

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent(ends_by: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the system sends the child `ends_by` when its parent dies. Only Linux can."""
    parent = os.getpid()

    def arrange() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, ends_by, 0, 0, 0)
            if os.getppid() != parent:  # it died before it was asked
                os._exit(1)

    return arrange

"""The API and the worker as child processes of `photofeed up`: watched, started again, stopped in order."""

import asyncio
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dev.embedded.processes import end_leftovers, last_line
from server.orphans import end_with_parent

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
STEADY_S = 60.0  # what ran for so long did start well


@dataclass(frozen=True)
class Child:
    """The process of one `photofeed` command, such as `api`.

    `fds` stay open in it. `say` tells the person at the terminal. It gets `grace_s` to stop, or until `hurry` is set.
    """

    command: str
    home: Path
    say: Callable[[str], None]
    hurry: asyncio.Event
    grace_s: float
    options: Sequence[str] = ()
    fds: Sequence[int] = ()

    async def supervise(self) -> None:
        """Run it, and again when it ends, later each time. Cancelled: returns when it is gone."""
        pause_s = FIRST_PAUSE_S
        self._log.write_bytes(b"")
        while True:
            began = time.monotonic()
            code = await self._run()
            if time.monotonic() - began > STEADY_S:
                pause_s = FIRST_PAUSE_S
            self.say(f"{self.command} has ended ({code}), starts again in {pause_s:.0f} s: {last_line(self._log)}")
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    @property
    def _log(self) -> Path:
        return self.home / "logs" / f"{self.command}.log"

    async def _run(self) -> int:
        with self._log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-X", _mark(self.home), "-m", "server.cli", self.command, *self.options),
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=self.fds,
                start_new_session=True,  # a Ctrl-C at the terminal is for us, who stop it in order
                preexec_fn=end_with_parent(signal.SIGTERM),
            )
        try:
            return await process.wait()
        finally:
            await self._stop(process)

    async def _stop(self, process: Process) -> None:
        if process.returncode is not None:
            return
        process.terminate()
        endings = [asyncio.create_task(process.wait()), asyncio.create_task(self.hurry.wait())]
        await asyncio.wait(endings, timeout=self.grace_s, return_when=asyncio.FIRST_COMPLETED)
        if process.returncode is None:
            process.kill()
        await endings[0]
        endings[1].cancel()


def end_left_children(home: Path) -> None:
    """End the API and the worker of a run that was killed."""
    end_leftovers(Path(sys.executable).name, _mark(home), signal.SIGKILL)


def _mark(home: Path) -> str:
    """An option that Python ignores: it tells our children from all other processes."""
    return f"photofeed_home={home}"

"""What clients sent and what was acknowledged: on disk as it happens, read again to judge."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO


class Entry(NamedTuple):
    """`result`: the id of what an acknowledged step made or changed; of what was only sent there is none."""

    step: int
    result: str | None


class Journal:
    """Steps go by their numbers in the schedule, which the seed in the first line repeats."""

    def __init__(self, file: TextIO, seed: int) -> None:
        self._file = file
        self.acknowledgements = 0
        print("seed", seed, file=file)

    def sent(self, step: int) -> None:
        print("sent", step, file=self._file)

    def acknowledged(self, step: int, result: str) -> None:
        print("acknowledged", step, result, file=self._file)
        self.acknowledgements += 1

    def entries(self) -> Iterator[Entry]:
        """In the order in which they happened."""
        _, *lines = Path(self._file.name).read_text().splitlines()
        for line in lines:
            _, step, *result = line.split()
            yield Entry(int(step), result[0] if result else None)


@contextmanager
def journal(path: Path, seed: int) -> Iterator[Journal]:
    with path.open("w", buffering=1) as file:  # each line leaves at once
        yield Journal(file, seed)

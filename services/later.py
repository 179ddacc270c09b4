"""What a job says when somebody outside has it come back later: no fault of ours, and nothing for a person to mend."""


class TryLater(Exception):
    """Worth another try, not before `after_s`."""

    def __init__(self, reason: str, *, after_s: float = 0) -> None:
        super().__init__(reason)
        self.after_s = after_s

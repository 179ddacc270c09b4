"""Push or pull: which way an author's posts take.

    PUSH --(many followers)--> BOTH --(every follow is marked as pulled)--> PULL
    PULL --(few followers)---> BOTH --(every older timeline is gone)------> PUSH

BOTH is complete either way, so that a reader who has seen one class while a fan-out saw another misses nothing.
"""

from stores.postgres.reach import FanOutClass, Reach

RETURN_BELOW = 2
"""An author goes back to push below half of the threshold, so that one follower more or less changes nothing."""


def next_class(reach: Reach, *, threshold: int, timelines_live_s: float) -> FanOutClass:
    """The class that an author's reach calls for now; on the way to PULL, BOTH stays until all follows are marked."""
    many = reach.follower_count >= threshold
    match reach.fan_out_class:
        case "PUSH":
            return "BOTH" if many else "PUSH"
        case "PULL":
            return "BOTH" if reach.follower_count * RETURN_BELOW < threshold else "PULL"
        case "BOTH" if reach.both_s is None:
            return "BOTH"
        case _:
            if many:
                return "PULL"
            return "PUSH" if reach.both_s is not None and reach.both_s > timelines_live_s else "BOTH"


def crosses(fan_out_class: str, follower_count: int, *, threshold: int) -> bool:
    """Whether the class of an author with so many followers has to be looked at."""
    if fan_out_class == "PUSH":
        return follower_count >= threshold
    return fan_out_class == "PULL" and follower_count * RETURN_BELOW < threshold

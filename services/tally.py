"""How often things happened in this process since it began: plain numbers, for whoever collects figures."""

from typing import Literal, get_args

FeedWay = Literal["warm", "below_floor", "thinned", "cold"]
"""How a page of the home feed was found: on the timeline; in part below its floor; its rest by the exact query, as
rules had refused too many; or without a timeline."""


class Tally:
    def __init__(self) -> None:
        self.feed_reads: dict[FeedWay, int] = dict.fromkeys(get_args(FeedWay), 0)

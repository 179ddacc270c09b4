"""How a viewer stands to an owner, and what that lets him see: the rules of docs/privacy.md once more."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tests.canary.possible import Change

OK, NOT_FOUND = "OK", "NOT_FOUND"


class Standing(NamedTuple):
    """Of a viewer, to the owner of what he looks at."""

    is_private: bool = False
    follow: str = "NONE"
    blocks: bool = False
    """The viewer has blocked the owner."""
    is_blocked: bool = False
    """The owner has blocked the viewer."""
    mutes: bool = False

    @property
    def are_apart(self) -> bool:
        return self.blocks or self.is_blocked


Outcomes = Iterable[tuple[Standing, str]]


def sees_card(standing: Standing) -> bool:
    return not standing.are_apart


def sees_content(standing: Standing) -> bool:
    return sees_card(standing) and (not standing.is_private or standing.follow == "FOLLOWING")


def has_in_feed(standing: Standing) -> bool:
    return sees_card(standing) and standing.follow == "FOLLOWING" and not standing.mutes


def is_told_of(standing: Standing) -> bool:
    return sees_card(standing) and not standing.mutes


def has_blocked(standing: Standing) -> bool:
    return standing.blocks


VIEWS = {
    "card": sees_card,
    "content": sees_content,
    "feed": has_in_feed,
    "told": is_told_of,
    "blocked": has_blocked,
}


def accepted_by_job(standing: Standing) -> Iterable[Standing]:
    """Requests to an account that is public are accepted, some time."""
    if standing.follow == "REQUESTED" and not standing.is_private:
        yield standing._replace(follow="FOLLOWING")


def follow(standing: Standing) -> Outcomes:
    if standing.are_apart:
        yield standing, NOT_FOUND
    elif standing.is_private and standing.follow != "FOLLOWING":
        yield standing._replace(follow="REQUESTED"), OK
    else:
        yield standing._replace(follow="FOLLOWING"), OK


def unfollow(standing: Standing) -> Outcomes:
    yield (standing, NOT_FOUND) if standing.are_apart else (standing._replace(follow="NONE"), OK)


def accept(standing: Standing) -> Outcomes:
    if standing.follow == "NONE":
        yield standing, NOT_FOUND
    else:
        yield standing._replace(follow="FOLLOWING"), OK


def decline(standing: Standing) -> Outcomes:
    if standing.follow == "REQUESTED":
        yield standing._replace(follow="NONE"), OK
    else:
        yield standing, NOT_FOUND


def mute(standing: Standing) -> Outcomes:
    yield (standing, NOT_FOUND) if standing.are_apart else (standing._replace(mutes=True), OK)


def unmute(standing: Standing) -> Outcomes:
    yield (standing, NOT_FOUND) if standing.are_apart else (standing._replace(mutes=False), OK)


def block(standing: Standing) -> Outcomes:
    yield (standing, NOT_FOUND) if standing.is_blocked else (standing._replace(blocks=True, follow="NONE"), OK)


def unblock(standing: Standing) -> Outcomes:
    yield (standing, NOT_FOUND) if standing.is_blocked else (standing._replace(blocks=False), OK)


def be_blocked(standing: Standing) -> Outcomes:
    yield (standing, NOT_FOUND) if standing.blocks else (standing._replace(is_blocked=True, follow="NONE"), OK)


def be_unblocked(standing: Standing) -> Outcomes:
    yield (standing, NOT_FOUND) if standing.blocks else (standing._replace(is_blocked=False), OK)


def go_private(standing: Standing) -> Outcomes:
    yield standing._replace(is_private=True), OK


def go_public(standing: Standing) -> Outcomes:
    yield standing._replace(is_private=False), OK


BY_VIEWER: Mapping[str, Change[Standing]] = {
    "followUser": follow,
    "unfollowUser": unfollow,
    "muteUser": mute,
    "unmuteUser": unmute,
    "blockUser": block,
    "unblockUser": unblock,
}
"""What a mutation of the viewer's that names the owner changes."""

BY_OWNER: Mapping[str, Change[Standing]] = {
    "acceptFollowRequest": accept,
    "declineFollowRequest": decline,
    "blockUser": be_blocked,
    "unblockUser": be_unblocked,
}
"""What a mutation of the owner's that names the viewer changes."""

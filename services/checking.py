"""Feeds as they are served, compared with the SQL reference; what differs is repaired."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from rules.access import is_in_feed
from services import timelines
from services.deps import Deps
from services.feed import home
from services.upkeep import Upkeep
from stores.postgres import fan_outs, feed, inspection, marks, users
from stores.postgres.sights import Sight
from stores.rows import User


class Difference(NamedTuple):
    """Ids of posts that a walk through a feed missed, or served without right or twice; strong mode on or off."""

    is_strong: bool
    missed: list[int]
    surplus: list[int]


class Finding(NamedTuple):
    """What was wrong with a feed; `is_repaired`: nothing is any more."""

    differences: list[Difference]
    is_repaired: bool


class Reference(NamedTuple):
    """What the SQL reference has from `top` down to `bottom`: ids of posts by `feed_id`, highest first.

    `excused`: those of them that a read may lack, for their fan-out is not done and strong mode does not reach them.
    """

    top: int
    bottom: int
    posts: Mapping[int, int]
    excused: set[int]


async def viewers(deps: Deps, most: int) -> list[User]:
    """At most so many, by chance: of those with a timeline, and where they are too few, of the others too."""
    chosen = set(await deps.timelines.viewers_by_chance(most))
    async with deps.database.read() as connection:
        found = await users.by_ids(connection, sorted(chosen))
        besides = [user.id for user in found]
        others = await inspection.users_by_chance(connection, most=most - len(found), besides=besides)
        return found + await users.by_ids(connection, others)


async def check(deps: Deps, viewer_id: int, *, most: int) -> Finding | None:
    """Compare the latest `most` posts of a feed; None where all is as it should be.

    A difference is looked at twice: what somebody changed during a walk is none. Then the timeline is built anew.
    """
    if not await _differences(deps, viewer_id, most) or not (found := await _differences(deps, viewer_id, most)):
        return None
    await deps.timelines.drop(viewer_id)
    await timelines.rebuild(deps, viewer_id)
    return Finding(found, is_repaired=not await _differences(deps, viewer_id, most))


async def _differences(deps: Deps, viewer_id: int, most: int) -> list[Difference]:
    """With strong mode off, and as it is set."""
    readers = [_reader(deps, strong_mode_posts) for strong_mode_posts in sorted({0, deps.settings.strong_mode_posts})]
    found = [await _difference(reader, viewer_id, most) for reader in readers]
    return [one for one in found if one.missed or one.surplus]


def _reader(deps: Deps, strong_mode_posts: int) -> Deps:
    """Reads as everybody does, but nobody does the upkeep that it asks for: what is looked at stays as it is."""
    settings = deps.settings.model_copy(update={"strong_mode_posts": strong_mode_posts})
    return replace(deps, settings=settings, upkeep=Upkeep(waiting_most=1))


async def _difference(reader: Deps, viewer_id: int, most: int) -> Difference:
    reference = await _reference(reader, viewer_id, most)
    served, surplus, last = set[int](), list[int](), reference.top + 1
    for post in await _walk(reader, viewer_id, reference):
        if post.feed_id not in reference.posts or post.feed_id >= last:
            surplus.append(post.id)
        last = post.feed_id
        served.add(last)
    lacking = reference.posts.keys() - served - reference.excused
    missed = [post_id for feed_id, post_id in reference.posts.items() if feed_id in lacking]
    return Difference(reader.settings.strong_mode_posts > 0, missed, surplus)


async def _reference(reader: Deps, viewer_id: int, most: int) -> Reference:
    strong_mode_posts = reader.settings.strong_mode_posts
    async with reader.database.read() as connection:
        top = await marks.latest_publication(connection)
        found = await feed.exact(connection, viewer_id, below=top + 1, most=most)
        undrained = await fan_outs.undrained_among(connection, [post.feed_id for post in found])
    standing = await feed.standing(reader.database, viewer_id, newest=1, undrained=strong_mode_posts)
    bottom = found[-1].feed_id if len(found) == most else 0
    posts = {post.feed_id: post.id for post in found if is_in_feed(post.relation)}
    return Reference(top, bottom, posts, undrained.difference(standing.undrained))


async def _walk(reader: Deps, viewer_id: int, through: Reference) -> list[Sight]:
    """The pages of a feed, in the order in which they are served."""
    walked: list[Sight] = []
    below = through.top + 1
    while below > through.bottom:
        page = await home(reader, viewer_id, below=below, most=reader.settings.page_limit)
        walked += page.posts
        below = page.posts[-1].feed_id if page.has_next else 0
    return [post for post in walked if post.feed_id >= through.bottom]

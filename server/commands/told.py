"""What the commands of `photofeed feed` found, in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rules.node_ids import encode
from services.checking import Difference, Finding
from services.explaining import Absence, Explanation, Source
from services.feed import Cold

POSTS_NAMED = 5

ABSENT: Mapping[Absence, str] = {
    "deleted": "it was deleted at {deleted}",
    "not published": "it is not published, its status is {status}",
    "blocked": "{viewer} and {author} are parted by a block",
    "not followed": "{viewer} does not follow {author}",
    "muted": "{viewer} has muted {author}",
    "hidden": "a rule hides it from {viewer}",
}
COLD: Mapping[Cold, str] = {
    "no Redis": "Redis does not answer",
    "no timeline": "{viewer} has no timeline",
    "building": "{viewer}'s timeline is being built",
    "too old": "{viewer}'s timeline is too old",
    "many new follows": "{viewer}'s timeline lacks too many new follows",
}
SOURCES: Mapping[Source, str] = {
    "timeline": "{viewer}'s timeline",
    "own post": "{viewer}'s own latest posts",
    "pulled author": "the latest posts of {author}, who is pulled for having many followers",
    "new follow": "the latest posts of {author}, a follow that {viewer}'s timeline does not reflect yet",
    "undrained": "the posts whose fan-out is not done (strong mode)",
    "below the floor": "Postgres, for it is below the floor of {viewer}'s timeline",
}


def explained(viewer: str, found: Explanation) -> str:
    """Whether the post is in the feed, and why; where it is, a second line says from where."""
    post, author = found.post, found.author_name
    named = f"Post {post.id} ({encode('Post', post.id)}) by {author}"
    if found.absent is not None:
        words = {"viewer": viewer, "author": author, "status": post.status, "deleted": _utc(post.deleted_at)}
        return f"{named} is not in {viewer}'s feed: {ABSENT[found.absent].format(**words)}."
    since = found.followed_since
    why = f"{viewer} has followed {author} since {_utc(since)}" if since else f"it is {viewer}'s own"
    return f"{named}, published at {_utc(post.published_at)}, is in {viewer}'s feed: {why}.\n{_read(viewer, found)}"


def checked(count: int, findings: Mapping[str, Finding]) -> str:
    """A line for each difference, by whose feed it is; then the sum."""
    lines = [_difference(name, one) for name, finding in findings.items() for one in finding.differences]
    repaired = sum(finding.is_repaired for finding in findings.values())
    if not findings:
        summary = f"Compared {_feeds(count)} with the SQL reference: no difference."
    else:
        summary = f"Compared {_feeds(count)} with the SQL reference: {len(findings)} differed, {repaired} repaired."
    unrepaired = [name for name, finding in findings.items() if not finding.is_repaired]
    left = [f"A new timeline did not help: {', '.join(unrepaired)}."] if unrepaired else []
    return "\n".join([*lines, summary, *left])


def _read(viewer: str, found: Explanation) -> str:
    if found.way is not None and found.way.cold is not None:
        return f"The next read takes it from Postgres alone: {COLD[found.way.cold].format(viewer=viewer)}."
    if found.way is None or not found.way.sources:
        return f"The next read misses it. `photofeed feed check --viewer {viewer}` repairs that."
    sources = [SOURCES[source].format(viewer=viewer, author=found.author_name) for source in found.way.sources]
    return f"The next read takes it from {'; and from '.join(sources)}."


def _difference(viewer: str, difference: Difference) -> str:
    mode = "on" if difference.is_strong else "off"
    faults = [f"misses {_posts(difference.missed)}"] if difference.missed else []
    faults += [f"shows {_posts(difference.surplus)} wrongly"] if difference.surplus else []
    return f"{viewer}'s feed, strong mode {mode}: {', '.join(faults)}."


def _posts(post_ids: Sequence[int]) -> str:
    named = ", ".join(str(post_id) for post_id in post_ids[:POSTS_NAMED])
    more = f" and {len(post_ids) - POSTS_NAMED} more" if len(post_ids) > POSTS_NAMED else ""
    return f"post{'s' if len(post_ids) > 1 else ''} {named}{more}"


def _feeds(count: int) -> str:
    return "1 feed" if count == 1 else f"{count} feeds"


def _utc(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else "no time"

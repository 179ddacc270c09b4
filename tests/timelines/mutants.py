"""The protocol with one of its rules broken: what the state machine must be able to find."""

from typing import NamedTuple

from tests.timelines import stories, stories_of_privacy
from tests.timelines.breaking import Edit
from tests.timelines.stories import Story


class Searched(NamedTuple):
    """`scope`: of `machine.SCOPES`, what the examples are about that come to harm."""

    scope: str
    edits: tuple[Edit, ...]


class Told(NamedTuple):
    """What harm comes of is so rare that it is told as a story."""

    story: Story
    edits: tuple[Edit, ...]


SCRIPTS, FEED, TIMELINES, FAN_OUT = "stores.redis.scripts", "services.feed", "services.timelines", "services.fan_out"
STATEMENTS, REACH = "stores.postgres.feed", "stores.postgres.reach"
FOLLOWING, BLOCKING = "services.following", "services.blocking"

_REFUSAL_OF_MERGE = "if token ~= ARGV[1] or state ~= 'B' then return 0 end\n"
_MARKING = "    header = await deps.timelines.mark(viewer_id, now=now)\n    if header.is_live:\n        return\n"
_SNAPSHOT_TAKEN = "since=0, floor=0, most=cap + 1)\n"
_NOTED = "if reached_id > under_way.reached_id:\n                await _note_reached(deps, post_id, reached_id)\n"
_BEGINNING = "    if under_way is not None:\n        await _push_to_all("
_MARKING_FOLLOWS = "        await _mark_follows(deps, author_id, is_pulled=True)\n"
_NOT_MUTED = "\n            and not exists (select from mutes where muter_id = :viewer_id and muted_id = followee_id)"
_ENDED = "            await following.end(deps, uow, user_id, other_id, held)\n"
_IS_FOLLOWED = "select from follows where follower_id = :viewer_id and followee_id = posts.author_id\n"
_IS_NOT_MUTED = "and not exists (select from mutes where muter_id = :viewer_id and muted_id = posts.author_id)\n"
_PULLING_ONLY = "        await _pull_only(deps, author_id)\n"

FOUND_BY_SEARCH = {
    "a trim leaves the floor": Searched("trims", (Edit(SCRIPTS, "if lowest > floor then floor = lowest end", ""),)),
    "a header is replaced by way of none": Searched(
        "follows alone",
        (
            Edit(SCRIPTS, "    redis.call('ZADD', key, 0, saved)\n", ""),
            Edit(
                SCRIPTS,
                "    redis.call('ZREM', key, header)\n",
                "    redis.call('ZREM', key, header)\n    redis.call('ZADD', key, 0, saved)\n",
            ),
        ),
    ),
    "a purge does not look whether the follow is there": Searched(
        "follows",
        (
            Edit(
                STATEMENTS,
                "where posts.feed_id = any(cast(:feed_ids as bigint[])) and not exists (",
                "where posts.feed_id = any(cast(:feed_ids as bigint[])) or not exists (",
            ),
        ),
    ),
    "a cut rebuild claims to be complete": Searched(
        "trims", (Edit(TIMELINES, "kept[-1] if len(found.feed_ids) > cap else 0", "0"),)
    ),
    "a fan-out is done before its pushes": Searched(
        "late pushes",
        (
            Edit(
                FAN_OUT,
                _BEGINNING,
                "    async with deps.database.unit_of_work() as uow:\n"
                "        await fan_outs.drained(uow.connection, post_id)\n" + _BEGINNING,
            ),
        ),
    ),
    "new follows are not pulled": Searched("follows", (Edit(FEED, "if ver > header.ver}", "if False}"),)),
    "one's own posts are not pulled": Searched(
        "pages", (Edit(FEED, "{viewer_id, *standing.pulled, *new", "{*standing.pulled, *new"),)
    ),
    "what is not fanned out is not pulled": Searched(
        "pages", (Edit(FEED, "*timeline.feed_ids, *undrained)", "*timeline.feed_ids,)"),)
    ),
    "below the floor there is nothing": Searched(
        "trims", (Edit(FEED, "min(below, header.floor) if reached_floor else 0", "0"),)
    ),
    "a thinned page is not filled up": Searched(
        "pages", (Edit(FEED, "is_thinned = len(visible) <= most and seen.low > 0", "is_thinned = False"),)
    ),
    "posts of those unfollowed are served": Searched(
        "follows", (Edit(FEED, "visible = _visible(seen.sights)", "visible = list(seen.sights)"),)
    ),
    "deleted posts are served": Searched(
        "pages", (Edit(STATEMENTS, '"posts.deleted_at is null and posts.feed_id', '"posts.feed_id'),)
    ),
    "posts of those muted are served": Searched(
        "mutes",
        (
            Edit(
                FEED,
                "if is_in_feed(relation)",
                "if relation.is_self or relation.is_followed",
            ),
        ),
    ),
    "the answer of Postgres is cut before mutes": Searched("mutes", (Edit(STATEMENTS, _NOT_MUTED, ""),)),
    "a block leaves a follow": Searched("blocks", (Edit(BLOCKING, _ENDED, ""),)),
}

FOUND_BY_STORY = {
    "a chunk is done before its pushes": Told(
        stories.a_fan_out_finds_no_redis,
        (Edit(FAN_OUT, _NOTED, "await _note_reached(deps, post_id, followers[-1].position)\n"),),
    ),
    "pulled authors are not pulled": Told(
        stories.an_author_who_is_pulled_is_followed,
        (Edit(FEED, "{viewer_id, *standing.pulled, *new", "{viewer_id, *new"),),
    ),
    "a push below the floor is kept": Told(
        stories.a_push_comes_when_the_timeline_has_gone_on,
        (Edit(SCRIPTS, "if ARGV[1] < string.sub(header, 21, 33) then return 0 end", ""),),
    ),
    "a timeline that is being built is not pushed to": Told(
        stories.a_post_comes_during_a_rebuild,
        (Edit(SCRIPTS, "if ARGV[1] < string.sub", "if string.sub(header, 19, 19) ~= 'L' or ARGV[1] < string.sub"),),
    ),
    "a rebuild is marked after its posts are read": Told(
        stories.a_post_comes_during_a_rebuild,
        (Edit(TIMELINES, _MARKING, ""), Edit(TIMELINES, _SNAPSHOT_TAKEN, _SNAPSHOT_TAKEN + _MARKING)),
    ),
    "a merge goes by no token": Told(
        stories.a_timeline_is_evicted_during_a_rebuild, (Edit(SCRIPTS, _REFUSAL_OF_MERGE, ""),)
    ),
    "a merge forgets what was trimmed meanwhile": Told(
        stories.more_posts_come_during_a_rebuild_than_the_timeline_holds,
        (Edit(SCRIPTS, _REFUSAL_OF_MERGE, _REFUSAL_OF_MERGE + "floor = ARGV[2]\n"),),
    ),
    "a purge goes by no version": Told(
        stories.a_follow_returns_during_a_purge,
        (Edit(SCRIPTS, "if tonumber(ver) > tonumber(ARGV[1]) then return 0 end\n", ""),),
    ),
    "a rebuild leaves pulled authors out": Told(
        stories.a_timeline_is_built_while_an_author_is_on_the_way_back_to_push,
        (Edit(STATEMENTS, "and follows.ver > :since", "and follows.ver > :since and not follows.is_pulled"),),
    ),
    "a rebuild takes the version that is there at its end": Told(
        stories.a_follow_comes_during_a_rebuild,
        (
            Edit(
                TIMELINES,
                _SNAPSHOT_TAKEN,
                _SNAPSHOT_TAKEN + "        found = found._replace(ver=(await feed.snapshot("
                "connection, viewer_id, since=0, floor=0, most=0)).ver)\n",
            ),
        ),
    ),
    "a cut sync leaves the floor": Told(
        stories.a_new_followee_has_more_posts_than_the_timeline_holds,
        (Edit(TIMELINES, "kept[-1] if len(found.feed_ids) > cap else header.floor", "header.floor"),),
    ),
    "an author is PULL before the follows are marked": Told(
        stories.posts_come_while_an_author_becomes_pulled,
        (
            Edit(FAN_OUT, _MARKING_FOLLOWS, ""),
            Edit(FAN_OUT, _PULLING_ONLY, _PULLING_ONLY + _MARKING_FOLLOWS),
        ),
    ),
    "an author is PUSH again at once": Told(
        stories.an_author_is_pushed_again_and_an_old_timeline_is_there_still,
        (Edit(FAN_OUT, "return deps.settings.timeline_max_age_s + MARGIN_S", "return -1"),),
    ),
    "an author who is BOTH is not pushed": Told(
        stories.a_timeline_is_built_while_an_author_is_on_the_way_back_to_push,
        (Edit(REACH, 'users.c.fan_out_class != "PULL")', 'users.c.fan_out_class == "PUSH")'),),
    ),
    "a follow does not go by the class": Told(
        stories.an_author_who_is_pulled_is_followed,
        (Edit(FOLLOWING, 'is_pulled=held[followee_id].fan_out_class != "PUSH"', "is_pulled=False"),),
    ),
    "the timeline is read before the truth": Told(
        stories.a_fan_out_ends_during_a_read,
        (
            Edit(
                FEED,
                "    standing = standing or await feed.standing(",
                "    found = await deps.timelines.read(viewer_id, below=below, most=most + 1 + SPARE)\n"
                "    standing = standing or await feed.standing(",
            ),
            Edit(
                FEED,
                "timeline = await _timeline(deps, viewer_id, standing, below=below, most=most + 1 + SPARE)",
                "timeline = None if why_cold(deps, standing, found) else found",
            ),
        ),
    ),
    "many new follows are taken for few": Told(
        stories.more_are_followed_than_a_read_pulls,
        (Edit(FEED, 'return "many new follows" if has_many else None', "return None"),),
    ),
    "a timeline is used beyond its age": Told(
        stories.an_author_is_pushed_again_and_an_old_timeline_is_there_still,
        (Edit(FEED, "if standing.now - header.built >= deps.timelines.limits.max_age_s:", "if False:"),),
    ),
    "a look speaks for what is below it": Told(
        stories.a_page_is_deleted_while_it_is_read,
        (Edit(STATEMENTS, "when count(*) = look.most then", "when false then"),),
    ),
    "a timeline read in part is taken for whole": Told(
        stories.a_page_of_the_timeline_is_of_those_unfollowed,
        (Edit(FEED, "below=below, most=most + 1 + SPARE)", "below=below, most=most)"),),
    ),
    "a purge takes a mute for an unfollow": Told(
        stories_of_privacy.a_mute_is_taken_back,
        (Edit(STATEMENTS, _IS_FOLLOWED, _IS_FOLLOWED + _IS_NOT_MUTED),),
    ),
    "a follow that is accepted takes no version": Told(
        stories_of_privacy.a_request_is_accepted,
        (
            Edit(
                FOLLOWING,
                "    await _begin(deps, uow, requester_id, user_id, held)\n",
                "    before = held[requester_id]._replace(follow_ver=-1)\n"
                "    await _begin(deps, uow, requester_id, user_id, {**held, requester_id: before})\n",
            ),
        ),
    ),
    "requests are accepted whoever is private again": Told(
        stories_of_privacy.an_account_goes_public_and_is_private_again,
        (Edit(FOLLOWING, "            if held[user_id].is_private:\n                return\n", ""),),
    ),
}

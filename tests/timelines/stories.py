"""What happened to Ann's feed: the shortest ways to come to harm without one of the protocol's rules.

Ann reads; she follows Bob and Eva, where a story does not say otherwise.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from tests.timelines.laboratory import Laboratory, Limits
from tests.timelines.machine import FEW, HOUR, MANY
from tests.timelines.play import Play

Story = Callable[[Laboratory], Play]
"""Gives what is to come to rest."""
ANN, BOB, EVA = range(3)
UNTIL_MERGE, UNTIL_PURGE, UNTIL_JUDGED = 3, 3, 2  # store calls


def a_push_comes_when_the_timeline_has_gone_on(lab: Laboratory) -> Play:
    play = begun(lab, cap=1, slack=1)
    ann, bob, _ = play.people
    play.post(bob)
    posted(play, bob)
    posted(play, bob)
    play.finish(play.rebuild(ann))
    play.finish(play.start_job(play.jobs[0]))
    play.delete(max(play.model.posts))
    play.see(ann, first=1)
    return play


def a_fan_out_finds_no_redis(lab: Laboratory) -> Play:
    play = begun(lab)
    ann, bob, _ = play.people
    play.finish(play.rebuild(ann))
    play.post(bob)
    fan_out = play.start_job(play.jobs[-1])
    while fan_out in play.flights:
        play.step(fan_out, trouble="unreachable")
    play.do_jobs()
    play.see(ann)
    return play


def a_post_comes_during_a_rebuild(lab: Laboratory) -> Play:
    play = begun(lab)
    ann, bob, _ = play.people
    for calls in range(4):
        evict(play, ann)
        rebuild = play.rebuild(ann)
        play.step(rebuild, calls)
        posted(play, bob)
        play.finish(rebuild)
        play.see(ann)
    return play


def a_timeline_is_evicted_during_a_rebuild(lab: Laboratory) -> Play:
    play = begun(lab)
    ann, bob, _ = play.people
    overtaken = play.rebuild(ann)
    play.step(overtaken, UNTIL_MERGE)
    evict(play, ann)
    posted(play, bob)
    play.step(play.rebuild(ann), UNTIL_MERGE)
    play.finish(overtaken)
    play.see(ann)
    return play


def more_posts_come_during_a_rebuild_than_the_timeline_holds(lab: Laboratory) -> Play:
    play = begun(lab, cap=1)
    ann, bob, _ = play.people
    rebuild = play.rebuild(ann)
    play.step(rebuild, UNTIL_MERGE)
    posted(play, bob)
    posted(play, bob)
    play.finish(rebuild)
    play.see(ann)
    return play


def a_follow_comes_during_a_rebuild(lab: Laboratory) -> Play:
    play = begun(lab, follows=[])
    ann, bob, _ = play.people
    posted(play, bob)
    rebuild = play.rebuild(ann)
    play.step(rebuild, UNTIL_MERGE)
    play.dealings.follow(ann, bob)
    play.finish(rebuild)
    play.see(ann)
    return play


def a_new_followee_has_more_posts_than_the_timeline_holds(lab: Laboratory) -> Play:
    play = begun(lab, cap=1, follows=[])
    ann, bob, _ = play.people
    play.finish(play.rebuild(ann))
    posted(play, bob)
    posted(play, bob)
    play.dealings.follow(ann, bob)
    play.do_jobs()
    play.see(ann)
    return play


def more_are_followed_than_a_read_pulls(lab: Laboratory) -> Play:
    play = begun(lab, newest=1, follows=[])
    ann, bob, eva = play.people
    posted(play, bob)
    play.finish(play.rebuild(ann))
    play.dealings.follow(ann, bob)
    play.dealings.follow(ann, eva)
    play.see(ann)
    return play


def a_follow_returns_during_a_purge(lab: Laboratory) -> Play:
    play = begun(lab)
    ann, bob, _ = play.people
    posted(play, bob)
    play.finish(play.rebuild(ann))
    play.dealings.unfollow(ann, bob)
    purge = play.refresh(ann)
    play.step(purge, UNTIL_PURGE)
    play.dealings.follow(ann, bob)
    play.finish(play.refresh(ann))
    play.finish(purge)
    play.see(ann)
    return play


def posts_come_while_an_author_becomes_pulled(lab: Laboratory) -> Play:
    play = begun(lab)
    ann, bob, _ = play.people
    play.finish(play.rebuild(ann))
    change = play.reclassify(bob, threshold=MANY)
    while change in play.flights:
        play.step(change)
        posted(play, bob)
        play.see(ann)
    return play


def an_author_who_is_pulled_is_followed(lab: Laboratory) -> Play:
    play = begun(lab, follows=[(EVA, BOB)])
    ann, bob, _ = play.people
    play.finish(play.rebuild(ann))
    play.finish(play.reclassify(bob, threshold=MANY))
    play.dealings.follow(ann, bob)
    play.finish(play.refresh(ann))
    posted(play, bob)
    play.see(ann)
    return play


def an_author_is_pushed_again_and_an_old_timeline_is_there_still(lab: Laboratory) -> Play:
    play = begun(lab)
    ann, bob, _ = play.people
    play.finish(play.rebuild(ann))
    play.finish(play.reclassify(bob, threshold=MANY))
    posted(play, bob)
    play.finish(play.reclassify(bob, threshold=FEW))
    play.finish(play.reclassify(bob, threshold=FEW))
    play.see(ann)
    play.let_pass(75 * HOUR)
    play.finish(play.reclassify(bob, threshold=FEW))
    play.see(ann)
    return play


def a_timeline_is_built_while_an_author_is_on_the_way_back_to_push(lab: Laboratory) -> Play:
    play = begun(lab)
    ann, bob, _ = play.people
    play.finish(play.reclassify(bob, threshold=MANY))
    posted(play, bob)
    play.finish(play.reclassify(bob, threshold=FEW))
    play.let_pass(75 * HOUR)
    play.finish(play.rebuild(ann))
    posted(play, bob)
    play.finish(play.reclassify(bob, threshold=FEW))
    play.see(ann)
    return play


def a_fan_out_ends_during_a_read(lab: Laboratory) -> Play:
    play = begun(lab, cap=6)
    ann, bob, _ = play.people
    play.finish(play.rebuild(ann))
    for calls in range(4):
        play.post(bob)
        page = play.read(ann)
        play.step(page, calls)
        play.do_jobs()
        play.finish(page)
    return play


def a_page_of_the_timeline_is_of_those_unfollowed(lab: Laboratory) -> Play:
    play = begun(lab)
    ann, bob, eva = play.people
    for author in (eva, bob, bob):
        posted(play, author)
    play.finish(play.rebuild(ann))
    play.dealings.unfollow(ann, bob)
    play.see(ann, first=1)
    return play


def a_page_is_deleted_while_it_is_read(lab: Laboratory) -> Play:
    play = begun(lab, spare=1)
    ann, _, eva = play.people
    for author in (ann, ann, ann, eva, eva, eva):
        posted(play, author)
    play.finish(play.rebuild(ann))
    page = play.read(ann, first=1)
    play.step(page, UNTIL_JUDGED)
    for post in list(play.model.posts)[-2:]:
        play.delete(post)
    play.finish(page)
    return play


def begun(
    lab: Laboratory,
    *,
    cap: int = 3,
    slack: int = 0,
    newest: int = 3,
    spare: int = 0,
    follows: Sequence[tuple[int, int]] = ((ANN, BOB), (ANN, EVA)),
) -> Play:
    limits = Limits(cap=cap, slack=slack, chunk=3, newest=newest, spare=spare, strong=1_000)
    return Play(lab, limits, people=3, follows=follows, counted=Counter(), tell=print)


def posted(play: Play, author: int) -> None:
    """A post, and its fan-out."""
    play.post(author)
    play.finish(play.start_job(play.jobs[-1]))


def evict(play: Play, viewer: int) -> None:
    play.lab.run(play.lab.deps.timelines.drop(viewer))


STORIES: Sequence[Story] = (
    a_push_comes_when_the_timeline_has_gone_on,
    a_fan_out_finds_no_redis,
    a_post_comes_during_a_rebuild,
    a_timeline_is_evicted_during_a_rebuild,
    more_posts_come_during_a_rebuild_than_the_timeline_holds,
    a_follow_comes_during_a_rebuild,
    a_new_followee_has_more_posts_than_the_timeline_holds,
    more_are_followed_than_a_read_pulls,
    a_follow_returns_during_a_purge,
    posts_come_while_an_author_becomes_pulled,
    an_author_who_is_pulled_is_followed,
    an_author_is_pushed_again_and_an_old_timeline_is_there_still,
    a_timeline_is_built_while_an_author_is_on_the_way_back_to_push,
    a_fan_out_ends_during_a_read,
    a_page_of_the_timeline_is_of_those_unfollowed,
    a_page_is_deleted_while_it_is_read,
)

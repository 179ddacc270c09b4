"""What happened to Ann's feed as people muted, asked, accepted and blocked: told as those in `stories`."""

from collections.abc import Sequence

from tests.timelines.laboratory import Laboratory
from tests.timelines.play import Play
from tests.timelines.stories import ANN, EVA, Story, begun, evict, posted

UNTIL_ACCEPTED = 1  # store calls


def a_mute_is_taken_back(lab: Laboratory) -> Play:
    play = begun(lab)
    ann, bob, _ = play.people
    posted(play, bob)
    play.finish(play.rebuild(ann))
    for is_lost in (False, True):
        play.dealings.mute(ann, bob)
        if is_lost:
            evict(play, ann)
        play.finish(play.rebuild(ann))
        play.finish(play.refresh(ann))
        play.see(ann)
        play.dealings.unmute(ann, bob)
        play.see(ann)
    return play


def a_request_is_accepted(lab: Laboratory) -> Play:
    play = begun(lab, follows=[(ANN, EVA)])
    ann, bob, _ = play.people
    posted(play, bob)
    play.finish(play.rebuild(ann))
    play.dealings.go_private(bob)
    play.dealings.follow(ann, bob)
    play.see(ann)
    play.dealings.accept(bob, ann)
    play.see(ann)
    return play


def an_account_goes_public_and_is_private_again(lab: Laboratory) -> Play:
    play = begun(lab, follows=[])
    ann, bob, _ = play.people
    posted(play, bob)
    play.finish(play.rebuild(ann))
    play.dealings.go_private(bob)
    play.do_jobs()
    play.dealings.follow(ann, bob)
    play.dealings.go_public(bob)
    accepting = play.start_job(play.jobs[-1])
    play.step(accepting, UNTIL_ACCEPTED)
    play.dealings.go_private(bob)
    play.finish(accepting)
    play.see(ann)
    return play


def a_follower_is_blocked_during_a_rebuild(lab: Laboratory) -> Play:
    play = begun(lab)
    ann, bob, _ = play.people
    posted(play, bob)
    for calls in range(4):
        rebuild = play.rebuild(ann)
        play.step(rebuild, calls)
        play.dealings.block(bob, ann)
        play.finish(rebuild)
        play.see(ann)
        play.dealings.unblock(bob, ann)
        play.see(ann)
        play.dealings.follow(ann, bob)
        play.see(ann)
        evict(play, ann)
    return play


STORIES_OF_PRIVACY: Sequence[Story] = (
    a_mute_is_taken_back,
    a_request_is_accepted,
    an_account_goes_public_and_is_private_again,
    a_follower_is_blocked_during_a_rebuild,
)

"""What people do in a canary run, which the model is told of before it is sent and after it is answered."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from tests.canary.model import Model, Need, Thing, mark, unmark
from tests.canary.possible import Change, S, Tracked
from tests.canary.run import Run
from tests.canary.schedule import Step
from tests.canary.standing import NOT_FOUND, OK
from tests.world import World

LOOKED_FOR = {
    "unfollowUser": lambda to: to.follow != "NONE",
    "unblockUser": lambda to: to.blocks,
    "unmuteUser": lambda to: to.mutes,
}
"""What a mutation takes back: whom there is such a thing with is named, if there is anybody."""
MARKS = {
    "likePost": ("like", mark),
    "unlikePost": ("like", unmark),
    "likeComment": ("like", mark),
    "unlikeComment": ("like", unmark),
    "savePost": ("save", mark),
    "unsavePost": ("save", unmark),
}


def there(things: Mapping[str, Thing], owners: Sequence[int] = ()) -> list[Thing]:
    """Those that nobody has begun to delete, of these owners, or where there are none, of anybody."""
    alive = [
        thing for thing in things.values() if not thing.is_deleting and not (thing.post and thing.post.is_deleting)
    ]
    return [thing for thing in alive if thing.owner in owners] or alive


async def relate(run: Run, process: World, step: Step) -> None:
    """Follow, mute, block, accept, and their opposites."""
    sender, way = sender_of(step), step.way
    other = whom(run.model, sender, step)
    changes = run.model.between(way, sender, other)
    code = await tracked(run, process, sender, way, {"userId": run.people[other].id}, changes)
    assert code in (OK, NOT_FOUND), (step, code)


def whom(model: Model, sender: int, step: Step) -> int:
    """Somebody with whom it changes something, rather than the one whom the step names."""
    others = [other for other in model.people if other != sender]
    if step.way in LOOKED_FOR:
        fits = LOOKED_FOR[step.way]
        fitting = [other for other in others if any(map(fits, model.standings[sender, other].states))]
    elif step.way in ("acceptFollowRequest", "declineFollowRequest"):
        asking = [(other, model.standings[other, sender].states) for other in others]
        fitting = [other for other, states in asking if any(state.follow == "REQUESTED" for state in states)]
    else:
        fitting = []
    return fitting[step.which % len(fitting)] if fitting else step.other


async def turn(run: Run, process: World, step: Step) -> None:
    """Go private, or public again."""
    owner, is_private = sender_of(step), step.way == "go private"
    changes = run.model.privacy(owner, is_private)
    code = await tracked(run, process, owner, "updateProfile", {"isPrivate": is_private}, changes)
    assert code == OK, (step, code)


async def react(run: Run, process: World, step: Step) -> None:
    """Like or save, or no longer."""
    person, (kind, change) = sender_of(step), MARKS[step.way]
    on_comment = step.way.endswith("Comment")
    things = there(run.model.comments if on_comment else run.model.posts, [step.other])
    if things:
        thing = things[step.which % len(things)]
        done = thing.marks.setdefault((kind, person), Tracked(False, {}))
        given = {"commentId" if on_comment else "postId": thing.id}
        await tracked(run, process, person, step.way, given, [(done, change)])


async def tracked(
    run: Run,
    process: World,
    person: int,
    name: str,
    given: Mapping[str, object],
    changes: Sequence[tuple[Tracked[S], Change[S]]],
) -> str:
    """Send a mutation; gives what it was answered. `changes`: what it does, and to what."""
    number = next(run.numbers)
    for changed, change in changes:
        changed.sent(number, change)
    code, _ = await run.change(process, person, name, given)
    if code:  # else the run is over
        for changed, _ in changes:
            changed.answered(number, code)
    return code


async def publish(run: Run, process: World, step: Step) -> None:
    """With canaries wherever there is text, and somebody mentioned."""
    author = sender_of(step)
    text, canary = run.model.canary("post", Need("content", author))
    media_id, in_media = await run.picture(author)
    given = {
        "mediaIds": [media_id],
        "caption": f"{text} #birds @{run.people[step.other].username}",
        "location": {"name": text},
    }
    code, payload = await run.change(process, author, "createPost", given)
    if code:
        assert code == OK, (step, code)
        made = payload["post"]["id"]
        run.model.posts[made] = Thing(made, author, (step.other,), [canary, in_media], media=media_id)


async def comment(run: Run, process: World, step: Step) -> None:
    author, posts = sender_of(step), there(run.model.posts, [step.other])
    if not posts:
        return
    on = posts[step.which % len(posts)]
    text, canary = run.model.canary("comment", Need("content", on.owner), Need("card", author))
    mentioned = step.which % len(run.people)
    given = {"postId": on.id, "text": f"{text} @{run.people[mentioned].username}"}
    code, payload = await run.change(process, author, "addComment", given)
    if code == OK:
        made = payload["comment"]["id"]
        comment = Thing(made, author, (mentioned,), [canary], on, is_gone=on.is_gone)
        comment.canaries[0].gone = on.canaries[0].gone
        run.model.comments[made] = comment
    else:
        assert code in ("", NOT_FOUND), (step, code)


async def delete(run: Run, process: World, step: Step) -> None:
    """One's own post or comment."""
    person, name = sender_of(step), step.way
    things = run.model.posts if name == "deletePost" else run.model.comments
    own = [thing for thing in there(things, [person]) if thing.owner == person]
    if own:
        thing = own[step.which % len(own)]
        thing.is_deleting = True
        given = {"postId" if name == "deletePost" else "commentId": thing.id}
        code, _ = await run.change(process, person, name, given)
        is_gone_with_post = thing.post is not None and thing.post.is_deleting
        assert code in ("", OK) or (code == NOT_FOUND and name == "deleteComment" and is_gone_with_post), (step, code)
        run.model.delete(thing)


def sender_of(step: Step) -> int:
    assert step.person is not None
    return step.person


ACTIONS: Mapping[str, Callable[[Run, World, Step], Awaitable[None]]] = {
    **dict.fromkeys(["followUser", "unfollowUser", "acceptFollowRequest", "declineFollowRequest"], relate),
    **dict.fromkeys(["blockUser", "unblockUser", "muteUser", "unmuteUser"], relate),
    **dict.fromkeys(["go private", "go public"], turn),
    **dict.fromkeys(MARKS, react),
    "publish": publish,
    "comment": comment,
    "deletePost": delete,
    "deleteComment": delete,
}

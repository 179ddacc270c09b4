"""Devices are told of notifications: once each, in plain words, and not of what is read or undone meanwhile."""

from settings import Settings
from tests.processes import another_process
from tests.push_receiver import Device, Receiver
from tests.pushes.devices import comment, device_of, run_but_pushes
from tests.world import World

LIKE = "mutation ($id: ID!) { likePost(input: {postId: $id}) { userErrors { code field message } } }"
LOG_OUT = "mutation { logOut(input: {}) { userErrors { code field message } } }"
READ = "mutation { markNotificationsRead(input: {}) { userErrors { code field message } } }"
DELETE_COMMENT = """mutation ($id: ID!) {
  deleteComment(input: {commentId: $id}) { userErrors { code field message } }
}"""


def bodies(receiver: Receiver, device: Device) -> list[str]:
    return [shown["body"] for shown in receiver.shown(device)]


async def test_a_comment_is_shown_on_each_device_with_what_to_open(pushing: World, receiver: Receiver) -> None:
    ana, ben = await pushing.person("ana"), await pushing.person("ben")
    devices = [await device_of(pushing, receiver, ana) for _ in range(2)]
    others = await device_of(pushing, receiver, ben)
    post_id = await pushing.post(ana)
    await pushing.run_jobs()
    comment_id = await comment(pushing, ben, post_id)
    await pushing.run_jobs()
    for device in devices:
        [shown] = receiver.shown(device)
        assert shown.pop("tag")
        assert shown == {
            "kind": "POST_COMMENTED",
            "title": "New comment",
            "body": "ben commented on your post",
            "postId": post_id,
            "commentId": comment_id,
        }
    assert receiver.shown(others) == []


async def test_a_follower_is_told_with_whom_to_open(pushing: World, receiver: Receiver) -> None:
    ana, ben = await pushing.person("ana"), await pushing.person("ben")
    device = await device_of(pushing, receiver, ana)
    await pushing.follow(ben, ana)
    await pushing.run_jobs()
    [shown] = receiver.shown(device)
    assert (shown["kind"], shown["body"], shown["userId"]) == ("FOLLOW", "ben started following you", ben.id)


async def test_what_grows_takes_the_place_of_what_was_shown(pushing: World, receiver: Receiver) -> None:
    ana, *others = [await pushing.person(name) for name in ("ana", "ben", "eva", "ida", "tom")]
    devices = [await device_of(pushing, receiver, ana) for _ in range(2)]
    post_id = await pushing.post(ana)
    for other in others:
        await comment(pushing, other, post_id)
        await pushing.run_jobs()
    for device in devices:
        assert bodies(receiver, device) == [
            "ben commented on your post",
            "eva and ben commented on your post",
            "ida and 2 others commented on your post",
            "tom and 3 others commented on your post",
        ]
        assert len({shown["tag"] for shown in receiver.shown(device)}) == 1
    topics = [{got.headers["topic"] for got in receiver.received if got.device is device} for device in devices]
    assert [len(each) for each in topics] == [1, 1]
    assert topics[0] != topics[1]


async def test_what_grew_before_it_was_told_is_told_once(pushing: World, receiver: Receiver) -> None:
    ana, *others = [await pushing.person(name) for name in ("ana", "ben", "eva", "ida")]
    device = await device_of(pushing, receiver, ana)
    post_id = await pushing.post(ana)
    for other in others:
        await comment(pushing, other, post_id)
    await pushing.run_jobs()
    assert bodies(receiver, device) == ["ida and 2 others commented on your post"]


async def test_likes_are_quiet(pushing: World, receiver: Receiver) -> None:
    ana, ben = await pushing.person(), await pushing.person()
    device = await device_of(pushing, receiver, ana)
    await pushing.do(ben, LIKE, id=await pushing.post(ana))
    await pushing.run_jobs()
    assert receiver.shown(device) == []


async def test_likes_are_told_where_they_are_chosen(
    pushing: World, pushing_settings: Settings, receiver: Receiver
) -> None:
    ana, ben = await pushing.person("ana"), await pushing.person("ben")
    device = await device_of(pushing, receiver, ana)
    async with another_process(pushing_settings, push_kinds=["POST_LIKED"]) as chatty:
        await chatty.do(ben, LIKE, id=await chatty.post(ana))
        await chatty.run_jobs()
    assert bodies(receiver, device) == ["ben liked your post"]
    assert receiver.received[0].headers["urgency"] == "low"


async def test_what_was_read_meanwhile_is_not_told(pushing: World, receiver: Receiver) -> None:
    ana, ben = await pushing.person(), await pushing.person()
    device = await device_of(pushing, receiver, ana)
    await comment(pushing, ben, await pushing.post(ana))
    await run_but_pushes(pushing)
    await pushing.do(ana, READ)
    await pushing.run_jobs()
    assert receiver.shown(device) == []


async def test_what_was_undone_meanwhile_is_not_told(pushing: World, receiver: Receiver) -> None:
    ana, ben = await pushing.person(), await pushing.person()
    device = await device_of(pushing, receiver, ana)
    comment_id = await comment(pushing, ben, await pushing.post(ana))
    await run_but_pushes(pushing)
    await pushing.do(ben, DELETE_COMMENT, id=comment_id)
    await run_but_pushes(pushing)
    await pushing.run_jobs()
    assert receiver.shown(device) == []


async def test_what_is_left_of_a_notification_is_told(pushing: World, receiver: Receiver) -> None:
    ana, ben, eva = [await pushing.person(name) for name in ("ana", "ben", "eva")]
    device = await device_of(pushing, receiver, ana)
    post_id = await pushing.post(ana)
    await comment(pushing, ben, post_id)
    comment_id = await comment(pushing, eva, post_id)
    await run_but_pushes(pushing)
    await pushing.do(eva, DELETE_COMMENT, id=comment_id)
    await run_but_pushes(pushing)
    await pushing.run_jobs()
    assert set(bodies(receiver, device)) == {"ben commented on your post"}
    assert len({shown["tag"] for shown in receiver.shown(device)}) == 1


async def test_what_is_older_than_a_push_service_would_keep_it_is_not_told(pushing: World, receiver: Receiver) -> None:
    ana, ben = await pushing.person(), await pushing.person()
    device = await device_of(pushing, receiver, ana)
    await comment(pushing, ben, await pushing.post(ana))
    await run_but_pushes(pushing)
    await pushing.sql("update notifications set newest_at = newest_at - interval '1 day'")
    await pushing.run_jobs()
    assert receiver.shown(device) == []


async def test_a_device_whose_session_ended_is_told_no_more(pushing: World, receiver: Receiver) -> None:
    ana, ben = await pushing.person(), await pushing.person()
    device = await device_of(pushing, receiver, ana)
    post_id = await pushing.post(ana)
    await pushing.do(ana, LOG_OUT)
    await comment(pushing, ben, post_id)
    await pushing.run_jobs()
    assert receiver.shown(device) == []

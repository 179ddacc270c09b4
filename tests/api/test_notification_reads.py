"""An inbox as it is read: marks that all devices share, what is unread, cursors, and whose it is."""

from services import notifying
from services.events import LikesChanged
from stores.postgres.reactions import Mark
from stores.postgres.tables import inboxes
from tests.api.test_statements import told as asked_for
from tests.bulk import add_follows, add_people, add_posts
from tests.counting import counting
from tests.inboxes import (
    INBOX,
    MARK_READ,
    comment,
    like,
    liked,
    mark_read,
    nodes,
    page,
    people,
    told,
    unread,
    walk,
)
from tests.world import FEED, World

SIZES = (1, 5, 20, 100)
SEVERAL = """query ($first: Int) { viewer { notifications(first: $first) { edges { node {
  id kind isRead actorCount actors { id username } post { id author { username } media { url } }
  comment { id author { username } }
} } } } }"""


# ---------------------------------------------------------------------------------------------- marks


async def test_all_is_read_up_to_now_for_every_device(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    posts = await liked(world, ana, ben, ben)
    assert [node["isRead"] for node in await nodes(world, ana)] == [False, False]
    assert await unread(world, ana) == 2
    assert await mark_read(world, ana) == 0
    assert [node["isRead"] for node in await nodes(world, ana)] == [True, True]
    await like(world, await world.person(), posts[0])
    await world.run_jobs()
    assert [node["isRead"] for node in await nodes(world, ana)] == [False, True]
    assert await unread(world, ana) == 1


async def test_a_mark_moves_to_an_entry_and_never_back(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await liked(world, ana, *[ben] * 4)
    newest, second, third, _ = [edge["cursor"] for edge in (await page(world, ana))["edges"]]
    for cursor, left in ((third, 2), (second, 1), (third, 1), (newest, 0), (second, 0)):
        assert await mark_read(world, ana, cursor) == left


async def test_a_live_cursor_marks_what_its_page_could_show(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    await world.follow(ana, eva)
    await world.post(eva)
    await liked(world, ana, ben)
    cursor = (await page(world, ana, first=1))["liveCursor"]
    await liked(world, ana, ben)
    assert await unread(world, ana) == 3
    assert await mark_read(world, ana, cursor) == 1


async def test_a_mark_reaches_new_posts_too(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    await world.follow(ana, eva)
    await world.post(eva)
    await liked(world, ana, ben)
    newest, second = [edge["cursor"] for edge in (await page(world, ana))["edges"]]
    assert await mark_read(world, ana, second) == 1
    assert [(node["kind"], node["isRead"]) for node in await nodes(world, ana)] == [
        ("POST_LIKED", False),
        ("NEW_POST", True),
    ]
    await world.post(eva)
    assert await unread(world, ana) == 2
    assert await mark_read(world, ana, newest) == 1
    assert await mark_read(world, ana) == 0


async def test_who_has_no_inbox_yet_marks_nothing_that_comes_later(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    assert await mark_read(world, ana) == 0
    assert await world.count(inboxes) == 1
    await liked(world, ana, ben)
    assert await unread(world, ana) == 1


async def test_the_unread_are_counted_to_a_hundred(world: World) -> None:
    [ana], [ben] = [await world.person("ana")], await add_people(world, 1)
    posts = await add_posts(world, [ana.row_id] * 130)
    await world.sql("insert into likes (post_id, user_id, id) select id, :ben, id from posts", ben=ben)
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.announce(LikesChanged([(post_id, ben) for post_id in posts]))
    await world.run_jobs()
    assert await unread(world, ana) == 100
    assert len(await walk(world, ana, first=100, unread=True)) == 130
    assert await mark_read(world, ana, (await page(world, ana, first=60))["edges"][59]["cursor"]) == 59


async def test_the_unread_alone_are_listed(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    await world.follow(ana, eva)
    await world.post(eva)
    one, *_ = await liked(world, ana, ben, ben)
    await mark_read(world, ana)
    await comment(world, ben, one)
    await world.post(eva)
    assert [one.kind for one in await told(world, ana, unread=True)] == ["POST_COMMENTED", "NEW_POST"]
    assert [one.kind for one in await told(world, ana)] == ["POST_COMMENTED", "NEW_POST", "POST_LIKED", "POST_LIKED"]
    for first in (1, 2, 3):
        assert len(await walk(world, ana, first=first, unread=True)) == 2


async def test_what_is_gone_is_not_counted(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    post, _ = await liked(world, ana, ben, ben)
    await world.delete(ana, post)
    assert await unread(world, ana) == 1


# ---------------------------------------------------------------------------------------------- pages


async def test_pages_of_any_size_are_the_whole_inbox(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    await world.follow(ana, eva)
    for _ in range(3):
        await world.post(eva)
        await liked(world, ana, ben, eva)
    whole = await nodes(world, ana)
    assert len(whole) == 7
    for first in range(1, 9):
        assert await walk(world, ana, first=first) == whole


async def test_a_cursor_of_elsewhere_or_tampered_with_is_refused(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.post(ana)
    for who, other in ((ana, ben), (ben, ana)):
        await liked(world, who, other)
    own = await page(world, ana)
    bens = await page(world, ben)
    feeds = (await world.ask(ana, FEED))["viewer"]["feed"]["edges"][0]["cursor"]
    cursor = own["edges"][0]["cursor"]
    elsewhere = [feeds, bens["edges"][0]["cursor"], bens["liveCursor"], "", "x" * 22, "é", cursor + "A", cursor[::-1]]
    async with world.unchanged():
        for bad in elsewhere:
            assert await world.error(ana, MARK_READ, cursor=bad) == "BAD_REQUEST"
        for bad in [*elsewhere, own["liveCursor"]]:
            assert await world.error(ana, INBOX, after=bad) == "BAD_REQUEST"
    for first in (0, -1, 101):
        assert await world.error(ana, INBOX, first=first) == "BAD_REQUEST"


async def test_who_is_signed_out_has_no_inbox(world: World) -> None:
    assert (await world.ask(None, INBOX))["viewer"] is None
    assert await world.error(None, MARK_READ) == "UNAUTHENTICATED"


# ----------------------------------------------------------------------------------------- statements


async def test_a_page_takes_as_many_statements_whatever_its_size(world: World) -> None:
    """Session and account; where the inbox ends, and what is stored in it; the feed's two; all that these name."""
    ana = await world.person("ana")
    authors, likers = await add_people(world, 60), await add_people(world, 10)
    await add_follows(world, [ana.row_id], authors)
    own = await add_posts(world, [ana.row_id] * 60)
    await add_posts(world, authors)
    await world.sql(
        "insert into likes (post_id, user_id, id) select posts.id, users.id, posts.id + row_number() over () "
        "from posts, users where posts.id = any(:own) and users.id = any(:likers)",
        own=own,
        likers=likers,
    )
    await notifying.of_post_likes(world.app.deps, [Mark(post, user) for post in own for user in likers])
    await world.feed(ana)
    await world.app.deps.upkeep.done()
    counts = set()
    for first in SIZES:
        with counting(world) as asked:
            edges = (await world.ask(ana, SEVERAL, first=first))["viewer"]["notifications"]["edges"]
        assert len(edges) == first
        counts.add(asked.counts)
    assert counts == {(8, 1)}, asked_for(asked)
    with counting(world) as asked:
        assert await unread(world, ana) == 100
    assert asked.counts == (7, 1), asked_for(asked)

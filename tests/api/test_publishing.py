"""A photo on its way: uploaded, posted, published, read; and the order in which publications commit."""

import asyncio
import random

from sqlalchemy import select

from services import publishing
from stores.postgres.tables import posts
from tests.bulk import add_people, add_posts
from tests.patience import PATIENCE_S
from tests.world import CREATE_POST, World, jpeg, row_id, web_client

FEED_PAGE = """{ viewer { feed { edges { node {
  id caption status author { username } hashtags publishedAt
  media { width height blurhash status url thumbnail: url(rendition: THUMBNAIL) }
} } } } }"""


async def test_a_published_photo_is_first_in_a_followers_feed(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    media_id = await world.upload(ana, jpeg(800, 1000))
    await world.do(ana, CREATE_POST, input={"mediaIds": [media_id], "caption": "A #Sunset in Porto"})
    assert await world.feed(ben) == []

    await world.run_jobs()

    [edge] = (await world.ask(ben, FEED_PAGE))["viewer"]["feed"]["edges"]
    post = edge["node"]
    assert (post["author"]["username"], post["hashtags"], post["status"]) == ("ana", ["sunset"], "PUBLISHED")
    [picture] = post["media"]
    assert (picture["width"], picture["height"], picture["status"]) == (800, 1000, "READY")
    assert len(picture["blurhash"]) >= 6
    async with web_client() as browser:
        shown = await browser.get(picture["url"])
    assert (shown.status_code, shown.headers["content-type"], shown.content[8:12]) == (200, "image/webp", b"WEBP")


async def test_publications_wait_for_one_that_has_its_number_and_is_not_committed(world: World) -> None:
    ana = await world.person("ana")
    slow = await add_posts(world, await add_people(world, 1), published=False)
    async with world.app.deps.database.unit_of_work() as uow:
        await publishing.settle(world.app.deps, uow, slow)
        later = [asyncio.create_task(world.post(ana)) for _ in range(3)]
        done, _ = await asyncio.wait(later, timeout=0.3)
        assert not done
        assert await _published_after(world, 0) == []
    created = [row_id(post_id) for post_id in await asyncio.gather(*later)]
    published = [post_id for post_id, _ in await _published_after(world, 0)]
    assert published[0] == slow[0]
    assert sorted(published[1:]) == sorted(created)


async def test_who_has_seen_a_publication_has_seen_all_before_it(world: World) -> None:
    """200 at once, each a moment in committing; a reader who asks for what is above the last seen misses none."""
    post_ids = await add_posts(world, await add_people(world, 200), published=False)
    waiting, chosen = iter(post_ids), random.Random(1)
    seen: list[tuple[int, int]] = []

    async def publish() -> None:
        for post_id in waiting:
            async with world.app.deps.database.unit_of_work() as uow:
                await publishing.settle(world.app.deps, uow, [post_id])
                await asyncio.sleep(chosen.uniform(0, 0.003))

    async def poll() -> None:
        while len(seen) < len(post_ids):
            seen.extend(await _published_after(world, seen[-1][1] if seen else 0))

    polling = asyncio.create_task(poll())
    await asyncio.gather(*(publish() for _ in range(8)))
    async with asyncio.timeout(PATIENCE_S):
        await polling
    assert sorted(post_id for post_id, _ in seen) == sorted(post_ids)
    assert [feed_id for _, feed_id in seen] == sorted({feed_id for _, feed_id in seen})


async def _published_after(world: World, feed_id: int) -> list[tuple[int, int]]:
    """The ids and `feed_id`s of what stands above a `feed_id`, lowest first."""
    statement = select(posts.c.id, posts.c.feed_id).where(posts.c.feed_id > feed_id).order_by(posts.c.feed_id)
    async with world.app.deps.database.read() as connection:
        return [(post_id, above) for post_id, above in await connection.execute(statement)]

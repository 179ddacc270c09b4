"""A deleted post: gone at the next read from everywhere, its files after the jobs."""

import asyncio
from typing import Any

from sqlalchemy import select

from jobs import housekeeping, running
from stores.postgres.tables import hashtagged, media, posts
from tests.world import DELETE_POST, Person, World, jpeg, row_id, web_client

EVERYWHERE = """query ($post: ID!, $author: ID!) {
  post(id: $post) { id }
  node(id: $post) { id }
  author: node(id: $author) { ... on User { postCount posts { edges { node { id } } } } }
  hashtag(name: "sea") { postCount posts { edges { node { id } } } }
}"""
FILES = """query ($id: ID!) { post(id: $id) { media {
  thumbnail: url(rendition: THUMBNAIL) medium: url(rendition: MEDIUM) large: url
} } }"""


async def everywhere(world: World, viewer: Person | None, author: Person, post_id: str) -> Any:
    found = await world.ask(viewer, EVERYWHERE, post=post_id, author=author.id)
    for name in ("author", "hashtag"):
        found[name] = found[name]["postCount"], [edge["node"]["id"] for edge in found[name]["posts"]["edges"]]
    return found


async def originals(world: World) -> list[str]:
    async with world.app.deps.database.read() as connection:
        return list(await connection.scalars(select(media.c.object_key)))


async def statuses(urls: list[str]) -> set[int]:
    async with web_client() as browser:
        return {(await browser.get(url)).status_code for url in urls}


async def test_it_is_gone_from_everywhere_at_the_next_read(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    await world.follow(ben, ana)
    kept, deleted = await world.post(ana, "#sea"), await world.post(ana, "#sea")
    given = await world.do(ana, DELETE_POST, id=deleted)
    assert given["deletedPostId"] == deleted
    for viewer in (ana, ben, None):
        assert await everywhere(world, viewer, ana, deleted) == {
            "post": None,
            "node": None,
            "author": (1, [kept]),
            "hashtag": (1, [kept]),
        }
    assert await world.feed(ana) == await world.feed(ben) == [kept]


async def test_its_files_are_gone_when_the_jobs_are_done(world: World) -> None:
    ana = await world.person()
    media_ids = [await world.upload(ana, jpeg(400 + number, 500)) for number in range(2)]
    post_id = await world.post(ana, mediaIds=media_ids)
    await world.run_jobs()
    pictures = (await world.ask(ana, FILES, id=post_id))["post"]["media"]
    urls = [url for picture in pictures for url in picture.values()]
    keys = await originals(world)
    assert (len(urls), await statuses(urls)) == (6, {200})

    await world.delete(ana, post_id)
    await world.run_jobs()

    assert await statuses(urls) == {404}
    assert [await world.app.deps.objects.size(key) for key in keys] == [None, None]
    assert [await world.count(table) for table in (posts, media, hashtagged)] == [0, 0, 0]
    assert await world.announced() == []


async def test_files_that_are_processed_after_the_deletion_are_removed_too(world: World) -> None:
    ana = await world.person()
    post_id = await world.post(ana, mediaIds=[await world.upload(ana, jpeg())])
    [key] = await originals(world)
    [(process_media, _)] = await world.announced()
    await world.delete(ana, post_id)
    for job_id, job in await world.announced():
        if job != "process_media":
            await running.run(world.app.deps, job_id)
    await running.run(world.app.deps, process_media)
    await world.run_jobs()
    assert await world.app.deps.objects.size(key) is None
    assert await statuses([world.app.deps.objects.media_url(f"{key}/large.webp")]) == {404}


async def test_a_post_that_was_not_published_leaves_the_counts_alone(world: World) -> None:
    ana = await world.person()
    await world.post(ana, "#sea")
    waiting = await world.post(ana, "#sea", mediaIds=[await world.picture(ana, status="PROCESSING")])
    await world.delete(ana, waiting)
    await world.run_jobs()
    found = await everywhere(world, ana, ana, waiting)
    assert (found["author"][0], found["hashtag"][0]) == (1, 1)


async def test_a_post_deleted_while_its_picture_is_processed_is_never_published(world: World) -> None:
    ana = await world.person()
    picture = await world.picture(ana, status="PROCESSING")
    post_id = await world.post(ana, mediaIds=[picture])
    await world.delete(ana, post_id)
    await world.finish(picture)
    assert await world.feed(ana) == []
    assert await world.count(posts) == 0


async def test_ten_deletions_at_once_are_one(world: World) -> None:
    ana = await world.person()
    await world.post(ana, "#sea")
    post_id = await world.post(ana, "#sea")
    answers = await asyncio.gather(*(world.faults(ana, DELETE_POST, id=post_id) for _ in range(10)))
    assert sorted(answers) == [[], *[[("NOT_FOUND", ["postId"])]] * 9]
    found = await everywhere(world, ana, ana, post_id)
    assert (found["author"][0], found["hashtag"][0]) == (1, 1)


async def test_a_picture_that_left_a_post_goes_when_it_is_collected(world: World) -> None:
    ana = await world.person()
    old, new = await world.upload(ana, jpeg()), await world.picture(ana)
    post_id = await world.post(ana, mediaIds=[old, new])
    await world.run_jobs()
    [key] = [name for name in await originals(world) if name.startswith(f"{row_id(old)}-")]
    replace = """mutation ($id: ID!, $media: [ID!]) {
      updatePost(input: {postId: $id, mediaIds: $media}) { userErrors { code field message } }
    }"""
    await world.do(ana, replace, id=post_id, media=[new])
    await world.sql("update media set created_at = created_at - interval '25 hours'")
    await housekeeping.collect(world.app.deps)
    await world.run_jobs()
    assert await world.app.deps.objects.size(key) is None
    assert await world.feed(ana) == [post_id]

"""A post from PROCESSING to PUBLISHED, or to FAILED and back: who sees it, and where it stands."""

from typing import Any

from tests.world import COMPLETE_UPLOAD, CREATE_POST, CREATE_UPLOAD, Person, World, jpeg

POST = """query ($id: ID!) { post(id: $id) {
  id status createdAt publishedAt editedAt caption hashtags
  media { id status url width failureReason } author { postCount }
} }"""
NODE = "query ($id: ID!) { node(id: $id) { id } }"
MEDIA = "query ($id: ID!) { node(id: $id) { ... on Media { status url blurhash failureReason } } }"
PROFILE = "query ($id: ID!) { node(id: $id) { ... on User { postCount posts { edges { node { id } } } } } }"
TAGGED = '{ hashtag(name: "sea") { postCount posts { edges { node { id } } } } }'
REPLACE = """mutation ($id: ID!, $media: [ID!]) {
  updatePost(input: {postId: $id, mediaIds: $media}) { post { id status } userErrors { code field message } }
}"""


async def seen(world: World, viewer: Person | None, post_id: str) -> Any:
    return (await world.ask(viewer, POST, id=post_id))["post"]


async def listed(world: World, viewer: Person | None, author: Person) -> tuple[int, list[str]]:
    """The count and the ids of somebody's profile."""
    profile = (await world.ask(viewer, PROFILE, id=author.id))["node"]
    return profile["postCount"], [edge["node"]["id"] for edge in profile["posts"]["edges"]]


async def waiting(world: World, author: Person, *statuses: str, caption: str = "") -> tuple[str, list[str]]:
    """A post whose pictures have these states, and their ids."""
    pictures = [await world.picture(author, status=status) for status in statuses]
    return await world.post(author, caption, mediaIds=pictures), pictures


async def test_a_post_of_ready_pictures_is_published_at_once(world: World) -> None:
    ana = await world.person()
    post_id, _ = await waiting(world, ana, "READY", "READY")
    post = await seen(world, None, post_id)
    assert (post["status"], post["editedAt"]) == ("PUBLISHED", None)
    assert post["publishedAt"] >= post["createdAt"]


async def test_a_post_is_published_when_its_last_picture_is_ready(world: World) -> None:
    ana = await world.person()
    post_id, pictures = await waiting(world, ana, "PROCESSING", "READY", "PROCESSING")
    await world.finish(pictures[2])
    assert (await seen(world, ana, post_id))["status"] == "PROCESSING"
    await world.finish(pictures[0])
    post = await seen(world, None, post_id)
    assert (post["status"], [picture["id"] for picture in post["media"]]) == ("PUBLISHED", pictures)


async def test_until_then_its_author_alone_sees_it(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    await world.follow(ben, ana)
    post_id, [picture] = await waiting(world, ana, "PROCESSING", caption="#sea")
    own = await seen(world, ana, post_id)
    assert (own["status"], own["publishedAt"], own["media"][0]["url"]) == ("PROCESSING", None, None)
    assert (await world.ask(ana, MEDIA, id=picture))["node"]["status"] == "PROCESSING"
    for stranger in (ben, None):
        assert await seen(world, stranger, post_id) is None
        for id_ in (post_id, picture):
            assert (await world.ask(stranger, NODE, id=id_))["node"] is None


async def test_until_then_it_stands_in_no_list_and_no_count(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    await world.follow(ben, ana)
    await waiting(world, ana, "PROCESSING", caption="#sea")
    for viewer in (ana, ben):
        assert await world.feed(viewer) == []
        assert await listed(world, viewer, ana) == (0, [])
        assert (await world.ask(viewer, TAGGED))["hashtag"] is None


async def test_then_it_takes_its_place_in_every_list_and_count(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    await world.follow(ben, ana)
    earlier, [picture] = await waiting(world, ana, "PROCESSING", caption="#sea")
    later = await world.post(ana, "#sea")
    await world.finish(picture)
    for viewer in (ana, ben):
        assert await world.feed(viewer) == [earlier, later]
        assert await listed(world, viewer, ana) == (2, [earlier, later])
        tagged = (await world.ask(viewer, TAGGED))["hashtag"]
        assert tagged["postCount"] == 2
        assert [edge["node"]["id"] for edge in tagged["posts"]["edges"]] == [earlier, later]


async def test_its_media_are_seen_with_it_and_no_longer_than_it(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    post_id, [picture] = await waiting(world, ana, "READY")
    assert (await world.ask(ben, NODE, id=picture))["node"] == {"id": picture}
    await world.delete(ana, post_id)
    assert (await world.ask(ben, NODE, id=picture))["node"] is None


async def test_media_of_no_post_are_seen_by_their_owner_alone(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    picture = await world.picture(ana)
    assert (await world.ask(ana, NODE, id=picture))["node"] == {"id": picture}
    for stranger in (ben, None):
        assert (await world.ask(stranger, NODE, id=picture))["node"] is None


async def test_a_picture_that_fails_makes_its_post_fail(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    media_ids = [await world.upload(ana, content) for content in (jpeg(40, 50), jpeg(40, 50)[:500])]
    post_id = await world.post(ana, mediaIds=media_ids)
    await world.run_jobs()
    post = await seen(world, ana, post_id)
    assert (post["status"], [picture["status"] for picture in post["media"]]) == ("FAILED", ["READY", "FAILED"])
    assert post["media"][1]["failureReason"] == "This picture is damaged or incomplete."
    assert await seen(world, ben, post_id) is None
    assert await listed(world, ana, ana) == (0, [])


async def test_a_failed_post_is_mended_by_another_picture(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    post_id, [good, bad] = await waiting(world, ana, "READY", "PROCESSING")
    await world.finish(bad, status="FAILED")
    another = await world.picture(ana)
    mended = await world.do(ana, REPLACE, id=post_id, media=[another, good])
    assert mended["post"]["status"] == "PUBLISHED"
    post = await seen(world, ben, post_id)
    assert [picture["id"] for picture in post["media"]] == [another, good]


async def test_a_failed_post_mended_by_a_picture_under_way_waits_for_it(world: World) -> None:
    ana = await world.person()
    post_id, [bad] = await waiting(world, ana, "PROCESSING")
    await world.finish(bad, status="FAILED")
    another = await world.picture(ana, status="PROCESSING")
    mended = await world.do(ana, REPLACE, id=post_id, media=[another])
    assert mended["post"]["status"] == "PROCESSING"
    await world.finish(another)
    assert (await seen(world, None, post_id))["status"] == "PUBLISHED"


async def test_a_post_that_waits_is_published_by_leaving_out_what_it_waits_for(world: World) -> None:
    ana = await world.person()
    post_id, [good, slow] = await waiting(world, ana, "READY", "PROCESSING")
    assert (await world.do(ana, REPLACE, id=post_id, media=[good]))["post"]["status"] == "PUBLISHED"
    await world.finish(slow, status="FAILED")
    assert (await seen(world, None, post_id))["status"] == "PUBLISHED"


async def test_a_published_post_keeps_its_place_when_its_pictures_change(world: World) -> None:
    ana = await world.person()
    first, [picture] = await waiting(world, ana, "READY")
    second = await world.post(ana)
    before = (await seen(world, ana, first))["publishedAt"]
    await world.do(ana, REPLACE, id=first, media=[await world.picture(ana), picture])
    assert await world.feed(ana) == [second, first]
    assert (await seen(world, ana, first))["publishedAt"] == before
    assert await listed(world, ana, ana) == (2, [second, first])


async def test_completing_an_upload_twice_processes_it_once(world: World) -> None:
    ana, content = await world.person(), jpeg(40, 50)
    given = {"contentType": "image/jpeg", "byteSize": len(content)}
    upload = (await world.do(ana, CREATE_UPLOAD, input=given))["upload"]
    await world.send(upload, content)
    completing = {"mediaId": upload["media"]["id"]}
    first = await world.do(ana, COMPLETE_UPLOAD, input=completing)
    async with world.unchanged():
        assert await world.do(ana, COMPLETE_UPLOAD, input=completing) == first
    assert [job for _, job in await world.announced()] == ["process_media"]
    await world.run_jobs()
    async with world.unchanged():
        assert (await world.do(ana, COMPLETE_UPLOAD, input=completing))["media"]["status"] == "READY"


async def test_pictures_stand_in_their_authors_order(world: World) -> None:
    ana = await world.person()
    pictures = [await world.picture(ana) for _ in range(10)][::-1]
    created = await world.do(ana, CREATE_POST, input={"mediaIds": pictures})
    post = await seen(world, None, created["post"]["id"])
    assert [picture["id"] for picture in post["media"]] == pictures
    await world.do(ana, REPLACE, id=post["id"], media=pictures[::2])
    assert [picture["id"] for picture in (await seen(world, None, post["id"]))["media"]] == pictures[::2]

"""A photo on its way: uploaded, posted, published, read."""

import httpx2

from tests.world import CREATE_POST, World, jpeg

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
    async with httpx2.AsyncClient() as browser:
        shown = await browser.get(picture["url"])
    assert (shown.status_code, shown.headers["content-type"], shown.content[8:12]) == (200, "image/webp", b"WEBP")

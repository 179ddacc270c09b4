"""Hashtags: the lists and counts of published posts under them, in any script."""

import asyncio
from typing import Any

import pytest

from tests.world import Person, World

TAGGED = """query ($name: String!, $first: Int, $after: String) { hashtag(name: $name) {
  id name postCount posts(first: $first, after: $after) {
    edges { node { id } } pageInfo { hasNextPage endCursor }
  }
} }"""
UPDATE = """mutation ($id: ID!, $caption: String, $tags: [String!]) {
  updatePost(input: {postId: $id, caption: $caption, tags: $tags}) { userErrors { code field message } }
}"""


async def tagged(world: World, name: str) -> tuple[int, list[str]] | None:
    """The count and the posts of a hashtag; None where there is none of this name."""
    found = (await world.ask(None, TAGGED, name=name))["hashtag"]
    return found and (found["postCount"], ids(found))


def ids(found: Any) -> list[str]:
    return [edge["node"]["id"] for edge in found["posts"]["edges"]]


async def hashtags(world: World, author: Person, caption: str, tags: list[str] | None = None) -> list[str]:
    """Those of a post with these words."""
    post_id = await world.post(author, caption, tags=tags)
    post = (await world.ask(None, "query ($id: ID!) { post(id: $id) { hashtags } }", id=post_id))["post"]
    return list(post["hashtags"])


async def test_a_hashtag_lists_its_posts_latest_first(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    first = await world.post(ana, "#Sea and sun")
    await world.post(ana, "#sun")
    second = await world.post(ben, tags=["SEA"])
    assert await tagged(world, "sea") == (2, [second, first])


@pytest.mark.parametrize("name", ["sea", "Sea", "SEA", "#sea", " sea ", "#Sea\n"])
async def test_it_is_found_however_it_is_written(world: World, name: str) -> None:
    post_id = await world.post(await world.person(), "By the #sea")
    found = (await world.ask(None, TAGGED, name=name))["hashtag"]
    assert (found["name"], found["postCount"], ids(found)) == ("sea", 1, [post_id])


@pytest.mark.parametrize("name", ["", "#", "se", "seas", "se%", "s_a", "%", "sea sun", "see", "x" * 101, "x" * 50_000])
async def test_nothing_else_is_found(world: World, name: str) -> None:
    await world.post(await world.person(), "By the #sea")
    assert await tagged(world, name) is None


@pytest.mark.parametrize(
    ("caption", "names"),
    [
        ("#café CAFE\u0301 #Cafe\u0301", ["café"]),
        ("#日本語 と #桜", ["日本語", "桜"]),
        ("#Москва #москва", ["москва"]),
        ("#हिन्दी में #नमस्ते", ["हिन्दी", "नमस्ते"]),
        ("#สวัสดี #ทะเล", ["สวัสดี", "ทะเล"]),
        ("#İstanbul", ["i̇stanbul"]),
        ("#سلام #عَرَبِيّ", ["سلام", "عَرَبِيّ"]),
        ("#ÉTÉ2026 #_x #x_", ["été2026", "_x", "x_"]),
        ("#Straße", ["straße"]),
    ],
)
async def test_hashtags_may_be_of_any_script(world: World, caption: str, names: list[str]) -> None:
    assert await hashtags(world, await world.person(), caption) == names
    for name in names:
        found = await tagged(world, f"#{name}")
        assert found is not None
        assert found[0] == 1


async def test_those_in_the_caption_come_first_and_each_is_there_once(world: World) -> None:
    ana = await world.person()
    assert await hashtags(world, ana, "#Two #three #two", ["One", "#three", "FOUR", "one"]) == [
        "two",
        "three",
        "one",
        "four",
    ]


async def test_it_is_read_in_pages(world: World) -> None:
    ana = await world.person()
    posts = [await world.post(ana, "#sea") for _ in range(5)][::-1]
    pages, after = [], None
    for _ in range(3):
        found = (await world.ask(None, TAGGED, name="sea", first=2, after=after))["hashtag"]
        pages.append(ids(found))
        after = found["posts"]["pageInfo"]["endCursor"]
    assert pages == [posts[:2], posts[2:4], posts[4:]]
    assert not found["posts"]["pageInfo"]["hasNextPage"]


async def test_another_caption_moves_a_post_to_other_lists(world: World) -> None:
    ana = await world.person()
    other = await world.post(ana, "#sea")
    post_id = await world.post(ana, "#sea #sun", tags=["Sand"])
    await world.do(ana, UPDATE, id=post_id, caption="#sun #wind", tags=["sand"])
    assert await tagged(world, "sea") == (1, [other])
    for name in ("sun", "wind", "sand"):
        assert await tagged(world, name) == (1, [post_id])
    await world.do(ana, UPDATE, id=post_id, caption="", tags=[])
    for name in ("sun", "wind", "sand"):
        assert await tagged(world, name) == (0, [])


async def test_a_post_that_comes_back_to_a_list_takes_its_old_place(world: World) -> None:
    ana = await world.person()
    first, second = await world.post(ana, "#sea"), await world.post(ana, "#sea")
    await world.do(ana, UPDATE, id=first, caption="", tags=[])
    await world.do(ana, UPDATE, id=first, caption="#sea", tags=[])
    assert await tagged(world, "sea") == (2, [second, first])


async def test_the_same_words_again_change_no_count(world: World) -> None:
    ana = await world.person()
    post_id = await world.post(ana, "#sea #sun")
    await world.do(ana, UPDATE, id=post_id, caption="#Sun #Sea", tags=["sea"])
    assert await tagged(world, "sea") == await tagged(world, "sun") == (1, [post_id])


async def test_counts_are_exact_whatever_is_written_at_once(world: World) -> None:
    ana = await world.person()
    names = ["a", "b", "c", "d", "e"]
    posts = [await world.post(ana, "#a") for _ in range(6)]
    captions = [" ".join(f"#{name}" for name in names[turn % 5 :] + names[: turn % 3]) for turn in range(8)]
    edits = [world.do(ana, UPDATE, id=post_id, caption=caption, tags=[]) for caption in captions for post_id in posts]
    new = [world.post(ana, caption) for caption in captions]
    await asyncio.gather(*edits, *new)
    await asyncio.gather(*(world.delete(ana, post_id) for post_id in posts[:3]))
    for name in names:
        found = await tagged(world, name)
        assert found is not None
        assert found[0] == len(found[1]) == len(set(found[1]))

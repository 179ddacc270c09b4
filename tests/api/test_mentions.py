"""Accounts named with @ in a caption."""

import pytest

from tests.world import Person, World

POST = "query ($id: ID!) { post(id: $id) { mentions { username } } }"
UPDATE = """mutation ($id: ID!, $caption: String) {
  updatePost(input: {postId: $id, caption: $caption}) { userErrors { code field message } }
}"""


async def mentioned(world: World, author: Person, caption: str) -> list[str]:
    """The usernames of those whom a post with this caption mentions."""
    return await mentions(world, await world.post(author, caption))


async def mentions(world: World, post_id: str) -> list[str]:
    return [user["username"] for user in (await world.ask(None, POST, id=post_id))["post"]["mentions"]]


@pytest.mark.parametrize(
    ("caption", "names"),
    [
        ("@ben and @ana", ["ben", "ana"]),
        ("@ana, @ben! @ana (@carol)", ["ana", "ben", "carol"]),
        ("@Ben @BEN @ben", ["ben"]),
        ("@ben.", ["ben"]),
        ("@d.a_n... @d.a_n", ["d.a_n"]),
        ("\u201c@ben\u201d #sea@ana", ["ben"]),
        ("with@ben ben@example.com @@ana", []),
        ("photofeed.test/@ben", []),
        ("@nobody @benn @be @ben_", []),
        ("@ бен @", []),
    ],
)
async def test_accounts_are_mentioned_in_the_order_of_their_first_mention(
    world: World, caption: str, names: list[str]
) -> None:
    people = [await world.person(name) for name in ("ana", "ben", "carol", "d.a_n")]
    assert await mentioned(world, people[0], caption) == names


async def test_a_mention_follows_its_account_to_another_name(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    post_id = await world.post(ana, "@ben")
    rename = 'mutation { updateProfile(input: {username: "benedict"}) { userErrors { code field message } } }'
    await world.do(ben, rename)
    assert await mentions(world, post_id) == ["benedict"]


async def test_another_caption_mentions_others(world: World) -> None:
    ana, _, _ = [await world.person(name) for name in ("ana", "ben", "carol")]
    post_id = await world.post(ana, "@ben")
    await world.do(ana, UPDATE, id=post_id, caption="@carol @ana")
    assert await mentions(world, post_id) == ["carol", "ana"]


async def test_the_twenty_first_name_stays_plain_text(world: World) -> None:
    people = [await world.person(f"friend{number}x") for number in range(21)]
    caption = " ".join(f"@{friend.username}" for friend in people)
    assert await mentioned(world, people[0], caption) == [friend.username for friend in people[:20]]

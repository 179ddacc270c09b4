"""What people are told, as the API shows it."""

from typing import Any, NamedTuple

from tests.world import Person, World

LIKE = "mutation ($id: ID!) { likePost(input: {postId: $id}) { userErrors { code field message } } }"
UNLIKE = "mutation ($id: ID!) { unlikePost(input: {postId: $id}) { userErrors { code field message } } }"
LIKE_COMMENT = "mutation ($id: ID!) { likeComment(input: {commentId: $id}) { userErrors { code field message } } }"
UNLIKE_COMMENT = "mutation ($id: ID!) { unlikeComment(input: {commentId: $id}) { userErrors { code field message } } }"
ADD_COMMENT = """mutation ($input: AddCommentInput!) {
  addComment(input: $input) { comment { id } userErrors { code field message } }
}"""
DELETE_COMMENT = "mutation ($id: ID!) { deleteComment(input: {commentId: $id}) { userErrors { code field message } } }"
UPDATE_CAPTION = """mutation ($id: ID!, $caption: String) {
  updatePost(input: {postId: $id, caption: $caption}) { userErrors { code field message } }
}"""
MARK_READ = """mutation ($cursor: String) {
  markNotificationsRead(input: {cursor: $cursor}) { viewer { unreadNotificationCount } userErrors { code } }
}"""
ENTRY = """fragment Entry on Notification {
  id kind actors { username } actorCount post { id } comment { id text } createdAt isRead
}"""
INBOX = (
    """query ($first: Int, $after: String, $unread: Boolean) { viewer {
  notifications(first: $first, after: $after, unreadOnly: $unread) {
    edges { cursor node { ...Entry } } pageInfo { hasNextPage endCursor } liveCursor
  }
} } """
    + ENTRY
)
UNREAD = "{ viewer { unreadNotificationCount } }"
NODE = "query ($id: ID!) { node(id: $id) { id ...Entry } } " + ENTRY


class Told(NamedTuple):
    """An entry of an inbox; `comment`: its text."""

    kind: str
    actors: list[str]
    actor_count: int
    post: str | None = None
    comment: str | None = None


async def people(world: World, *names: str) -> list[Person]:
    return [await world.person(name) for name in names]


async def page(world: World, who: Person, **asked: Any) -> Any:
    """A page of an inbox, as the API gives it."""
    return (await world.ask(who, INBOX, **asked))["viewer"]["notifications"]


async def nodes(world: World, who: Person, **asked: Any) -> list[Any]:
    return [edge["node"] for edge in (await page(world, who, **{"first": 100, **asked}))["edges"]]


async def told(world: World, who: Person, **asked: Any) -> list[Told]:
    """What somebody is told once the jobs are done, the newest first."""
    await world.run_jobs()
    return [entry(node) for node in await nodes(world, who, **asked)]


async def walk(world: World, who: Person, *, first: int, **asked: Any) -> list[Any]:
    """All of an inbox, page by page."""
    found: list[Any] = []
    after, has_next = None, True
    while has_next:
        answer = await page(world, who, first=first, after=after, **asked)
        assert len(answer["edges"]) <= first
        found += [edge["node"] for edge in answer["edges"]]
        after, has_next = answer["pageInfo"]["endCursor"], answer["pageInfo"]["hasNextPage"]
    return found


async def unread(world: World, who: Person) -> int:
    return int((await world.ask(who, UNREAD))["viewer"]["unreadNotificationCount"])


async def mark_read(world: World, who: Person, cursor: str | None = None) -> int:
    """Gives how many are unread after it."""
    return int((await world.do(who, MARK_READ, cursor=cursor))["viewer"]["unreadNotificationCount"])


async def like(world: World, who: Person, post_id: str) -> None:
    await world.do(who, LIKE, id=post_id)


async def liked(world: World, author: Person, *likers: Person) -> list[str]:
    """A post for each of them that he likes, in this order."""
    posts = []
    for liker in likers:
        posts.append(await world.post(author))
        await like(world, liker, posts[-1])
        await world.run_jobs()
    return posts


async def unlike(world: World, who: Person, post_id: str) -> None:
    await world.do(who, UNLIKE, id=post_id)


async def comment(world: World, who: Person, post_id: str, text: str = "Nice") -> str:
    """Gives its id."""
    return str((await world.do(who, ADD_COMMENT, input={"postId": post_id, "text": text}))["comment"]["id"])


def entry(node: Any) -> Told:
    actors = [user["username"] for user in node["actors"]]
    named = node["post"] and node["post"]["id"], node["comment"] and node["comment"]["text"]
    return Told(node["kind"], actors, node["actorCount"], *named)

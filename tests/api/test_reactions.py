"""Likes, comments and saves."""

import asyncio

from stores.postgres.tables import comment_likes, comments, likes
from tests.world import World

LIKE = """mutation ($id: ID!) {
  likePost(input: {postId: $id}) { post { likeCount viewerHasLiked } userErrors { code field } }
}"""
UNLIKE = """mutation ($id: ID!) {
  unlikePost(input: {postId: $id}) { post { likeCount viewerHasLiked } userErrors { code field } }
}"""
ADD_COMMENT = """mutation ($input: AddCommentInput!) {
  addComment(input: $input) {
    comment { id text author { username } viewerCanDelete likeCount } post { commentCount } userErrors { code field }
  }
}"""
DELETE_COMMENT = """mutation ($id: ID!) {
  deleteComment(input: {commentId: $id}) { deletedCommentId post { commentCount } userErrors { code field } }
}"""
LIKE_COMMENT = """mutation ($id: ID!) {
  likeComment(input: {commentId: $id}) { comment { likeCount viewerHasLiked } userErrors { code field } }
}"""
SAVE = """mutation ($id: ID!) {
  savePost(input: {postId: $id}) { post { viewerHasSaved } userErrors { code field } }
}"""
COMMENTS = "query ($id: ID!) { post(id: $id) { commentCount comments { edges { node { text } } } } }"


async def test_liking_twice_counts_once_and_unliking_takes_it_back(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    post = await world.post(ana)
    for _ in range(2):
        assert (await world.do(ben, LIKE, id=post))["post"] == {"likeCount": 1, "viewerHasLiked": True}
    for _ in range(2):
        assert (await world.do(ben, UNLIKE, id=post))["post"] == {"likeCount": 0, "viewerHasLiked": False}
    assert await world.count(likes) == 0


async def test_likes_at_once_are_counted_exactly(world: World) -> None:
    ana, people = await world.person("ana"), [await world.person() for _ in range(30)]
    post = await world.post(ana)
    await asyncio.gather(*(world.do(one, LIKE, id=post) for one in people * 2))
    await asyncio.gather(*(world.do(one, UNLIKE, id=post) for one in people[:10]))
    assert (await world.do(ana, LIKE, id=post))["post"]["likeCount"] == 21 == await world.count(likes)


async def test_what_is_not_there_cannot_be_liked(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    post = await world.post(ana)
    await world.delete(ana, post)
    assert await world.faults(ben, LIKE, id=post) == [("NOT_FOUND", ["postId"])]
    assert await world.faults(ben, LIKE, id=ana.id) == [("NOT_FOUND", ["postId"])]
    assert await world.error(None, LIKE, id=post) == "UNAUTHENTICATED"


async def test_comments_are_listed_newest_first_and_counted(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    post = await world.post(ana)
    for text in ("one", "two"):
        added = await world.do(ben, ADD_COMMENT, input={"postId": post, "text": text})
    assert added["comment"] | {"id": ""} == {
        "id": "",
        "text": "two",
        "author": {"username": "ben"},
        "viewerCanDelete": True,
        "likeCount": 0,
    }
    shown = (await world.ask(None, COMMENTS, id=post))["post"]
    assert [edge["node"]["text"] for edge in shown["comments"]["edges"]] == ["two", "one"]
    assert shown["commentCount"] == added["post"]["commentCount"] == 2


async def test_a_comment_with_a_key_is_made_once(world: World) -> None:
    ana, post_input = await world.person("ana"), {}
    post_input = {"postId": await world.post(ana), "text": "hi", "idempotencyKey": "k"}
    made = await asyncio.gather(*(world.do(ana, ADD_COMMENT, input=post_input) for _ in range(20)))
    assert len({one["comment"]["id"] for one in made}) == 1 == await world.count(comments)
    other = post_input | {"text": "another"}
    assert await world.faults(ana, ADD_COMMENT, input=other) == [("CONFLICT", ["idempotencyKey"])]


async def test_comments_that_are_empty_or_too_long_are_refused(world: World) -> None:
    ana = await world.person("ana")
    post = await world.post(ana)
    for text, code in (("", "TOO_SHORT"), (" ", "TOO_SHORT"), ("x" * 2_201, "TOO_LONG")):
        assert await world.faults(ana, ADD_COMMENT, input={"postId": post, "text": text}) == [(code, ["text"])]
    assert await world.count(comments) == 0


async def test_a_comment_is_deleted_by_its_author_or_the_posts(world: World) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    post = await world.post(ana)
    ids = [(await world.do(ben, ADD_COMMENT, input={"postId": post, "text": text}))["comment"]["id"] for text in "ab"]
    await world.do(eva, LIKE_COMMENT, id=ids[0])
    assert await world.faults(eva, DELETE_COMMENT, id=ids[0]) == [("NOT_FOUND", ["commentId"])]
    for who, comment, left in ((ana, ids[0], 1), (ben, ids[1], 0)):
        assert (await world.do(who, DELETE_COMMENT, id=comment))["post"]["commentCount"] == left
    await world.run_jobs()
    assert await world.count(comments) == await world.count(comment_likes) == 0


async def test_a_deleted_post_takes_its_reactions_with_it(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    post = await world.post(ana)
    comment = (await world.do(ben, ADD_COMMENT, input={"postId": post, "text": "hi"}))["comment"]["id"]
    await world.do(ben, LIKE, id=post)
    assert (await world.do(ana, LIKE_COMMENT, id=comment))["comment"] == {"likeCount": 1, "viewerHasLiked": True}
    await world.delete(ana, post)
    assert (await world.ask(None, "query ($id: ID!) { node(id: $id) { id } }", id=comment))["node"] is None
    await world.run_jobs()
    assert [await world.count(table) for table in (likes, comments, comment_likes)] == [0, 0, 0]


async def test_saved_posts_are_the_viewers_own_list(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    posts = [await world.post(ana) for _ in range(3)]
    for post in (*posts, posts[0]):
        assert (await world.do(ben, SAVE, id=post))["post"]["viewerHasSaved"]
    saved = "{ viewer { savedPosts { edges { node { id } } } } }"
    listed = (await world.ask(ben, saved))["viewer"]["savedPosts"]["edges"]
    assert [edge["node"]["id"] for edge in listed] == posts[::-1]
    assert (await world.ask(ana, saved))["viewer"]["savedPosts"]["edges"] == []

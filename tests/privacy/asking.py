"""How the town is asked for anything with all that hangs on it, and for what never was."""

from typing import Any

from rules.node_ids import decode, encode
from tests.counting import counting
from tests.privacy.town import Town

UNKNOWN = 1_234_567
FRAGMENTS = """
fragment Card on User {
  id username displayName isPrivate createdAt postCount followerCount followingCount
  viewerFollowState viewerIsFollowing isFollowingViewer viewerHasBlocked viewerHasMuted isViewer
}
fragment Profile on User {
  ...Card bio posts { edges { node { ...Words } } }
  followers { edges { node { ...Card bio } } } following { edges { node { ...Card bio } } }
}
fragment Picture on Media { id altText width height blurhash status url thumbnail: url(rendition: THUMBNAIL) }
fragment Words on Post {
  id caption hashtags location { name } mentions { ...Card bio } postStatus: status media { ...Picture }
}
fragment Said on Comment { id text likeCount viewerHasLiked viewerCanDelete author { ...Card bio } }
fragment Whole on Post {
  ...Words author { ...Card bio } likeCount commentCount viewerHasLiked viewerHasSaved
  comments { edges { node { ...Said post { ...Words } } } pageInfo { hasNextPage } }
  likers { edges { node { ...Card bio posts(first: 1) { edges { node { caption } } } } } pageInfo { hasNextPage } }
}
fragment Anything on Node {
  __typename id
  ... on User { ...Profile }
  ... on Post { ...Whole }
  ... on Media { ...Picture }
  ... on Comment { ...Said post { ...Whole } }
  ... on Notification { kind actors { ...Card bio } actorCount about: post { ...Whole } said: comment { ...Said } }
  ... on Viewer { email user { ...Card bio } feed { edges { node { ...Whole } } } sessions { id }
    notifications { edges { node { id } } } mutedUsers { edges { node { id } } }
    savedPosts { edges { node { id } } } followRequests { edges { node { id } } } unseenPostCount }
}
"""
_KNOWN = {part.split()[0]: "fragment " + part for part in FRAGMENTS.split("fragment ")[1:]}


def document(operation: str) -> str:
    """With the fragments that it needs, and those that these need."""
    used: dict[str, str] = {}
    waiting = [operation]
    while waiting:
        part = waiting.pop()
        new = {name: of for name, of in _KNOWN.items() if f"...{name} " in part and name not in used}
        used |= new
        waiting += new.values()
    return operation + "".join(used.values())


def ghost(id_: str) -> str:
    """An id, or a name, like it, of what there never was."""
    found = decode(id_)
    return "nobody" if found is None else encode(found.type_name, UNKNOWN, found.day)


async def answered(town: Town, viewer: str | None, operation: str, **variables: Any) -> tuple[Any, int]:
    """The answer, and how many statements it took."""
    with counting(town.world) as asked:
        answer = await town.answer(viewer, operation, **variables)
    return answer, len(asked.statements)

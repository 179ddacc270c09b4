"""How people of a test come to stand to each other, through the API, and how a person sees another."""

from typing import Any

from tests.world import Person, World

PAYLOAD = "{ user { id viewerFollowState viewerHasBlocked viewerHasMuted } userErrors { code field message } }"
ACCEPT, DECLINE, BLOCK, UNBLOCK, MUTE, UNMUTE, ASK, TAKE_BACK = (
    f"mutation ($id: ID!) {{ {name}(input: {{userId: $id}}) {PAYLOAD} }}"
    for name in (
        "acceptFollowRequest",
        "declineFollowRequest",
        "blockUser",
        "unblockUser",
        "muteUser",
        "unmuteUser",
        "followUser",
        "unfollowUser",
    )
)
SET_PRIVATE = """mutation ($isPrivate: Boolean) {
  updateProfile(input: {isPrivate: $isPrivate}) { user { isPrivate } userErrors { code field message } }
}"""
SEEN = """query ($id: ID!) { node(id: $id) { ... on User {
  id username displayName bio isPrivate postCount followerCount followingCount
  viewerFollowState viewerIsFollowing isFollowingViewer viewerHasBlocked viewerHasMuted
  posts { edges { node { id } } } followers { edges { node { id } } } following { edges { node { id } } }
} } }"""


async def set_private(world: World, who: Person, is_private: bool = True) -> None:
    await world.do(who, SET_PRIVATE, isPrivate=is_private)


async def block(world: World, who: Person, whom: Person) -> None:
    await world.do(who, BLOCK, id=whom.id)


async def mute(world: World, who: Person, whom: Person) -> None:
    await world.do(who, MUTE, id=whom.id)


async def accept(world: World, who: Person, whom: Person) -> None:
    await world.do(who, ACCEPT, id=whom.id)


async def seen(world: World, viewer: Person | None, whom: Person) -> Any:
    """A profile as somebody sees it."""
    return (await world.ask(viewer, SEEN, id=whom.id))["node"]


async def state(world: World, viewer: Person, whom: Person) -> str:
    return str((await seen(world, viewer, whom))["viewerFollowState"])


async def listed(world: World, viewer: Person, name: str) -> list[str]:
    """The ids in a list of the viewer's own: followRequests, blockedUsers, mutedUsers, savedPosts."""
    data = await world.ask(viewer, f"{{ viewer {{ {name} {{ edges {{ node {{ id }} }} }} }} }}")
    return [edge["node"]["id"] for edge in data["viewer"][name]["edges"]]

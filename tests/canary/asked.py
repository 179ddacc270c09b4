"""What the people of a canary run ask the API, by the names of `schedule`."""

CARD = "id username displayName bio"
COMMENT = f"id text author {{ {CARD} }}"
POST = f"""id caption location {{ name }} media {{ id altText url }} author {{ {CARD} }} mentions {{ {CARD} }}
    comments(first: 20) {{ edges {{ node {{ {COMMENT} }} }} }} likers(first: 20) {{ edges {{ node {{ {CARD} }} }} }}"""
SHORT_POST = "id caption location { name } media { altText url }"
USERS = f"edges {{ node {{ {CARD} }} }}"
ENTRY = "id kind actorCount actors { id displayName bio } post { id caption media { altText url } } comment { id text }"
THING = f"""__typename id ... on User {{ {CARD} }} ... on Post {{ {SHORT_POST} }} ... on Media {{ altText url }}
    ... on Comment {{ {COMMENT} post {{ {SHORT_POST} }} }}"""

READ = {
    "feed": f"""query ($after: String) {{ viewer {{ feed(first: 10, after: $after) {{
        edges {{ node {{ {POST} }} }} pageInfo {{ hasNextPage endCursor }} liveCursor
    }} }} }}""",
    "profile": f"""query ($username: String!) {{ user(username: $username) {{ {CARD}
        posts {{ edges {{ node {{ {SHORT_POST} }} }} }} followers {{ {USERS} }} following {{ {USERS} }}
    }} }}""",
    "people": f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {THING} }} }}",
    "things": f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {THING} }} }}",
    "post": f"query ($id: ID!) {{ post(id: $id) {{ {POST} }} }}",
    "notifications": f"""query ($after: String) {{ viewer {{ notifications(first: 20, after: $after) {{
        edges {{ node {{ {ENTRY} }} }} pageInfo {{ hasNextPage endCursor }}
    }} }} }}""",
    "hashtag": f"""query ($after: String) {{ hashtag(name: "birds") {{ posts(first: 20, after: $after) {{
        edges {{ node {{ {SHORT_POST} author {{ {CARD} }} }} }} pageInfo {{ hasNextPage endCursor }}
    }} }} }}""",
    "saved": f"""query ($after: String) {{ viewer {{ savedPosts(first: 20, after: $after) {{
        edges {{ node {{ {SHORT_POST} author {{ {CARD} }} }} }} pageInfo {{ hasNextPage endCursor }}
    }} }} }}""",
    "requests": f"{{ viewer {{ followRequests {{ {USERS} }} }} }}",
    "blocked": f"{{ viewer {{ blockedUsers {{ {USERS} }} }} }}",
    "muted": f"{{ viewer {{ mutedUsers {{ {USERS} }} }} }}",
}
LIVE = {
    "feed events": f"""subscription ($after: String) {{
        feedPostAdded(after: $after) {{ cursor edge {{ node {{ {POST} }} }} }}
    }}""",
    "notification events": f"""subscription ($after: String) {{
        notificationAdded(after: $after) {{ cursor edge {{ node {{ {ENTRY} }} }} }}
    }}""",
    "comment events": f"""subscription ($id: ID!, $after: String) {{
        commentAdded(postId: $id, after: $after) {{ cursor edge {{ node {{ {COMMENT} }} }} }}
    }}""",
}
CURSOR = {
    "feed events": "{ viewer { at: feed(first: 1) { liveCursor } } }",
    "notification events": "{ viewer { at: notifications(first: 1) { liveCursor } } }",
    "comment events": "query ($id: ID!) { post(id: $id) { at: comments(first: 1) { liveCursor } } }",
}

STRICTER = {
    "feed": {"post": "feed", "media": "feed"},
    "feed events": {"post": "feed", "media": "feed"},
    "notifications": {"card": "told"},
    "notification events": {"card": "told"},
    "blocked": {"card": "blocked"},
    "blockUser": {"card": "blocked"},
}
"""The views that ways need for kinds of canaries, where those are not the ones that nodes need."""

_SHOWN = {
    "likePost": f"post {{ {SHORT_POST} author {{ {CARD} }} }}",
    "unlikePost": f"post {{ {SHORT_POST} }}",
    "savePost": f"post {{ {SHORT_POST} author {{ {CARD} }} }}",
    "unsavePost": f"post {{ {SHORT_POST} }}",
    "likeComment": f"comment {{ {COMMENT} post {{ {SHORT_POST} }} }}",
    "unlikeComment": f"comment {{ {COMMENT} post {{ {SHORT_POST} }} }}",
    "deletePost": "deletedPostId",
    "deleteComment": f"deletedCommentId post {{ {POST} }}",
    "addComment": f"comment {{ {COMMENT} }} post {{ {POST} }}",
    "createPost": f"post {{ {POST} }}",
    "updateProfile": f"user {{ {CARD} }}",
}
_PAIRED = f"user {{ {CARD} posts(first: 3) {{ edges {{ node {{ {SHORT_POST} }} }} }} }}"


def mutation(name: str) -> str:
    taken, shown = f"{name[0].upper()}{name[1:]}Input!", _SHOWN.get(name, _PAIRED)
    return f"mutation ($input: {taken}) {{ {name}(input: $input) {{ {shown} userErrors {{ code }} }} }}"

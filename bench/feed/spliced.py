"""Posts as ready-made JSON for the server that answers by splicing it: the floor of what a feed can cost."""

from collections.abc import Sequence

import asyncpg
import orjson

CDN = "https://cdn.example.com"
_ISO = "to_char({} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
_NODES = f"""
    select posts.id, posts.author_id, json_build_object(
        'id', posts.id::text, 'caption', caption, 'createdAt', {_ISO.format("posts.created_at")},
        'likeCount', like_count, 'commentCount', comment_count
    )::text, json_build_object(
        'id', users.id::text, 'username', username, 'displayName', display_name, 'bio', bio
    )::text, (
        select coalesce(json_agg(json_build_object(
            'id', media.id::text, 'kind', kind, 'url', '{CDN}/' || object_key,
            'width', width, 'height', height, 'blurhash', blurhash
        ) order by position), '[]')
        from media where post_id = posts.id
    )::text, (
        select coalesce(json_agg(json_build_object('node', json_build_object(
            'id', latest.id::text, 'text', text, 'createdAt', {_ISO.format("latest.created_at")},
            'author', json_build_object('id', author.id::text, 'username', author.username, 'bio', author.bio)
        )) order by latest.id desc), '[]')
        from (select * from comments where post_id = posts.id order by id desc limit 2) as latest
        join users as author on author.id = latest.author_id
    )::text
    from posts join users on users.id = author_id where posts.id = any($1::bigint[])
"""


async def spliced(connection: asyncpg.Connection, post_ids: Sequence[int]) -> dict[str, bytes]:
    """By Redis' key: the author's id, and the JSON cut where the viewer's two flags go."""
    return {
        f"spl:{post_id}": b"\0".join(
            (
                b"%d" % author_id,
                _compact(post)[:-1] + b',"viewerHasLiked":',
                b',"author":' + _compact(author)[:-1] + b',"viewerIsFollowing":',
                b'},"media":' + _compact(media) + b',"comments":{"edges":' + _compact(comments) + b"}}",
            )
        )
        for post_id, author_id, post, author, media, comments in await connection.fetch(_NODES, list(post_ids))
    }


def _compact(text: str) -> bytes:
    return orjson.dumps(orjson.loads(text))

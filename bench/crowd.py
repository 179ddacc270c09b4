"""Many people, follows, posts and timelines, quickly: what the API and its jobs would have written."""

from redis.asyncio import Redis
from sqlalchemy import text

from services import signing_in, timelines
from stores.redis.timelines import key
from wiring import App

COPIES_AT_ONCE = 1_000
BLURHASH = "LEHV6nWB2yk8pyo0adR*.7kCMdnj"
PATIENCE = "set local statement_timeout = '60s'"
MANY = 1_000
"""People after whom Postgres is told of them: it may check keys by a plan of when there was hardly anybody."""

_PEOPLE = """
    insert into users (id, username, username_skeleton, display_name)
    select id, 'user' || id, 'user' || id, 'Somebody'
    from generate_series(cast(:first as bigint), :first + :count - 1) as id
"""
_ACCOUNTS = """
    insert into accounts (id, email, email_key, password_hash)
    select id, id || '@example.com', id || '@example.com', '' from unnest(cast(:ids as bigint[])) as id
    on conflict (id) do nothing
"""
_FOLLOWS = """
    insert into follows (follower_id, followee_id, id, ver)
    select follower.id, followee.id, :first + row_number() over (), followee.place
    from unnest(cast(:follower_ids as bigint[])) as follower (id),
        unnest(cast(:followee_ids as bigint[])) with ordinality as followee (id, place)
"""
_FOLLOWED = """
    update users set follow_ver = following_count + :count, following_count = following_count + :count
    where id = any(cast(:ids as bigint[]))
"""
_FOLLOWERS = "update users set follower_count = follower_count + :count where id = any(cast(:ids as bigint[]))"

_POSTS = """
    with clock as (
        update feed_clock set last = greatest(last, :first) + :each * cardinality(cast(:author_ids as bigint[]))
        where shard = 0 returning last
    ), added as (
        insert into posts (id, author_id, caption, status, published_at, feed_id)
        select :first + number, author_id, '', 'PUBLISHED', now(), clock.last - number
        from clock, (
            select author.id as author_id, row_number() over () - 1 as number
            from generate_series(1, cast(:each as integer)) as turn,
                unnest(cast(:author_ids as bigint[])) as author (id)
        ) as written
        returning id, feed_id, author_id
    ), undrained as (
        insert into fan_outs (feed_id, post_id, author_id) select feed_id, id, author_id from added where :undrained
    )
    insert into author_counts (author_id, post_count) select author_id, count(*) from added group by author_id
    on conflict (author_id) do update set post_count = author_counts.post_count + excluded.post_count
"""

_DRAFTS = """
    insert into posts (id, author_id, caption, status, hashtags)
    select cast(:first as bigint) + number,
        (cast(:author_ids as bigint[]))[1 + number % cardinality(cast(:author_ids as bigint[]))],
        '', 'PROCESSING',
        array['tag' || number % many, 'tag' || (number + many / 2) % many]
    from generate_series(0, cast(:count as integer) - 1) as number, (select cast(:hashtags as integer)) as tags (many)
"""
_PICTURES = f"""
    insert into media (
        id, owner_id, post_id, position, kind, status, content_type, byte_size, object_key, width, height, blurhash
    )
    select id, author_id, id, 0, 'IMAGE', 'READY', 'image/jpeg', 1, id || '-bench', 1080, 1350, '{BLURHASH}'
    from posts where id >= cast(:first as bigint) and id < :first + :count
"""
_COMMENTS = """
    with added as (
        insert into comments (id, post_id, post_author_id, author_id, text, place)
        select :first + number, post_id, posts.author_id,
            (cast(:author_ids as bigint[]))[1 + number % cardinality(cast(:author_ids as bigint[]))],
            'What a picture, and what a day!', :first + number
        from (
            select post_id, row_number() over (order by turn, post_id) - 1 as number
            from generate_series(1, cast(:each as integer)) as turn, unnest(cast(:post_ids as bigint[])) as post_id
        ) as written
        join posts on posts.id = post_id
        returning post_id, place
    )
    update posts set comment_count = comment_count + counted.number, comment_place = counted.latest
    from (select post_id, count(*) as number, max(place) as latest from added group by post_id) as counted
    where id = post_id
"""


async def add_people(app: App, count: int, *, first: int | None = None) -> list[int]:
    """Users without an account, who follow nobody. Gives their ids, from the first one on, if that is told."""
    first = await app.deps.ids.mint() if first is None else first
    await sql(app, _PEOPLE, first=first, count=count)
    return list(range(first, first + count))


def username(person_id: int) -> str:
    return f"user{person_id}"


async def add_follows(app: App, follower_ids: list[int], followee_ids: list[int]) -> None:
    """Everybody of the first follows everybody of the second; the followers have followed nobody before."""
    first = await app.deps.ids.mint()
    if len(follower_ids) + len(followee_ids) >= MANY:
        await sql(app, "analyze users")
    await sql(app, _FOLLOWS, first=first, follower_ids=follower_ids, followee_ids=followee_ids)
    await sql(app, _FOLLOWED, ids=follower_ids, count=len(followee_ids))
    await sql(app, _FOLLOWERS, ids=followee_ids, count=len(follower_ids))


async def add_sessions(app: App, user_ids: list[int]) -> list[str]:
    """Sign these people in, who get accounts without a password; gives the access token of each."""
    await sql(app, _ACCOUNTS, ids=user_ids)
    async with app.deps.database.unit_of_work() as uow:
        opened = [await signing_in.open_session(app.deps, uow, user_id, user_agent=None) for user_id in user_ids]
    return [session.tokens.access_token for session in opened]


async def add_posts(
    app: App, author_ids: list[int], each: int, *, undrained: bool = False, pictured: bool = False
) -> list[int]:
    """Published posts, the authors taking turns; `undrained`: not fanned out yet. Gives their ids."""
    first = await app.deps.ids.mint()
    await sql(app, _POSTS, first=first, author_ids=author_ids, each=each, undrained=undrained)
    if pictured:
        await sql(app, _PICTURES, first=first, count=each * len(author_ids))
    return list(range(first, first + each * len(author_ids)))


async def add_comments(app: App, post_ids: list[int], author_ids: list[int], each: int) -> list[int]:
    """So many on each post, which had none, the authors taking turns. Gives their ids, the latest of each post last."""
    first = await app.deps.ids.mint()
    await sql(app, _COMMENTS, first=first, post_ids=post_ids, author_ids=author_ids, each=each)
    return list(range(first, first + each * len(post_ids)))


async def add_drafts(app: App, author_ids: list[int], count: int, *, hashtags: int) -> list[int]:
    """Posts that could be published, with a READY picture and two of so many hashtags each. Gives their ids."""
    first = await app.deps.ids.mint()
    await sql(app, _DRAFTS, first=first, author_ids=author_ids, count=count, hashtags=hashtags)
    await sql(app, _PICTURES, first=first, count=count)
    return list(range(first, first + count))


async def add_timelines(app: App, redis: Redis, viewer_ids: list[int]) -> None:
    """The first one's is built; the others', who follow the same authors, are copies of it."""
    await timelines.rebuild(app.deps, viewer_ids[0])
    for begin in range(1, len(viewer_ids), COPIES_AT_ONCE):
        async with redis.pipeline(transaction=False) as pipeline:
            for viewer_id in viewer_ids[begin : begin + COPIES_AT_ONCE]:
                pipeline.copy(key(viewer_ids[0]), key(viewer_id))
            await pipeline.execute()


async def sql(app: App, statement: str, **values: object) -> None:
    """With more time than a request has."""
    async with app.deps.database.unit_of_work() as uow:
        await uow.connection.execute(text(PATIENCE))
        await uow.connection.execute(text(statement), values)

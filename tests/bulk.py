"""Many rows in a few statements: what the API would have written, for tests that need thousands."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, update

from stores.postgres import posts as post_rows
from stores.postgres import tables
from tests.world import World


async def add_people(world: World, count: int) -> list[int]:
    """Users without an account: nobody signs in as them. Gives their ids."""
    ids = await _ids(world, count)
    async with world.app.deps.database.unit_of_work() as uow:
        names = ({"id": id_, "username": f"user{id_}", "username_skeleton": f"user{id_}"} for id_ in ids)
        await uow.connection.execute(insert(tables.users).values(display_name="Somebody"), list(names))
    return ids


async def add_follows(world: World, follower_ids: Sequence[int], followee_ids: Sequence[int]) -> None:
    """Everybody of the first follows everybody of the second; the followers have followed nobody before."""
    follow_ids = iter(await _ids(world, len(follower_ids) * len(followee_ids)))
    rows = [
        {"follower_id": follower_id, "followee_id": followee_id, "id": next(follow_ids), "ver": ver}
        for follower_id in follower_ids
        for ver, followee_id in enumerate(followee_ids, 1)
    ]
    made, got = len(followee_ids), len(follower_ids)
    users = tables.users
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.connection.execute(insert(tables.follows), rows)
        await uow.connection.execute(
            update(users).where(users.c.id == bindparam("of")).values(following_count=made, follow_ver=made),
            [{"of": follower_id} for follower_id in follower_ids],
        )
        await uow.connection.execute(
            update(users).where(users.c.id == bindparam("of")).values(follower_count=users.c.follower_count + got),
            [{"of": followee_id} for followee_id in followee_ids],
        )


async def add_posts(
    world: World, author_ids: Sequence[int], *, mention_ids: Sequence[int] = (), published: bool = True
) -> list[int]:
    """One post with a picture for each, in this order; gives their ids. No timeline that exists gets them.

    Unless `published`, they are as when the last picture has been processed and nobody has noticed yet.
    """
    post_ids = await _ids(world, len(author_ids))
    media_ids = await add_pictures(world, author_ids)
    posts = [{"id": post_id, "author_id": author_id} for post_id, author_id in zip(post_ids, author_ids, strict=True)]
    words = {"caption": "", "mention_ids": list(mention_ids), "status": "PROCESSING"}
    shown = [{"of": media_id, "in": post_id} for media_id, post_id in zip(media_ids, post_ids, strict=True)]
    media = tables.media
    attach = update(media).where(media.c.id == bindparam("of")).values(post_id=bindparam("in"), position=0)
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.connection.execute(insert(tables.posts), [{**words, **row} for row in posts])
        await uow.connection.execute(attach, shown)
        if published:
            await post_rows.count_published(uow.connection, Counter(author_ids))
            await post_rows.publish(uow.connection, post_ids, earliest=post_ids[0])
            await uow.connection.execute(delete(tables.fan_outs))
    return post_ids


async def add_pictures(world: World, owner_ids: Sequence[int]) -> list[int]:
    """READY media for each, without files, that no post has. Gives their ids."""
    ids = await _ids(world, len(owner_ids))
    file = {"kind": "IMAGE", "status": "READY", "content_type": "image/jpeg", "byte_size": 1}
    rows = [
        {**file, "id": id_, "owner_id": owner_id, "object_key": f"{id_}-test"}
        for id_, owner_id in zip(ids, owner_ids, strict=True)
    ]
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.connection.execute(insert(tables.media), rows)
    return ids


async def _ids(world: World, count: int) -> list[int]:
    return [await world.app.deps.ids.mint() for _ in range(count)]

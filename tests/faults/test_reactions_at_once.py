"""Many people react to the same things at once, at several API processes: counts are exact, and outlive a process."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Table, select

from bench.processes import Api
from rules.node_ids import encode
from stores.postgres.tables import comments, posts
from tests import bulk
from tests.api.test_reactions import ADD_COMMENT
from tests.faults import checks, reacting
from tests.faults.conftest import StartApi
from tests.faults.journal import Journal, journal
from tests.faults.reacting import Step
from tests.world import Person, World, row_id

PEOPLE = 2_000
LIKES = 10_000
UNLIKES = 1_000
FEW_PEOPLE = 200
REACTIONS = 1_000
PUBLICATIONS = 100


@pytest.mark.long
async def test_10_000_likes_of_one_post_at_two_processes_are_counted_exactly(
    world: World, start_api: StartApi, another_api: Api, tmp_path: Path, seed: int
) -> None:
    people, random = await reacting.signed_in(world, PEOPLE), Random(seed)
    [post] = await posts_of(world, people[0], 1)
    steps = [Step(place % PEOPLE, "likePost", {"postId": post}) for place in range(LIKES)]
    steps += [Step(place, "unlikePost", {"postId": post}) for place in random.choices(range(PEOPLE), k=UNLIKES)]
    random.shuffle(steps)
    ports = [start_api().port, another_api.port]

    with journal(tmp_path / "journal", seed) as written:
        await reacting.carry_out(ports, people, steps, written)
        await reacting.likes_are_what_was_acknowledged(world, people, steps, written)

    assert written.acknowledgements == LIKES + UNLIKES
    await checks.counts_are_rows(world)
    await checks.nothing_is_held(world)


async def test_likes_and_comments_that_come_and_go_at_two_processes_are_counted_exactly(
    world: World, start_api: StartApi, another_api: Api, tmp_path: Path, seed: int
) -> None:
    people, random = await reacting.signed_in(world, FEW_PEOPLE), Random(seed)
    shown = await posts_of(world, people[0], 3)
    liked = [await commented(world, people[0], post) for post in shown * 2]
    going = [(person, await commented(world, people[person], shown[0])) for person in range(0, FEW_PEOPLE, 4)]
    steps = reacting.schedule(random, FEW_PEOPLE, shown, liked, REACTIONS)
    steps += [Step(person, "deleteComment", {"commentId": comment}) for person, comment in going]
    random.shuffle(steps)
    ports = [start_api().port, another_api.port]

    with journal(tmp_path / "journal", seed) as written:
        await reacting.carry_out(ports, people, steps, written)
        await reacting.likes_are_what_was_acknowledged(world, people, steps, written)

    added = reacting.acknowledged(written, steps, "addComment")
    assert await ids(world, comments) == sorted([*added, *map(row_id, liked)])
    await checks.counts_are_rows(world)
    await checks.nothing_is_held(world)


async def test_what_was_acknowledged_is_there_when_one_of_two_processes_is_killed(
    world: World, start_api: StartApi, another_api: Api, tmp_path: Path, seed: int
) -> None:
    """What the killed one did not answer is sent again, to the other one, and is done once."""
    people, random = await reacting.signed_in(world, FEW_PEOPLE), Random(seed)
    shown = await posts_of(world, people[0], 2)
    liked = [await commented(world, people[0], post) for post in shown * 2]
    steps = reacting.schedule(random, FEW_PEOPLE, shown, liked, REACTIONS)
    steps += await publications(world, people[:PUBLICATIONS])
    random.shuffle(steps)
    killed = start_api()

    with journal(tmp_path / "journal", seed) as written:
        middle = random.randrange(len(steps) // 3, len(steps) * 2 // 3)
        carrying_out = reacting.carry_out([killed.port, another_api.port], people, steps, written)
        await asyncio.gather(carrying_out, at(written, middle, killed.kill))
        await reacting.likes_are_what_was_acknowledged(world, people, steps, written)

    added = reacting.acknowledged(written, steps, "addComment")
    assert await ids(world, comments) == sorted([*added, *map(row_id, liked)])
    made = reacting.acknowledged(written, steps, "createPost")
    assert await ids(world, posts) == sorted([*made, *map(row_id, shown)])
    await checks.acknowledged_writes_are_there(world, [encode("Post", id_) for id_ in made])
    await checks.counts_are_rows(world)
    await checks.nothing_is_held(world)


async def posts_of(world: World, author: Person, count: int) -> list[str]:
    return [encode("Post", id_) for id_ in await bulk.add_posts(world, [author.row_id] * count)]


async def commented(world: World, author: Person, post: str) -> str:
    added = await world.do(author, ADD_COMMENT, input={"postId": post, "text": "hi"})
    return str(added["comment"]["id"])


async def publications(world: World, people: Sequence[Person]) -> list[Step]:
    """A new post of each."""
    pictures = await bulk.add_pictures(world, [person.row_id for person in people])
    given = [{"mediaIds": [encode("Media", id_)], "idempotencyKey": f"post {id_}"} for id_ in pictures]
    return [Step(place, "createPost", draft) for place, draft in enumerate(given)]


async def at(journal: Journal, acknowledgements: int, act: Callable[[], None]) -> None:
    """Act as soon as so many steps are acknowledged."""

    async def is_time() -> bool:
        return journal.acknowledgements >= acknowledgements

    await checks.until(is_time, every_s=0.001)
    act()


async def ids(world: World, table: Table) -> list[int]:
    """Of all rows, the smallest first."""
    async with world.app.deps.database.read() as connection:
        return list(await connection.scalars(select(table.c.id).order_by(table.c.id)))

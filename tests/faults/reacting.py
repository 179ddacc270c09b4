"""People who like, comment and publish over real HTTP, at several API processes, and what must come of it."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from random import Random
from typing import NamedTuple

import orjson
from sqlalchemy import select, union

from bench import crowd
from bench.clients import Connection, ConnectionLost, request
from rules.node_ids import encode
from stores.postgres.tables import comment_likes, likes
from tests.faults.journal import Journal
from tests.world import Person, World, row_id

CLIENTS = 64
TRIES = 5

SHOWN = {
    "likePost": "post { id }",
    "unlikePost": "post { id }",
    "likeComment": "comment { id }",
    "unlikeComment": "comment { id }",
    "addComment": "comment { id }",
    "deleteComment": "deletedCommentId",
    "createPost": "post { id }",
}
"""What the payload of each mutation is asked for."""
FREQUENCIES = {"likePost": 4, "unlikePost": 1, "likeComment": 4, "unlikeComment": 1, "addComment": 2}
WISHES = {"likePost": True, "unlikePost": False, "likeComment": True, "unlikeComment": False}


class Step(NamedTuple):
    """A mutation that one of the people sends; `person` is his place among them."""

    person: int
    mutation: str
    input: Mapping[str, object]


def schedule(random: Random, people: int, posts: Sequence[str], comments: Sequence[str], count: int) -> list[Step]:
    """So many steps of so many people, on these posts and comments. Each new comment has a key of its own."""
    steps = []
    for number, mutation in enumerate(random.choices(list(FREQUENCIES), [*FREQUENCIES.values()], k=count)):
        on_comment = mutation in ("likeComment", "unlikeComment")
        thing = {"commentId": random.choice(comments)} if on_comment else {"postId": random.choice(posts)}
        words = {"text": "hi", "idempotencyKey": f"comment{number}"} if mutation == "addComment" else {}
        steps.append(Step(random.randrange(people), mutation, {**thing, **words}))
    return steps


async def signed_in(world: World, count: int) -> list[Person]:
    ids = await crowd.add_people(world.app, count)
    tokens = await crowd.add_sessions(world.app, ids)
    return [Person(encode("User", id_), f"user{id_}", token, "") for id_, token in zip(ids, tokens, strict=True)]


def requested(step: Step, person: Person) -> bytes:
    name, shown = step.mutation, SHOWN[step.mutation]
    taken = f"{name[0].upper()}{name[1:]}Input!"
    query = f"mutation ($input: {taken}) {{ {name}(input: $input) {{ {shown} userErrors {{ code field }} }} }}"
    return request(person.access_token, query, {"input": step.input})


def result(answer: bytes, mutation: str) -> str:
    """The id that the payload has; there must be no errors."""
    told = orjson.loads(answer)
    assert "errors" not in told, told
    payload = told["data"][mutation]
    assert payload["userErrors"] == [], payload
    shown = payload[SHOWN[mutation].partition(" ")[0]]
    return str(shown["id"] if isinstance(shown, dict) else shown)


class Client:
    """Has a connection to one of the processes. When that is lost it goes to the next one, as behind a load balancer,
    and sends again what was not answered."""

    def __init__(self, ports: Sequence[int], first: int) -> None:
        self._ports = islice(cycle(ports), first, None)
        self._connection: Connection | None = None

    async def ask(self, request: bytes) -> bytes:
        for _ in range(TRIES):
            try:
                self._connection = self._connection or await Connection.open(next(self._ports))
                return await self._connection.ask(request)
            except ConnectionLost:
                self.close()
        raise ConnectionLost

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


async def carry_out(ports: Sequence[int], people: Sequence[Person], steps: Sequence[Step], journal: Journal) -> None:
    """By CLIENTS at once. Each person is one client's, so that his steps are carried out in their order."""

    async def send(number: int) -> None:
        client = Client(ports, number)
        for place, step in enumerate(steps):
            if step.person % CLIENTS == number:
                journal.sent(place)
                answer = await client.ask(requested(step, people[step.person]))
                journal.acknowledged(place, result(answer, step.mutation))
        client.close()

    await asyncio.gather(*map(send, range(CLIENTS)))


async def likes_are_what_was_acknowledged(
    world: World, people: Sequence[Person], steps: Sequence[Step], journal: Journal
) -> None:
    """A: the last acknowledged wish of each person about each thing holds; what was sent later may hold too."""
    possible: dict[tuple[int, int], set[bool]] = defaultdict(lambda: {False})
    for number, result in journal.entries():
        step = steps[number]
        if step.mutation in WISHES:
            [thing] = step.input.values()
            wanted, place = {WISHES[step.mutation]}, (row_id(str(thing)), people[step.person].row_id)
            possible[place] = possible[place] | wanted if result is None else wanted
    liked = await likes_of_things(world)
    assert [place for place, states in possible.items() if (place in liked) not in states] == []
    assert liked <= possible.keys()


async def likes_of_things(world: World) -> set[tuple[int, int]]:
    """The thing and the user of each like, of posts and of comments."""
    every = union(select(likes.c.post_id, likes.c.user_id), select(comment_likes.c.comment_id, comment_likes.c.user_id))
    async with world.app.deps.database.read() as connection:
        return {(thing_id, user_id) for thing_id, user_id in await connection.execute(every)}


def acknowledged(journal: Journal, steps: Sequence[Step], mutation: str) -> list[int]:
    """The row ids that the steps with this mutation were answered."""
    return [row_id(result) for step, result in journal.entries() if result and steps[step].mutation == mutation]

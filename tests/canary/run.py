"""A canary run: people, API processes, a model that is told of everything, and clients who do what is scheduled."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import bindparam, update

from jobs import running
from rules.node_ids import encode
from services.uploads import SHARED
from stores.postgres import media
from stores.postgres.tables import users
from tests.canary import asked
from tests.canary.model import Canary, Model, Need
from tests.canary.possible import moment
from tests.faults.reacting import signed_in
from tests.world import Person, World

WORKERS = 4
IDLE_S = 0.02


@dataclass
class Run:
    """`processes`: of the API, among which clients are divided."""

    processes: Sequence[World]
    people: list[Person]
    model: Model
    numbers: Iterator[int] = field(default_factory=count)
    cursors: dict[tuple[str, int], str] = field(default_factory=dict)
    """Of subscriptions, by their way and whose they are."""
    troubles: list[object] = field(default_factory=list)
    """Errors that nobody should be answered."""

    @property
    def is_over(self) -> bool:
        """What is found early need not be looked for any longer."""
        return bool(self.model.leaks or self.troubles)

    def token(self, viewer: int | None) -> Person | None:
        return None if viewer is None else self.people[viewer]

    async def ask(self, process: World, viewer: int | None, way: str, query: str, **variables: Any) -> Any:
        """The data of an answer, which has been judged."""
        began = moment()
        reply = await process.reply(self.token(viewer), query, **variables)
        self.model.judge(viewer, way, reply.text, began, asked.STRICTER.get(way))
        answer = reply.json()
        if "errors" in answer:
            self.troubles.append((way, viewer, variables, answer["errors"]))
        return answer.get("data") or {}

    async def change(self, process: World, person: int, name: str, given: Mapping[str, object]) -> tuple[str, Any]:
        """What a mutation is answered: OK or the code of its error, and its payload."""
        data = await self.ask(process, person, name, asked.mutation(name), input=dict(given))
        payload = data.get(name)
        if payload is None:
            return "", {}
        codes = [fault["code"] for fault in payload["userErrors"]]
        return (codes[0] if codes else "OK"), payload

    async def picture(self, owner: int) -> tuple[str, Canary]:
        """READY media without files of their own, with a canary in their text and address; gives their id."""
        text, canary = self.model.canary("media", Need("content", owner))
        deps = self.processes[0].app.deps
        media_id = await deps.ids.mint()
        row = {"id": media_id, "owner_id": self.people[owner].row_id, "kind": "IMAGE", "status": "READY"}
        file = {
            "content_type": "image/jpeg",
            "byte_size": 1,
            "object_key": f"{SHARED}{media_id}-{text}",
            "alt_text": text,
        }
        async with deps.database.unit_of_work() as uow:
            await media.add(uow.connection, {**row, **file})
        return encode("Media", media_id), canary


async def gathered(processes: Sequence[World], people: int) -> Run:
    """People whose names and biographies have canaries, and who have nothing to do with each other."""
    for process in processes:
        await process.app.deps.ids.mint()  # the first id takes a connection, which must not be one that many wait for
    run = Run(processes, await signed_in(processes[0], people), Model(people))
    rows = []
    for place, person in enumerate(run.people):
        name, _ = run.model.canary("card", Need("card", place))
        bio, _ = run.model.canary("bio", Need("content", place))
        rows.append({"of": person.row_id, "name": name, "text": bio})
    named = update(users).where(users.c.id == bindparam("of"))
    async with processes[0].app.deps.database.unit_of_work() as uow:
        await uow.connection.execute(named.values(display_name=bindparam("name"), bio=bindparam("text")), rows)
    return run


@asynccontextmanager
async def jobs_done(world: World) -> AsyncIterator[None]:
    """In the block, what is announced is done by some workers at once; after it, all of it is."""
    is_over = asyncio.Event()

    async def work(job_ids: Sequence[int]) -> None:
        for job_id in job_ids:
            await running.run(world.app.deps, job_id)

    async def keep_working() -> None:
        while not is_over.is_set():
            due = [job_id for job_id, _ in await world.announced()]
            await asyncio.gather(*(work(due[number::WORKERS]) for number in range(WORKERS)))
            await asyncio.sleep(0 if due else IDLE_S)

    working = asyncio.create_task(keep_working())
    try:
        yield
    finally:
        is_over.set()
        await working
    await world.run_jobs()

"""What is asked all the time: asked together, of connections that come and go, with rows that are made once."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from settings import Settings
from stores.errors import StoreUnavailable
from stores.postgres import relations
from stores.postgres.asking import Asks
from stores.postgres.database import Database, PoolLimits
from stores.postgres.readers import LONG_S
from stores.rows import Person
from tests.patience import PATIENCE_S
from tests.world import World

LASTING_S = 20.0  # longer than all else in a test takes
SECONDS = text("select s, pg_sleep(s) is null from unnest(cast(:seconds as float8[])) as s")
DOUBLED = text("select n, 2 * n from unnest(cast(:numbers as integer[])) as n")
PID = text("select pg_backend_pid()")
VIEWER = 0


class Questions:
    """Their statements, by what they were asked."""

    def __init__(self) -> None:
        self.doublings: list[list[int]] = []
        self.pids: set[int] = set()

    async def doubled(self, connection: Asks, numbers: Sequence[int]) -> list[int]:
        await self._note(connection)
        self.doublings.append(list(numbers))
        return [double for _, double in await connection.execute(DOUBLED, {"numbers": list(numbers)})]

    async def slept(self, connection: Asks, seconds: Sequence[float]) -> list[float]:
        await self._note(connection)
        await connection.execute(SECONDS, {"seconds": list(seconds)})
        return list(seconds)

    async def _note(self, connection: Asks) -> None:
        self.pids |= {pid for [pid] in await connection.execute(PID, {})}


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(
        settings.database_url.get_secret_value(),
        PoolLimits(
            size=2,
            readers=2,
            rows_kept=3,
            wait_s=PATIENCE_S,
            connect_timeout_s=PATIENCE_S,
            statement_timeout_ms=settings.database_statement_timeout_ms,
        ),
        routes={},
        sweep_after_s=60,
        enqueue=lambda _: None,
        wake=lambda _: None,
    )
    yield database
    await database.close()


@pytest.fixture
def questions() -> Questions:
    return Questions()


async def person(database: Database, user_id: int) -> Person:
    async def seen(connection: Asks, pairs: Sequence[tuple[int, int]]) -> list[Person]:
        found = await relations.seen(connection, pairs)
        return [found[pair] for pair in pairs]

    [found] = await database.ask(seen, [(VIEWER, user_id)])
    return found


async def end_connections(database: Database, questions: Questions) -> None:
    """As when Postgres is started again."""
    pids = {"pids": list(questions.pids)}
    async with database.read() as connection:
        await connection.execute(
            text("select pg_terminate_backend(pid) from unnest(cast(:pids as integer[])) as pid"), pids
        )
        while await connection.scalar(text("select count(*) from pg_stat_activity where pid = any(:pids)"), pids):
            pass
    await asyncio.sleep(0.1)


async def test_those_who_ask_at_the_same_time_ask_together(database: Database, questions: Questions) -> None:
    ask = database.ask
    answers = await asyncio.gather(
        *[ask(questions.doubled, [number, 7]) for number in range(5)], ask(questions.doubled, [])
    )
    assert answers == [*([2 * number, 14] for number in range(5)), []]
    assert questions.doublings == [[0, 7, 1, 2, 3, 4]]


async def test_who_asks_while_a_statement_runs_gets_a_later_one(database: Database, questions: Questions) -> None:
    running = asyncio.Event()

    async def held(connection: Asks, numbers: Sequence[int]) -> list[int]:
        running.set()
        await connection.execute(SECONDS, {"seconds": [LONG_S / 4]})
        return await questions.doubled(connection, numbers)

    first = asyncio.create_task(database.ask(held, [1]))
    await running.wait()
    assert await database.ask(held, [2]) == [4]
    assert await first == [2]
    assert sorted(questions.doublings) == [[1], [2]]


async def test_a_slow_statement_holds_up_no_other(database: Database, questions: Questions) -> None:
    slow = asyncio.create_task(database.ask(questions.slept, [LASTING_S]))
    await asyncio.sleep(LONG_S)
    for number in range(5):
        assert await database.ask(questions.doubled, [number]) == [2 * number]
    assert not slow.done()
    slow.cancel()


async def test_who_gives_up_takes_nobody_with_him(database: Database, questions: Questions) -> None:
    asking = [asyncio.create_task(database.ask(questions.doubled, [number])) for number in range(3)]
    await asyncio.sleep(0)
    asking[0].cancel()
    assert await asyncio.gather(*asking[1:]) == [[2], [4]]


async def test_what_a_statement_raises_all_get_who_asked_and_the_next_one_tries_again(database: Database) -> None:
    async def wrong(connection: Asks, keys: Sequence[int]) -> list[int]:
        await connection.execute(text("select 1 / 0"), {})
        return list(keys)

    for _ in range(2):
        raised = await asyncio.gather(*[database.ask(wrong, [key]) for key in range(3)], return_exceptions=True)
        assert [type(error).__name__ for error in raised] == ["DivisionByZeroError"] * 3


async def test_connections_that_were_lost_are_made_anew(database: Database, questions: Questions) -> None:
    assert await database.ask(questions.doubled, [1]) == [2]
    await end_connections(database, questions)
    assert await database.ask(questions.doubled, [1]) == [2]


async def test_a_connection_lost_during_a_statement_is_said(database: Database, questions: Questions) -> None:
    asking = asyncio.create_task(database.ask(questions.slept, [LASTING_S]))
    while not questions.pids:  # noqa: ASYNC110  # nobody sets an Event
        await asyncio.sleep(0.01)
    await end_connections(database, questions)
    with pytest.raises(StoreUnavailable):
        await asking
    assert await database.ask(questions.doubled, [1]) == [2]


async def test_who_waits_too_long_for_a_connection_is_refused(settings: Settings, questions: Questions) -> None:
    database = Database(
        settings.database_url.get_secret_value(),
        PoolLimits(
            size=1, readers=1, rows_kept=1, wait_s=0.2, connect_timeout_s=PATIENCE_S, statement_timeout_ms=60_000
        ),
        routes={},
        sweep_after_s=60,
        enqueue=lambda _: None,
        wake=lambda _: None,
    )
    slow = asyncio.create_task(database.ask(questions.slept, [LASTING_S]))
    await asyncio.sleep(0.1)
    with pytest.raises(StoreUnavailable):
        await database.ask(questions.doubled, [1])
    slow.cancel()
    await database.close()


async def test_a_row_is_made_once_for_each_of_its_versions(database: Database, world: World) -> None:
    ana, ben = await world.person(), await world.person()
    first = (await person(database, ana.row_id)).user
    await person(database, ben.row_id)
    assert (await person(database, ana.row_id)).user is first

    await world.sql("update users set display_name = 'Anna' where id = :id", id=ana.row_id)
    second = (await person(database, ana.row_id)).user
    assert (second.display_name, second is first) == ("Anna", False)
    assert (await person(database, ana.row_id)).user is second


async def test_within_a_transaction_no_row_is_kept(database: Database, world: World) -> None:
    """It may write one twice, under the same version."""
    ana = await world.person()
    pair = (VIEWER, ana.row_id)
    async with database.unit_of_work() as uow:
        for name in ("First", "Second"):
            await uow.connection.execute(
                text("update users set display_name = :name where id = :id"), {"name": name, "id": ana.row_id}
            )
            found = await relations.seen(uow.connection, [pair])
            assert found[pair].user.display_name == name
            assert not hasattr(found[pair].user, "kept")
    assert (await person(database, ana.row_id)).user.display_name == "Second"


async def test_only_so_many_rows_are_kept(database: Database, world: World) -> None:
    people = [await world.person() for _ in range(4)]
    first = (await person(database, people[0].row_id)).user
    for other in people[1:]:
        await person(database, other.row_id)
    again = (await person(database, people[0].row_id)).user
    assert (again == first, again is first) == (True, False)


async def test_after_a_lost_connection_all_rows_are_made_anew(
    database: Database, world: World, questions: Questions
) -> None:
    """On a replica that was promoted, a version may stand for another content."""
    ana = await world.person()
    await database.ask(questions.doubled, [1])
    first = (await person(database, ana.row_id)).user
    await end_connections(database, questions)
    assert (await person(database, ana.row_id)).user is not first


async def test_a_row_that_was_changed_for_a_viewer_shares_nothing_with_the_one_that_is_kept(
    database: Database, world: World
) -> None:
    ana = await world.person()
    user = (await person(database, ana.row_id)).user
    assert vars(user)["kept"] == {}
    assert not hasattr(replace(user, bio=None), "kept")

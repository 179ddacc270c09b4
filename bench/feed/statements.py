"""How many SQL statements a server sends for a page, by Postgres' own count."""

from collections.abc import Sequence

import asyncpg

from bench.feed.asking import Asking
from bench.feed.contestants import Contestant
from bench.feed.ours import Viewer

REQUESTS = 40
_RESET = "unlisten|close all|reset all|advisory_unlock_all"
"""By what asyncpg's pool makes a connection as new."""
_SENT = f"""
    select coalesce(sum(calls), 0) from pg_stat_statements
    where query !~* 'pg_stat_statements|{_RESET}'
        and dbid <> (select oid from pg_database where datname = 'postgres')
"""


async def sent_for_a_page(contestant: Contestant, viewers: Sequence[Viewer], database_url: str) -> float:
    """Those that begin and end transactions count, those by which a pool resets its connections do not."""
    connection = await asyncpg.connect(database_url)
    try:
        with Asking(contestant.port) as asking:
            asking.page(contestant.header(viewers[0]))
            before = await connection.fetchval(_SENT)
            for viewer in viewers[:REQUESTS]:
                asking.page(contestant.header(viewer))
            after = await connection.fetchval(_SENT)
    finally:
        await connection.close()
    return float(after - before) / REQUESTS

"""`photofeed migrate` on servers of one's own."""

import asyncio

import asyncpg

from dev.embedded import EmbeddedServers
from tests.dev.processes import photofeed


async def test_an_empty_database_is_ready_after_it_and_after_another(
    servers: EmbeddedServers, environment: dict[str, str]
) -> None:
    own = {
        **environment,
        "PHOTOFEED_DATABASE_URL": await empty_database(servers),
        "PHOTOFEED_S3_UPLOAD_BUCKET": "new-uploads",
        "PHOTOFEED_S3_MEDIA_BUCKET": "new-media",
        "PHOTOFEED_S3_GUARDED_BUCKET": "new-guarded",
    }
    for _ in range(2):
        migrated = await asyncio.to_thread(photofeed, "migrate", **own)
        assert (migrated.returncode, migrated.stderr) == (0, "")
    examined = await asyncio.to_thread(photofeed, "doctor", **own)
    assert examined.returncode == 0, examined.stdout


async def empty_database(servers: EmbeddedServers) -> str:
    """Its URL, on the same server."""
    connection = await asyncpg.connect(servers.database_url)
    try:
        await connection.execute("create database emptied")
    finally:
        await connection.close()
    return servers.database_url.rpartition("/")[0] + "/emptied"

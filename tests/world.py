"""People in a Photofeed of their own, who ask its API."""

import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2
from PIL import Image
from sqlalchemy import Table, func, select, text
from starlette.applications import Starlette

from jobs import running
from rules.node_ids import decode, encode
from services.events import MediaProcessed
from stores.postgres import media
from stores.postgres.tables import metadata, outbox
from tests.patience import PATIENCE_S
from wiring import App

PASSWORD = "correct horse battery"
_numbers = count(1)

SIGN_UP = """mutation ($input: SignUpInput!) {
  signUp(input: $input) { tokens { accessToken refreshToken } viewer { user { id } } userErrors { code field message } }
}"""
CREATE_UPLOAD = """mutation ($input: CreateUploadInput!) {
  createUpload(input: $input) {
    upload { media { id status } method url headers { name value } expiresAt } userErrors { code field message }
  }
}"""
COMPLETE_UPLOAD = """mutation ($input: CompleteUploadInput!) {
  completeUpload(input: $input) { media { id status failureReason } userErrors { code field message } }
}"""
CREATE_POST = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id status publishedAt } userErrors { code field message } }
}"""
FOLLOW = """mutation ($id: ID!) { followUser(input: {userId: $id}) { userErrors { code field message } } }"""
UNFOLLOW = """mutation ($id: ID!) { unfollowUser(input: {userId: $id}) { userErrors { code field message } } }"""
DELETE_POST = """mutation ($id: ID!) {
  deletePost(input: {postId: $id}) { deletedPostId userErrors { code field message } }
}"""
FEED = """query ($first: Int, $after: String) {
  viewer { feed(first: $first, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }
}"""


@dataclass
class Person:
    id: str
    username: str
    access_token: str
    refresh_token: str

    @property
    def row_id(self) -> int:
        return row_id(self.id)


@dataclass
class World:
    asgi: Starlette
    app: App
    http: httpx2.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(self.asgi), base_url="http://photofeed.test")

    # ------------------------------------------------------------------------------------ asking

    async def reply(self, who: Person | None, query: str, **variables: Any) -> httpx2.Response:
        """What the API answers, status and all."""
        headers = {} if who is None else {"Authorization": f"Bearer {who.access_token}"}
        return await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    async def ask(self, who: Person | None, query: str, **variables: Any) -> Any:
        """The data; there must be no errors."""
        answer = (await self.reply(who, query, **variables)).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def do(self, who: Person | None, mutation: str, **variables: Any) -> Any:
        """The one payload of a mutation; there must be no user errors."""
        payload = await self.payload(who, mutation, **variables)
        assert payload["userErrors"] == []
        return payload

    async def payload(self, who: Person | None, mutation: str, **variables: Any) -> Any:
        """The one payload of a mutation."""
        [payload] = (await self.ask(who, mutation, **variables)).values()
        return payload

    async def faults(self, who: Person | None, mutation: str, **variables: Any) -> list[tuple[str, list[str] | None]]:
        """The code and field of each of its user errors."""
        payload = await self.payload(who, mutation, **variables)
        return [(fault["code"], fault["field"]) for fault in payload["userErrors"]]

    async def error(self, who: Person | None, query: str, **variables: Any) -> str:
        """The code of the one GraphQL error."""
        [error] = (await self.reply(who, query, **variables)).json()["errors"]
        return str(error["extensions"]["code"])

    # ------------------------------------------------------------------------------------ people and posts

    async def person(self, username: str | None = None) -> Person:
        name = username or f"person{next(_numbers)}"
        signing_up = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        signed_up = await self.do(None, SIGN_UP, input=signing_up)
        tokens = signed_up["tokens"]
        return Person(signed_up["viewer"]["user"]["id"], name, tokens["accessToken"], tokens["refreshToken"])

    async def follow(self, follower: Person, followee: Person) -> None:
        await self.do(follower, FOLLOW, id=followee.id)

    async def unfollow(self, follower: Person, followee: Person) -> None:
        await self.do(follower, UNFOLLOW, id=followee.id)

    async def picture(self, owner: Person, *, status: str = "READY") -> str:
        """Media without files, for tests that look at none; gives their id."""
        media_id = await self.app.deps.ids.mint()
        async with self.app.deps.database.unit_of_work() as uow:
            await media.add(
                uow.connection,
                {
                    "id": media_id,
                    "owner_id": owner.row_id,
                    "kind": "IMAGE",
                    "status": status,
                    "content_type": "image/jpeg",
                    "byte_size": 1,
                    "object_key": f"{media_id}-test",
                    "width": 4,
                    "height": 5,
                    "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
                },
            )
        return encode("Media", media_id)

    async def finish(self, media_id: str, *, status: str = "READY") -> None:
        """Let the worker be done with a picture that was PROCESSING, and with all else that it has to do."""
        async with self.app.deps.database.unit_of_work() as uow:
            processed = await media.change(uow.connection, row_id(media_id), {"status": status})
            if processed is not None and processed.post_id is not None:
                await uow.announce(MediaProcessed(processed.post_id))
        await self.run_jobs()

    async def post(self, author: Person, caption: str = "", **given: Any) -> str:
        """Publish a post with a picture; gives its id."""
        media_ids = given.pop("mediaIds", None) or [await self.picture(author)]
        made = await self.do(author, CREATE_POST, input={"mediaIds": media_ids, "caption": caption, **given})
        return str(made["post"]["id"])

    async def delete(self, author: Person, post_id: str) -> None:
        await self.do(author, DELETE_POST, id=post_id)

    async def upload(self, owner: Person, content: bytes, content_type: str = "image/jpeg") -> str:
        """Send a file as a client does, and complete it; gives the media's id."""
        upload = (await self.do(owner, CREATE_UPLOAD, input={"contentType": content_type, "byteSize": len(content)}))[
            "upload"
        ]
        await self.send(upload, content)
        completed = await self.do(owner, COMPLETE_UPLOAD, input={"mediaId": upload["media"]["id"]})
        return str(completed["media"]["id"])

    async def send(self, upload: Any, content: bytes) -> None:
        headers = {header["name"]: header["value"] for header in upload["headers"]}
        async with web_client() as store:
            sent = await store.request(upload["method"], upload["url"], content=content, headers=headers)
        assert sent.status_code == 200, sent.text

    # ------------------------------------------------------------------------------------ reading

    async def feed(self, viewer: Person, *, first: int = 100) -> list[str]:
        """The ids of the first page."""
        return [edge["node"]["id"] for edge in (await self.page(viewer, first=first))["edges"]]

    async def page(self, viewer: Person, *, first: int | None = None, after: str | None = None) -> Any:
        return (await self.ask(viewer, FEED, first=first, after=after))["viewer"]["feed"]

    # ------------------------------------------------------------------------------------ behind the API

    async def run_jobs(self) -> None:
        """Do what was announced, and what that announces, as a worker would."""
        while due := await self.announced():
            for job_id, _ in due:
                await running.run(self.app.deps, job_id)

    async def announced(self) -> Sequence[tuple[int, str]]:
        async with self.app.deps.database.read() as connection:
            rows = await connection.execute(
                select(outbox.c.id, outbox.c.job).where(~outbox.c.is_set_aside).order_by(outbox.c.id)
            )
        return [(row.id, row.job) for row in rows]

    async def sql(self, statement: str, **values: object) -> None:
        """Make true by hand what would take time or bad luck."""
        async with self.app.deps.database.unit_of_work() as uow:
            await uow.connection.execute(text(statement), values)

    @asynccontextmanager
    async def unchanged(self) -> AsyncIterator[None]:
        """After the block every row of every table is as it was before: so nothing was announced either."""
        before = await self._contents()
        yield
        after = await self._contents()
        assert [name for name in before if before[name] != after[name]] == []

    async def _contents(self) -> Mapping[str, str | None]:
        """What each table holds, as a digest."""
        each = "select '{0}' as name, md5(string_agg(held::text, '|' order by held::text)) as digest from {0} as held"
        statement = " union all ".join(each.format(table.name) for table in metadata.sorted_tables)
        async with self.app.deps.database.read() as connection:
            return {row.name: row.digest for row in await connection.execute(text(statement))}

    async def count(self, table: Table) -> int:
        async with self.app.deps.database.read() as connection:
            return int(await connection.scalar(select(func.count()).select_from(table)) or 0)


def row_id(node_id: str) -> int:
    found = decode(node_id)
    assert found is not None
    return found.id


def web_client(**options: Any) -> httpx2.AsyncClient:
    """A browser, say. It reads no certificates: that would take longer than all else."""
    return httpx2.AsyncClient(verify=False, timeout=PATIENCE_S, **options)


def jpeg(width: int = 400, height: int = 500, colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "JPEG", quality=80)
    return file.getvalue()


_TABLES = [table.name for table in metadata.sorted_tables if table.name != "feed_clock"]
_EMPTYING = text(f"do 'begin {' '.join(f'delete from {name};' for name in _TABLES)} end'")
"""One statement, as there are thousands of tests."""


async def emptied(app: App) -> None:
    """Remove all that tests have made; the publication clock goes on. Truncation would take twenty times as long."""
    async with app.deps.database.unit_of_work() as uow:
        await uow.connection.execute(text("set local statement_timeout = 0"))  # after tests with very many people
        await uow.connection.execute(text("set local session_replication_role = replica"))  # all goes: no keys to check
        await uow.connection.execute(_EMPTYING)

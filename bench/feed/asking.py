"""The feed query over HTTP, to a server whoever made it."""

import http.client
from types import TracebackType
from typing import Any, Self

import orjson

from bench.peers import FOLDER

QUERY = (FOLDER / "query.graphql").read_text().strip()
TIMEOUT_S = 20.0
PAGE = 20


class Refused(Exception):
    """What a server answered in place of a feed."""


def body(after: str | None = None) -> bytes:
    """What is posted for a page."""
    variables: dict[str, Any] = {"first": PAGE} | ({} if after is None else {"after": after})
    return orjson.dumps({"operationName": "HomeFeed", "query": QUERY, "variables": variables})


class Asking:
    """One connection to a server on 127.0.0.1, kept alive."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def page(self, header: tuple[str, str], after: str | None = None) -> bytes:
        """The answer to whom the header names. Raises Refused, and OSError where nobody answers."""
        headers = dict([header, ("content-type", "application/json"), ("accept", "application/json")])
        self._connection.request("POST", "/graphql", body(after), headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status != http.HTTPStatus.OK:
            raise Refused(f"{response.status}: {content[:500].decode(errors='replace')}")
        return content

    def feed(self, header: tuple[str, str], after: str | None = None) -> dict[str, Any]:
        """The `data` of the answer, of which there is all: no errors. Raises as `page` does."""
        answer = orjson.loads(self.page(header, after))
        if answer.get("errors") or answer["data"]["viewer"] is None:
            raise Refused(str(answer)[:500])
        data: dict[str, Any] = answer["data"]
        return data

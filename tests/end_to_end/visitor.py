"""A visitor of a running Photofeed: knows its address, and asks over HTTP like any front-end."""

from itertools import count
from typing import Any

import httpx2

from tests.patience import PATIENCE_S

PASSWORD = "correct horse battery"
_numbers = count(1)

SIGN_UP = """mutation ($input: SignUpInput!) {
  signUp(input: $input) { tokens { accessToken } viewer { user { id } } userErrors { code } }
}"""
LOG_IN = """mutation ($input: LogInInput!) {
  logIn(input: $input) { tokens { accessToken } viewer { user { id } } userErrors { code } }
}"""
FOLLOW = "mutation ($input: FollowUserInput!) { followUser(input: $input) { userErrors { code } } }"
UNFOLLOW = "mutation ($input: UnfollowUserInput!) { unfollowUser(input: $input) { userErrors { code } } }"
CREATE_UPLOAD = """mutation ($input: CreateUploadInput!) {
  createUpload(input: $input) { upload { media { id } method url headers { name value } } userErrors { code } }
}"""
COMPLETE_UPLOAD = "mutation ($input: CompleteUploadInput!) { completeUpload(input: $input) { userErrors { code } } }"
CREATE_POST = "mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } userErrors { code } } }"
DELETE_POST = "mutation ($input: DeletePostInput!) { deletePost(input: $input) { userErrors { code } } }"
FEED = """{ viewer { feed(first: 100) { edges { node {
  id caption author { username } media { width height blurhash url }
} } } } }"""


class Visitor:
    """Signed in by `sign_up` or `log_in`."""

    def __init__(self, address: str) -> None:
        self.http = httpx2.Client(base_url=address, timeout=PATIENCE_S)
        self.id = ""

    def close(self) -> None:
        self.http.close()

    def ask(self, query: str) -> Any:
        """The data; there must be no errors."""
        return self._asked(query, {})

    def do(self, mutation: str, **given: object) -> Any:
        """The one payload of a mutation; there must be no user errors."""
        [payload] = self._asked(mutation, {"input": given}).values()
        assert payload["userErrors"] == []
        return payload

    def sign_up(self) -> str:
        """As somebody new; gives the username."""
        name = f"visitor{next(_numbers)}"
        self._become(self.do(SIGN_UP, username=name, email=f"{name}@example.com", password=PASSWORD))
        return name

    def log_in(self, login: str, password: str = PASSWORD) -> None:
        self._become(self.do(LOG_IN, login=login, password=password))

    def upload(self, file: bytes) -> str:
        """Send a JPEG the way that the API says; gives the media's id."""
        upload = self.do(CREATE_UPLOAD, contentType="image/jpeg", byteSize=len(file))["upload"]
        headers = {header["name"]: header["value"] for header in upload["headers"]}
        sent = httpx2.request(upload["method"], upload["url"], content=file, headers=headers, timeout=PATIENCE_S)
        assert sent.status_code == 200, sent.text
        self.do(COMPLETE_UPLOAD, mediaId=upload["media"]["id"])
        return str(upload["media"]["id"])

    def post(self, media_id: str, caption: str) -> str:
        """Gives the post's id."""
        made = self.do(CREATE_POST, mediaIds=[media_id], caption=caption)
        return str(made["post"]["id"])

    def feed(self) -> list[Any]:
        """The posts of the first page."""
        return [edge["node"] for edge in self.ask(FEED)["viewer"]["feed"]["edges"]]

    def _become(self, signed_in: Any) -> None:
        self.http.headers["Authorization"] = f"Bearer {signed_in['tokens']['accessToken']}"
        self.id = signed_in["viewer"]["user"]["id"]

    def _asked(self, query: str, variables: dict[str, object]) -> Any:
        answer = self.http.post("/graphql", json={"query": query, "variables": variables}).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

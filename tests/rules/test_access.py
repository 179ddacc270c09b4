"""The matrix: who may see and do what, as a table; every cell is a test."""

from datetime import UTC, datetime

import pytest

from rules import access
from stores.rows import Post, Relation

VIEWERS = {
    "owner": Relation(is_self=True),
    "follower": Relation(is_followed=True),
    "requester": Relation(is_requested=True),
    "stranger": Relation(),
    "blocked": Relation(blocks_viewer=True),
    "blocker": Relation(is_blocked=True),
    "both": Relation(is_blocked=True, blocks_viewer=True),
    "muter": Relation(is_followed=True, is_muted=True),
}
MATRIX = """
                      | owner | follower | requester | stranger | blocked | blocker | both | muter
card of public        | yes   | yes      | yes       | yes      | no      | no      | no   | yes
card of private       | yes   | yes      | yes       | yes      | no      | no      | no   | yes
content of public     | yes   | yes      | yes       | yes      | no      | no      | no   | yes
content of private    | yes   | yes      | no        | no       | no      | no      | no   | yes
post of public        | yes   | yes      | yes       | yes      | no      | no      | no   | yes
post of private       | yes   | yes      | no        | no       | no      | no      | no   | yes
draft of public       | yes   | no       | no        | no       | no      | no      | no   | no
draft of private      | yes   | no       | no        | no       | no      | no      | no   | no
comment of public     | yes   | yes      | yes       | yes      | no      | no      | no   | yes
comment of private    | yes   | yes      | yes       | yes      | no      | no      | no   | yes
feed of public        | yes   | yes      | no        | no       | no      | no      | no   | no
feed of private       | yes   | yes      | no        | no       | no      | no      | no   | no
told of public        | no    | yes      | yes       | yes      | no      | no      | no   | no
told of private       | no    | yes      | yes       | yes      | no      | no      | no   | no
"""
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def post(status: str) -> Post:
    return Post(1, 1, "", [], [], [], None, None, None, status, 0, 0, 0, None, MOMENT, None, None)  # type: ignore[arg-type]


JUDGES = {
    "card": access.may_see_card,
    "content": access.may_see_content,
    "post": lambda relation: access.may_see_post(relation, post("PUBLISHED")),
    "draft": lambda relation: access.may_see_post(relation, post("PROCESSING")),
    "comment": access.may_see_comment,
    "feed": access.is_in_feed,
    "told": access.is_told,
}


def cells() -> list[tuple[str, str, str, bool]]:
    head, *lines = MATRIX.strip("\n").splitlines()
    viewers = [viewer.strip() for viewer in head.split("|")[1:]]
    found = []
    for line in lines:
        what, *answers = [cell.strip() for cell in line.split("|")]
        thing, _, account = what.split()
        found += [(thing, account, viewer, answer == "yes") for viewer, answer in zip(viewers, answers, strict=True)]
    return found


@pytest.mark.parametrize(("thing", "account", "viewer", "allowed"), cells())
def test_a_cell_of_the_matrix(thing: str, account: str, viewer: str, allowed: bool) -> None:
    fields = {name: getattr(VIEWERS[viewer], name) for name in Relation.__struct_fields__}
    relation = Relation(**{**fields, "is_private": account == "private"})
    assert JUDGES[thing](relation) is allowed

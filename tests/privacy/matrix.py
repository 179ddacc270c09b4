"""Who may do what, as a table that says what every way into the API has to answer.

yes: allowed. no: answered as if the thing did not exist. out: UNAUTHENTICATED, whether it exists or not. own: refused
for a reason that tells nothing of others. undo: allowed, and taken back by the test. -: allowed, and not done, as it
would change the town for good.
"""

from typing import NamedTuple

KINDS = ("public", "private")
VIEWERS = ("owner", "follower", "muter", "requester", "stranger", "signed out", "blocked", "blocker", "both")
MATRIX = """
                            | owner | follower | muter | requester | stranger | signed out | blocked | blocker | both
card, public                | yes   | yes      | yes   | yes       | yes      | yes        | no      | no      | no
card, private               | yes   | yes      | yes   | yes       | yes      | yes        | no      | no      | no
content, public             | yes   | yes      | yes   | yes       | yes      | yes        | no      | no      | no
content, private            | yes   | yes      | yes   | no        | no       | no         | no      | no      | no
draft, public               | yes   | no       | no    | no        | no       | no         | no      | no      | no
draft, private              | yes   | no       | no    | no        | no       | no         | no      | no      | no
news, public                | no    | yes      | no    | no        | no       | no         | no      | no      | no
news, private               | no    | yes      | no    | no        | no       | no         | no      | no      | no
own things, public          | yes   | no       | no    | no        | no       | no         | no      | no      | no
own things, private         | yes   | no       | no    | no        | no       | no         | no      | no      | no
react, public               | yes   | yes      | yes   | yes       | yes      | out        | no      | no      | no
react, private              | yes   | yes      | yes   | no        | no       | out        | no      | no      | no
take back, public           | undo  | undo     | undo  | undo      | undo     | out        | no      | no      | no
take back, private          | undo  | undo     | undo  | no        | no       | out        | no      | no      | no
remark, public              | yes   | yes      | yes   | yes       | yes      | out        | no      | no      | no
remark, private             | yes   | yes      | yes   | yes       | yes      | out        | no      | no      | no
follow, public              | own   | yes      | yes   | -         | undo     | out        | no      | no      | no
follow, private             | own   | yes      | yes   | yes       | undo     | out        | no      | no      | no
unfollow, public            | yes   | -        | -     | -         | yes      | out        | no      | no      | no
unfollow, private           | yes   | -        | -     | -         | yes      | out        | no      | no      | no
accept, public              | own   | yes      | yes   | yes       | yes      | out        | no      | no      | no
accept, private             | own   | yes      | yes   | yes       | yes      | out        | no      | no      | no
decline, public             | own   | own      | own   | own       | own      | out        | no      | no      | no
decline, private            | own   | own      | own   | own       | own      | out        | no      | no      | no
block, public               | own   | -        | -     | -         | -        | out        | no      | yes     | no
block, private              | own   | -        | -     | -         | -        | out        | no      | yes     | no
unblock, public             | yes   | yes      | yes   | yes       | yes      | out        | no      | -       | no
unblock, private            | yes   | yes      | yes   | yes       | yes      | out        | no      | -       | no
mute, public                | own   | undo     | yes   | undo      | undo     | out        | no      | no      | no
mute, private               | own   | undo     | yes   | undo      | undo     | out        | no      | no      | no
unmute, public              | yes   | yes      | -     | yes       | yes      | out        | no      | no      | no
unmute, private             | yes   | yes      | -     | yes       | yes      | out        | no      | no      | no
change things, public       | -     | no       | no    | no        | no       | out        | no      | no      | no
change things, private      | -     | no       | no    | no        | no       | out        | no      | no      | no
"""


class Cell(NamedTuple):
    """`viewer`: how he stands to the account of this kind."""

    kind: str
    viewer: str
    answer: str


def cells(row: str) -> list[Cell]:
    """Of a thing or deed, for both kinds of account."""
    return [cell for cell in _ROWS[row] if cell.answer != "-"]


def _rows() -> dict[str, list[Cell]]:
    head, *lines = MATRIX.strip("\n").splitlines()
    viewers = [viewer.strip() for viewer in head.split("|")[1:]]
    assert tuple(viewers) == VIEWERS
    rows: dict[str, list[Cell]] = {}
    for line in lines:
        title, *answers = [cell.strip() for cell in line.split("|")]
        row, kind = title.split(", ")
        found = rows.setdefault(row, [])
        found += [Cell(kind, viewer, answer) for viewer, answer in zip(viewers, answers, strict=True)]
    return rows


_ROWS = _rows()

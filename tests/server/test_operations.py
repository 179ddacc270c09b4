"""What the edge learns of an operation from its document."""

import pytest
from graphql import parse

from schema import schema
from server.operations import Operation

FEED = "feed { pageInfo { hasNextPage } }"


@pytest.mark.parametrize(
    ("document", "reads_feed"),
    [
        (f"{{ viewer {{ id {FEED} }} }}", True),
        (f"{{ mine: viewer {{ latest: {FEED} }} }}", True),
        (f"{{ ... {{ ...Mine }} }} fragment Mine on Query {{ viewer {{ ... on Viewer {{ {FEED} }} }} }}", True),
        ("{ viewer { id } }", False),
        ("{ feed: viewer { id } }", False),
        (f"mutation {{ likePost(input: {{ postId: 1 }}) {{ viewer {{ {FEED} }} }} }}", False),
    ],
)
def test_a_query_of_the_home_feed_is_known_as_such(document: str, reads_feed: bool) -> None:
    assert Operation(schema, parse(document), None, suggestions=True).reads_feed is reads_feed

"""Signed URLs: as botocore signs them, the same within a window, alive for two."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.config import Config
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st

from stores.signed_urls import UrlSigner

ENDPOINTS = [
    "http://127.0.0.1:9000",
    "https://objects.example.com",
    "https://objects.example.com:443",
    "http://objects.example.com:80",
    "https://Objects.Example.com:8443",
]
WINDOW_S = 300
moments = st.integers(0, 2**32)


def signer(endpoint: str, now: float, *, window_s: int = WINDOW_S) -> UrlSigner:
    return UrlSigner(
        f"{endpoint}/guarded",
        access_key="an access/key+",
        secret_key="a secret key/+=",
        region="eu-central-1",
        window_s=window_s,
        clock=lambda: now,
    )


@pytest.fixture(scope="module", params=ENDPOINTS)
def peer(request: pytest.FixtureRequest) -> Any:
    """botocore's client of an endpoint."""
    return get_session().create_client(
        "s3",
        endpoint_url=request.param,
        aws_access_key_id="an access/key+",
        aws_secret_access_key="a secret key/+=",
        region_name="eu-central-1",
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )


@given(key=st.text("aZ09/-_.~ +=%&?#:ü\U0001f408", min_size=1).map("k{}".format), window=st.integers(0, 2**22))
def test_a_url_is_the_one_that_botocore_signs(peer: Any, key: str, window: int) -> None:
    began = window * WINDOW_S
    with patch("botocore.auth.get_current_datetime", lambda: datetime.fromtimestamp(began, UTC)):
        expected = peer.generate_presigned_url(
            "get_object", Params={"Bucket": "guarded", "Key": key}, ExpiresIn=2 * WINDOW_S
        )
    assert signer(peer.meta.endpoint_url, began).url(key) == expected


@given(moments)
def test_a_url_lives_for_a_window_at_least_and_two_at_most(now: int) -> None:
    asked = parse_qs(urlsplit(signer(ENDPOINTS[0], now).url("a.webp")).query)
    began = datetime.strptime(asked["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    ends = began.timestamp() + int(asked["X-Amz-Expires"][0])
    assert WINDOW_S < ends - now <= 2 * WINDOW_S


@given(moments, st.integers(-WINDOW_S, WINDOW_S))
def test_it_is_the_same_within_a_window_and_another_in_the_next(now: int, passed: int) -> None:
    one, other = signer(ENDPOINTS[0], now).url("a.webp"), signer(ENDPOINTS[0], max(now + passed, 0)).url("a.webp")
    assert (one == other) == (now // WINDOW_S == max(now + passed, 0) // WINDOW_S)


def test_a_signer_goes_on_to_the_next_window() -> None:
    now = 1_000 * WINDOW_S
    signing = UrlSigner(
        f"{ENDPOINTS[0]}/guarded", access_key="a", secret_key="b", region="c", window_s=WINDOW_S, clock=lambda: now
    )
    first = signing.url("a.webp")
    now += WINDOW_S
    assert signing.url("a.webp") != first
    now -= WINDOW_S
    assert signing.url("a.webp") == first

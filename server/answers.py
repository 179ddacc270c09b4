"""What an HTTP answer of the GraphQL endpoint looks like: its media type, its errors, its bytes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from http import HTTPStatus

import orjson
from starlette.responses import Response

from rules.errors import Refusal, Unavailable
from stores.errors import StoreUnavailable

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"

FORMATS_KEPT, LONGEST_KEPT = 256, 256
"""What so many Accept headers of so many characters at most mean is remembered."""

STATUS_BY_CODE = {
    "UNAUTHENTICATED": HTTPStatus.UNAUTHORIZED,
    "RATE_LIMITED": HTTPStatus.TOO_MANY_REQUESTS,
    "UNAVAILABLE": HTTPStatus.SERVICE_UNAVAILABLE,
}


class Refused(Exception):
    """Nothing was executed: `errors`, fit to be shown, are all of the answer.

    `well_formed`: it is a GraphQL request, but of an invalid document, or with variables that do not fit.
    """

    def __init__(
        self,
        status: int,
        errors: list[dict[str, object]],
        headers: Mapping[str, str] | None = None,
        *,
        well_formed: bool = False,
    ) -> None:
        super().__init__(errors[0]["message"])
        self.status, self.errors, self.headers, self.well_formed = status, errors, headers or {}, well_formed


def bad_request(
    message: str, status: int = HTTPStatus.BAD_REQUEST, headers: Mapping[str, str] | None = None
) -> Refused:
    return Refused(status, [{"message": message, "extensions": {"code": "BAD_REQUEST"}}], headers)


def as_refusal(error: BaseException | None) -> Refusal | None:
    """What clients are told of an expected error; None of a bug."""
    if isinstance(error, StoreUnavailable):
        return Unavailable()
    return error if isinstance(error, Refusal) else None


def refused(refusal: Refusal, status: int | None = None) -> Refused:
    """With the status of its code, unless another is given, and with the headers that go with that status."""
    extensions = refusal.extensions
    status = status or STATUS_BY_CODE.get(refusal.code, HTTPStatus.BAD_REQUEST)
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    if isinstance(wait := extensions.get("retryAfterMs"), int):
        headers["Retry-After"] = str(math.ceil(wait / 1_000))
    return Refused(status, [{"message": str(refusal), "extensions": extensions}], headers)


class Answer(Response):
    """Starlette's, with headers that are bytes already."""

    def __init__(self, body: bytes, status: int, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self.body, self.status_code, self.background = body, status, None
        self.raw_headers = [*headers, (b"content-length", b"%d" % len(body))]


@dataclass(frozen=True)
class Format:
    """The media type that the client gets.

    `is_legacy`: the client named `application/json`, and so, by the specification, expects status 200 for every
    well-formed request, even if its document is invalid or its variables do not fit.
    """

    media_type: str
    is_legacy: bool

    def answer(self, body: Mapping[str, object]) -> Response:
        return Answer(orjson.dumps(body), 200, self._headers)

    def refusal(self, refused: Refused) -> Response:
        status = HTTPStatus.OK if self.is_legacy and refused.well_formed else refused.status
        own = [(name.lower().encode(), value.encode("latin-1")) for name, value in refused.headers.items()]
        return Answer(orjson.dumps({"errors": refused.errors}), int(status), [*self._headers, *own])

    @cached_property
    def _headers(self) -> list[tuple[bytes, bytes]]:
        return [
            (b"content-type", f"{self.media_type}; charset=utf-8".encode()),
            (b"cache-control", b"no-store"),
            (b"vary", b"Accept, Origin"),
        ]


PLAIN = Format(JSON, is_legacy=False)


def negotiated(accept: str | None) -> Format | None:
    """What the client prefers, by RFC 9110; None where it takes neither media type.

    Wildcards mean `application/json`: the GraphQL-over-HTTP specification has it so for clients that do not say.
    """
    judged = _negotiated if len(accept or "") <= LONGEST_KEPT else _negotiated.__wrapped__
    return judged(accept or "*/*")


@lru_cache(FORMATS_KEPT)
def _negotiated(accept: str) -> Format | None:
    ranges = media_ranges(accept)
    graphql, json = quality(ranges, GRAPHQL_JSON), quality(ranges, JSON)
    if not graphql and not json:
        return None
    if graphql > json or (graphql == json and GRAPHQL_JSON in ranges):
        return Format(GRAPHQL_JSON, is_legacy=False)
    return Format(JSON, is_legacy=JSON in ranges)


def media_ranges(accept: str) -> dict[str, float]:
    """Each range of an Accept header with its weight from 0 to 1; one with a broken weight counts as refused."""
    ranges = {}
    for part in accept.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weights = [piece[2:] for piece in parameters if piece.startswith("q=")]
        ranges[media_range] = _weight(weights[0]) if weights else 1.0
    return ranges


def quality(ranges: Mapping[str, float], media_type: str) -> float:
    """The weight of the most specific range that holds `media_type`; 0 where none does."""
    family = media_type.split("/")[0] + "/*"
    return next((ranges[name] for name in (media_type, family, "*/*") if name in ranges), 0.0)


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0

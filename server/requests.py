"""Reads a GraphQL request from HTTP, as the GraphQL-over-HTTP specification has it, and refuses what is not one."""

from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import orjson
from starlette.requests import Request

from rules.errors import TooCostly, Unauthenticated
from server.answers import JSON, bad_request, refused
from server.headers import RequestHeaders


class GraphQLRequest(NamedTuple):
    query: str
    variables: dict[str, Any]  # JSON: typed by the operation's variables
    operation_name: str | None


def refuse_cross_site(headers: RequestHeaders, origins: Collection[str]) -> None:
    """Raise Refused for what a page of a foreign site made a browser send.

    Foreign is an Origin that is neither this host nor in `origins`; without one, what the browser calls cross-site.
    """
    origin = headers.get(b"origin")
    if origin is None:
        foreign = headers.get(b"sec-fetch-site") == "cross-site"
    else:
        foreign = origin not in origins and origin.partition("://")[2].lower() != (headers.get(b"host") or "").lower()
    if foreign:
        raise bad_request("Requests from pages of other sites are refused.", HTTPStatus.FORBIDDEN)


async def read(request: Request, headers: RequestHeaders, body_limit: int) -> GraphQLRequest:
    """What is asked, well-typed; raises Refused. A body of more than `body_limit` bytes is not read to its end."""
    if request.method == "POST":
        return checked(parsed(await _body(request, headers, body_limit)))
    parameters: dict[str, object] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if text := request.query_params.get(name):
            parameters[name] = parsed(text.encode())
    return checked(parameters)


async def _body(request: Request, headers: RequestHeaders, limit: int) -> bytes:
    _check_content_headers(headers)
    declared = headers.get(b"content-length") or ""
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(int(declared), limit)
    body = b""
    while (message := await request.receive())["type"] == "http.request":
        piece: bytes = message.get("body", b"")
        body += piece
        if len(body) > limit:
            raise _too_large(len(body), limit)
        if not message.get("more_body"):
            return body
    raise bad_request("The body broke off.")


def _too_large(size: int, limit: int) -> Exception:
    too_costly = TooCostly(f"The body has more than {limit} bytes.", cost=size, limit=limit)
    return refused(too_costly, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _check_content_headers(headers: RequestHeaders) -> None:
    content_type, encoding = headers.get(b"content-type"), headers.get(b"content-encoding")
    if content_type != JSON and not _is_json_in_utf8(content_type or ""):
        raise bad_request(f"Send the request as {JSON}, in UTF-8.", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if encoding is not None and encoding.lower() != "identity":
        raise bad_request("Send the request without compression.", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


def _is_json_in_utf8(content_type: str) -> bool:
    media_type, *parameters = (piece.strip().lower() for piece in content_type.split(";"))
    charsets = {piece.removeprefix("charset=").strip('"') for piece in parameters if piece.startswith("charset=")}
    return media_type == JSON and charsets <= {"utf-8", "utf8"}


def parsed(text: bytes) -> object:
    """Raises Refused for what is not JSON or nested over 1,000 deep, and for lone surrogates and U+0000 in texts."""
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise bad_request(f"This is not JSON: {error}.") from None
    if b"\\u0000" in text and _holds_null_character(value):
        raise bad_request("A text may not contain U+0000.")
    return value


def _holds_null_character(value: object) -> bool:
    """Without recursion: JSON may be nested deeper than Python's stack."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text if "\0" in text:
                return True
            case list() as items:
                waiting.extend(items)
            case dict() as members:
                waiting.extend(members.keys())
                waiting.extend(members.values())
    return False


def checked(parameters: object) -> GraphQLRequest:
    """The parameters of a request, well-typed; raises Refused."""
    if not isinstance(parameters, dict):
        raise bad_request("A request is one JSON object; send operations one by one, not in an array.")
    query = parameters.get("query")
    if not isinstance(query, str) or not query:
        raise bad_request("`query` must be a string with a GraphQL document.")
    _optional(parameters, "extensions", dict)
    variables = _optional(parameters, "variables", dict)
    return GraphQLRequest(query, variables or {}, _optional(parameters, "operationName", str))


def _optional(parameters: Mapping[str, Any], name: str, kind: type) -> Any:  # JSON, of the kind that was asked for
    value = parameters.get(name)
    if value is not None and not isinstance(value, kind):
        raise bad_request(f"`{name}` must be {'a string' if kind is str else 'an object'} or null.")
    return value


def bearer(authorization: object) -> str | None:
    """The access token; raises Unauthenticated for what is not of the form `Bearer <token>`."""
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(" ") if isinstance(authorization, str) else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("`authorization` must be 'Bearer' and an access token.")
    return token.strip()

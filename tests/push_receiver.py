"""A push service on loopback, as strict as real ones: it takes what the RFCs allow, and reads it as a browser does."""

import asyncio
import base64
import json
import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.serving import served

BODY_BYTES = 4_096  # RFC 8030, 7.2
AUTHORIZATION = re.compile(r"vapid t=(?P<token>[\w.-]+), k=(?P<key>[\w-]+)", re.ASCII)


@dataclass
class Device:
    """A browser that has subscribed."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def path(self) -> str:
        return urlsplit(self.endpoint).path

    @property
    def subscription(self) -> dict[str, str]:
        """As PushSubscription.toJSON() gives it, flattened."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": base64url(point), "auth": base64url(self.auth)}

    def read(self, body: bytes) -> bytes:
        content: bytes = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth)
        return content


class Received(NamedTuple):
    device: Device
    shown: dict[str, Any]
    headers: Mapping[str, str]


class Answer(NamedTuple):
    status: int = 201
    headers: Mapping[str, str] = {}
    after_s: float = 0


@dataclass
class Receiver:
    """`answers`: what a device's endpoint says next, one after the other; then 201. `trouble`: what was malformed.

    `closing`: nobody has to wait for answers any more.
    """

    public_key: str | None
    origin: str = ""
    devices: dict[str, Device] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    at_once: int = 0
    most_at_once: int = 0

    def device(self, *answers: Answer) -> Device:
        """Another browser subscribes."""
        device = Device(f"{self.origin}/push/{len(self.devices) + 1}")
        self.devices[device.path], self.answers[device.path] = device, list(answers)
        return device

    def shown(self, device: Device) -> list[dict[str, Any]]:
        """What a device has been sent."""
        return [received.shown for received in self.received if received.device is device]

    def forget(self) -> None:
        """All devices, and what they got; nobody waits for an answer any more."""
        self.closing.set()
        self.closing = asyncio.Event()
        for kept in (self.devices, self.answers, self.received, self.trouble):
            kept.clear()
        self.most_at_once = 0

    async def take(self, request: Request) -> Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._take(request)
        finally:
            self.at_once -= 1

    async def _take(self, request: Request) -> Response:
        device = self.devices[request.url.path]
        waiting = self.answers[request.url.path]
        answer = waiting.pop(0) if waiting else Answer()
        body = await request.body()
        try:
            self._check(request, body)
            self.received.append(Received(device, json.loads(device.read(body)), dict(request.headers)))
        except Exception as error:
            self.trouble.append(repr(error))
            return Response(status_code=400)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.closing.wait(), answer.after_s)
        return Response(status_code=answer.status, headers=dict(answer.headers))

    def _check(self, request: Request, body: bytes) -> None:
        headers = request.headers
        found = AUTHORIZATION.fullmatch(headers["authorization"])
        assert found is not None
        assert found["key"] == self.public_key
        point = base64.urlsafe_b64decode(found["key"] + "=")
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        required = {"require": ["aud", "exp", "sub"]}
        jwt.decode(found["token"], key, ["ES256"], audience=self.origin, options=required)  # type: ignore[arg-type]
        assert headers["content-encoding"] == "aes128gcm"
        assert int(headers["ttl"]) >= 0
        assert headers["urgency"] in ("very-low", "low", "normal", "high")
        assert re.fullmatch(r"[\w-]{1,32}", headers["topic"], re.ASCII)
        assert len(body) <= BODY_BYTES


@asynccontextmanager
async def receiving(public_key: str | None) -> AsyncIterator[Receiver]:
    """One that knows who may send by this key."""
    receiver = Receiver(public_key)
    app = Starlette(routes=[Route("/push/{number}", receiver.take, methods=["POST"])])
    async with served(app) as origin:
        receiver.origin = origin
        yield receiver
        receiver.closing.set()
    assert receiver.trouble == []


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

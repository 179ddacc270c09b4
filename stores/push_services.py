"""Push services (RFC 8030): they hand messages, encrypted for one device (RFC 8291), to browsers and phones."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import Literal, NamedTuple

import http_ece
from aiohttp import ClientError, ClientSession
from cryptography.hazmat.primitives.asymmetric import ec
from yarl import URL

from stores.errors import StoreUnavailable
from stores.public_http import Names, PointsInside, session
from stores.redis.breaker import Breaker
from stores.rows import PushSubscription
from stores.vapid import TOKEN_S, Vapid

SERVICES_KEPT = 1_000  # anybody may name one; of those beyond, nothing is remembered
TOPIC_BYTES = 24  # 32 characters, which is what RFC 8030, 5.4 allows
BUSY = {408, 429}
GONE = {404, 410}


@dataclass(frozen=True, kw_only=True)
class PushLimits:
    """`ttl_s`: for so long services keep a message for a device that is off."""

    ttl_s: int
    timeout_s: float
    at_once: int
    at_once_per_service: int
    breaker_failures: int
    breaker_probe_s: float


class Message(NamedTuple):
    """`tag`: what a service has not delivered yet under the same tag gives way to this."""

    payload: bytes
    tag: str
    urgency: Literal["low", "normal"]


class Answer(NamedTuple):
    """TAKEN; GONE: the device is there no longer; LATER: worth another try, not before `retry_after_s`; or REFUSED."""

    outcome: Literal["TAKEN", "GONE", "LATER", "REFUSED"]
    reason: str = ""
    retry_after_s: float = 0


class PushServices:
    """All that subscriptions name. One that hangs, or is slow, holds up nobody but itself."""

    def __init__(
        self,
        vapid: Vapid | None,
        limits: PushLimits,
        names: Names,
        http: ClientSession,
        private: tuple[frozenset[str], ClientSession],
    ) -> None:
        """`private`: origins that may be inside, and how they are reached."""
        self._vapid, self._limits, self._names, self._http = vapid, limits, names, http
        self._private_origins, self._private_http = private
        self._places = asyncio.Semaphore(limits.at_once)
        self._services: dict[str, _Service] = {}

    @property
    def public_key(self) -> str | None:
        """None where nothing can be sent."""
        return self._vapid.public_key if self._vapid else None

    async def points_inside(self, host: str) -> bool:
        """Whether a host is known to lead inside; judged again whenever something is sent."""
        return await self._names.points_inside(host, timeout_s=self._limits.timeout_s)

    async def send(self, to: PushSubscription, message: Message) -> Answer:
        """Have a message delivered. It may arrive twice where the answer is not TAKEN."""
        service = self._service(str(URL(to.endpoint, encoded=True).origin()))
        service.calls += 1
        try:
            async with service.places, self._places, service.breaker.guarding(ClientError, OSError):
                return await self._post(service, to, message)
        except StoreUnavailable as error:
            if isinstance(getattr(error.__cause__, "os_error", None), PointsInside):
                return Answer("REFUSED", "it points inside")
            return Answer("LATER", str(error))
        finally:
            service.calls -= 1

    def _service(self, origin: str) -> "_Service":
        if origin not in self._services:
            if len(self._services) >= SERVICES_KEPT:
                self._services = {name: service for name, service in self._services.items() if service.calls}
            self._services[origin] = _Service(origin, self._limits)
        return self._services[origin]

    async def _post(self, service: "_Service", to: PushSubscription, message: Message) -> Answer:
        if self._vapid is None:
            return Answer("REFUSED", "there is no VAPID key")
        headers = {
            "Authorization": service.authorization(self._vapid),
            "Content-Encoding": "aes128gcm",
            "TTL": str(self._limits.ttl_s),
            "Topic": _topic(message.tag, to.auth),
            "Urgency": message.urgency,
        }
        http = self._private_http if service.origin in self._private_origins else self._http
        async with http.post(
            URL(to.endpoint, encoded=True), data=_encrypted(message.payload, to), headers=headers, allow_redirects=False
        ) as answer:
            return self._judged(answer.status, answer.headers.get("Retry-After", ""))

    def _judged(self, status: int, retry_after: str) -> Answer:
        reason = f"status {status}"
        if status < 300:
            return Answer("TAKEN", reason)
        if status in GONE:
            return Answer("GONE", reason)
        wait_s = _seconds(retry_after)
        is_worth_it = (status in BUSY or status >= 500) and wait_s < self._limits.ttl_s
        return Answer("LATER", reason, wait_s) if is_worth_it else Answer("REFUSED", reason)


class _Service:
    """One of them: how it is, and what lets messages in."""

    def __init__(self, origin: str, limits: PushLimits) -> None:
        self.origin = origin
        self.places = asyncio.Semaphore(limits.at_once_per_service)
        self.breaker = Breaker(origin, failures=limits.breaker_failures, probe_every_s=limits.breaker_probe_s)
        self.calls = 0
        self._authorization = ""
        self._renewed_s = -float(TOKEN_S)

    def authorization(self, vapid: Vapid) -> str:
        """Signed anew when half of its time is over."""
        now_s = time.monotonic()
        if now_s - self._renewed_s > TOKEN_S / 2:
            self._authorization, self._renewed_s = vapid.authorization(self.origin), now_s
        return self._authorization


@asynccontextmanager
async def connected(
    vapid: Vapid | None, limits: PushLimits, *, private_origins: Collection[str]
) -> AsyncIterator[PushServices]:
    """`private_origins` may be inside, and without TLS."""
    async with AsyncExitStack() as stack:
        names = Names()
        stack.push_async_callback(names.close)
        http, private_http = [
            await stack.enter_async_context(session(names, timeout_s=limits.timeout_s, inside=inside))
            for inside in (False, True)
        ]
        yield PushServices(vapid, limits, names, http, (frozenset(private_origins), private_http))


def _encrypted(payload: bytes, to: PushSubscription) -> bytes:
    """As `aes128gcm` (RFC 8188), with a key pair for this message alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    encrypted: bytes = http_ece.encrypt(payload, private_key=key, dh=to.p256dh, auth_secret=to.auth)
    return encrypted


def _topic(tag: str, auth: bytes) -> str:
    """It tells the service nothing, not even that two devices are told of the same."""
    digest = blake2b(tag.encode(), key=auth, digest_size=TOPIC_BYTES).digest()
    return base64.urlsafe_b64encode(digest).decode()


def _seconds(retry_after: str) -> float:
    """Of a header that gives seconds or a date (RFC 9110, 10.2.3); 0 where it gives neither."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # TypeError: a date without its zone
        return 0.0

"""URLs of guarded objects, signed in the process: who asks within the same window of time gets the same one.

So browsers and CDNs cache what they show, and a URL that got around is dead after two windows.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from botocore.auth import SIGV4_TIMESTAMP, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REMEMBERED = 16_384
"""URLs that a process keeps: signing takes 100 us, remembering 1 KB."""


class UrlSigner:
    def __init__(
        self,
        base_url: str,
        *,
        access_key: str,
        secret_key: str,
        region: str,
        window_s: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`base_url`: of the bucket. A URL lives from the beginning of its window for twice `window_s`."""
        self._base_url, self._region, self._window_s, self._clock = base_url, region, window_s, clock
        self._credentials = Credentials(access_key, secret_key)
        self._signed = lru_cache(REMEMBERED)(self._sign)

    def url(self, key: str) -> str:
        """For a GET of this object; lives for one window at least."""
        return self._signed(key, int(self._clock()) // self._window_s)

    def _sign(self, key: str, window: int) -> str:
        request = AWSRequest("GET", f"{self._base_url}/{key}")
        began = datetime.fromtimestamp(window * self._window_s, UTC)
        _SignedAt(began, self._credentials, self._region, 2 * self._window_s).add_auth(request)
        return str(request.url)


class _SignedAt(S3SigV4QueryAuth):
    """A signature as if it were made at a given moment."""

    def __init__(self, moment: datetime, credentials: Credentials, region: str, expires_s: int) -> None:
        super().__init__(credentials, "s3", region, expires_s)
        self._timestamp = moment.strftime(SIGV4_TIMESTAMP)

    def add_auth(self, request: AWSRequest) -> None:
        request.context["timestamp"] = self._timestamp
        self._modify_request_before_signing(request)  # type: ignore[attr-defined]  # not in the stubs
        to_sign = self.string_to_sign(request, self.canonical_request(request))
        signature = self.signature(to_sign, request)
        self._inject_signature_to_request(request, signature)  # type: ignore[attr-defined]

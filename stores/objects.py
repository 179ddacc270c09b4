"""The object store: originals in a private bucket, renditions in one that everybody reads, or in a guarded one.

Guarded renditions are read by signed URLs alone.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import aioboto3
from aiobotocore.config import AioConfig
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from stores.errors import StoreUnavailable
from stores.signed_urls import UrlSigner

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client
    from types_aiobotocore_s3.type_defs import CORSConfigurationTypeDef

T = TypeVar("T")
MISSING = {"404", "NoSuchKey"}
RENDITIONS_FOR_S = 365 * 24 * 3600  # a rendition never changes under its name


@dataclass(frozen=True, kw_only=True)
class Address:
    endpoint_url: str
    access_key: str
    secret_key: str
    region: str
    upload_bucket: str
    media_bucket: str
    media_base_url: str
    guarded_bucket: str
    guarded_url_window_s: int
    timeout_s: float
    turns: int


class Header(NamedTuple):
    name: str
    value: str


class PresignedPut(NamedTuple):
    """Send the file as PUT to `url` with exactly these headers; its length is signed too."""

    url: str
    headers: list[Header]


class ObjectStore:
    """Raises `StoreUnavailable` where the store fails; what is missing is None."""

    def __init__(self, client: "S3Client", address: Address) -> None:
        self._client, self._address = client, address
        self._signer = UrlSigner(
            f"{address.endpoint_url}/{address.guarded_bucket}",
            access_key=address.access_key,
            secret_key=address.secret_key,
            region=address.region,
            window_s=address.guarded_url_window_s,
        )
        self._turns = asyncio.Semaphore(address.turns)

    def media_url(self, key: str) -> str:
        """Of a rendition that everybody reads."""
        return f"{self._address.media_base_url}/{key}"

    def guarded_url(self, key: str) -> str:
        """Of a guarded rendition: the same for all who ask within a window, dead after two."""
        return self._signer.url(key)

    @property
    def guarded_window(self) -> int:
        """The number of the window that it is."""
        return self._signer.window

    async def presigned_put(
        self, key: str, *, content_type: str, byte_size: int, sha256: str | None, expires_s: int
    ) -> PresignedPut:
        """A request for exactly one new object of this type and length, and of this SHA-256 (base64) where given."""
        headers = {"Content-Type": content_type, "If-None-Match": "*"}
        params = {
            "Bucket": self._address.upload_bucket,
            "Key": key,
            "ContentType": content_type,
            "ContentLength": byte_size,
            "IfNoneMatch": "*",
        }
        if sha256 is not None:
            params["ChecksumSHA256"] = headers["x-amz-checksum-sha256"] = sha256
        url = await self._client.generate_presigned_url("put_object", Params=params, ExpiresIn=expires_s)
        return PresignedPut(url, [Header(name, value) for name, value in headers.items()])

    async def size(self, key: str) -> int | None:
        """The bytes of an original."""
        head = await _answer(self._client.head_object(Bucket=self._address.upload_bucket, Key=key))
        return None if head is None else head["ContentLength"]

    async def original(self, key: str, *, first_bytes: int | None = None) -> bytes | None:
        """An original, or only its first bytes."""
        span = f"bytes=0-{first_bytes - 1}" if first_bytes else ""
        got = await _answer(self._client.get_object(Bucket=self._address.upload_bucket, Key=key, Range=span))
        if got is None:
            return None
        async with got["Body"] as body:
            return await body.read()

    async def put_rendition(self, key: str, content: bytes, content_type: str, *, is_guarded: bool = False) -> None:
        await _answer(
            self._client.put_object(
                Bucket=self._bucket(is_guarded),
                Key=key,
                Body=content,
                ContentType=content_type,
                CacheControl=self._cache_control(is_guarded),
            )
        )

    async def copy_rendition(self, key: str, content_type: str, *, is_guarded: bool) -> None:
        """To where `is_guarded` says, from the other place. No change where it is missing there."""
        await _answer(
            self._client.copy_object(
                Bucket=self._bucket(is_guarded),
                Key=key,
                CopySource={"Bucket": self._bucket(not is_guarded), "Key": key},
                MetadataDirective="REPLACE",
                ContentType=content_type,
                CacheControl=self._cache_control(is_guarded),
            )
        )

    async def remove_original(self, key: str) -> None:
        """No error where there is none."""
        await _answer(self._client.delete_object(Bucket=self._address.upload_bucket, Key=key))

    async def remove_renditions(self, keys: Sequence[str], *, is_guarded: bool) -> None:
        """From where `is_guarded` says. No error where there are none; at most 1,000."""
        removed = await _answer(
            self._client.delete_objects(
                Bucket=self._bucket(is_guarded), Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
            )
        )
        if removed is not None and removed.get("Errors"):
            raise StoreUnavailable("the object store did not remove what it should")

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One of few at a time, for who holds something scarce while he waits for the store."""
        try:
            await asyncio.wait_for(self._turns.acquire(), self._address.timeout_s)
        except TimeoutError as error:
            raise StoreUnavailable("the object store is slow") from error
        try:
            yield
        finally:
            self._turns.release()

    async def ping(self) -> None:
        """All buckets are there."""
        for bucket in (self._address.upload_bucket, self._bucket(False), self._bucket(True)):
            if await _answer(self._client.head_bucket(Bucket=bucket)) is None:
                raise StoreUnavailable(f"there is no bucket {bucket}: run photofeed migrate")

    async def ensure_buckets(self) -> None:
        """Make the buckets that are missing: one for browsers to upload to, one that everybody reads, a guarded one."""
        upload, media, guarded = self._address.upload_bucket, self._bucket(False), self._bucket(True)
        for bucket in (upload, media, guarded):
            if await _answer(self._client.head_bucket(Bucket=bucket)) is None:
                await _answer(self._client.create_bucket(Bucket=bucket))
        await _answer(self._client.put_bucket_policy(Bucket=media, Policy=json.dumps(_readable_by_all(media))))
        for bucket, methods in ((upload, ["PUT"]), (media, ["GET"]), (guarded, ["GET"])):
            await _answer(self._client.put_bucket_cors(Bucket=bucket, CORSConfiguration=_from_anywhere(methods)))

    def _bucket(self, is_guarded: bool) -> str:
        return self._address.guarded_bucket if is_guarded else self._address.media_bucket

    def _cache_control(self, is_guarded: bool) -> str:
        """What is removed or moved is gone from shared caches by when a signed URL of it would be dead."""
        for_s = 2 * self._address.guarded_url_window_s
        if is_guarded:
            return f"private, max-age={for_s}"
        return f"public, max-age={RENDITIONS_FOR_S}, s-maxage={for_s}, immutable"


@asynccontextmanager
async def connected(address: Address) -> AsyncIterator[ObjectStore]:
    session = aioboto3.Session(
        aws_access_key_id=address.access_key, aws_secret_access_key=address.secret_key, region_name=address.region
    )
    config = AioConfig(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        retries={"max_attempts": 2},
        connect_timeout=address.timeout_s,
        read_timeout=address.timeout_s,
    )
    async with session.client("s3", endpoint_url=address.endpoint_url, config=config) as client:
        yield ObjectStore(client, address)


async def _answer(call: Awaitable[T]) -> T | None:
    """What the store answered; None where it has no such thing."""
    try:
        return await call
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            return None
        raise StoreUnavailable("the object store refused") from error
    except (BotoCoreError, HTTPClientError, OSError) as error:
        raise StoreUnavailable("the object store does not answer") from error


def _readable_by_all(bucket: str) -> dict[str, object]:
    everything = f"arn:aws:s3:::{bucket}/*"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": everything}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _from_anywhere(methods: list[str]) -> "CORSConfigurationTypeDef":
    """A presigned request is its own permission, so any origin may send it."""
    return {"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": methods, "AllowedHeaders": ["*"]}]}

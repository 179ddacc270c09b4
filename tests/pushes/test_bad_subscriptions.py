"""What is no subscription, and endpoints that would have us send to our own network, are refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.push_receiver import Device, base64url
from tests.pushes.devices import REGISTER
from tests.pushes.names import name_means
from tests.world import World

PUBLIC = "93.184.215.14"


async def faults(world: World, endpoint: str, **changes: str) -> list[tuple[str, list[str] | None]]:
    """Of registering this; nothing must have changed."""
    ana = await world.person()
    async with world.unchanged():
        return await world.faults(ana, REGISTER, input={**Device(endpoint).subscription, **changes})


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "push.example.com/1",
        "http://push.example.com/1",
        "ftp://push.example.com/1",
        "file:///etc/passwd",
        "https://",
        "https:///1",
        "https://ana:secret@push.example.com/1",
        "https://ana@push.example.com/1",
        "https://push.example.com:8443/1",
        "https://push.example.com:22/",
        "https://push.example.com/1#fragment",
        "https://push.example.com\\@127.0.0.1/",
        "https://push.example.com/a b",
        "https://push.example.com/\r\nHost: inside",
        "https://push..example.com/1",
        "https://pùsh.example.com/1",
    ],
)
async def test_an_endpoint_is_an_https_address_without_user_and_port(pushing: World, endpoint: str) -> None:
    assert await faults(pushing, endpoint) == [("INVALID", ["endpoint"])]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "10.0.0.7",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "localhost",
    ],
)
async def test_an_endpoint_does_not_point_inside(pushing: World, host: str) -> None:
    assert await faults(pushing, f"https://{host}/push") == [("INVALID", ["endpoint"])]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1"])
async def test_a_name_does_not_point_inside(pushing: World, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    name_means(monkeypatch, "push.example.com", PUBLIC, address)
    assert await faults(pushing, "https://push.example.com/1") == [("INVALID", ["endpoint"])]


async def test_a_name_that_points_outside_is_fine(pushing: World, monkeypatch: pytest.MonkeyPatch) -> None:
    name_means(monkeypatch, "push.example.com", PUBLIC)
    await pushing.do(
        await pushing.person(), REGISTER, input=Device("https://push.example.com/1?key=a%2Fb").subscription
    )


async def test_an_endpoint_that_is_too_long_is_refused(pushing: World) -> None:
    assert await faults(pushing, f"https://push.example.com/{'a' * 2_000}") == [("TOO_LONG", ["endpoint"])]


def off_the_curve() -> str:
    return base64url(b"\x04" + b"\x01" * 64)


def compressed() -> str:
    point = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    return base64url(point.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))


def of_another_curve() -> str:
    point = ec.derive_private_key(7, ec.SECP384R1()).public_key()
    return base64url(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


@pytest.mark.parametrize(
    "key", ["", "nonsense!", "A", base64url(bytes(65)), off_the_curve(), compressed(), of_another_curve(), "ключ"]
)
async def test_a_key_is_a_point_of_the_curve(pushing: World, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    name_means(monkeypatch, "push.example.com", PUBLIC)
    assert await faults(pushing, "https://push.example.com/1", p256dh=key) == [("INVALID", ["p256dh"])]


@pytest.mark.parametrize("secret", ["", "nonsense!", base64url(bytes(15)), base64url(bytes(17))])
async def test_a_secret_has_sixteen_bytes(pushing: World, monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    name_means(monkeypatch, "push.example.com", PUBLIC)
    assert await faults(pushing, "https://push.example.com/1", auth=secret) == [("INVALID", ["auth"])]


async def test_all_faults_are_shown_at_once(pushing: World) -> None:
    found = await faults(pushing, "http://push.example.com/1", p256dh="", auth="")
    assert found == [("INVALID", ["endpoint"]), ("INVALID", ["p256dh"]), ("INVALID", ["auth"])]

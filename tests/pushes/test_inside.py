"""An endpoint that was outside when it was registered, and is inside when it is sent to, gets nothing."""

import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientConnectorError, ClientError, ClientSession

from settings import Settings
from stores.public_http import Names, PointsInside, session
from tests.processes import another_process
from tests.push_receiver import Receiver
from tests.pushes.devices import comment, device_of
from tests.pushes.names import name_means
from tests.world import World

NAME = "push.example.com"
INSIDE = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]


@pytest.fixture
async def public_only() -> AsyncIterator[ClientSession]:
    names = Names()
    async with session(names, timeout_s=30, inside=False) as http:
        yield http
    await names.close()


async def post(http: ClientSession, host: str, receiver: Receiver) -> None:
    """To the receiver's port."""
    async with http.post(f"http://{host}:{urlsplit(receiver.origin).port}/push/1"):
        pass


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_that_means_an_address_inside_is_not_connected_to(
    public_only: ClientSession, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    name_means(monkeypatch, NAME, address)
    with pytest.raises(ClientConnectorError) as refused:
        await post(public_only, NAME, receiver)
    assert isinstance(refused.value.os_error, PointsInside)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "[::1]", "[::ffff:127.0.0.1]"])
async def test_an_address_inside_is_not_connected_to(public_only: ClientSession, receiver: Receiver, host: str) -> None:
    with pytest.raises(ClientError):
        await post(public_only, host, receiver)
    assert (receiver.received, receiver.trouble) == ([], [])


async def test_of_the_addresses_of_a_name_the_one_inside_is_not_connected_to(
    public_only: ClientSession, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    name_means(monkeypatch, NAME, "192.0.2.1", "127.0.0.1", "::1")
    real = socket.socket.connect

    def connect(self: socket.socket, address: tuple[str, int]) -> None:
        asked.append(address[0])
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(ClientConnectorError):
        await post(public_only, NAME, receiver)
    assert asked == []


async def test_a_device_whose_name_has_come_to_point_inside_is_sent_nothing_and_not_tried_again(
    world: World, pushing_settings: Settings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with another_process(pushing_settings) as pushing:
        ana, ben = await pushing.person(), await pushing.person()
        device = await device_of(pushing, receiver, ana)
        port = urlsplit(receiver.origin).port
        await pushing.sql(
            "update push_subscriptions set endpoint = :endpoint", endpoint=f"http://{NAME}:{port}{device.path}"
        )
        name_means(monkeypatch, NAME, "127.0.0.1")
        await comment(pushing, ben, await pushing.post(ana))
        await pushing.run_jobs()
        assert await pushing.announced() == []
    assert receiver.received == []

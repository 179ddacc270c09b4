"""Registering a device: once, for the account that did it last, for as long as its session goes on."""

import base64

import pytest
from sqlalchemy import select

from settings import Settings
from stores.postgres.tables import push_subscriptions
from stores.vapid import Vapid
from tests.processes import another_process
from tests.push_receiver import Device, Receiver
from tests.pushes.conftest import CONTACT, VAPID_KEY
from tests.pushes.devices import REGISTER, device_of
from tests.world import Person, World

UNREGISTER = """mutation ($input: UnregisterPushSubscriptionInput!) {
  unregisterPushSubscription(input: $input) { userErrors { code field message } }
}"""
PUBLIC_KEY = "{ pushPublicKey }"


async def endpoints(world: World, owner: Person) -> list[str]:
    """Of an account's devices, the one registered first first."""
    statement = (
        select(push_subscriptions.c.endpoint)
        .where(push_subscriptions.c.user_id == owner.row_id)
        .order_by(push_subscriptions.c.registered_at)
    )
    async with world.app.deps.database.read() as connection:
        return list(await connection.scalars(statement))


async def keys(world: World, device: Device) -> tuple[bytes, bytes]:
    """Those that messages to a device are encrypted for."""
    statement = select(push_subscriptions.c.p256dh, push_subscriptions.c.auth)
    async with world.app.deps.database.read() as connection:
        found = await connection.execute(statement.where(push_subscriptions.c.endpoint == device.endpoint))
        p256dh, auth = found.one()
        return p256dh, auth


async def test_everybody_learns_the_key_that_browsers_subscribe_with(pushing: World) -> None:
    assert await pushing.ask(None, PUBLIC_KEY) == {"pushPublicKey": Vapid(VAPID_KEY, CONTACT).public_key}


async def test_where_nothing_can_be_pushed_there_is_no_key_and_nothing_to_register(
    world: World, receiver: Receiver, pushing_settings: Settings
) -> None:
    ana = await world.person()
    async with another_process(pushing_settings, vapid_private_key=None) as silent:
        assert await silent.ask(None, PUBLIC_KEY) == {"pushPublicKey": None}
        async with world.unchanged():
            refused = await silent.faults(ana, REGISTER, input=receiver.device().subscription)
    assert refused == [("NOT_ALLOWED", None)]


@pytest.mark.parametrize("mutation", [REGISTER, UNREGISTER])
async def test_signed_out_nobody_registers_or_unregisters(pushing: World, receiver: Receiver, mutation: str) -> None:
    device = receiver.device()
    given = device.subscription if mutation is REGISTER else {"endpoint": device.endpoint}
    async with pushing.unchanged():
        assert await pushing.error(None, mutation, input=given) == "UNAUTHENTICATED"


async def test_a_device_that_registers_again_has_its_new_keys(pushing: World, receiver: Receiver) -> None:
    ana = await pushing.person()
    device = await device_of(pushing, receiver, ana)
    afresh = Device(device.endpoint)
    await pushing.do(ana, REGISTER, input=afresh.subscription)
    assert await endpoints(pushing, ana) == [device.endpoint]
    assert (await keys(pushing, device))[1] == afresh.auth


async def test_keys_may_come_with_their_padding(pushing: World, receiver: Receiver) -> None:
    ana, device = await pushing.person(), receiver.device()
    padded = {name: f"{device.subscription[name]}{'=' * wanted}" for name, wanted in (("p256dh", 1), ("auth", 2))}
    await pushing.do(ana, REGISTER, input={**device.subscription, **padded})
    unpadded = await keys(pushing, device)
    assert unpadded == (base64.urlsafe_b64decode(padded["p256dh"]), device.auth)


async def test_a_device_belongs_to_the_account_that_registered_it_last(pushing: World, receiver: Receiver) -> None:
    ana, ben = await pushing.person(), await pushing.person()
    device = await device_of(pushing, receiver, ana)
    await pushing.do(ben, REGISTER, input=device.subscription)
    assert await endpoints(pushing, ana) == []
    assert await endpoints(pushing, ben) == [device.endpoint]


async def test_of_too_many_devices_the_one_registered_first_gives_way(pushing: World, receiver: Receiver) -> None:
    ana = await pushing.person()
    devices = [await device_of(pushing, receiver, ana) for _ in range(10)]
    await pushing.do(ana, REGISTER, input=devices[0].subscription)
    devices.append(await device_of(pushing, receiver, ana))
    assert await endpoints(pushing, ana) == [device.endpoint for device in [*devices[2:10], devices[0], devices[10]]]


async def test_an_unregistered_device_is_gone_and_the_others_stay(pushing: World, receiver: Receiver) -> None:
    ana = await pushing.person()
    gone, kept = await device_of(pushing, receiver, ana), await device_of(pushing, receiver, ana)
    await pushing.do(ana, UNREGISTER, input={"endpoint": gone.endpoint})
    assert await endpoints(pushing, ana) == [kept.endpoint]


@pytest.mark.parametrize("endpoint", ["https://push.example.com/unknown", "nonsense"])
async def test_unregistering_what_is_not_registered_changes_nothing(
    pushing: World, receiver: Receiver, endpoint: str
) -> None:
    ana = await pushing.person()
    await device_of(pushing, receiver, ana)
    async with pushing.unchanged():
        await pushing.do(ana, UNREGISTER, input={"endpoint": endpoint})


async def test_nobody_unregisters_the_device_of_another(pushing: World, receiver: Receiver) -> None:
    ana, ben = await pushing.person(), await pushing.person()
    device = await device_of(pushing, receiver, ana)
    async with pushing.unchanged():
        await pushing.do(ben, UNREGISTER, input={"endpoint": device.endpoint})

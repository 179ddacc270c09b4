"""Which devices an account is told on."""

from rules import push_subscriptions as rules
from rules.errors import Invalid, NotAllowed, refuse_faults
from services.deps import Deps
from services.signing_in import SignedIn
from stores.postgres import push_subscriptions, users


async def register(deps: Deps, signed_in: SignedIn, endpoint: str, *, p256dh: str, auth: str) -> None:
    """Tell a device of the account from now on, for as long as the session that registers it goes on.

    A device that is known becomes this account's, with these keys. Of too many, the one registered first gives way.
    """
    limits = deps.settings
    key, secret = rules.device_key(p256dh), rules.auth_secret(auth)
    refuse_faults(
        rules.endpoint_fault(
            endpoint,
            "endpoint",
            characters=limits.push_endpoint_characters,
            private_origins=limits.push_private_origins,
        ),
        Invalid("This is not a public key of the curve P-256.", "p256dh") if key is None else None,
        Invalid("This is not a secret of 16 bytes.", "auth") if secret is None else None,
    )
    await _refuse_inside(deps, endpoint)
    if deps.push_services.public_key is None:
        raise NotAllowed("This server sends no Web Push.")
    subscription = {
        "id": await deps.ids.mint(),
        "user_id": signed_in.user_id,
        "session_id": signed_in.session_id,
        "endpoint": endpoint,
        "p256dh": key,
        "auth": secret,
    }
    async with deps.database.unit_of_work() as uow:
        await users.locked(uow.connection, [signed_in.user_id])  # or two at once would be one too many
        await push_subscriptions.put(uow.connection, subscription)
        await push_subscriptions.keep_latest(
            uow.connection, signed_in.user_id, deps.settings.push_subscriptions_per_user
        )


async def unregister(deps: Deps, user_id: int, endpoint: str) -> None:
    """Tell a device of the account no longer; no change where it is not."""
    async with deps.database.unit_of_work() as uow:
        await push_subscriptions.remove(uow.connection, user_id, endpoint)


async def _refuse_inside(deps: Deps, endpoint: str) -> None:
    found = rules.endpoint_of(endpoint)
    assert found is not None
    if found.origin not in deps.settings.push_private_origins and await deps.push_services.points_inside(found.host):
        raise rules.points_inside("endpoint")

"""Web Push: the devices that an account is told on."""

import strawberry

from resolvers.context import Info
from resolvers.results import Result, mutation
from services import push_subscribing


def push_public_key(info: Info) -> str | None:
    return info.context.deps.push_services.public_key


@strawberry.input
class RegisterPushSubscriptionInput:
    endpoint: str
    p256dh: str
    auth: str


@mutation
async def register_push_subscription(info: Info, input: RegisterPushSubscriptionInput) -> Result:
    await push_subscribing.register(
        info.context.deps, info.context.signed_in(), input.endpoint, p256dh=input.p256dh, auth=input.auth
    )
    return Result()


@strawberry.input
class UnregisterPushSubscriptionInput:
    endpoint: str


@mutation
async def unregister_push_subscription(info: Info, input: UnregisterPushSubscriptionInput) -> Result:
    await push_subscribing.unregister(info.context.deps, info.context.signed_in().user_id, input.endpoint)
    return Result()

"""The root types: what can be asked, and what can be done."""

from datetime import datetime

import strawberry
from graphql import GraphQLInputField, GraphQLInputObjectType, GraphQLObjectType, Undefined
from strawberry.schema.config import StrawberryConfig

from execution import BatchedExecutor
from resolvers import accounts, feed, nodes, notifications, posts, pushes, reactions, relations, uploads, users
from schema.live import Subscription
from schema.node import Node
from schema.notifications import Notification
from schema.payloads import (
    AcceptFollowRequestPayload,
    AddCommentPayload,
    AuthPayload,
    BlockUserPayload,
    ChangePasswordPayload,
    CompleteUploadPayload,
    CreatePostPayload,
    CreateUploadPayload,
    DeclineFollowRequestPayload,
    DeleteCommentPayload,
    DeletePostPayload,
    FollowUserPayload,
    LikeCommentPayload,
    LikePostPayload,
    LogOutPayload,
    MarkFeedSeenPayload,
    MarkNotificationsReadPayload,
    MuteUserPayload,
    RegisterPushSubscriptionPayload,
    RevokeSessionPayload,
    SavePostPayload,
    UnblockUserPayload,
    UnfollowUserPayload,
    UnlikeCommentPayload,
    UnlikePostPayload,
    UnmuteUserPayload,
    UnregisterPushSubscriptionPayload,
    UnsavePostPayload,
    UpdateMediaPayload,
    UpdatePostPayload,
    UpdateProfilePayload,
)
from schema.posts import Comment, Hashtag, Media, Post
from schema.resolved import resolved
from schema.scalars import DateTime
from schema.users import User, Viewer


@strawberry.type
class Query:
    node: Node | None = resolved(nodes.node)
    nodes: list[Node | None] | None = resolved(
        nodes.nodes,
        description="One entry per id, in order; null where nothing is there or the viewer may not see it. "
        "At most 100.",
    )
    viewer: Viewer | None = resolved(accounts.viewer, description="The signed-in account; null when signed out.")
    user: User | None = resolved(users.user)
    post: Post | None = resolved(posts.post)
    hashtag: Hashtag | None = resolved(posts.hashtag)
    push_public_key: str | None = resolved(
        pushes.push_public_key,
        description="What PushManager.subscribe() takes as `applicationServerKey`, in base64url; null where nothing is "
        "sent by Web Push.",
    )


@strawberry.type
class Mutation:
    sign_up: AuthPayload | None = resolved(accounts.sign_up)
    log_in: AuthPayload | None = resolved(accounts.log_in)
    refresh_session: AuthPayload | None = resolved(
        accounts.refresh_session,
        description="Swaps a refresh token for a new pair. The same token again within 30 seconds gets the same pair "
        "(a lost answer, a second tab); later it is taken for stolen and ends its session.",
    )
    log_out: LogOutPayload | None = resolved(accounts.log_out)
    revoke_session: RevokeSessionPayload | None = resolved(accounts.revoke_session)
    change_password: ChangePasswordPayload | None = resolved(
        accounts.change_password, description="Ends every other session of the account."
    )
    update_profile: UpdateProfilePayload | None = resolved(accounts.update_profile)

    follow_user: FollowUserPayload | None = resolved(
        relations.follow_user, description="Of a private account: asks to follow it."
    )
    unfollow_user: UnfollowUserPayload | None = resolved(
        relations.unfollow_user, description="Also takes back a request to follow."
    )
    accept_follow_request: AcceptFollowRequestPayload | None = resolved(relations.accept_follow_request)
    decline_follow_request: DeclineFollowRequestPayload | None = resolved(
        relations.decline_follow_request, description="The other is not told, and may ask again."
    )
    block_user: BlockUserPayload | None = resolved(
        relations.block_user,
        description="Either vanishes for the other, at once; follows and requests between them end. Nobody is told.",
    )
    unblock_user: UnblockUserPayload | None = resolved(
        relations.unblock_user, description="What the block has ended stays ended."
    )
    mute_user: MuteUserPayload | None = resolved(
        relations.mute_user,
        description="Keeps an account out of one's home feed and notifications, which it cannot notice.",
    )
    unmute_user: UnmuteUserPayload | None = resolved(relations.unmute_user)

    create_upload: CreateUploadPayload | None = resolved(
        uploads.create_upload,
        description="Says where to send a file: straight to the object store, never through this server.",
    )
    complete_upload: CompleteUploadPayload | None = resolved(
        uploads.complete_upload,
        description="Checks that it arrived (its size, its first bytes) and starts its processing, which checks "
        "the rest.",
    )
    update_media: UpdateMediaPayload | None = resolved(uploads.update_media)
    create_post: CreatePostPayload | None = resolved(posts.create_post)
    update_post: UpdatePostPayload | None = resolved(posts.update_post)
    delete_post: DeletePostPayload | None = resolved(posts.delete_post)

    save_post: SavePostPayload | None = resolved(reactions.save_post)
    unsave_post: UnsavePostPayload | None = resolved(reactions.unsave_post)
    like_post: LikePostPayload | None = resolved(reactions.like_post)
    unlike_post: UnlikePostPayload | None = resolved(reactions.unlike_post)
    add_comment: AddCommentPayload | None = resolved(reactions.add_comment)
    delete_comment: DeleteCommentPayload | None = resolved(reactions.delete_comment)
    like_comment: LikeCommentPayload | None = resolved(reactions.like_comment)
    unlike_comment: UnlikeCommentPayload | None = resolved(reactions.unlike_comment)

    mark_feed_seen: MarkFeedSeenPayload | None = resolved(feed.mark_feed_seen)
    mark_notifications_read: MarkNotificationsReadPayload | None = resolved(notifications.mark_notifications_read)

    register_push_subscription: RegisterPushSubscriptionPayload | None = resolved(
        pushes.register_push_subscription,
        description="A browser's Web Push subscription, as PushManager.subscribe() gives it. It lasts as long as the "
        "session that registers it: register after each sign-in.",
    )
    unregister_push_subscription: UnregisterPushSubscriptionPayload | None = resolved(
        pushes.unregister_push_subscription
    )


def without_null_defaults(schema: strawberry.Schema) -> strawberry.Schema:
    """Say of what may be left out only that it may: Python's `= None` would print as `= null`."""
    for kind in schema._schema.type_map.values():
        fields = kind.fields if isinstance(kind, (GraphQLInputObjectType, GraphQLObjectType)) else {}
        for field in fields.values():
            for given in [field] if isinstance(field, GraphQLInputField) else field.args.values():
                if given.default_value is None:
                    given.default_value = Undefined
    return schema


schema = without_null_defaults(
    strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[User, Viewer, Post, Media, Comment, Hashtag, Notification],
        execution_context_class=BatchedExecutor,
        config=StrawberryConfig(scalar_map={datetime: DateTime}, disable_field_suggestions=False),
    )
)

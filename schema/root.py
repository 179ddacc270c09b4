"""The root types: what can be asked, and what can be done."""

from datetime import datetime

import strawberry
from graphql import GraphQLInputField, GraphQLInputObjectType, GraphQLObjectType, Undefined
from strawberry.schema.config import StrawberryConfig

from resolvers import accounts, feed, nodes, posts, reactions, uploads, users
from schema.node import Node
from schema.payloads import (
    AddCommentPayload,
    AuthPayload,
    ChangePasswordPayload,
    CompleteUploadPayload,
    CreatePostPayload,
    CreateUploadPayload,
    DeleteCommentPayload,
    DeletePostPayload,
    FollowUserPayload,
    LikeCommentPayload,
    LikePostPayload,
    LogOutPayload,
    MarkFeedSeenPayload,
    RevokeSessionPayload,
    SavePostPayload,
    UnfollowUserPayload,
    UnlikeCommentPayload,
    UnlikePostPayload,
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

    follow_user: FollowUserPayload | None = resolved(users.follow_user)
    unfollow_user: UnfollowUserPayload | None = resolved(users.unfollow_user)

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
        types=[User, Viewer, Post, Media, Comment, Hashtag],
        config=StrawberryConfig(scalar_map={datetime: DateTime}, disable_field_suggestions=False),
    )
)

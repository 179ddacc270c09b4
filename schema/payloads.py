"""What mutations give."""

from datetime import datetime

import strawberry

from rules.errors import UserErrorCode
from schema.posts import Comment, Media, Post, Upload
from schema.users import User, Viewer

strawberry.enum(UserErrorCode)


@strawberry.type(
    description="Something that the person who sent the input can mend. Everything else is a GraphQL error with "
    "`extensions.code`."
)
class UserError:
    code: UserErrorCode
    field: list[str] | None = strawberry.field(
        description='The input field at fault, as a path: ["location", "latitude"]; null where there is none.'
    )
    message: str = strawberry.field(description="Plain words, fit to be shown.")


@strawberry.type
class Tokens:
    access_token: str
    access_token_expires_at: datetime
    refresh_token: str
    refresh_token_expires_at: datetime


@strawberry.type
class AuthPayload:
    tokens: Tokens | None
    viewer: Viewer | None
    user_errors: list[UserError]


@strawberry.type
class LogOutPayload:
    user_errors: list[UserError]


@strawberry.type
class RevokeSessionPayload:
    user_errors: list[UserError]


@strawberry.type
class ChangePasswordPayload:
    user_errors: list[UserError]


@strawberry.type
class UpdateProfilePayload:
    user: User | None
    user_errors: list[UserError]


@strawberry.type
class FollowUserPayload:
    user: User | None
    viewer: Viewer | None
    user_errors: list[UserError]


@strawberry.type
class UnfollowUserPayload:
    user: User | None
    viewer: Viewer | None
    user_errors: list[UserError]


@strawberry.type
class AcceptFollowRequestPayload:
    user: User | None
    viewer: Viewer | None
    user_errors: list[UserError]


@strawberry.type
class DeclineFollowRequestPayload:
    user: User | None
    viewer: Viewer | None
    user_errors: list[UserError]


@strawberry.type
class BlockUserPayload:
    user: User | None
    viewer: Viewer | None
    user_errors: list[UserError]


@strawberry.type
class UnblockUserPayload:
    user: User | None
    viewer: Viewer | None
    user_errors: list[UserError]


@strawberry.type
class MuteUserPayload:
    user: User | None
    viewer: Viewer | None
    user_errors: list[UserError]


@strawberry.type
class UnmuteUserPayload:
    user: User | None
    viewer: Viewer | None
    user_errors: list[UserError]


@strawberry.type
class SavePostPayload:
    post: Post | None
    user_errors: list[UserError]


@strawberry.type
class UnsavePostPayload:
    post: Post | None
    user_errors: list[UserError]


@strawberry.type
class LikePostPayload:
    post: Post | None
    user_errors: list[UserError]


@strawberry.type
class UnlikePostPayload:
    post: Post | None
    user_errors: list[UserError]


@strawberry.type
class AddCommentPayload:
    comment: Comment | None
    post: Post | None
    user_errors: list[UserError]


@strawberry.type
class DeleteCommentPayload:
    deleted_comment_id: strawberry.ID | None
    post: Post | None
    user_errors: list[UserError]


@strawberry.type
class LikeCommentPayload:
    comment: Comment | None
    user_errors: list[UserError]


@strawberry.type
class UnlikeCommentPayload:
    comment: Comment | None
    user_errors: list[UserError]


@strawberry.type
class MarkFeedSeenPayload:
    viewer: Viewer | None
    user_errors: list[UserError]


@strawberry.type
class MarkNotificationsReadPayload:
    viewer: Viewer | None
    user_errors: list[UserError]


@strawberry.type
class RegisterPushSubscriptionPayload:
    user_errors: list[UserError]


@strawberry.type
class UnregisterPushSubscriptionPayload:
    user_errors: list[UserError]


@strawberry.type
class CreateUploadPayload:
    upload: Upload | None
    user_errors: list[UserError]


@strawberry.type
class CompleteUploadPayload:
    media: Media | None
    user_errors: list[UserError]


@strawberry.type
class UpdateMediaPayload:
    media: Media | None
    user_errors: list[UserError]


@strawberry.type
class CreatePostPayload:
    post: Post | None
    user_errors: list[UserError]


@strawberry.type
class UpdatePostPayload:
    post: Post | None
    user_errors: list[UserError]


@strawberry.type
class DeletePostPayload:
    deleted_post_id: strawberry.ID | None
    user_errors: list[UserError]

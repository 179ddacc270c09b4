"""Inboxes of notifications, Web Push subscriptions, and comments in the order of their commits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Text

revision = "0004"
down_revision = "0003"


def moment(name: str) -> Column[object]:
    return Column(name, sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False)


def upgrade() -> None:
    _order_comments()
    op.create_table(
        "inboxes",
        Column("user_id", BigInteger(), autoincrement=False, nullable=False),
        Column("last", BigInteger(), server_default="0", nullable=False, comment="highest place given"),
        Column("read_place", BigInteger(), server_default="0", nullable=False, comment="read up to here"),
        Column("read_feed_id", BigInteger(), server_default="0", nullable=False, comment="new posts, up to here"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("inboxes_pkey")),
    )
    op.create_table(
        "notifications",
        Column("id", BigInteger(), autoincrement=False, nullable=False),
        Column("recipient_id", BigInteger(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("subject_id", BigInteger(), nullable=False, comment="what it is about; 0: the recipient"),
        Column("post_id", BigInteger()),
        Column("comment_id", BigInteger(), comment="of the newest activity"),
        Column("place", BigInteger(), nullable=False, comment="of the newest activity; 0 where all are undone"),
        Column("actor_count", Integer(), server_default="0", nullable=False),
        moment("began_at"),
        moment("newest_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("notifications_pkey")),
    )
    op.create_index(
        "notifications_recipient_id_place_idx",
        "notifications",
        ["recipient_id", sa.literal_column("place DESC")],
        unique=True,
        postgresql_where=sa.text("place > 0"),
    )
    op.create_index(
        "notifications_subject_idx",
        "notifications",
        ["recipient_id", "kind", "subject_id", sa.literal_column("id DESC")],
    )
    op.create_table(
        "activities",
        Column("recipient_id", BigInteger(), autoincrement=False, nullable=False),
        Column("kind", Text(), nullable=False),
        Column("thing_id", BigInteger(), autoincrement=False, nullable=False),
        Column("actor_id", BigInteger(), autoincrement=False, nullable=False),
        Column("notification_id", BigInteger(), nullable=False),
        Column("place", BigInteger(), nullable=False),
        Column("is_undone", Boolean(), server_default=sa.text("false"), nullable=False),
        moment("created_at"),
        sa.PrimaryKeyConstraint("recipient_id", "kind", "thing_id", "actor_id", name=op.f("activities_pkey")),
    )
    op.create_index(
        "activities_notification_id_place_idx",
        "activities",
        ["notification_id", sa.literal_column("place DESC")],
        postgresql_where=sa.text("not is_undone"),
    )
    op.create_index("activities_notification_id_actor_id_idx", "activities", ["notification_id", "actor_id"])
    op.create_index("activities_thing_id_idx", "activities", ["thing_id"])
    op.create_table(
        "push_subscriptions",
        Column("id", BigInteger(), autoincrement=False, nullable=False),
        Column("user_id", BigInteger(), nullable=False),
        Column("session_id", BigInteger(), nullable=False, comment="sent to while it is open"),
        Column("endpoint", Text(), nullable=False, comment="where a device's push service takes its messages"),
        Column("p256dh", LargeBinary(), nullable=False, comment="the device's public key"),
        Column("auth", LargeBinary(), nullable=False, comment="the secret that it shares with us"),
        moment("registered_at"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("push_subscriptions_user_id_fkey")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("push_subscriptions_session_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("push_subscriptions_pkey")),
        sa.UniqueConstraint("endpoint", name=op.f("push_subscriptions_endpoint_key")),
    )
    op.create_index("push_subscriptions_user_id_idx", "push_subscriptions", ["user_id"])
    op.create_table(
        "push_fan_outs",
        Column("post_id", BigInteger(), autoincrement=False, nullable=False),
        Column(
            "reached_id",
            BigInteger(),
            nullable=False,
            comment="chunks of followers are announced up to this follow",
        ),
        moment("began_at"),
        sa.PrimaryKeyConstraint("post_id", name=op.f("push_fan_outs_pkey")),
        comment="published posts that followers' devices are told of",
    )
    op.create_index("push_fan_outs_began_at_idx", "push_fan_outs", ["began_at"])


def _order_comments() -> None:
    op.add_column(
        "posts",
        Column("comment_place", BigInteger(), server_default="0", nullable=False, comment="of the latest comment"),
    )
    op.add_column("comments", Column("place", BigInteger(), comment="in the post's list; they commit in this order"))
    op.execute("update comments set place = id")
    op.execute(
        "update posts set comment_place = latest.place "
        "from (select post_id, max(place) as place from comments group by post_id) as latest "
        "where posts.id = latest.post_id"
    )
    op.alter_column("comments", "place", nullable=False)
    op.drop_index("comments_post_id_id_idx", "comments")
    op.create_index("comments_post_id_place_idx", "comments", ["post_id", sa.literal_column("place DESC")], unique=True)


def downgrade() -> None:
    for name in ("push_fan_outs", "push_subscriptions", "activities", "notifications", "inboxes"):
        op.drop_table(name)
    op.drop_index("comments_post_id_place_idx", "comments")
    op.create_index("comments_post_id_id_idx", "comments", ["post_id", sa.literal_column("id DESC")], unique=True)
    op.drop_column("comments", "place")
    op.drop_column("posts", "comment_place")

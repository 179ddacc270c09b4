"""The first tables, the publication clock, and the shard numbers of ids."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("id_shards", minvalue=0, start=0, maxvalue=8191, cycle=True)))
    op.create_table(
        "author_counts",
        sa.Column("author_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("post_count", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("author_id", name=op.f("author_counts_pkey")),
    )
    op.create_table(
        "feed_clock",
        sa.Column("shard", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shard", name=op.f("feed_clock_pkey")),
    )
    op.create_table(
        "hashtagged",
        sa.Column("hashtag_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("feed_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hashtag_id", "feed_id", name=op.f("hashtagged_pkey")),
    )
    op.create_index(op.f("hashtagged_post_id_idx"), "hashtagged", ["post_id"], unique=False)
    op.create_table(
        "hashtags",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("post_count", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("hashtags_pkey")),
        sa.UniqueConstraint("name", name=op.f("hashtags_name_key")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False, comment="of the input"),
        sa.Column("result_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "operation", "key", name=op.f("idempotency_keys_pkey")),
    )
    op.create_index("idempotency_keys_created_at_idx", "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "media",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("failure_reason", sa.Text(), nullable=True),
        sa.Column("alt_text", sa.Text(), nullable=True),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("byte_size", sa.BigInteger(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("blurhash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("media_pkey")),
    )
    op.create_index(
        "media_created_at_idx", "media", ["created_at"], unique=False, postgresql_where=sa.text("post_id is null")
    )
    op.create_index("media_post_id_position_idx", "media", ["post_id", "position"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("announced_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("is_set_aside", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_pkey")),
    )
    op.create_index(
        "outbox_due_at_idx", "outbox", ["due_at"], unique=False, postgresql_where=sa.text("not is_set_aside")
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column(
            "tags",
            sa.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="given besides those in the caption",
        ),
        sa.Column("hashtags", sa.ARRAY(sa.Text()), server_default="{}", nullable=False, comment="both together"),
        sa.Column("mention_ids", sa.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("location_name", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "feed_id", sa.BigInteger(), nullable=True, comment="place in every list of posts; set when published"
        ),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("edited_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'PUBLISHED') = (feed_id is not null)", name=op.f("posts_published_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("posts_pkey")),
        sa.UniqueConstraint("feed_id", name=op.f("posts_feed_id_key")),
    )
    op.create_index(
        "posts_author_id_feed_id_idx",
        "posts",
        ["author_id", sa.literal_column("feed_id DESC")],
        unique=False,
        postgresql_where=sa.text("deleted_at is null and feed_id is not null"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("username_skeleton", sa.Text(), nullable=False, comment="equal for names that look alike"),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("bio", sa.Text(), server_default="", nullable=False),
        sa.Column("follower_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("following_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "follow_ver",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="counts the follows this user made",
        ),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("users_pkey")),
        sa.UniqueConstraint("username", name=op.f("users_username_key")),
        sa.UniqueConstraint("username_skeleton", name=op.f("users_username_skeleton_key")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False, comment="the address as it is compared"),
        sa.Column("email_verified_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["users.id"], name=op.f("accounts_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("accounts_pkey")),
        sa.UniqueConstraint("email_key", name=op.f("accounts_email_key_key")),
    )
    op.create_table(
        "follows",
        sa.Column("follower_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("followee_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False, comment="place in the followee's list of followers"),
        sa.Column("ver", sa.BigInteger(), nullable=False, comment="the follower's follow_ver when this was written"),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["followee_id"], ["users.id"], name=op.f("follows_followee_id_fkey")),
        sa.ForeignKeyConstraint(["follower_id"], ["users.id"], name=op.f("follows_follower_id_fkey")),
        sa.PrimaryKeyConstraint("follower_id", "followee_id", name=op.f("follows_pkey")),
    )
    op.create_index("follows_followee_id_id_idx", "follows", ["followee_id", sa.literal_column("id DESC")], unique=True)
    op.create_index(
        "follows_follower_id_ver_idx", "follows", ["follower_id", sa.literal_column("ver DESC")], unique=True
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_seen_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False, comment="of its refresh token"),
        sa.Column("rotated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("sessions_user_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("sessions_pkey")),
    )
    op.create_index(
        "sessions_user_id_idx", "sessions", ["user_id"], unique=False, postgresql_where=sa.text("ended_at is null")
    )
    op.execute("insert into feed_clock (shard, last) values (0, 0)")


def downgrade() -> None:
    op.drop_index("sessions_user_id_idx", table_name="sessions", postgresql_where=sa.text("ended_at is null"))
    op.drop_table("sessions")
    op.drop_index("follows_follower_id_ver_idx", table_name="follows")
    op.drop_index("follows_followee_id_id_idx", table_name="follows")
    op.drop_table("follows")
    op.drop_table("accounts")
    op.drop_table("users")
    op.drop_index(
        "posts_author_id_feed_id_idx",
        table_name="posts",
        postgresql_where=sa.text("deleted_at is null and feed_id is not null"),
    )
    op.drop_table("posts")
    op.drop_index("outbox_due_at_idx", table_name="outbox", postgresql_where=sa.text("not is_set_aside"))
    op.drop_table("outbox")
    op.drop_index("media_post_id_position_idx", table_name="media")
    op.drop_index("media_created_at_idx", table_name="media", postgresql_where=sa.text("post_id is null"))
    op.drop_table("media")
    op.drop_index("idempotency_keys_created_at_idx", table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_table("hashtags")
    op.drop_index(op.f("hashtagged_post_id_idx"), table_name="hashtagged")
    op.drop_table("hashtagged")
    op.drop_table("feed_clock")
    op.drop_table("author_counts")
    op.execute("drop sequence id_shards")

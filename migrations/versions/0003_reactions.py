"""Likes, comments, likes of comments, saved posts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for name in ("like_count", "comment_count"):
        op.add_column("posts", Column(name, Integer(), server_default="0", nullable=False))
    op.create_table(
        "likes",
        Column("post_id", BigInteger(), autoincrement=False, nullable=False),
        Column("user_id", BigInteger(), autoincrement=False, nullable=False),
        Column("id", BigInteger(), nullable=False, comment="place in the post's list of likers"),
        sa.PrimaryKeyConstraint("post_id", "user_id", name=op.f("likes_pkey")),
    )
    op.create_index("likes_post_id_id_idx", "likes", ["post_id", sa.literal_column("id DESC")], unique=True)
    op.create_table(
        "comments",
        Column("id", BigInteger(), autoincrement=False, nullable=False),
        Column("post_id", BigInteger(), nullable=False),
        Column("post_author_id", BigInteger(), nullable=False),
        Column("author_id", BigInteger(), nullable=False),
        Column("text", Text(), nullable=False),
        Column("mention_ids", sa.ARRAY(BigInteger()), server_default="{}", nullable=False),
        Column("like_count", Integer(), server_default="0", nullable=False),
        Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("comments_pkey")),
    )
    op.create_index("comments_post_id_id_idx", "comments", ["post_id", sa.literal_column("id DESC")], unique=True)
    op.create_table(
        "comment_likes",
        Column("comment_id", BigInteger(), autoincrement=False, nullable=False),
        Column("user_id", BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("comment_id", "user_id", name=op.f("comment_likes_pkey")),
    )
    op.create_table(
        "saves",
        Column("user_id", BigInteger(), autoincrement=False, nullable=False),
        Column("post_id", BigInteger(), autoincrement=False, nullable=False),
        Column("id", BigInteger(), nullable=False, comment="place in the user's list of saved posts"),
        sa.PrimaryKeyConstraint("user_id", "post_id", name=op.f("saves_pkey")),
    )
    op.create_index("saves_user_id_id_idx", "saves", ["user_id", sa.literal_column("id DESC")], unique=True)
    op.create_index("saves_post_id_idx", "saves", ["post_id"])


def downgrade() -> None:
    for name in ("saves", "comment_likes", "comments", "likes"):
        op.drop_table(name)
    for name in ("comment_count", "like_count"):
        op.drop_column("posts", name)

"""What timelines need of the truth: undrained fan-outs, how authors reach their followers, and the seen-mark."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "fan_outs",
        sa.Column("feed_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "reached_id",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="of the last follow that has the post",
        ),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("fan_outs_pkey")),
        sa.UniqueConstraint("post_id", name=op.f("fan_outs_post_id_key")),
        comment="published posts that are not on all timelines yet",
    )
    op.add_column(
        "users",
        sa.Column("fan_out_class", sa.Text(), server_default="PUSH", nullable=False, comment="PUSH, PULL or BOTH"),
    )
    op.add_column("users", sa.Column("both_since", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column(
        "users",
        sa.Column(
            "feed_seen_id",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="the feed is seen up to here",
        ),
    )
    op.create_check_constraint(op.f("users_fan_out_class_check"), "users", "fan_out_class in ('PUSH', 'PULL', 'BOTH')")
    op.create_index("users_both_since_idx", "users", ["both_since"], postgresql_where=sa.text("both_since is not null"))
    op.add_column(
        "follows",
        sa.Column(
            "is_pulled",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="while the followee is not PUSH",
        ),
    )
    op.create_index(
        "follows_is_pulled_idx",
        "follows",
        ["follower_id", "followee_id"],
        postgresql_where=sa.text("is_pulled"),
    )


def downgrade() -> None:
    op.drop_index("follows_is_pulled_idx", table_name="follows")
    op.drop_column("follows", "is_pulled")
    op.drop_index("users_both_since_idx", table_name="users")
    op.drop_constraint(op.f("users_fan_out_class_check"), "users")
    op.drop_column("users", "feed_seen_id")
    op.drop_column("users", "both_since")
    op.drop_column("users", "fan_out_class")
    op.drop_table("fan_outs")

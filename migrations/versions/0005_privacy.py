"""Private accounts, requests to follow them, blocks and mutes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column

revision = "0005"
down_revision = "0004"


def pair(name: str, first: str, second: str, place: str) -> None:
    """A table that says of two people that it is so."""
    op.create_table(
        name,
        Column(first, BigInteger(), autoincrement=False, nullable=False),
        Column(second, BigInteger(), autoincrement=False, nullable=False),
        Column("id", BigInteger(), nullable=False, comment=place),
        sa.ForeignKeyConstraint([first], ["users.id"], name=op.f(f"{name}_{first}_fkey")),
        sa.ForeignKeyConstraint([second], ["users.id"], name=op.f(f"{name}_{second}_fkey")),
        sa.PrimaryKeyConstraint(first, second, name=op.f(f"{name}_pkey")),
    )


def upgrade() -> None:
    op.add_column("users", Column("is_private", Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column(
        "media",
        Column(
            "is_guarded",
            Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="its renditions lie where only signed URLs reach",
        ),
    )
    op.create_index("media_owner_id_id_idx", "media", ["owner_id", "id"])
    pair("follow_requests", "requester_id", "requestee_id", "place in the list of who asks")
    pair("blocks", "blocker_id", "blocked_id", "place in the list of whom one has blocked")
    pair("mutes", "muter_id", "muted_id", "place in the list of whom one has muted")
    latest_first = [("follow_requests", "requestee_id"), ("blocks", "blocker_id"), ("mutes", "muter_id")]
    for table, owner in latest_first:
        op.create_index(f"{table}_{owner}_id_idx", table, [owner, sa.literal_column("id DESC")], unique=True)
    op.create_index("blocks_blocked_id_idx", "blocks", ["blocked_id"])
    op.create_index("activities_actor_id_recipient_id_idx", "activities", ["actor_id", "recipient_id"])


def downgrade() -> None:
    op.drop_index("activities_actor_id_recipient_id_idx", "activities")
    for table in ("mutes", "blocks", "follow_requests"):
        op.drop_table(table)
    op.drop_index("media_owner_id_id_idx", "media")
    op.drop_column("media", "is_guarded")
    op.drop_column("users", "is_private")

"""The tables. Columns only: what belongs together is fetched by loaders, never by relationships.

Accounts and follows may live in another database than posts and media, so nothing here refers from one group to the
other: no foreign key, no join, no transaction crosses the line.
"""

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    SmallInteger,
    Table,
    Text,
    desc,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)
id_shards = Sequence("id_shards", minvalue=0, start=0, maxvalue=8191, cycle=True, metadata=metadata)


def key(name: str = "id") -> Column[int]:
    """A key whose value comes from an `IdMint`, or from another table."""
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def moment(name: str, *, nullable: bool = False) -> Column[object]:
    """An instant; when not nullable, of the transaction that wrote the row unless given."""
    return Column(name, TIMESTAMP(timezone=True), nullable=nullable, server_default=None if nullable else func.now())


def count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


# ------------------------------------------------------------------------------------ accounts and follows

users = Table(
    "users",
    metadata,
    key(),
    Column("username", Text, nullable=False, unique=True),
    Column("username_skeleton", Text, nullable=False, unique=True, comment="equal for names that look alike"),
    Column("display_name", Text, nullable=False),
    Column("bio", Text, nullable=False, server_default=""),
    Column("is_private", Boolean, nullable=False, server_default=text("false")),
    count("follower_count"),
    count("following_count"),
    Column("follow_ver", BigInteger, nullable=False, server_default="0", comment="counts the follows this user made"),
    Column("fan_out_class", Text, nullable=False, server_default="PUSH", comment="PUSH, PULL or BOTH"),
    moment("both_since", nullable=True),
    Column("feed_seen_id", BigInteger, nullable=False, server_default="0", comment="the feed is seen up to here"),
    moment("created_at"),
    CheckConstraint("fan_out_class in ('PUSH', 'PULL', 'BOTH')", name="fan_out_class"),
    Index("users_both_since_idx", "both_since", postgresql_where=text("both_since is not null")),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", BigInteger, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("email", Text, nullable=False),
    Column("email_key", Text, nullable=False, unique=True, comment="the address as it is compared"),
    moment("email_verified_at", nullable=True),
    Column("password_hash", Text, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    key(),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    moment("created_at"),
    moment("last_seen_at"),
    Column("user_agent", Text),
    Column("generation", Integer, nullable=False, server_default="0", comment="of its refresh token"),
    moment("rotated_at"),
    moment("ended_at", nullable=True),
    Index("sessions_user_id_idx", "user_id", postgresql_where=text("ended_at is null")),
)

follows = Table(
    "follows",
    metadata,
    Column("follower_id", BigInteger, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("followee_id", BigInteger, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("id", BigInteger, nullable=False, comment="place in the followee's list of followers"),
    Column("ver", BigInteger, nullable=False, comment="the follower's follow_ver when this was written"),
    Column(
        "is_pulled", Boolean, nullable=False, server_default=text("false"), comment="while the followee is not PUSH"
    ),
    moment("created_at"),
    Index("follows_is_pulled_idx", "follower_id", "followee_id", postgresql_where=text("is_pulled")),
    Index("follows_follower_id_ver_idx", "follower_id", desc("ver"), unique=True),
    Index("follows_followee_id_id_idx", "followee_id", desc("id"), unique=True),
)


def pair(name: str, first: str, second: str, place: str, *more: Index) -> Table:
    """A table that says of two people that it is so."""
    return Table(
        name,
        metadata,
        Column(first, BigInteger, ForeignKey("users.id"), primary_key=True, autoincrement=False),
        Column(second, BigInteger, ForeignKey("users.id"), primary_key=True, autoincrement=False),
        Column("id", BigInteger, nullable=False, comment=place),
        *more,
    )


follow_requests = pair(
    "follow_requests",
    "requester_id",
    "requestee_id",
    "place in the list of who asks",
    Index("follow_requests_requestee_id_id_idx", "requestee_id", desc("id"), unique=True),
)
blocks = pair(
    "blocks",
    "blocker_id",
    "blocked_id",
    "place in the list of whom one has blocked",
    Index("blocks_blocker_id_id_idx", "blocker_id", desc("id"), unique=True),
    Index("blocks_blocked_id_idx", "blocked_id"),
)
mutes = pair(
    "mutes",
    "muter_id",
    "muted_id",
    "place in the list of whom one has muted",
    Index("mutes_muter_id_id_idx", "muter_id", desc("id"), unique=True),
)

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    key(),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False, index=True),
    Column("session_id", BigInteger, ForeignKey("sessions.id"), nullable=False, comment="sent to while it is open"),
    Column("endpoint", Text, nullable=False, unique=True, comment="where a device's push service takes its messages"),
    Column("p256dh", LargeBinary, nullable=False, comment="the device's public key"),
    Column("auth", LargeBinary, nullable=False, comment="the secret that it shares with us"),
    moment("registered_at"),
)

# --------------------------------------------------------------------------------------- posts and media

posts = Table(
    "posts",
    metadata,
    key(),
    Column("author_id", BigInteger, nullable=False),
    Column("caption", Text, nullable=False),
    Column("tags", ARRAY(Text), nullable=False, server_default="{}", comment="given besides those in the caption"),
    Column("hashtags", ARRAY(Text), nullable=False, server_default="{}", comment="both together"),
    Column("mention_ids", ARRAY(BigInteger), nullable=False, server_default="{}"),
    Column("location_name", Text),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("status", Text, nullable=False),
    count("like_count"),
    count("comment_count"),
    Column("comment_place", BigInteger, nullable=False, server_default="0", comment="of the latest comment"),
    Column("feed_id", BigInteger, unique=True, comment="place in every list of posts; set when published"),
    moment("created_at"),
    moment("published_at", nullable=True),
    moment("edited_at", nullable=True),
    moment("deleted_at", nullable=True),
    CheckConstraint("(status = 'PUBLISHED') = (feed_id is not null)", name="published"),
    Index(
        "posts_author_id_feed_id_idx",
        "author_id",
        desc("feed_id"),
        postgresql_where=text("deleted_at is null and feed_id is not null"),
    ),
)

feed_clock = Table("feed_clock", metadata, key("shard"), Column("last", BigInteger, nullable=False))

fan_outs = Table(
    "fan_outs",
    metadata,
    key("feed_id"),
    Column("post_id", BigInteger, nullable=False, unique=True),
    Column("author_id", BigInteger, nullable=False),
    Column(
        "reached_id", BigInteger, nullable=False, server_default="0", comment="of the last follow that has the post"
    ),
    comment="published posts that are not on all timelines yet",
)

author_counts = Table("author_counts", metadata, key("author_id"), count("post_count"))

likes = Table(
    "likes",
    metadata,
    key("post_id"),
    key("user_id"),
    Column("id", BigInteger, nullable=False, comment="place in the post's list of likers"),
    Index("likes_post_id_id_idx", "post_id", desc("id"), unique=True),
)

comments = Table(
    "comments",
    metadata,
    key(),
    Column("post_id", BigInteger, nullable=False),
    Column("post_author_id", BigInteger, nullable=False),
    Column("author_id", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("mention_ids", ARRAY(BigInteger), nullable=False, server_default="{}"),
    count("like_count"),
    Column("place", BigInteger, nullable=False, comment="in the post's list; they commit in this order"),
    moment("created_at"),
    Index("comments_post_id_place_idx", "post_id", desc("place"), unique=True),
)

comment_likes = Table("comment_likes", metadata, key("comment_id"), key("user_id"))

saves = Table(
    "saves",
    metadata,
    key("user_id"),
    key("post_id"),
    Column("id", BigInteger, nullable=False, comment="place in the user's list of saved posts"),
    Index("saves_user_id_id_idx", "user_id", desc("id"), unique=True),
    Index("saves_post_id_idx", "post_id"),
)

media = Table(
    "media",
    metadata,
    key(),
    Column("owner_id", BigInteger, nullable=False),
    Column("post_id", BigInteger),
    Column("position", SmallInteger),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("failure_reason", Text),
    Column("alt_text", Text),
    Column("content_type", Text, nullable=False),
    Column("byte_size", BigInteger, nullable=False),
    Column("object_key", Text, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("blurhash", Text),
    Column(
        "is_guarded",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="its renditions lie where only signed URLs reach",
    ),
    moment("created_at"),
    Index("media_owner_id_id_idx", "owner_id", "id"),
    Index("media_post_id_position_idx", "post_id", "position"),
    Index("media_created_at_idx", "created_at", postgresql_where=text("post_id is null")),
)

hashtags = Table(
    "hashtags",
    metadata,
    key(),
    Column("name", Text, nullable=False, unique=True),
    count("post_count"),
)

hashtagged = Table(
    "hashtagged",
    metadata,
    key("hashtag_id"),
    key("feed_id"),
    Column("post_id", BigInteger, nullable=False, index=True),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    key("user_id"),
    Column("operation", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False, comment="of the input"),
    Column("result_id", BigInteger, nullable=False),
    moment("created_at"),
    Index("idempotency_keys_created_at_idx", "created_at"),
)

# ---------------------------------------------------------------------------------------- notifications

inboxes = Table(
    "inboxes",
    metadata,
    key("user_id"),
    Column("last", BigInteger, nullable=False, server_default="0", comment="highest place given"),
    Column("read_place", BigInteger, nullable=False, server_default="0", comment="read up to here"),
    Column("read_feed_id", BigInteger, nullable=False, server_default="0", comment="new posts, up to here"),
)

notifications = Table(
    "notifications",
    metadata,
    key(),
    Column("recipient_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject_id", BigInteger, nullable=False, comment="what it is about; 0: the recipient"),
    Column("post_id", BigInteger),
    Column("comment_id", BigInteger, comment="of the newest activity"),
    Column("place", BigInteger, nullable=False, comment="of the newest activity; 0 where all are undone"),
    count("actor_count"),
    moment("began_at"),
    moment("newest_at"),
    Index(
        "notifications_recipient_id_place_idx",
        "recipient_id",
        desc("place"),
        unique=True,
        postgresql_where=text("place > 0"),
    ),
    Index("notifications_subject_idx", "recipient_id", "kind", "subject_id", desc("id")),
)

activities = Table(
    "activities",
    metadata,
    key("recipient_id"),
    Column("kind", Text, primary_key=True),
    key("thing_id"),
    key("actor_id"),
    Column("notification_id", BigInteger, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("is_undone", Boolean, nullable=False, server_default=text("false")),
    moment("created_at"),
    Index(
        "activities_notification_id_place_idx",
        "notification_id",
        desc("place"),
        postgresql_where=text("not is_undone"),
    ),
    Index("activities_notification_id_actor_id_idx", "notification_id", "actor_id"),
    Index("activities_thing_id_idx", "thing_id"),
    Index("activities_actor_id_recipient_id_idx", "actor_id", "recipient_id"),
)

push_fan_outs = Table(
    "push_fan_outs",
    metadata,
    key("post_id"),
    Column("reached_id", BigInteger, nullable=False, comment="chunks of followers are announced up to this follow"),
    moment("began_at"),
    Index("push_fan_outs_began_at_idx", "began_at"),
    comment="published posts that followers' devices are told of",
)

# ----------------------------------------------------------------------------------------------- outbox

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("job", Text, nullable=False),
    Column("arguments", JSONB, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("last_error", Text),
    moment("announced_at"),
    Column("due_at", TIMESTAMP(timezone=True), nullable=False),
    Column("is_set_aside", Boolean, nullable=False, server_default=text("false")),
    Index("outbox_due_at_idx", "due_at", postgresql_where=text("not is_set_aside")),
)

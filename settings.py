"""Every address and limit of Photofeed: typed, read once at the entry, handed on by `wiring.py`.

A setting `database_url` is read from the environment variable `PHOTOFEED_DATABASE_URL`.
"""

import re

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from stores.rows import NotificationKind

MIB = 1024 * 1024
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Settings(BaseSettings):
    """Frozen; a description names the unit and the reason of each value."""

    model_config = SettingsConfigDict(env_prefix="PHOTOFEED_", frozen=True, extra="ignore")

    # ------------------------------------------------------------------ addresses and secrets
    database_url: SecretStr = Field(description="Postgres, as postgresql://user:password@host:port/name.")
    redis_url: SecretStr = Field(description="Redis or Valkey for timelines, as redis://host:port/0.")
    queue_redis_url: SecretStr | None = Field(None, description="Redis of the job queues; the timelines' when unset.")
    s3_endpoint_url: str = Field(description="The object store, as http(s)://host:port; also where clients upload to.")
    s3_access_key: SecretStr = Field(description="Access key of the object store.")
    s3_secret_key: SecretStr = Field(description="Secret key of the object store.")
    s3_region: str = Field("us-east-1", description="Region that requests to the object store are signed for.")
    s3_upload_bucket: str = Field("photofeed-uploads", description="Originals; private.")
    s3_media_bucket: str = Field(
        "photofeed-media", description="Renditions; readable by everybody who knows the address."
    )
    s3_guarded_bucket: str = Field(
        "photofeed-guarded", description="Renditions of private accounts' media; private, read by signed URLs."
    )
    media_base_url: str | None = Field(
        None, description="Where browsers load renditions from (the CDN); the media bucket's own address when unset."
    )
    secret_key: SecretStr = Field(
        min_length=32,
        description="At least 32 random characters; signs tokens and cursors. Changing it signs everybody out.",
    )

    # ------------------------------------------------------------------ serving
    host: str = Field("127.0.0.1", description="Address that the API listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that the API listens on; 0 takes a free one.")
    cors_origins: list[str] = Field(
        [], description="Origins of front-end apps that may call the API from a browser, as a JSON list."
    )
    graphiql: bool = Field(True, description="Serve GraphiQL to browsers on GET /graphql.")
    graphiql_login: str | None = Field(
        None, description="Account that GraphiQL signs in as; with its password, of demos only."
    )
    graphiql_password: SecretStr | None = Field(
        None, description="Its password, which everybody who opens GraphiQL can read."
    )
    introspection: bool = Field(True, description="Answer introspection queries and suggest names in error messages.")
    log_format: str = Field("json", pattern="^(json|console)$", description="json for machines, console for people.")
    shutdown_grace_s: int = Field(
        20, description="Seconds that running requests get after SIGTERM; below the usual 30 of orchestrators."
    )
    request_body_bytes: int = Field(
        256 * 1024, description="Largest body of a GraphQL request; a long comment with its document needs under 20 KB."
    )
    document_tokens: int = Field(
        1_000, description="Most tokens of a GraphQL document; GraphiQL's introspection has 300."
    )
    document_depth: int = Field(20, description="Deepest nesting of fields; the feed page has 9, introspection 15.")
    document_aliases: int = Field(50, description="Most aliased fields of an operation, fragments spread out.")
    document_directives: int = Field(50, description="Most directives of an operation, fragments spread out.")
    documents_cached: int = Field(500, description="Parsed and validated documents that a process remembers.")
    nodes_limit: int = Field(100, description="Most ids that one `nodes` field takes.")
    page_default: int = Field(20, description="Entries of a page when `first` is left out.")
    page_limit: int = Field(100, description="Largest `first`.")

    # ------------------------------------------------------------------ sockets and event streams
    socket_init_s: float = Field(10.0, description="Seconds that a WebSocket has for its connection_init.")
    socket_operations: int = Field(
        50, description="Operations that a WebSocket runs at once; a front-end has a handful of subscriptions."
    )
    socket_frames: int = Field(
        500, description="Frames that a WebSocket may send within 10 seconds; more close it with 1008."
    )
    socket_waiting_bytes: int = Field(
        256 * 1024,
        description="Bytes of results that wait for a WebSocket; more close it with 1013. With what uvicorn (64 KiB) "
        "and the kernel (256 KiB) hold, a reader that stopped costs under 1 MiB.",
    )
    send_within_s: float = Field(
        10.0, description="Seconds for one result to leave for a WebSocket (else closed with 1013) or an event stream."
    )
    stalled_s: int = Field(
        30, description="The kernel drops a connection whose peer has taken no byte for so many seconds."
    )
    sign_ins_at_once: int = Field(
        8,
        description="Tokens of sockets and event streams that a process judges at once: when all come back after a "
        "restart they wait for their turn, and leave some of database_pool_size to other requests.",
    )
    session_check_s: float = Field(
        2.0, description="How often a process asks whether the sessions of its sockets and event streams go on."
    )
    events_at_once: int = Field(
        16, description="Events of subscriptions that a process executes at once: some 10 ms of the event loop."
    )
    event_stream_keep_alive_s: float = Field(
        12.0, description="How often an event stream gets a comment; proxies end connections silent for 30 or 60 s."
    )

    # ------------------------------------------------------------------ stores
    database_pool_size: int = Field(10, description="Connections to Postgres that a process keeps.")
    database_readers: int = Field(
        4,
        description="Further connections, for what is asked all the time: one of them, and the others while a "
        "statement takes long.",
    )
    rows_kept: int = Field(
        10_000,
        description="Rows of each kind (posts, pictures, comments, people) that a process keeps, with what its "
        "answers have shown of them: some 2 KiB each. They are asked for all the same, and not made again.",
    )
    answers_kept_mib: int = Field(
        64,
        description="Memory of a process for its answers about posts of home feeds, kept as they were serialised. "
        "What an answer depends on is asked all the same, every time.",
    )
    database_pool_wait_s: float = Field(
        1.0, description="Seconds that a request waits for a connection before it is refused."
    )
    database_statement_timeout_ms: int = Field(5_000, description="Longest run of one statement.")
    database_connect_timeout_s: float = Field(2.0, description="Seconds for a new connection to Postgres.")
    redis_timeout_s: float = Field(0.5, description="Seconds for a connection to, or an answer from, Redis.")
    s3_timeout_s: float = Field(10.0, description="Seconds for a connection to, or an answer from, the object store.")
    health_timeout_s: float = Field(1.0, description="Seconds that /readyz gives each dependency.")

    # ------------------------------------------------------------------ signing in
    access_token_s: int = Field(15 * MINUTE, description="Life of an access token; short, because front-ends store it.")
    refresh_token_s: int = Field(60 * DAY, description="Life of a refresh token since it was last swapped.")
    refresh_grace_s: int = Field(
        30, description="For so long a swapped refresh token gets the same successor (lost answers, second tabs)."
    )
    password_min_characters: int = Field(8, description="NIST SP 800-63B, 5.1.1.1.")
    password_max_bytes: int = Field(1_024, description="Longer ones are refused before they are hashed.")
    hash_memory_kib: int = Field(
        19_456, description="argon2id memory; OWASP's first recommendation: 19 MiB, 2 passes, 1 lane."
    )
    hash_passes: int = Field(2, description="argon2id passes over the memory.")
    hash_concurrency: int = Field(
        2, description="Passwords hashed at once by a process; each takes a core and hash_memory_kib."
    )
    hash_queue: int = Field(64, description="Passwords that may wait to be hashed; more are refused as UNAVAILABLE.")

    # ------------------------------------------------------------------ people and posts
    sessions_listed: int = Field(100, description="Sessions that `viewer.sessions` shows, newest first.")
    caption_characters: int = Field(2_200, description="Longest caption, as on other photo networks.")
    bio_characters: int = Field(500, description="Longest bio.")
    display_name_characters: int = Field(64, description="Longest display name.")
    alt_text_characters: int = Field(1_000, description="Longest text for people who cannot see the picture.")
    location_name_characters: int = Field(100, description="Longest name of a place.")
    hashtags_per_post: int = Field(30, description="Most hashtags of a post, written and given together.")
    mentions_most: int = Field(
        20, description="Accounts that a caption or comment mentions beyond these stay plain text."
    )
    comment_characters: int = Field(2_200, description="Longest comment.")
    write_batch: int = Field(500, description="Most likes, or comments, that are committed together.")
    erase_chunk: int = Field(1_000, description="Rows of a deleted post that are removed in one transaction.")
    requests_chunk: int = Field(
        200, gt=0, description="Requests to follow an account that went public which one job accepts."
    )
    media_per_post: int = Field(10, description="Most pictures of a post.")
    idempotency_key_characters: int = Field(128, description="Longest idempotency key; a UUID has 36.")
    idempotency_window_s: int = Field(
        DAY, description="For so long the same idempotency key gives the first call's answer."
    )

    # ------------------------------------------------------------------ media
    upload_bytes: int = Field(30 * MIB, description="Largest image file; a 48-megapixel JPEG has about 20 MB.")
    upload_expires_s: int = Field(15 * MINUTE, description="Life of a presigned upload request.")
    upload_abandoned_s: int = Field(DAY, description="Media that no post took for so long are collected.")
    guarded_url_window_s: int = Field(
        5 * MINUTE,
        gt=0,
        le=DAY,
        description="For so long all viewers of a guarded rendition get the same signed URL; it lives for twice that.",
    )
    guard_chunk: int = Field(
        50, gt=0, le=300, description="Media of an account whose privacy changed that are moved by one job."
    )
    files_held: int = Field(
        3,
        gt=0,
        description="Jobs of a process that keep a connection to Postgres while they wait for the object store; "
        "a few of database_pool_size, for it may hang.",
    )
    image_pixels: int = Field(
        100_000_000, description="Most pixels of an image, judged before it is decoded: 100 megapixels."
    )
    image_frames: int = Field(
        1_000, description="Most frames of an animated image, judged before it is decoded; the first is shown."
    )
    image_processing_s: float = Field(15.0, description="Longest processing of one image; 12 megapixels take 0.7 s.")
    image_processes: int = Field(2, description="Images that a worker processes at once, each in a process of its own.")

    # ------------------------------------------------------------------ the home feed
    timeline_cap: int = Field(800, description="Posts on a timeline: 13.7 KB; what is older comes from Postgres.")
    timeline_max_age_s: int = Field(3 * DAY, description="Longest life of a timeline; who is away for longer has none.")
    timeline_building_s: int = Field(MINUTE, description="A timeline that is not built after so long is begun anew.")
    timeline_timeout_s: float = Field(
        0.15, description="Seconds for an answer about a timeline; then Postgres answers."
    )
    breaker_failures: int = Field(
        3, description="So many calls in a row without an answer, and Redis is not asked any more."
    )
    breaker_probe_s: float = Field(1.0, description="How often one call then tries whether Redis is back.")
    pull_threshold: int = Field(
        100_000, description="Authors with so many followers are not pushed; readers pull their posts."
    )
    fan_out_chunk: int = Field(1_000, description="Timelines that are pushed to in one round trip: 9 ms of Redis.")
    strong_mode_posts: int = Field(
        1_000, description="So many posts that are not fanned out yet are pulled by readers (strong mode); 0: none."
    )
    upkeep_waiting: int = Field(
        1_000, description="Timelines waiting to be built by a process; more are left to a later read."
    )
    upkeep_at_once: int = Field(2, description="Timelines that a process builds at once.")

    # ------------------------------------------------------------------ live
    live_window_s: int = Field(
        DAY, description="A subscription that missed events older than this cannot be resumed: CURSOR_EXPIRED."
    )
    live_resume_events: int = Field(500, description="Nor can one that missed more events than these.")
    live_waiting: int = Field(
        1_000, description="Events that wait for one subscriber, some 100 bytes each; more end it, to be resumed."
    )
    live_poll_s: float = Field(
        1.0, description="How often a process looks for new posts, and while Redis is away for all else, unasked."
    )
    live_look_s: float = Field(
        10.0, description="How often it looks for comments and the like, unasked: Redis may lose a wake-up call."
    )
    live_shared_s: float = Field(
        0.5,
        description="What one subscriber of an event was answered is answered to the others for so long; so late may a "
        "right that was taken away show to who is told of an event after others.",
    )

    # ------------------------------------------------------------------ notifications
    notification_window_s: int = Field(DAY, description="What is alike joins a notification that is not older.")
    notifications_kept_s: int = Field(90 * DAY, description="Life of a notification; new posts are told of as long.")

    # ------------------------------------------------------------------ Web Push
    vapid_private_key: SecretStr | None = Field(
        None,
        min_length=43,
        max_length=43,
        description="Of Web Push, as `photofeed vapid` makes it; nothing is pushed without. Another one silences every "
        "device until its app subscribes again.",
    )
    vapid_contact: str | None = Field(
        None,
        pattern="^(mailto:.+@.+|https://.+)$",
        validate_default=True,
        description="Where push services write to when something is wrong, as mailto: or https:; goes with the key.",
    )
    push_kinds: list[NotificationKind] = Field(
        ["NEW_POST", "FOLLOW", "FOLLOW_REQUEST", "FOLLOW_ACCEPTED", "POST_COMMENTED", "MENTION"],
        description="Notifications that devices are told of, as a JSON list; POST_LIKED and COMMENT_LIKED are quiet.",
    )
    push_ttl_s: int = Field(DAY, description="Push services keep a message so long for a device that is off.")
    push_timeout_s: float = Field(5.0, description="Seconds for a message to be taken by a push service.")
    push_chunk: int = Field(
        2_000, description="Followers whose devices one job tells of a post; repeated if its worker dies."
    )
    pushes_at_once: int = Field(100, description="Messages that a worker sends at once.")
    pushes_at_once_per_service: int = Field(
        50, description="Those of them to one push service, so that a slow one leaves room for the others."
    )
    push_subscriptions_per_user: int = Field(
        10, description="Devices of an account; of more, the one registered first gives way."
    )
    push_endpoint_characters: int = Field(
        2_000, le=2_600, description="Longest address of a device; an index of Postgres takes 2,700 bytes."
    )
    push_private_origins: list[str] = Field(
        [],
        description="Push services that may be inside the network or without TLS, as a JSON list of origins: for "
        "tests and development.",
    )

    # ------------------------------------------------------------------ jobs
    job_timeout_s: int = Field(
        20, description="Longest run of a job; after a worker's death its lock is held for so long."
    )
    job_attempts: int = Field(10, description="A job that failed so often is set aside.")
    job_retry_s: int = Field(
        5, description="First wait before a failed job runs again; doubles each time, up to 5 minutes."
    )
    jobs_at_once: int = Field(8, description="Jobs that a worker runs concurrently.")
    queue_poll_s: float = Field(0.1, description="How often a worker looks for new jobs.")
    sweep_every_s: float = Field(2.0, description="How often a worker looks for announced jobs that the queue lost.")
    sweep_after_s: int = Field(10, description="An announced job not done for so long is enqueued again.")
    collect_every_s: float = Field(
        60.0, description="How often a worker looks for abandoned uploads and old idempotency keys."
    )
    collect_batch: int = Field(200, description="Most uploads collected in one transaction.")
    queue_waiting: int = Field(
        10_000, description="Announced jobs that a process holds for Redis; more are left to the sweeper."
    )
    sweep_batch: int = Field(500, description="Most jobs enqueued again by one sweep.")

    @field_validator("vapid_private_key")
    @classmethod
    def _is_base64url(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and not re.fullmatch("[A-Za-z0-9_-]*", key.get_secret_value()):
            raise ValueError("take one that `photofeed vapid` makes")
        return key

    @field_validator("vapid_contact")
    @classmethod
    def _goes_with_the_key(cls, contact: str | None, others: ValidationInfo) -> str | None:
        if contact is None and others.data.get("vapid_private_key") is not None:
            raise ValueError("push services want one where PHOTOFEED_VAPID_PRIVATE_KEY is set")
        return contact

    @field_validator("s3_guarded_bucket")
    @classmethod
    def _is_of_its_own(cls, bucket: str, others: ValidationInfo) -> str:
        """Moving a rendition from a bucket to the same one would remove it."""
        if bucket in (others.data.get("s3_upload_bucket"), others.data.get("s3_media_bucket")):
            raise ValueError("must be a bucket of its own")
        return bucket


def table() -> str:
    """Every setting as a row of a Markdown table: its environment variable, its default, what it is."""
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "*required*" if field.is_required() else f"`{field.default}`"
        rows.append(f"| `PHOTOFEED_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)

"""Every address and limit of Photofeed: typed, read once at the entry, handed on by `wiring.py`.

A setting `database_url` is read from the environment variable `PHOTOFEED_DATABASE_URL`.
"""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

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

    # ------------------------------------------------------------------ stores
    database_pool_size: int = Field(10, description="Connections to Postgres that a process keeps.")
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
    media_per_post: int = Field(10, description="Most pictures of a post.")
    idempotency_key_characters: int = Field(128, description="Longest idempotency key; a UUID has 36.")
    idempotency_window_s: int = Field(
        DAY, description="For so long the same idempotency key gives the first call's answer."
    )

    # ------------------------------------------------------------------ media
    upload_bytes: int = Field(30 * MIB, description="Largest image file; a 48-megapixel JPEG has about 20 MB.")
    upload_expires_s: int = Field(15 * MINUTE, description="Life of a presigned upload request.")
    upload_abandoned_s: int = Field(DAY, description="Media that no post took for so long are collected.")
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


def table() -> str:
    """Every setting as a row of a Markdown table: its environment variable, its default, what it is."""
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "*required*" if field.is_required() else f"`{field.default}`"
        rows.append(f"| `PHOTOFEED_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)

"""Time-outs for tests that are not about them: a busy machine is no failure."""

from collections.abc import Mapping

from settings import Settings

PATIENCE_S = 60.0
"""Nothing but a fault takes so long, however slow and busy the machine is."""
PATIENT: Mapping[str, float] = {
    "database_pool_wait_s": PATIENCE_S,
    "database_connect_timeout_s": PATIENCE_S,
    "database_statement_timeout_ms": int(1_000 * PATIENCE_S),
    "redis_timeout_s": PATIENCE_S,
    "timeline_timeout_s": PATIENCE_S,
    "s3_timeout_s": PATIENCE_S,
    "push_timeout_s": PATIENCE_S,
    "health_timeout_s": PATIENCE_S,
    "image_processing_s": PATIENCE_S,
    "job_timeout_s": int(PATIENCE_S),
}


def as_in_production(*names: str) -> dict[str, float]:
    """What these settings are in production, for tests that are about them."""
    return {name: Settings.model_fields[name].default for name in names}

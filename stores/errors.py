"""The one thing that every store can say besides its answer."""


class StoreUnavailable(Exception):
    """Postgres, Redis or the object store did not answer. Nothing is known of a write that was under way."""

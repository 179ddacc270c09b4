"""The only code that talks to Postgres, Redis and the object store."""

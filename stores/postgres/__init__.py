"""Postgres, the source of truth: tables, units of work, the outbox, and one module of statements per noun."""

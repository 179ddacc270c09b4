"""How the tables came to be: alembic revisions, run by `photofeed migrate`."""

"""Redis: the queue of jobs. It holds nothing that Postgres cannot give back."""

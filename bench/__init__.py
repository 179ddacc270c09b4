"""What Photofeed costs here: `python -m bench.NAME` prints a table, from servers of its own, in under two minutes."""

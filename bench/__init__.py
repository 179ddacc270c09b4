"""What Photofeed costs here: `python -m bench.NAME` prints a table, from servers of its own, in about two minutes.

`bench.feed`, which measures others beside it, takes up to ten.
"""

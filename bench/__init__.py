"""What Photofeed costs here: `python -m bench.NAME` prints a table, from servers of its own, in two to ten minutes.

`bench.feed` also measures others. What programs may want to read goes to bench/results/NAME.json.
"""

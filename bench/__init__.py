"""What Photofeed costs here: `python -m bench.NAME` prints tables, from servers of its own, within ten minutes.

`bench.feed` also measures others. What programs may want to read goes to bench/results/NAME.json. `--help` tells how
long each takes at most on two cores that do other work, too; `make bench` runs all of them, in some half an hour.
"""

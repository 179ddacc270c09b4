"""Photofeed's home feed beside other servers, asked the same about the same people: `python -m bench.feed`."""

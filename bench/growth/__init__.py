"""What becomes of the feed, of fan-outs and of an API process as data, followees and requests get more."""

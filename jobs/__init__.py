"""The worker: one job per file, and the map from an announced event to its jobs.

A job takes ids, reads the truth when it runs, and is harmless twice, late, or out of order.
"""

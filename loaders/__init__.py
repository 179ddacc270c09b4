"""Loaders: one batched question each, asked anew for every operation, in the viewer's name."""

"""Verbs: one module per area, a mutation's input and function side by side. They return rows, pages and results."""

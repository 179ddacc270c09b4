"""The GraphQL schema: nouns. `schema.graphql` is its printed form."""

from schema.root import schema

__all__ = ["schema"]

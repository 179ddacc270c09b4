"""The HTTP edge: ASGI app, GraphQL over HTTP, GraphiQL, health, metrics."""

"""Running GraphQL operations over batches: declared edges and the loaders they ask. Nothing here knows of photos."""

"""What Photofeed does: guard, act, announce, return. No GraphQL, no HTTP, no arq."""

"""Full-text search, and lists of what matches a query."""

"""Full-text search: the index, the query language, results with the matches shown."""

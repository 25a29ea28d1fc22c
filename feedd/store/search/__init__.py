"""Full-text search, and lists of what matches a query.

index        the index of words, fed and rebuilt
word_match   what of a query the index answers, as one MATCH
conditions   a query as SQL
query_lists  what matches, by time
results      what matches, the best first
snippets     the place that matched, with its marks
"""

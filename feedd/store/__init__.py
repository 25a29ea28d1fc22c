"""The one file that remembers: a SQLite database, and functions over a connection to it.

    database, sqlite, stored_values     opening it; transactions, errors; how values lie
    schema/                             its tables, and how older ones become today's
    feeds, polls, recovery              what is remembered of feeds, of polls, and beside them
    entries, entry_rows, entry_versions what publishers said, as polls write it
    groups, similarity                  one story in several feeds
    articles                            pages to be fetched, and what came of them
    marks, acts, rule_actions           what a reader does, has done for him, and takes back
    items, lists, events, search/       what a reader, or a script, asks for
    measurements                        the database in numbers
    upkeep/                             retention, checks and repairs, copies

sqlite-utils creates, migrates and maintains the database (`schema`, `upkeep`); the modules that a
reading command needs do without it, since it takes longer to import than a list takes to print.
"""

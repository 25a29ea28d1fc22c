"""The one file that remembers: a SQLite database, and functions over a connection to it.

    database, sqlite, backup                opening it, one daemon; transactions and errors; copies
    schema/                                 its tables, and how older ones become today's
    feeds, polls, recovery                  what is remembered of feeds, of polls, and beside them
    entries, entry_rows, groups, stored_values  what publishers said, as polls write it
    articles                                pages to be fetched, and what came of them
    items, lists, marks, search/            what a reader asks for and does
    measurements, upkeep, integrity         figures, retention, checks and repairs

sqlite-utils creates, migrates and maintains the database (`schema`, `upkeep`); the modules that a
reading command needs do without it, since it takes longer to import than a list takes to print.
"""

"""The one file that remembers: a SQLite database, and functions over a connection to it.

    database, sqlite, daemon_lock, backup   opening it; transactions and errors; one daemon; copies
    schema/                                 its tables, and how older ones become today's
    feeds, polls, recovery, hub_subscriptions   what is remembered of feeds and of polling them
    entries, entry_rows, groups, stored_values  what publishers said, as polls write it
    articles                                pages to be fetched, and what came of them
    items, lists, marks, search/            what a reader asks for and does
    measurements, upkeep, integrity         figures, retention, checks and repairs

sqlite-utils creates, migrates and maintains the database (`schema`, `upkeep`); the modules that a
reading command needs do without it, since it takes longer to import than a list takes to print.
"""

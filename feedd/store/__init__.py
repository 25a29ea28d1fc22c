"""The one file that remembers: a SQLite database, and functions over a connection to it.

sqlite-utils creates, migrates and maintains the database (`schema`, `upkeep`); the modules that a
reading command needs do without it, since it takes longer to import than a list takes to print.
"""

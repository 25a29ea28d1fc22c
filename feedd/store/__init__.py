"""The one file that remembers: schema, writing, reading, search, marks, upkeep.

Functions over a plain `sqlite3.Connection` from `connection`. sqlite-utils creates, migrates and
maintains the database (`schema`, `upkeep`); the modules that a reading command needs do without it,
since it takes longer to import than a list takes to print.
"""

"""What keeps a database in good order over the years.

retention    which entries are dropped, and when
compaction   statistics, the search index and free space; memory given back
backup       a consistent copy, and a copy put in the database's place
integrity    is it sound, and what can be mended in place
salvage      what is past that, read table by table into a new one
"""

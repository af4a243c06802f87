"""How is a data folder backed up while it is served and written to, and restored?

A backup is a folder that holds the indexes as they are in the data folder, copies of the SQLite
files, and ``backup.json``, which names all of it. See docs/operations.md.
"""

"""Which tasks on articles does our own API have? Add, change, delete, and delete by query."""

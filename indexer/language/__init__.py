"""Indonesian: turn text into terms; recognise names, acronyms and numbers."""

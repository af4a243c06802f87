"""Indonesian: from text to terms, and what the language knows of names, acronyms and numbers."""

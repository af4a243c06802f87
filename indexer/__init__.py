"""The library: Indonesian article text in, a searchable index out.

Nothing here knows about HTTP, a command line or a terminal. Imports point one way: ``pipeline ->
ingest -> language -> engine.base``; ``engine`` never looks at language rules and ``language`` never
looks at an index.
"""

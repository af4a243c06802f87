"""The embedded engine: a Whoosh index whose segments are packed arrays, searched with numba.

Whoosh keeps the schema, the table of contents, deletions and the write lock; ``codec`` lets
Whoosh's own searcher read our segments. Everything else reads and writes arrays.
"""

from indexer.engine.embedded.engine import EmbeddedEngine, open_engine

__all__ = ["EmbeddedEngine", "open_engine"]

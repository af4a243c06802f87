"""The embedded engine: a Whoosh index whose segments are packed arrays, read by compiled loops.

Whoosh keeps the schema, the table of contents, deletions and the write lock; ``codec`` lets
Whoosh's own searcher read our segments. Everything else reads and writes arrays.
"""

from indexer.engine.embedded.engine import EmbeddedEngine, open_engine
from indexer.engine.embedded.salvage import Lost, Salvage, survey

__all__ = ["EmbeddedEngine", "Lost", "Salvage", "open_engine", "survey"]

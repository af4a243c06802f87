"""The engines that are compared, each behind the same few methods."""

from __future__ import annotations

from importlib import import_module

from bench.engines.base import Driver

#: Name -> module and class. Imported when asked for, so that one process loads one engine.
ENGINES = {
    "searchsvc": ("bench.engines.embedded", "EmbeddedDriver"),
    "tantivy": ("bench.engines.tantivy_index", "TantivyDriver"),
    "bm25s": ("bench.engines.bm25s_index", "Bm25sDriver"),
    "fts5": ("bench.engines.fts5", "Fts5Driver"),
    "whoosh": ("bench.engines.stock_whoosh", "StockWhooshDriver"),
    "service": ("bench.engines.service", "ServiceDriver"),
    "opensearch": ("bench.engines.in_opensearch", "OpenSearchDriver"),
}
OURS = "searchsvc"
#: Needs a server: measured only if it is named.
_ON_REQUEST = ("opensearch",)
USUAL = tuple(name for name in ENGINES if name not in _ON_REQUEST)


def load_driver(name: str) -> Driver:
    """A driver of the engine ``name``. Raises ImportError where its package is missing."""
    module, cls = ENGINES[name]
    driver: Driver = getattr(import_module(module), cls)()
    return driver

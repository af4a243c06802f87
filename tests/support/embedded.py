"""The embedded engine for tests; they are skipped until it has landed."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from indexer.engine.base import Engine


def open_embedded(path: Path) -> Engine:
    """The embedded engine on the index at ``path``, made where there is none."""
    embedded = importlib.import_module("indexer.engine.embedded")
    if not hasattr(embedded, "open_engine"):
        pytest.skip("the embedded engine has not landed")
    engine: Engine = embedded.open_engine(path, create=True)
    return engine

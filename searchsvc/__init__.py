"""The service over the library: a typed query in, hits and facets out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from searchsvc.index import Index

__all__ = ["Index"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Loaded on first use: ``searchsvc --help`` needs no engine.
    if name == "Index":
        from searchsvc.index import Index

        return Index
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

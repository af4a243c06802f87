"""What suggestions have asked of one generation, kept: every key asks for most of it again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import islice
from threading import Lock
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from searchsvc.query.knowledge import Knowledge

Found = TypeVar("Found")

_KEPT: WeakKeyDictionary[Knowledge, dict[str, dict[Hashable, Any]]] = WeakKeyDictionary()
_CHANGING = Lock()


def recall(
    knowledge: Knowledge, kind: str, key: Hashable, find: Callable[[], Found], *, most: int = 5_000
) -> Found:
    """``find()``, worked out once for each ``kind`` and ``key`` as long as ``knowledge`` lives;
    of each kind, ``most`` are kept before the older half goes.

    What it returns must not be changed. Safe from several threads: the worst a race can do is to
    find the same twice.
    """
    with _CHANGING:
        kept = _KEPT.setdefault(knowledge, {}).setdefault(kind, {})
    nothing = object()
    known = kept.get(key, nothing)
    if known is not nothing:
        return cast(Found, known)
    found = find()
    with _CHANGING:
        if len(kept) >= most:
            for oldest in list(islice(kept, most // 2)):
                del kept[oldest]
        kept[key] = found
    return found

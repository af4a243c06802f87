"""How are lookups shared between keystrokes? Memoised per generation: each keystroke repeats most
of them.
"""

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
    """Return ``find()``, memoised by ``kind`` and ``key`` for the lifetime of ``knowledge``; at
    most ``most`` entries of each kind, of which the older half is then evicted.

    The result must not be modified. Safe from several threads: at worst, a race computes the same
    result twice.
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

"""What does an article keep of a record besides our fields?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

import orjson

from indexer.article import Warned

#: Maximum bytes of JSON that an article keeps in addition to its fields, and of a single value.
MAX_EXTRA_BYTES: Final = 200_000
_DEEPEST: Final = 50


def read_extra(value: Any, warnings: list[Warned], path: str, line: int) -> dict[str, Any]:
    """The entries of ``value`` in JSON form; what exceeds the limits is dropped, with a warning.

    A nested ``extra``, as our own articles have, is merged.
    """
    if not value or not isinstance(value, Mapping):
        return {}
    own = value.get("extra")
    if isinstance(own, Mapping):
        value = {**{key: one for key, one in value.items() if key != "extra"}, **own}
    kept: dict[str, Any] = {}
    left_out: list[str] = []
    room = MAX_EXTRA_BYTES
    for key, inner in value.items():
        plain = inner
        if not (isinstance(inner, str) and inner.isascii()) and type(inner) is not bool:
            plain = _make_plain(inner, 0)
        size = len(plain) if isinstance(plain, str) else len(orjson.dumps(plain))
        if size > room:
            left_out.append(str(key)[:40])
            continue
        room -= size
        kept[str(key) if str(key).isascii() else _to_text(str(key))] = plain
    if left_out:
        names = ", ".join(left_out[:5])
        told = f"over {MAX_EXTRA_BYTES:,} bytes besides its fields; left out are {names}"
        warnings.append(Warned(path, line, told))
    return kept


def _make_plain(value: Any, depth: int) -> Any:
    """``value`` in storable form: no broken characters, numbers beyond 64 bits as texts, limited
    depth.
    """
    if isinstance(value, str):
        return _to_text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if depth >= _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {_to_text(str(key)): _make_plain(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_make_plain(one, depth + 1) for one in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return _to_text(str(value))


def _to_text(text: str) -> str:
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text

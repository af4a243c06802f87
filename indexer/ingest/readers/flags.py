"""Does a value only say yes or no? As databases, tables and people write it."""

from __future__ import annotations

from typing import Any, Final

#: The bits of MySQL, as its dumps write them.
_NO_BITS: Final = ("b'0'", "\0", "\\0")
_YES_BITS: Final = ("b'1'", "\1", "\\1")
#: "0.0" comes from a column of numbers in which some are missing.
NO: Final = frozenset((*("0", "0.0", "false", "f", "n", "no", "off", "tidak", "belum"), *_NO_BITS))
YES: Final = frozenset((*("1", "1.0", "true", "t", "y", "yes", "on", "ya", "sudah"), *_YES_BITS))


def is_flag(value: Any) -> bool:
    """Whether ``value`` is a yes or a no.

    >>> is_flag("f"), is_flag(True), is_flag("2024")
    (True, True, False)
    """
    return isinstance(value, bool) or str(value).strip().lower() in NO | YES

"""Does a value only say yes or no? As databases, tables and people write it."""

from __future__ import annotations

from typing import Any, Final

#: What says no; "0.0" is a column of numbers in which some are missing, "\0" a bit of MySQL.
NO: Final = frozenset(("0", "0.0", "\0", "false", "f", "n", "no", "off", "tidak", "belum"))
YES: Final = frozenset(("1", "1.0", "\1", "true", "t", "y", "yes", "on", "ya", "sudah"))


def is_flag(value: Any) -> bool:
    """Whether ``value`` is a yes or a no.

    >>> is_flag("f"), is_flag(True), is_flag("2024")
    (True, True, False)
    """
    return isinstance(value, bool) or str(value).strip().lower() in NO | YES

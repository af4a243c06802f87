"""Which values mean that there is no value?"""

from __future__ import annotations

from typing import Any, Final

#: What databases, pandas, spreadsheets and templates write for "nothing".
NOTHING: Final = frozenset(
    (
        *("", "NULL", "null", "Null", "nan", "NaN", "NAN", "None", "\\N", "<NA>", "NaT", "#N/A"),
        *("N/A", "n/a", "nil", "(null)", "undefined", "[]", "{}", "0000-00-00"),
        *("0000-00-00 00:00:00", "-", "[null]"),
    )
)


def is_nothing(value: Any) -> bool:
    """Whether ``value`` is empty, whatever wrote it.

    >>> is_nothing("NULL"), is_nothing(float("nan")), is_nothing([]), is_nothing(0)
    (True, True, True, False)
    """
    if isinstance(value, str):
        return value in NOTHING
    if value is None:
        return True
    if isinstance(value, float):
        return value != value
    return isinstance(value, list | dict | tuple) and not value

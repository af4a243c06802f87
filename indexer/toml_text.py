"""How is TOML read? By Python's own reader, imported only when there is some to read."""

from __future__ import annotations

import sys
from typing import Any


def parse_toml(data: bytes) -> dict[str, Any]:
    """The tables of a file with the content ``data``. Raises ValueError with the reason if it is
    not TOML.
    """
    # Most sites have no such file, and their searches should not wait for this import.
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        values: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError(f"it is not TOML: {str(error).rstrip('.')}") from error
    return values

"""How do synonyms and stop words of the settings get into the index's own dictionary?

They are written between two marks in the dictionary file beside the index (``docs/dictionary.md``);
whatever else a site has written there stays.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from indexer.durable_file import replace_file
from indexer.errors import IndexNotWritten
from searchsvc.dictionary_editing import GENERATED_BEGIN, GENERATED_END, locked

FILE: Final = "dictionary.txt"
_BLOCK: Final = re.compile(
    rf"\n?^{re.escape(GENERATED_BEGIN)}$.*?^{re.escape(GENERATED_END)}$\n?",
    re.MULTILINE | re.DOTALL,
)
#: Characters with a meaning in that file.
_MARKS: Final = re.compile(r"[=,#\[\]\s]+")


def write_own_words(folder: Path, settings: Mapping[str, Any]) -> None:
    """Write the settings' words to the dictionary in ``folder``. Raises IndexNotWritten."""
    # A link stays one, and the lock is that of what it leads to.
    path = Path(os.path.realpath(folder / FILE))
    try:
        with locked(path):
            before = path.read_text("utf-8") if path.exists() else ""
            after = _put_lines(before, list(_list_lines(settings)))
            if after != before:
                replace_file(path, after.encode())
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IndexNotWritten(str(path), reason) from error


def _put_lines(text: str, lines: list[str]) -> str:
    """The text of a dictionary with these lines between the marks."""
    others = _BLOCK.sub("", text)
    if not lines:
        return others
    parts = (others.rstrip("\n"), GENERATED_BEGIN, *lines, GENERATED_END)
    return "\n".join(filter(None, parts)) + "\n"


def _list_lines(settings: Mapping[str, Any]) -> Iterator[str]:
    synonyms = [
        f"{_clean(word)} => {', '.join(filter(None, map(_clean, others)))}"
        for word, others in settings["synonyms"].items()
        if _clean(word) and any(map(_clean, others))
    ]
    if synonyms:
        yield from ("[synonyms]", *synonyms)
    stop_words = list(filter(None, map(_clean, settings["stopWords"])))
    if stop_words:
        yield from ("[stop words]", *stop_words)


def _clean(words: str) -> str:
    return " ".join(_MARKS.sub(" ", words).split())

"""How does a program write into a site's own dictionary? Lines are added and taken out; all others
stay as they are, comments and order included.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from indexer.durable_file import FILE_MODE, open_lock_file, replace_file
from indexer.errors import IndexerError, UnreadableInput
from indexer.language.dictionary import Row
from indexer.language.dictionary_text import (
    HIDDEN,
    PINNED,
    find_section,
    parse_dictionary,
    split_comment,
    write_ids,
)
from indexer.language.tokens import tokenize
from searchsvc.lock_file import lock_at_once

#: What is between these lines is written anew when settings of an index change.
GENERATED_BEGIN = "# meilisearch settings: written anew at each change, do not edit"
GENERATED_END = "# end of meilisearch settings"

#: Of the file beside the dictionary that is locked while it changes.
LOCK_SUFFIX = ".lock"
#: How long one change waits for another.
_PATIENCE_SECONDS = 5.0
_LOOK_SECONDS = 0.02
#: What a program must not write into an entry.
_MARKS = re.compile(r"[=,#\[\]\s]+")

Lines = list[str]


class DictionaryNotWritten(IndexerError):
    """The file ``path`` could not be changed; it is as it was."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"The dictionary {path} was not changed: {reason}.")


def add_synonym(path: Path, typed: str, meant: str) -> str:
    """Add a one-way synonym, after the others; return its line. Raises DictionaryNotWritten."""
    line = f"{clean(typed)} => {clean(meant)}"

    def add(lines: Lines) -> Lines:
        return _add_to_section(lines, "synonyms", line)

    _change(path, add)
    return line


def set_articles(path: Path, query: str, pinned: Sequence[str], hidden: Sequence[str]) -> None:
    """Make these the articles pinned to the query and hidden from it, in place of those there are.
    Raises DictionaryNotWritten, also if the query has no word, or too many.
    """
    row = split_words(query)

    def replace(lines: Lines) -> Lines:
        for section, ids in ((PINNED, pinned), (HIDDEN, hidden)):
            lines = _take_out(lines, section, row)
            if ids:
                entry = f"{' '.join(row)} = {write_ids(ids)}"
                lines = _add_to_section(lines, section, entry)
        return lines

    _change(path, replace)


def split_words(query: str) -> Row:
    """The words of a query, as the dictionary has them."""
    return tuple(token.text for token in tokenize(query))


def clean(words: str) -> str:
    """Words without what has a meaning in the file."""
    return " ".join(_MARKS.sub(" ", words).split())


# --- lines


def _list_sections(lines: Lines) -> Iterator[str]:
    """The section that each line belongs to; empty where it is in none, or between the marks."""
    section, ours = "", True
    for line in lines:
        text = split_comment(line)[0]
        if text.startswith("["):
            section = find_section(text) or ""
        if line.strip() == GENERATED_BEGIN:
            ours = False
        yield section if ours else ""
        if line.strip() == GENERATED_END:
            ours = True


def _add_to_section(lines: Lines, section: str, entry: str) -> Lines:
    """With the entry after the last one of its section, or in a new section at the end."""
    place = 0
    for number, (line, inside) in enumerate(zip(lines, _list_sections(lines), strict=True), 1):
        if inside == section and split_comment(line)[0]:
            place = number
    if place:
        return [*lines[:place], entry, *lines[place:]]
    gap = [""] if lines and lines[-1].strip() else []
    return [*lines, *gap, f"[{section}]", entry]


def _take_out(lines: Lines, section: str, row: Row) -> Lines:
    """Without the entries of the query in this section."""
    kept = []
    for line, inside in zip(lines, _list_sections(lines), strict=True):
        text, comment = split_comment(line)
        queries, equals, ids = text.partition("=")
        if inside != section or not equals:
            kept.append(line)
            continue
        parts = queries.split(",")
        others = [part for part in parts if split_words(part) != row]
        if len(others) == len(parts):
            kept.append(line)
        elif others:
            entry = f"{', '.join(part.strip() for part in others)} = {ids.strip()}"
            kept.append(f"{entry}  {comment}" if comment else entry)
        elif comment:
            kept.append(comment)
    return kept


# --- the file


def _change(path: Path, change: Callable[[Lines], Lines]) -> None:
    # A link stays one: what it leads to is replaced.
    path = Path(os.path.realpath(path))
    try:
        with locked(path):
            before = path.read_bytes() if path.exists() else b""
            end = "\r\n" if b"\r\n" in before else "\n"
            lines = before.decode("utf-8-sig").replace("\r\n", "\n").removesuffix("\n")
            changed = change(lines.split("\n") if lines else [])
            after = "".join(f"{line}{end}" for line in changed).encode()
            _refuse_problems(path, before, after)
            if after != before:
                mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else FILE_MODE
                replace_file(path, after)
                path.chmod(mode)
    except (UnicodeDecodeError, UnreadableInput) as error:
        raise DictionaryNotWritten(path, "it is not a text in UTF-8") from error
    except OSError as error:
        raise DictionaryNotWritten(path, error.strerror or str(error)) from error


def _refuse_problems(path: Path, before: bytes, after: bytes) -> None:
    """Raise DictionaryNotWritten if the change brings a line that cannot be understood."""
    known = {one.message for one in parse_dictionary(before, str(path)).problems}
    for problem in parse_dictionary(after, str(path)).problems:
        if problem.message not in known:
            raise DictionaryNotWritten(path, problem.message.rstrip("."))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other changes of the dictionary ``path`` out, by whichever process. Raises OSError,
    TimeoutError.
    """
    file = open_lock_file(path.with_name(path.name + LOCK_SUFFIX))
    try:
        until = time.monotonic() + _PATIENCE_SECONDS
        while not lock_at_once(file):
            if time.monotonic() > until:
                raise TimeoutError("another program is changing it")
            time.sleep(_LOOK_SECONDS)
        yield
    finally:
        os.close(file)

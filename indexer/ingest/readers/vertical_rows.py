"""How is the output of a database's client read that has each value on a line of its own?

``\\G`` of mysql and ``\\x`` of psql write a rule with the row's number, then ``column: value`` or
``column | value``. The mark is in the same column throughout a row, so the lines of a value of
several lines are told from columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.article import Reject, Warned
from indexer.ingest.readers.decode import NOT_TEXT, SAMPLE_BYTES, choose_encoding, open_text
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.limits import MAX_COLUMNS, limit_record
from indexer.ingest.readers.records import Options, Record

RULE: Final = re.compile(
    r"(?:\*{5,80} \d{1,12}\. row \*{5,80}|-\[ RECORD \d{1,12} \][-+]{0,9999})[ \r]{0,9}(?:\n|$)"
)
_COLUMN: Final = re.compile(r"(?P<name> *[\w$.()@-][\w$.()@ -]{0,63}?) *(?P<mark>[:|])(?: |$)")
#: What a client says below its rows: ``2 rows in set (0.00 sec)``, ``(2 rows)``.
_SUMMARY: Final = re.compile(r"\(?\d+ rows?\b[^\n]{0,60}$")


def read_vertical(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """Records of the rows; ``line`` is that of the rule above a row."""
    encoding = choose_encoding(source.peek(SAMPLE_BYTES))
    if encoding is None:
        yield Reject(source.path, 1, NOT_TEXT)
        return
    limit = limit_record(options.max_article_bytes)
    with open_text(source.stream, encoding) as text:
        row = _Row(0)
        number = 0
        while line := text.readline(limit + 1):
            number += 1
            if RULE.match(line):
                yield from row.finish(source.path, limit)
                row = _Row(number)
            elif row.line:
                row.add(line.rstrip("\r\n"), limit)
        yield from row.finish(source.path, limit)


class _Row:
    """One row, as far as it has been read. ``line`` is 0 above the first."""

    def __init__(self, line: int) -> None:
        self.line = line
        self._values: dict[str, list[str]] = {}
        self._name = ""
        self._mark = -1
        self._size = 0

    def add(self, line: str, limit: int) -> None:
        """Add a line: a column, or more of the last one's value."""
        self._size += len(line) + 1
        if self._size > limit:
            self._values.clear()
            return
        found = _COLUMN.match(line)
        at = found.start("mark") if found is not None else -1
        if found is not None and (self._mark < 0 or at == self._mark):
            self._mark = at
            name = found["name"].strip()
            if name and (name in self._values or len(self._values) < MAX_COLUMNS):
                self._name = name
                self._values[name] = [line[found.end("mark") + 1 :]]
                return
        if self._name:
            # psql repeats the mark before each line of a value.
            behind = line[self._mark + 1 :] if line[: self._mark + 1].strip() == "|" else line
            self._values[self._name].append(behind.removeprefix(" "))

    def finish(self, path: str, limit: int) -> Iterator[Record | Reject]:
        """The record of the row."""
        if not self.line:
            return
        if self._size > limit:
            yield Reject(path, self.line, f"the row is over the limit of {limit:,} bytes")
            return
        values = {name: "\n".join(_trim(lines)) for name, lines in self._values.items()}
        if values:
            yield Record(self.line, values)
        else:
            yield Reject(path, self.line, "the row has no column")


def _trim(lines: list[str]) -> list[str]:
    """The lines of a value, without what psql writes at their ends and the client's last line."""
    kept = list(lines)
    while len(kept) > 1 and (not kept[-1].strip() or _SUMMARY.match(kept[-1])):
        kept.pop()
    # psql writes a plus sign at the end of each line that goes on.
    wrapped = all(line.endswith("+") for line in kept[:-1])
    return [line[:-1].rstrip() for line in kept[:-1]] + kept[-1:] if wrapped else kept

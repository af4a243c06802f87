"""How is a dictionary file parsed? Sections, one entry a line, ``#`` before a comment.

A line that cannot be parsed is skipped and reported with its number and a remedy; the others count.
``docs/dictionary.md`` documents the format for users.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from indexer.errors import UnreadableInput
from indexer.language.dictionary import Dictionary, Row
from indexer.language.tokens import tokenize

#: A larger file is not a list that people keep by hand.
MAX_BYTES = 8_000_000
#: Words in a row, and synonyms in one entry: each adds cost to every query that contains it.
MAX_ROW_WORDS = 8
MAX_WAYS = 20
#: Words of a query, and articles pinned to it or hidden from it.
MAX_QUERY_WORDS = 16
MAX_PINNED = 20
MAX_HIDDEN = 200

PINNED, HIDDEN = "pinned", "hidden"

_SECTIONS: dict[str, str] = {
    **dict.fromkeys(("synonyms", "synonym", "sinonim"), "synonyms"),
    **dict.fromkeys(("stems", "stem", "kata dasar"), "stems"),
    **dict.fromkeys(("labels", "label", "sections", "rubrik"), "labels"),
    **dict.fromkeys(("stop words", "stopwords", "stop word", "kata umum"), "stop words"),
    **dict.fromkeys(("names", "name", "protected names", "nama"), "names"),
    **dict.fromkeys(
        ("blocked words", "blocked", "blocked word", "suggest", "tidak diusulkan"), "blocked words"
    ),
    **dict.fromkeys(("pinned", "pin", "pins", "disematkan"), PINNED),
    **dict.fromkeys(("hidden", "hide", "disembunyikan"), HIDDEN),
}
#: Section names as a file may spell them.
SECTION_NAMES: tuple[str, ...] = tuple(_SECTIONS)

_COMMENT = re.compile(r"(?:^|\s)#")
_BETWEEN_WORDS = re.compile(r"[\s_-]+")
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was skipped, whole or in part. ``line`` counts from 1."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def split_comment(line: str) -> tuple[str, str]:
    """(entry, comment) of a line, each stripped; the comment begins with ``#`` or is empty."""
    found = _COMMENT.search(line)
    if found is None:
        return line.strip(), ""
    return line[: found.start()].strip(), line[found.start() :].strip()


def find_section(text: str) -> str | None:
    """The section that a line such as ``[sinonim]`` begins, by its first name; ``None`` if it is
    none.
    """
    return _SECTIONS.get(_read_section_name(text)) if text.endswith("]") else None


def _read_section_name(text: str) -> str:
    return " ".join(_BETWEEN_WORDS.split(text[1:-1].strip().casefold()))


class Loaded(NamedTuple):
    """The entries of a file, and its problems in order of lines."""

    dictionary: Dictionary
    problems: list[Problem]


class _Unclear(Exception):
    """The entry cannot be parsed; the message says why and what to write instead."""


def parse_dictionary(data: bytes, path: str = "dictionary.txt") -> Loaded:
    """Parse the dictionary in ``data``. Raises UnreadableInput if it is not UTF-8 text.

    >>> loaded = parse_dictionary(b"[synonyms]\\nbbm = bahan bakar minyak\\n[namez]\\n")
    >>> loaded.dictionary.synonyms[("bbm",)]
    (('bahan', 'bakar', 'minyak'),)
    >>> print(loaded.problems[0])  # doctest: +ELLIPSIS
    dictionary.txt:3: There is no section [namez]; did you mean [names]? ...
    """
    if len(data) > MAX_BYTES:
        raise UnreadableInput(path, f"a dictionary has at most {MAX_BYTES:,} bytes.")
    if data.startswith(_UTF16_MARKS) or b"\0" in data:
        raise UnreadableInput(path, "it is not a text in UTF-8. Save it as UTF-8.")
    reader = _Reader(path)
    lines = data.removeprefix(_UTF8_MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for number, line in enumerate(lines.split(b"\n"), start=1):
        reader.read_line(number, line)
    return reader.finish()


class _Reader:
    """The state of one parse, line by line."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.line = 0
        #: The current section; empty before the first one and in an unknown one.
        self.section = ""
        self.told_outside = False
        self.problems: list[Problem] = []
        self.synonyms: dict[Row, dict[Row, None]] = {}
        self.stems: dict[str, str] = {}
        self.stopwords: set[str] = set()
        self.blocked: set[Row] = set()
        self.labels: dict[str, str] = {}
        #: Ids of articles by query.
        self.pinned: dict[Row, dict[str, None]] = {}
        self.hidden: dict[Row, dict[str, None]] = {}
        #: Line numbers where words were given a stem or listed as names.
        self.stem_lines: dict[str, int] = {}
        self.name_lines: dict[str, int] = {}
        self.readers = {
            "synonyms": self.read_synonyms,
            "stems": self.read_stems,
            "stop words": self.read_stopword,
            "names": self.read_names,
            "labels": self.read_labels,
            "blocked words": self.read_blocked,
            PINNED: self.read_pinned,
            HIDDEN: self.read_hidden,
        }

    def finish(self) -> Loaded:
        dictionary = Dictionary(
            synonyms={row: tuple(others) for row, others in self.synonyms.items()},
            stems=self.stems,
            stopwords=frozenset(self.stopwords),
            names=frozenset(self.name_lines),
            blocked=frozenset(self.blocked),
            labels=self.labels,
            pinned={row: tuple(ids) for row, ids in self.pinned.items()},
            hidden={row: tuple(ids) for row, ids in self.hidden.items()},
        )
        return Loaded(dictionary, self.problems)

    def tell(self, message: str) -> None:
        self.problems.append(Problem(self.path, self.line, message))

    def read_line(self, number: int, line: bytes) -> None:
        self.line = number
        try:
            text = split_comment(line.decode("utf-8"))[0]
        except UnicodeDecodeError as error:
            self.tell(f"Byte {line[error.start]:#04x} is not UTF-8. Save the file as UTF-8.")
            return
        try:
            if text.startswith("["):
                self.enter_section(text)
            elif text and self.section:
                self.readers[self.section](text)
            elif text and not self.told_outside:
                self.told_outside = True
                raise _Unclear(
                    "This stands before any section. Write [synonyms], [stems], [stop words], "
                    "[names], [labels], [blocked words], [pinned] or [hidden] on a line above "
                    "it."
                )
        except _Unclear as error:
            self.tell(str(error))

    def enter_section(self, text: str) -> None:
        self.section = ""
        self.told_outside = True
        if not text.endswith("]"):
            raise _Unclear(f"{_quote(text)} has no closing ]. The lines below it are left out.")
        name = _read_section_name(text)
        if name not in _SECTIONS:
            near = get_close_matches(name, SECTION_NAMES, n=1)
            hint = f"; did you mean [{_SECTIONS[near[0]]}]?" if near else "."
            raise _Unclear(
                f"There is no section {_cut(text)}{hint} There are [synonyms], [stems], "
                "[stop words], [names], [labels], [blocked words], [pinned] and [hidden]. The "
                "lines below it are left out."
            )
        self.section = _SECTIONS[name]

    # --- entries ------------------------------------------------------------------------------

    def read_synonyms(self, text: str) -> None:
        one_way = "=>" in text
        left, right = _divide(text, "=>" if one_way else "=", "bbm = bahan bakar minyak, bensin")
        lefts, rights = list(_list_rows(left)), list(_list_rows(right))
        ways = list(dict.fromkeys((*lefts, *rights)))
        if len(ways) > MAX_WAYS:
            raise _Unclear(
                f"{len(ways)} ways to say the same are more than {MAX_WAYS}, and each slows a "
                "query down. Keep those that people type and articles write."
            )
        added = False
        for row in lefts if one_way else ways:
            others = dict.fromkeys(one for one in (rights if one_way else ways) if one != row)
            if others:
                self.synonyms.setdefault(row, {}).update(others)
                added = True
        if not added:
            raise _Unclear(f"{_quote(text)} says the same on both sides. Change one, or delete it.")

    def read_stems(self, text: str) -> None:
        if "=>" in text:
            raise _Unclear("A stem is written with =, not =>. Write: mengunggah = unggah")
        left, right = _divide(text, "=", "mengunggah = unggah")
        forms = [_read_word(part) for part in _list_parts(left)]
        root = _read_word(right)
        for form in forms:
            try:
                self.add_stem(form, root)
            except _Unclear as error:
                self.tell(str(error))

    def add_stem(self, form: str, root: str) -> None:
        if form in self.name_lines:
            raise _Unclear(
                f"{_quote(form)} is a name by line {self.name_lines[form]}, and names have no "
                "stem. Take it out there or here."
            )
        known = self.stems.get(form)
        if known is not None and known != root:
            raise _Unclear(
                f"{_quote(form)} has the stem {_quote(known)} by line {self.stem_lines[form]}. "
                "Keep one of the two lines."
            )
        word = root
        while word != form and self.stems.get(word, word) != word:
            word = self.stems[word]
        if word == form != root:
            raise _Unclear(
                f"{_quote(form)} and {_quote(root)} lead to each other. "
                "Decide which of them is the root, and delete the line of that one."
            )
        self.stems[form] = root
        self.stem_lines.setdefault(form, self.line)

    def read_stopword(self, text: str) -> None:
        _refuse_equals(text, "A stop word")
        self.stopwords.add(_read_word(text, together="Write each on a line of its own."))

    def read_blocked(self, text: str) -> None:
        _refuse_equals(text, "A blocked word")
        self.blocked.update(_list_rows(text))

    def read_labels(self, text: str) -> None:
        label, right = _divide(text, "=", "olahraga = bola, futsal")
        for part in _list_parts(right):
            try:
                self.join_label(" ".join(label.split()), " ".join(part.split()))
            except _Unclear as error:
                self.tell(str(error))

    def join_label(self, label: str, part: str) -> None:
        alias, head = part.casefold(), label.casefold()
        if alias == head:
            raise _Unclear(f"{_quote(part)} is the label itself. Write its other names only.")
        known = self.labels.get(alias)
        if known is not None and known.casefold() != head:
            raise _Unclear(
                f"{_quote(part)} counts under {_quote(known)} already. Keep one of the two."
            )
        if head in self.labels or alias in map(str.casefold, self.labels.values()):
            raise _Unclear(
                f"{_quote(label)} or {_quote(part)} is joined with another label. Write all names "
                "of one label behind one =."
            )
        self.labels.setdefault(alias, label)

    def read_pinned(self, text: str) -> None:
        self.read_articles(text, self.pinned, MAX_PINNED)

    def read_hidden(self, text: str) -> None:
        self.read_articles(text, self.hidden, MAX_HIDDEN)

    def read_articles(self, text: str, known: dict[Row, dict[str, None]], most: int) -> None:
        left, sign, right = (part.strip() for part in text.partition("="))
        if not (left and sign and right):
            raise _Unclear(
                f"{_quote(text)} is not a query, = and ids of articles. "
                "Write, for instance: pemilu 2024 = berita-17, berita-9"
            )
        ids = dict.fromkeys(read_ids(right))
        for row in _list_rows(left, most=MAX_QUERY_WORDS):
            both = {**known.get(row, {}), **ids}
            if len(both) > most:
                raise _Unclear(
                    f"{_quote(' '.join(row))} has {len(both)} articles here; at most {most} may "
                    "be listed for one query."
                )
            known[row] = both

    def read_names(self, text: str) -> None:
        _refuse_equals(text, "A name")
        words = [token.text for token in tokenize(text) if _has_letter(token.text)]
        if not words:
            raise _Unclear(f"{_quote(text)} has no letters. Write a name, or delete the line.")
        for word in words:
            if word in self.stem_lines:
                self.tell(
                    f"{_quote(word)} has a stem by line {self.stem_lines[word]}, and names have "
                    "none. Take it out there or here."
                )
            else:
                self.name_lines.setdefault(word, self.line)


def _divide(text: str, sign: str, example: str) -> tuple[str, str]:
    """The text on either side of ``sign``."""
    sides = [side.strip() for side in text.split(sign)]
    if len(sides) == 1:
        raise _Unclear(f"{_quote(text)} has no =. Write, for instance: {example}")
    if len(sides) > 2 or "=" in sides[1]:
        raise _Unclear(f"{_quote(text)} has more than one =. Put commas between words instead.")
    for side, name in zip(sides, ("left", "right"), strict=True):
        if not side:
            raise _Unclear(f"Nothing stands {name} of the {sign}. Write, for instance: {example}")
    return sides[0], sides[1]


def _list_parts(side: str) -> list[str]:
    """The parts between commas; superfluous commas are ignored."""
    return [part.strip() for part in side.split(",") if part.strip()]


_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ID = re.compile(rf"\s*({_QUOTED.pattern}|[^\",]+)\s*(?:,|$)")
_PLAIN_ID = re.compile(r'[^\s",#\[=][^\s",]*')


def read_ids(text: str) -> list[str]:
    """The ids of a list with commas between; one with a comma, a space or a quotation mark in it is
    written as a JSON string.
    """
    ids, place = [], 0
    while place < len(text):
        found = _ID.match(text, place)
        if found is None:
            raise _Unclear(
                f"{_quote(text[place:])} is no list of ids. Put one with a comma or a quotation "
                "mark in it between quotation marks."
            )
        one = found[1].strip()
        try:
            ids.append(json.loads(one) if one.startswith('"') else one)
        except ValueError as error:
            raise _Unclear(f"{_quote(one)} is not written as JSON writes a text.") from error
        place = found.end()
    return [one for one in ids if one]


def write_ids(ids: Iterable[str]) -> str:
    """``ids`` as :func:`read_ids` reads them.

    >>> write_ids(["berita-17", "https://contoh.id/?p=1,2"])
    'berita-17, "https://contoh.id/?p=1,2"'
    """
    return ", ".join(
        one if _PLAIN_ID.fullmatch(one) else json.dumps(one).replace("#", "\\u0023") for one in ids
    )


def _list_rows(side: str, *, most: int = MAX_ROW_WORDS) -> Iterator[Row]:
    """The terms of each part."""
    for part in _list_parts(side) or [side]:
        row = tuple(token.text for token in tokenize(part))
        if not row:
            raise _Unclear(f"{_quote(part)} has no letter or digit. Write a word, or delete it.")
        if len(row) > most:
            raise _Unclear(
                f"{_quote(part)} has {len(row)} words; at most {most} may stand in a row. "
                "Are there commas missing?"
            )
        yield row


def _read_word(text: str, *, together: str = "Words in a row belong under [synonyms].") -> str:
    """The single term that ``text`` is; ``together`` says what to do if it is several."""
    terms = [token.text for token in tokenize(text)]
    if len(terms) > 1:
        raise _Unclear(f"{_quote(text)} is {len(terms)} words; one is wanted here. {together}")
    if not terms or not _has_letter(terms[0]):
        raise _Unclear(f"{_quote(text)} has no letters. Write a word, or delete the line.")
    return terms[0]


def _refuse_equals(text: str, what: str) -> None:
    if "=" in text:
        raise _Unclear(f"{what} stands alone on its line, without =. {_quote(text)} has one.")


def _has_letter(term: str) -> bool:
    return any(map(str.isalpha, term))


def _quote(text: str) -> str:
    return f"“{_cut(text)}”"


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"

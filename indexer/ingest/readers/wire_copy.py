"""How is wire copy read? One article a file, as a site or agency exports it (``.txt``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, KeysView
from itertools import pairwise
from typing import Final, TypeAlias

from indexer.article import Reject, Warned
from indexer.ingest.build_article import make_excerpt
from indexer.ingest.dates import parse_date
from indexer.ingest.plain_text import normalise_characters
from indexer.ingest.readers import movable_type
from indexer.ingest.readers.decode import NOT_TEXT, decode
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.keys import KEYS
from indexer.ingest.readers.paths import fold_key
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.wire.dateline import read_dateline

_LONGEST_HEADLINE: Final = 160
_LABELLED: Final = re.compile(r"(?P<key>[A-Za-z][\w ]{1,24}?)\s?:\s+(?P<value>\S.*)")
#: A line that separates articles, or parts of a header; a label above the text itself.
_RULE: Final = re.compile(r"([=*#_~-])\1{3,}")
_LETTERHEAD: Final = re.compile(
    r"(?:siaran pers|press release|news release|rilis(?: pers| media| berita)?|keterangan pers)"
    r"(?: [^\n.]{1,60})?\n\s*"
    r"(?:(?:(?:nomor|no\.?|number|tanggal|date|embargo|lampiran|perihal)\s?[:.]\s?[^\n]{1,80}|"
    r"untuk (?:segera )?di(?:siarkan|sebarluaskan|terbitkan)[^\n]{0,60}|"
    r"for immediate release)\n\s*)*",
    re.IGNORECASE,
)
#: Words of a line above a headline.
_MOST_KICKER: Final = 2
_RULE_MARKS: Final = "=*#_~-"
_BODY_LABEL: Final = re.compile(
    r"(?:isi|isi berita|teks|text|body|naskah|konten|content)\s?:\s*", re.IGNORECASE
)
_LONGEST_HEADER: Final = 40
_MOST_COPIES: Final = 10_000
#: The fraction of a file's articles that have the labels which tell them from parts of one.
_MOST_ALIKE: Final = 2 / 3
_Labels: TypeAlias = KeysView[str]
#: Fields that a header of labelled lines may contain; the body follows it.
_HEADER_FIELDS: Final = (
    *("title", "published_at", "authors", "editors", "source", "category", "tags", "url"),
    *("place", "agency", "id"),
)
#: Labels that say nothing of an article, and end no header.
_PASSED: Final = frozenset(("slug", "lang", "summary", "status", "modified", "layout", "template"))
_HEADER_KEYS: Final = {fold_key(key): name for name in _HEADER_FIELDS for key in KEYS[name]}


def read_wire_copy(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """The single record of a text file: its headline, if any, and its text."""
    limit = options.max_article_bytes
    data = source.stream.read(limit + 1)
    if len(data) > limit:
        reason = f"the file is over the limit of {limit:,} bytes"
        excerpt = make_excerpt(data[:400].decode("utf-8", "replace"))
        yield Reject(source.path, 1, reason, excerpt)
        return
    decoded = decode(data)
    if decoded is None:
        yield Reject(source.path, 1, NOT_TEXT)
        return
    text, encoding = decoded
    if not encoding.startswith("utf"):
        yield Warned(source.path, 1, f"the file is not UTF-8; read as {encoding}")
    text = text.replace("\r\n", "\n")
    if movable_type.is_export(text):
        yield from (Record(line, entry) for line, entry in movable_type.read_entries(text))
        return
    for line, copy in _cut_copies(text):
        yield Record(line, read_copy(copy))


def _cut_copies(text: str) -> list[tuple[int, str]]:
    """The articles of a file, with their lines: several if rules are between them, or each begins
    with the label with which the file begins, and labelled lines are above every text.
    """
    lines = text.splitlines(keepends=True)
    first = _LABELLED.fullmatch(next(filter(None, map(str.strip, lines)), ""))
    label = f"{first['key']}:" if first is not None else ""
    rules = [number for number, line in enumerate(lines) if _RULE.fullmatch(line.strip())]
    labels = [number for number, line in enumerate(lines) if label and line.startswith(label)]
    for starts, is_alike in ((rules, _is_headed), (labels, _has_same_labels)):
        copies = _cut_lines(lines, starts[:_MOST_COPIES])
        if len(copies) > 1 and _are_articles([copy for _, copy in copies], is_alike):
            return copies
    return [(1, text)]


def _cut_lines(lines: list[str], starts: list[int]) -> list[tuple[int, str]]:
    """The pieces that begin at ``starts`` and contain more than rules."""
    bounds = sorted({0, *starts, len(lines)})
    pieces = [(begin + 1, lines[begin:end]) for begin, end in pairwise(bounds)]
    return [
        (line, "".join(piece).strip().strip(_RULE_MARKS))
        for line, piece in pieces
        if any(one.strip() and not _RULE.fullmatch(one.strip()) for one in piece)
    ]


def _are_articles(copies: list[str], is_alike: Callable[[_Labels, _Labels], bool]) -> bool:
    """Whether each of ``copies`` is a text below a labelled title, and most are alike otherwise:
    the data of a book within its review are not.
    """
    headers: list[_Labels] = []
    for copy in copies:
        values, body = split_labelled(copy.strip())
        if "title" not in values or not body:
            return False
        headers.append(values.keys())
    alike = sum(is_alike(header, headers[0]) for header in headers)
    return alike >= len(headers) * _MOST_ALIKE


def _is_headed(header: _Labels, _: _Labels) -> bool:
    return len(header) > 1


def _has_same_labels(header: _Labels, first: _Labels) -> bool:
    return len(header) > 1 and header == first


def read_copy(text: str) -> dict[str, str]:
    """The record of one article's copy: what its header says, and the text below it."""
    values, body = split_header(normalise_characters(text).strip())
    return {**values, "body": body}


def split_header(text: str) -> tuple[dict[str, str], str]:
    """The fields in a file's header, and the text below it.

    Either labelled lines ("Judul: ...", "Tanggal: ...") up to the first other line, or a headline:
    a short first line without a full stop that is not a dateline and has text below it.

    >>> split_header("Harga Cabai Turun\\n\\nSOLO - Harga cabai turun di semua pasar.")[0]
    {'title': 'Harga Cabai Turun'}
    """
    values, body = split_labelled(text)
    # A lone "Penulis: ..." is a byline, which is parsed with the text.
    if "title" in values or "published_at" in values:
        return values, body
    letterhead, text = _split_letterhead(text)
    kicker, text = _split_kicker(text)
    letterhead = {**letterhead, **kicker}
    first, _, rest = text.partition("\n")
    if rest.strip() and _is_headline(first.strip(), text):
        return {**letterhead, "title": first.strip()}, rest.strip()
    return letterhead, text


def _split_kicker(text: str) -> tuple[dict[str, str], str]:
    """A word or two in capitals above a headline, and the text from the headline on."""
    first, _, rest = text.partition("\n")
    second, _, below = rest.lstrip().partition("\n")
    kicker, headline = first.strip(), second.strip()
    short = kicker.isupper() and kicker.count(" ") < _MOST_KICKER and kicker[-1:].isalpha()
    if short and not headline.isupper() and below.strip() and _is_headline(headline, rest.lstrip()):
        return {"kicker": kicker}, rest.lstrip()
    return {}, text


def _split_letterhead(text: str) -> tuple[dict[str, str], str]:
    """What a press release writes above its headline, and the text from there on."""
    found = _LETTERHEAD.match(text)
    if found is None:
        return {}, text
    return {"letterhead": " ".join(found[0].split())}, text[found.end() :]


def split_labelled(text: str) -> tuple[dict[str, str], str]:
    """The fields that lines with labels name above a text, up to the first other line; and the
    text.

    >>> split_labelled("Judul: Satu\\nPenulis: Ratna\\n\\nAir surut.")
    ({'title': 'Satu', 'authors': 'Ratna'}, 'Air surut.')
    """
    lines = text.split("\n")
    values: dict[str, str] = {}
    used = 0
    for number, line in enumerate(lines[:_LONGEST_HEADER]):
        stripped = line.strip()
        if values and (not stripped or _RULE.fullmatch(stripped)):
            # The header may go on below.
            continue
        body = _BODY_LABEL.match(stripped) if values else None
        if body is not None:
            below = "\n".join((stripped[body.end() :], *lines[number + 1 :]))
            return values, below.strip()
        match = _LABELLED.fullmatch(stripped)
        key = fold_key(match["key"]) if match else ""
        if match is None:
            break
        value = match["value"].strip()
        name = _HEADER_KEYS.get(key)
        if name is None and len(values) > 1 and used == number:
            # "Edisi: Selasa, 1 Juli 2025"
            name = None if parse_date(value, alone=True) is None else "published_at"
        if name is None and not (values and key in _PASSED):
            break
        if name is not None:
            values.setdefault(name, value)
        used = number + 1
    return values, "\n".join(lines[used:]).strip()


def _is_headline(line: str, text: str) -> bool:
    if not 8 <= len(line) <= _LONGEST_HEADLINE or " " not in line:
        return False
    if line.endswith((".", ",", ";", ":")) and not line.endswith("..."):
        return False
    labelled = _LABELLED.fullmatch(line)
    if labelled is not None and fold_key(labelled["key"]) in _HEADER_KEYS:
        return False
    return read_dateline(text) is None

"""Which other articles does copy link to? "Baca juga: ..." on a line of its own, in brackets, or
mid-paragraph.

On a line of its own the title is the line; in flattened text
:mod:`indexer.ingest.wire.linked_title` infers its end, and without any evidence only the label is
removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexer.ingest.wire.linked_title import (
    MOST_CHARACTERS,
    TRAILING,
    is_headline,
    is_title_case,
    measure_title,
)
from indexer.ingest.wire.patterns import SENTENCE_END

_LABEL: Final = re.compile(
    r"(?P<open>[(\[]\s{0,2})?(?:(?<!\w)|(?<=[a-z\d])(?=(?-i:B)))(?:"
    r"(?P<juga>baca)\s+(?:juga|pula)\b(?P<jcolon>\s?[:;])?"
    r"|(?:lihat|simak|tonton|cek)\s+(?:juga|pula)(?P<vcolon>\s?:)"
    r"|baca(?: artikel| berita)?(?: (?:lainnya|selengkapnya|terkait))?(?P<bcolon>\s?:)"
    r"|(?:(?:artikel|berita)\s+(?:terkait|lainnya)|pilihan\s+editor)(?P<acolon>\s?:)"
    r"|(?:(?:artikel|berita)\s(?:terkait|lainnya|terpopuler)|pilihan\seditor|"
    r"(?:lihat|simak|tonton)\sjuga)(?=\n)"
    r")[ ,.>»]{0,4}",
    re.IGNORECASE,
)
#: Words that end a label, and how far before them it may begin. Searching for them first avoids the
#: expression for most articles.
_MARKED_ENDS: Final = (
    *(("juga", 12), ("pula", 12), ("terkait", 14), ("lainnya", 14), ("terpopuler", 14)),
)
_PLAIN_STARTS: Final = ("baca", "pilihan editor")
_PLAIN_REST: Final = re.compile(
    r"baca\s{1,2}(?:juga|pula)\b|pilihan editor(?:\s?:|\n)|"
    r"baca(?: artikel| berita)?(?: (?:lainnya|selengkapnya|terkait))?\s?:"
)
#: What follows the word of a marked label, perhaps after a space; or a heading ends.
_MARKS: Final = frozenset(":;'\"“‘\n")
_SENTENCE: Final = re.compile(r"[a-z\"”]\. [A-Z\"“]")
_LONGEST_LABEL: Final = 60
_BULLET: Final = re.compile(r"(?:[-•*–]|\d{1,2}[.)])[-•*– ]*\s")
_AFTER: Final = re.compile(rf"(?:{SENTENCE_END}|\A|\n)[ \n*_]{{0,4}}\Z")


@dataclass(frozen=True, slots=True)
class Examples:
    """A row of the table of examples: text, expected remainder, and the titles found."""

    outlet: str
    text: str
    left: str
    titles: tuple[str, ...]


EXAMPLES: Final[tuple[Examples, ...]] = (
    Examples(
        "JPNN",
        "Air surut.\nBACA JUGA: Tanggul Jebol, Warga Mengungsi\nWarga pulang.",
        "Air surut.\nWarga pulang.",
        ("Tanggul Jebol, Warga Mengungsi",),
    ),
    Examples(
        "Kompas",
        "Air surut.\nBaca juga:Tanggul Jebol di Demak\nWarga pulang.",
        "Air surut.\nWarga pulang.",
        ("Tanggul Jebol di Demak",),
    ),
    Examples(
        "Tempo, JUARA",
        "Air surut. (Baca: Tanggul Jebol di Demak)\nWarga pulang.",
        "Air surut.\nWarga pulang.",
        ("Tanggul Jebol di Demak",),
    ),
    Examples(
        "DailySocial, kumparan",
        "Air surut.\n[Baca Juga: Tanggul Jebol di Demak]\nWarga pulang.",
        "Air surut.\nWarga pulang.",
        ("Tanggul Jebol di Demak",),
    ),
    Examples(
        "detik, flattened",
        'Air surut. Baca juga: Tanggul Jebol di Demak, Warga Mengungsi "Kami pulang," kata Siti.',
        'Air surut. "Kami pulang," kata Siti.',
        ("Tanggul Jebol di Demak, Warga Mengungsi",),
    ),
    Examples(
        "Kompas, flattened",
        "Air surut. Baca juga: Tanggul Jebol di Demak Sementara itu, warga sudah pulang.",
        "Air surut. Sementara itu, warga sudah pulang.",
        ("Tanggul Jebol di Demak",),
    ),
    Examples(
        "Antara, flattened",
        "Air surut. Baca juga: Tanggul jebol di Demak diperbaiki Baca juga: Warga Demak pulang",
        "Air surut.",
        ("Tanggul jebol di Demak diperbaiki", "Warga Demak pulang"),
    ),
    Examples(
        "detik, glued",
        "Air surut.Baca juga: Tanggul Jebol di DemakMisalnya warga Sayung yang sudah pulang.",
        "Air surut. Misalnya warga Sayung yang sudah pulang.",
        ("Tanggul Jebol di Demak",),
    ),
    Examples(
        "Liputan6, title lost",
        "Air surut. Baca Juga Dari 15 desa, sebanyak 12 desa sudah kering.",
        "Air surut. Dari 15 desa, sebanyak 12 desa sudah kering.",
        (),
    ),
    Examples(
        "Okezone, title lost",
        "Air surut. Baca juga:,Menurut camat, semua warga sudah pulang ke rumah.",
        "Air surut. Menurut camat, semua warga sudah pulang ke rumah.",
        (),
    ),
    Examples(
        "label above its titles",
        "Air surut.\nBaca juga:\n- Tanggul Jebol di Demak\n- Warga Sayung Mengungsi\nWarga pulang.",
        "Air surut.\nWarga pulang.",
        ("Tanggul Jebol di Demak", "Warga Sayung Mengungsi"),
    ),
    Examples(
        "label above numbered titles",
        "Air surut.\nArtikel Terkait:\n1. Tanggul Jebol di Demak\n2) Warga Mengungsi\nWarga ada.",
        "Air surut.\nWarga ada.",
        ("Tanggul Jebol di Demak", "Warga Mengungsi"),
    ),
    Examples(
        "heading above its titles",
        "Air surut.\nBerita Terkait\nTanggul Jebol di Demak\nWarga pulang ke rumah.",
        "Air surut.\nWarga pulang ke rumah.",
        ("Tanggul Jebol di Demak",),
    ),
    Examples(
        "prose",
        "Saya baca juga buku itu. Ia golput (baca: tidak memilih). Mari lihat juga sisi lain.",
        "Saya baca juga buku itu. Ia golput (baca: tidak memilih). Mari lihat juga sisi lain.",
        (),
    ),
)


def has_marked_label(lowered: str) -> bool:
    """Whether lower-case text has "juga:", "terkait:" or the like, also with a quotation mark
    instead of the colon.
    """
    return any(_find_marked(lowered, anchor, 0) >= 0 for anchor, _ in _MARKED_ENDS)


def has_plain_label(lowered: str) -> bool:
    """Whether lower-case text has "baca juga", "baca:" or the like."""
    return any(
        _PLAIN_REST.match(lowered, found)
        for anchor in _PLAIN_STARTS
        for found in _find_all(lowered, anchor)
    )


def _find_marked(text: str, word: str, start: int) -> int:
    """The offset of the next ``word`` in ``text`` that is followed by a mark, or -1."""
    found = text.find(word, start)
    while found >= 0:
        after = text[found + len(word) : found + len(word) + 2]
        if after[:1] in _MARKS or (after[:1].isspace() and after[1:] in _MARKS):
            return found
        found = text.find(word, found + 1)
    return -1


def _find_all(text: str, part: str) -> Iterator[int]:
    found = text.find(part)
    while found >= 0:
        yield found
        found = text.find(part, found + 1)


def take_related(text: str) -> tuple[str, list[str]]:
    """``text`` without links to other articles, and the linked titles, in order.

    Lines of ``text`` must be trimmed and not empty.
    """
    labels = list(_find_labels(text))
    titles: list[str] = []
    kept: list[str] = []
    position = 0
    for number, label in enumerate(labels):
        if label.start() < position:
            continue
        if not _is_label(text, label):
            kept.append(text[position : label.end()])
            position = label.end()
            continue
        before = text[position : label.start()]
        following = labels[number + 1].start() if number + 1 < len(labels) else len(text)
        end, found = _read_title(text, label, following)
        titles.extend(found)
        kept.append(before)
        position = end
        if before and not before[-1].isspace() and not text[end : end + 1].isspace():
            kept.append(" ")
    if not kept:
        return text, titles
    kept.append(text[position:])
    return "".join(kept), list(dict.fromkeys(titles))


def _find_labels(text: str) -> Iterator[re.Match[str]]:
    """Everything in ``text`` that is spelt like a label, in order."""
    lowered = text.lower()
    if len(lowered) != len(text):
        # A letter whose lower case is two characters would shift every later offset.
        lowered = "".join([char.lower() if char.isascii() else char for char in text])
    starts: set[int] = set()
    for anchor in _PLAIN_STARTS:
        starts.update(
            max(0, found - 2)
            for found in _find_all(lowered, anchor)
            if _PLAIN_REST.match(lowered, found)
        )
    for anchor, before in _MARKED_ENDS:
        found = _find_marked(lowered, anchor, 0)
        while found >= 0:
            starts.add(max(0, found - before))
            found = _find_marked(lowered, anchor, found + 1)
    last = -1
    for start in sorted(starts):
        label = _LABEL.search(text, start, start + _LONGEST_LABEL)
        if label is not None and label.start() > last:
            last = label.start()
            yield label


def _is_label(text: str, label: re.Match[str]) -> bool:
    start = label.start()
    at_line_start = start == 0 or text[start - 1] == "\n"
    word = label[0].lstrip("([ \t")
    capital = word[:1].isupper()
    begins = at_line_start or bool(_AFTER.search(text[max(0, start - 6) : start]))
    if label["jcolon"]:
        # "Hiroshima dan Nagasaki (baca juga: Proyek Manhattan)" is a footnote.
        return capital or at_line_start or (bool(label["open"]) and begins)
    if label["open"]:
        # "(baca: melepeh)" explains a word; "(Baca: Tanggul Jebol di Demak)" links.
        if label["juga"]:
            return capital or begins
        close = _find_close(text, label)
        inside = text[label.end() : close] if close else ""
        return capital and inside[:1].isupper() and inside.count(" ") >= 2
    if label["juga"]:
        if not capital:
            return False
        rest = text[label.end() : label.end() + 2]
        return begins and (label[0].endswith("\n") or not rest or not rest[0].islower())
    if text[label.end() : label.end() + 1] == "\n" and not _has_colon(label):
        return at_line_start and capital and bool(_read_listed_titles(text, label.end())[1])
    if at_line_start and capital and text[label.end() : label.end() + 1] == "\n":
        return bool(_read_listed_titles(text, label.end())[1])
    if label["bcolon"] or label["acolon"]:
        return begins and capital and is_headline(_line_after(text, label.end()))
    return capital and begins


def _has_colon(label: re.Match[str]) -> bool:
    return any(label[name] for name in ("jcolon", "vcolon", "bcolon", "acolon"))


def _find_close(text: str, label: re.Match[str]) -> int | None:
    """The offset of the bracket that closes the label's, on its line and not in prose."""
    opened, closes = label["open"][0], {"(": ")", "[": "]"}[label["open"][0]]
    depth = 1
    for index in range(label.end(), min(len(text), label.end() + 260)):
        char = text[index]
        if char == "\n":
            return None
        if char == opened:
            depth += 1
        elif char == closes:
            depth -= 1
            if depth == 0:
                inside = text[label.end() : index]
                return None if re.search(r"[a-z]\. [A-Z]", inside) else index
    return None


def _line_after(text: str, start: int) -> str:
    newline = text.find("\n", start, start + 400)
    return text[start : newline if newline >= 0 else start + 400].strip()


def _read_title(text: str, label: re.Match[str], limit: int) -> tuple[int, list[str]]:
    """The offset where reading continues after the label, and the titles it names, all before
    ``limit``.
    """
    end = label.end()
    if label["open"]:
        close = _find_close(text, label)
        if close is not None:
            title = text[end:close].strip(TRAILING + "()[]")
            return close + 1, [title] if len(title) >= 8 else []
        return end, []
    if "," in label[0][-4:]:
        # The link and its title were lost: the article follows.
        return end, []
    if text[end : end + 1] == "\n":
        return _read_listed_titles(text, end)
    newline = text.find("\n", end, limit)
    stop = limit if newline < 0 else newline
    rest = text[end : min(stop, end + MOST_CHARACTERS)]
    if rest.startswith("http"):
        url = rest.split(" ", 1)[0]
        return end + len(url), []
    if not _has_colon(label):
        # "Baca Juga Dari 153 pasar ...": a title was lost, unless it is the whole line.
        own_line = label.start() == 0 or text[label.start() - 1] == "\n"
        length = len(rest) if own_line and is_headline(rest) and is_title_case(rest) else None
    else:
        whole = stop < limit or stop == len(text)
        length = len(rest) if whole and _is_own_line(text, label, rest) else measure_title(rest)
    if length is None:
        return end, []
    title = rest[:length].strip(TRAILING).strip()
    if title[:1] == "(" and title[-1:] == ")":
        title = title[1:-1]
    after = end + length
    while text[after : after + 1] in (" ", ":"):
        after += 1
    return after, [title]


def _is_own_line(text: str, label: re.Match[str], rest: str) -> bool:
    """Whether the label and its title are on a line of their own, with prose on other lines."""
    start = label.start()
    return (
        start > 0
        and text[start - 1] == "\n"
        and is_headline(rest)
        and is_title_case(rest)
        and _SENTENCE.search(rest) is None
    )


def _read_listed_titles(text: str, end: int) -> tuple[int, list[str]]:
    titles: list[str] = []
    position = end
    while len(titles) < 6:
        line = _line_after(text, position + 1)
        bullet = _BULLET.match(line)
        title = line[bullet.end() :].strip() if bullet is not None else line
        if not title or not is_headline(title) or not (bullet or is_title_case(title)):
            break
        titles.append(title)
        position = text.find("\n", position + 1)
        if position < 0:
            return len(text), titles
    return position, titles

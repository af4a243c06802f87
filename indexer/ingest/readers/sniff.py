"""Which format is an input in, judging by its first bytes? Its extension only settles what they
leave open.
"""

from __future__ import annotations

import json
import re
from typing import Final

import orjson

from indexer.ingest.readers.decode import decode
from indexer.ingest.readers.dialect import split_header
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.vertical_rows import RULE

#: Numbers are of no interest here, and Python refuses very long ones.
_SKIMMER: Final = json.JSONDecoder(parse_int=str, parse_float=str)
_DELIMITERS: Final = (",", ";", "\t", "|")
#: Formats recognised by their first bytes, whatever the file's name.
_MAGICS: Final = ((b"SQLite format 3\0", "sqlite"), (b"PAR1", "parquet"))
#: Only SQL dumps, XML and pages begin like these, so this outweighs the extension.
_SURE: Final = frozenset(("sqlite", "parquet", "xml", "html", "sql", "vertical", "mail"))
_JSON: Final = frozenset(("json", "jsonl"))
_TABLES: Final = frozenset(("csv", "tsv"))
_HTML: Final = re.compile(
    r"(?:<\?xml[^>]{0,200}>\s*|<!--.{0,4000}?-->\s*)*<(?:!doctype html|html)\b", re.I | re.S
)
_XML: Final = re.compile(
    r"<\?xml\b|(?:<!--.{0,4000}?-->\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex|mysqldump|nitf|"
    r"newsItem|newsMessage|articles|posts|items|channel|pma_xml_export|database)\b",
    re.IGNORECASE | re.DOTALL,
)
_SQL: Final = re.compile(
    r"(?:--[^\n]*\n|/\*.{0,2000}?\*/;?|#[^\n]*\n|SET\s[^;]{0,500};|USE\s[^;]{0,200};|"
    r"START TRANSACTION;|"
    r"BEGIN(?: TRANSACTION)?;|DROP TABLE[^;]{0,300};|LOCK TABLES[^;]{0,300};|"
    r"SET\s+IDENTITY_INSERT[^\n]{0,200}\n|GO[ \t]*\r?\n|\s)*"
    r"(?:INSERT\s+(?:IGNORE\s+|OR\s+\w+\s+)?(?:INTO\s|\[)|REPLACE\s+INTO\s|CREATE\s+(?:TABLE|DATABASE)|"
    r"PRAGMA\s|COPY\s+[\w.\"]+\s*\()",
    re.IGNORECASE | re.DOTALL,
)
_FRONT_MATTER: Final = re.compile(r"(?:---|\+\+\+)[ \t]*\r?\n[\"']?\w[\w .-]{0,60}[\"']?\s*[:=]")
#: Headers of a message, among them the one that says how its body is written.
_MAIL: Final = re.compile(
    r"(?=(?:[^\r\n][^\n]*\n){0,200}?"
    r"(?:MIME-Version|Message-ID|Received|Content-Transfer-Encoding): )"
    r"(?:From |[A-Z][A-Za-z-]{1,40}: )[^\n]{0,2000}\n(?:[ \t][^\n]*\n|[A-Z][A-Za-z-]{1,60}: )",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
#: JSON that a page loads as a script: ``var berita = [``, ``callback({``.
SCRIPT: Final = re.compile(
    r"(?:export\s+default\s+(?=[\[{])|(?:(?:export\s+)?(?:var|let|const)\s+)?"
    r"[\w.$]{1,80}(?:\[[\w'\"]{1,40}\])?\s{0,4}(?::[^=\n]{1,80})?"
    r"(?:=\s{0,4}|\(\s{0,4})(?=[\[{]))"
)
#: What only a format begins with; pages before XML, which they may be as well.
_BEGINNINGS: Final = (
    (SCRIPT, "json"),
    (_HTML, "html"),
    (_XML, "xml"),
    (_SQL, "sql"),
    (RULE, "vertical"),
    (_MAIL, "mail"),
    (_FRONT_MATTER, "markdown"),
)
_SEPARATOR_LINE: Final = re.compile(r"sep=.\r?\n", re.IGNORECASE)
_LOOKED_AT: Final = 20_000


def choose_format(sample: bytes, ending: str, keys: KeyMap) -> str:
    """The format of a file that begins with ``sample``; ``ending`` is the format its extension
    suggests, or empty.

    >>> choose_format(b"judul\\tisi\\nA\\tAir\\n", "text", KeyMap())
    'tsv'
    """
    found = sniff_format(sample, keys)
    if not found or not ending:
        return found or ending or "text"
    if found == ending or (found in _TABLES and ending in _TABLES):
        return ending
    if (found, ending) == ("markdown", "html"):
        # A post of Jekyll: front matter above HTML.
        return found
    if found in _SURE:
        return ending if ending == "markdown" and found == "xml" else found
    if found in _JSON:
        if ending in _JSON:
            return found if _is_sure_json(sample) else ending
        return found if ending in _TABLES | {"text"} else ending
    if found in _TABLES:
        return found if ending in _JSON | {"text"} else ending
    return found if ending == "text" else ending


def sniff_format(sample: bytes, keys: KeyMap) -> str:
    """The name of the format that ``sample`` begins; empty if it could be any text.

    >>> sniff_format(b'{"judul": "A"}\\n{"judul": "B"}\\n', KeyMap())
    'jsonl'
    """
    for magic, name in _MAGICS:
        if sample.startswith(magic):
            return name
    decoded = decode(sample)
    text = decoded[0].lstrip("\ufeff \t\r\n\x1e") if decoded is not None else ""
    if text[:1] in ("{", "["):
        return _sniff_json(text)
    begins = text[:_LOOKED_AT]
    found = next((name for pattern, name in _BEGINNINGS if pattern.match(begins)), "")
    return found or _sniff_table(text, keys)


def _sniff_json(text: str) -> str:
    """``jsonl`` if lines are values of their own; ``json`` if one value spans several."""
    if text.startswith("["):
        return "json"
    lines = _list_whole_lines(text)
    if len(lines) < 2:
        return "json" if "\n" in text.rstrip() else "jsonl"
    if _goes_on(text):
        return "json"
    return "jsonl" if any(line[:1] == "{" and _is_json(line) for line in lines) else "json"


def _goes_on(text: str) -> bool:
    """Whether the first value of ``text`` goes on after its first line, as far as it is there. One
    of its lines may be a value of its own: the last of a list, with no comma behind it.
    """
    try:
        end = _SKIMMER.raw_decode(text)[1]
    except json.JSONDecodeError as error:
        # What is missing at the end may be behind the sample; any other error is one of a line.
        end = len(text) if "\n" not in text[error.pos :].strip() else 0
    except RecursionError:
        end = len(text)
    return "\n" in text[:end]


def _is_sure_json(sample: bytes) -> bool:
    """Whether the lines distinguish ``json`` from ``jsonl`` beyond doubt."""
    decoded = decode(sample)
    text = decoded[0].lstrip("\ufeff \t\r\n\x1e") if decoded is not None else ""
    lines = _list_whole_lines(text)
    if text.startswith("["):
        return len(lines) > 1 and not any(map(_is_json, lines))
    return len(lines) > 1 and (len(set(map(_is_json, lines[:2]))) == 1)


def _list_whole_lines(text: str) -> list[str]:
    """The first lines of a sample that are certainly complete, without empty ones."""
    lines = text.split("\n", 20)
    whole = lines[:-1] if len(lines) > 20 or len(text) > _LOOKED_AT else lines
    return [line.strip(" \t\r\x1e\ufeff") for line in whole if line.strip()]


def _is_json(line: str) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _sniff_table(text: str, keys: KeyMap) -> str:
    text = _SEPARATOR_LINE.sub("", text[:10]) + text[10:]
    first, newline, rest = text.partition("\n")
    if not newline:
        first, newline, rest = text.partition("\r")
    if not rest or len(first) > _LOOKED_AT:
        return ""
    for delimiter in _DELIMITERS:
        if delimiter not in first:
            continue
        columns = split_header(first, delimiter)
        if len(columns) > 1 and keys.finds_text(columns):
            return "tsv" if delimiter == "\t" else "csv"
    return ""

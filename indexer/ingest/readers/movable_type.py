"""How are the entries of Movable Type's export read? Several articles in one ``.txt``; TypePad
and other programs write it too.

An entry ends at eight hyphens, each of its sections at five: first labelled lines, then texts under
a label on a line of its own, comments among them.
Source: https://movabletype.org/documentation/appendices/import-export-format.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

_ENTRY_END: Final = re.compile(r"^-{8}[ \t]*$", re.MULTILINE)
_SECTION_END: Final = re.compile(r"^-{5}[ \t]*$", re.MULTILINE)
_FORMAT: Final = re.compile(r"^-{5}[ \t]*\nBODY:[ \t]*$", re.MULTILINE)
_LABEL: Final = re.compile(r"(?P<label>[A-Z][A-Z ]{1,30}):[ \t]*(?P<value>.*)")
_TAG: Final = re.compile(r'"([^"]+)"|([^",]*[^",\s][^",]*)')
#: Labels that only concern the program.
_SETTINGS: Final = ("allow comments", "allow pings", "convert breaks", "no entry")
_DATES: Final = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S")


def is_export(text: str) -> bool:
    """Whether ``text`` has the sections of an entry.

    >>> is_export("TITLE: Satu\\n-----\\nBODY:\\nAir surut.\\n-----\\n--------\\n")
    True
    """
    return _LABEL.match(text.lstrip()) is not None and _FORMAT.search(text) is not None


def read_entries(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The record of each entry, with its line."""
    position = 0
    for end in (*(match.start() for match in _ENTRY_END.finditer(text)), len(text)):
        entry = text[position:end].lstrip("-")
        if entry.strip():
            begins = end - len(entry.lstrip())
            yield text.count("\n", 0, begins) + 1, _read_entry(entry)
        position = end


def _read_entry(entry: str) -> dict[str, Any]:
    head, *sections = _SECTION_END.split(entry)
    values = _read_head(head)
    texts: dict[str, str] = {}
    for section in sections:
        label, _, text = section.strip().partition("\n")
        texts.setdefault(label.rstrip(" :"), text.strip())
    values["body"] = "\n\n".join(filter(None, (texts.get("BODY"), texts.get("EXTENDED BODY"))))
    for label in ("EXCERPT", "KEYWORDS"):
        if texts.get(label):
            values[label.lower()] = texts[label]
    return values


def _read_head(head: str) -> dict[str, Any]:
    """The labelled lines; categories after the first one, which is the section, are tags."""
    values: dict[str, Any] = {}
    tags: list[str] = []
    for line in head.splitlines():
        match = _LABEL.fullmatch(line.strip())
        label, value = (match["label"].lower(), match["value"].strip()) if match else ("", "")
        if not value or label in _SETTINGS:
            continue
        if label == "tags":
            tags += [(quoted or bare).strip() for quoted, bare in _TAG.findall(value)]
        elif label in ("primary category", "category"):
            section = values.setdefault("category", value)
            tags += [value] if value != section else []
        else:
            values.setdefault(label, _read_date(value) if label == "date" else value)
    return {**values, "tags": tags} if tags else values


def _read_date(value: str) -> str:
    """A date in ISO 8601, from one with the month first; others are left as they are."""
    for written in _DATES:
        try:
            return datetime.strptime(value, written).isoformat()
        except ValueError:
            continue
    return value

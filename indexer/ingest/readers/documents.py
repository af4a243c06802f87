"""How are documents of word processors read? One article a file: Word (``.docx``) and OpenDocument
(``.odt``), paragraph by paragraph.

Both are ZIP archives with the text in one XML file, which is parsed as a stream: memory holds one
paragraph, however much the archive expands to.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from indexer.article import Reject, Warned
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.limits import MAX_DOCUMENT, MAX_NESTING
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.readers.wire_copy import read_copy
from indexer.ingest.readers.zip_damage import Unreadable, explain_damage

#: The parts that hold the text.
_PARTS: Final = ("word/document.xml", "content.xml")
_PARAGRAPHS: Final = ("p", "h")
#: Elements whose text is not the document's: field codes, deleted words, notes of reviewers.
_HIDDEN: Final = frozenset(("instrText", "delText", "annotation", "tracked-changes", "Fallback"))
_BREAKS: Final = {"br": "\n", "cr": "\n", "line-break": "\n", "tab": "\t", "s": " "}
#: Elements of one paragraph; the longest have thousands.
_MOST_ELEMENTS: Final = 200_000


def read_document(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """The one record of a document."""
    with source.as_file() as path:
        try:
            text = read_text(path, options.max_article_bytes)
        except Unreadable as problem:
            yield Reject(source.path, 1, str(problem))
            return
    yield Record(1, read_copy(text))


def read_text(file: Path | IO[bytes], limit: int) -> str:
    """The paragraphs of a document, separated by empty lines; at most ``limit`` characters.

    Raises Unreadable if it is damaged, not a document, or longer.
    """
    with explain_damage("the document"), zipfile.ZipFile(file) as archive:
        name = next((one for one in _PARTS if one in archive.namelist()), "")
        if not name:
            raise Unreadable("it is no document of Word or OpenDocument, or damaged")
        with archive.open(name) as part:
            return _join(_read_paragraphs(_Bounded(part)), limit)


class _Bounded(io.RawIOBase):
    """The bytes of a part, up to the limit of a document. Raises Unreadable beyond it."""

    def __init__(self, part: IO[bytes]) -> None:
        super().__init__()
        self._part = part
        self._room = MAX_DOCUMENT

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._part.read(min(size, 1 << 16) if size > 0 else 1 << 16)
        self._room -= len(data)
        if self._room < 0:
            raise Unreadable(f"unpacked it is over the limit of {MAX_DOCUMENT:,} bytes")
        return data


def _join(paragraphs: Iterator[str], limit: int) -> str:
    pieces: list[str] = []
    size = 0
    for paragraph in paragraphs:
        size += len(paragraph)
        if size > limit:
            raise Unreadable(f"its text is over the limit of {limit:,} bytes")
        pieces.append(paragraph)
    return "\n\n".join(pieces)


def _read_paragraphs(part: _Bounded) -> Iterator[str]:
    """The paragraphs that have a text; elements are dropped as soon as they have been read."""
    open_elements: list[Element] = []
    inside = held = 0
    for event, element in iterparse(part, events=("start", "end")):
        is_paragraph = _name(element) in _PARAGRAPHS
        if event == "start":
            inside += is_paragraph
            open_elements.append(element)
            held += 1
            if len(open_elements) > MAX_NESTING or held > _MOST_ELEMENTS:
                raise Unreadable(
                    "its elements are nested too deeply, or one paragraph has too many"
                )
            continue
        open_elements.pop()
        inside -= is_paragraph
        if inside:
            continue
        held = 0
        if is_paragraph and (text := "".join(_list_texts(element)).strip()):
            yield text
        if open_elements:
            open_elements[-1].remove(element)


def _list_texts(element: Element) -> Iterator[str]:
    """The visible texts of a paragraph, in order; paragraphs within it are lines."""
    if _name(element) in _HIDDEN:
        return
    yield _BREAKS.get(_name(element), "")
    yield element.text or ""
    for child in element:
        yield from _list_texts(child)
        yield "\n" if _name(child) in _PARAGRAPHS else ""
        yield child.tail or ""


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]

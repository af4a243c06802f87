"""How are e-books read (``.epub``)? One article a chapter: an issue of a magazine has one a story.

The package file says which pages there are, in which order, and who published them when; the pages
are read like any others (:mod:`indexer.ingest.readers.html_page`).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from indexer.article import Reject, Warned
from indexer.ingest.plain_text import clean_line
from indexer.ingest.readers.html_page import read_page
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.limits import MAX_MEMBERS, limit_record
from indexer.ingest.readers.records import Options, Record

_CONTAINER: Final = "META-INF/container.xml"
_ENCRYPTION: Final = "META-INF/encryption.xml"
_MOST_PACKAGE: Final = 4_000_000
#: Pages with fewer letters are covers, title pages and imprints.
_LEAST_TEXT: Final = 200
#: Pages that lead to others.
_CONTENTS: Final = re.compile(r"(?:^|[/_-])(?:nav|toc|cover|daftar-?isi|sampul)\b[^/]*$", re.I)


def read_epub(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """The chapters of a book."""
    with source.as_file() as path:
        try:
            with zipfile.ZipFile(path) as archive:
                yield from _Book(archive, source.path, options).read()
        except DefusedXmlException:
            yield Reject(source.path, 1, "its XML declares entities, which are not read")
        except (ParseError, KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            reason = f"the e-book is damaged ({' '.join(str(error).split())})"
            yield Reject(source.path, 1, reason)
        except (RuntimeError, NotImplementedError):
            yield Reject(source.path, 1, "the e-book needs a password; save it without one")


class _Book:
    """The pages of one package. Raises what zipfile and defusedxml do."""

    def __init__(self, archive: zipfile.ZipFile, path: str, options: Options) -> None:
        self._archive = archive
        self._path = path
        self._options = options

    def read(self) -> Iterator[Record | Reject | Warned]:
        """A record for each page in reading order that has a text."""
        container = self._parse(_CONTAINER)
        package = next((one.get("full-path") for one in _find(container, "rootfile")), None) or ""
        book = self._parse(package)
        about = _read_about(book)
        locked = self._list_locked()
        pages = list(_list_pages(book, posixpath.dirname(package)))[:MAX_MEMBERS]
        short = 0
        for number, page in enumerate(pages, start=1):
            place = f"{self._path}/{page}"
            if page in locked:
                yield Reject(place, 1, "the page is encrypted; save the book without protection")
                continue
            found = self._read_page(page)
            if isinstance(found, str):
                yield Reject(place, 1, found)
            elif len(found["body"]) < _LEAST_TEXT or _CONTENTS.search(page):
                short += 1
            else:
                # A story's own byline and date are more precise than those of the whole issue.
                own = self._options.keys.rename(found).values
                whole = {key: value for key, value in about.items() if key not in own}
                yield Record(number, {**found, **whole, "id": f"{about['id']}/{page}"})
        if short:
            left = "1 page" if short == 1 else f"{short:,} pages"
            yield Warned(self._path, 1, f"left out {left} with hardly any text: cover, contents")

    def _read_page(self, name: str) -> dict[str, Any] | str:
        limit = limit_record(self._options.max_article_bytes)
        try:
            data = self._load(name, limit)
        except KeyError:
            return "the book lists the page, but has no such file"
        if len(data) > limit:
            return f"the page is over the limit of {limit:,} bytes"
        found = read_page(data, self._options.keys)
        # A page without a text is not worth a word: covers are pictures.
        return found if isinstance(found, str) else {**found, "body": found["body"] or ""}

    def _list_locked(self) -> set[str]:
        """The pages that are encrypted."""
        if _ENCRYPTION not in self._archive.namelist():
            return set()
        referred = _find(self._parse(_ENCRYPTION), "CipherReference")
        return {unquote(one.get("URI", "")) for one in referred}

    def _parse(self, name: str) -> Element:
        data = self._load(name, _MOST_PACKAGE)
        found: Element = fromstring(data, forbid_dtd=False)
        return found

    def _load(self, name: str, limit: int) -> bytes:
        """The first bytes of a file, one more than ``limit``."""
        with self._archive.open(name) as file:
            return file.read(limit + 1)


def _read_about(book: Element) -> dict[str, Any]:
    """What the package says of all of its pages."""
    told: dict[str, list[str]] = {}
    for name in ("title", "creator", "publisher", "date", "identifier"):
        texts = (clean_line("".join(one.itertext())) for one in _find(book, name))
        told[name] = [text for text in texts if text]
    title, publisher = ("".join(told[name][:1]) for name in ("title", "publisher"))
    values: dict[str, Any] = {
        "id": "".join(told["identifier"][:1]) or title,
        "source": publisher or title,
        "book": title,
    }
    if told["creator"]:
        values["authors"] = told["creator"]
    if told["date"]:
        values["published_at"] = told["date"][0]
    return values


def _list_pages(book: Element, folder: str) -> Iterator[str]:
    """The names of the pages, in reading order."""
    pages = {
        one.get("id"): unquote(one.get("href", ""))
        for one in _find(book, "item")
        if "html" in one.get("media-type", "") and "nav" not in one.get("properties", "").split()
    }
    for one in _find(book, "itemref"):
        href = pages.get(one.get("idref"))
        if href:
            yield posixpath.normpath(posixpath.join(folder, href))


def _find(element: Element, name: str) -> Iterator[Element]:
    """The descendants called ``name``, in whatever namespace."""
    return (one for one in element.iter() if str(one.tag).rpartition("}")[2] == name)

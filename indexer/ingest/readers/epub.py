"""How are e-books read (``.epub``)? One article a chapter: an issue of a magazine has one a story.

The package file says which pages there are, in which order, and who published them when; the pages
are read like any others (:mod:`indexer.ingest.readers.html_page`). Every page listed becomes an
article, or is refused or left out with the reason.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import unquote, urldefrag
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from indexer.article import Reject, Warned
from indexer.ingest.plain_text import clean_line
from indexer.ingest.readers.html_page import has_mostly_links, read_page
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.limits import MAX_BOOK, MAX_MEMBERS, limit_record
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.readers.zip_damage import Unreadable, explain_damage

_CONTAINER: Final = "META-INF/container.xml"
_ENCRYPTION: Final = "META-INF/encryption.xml"
_MOST_PACKAGE: Final = 4_000_000
#: Shorter pages without a sentence are covers, title pages and pictures.
_LEAST_TEXT: Final = 200
_LEAST_SENTENCE: Final = 4
#: Names of pages around the stories. What is called so may be a story for all that.
_FRONT: Final = re.compile(
    r"(?:nav|toc|contents|daftar[-_]?isi|cover|sampul|title|halaman[-_]?judul|copyright|"
    r"hak[-_]?cipta|imprint|colophon|kolofon)[-_]?(?:page)?[-_]?\d*",
    re.I,
)
#: Why pages are left out.
_EMPTY: Final = "with hardly any text"
_LINKS: Final = "of links to others"
_NO_PAGE: Final = "in other formats than XHTML"
_NOT_ORDERED: Final = "that the book's reading order does not name"
_MOST_NAMED: Final = 3


def read_epub(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """The chapters of a book."""
    with source.as_file() as path:
        try:
            with explain_damage("the e-book"):
                archive = zipfile.ZipFile(path)
            with archive:
                yield from _Book(archive, source.path, options).read()
        except Unreadable as problem:
            yield Reject(source.path, 1, str(problem))


class _Book:
    """The pages of one package. Raises Unreadable if it cannot be told which there are."""

    def __init__(self, archive: zipfile.ZipFile, path: str, options: Options) -> None:
        self._archive = archive
        self._path = path
        self._options = options
        self._limit = limit_record(options.max_article_bytes)
        self._left_out: dict[str, list[str]] = {}

    def read(self) -> Iterator[Record | Reject | Warned]:
        """A record for each page in reading order that has a text."""
        container = self._parse(_CONTAINER)
        package = next((one.get("full-path") for one in _find(container, "rootfile")), None) or ""
        book = self._parse(package)
        about = _read_about(book)
        locked = self._list_locked()
        # An order may name a page many times.
        pages = list(dict.fromkeys(self._list_pages(book, posixpath.dirname(package))))
        if not pages:
            yield Reject(self._path, 1, "the e-book lists no pages of text")
        room = MAX_BOOK
        for number, page in enumerate(pages, start=1):
            if number > MAX_MEMBERS or room < 0:
                yield Reject(self._path, 1, _tell_unread(len(pages) - number + 1, room < 0))
                break
            place = f"{self._path}/{page}"
            if page in locked:
                yield Reject(place, 1, "the page is encrypted; save the book without protection")
                continue
            try:
                data = self._load_page(page)
            except Unreadable as problem:
                yield Reject(place, 1, str(problem))
                continue
            room -= len(data)
            found = self._read_page(page, data)
            if isinstance(found, str):
                yield Reject(place, 1, found)
            elif found:
                # A story's own byline and date are more precise than those of the whole issue.
                own = self._options.keys.rename(found).values
                whole = {key: value for key, value in about.items() if key not in own}
                # Issues of a magazine share its ISSN and the names of their pages.
                told = blake2b(data, digest_size=8).hexdigest()
                yield Record(number, {**found, **whole, "id": f"{about['id']}/{page}#{told}"})
        for reason, names in self._left_out.items():
            yield Warned(self._path, 1, _tell_left_out(reason, names))

    def _read_page(self, name: str, data: bytes) -> dict[str, Any] | str:
        """The record of a page, or why it is refused; empty if it is left out."""
        if len(data) > self._limit:
            return f"the page is over the limit of {self._limit:,} bytes"
        found = read_page(data, self._options.keys, whole=True)
        if isinstance(found, str):
            return found
        text = found["body"] or ""
        is_front = _FRONT.fullmatch(posixpath.basename(name).partition(".")[0])
        if len(text) < _LEAST_TEXT and (is_front or not _has_sentence(text)):
            self._leave_out(_EMPTY, name)
            return {}
        if is_front and has_mostly_links(data):
            self._leave_out(_LINKS, name)
            return {}
        return found

    def _leave_out(self, reason: str, name: str) -> None:
        self._left_out.setdefault(reason, []).append(name)

    def _load_page(self, name: str) -> bytes:
        if name not in self._archive.NameToInfo:
            raise Unreadable("the book lists the page, but has no such file")
        return self._load(name, self._limit, "the page")

    def _list_locked(self) -> set[str]:
        """The pages that are encrypted."""
        if _ENCRYPTION not in self._archive.NameToInfo:
            return set()
        referred = _find(self._parse(_ENCRYPTION), "CipherReference")
        return {unquote(one.get("URI", "")) for one in referred}

    def _list_pages(self, book: Element, folder: str) -> Iterator[str]:
        """The names of the pages, in reading order."""
        items = {
            one.get("id"): one
            for one in _find(book, "item")
            if "nav" not in one.get("properties", "").split()
        }
        ordered = [items.pop(one.get("idref"), None) for one in _find(book, "itemref")]
        named = set()
        for item in ordered:
            if item is None:
                continue
            page = _locate(item, folder)
            named.add(page)
            if "html" in item.get("media-type", ""):
                yield page
            else:
                self._leave_out(_NO_PAGE, page)
        for item in items.values():
            page = _locate(item, folder)
            if "html" in item.get("media-type", "") and page not in named:
                self._leave_out(_NOT_ORDERED, page)

    def _parse(self, name: str) -> Element:
        data = self._load(name, _MOST_PACKAGE, "the e-book")
        if len(data) > _MOST_PACKAGE:
            raise Unreadable(f"its {name} is over the limit of {_MOST_PACKAGE:,} bytes")
        with explain_damage("the e-book"):
            found: Element = fromstring(data, forbid_dtd=False)
        return found

    def _load(self, name: str, limit: int, what: str) -> bytes:
        """The first bytes of a file, one more than ``limit``. Raises Unreadable about ``what``."""
        with explain_damage(what), self._archive.open(name) as file:
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


def _locate(item: Element, folder: str) -> str:
    """The name in the archive of an item of a package in ``folder``."""
    name = unquote(urldefrag(item.get("href", ""))[0])
    return posixpath.normpath(posixpath.join("/", folder, name)).lstrip("/")


def _has_sentence(text: str) -> bool:
    """Whether a line ends like a sentence."""
    return any(
        len(line.split()) >= _LEAST_SENTENCE and line.rstrip("\"'”’)» ").endswith(tuple(".!?…"))
        for line in text.splitlines()
    )


def _tell_unread(count: int, is_large: bool) -> str:
    unread = "the last page is" if count == 1 else f"the last {count:,} pages are"
    bound = f"{MAX_BOOK:,} bytes are unpacked" if is_large else f"{MAX_MEMBERS:,} are read"
    return f"{unread} not read: of a book's pages at most {bound}"


def _tell_left_out(reason: str, names: list[str]) -> str:
    count = "1 page" if len(names) == 1 else f"{len(names):,} pages"
    more = ", …" if len(names) > _MOST_NAMED else ""
    return f"left out {count} {reason}: {', '.join(names[:_MOST_NAMED])}{more}"


def _find(element: Element, name: str) -> Iterator[Element]:
    """The descendants called ``name``, in whatever namespace."""
    return (one for one in element.iter() if str(one.tag).rpartition("}")[2] == name)

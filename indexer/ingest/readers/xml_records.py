"""How is XML read? Feeds (RSS, Atom), WordPress exports (WXR), sitemaps, dumps, and articles in
elements of any name.

The file is cut into its records as text, and each is parsed on its own: a broken one becomes a
Reject, and the others are read, whatever the file's size. Parsing is defusedxml's, and a document
that declares entities is refused.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from indexer.article import Reject, Warned
from indexer.errors import UnreadableInput
from indexer.ingest.build_article import make_excerpt
from indexer.ingest.readers.decode import NOT_TEXT, SAMPLE_BYTES, choose_encoding, open_text
from indexer.ingest.readers.input import Input, open_input
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.limits import MAX_ATTACHMENTS, MAX_NESTING, limit_record
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.readers.shapes import find_articles
from indexer.ingest.readers.sitemap import add_page
from indexer.ingest.readers.xml_values import declare_prefixes, flatten, read_element, repair_xml

#: Characters read at a time; few, because the unread rest is copied with every record.
_CHUNK: Final = 1 << 15
#: Maximum size of an attachment of a WordPress export.
_ATTACHMENT_LIMIT: Final = 1 << 18
_PROLOG: Final = 1 << 16
#: Elements that are one record each, in documents that have them.
_RECORDS: Final = ("item", "entry", "url", "newsItem", "nitf", "row", "sitemap", "table")
#: Elements that are one record as a whole document, whatever is inside.
_WHOLE: Final = ("newsItem", "nitf")
_ROOTS: Final = {"url": "urlset", "sitemap": "sitemapindex", "table": "pma_xml_export"}
_ROOT: Final = re.compile(r"<(?![?!])(?P<name>[\w:.-]+)")
_TAG: Final = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>|<(?P<close>/?)(?P<name>[A-Za-z_][\w:.-]*)"
    r"(?P<rest>[^<>]{0,4000}?)(?P<empty>/?)>",
    re.DOTALL,
)
_NAMED: Final = re.compile(r"\bname\s*=\s*[\"']([^\"']{1,80})")
_DECLARED: Final = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.-]{1,40})")
_ENTITY: Final = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_AUTHOR: Final = re.compile(r"<wp:author>(?P<inside>.{1,4000}?)</wp:author>", re.DOTALL)
#: The form of an author that RSS requires.
_ADDRESS_AND_NAME: Final = re.compile(r"\S+@\S+\s*\((?P<name>[^()]+)\)")
_ATTACHMENT: Final = re.compile(r"<wp:post_type>\s*(?:<!\[CDATA\[)?\s*attachment\b", re.IGNORECASE)


def read_xml(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """Records of an XML document."""
    sample = source.peek(SAMPLE_BYTES)
    encoding = _choose_encoding(sample)
    if encoding is None:
        yield Reject(source.path, 1, NOT_TEXT)
        return
    begins = sample.decode(encoding, "replace")
    name = find_record_name(begins, options.keys)
    limit = limit_record(options.max_article_bytes)
    with open_text(source.stream, encoding) as text:
        pieces = Pieces(text, name, limit)
        prolog = pieces.read_prolog()
        if _ENTITY.search(prolog):
            reason = (
                "it declares entities, which can stand for gigabytes (an entity bomb): it is not "
                "read. Take its DOCTYPE out where you trust it"
            )
            yield Reject(source.path, 1, reason)
            return
        document = _Document(source, options, prolog, name)
        yield from document.read(pieces)


def _choose_encoding(sample: bytes) -> str | None:
    """The encoding detected from the bytes if certain, otherwise the declared one."""
    encoding = choose_encoding(sample)
    declared = _DECLARED.match(sample.lstrip())
    if encoding is None or encoding.startswith("utf") or declared is None:
        return encoding
    named = declared[1].decode()
    try:
        return "cp1252" if named.lower() == "iso-8859-1" else str(b"".decode(named) or named)
    except LookupError:
        return encoding


def find_record_name(begins: str, keys: KeyMap) -> str:
    """The name of the record element in a document that begins with ``begins``; empty if the
    document itself is the record.
    """
    counts, texts, holding = _count_elements(begins, keys)
    root = _ROOT.search(begins)
    if root is not None and root["name"].rpartition(":")[2] in _WHOLE:
        return ""
    for known in _RECORDS:
        wanted_root = _ROOTS.get(known)
        if wanted_root not in (None, root["name"] if root else ""):
            continue
        for name in (known, *counts):
            if counts[name] and name in holding and name.rpartition(":")[2] == known:
                return name
    return next((name for name, _ in texts.most_common() if counts[name] > 1), "")


def _count_elements(begins: str, keys: KeyMap) -> tuple[Counter[str], Counter[str], set[str]]:
    """How often each name occurs below the root, and how often with a text inside; and the names
    of elements that have others or attributes in them: a list's ``<item>`` has neither.
    """
    stack: list[str] = []
    counts: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    holding: set[str] = set()
    for match in _TAG.finditer(begins):
        name = match["name"]
        if name is None or len(stack) > MAX_NESTING:
            continue
        if match["close"]:
            del stack[max(len(stack) - 1, 0) :]
            continue
        if match["rest"].strip():
            holding.add(name)
        if stack:
            holding.add(stack[-1])
            counts[name] += 1
            named = _NAMED.search(match["rest"])
            if keys.finds_text([named[1] if named else name.partition(":")[2] or name]):
                texts[stack[-1]] += 1
        if not match["empty"]:
            stack.append(name)
    return counts, texts, holding


class Pieces:
    """The texts of the elements called ``name``, in order, with their line numbers.

    A text has at most ``limit`` characters; a longer one is replaced by ``None``. If ``name`` is
    empty, the whole document is the only piece.
    """

    def __init__(self, stream: io.TextIOBase, name: str, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._name = name
        self._begin = re.compile(rf"<{re.escape(name)}(?=[\s>/])" if name else r"<(?![?!])")
        self._end = re.compile(
            rf"<!\[CDATA\[|(?P<end></{re.escape(name)}\s*>)|(?P<again><{re.escape(name)}(?=[\s>]))"
        )
        self._text = ""
        self._line = 1
        self._ended = False
        self.cut_off = False

    def _fill(self) -> bool:
        more = "" if self._ended else self._stream.read(_CHUNK)
        self._ended = not more
        self._text += more
        return bool(more)

    def _drop(self, size: int) -> None:
        self._line += self._text.count("\n", 0, size)
        self._text = self._text[size:]

    def read_prolog(self) -> str:
        """The text before the first piece, up to a maximum length."""
        while not (found := self._begin.search(self._text)):
            if len(self._text) > _PROLOG * 4 or not self._fill():
                break
        end = found.start() if found else len(self._text)
        prolog = self._text[:end][: _PROLOG * 4]
        if found:
            self._drop(end)
        return prolog

    def __iter__(self) -> Iterator[tuple[int, str | None]]:
        while self._find_begin():
            line = self._line
            if not self._name:
                yield line, self._read_rest()
                return
            yield line, self._read_one()

    def _find_begin(self) -> bool:
        while True:
            found = self._begin.search(self._text)
            if found:
                self._drop(found.start())
                return True
            self._drop(max(len(self._text) - 200, 0))
            if not self._fill():
                return False

    def _read_rest(self) -> str | None:
        while len(self._text) <= self._limit and self._fill():
            pass
        return self._text if len(self._text) <= self._limit else None

    def _read_one(self) -> str | None:
        """The piece at the beginning of the text; empty if it does not end."""
        position = 1
        empty = re.compile(rf"<{re.escape(self._name)}\b[^<>]*/>").match(self._text)
        if empty:
            self._drop(empty.end())
            return empty[0]
        skipping = False
        while True:
            found = self._end.search(self._text, position)
            if found is None:
                position = max(len(self._text) - len(self._name) - 16, 1)
                if len(self._text) > self._limit:
                    skipping = True
                    self._drop(position - 1)
                    position = 1
                if not self._fill():
                    self.cut_off = True
                    self._drop(len(self._text))
                    return None if skipping else ""
                continue
            if found["end"] is None and found["again"] is None:
                position, dropped = self._pass_cdata(found.end())
                skipping = skipping or dropped
                continue
            whole = self._text[: found.end() if found["end"] else found.start()]
            self._drop(len(whole))
            if skipping or len(whole) > self._limit:
                return None
            return whole if found["end"] else ""

    def _pass_cdata(self, position: int) -> tuple[int, bool]:
        """The position after a CDATA section, and whether part of the piece was dropped because of
        it.
        """
        dropped = False
        while (end := self._text.find("]]>", position)) < 0:
            position = max(len(self._text) - 2, position)
            if len(self._text) > self._limit:
                dropped = True
                self._drop(position)
                position = 0
            if not self._fill():
                return len(self._text), dropped
        return end + 3, dropped


class _Document:
    """The records of one document. ``prolog`` is the text before the first."""

    def __init__(self, source: Input, options: Options, prolog: str, name: str) -> None:
        self._source = source
        self._options = options
        self._name = name
        self._prolog = prolog
        self._authors = dict(_read_authors(prolog))
        self._pictures: dict[str, dict[str, str]] = {}

    def read(self, pieces: Pieces) -> Iterator[Record | Reject | Warned]:
        """A record for each piece, or the reason why it is missing."""
        if "wp:" in self._prolog and self._source.folder:
            self._pictures = _collect_pictures(self._source.path, self._name)
        for line, text in pieces:
            if not text:
                yield self._refuse(line, text, pieces)
                continue
            try:
                values = self._parse(text)
            except (ParseError, DefusedXmlException, ValueError) as error:
                yield Reject(self._source.path, line, _explain(error, text), make_excerpt(text))
                continue
            yield from self._finish(line, values)

    def _refuse(self, line: int, text: str | None, pieces: Pieces) -> Reject:
        if text is None:
            limit = limit_record(self._options.max_article_bytes)
            reason = f"the record is over the limit of {limit:,} bytes"
        elif pieces.cut_off:
            reason = "the XML ends within this record: it was cut off"
        else:
            reason = f"broken XML: this {self._name} has no end"
        return Reject(self._source.path, line, reason)

    def _parse(self, text: str) -> Any:
        """The record of a text. Raises ParseError and the errors of defusedxml."""
        if not self._name:
            # The document is the record, with its own declarations.
            return read_element(_parse_lenient(text, "", ""))
        opening = declare_prefixes(self._prolog, text, self._name.rpartition(":")[0])
        return read_element(_parse_lenient(text, f"<_ {opening}>", "</_>")[0])

    def _finish(self, line: int, values: Any) -> Iterator[Record | Reject]:
        if not self._options.pages and self._name in _ROOTS:
            yield Record(line, values if isinstance(values, dict) else {"loc": values})
            return
        if self._name == "sitemap":
            told = f"it is the index of other sitemaps ({values.get('loc')}): give those"
            yield Reject(self._source.path, line, told)
            return
        if not isinstance(values, dict):
            yield Record(line, {"body": values})
            return
        if self._name == "url":
            problem = add_page(values, self._source, self._options)
            if problem:
                yield Reject(self._source.path, line, problem)
                return
        self._settle_feed(values)
        # Custom fields of a WordPress post have any names: its text or id is not sought there.
        if self._name and ("wp:post_id" in values or self._options.keys.rank_text(values)):
            yield Record(line, values)
            return
        found = find_articles(values, self._options.keys)
        if len(found) < 2:
            # NITF, NewsML: title, date and text are in different parts.
            found = [flatten(values)]
        yield from (Record(line, one) for one in found)

    def _settle_feed(self, values: dict[str, Any]) -> None:
        """Normalise what feeds and WordPress write in their own ways."""
        author = values.get("dc:creator")
        if isinstance(author, str) and author in self._authors:
            values["dc:creator"] = self._authors[author]
        picture = self._pictures.get(_find_meta(values, "_thumbnail_id"))
        if picture:
            values.update(picture)
        if "wp:post_id" in values:
            if "wp:postmeta" in values:
                values["wp:postmeta"] = _name_meta(values)
            return
        settle_feed_entry(values)


def settle_feed_entry(values: dict[str, Any]) -> None:
    """Normalise a feed entry: its address is its id, sections after the first are tags, and an
    entry that is not a post, or a draft, is marked as such.
    """
    control = values.get("app:control")
    if isinstance(control, dict) and "app:draft" in control:
        values["draft"] = control["app:draft"]
    author = values.get("author")
    address = _ADDRESS_AND_NAME.fullmatch(author) if isinstance(author, str) else None
    if address is not None:
        values["author"] = address["name"]
    links = values.get("link")
    for one in links if isinstance(links, list) else [links]:
        if isinstance(one, dict):
            one.setdefault("@rel", "alternate")
    for key in ("guid", "id"):
        given = values.get(key)
        permanent = given.get("#text") if isinstance(given, dict) else given
        if key in values and values.get("link"):
            values[f"feed_{key}"] = values.pop(key)
        elif key == "guid" and isinstance(permanent, str) and permanent.startswith("http"):
            values["link"] = permanent
    sections = values.get("category")
    if sections:
        _settle_sections(values, sections if isinstance(sections, list) else [sections])


def _settle_sections(values: dict[str, Any], sections: list[Any]) -> None:
    kept = []
    for one in sections:
        scheme = str(one.get("@scheme", "")) if isinstance(one, dict) else ""
        if scheme.endswith("#kind"):
            # Blogger: posts, comments and templates are entries of one feed.
            values["blogger:type"] = str(one.get("@term", "")).rpartition("#")[2]
        else:
            kept.append(one)
    values["category"] = kept[:1]
    if "tags" not in values and len(kept) > 1:
        values["tags"] = kept[1:]


def _parse_lenient(text: str, before: str, behind: str) -> Element:
    """The element of ``text``; if parsing fails, the most common errors of feeds are repaired
    first.
    """
    try:
        found: Element = fromstring(before + text + behind, forbid_dtd=bool(before))
    except ParseError:
        found = fromstring(before + repair_xml(text) + behind, forbid_dtd=bool(before))
    return found


def _explain(error: Exception, text: str) -> str:
    if isinstance(error, DefusedXmlException):
        return "it declares entities or a document type, which are not read within records"
    return f"broken XML: {error}"


def _read_authors(prolog: str) -> Iterator[tuple[str, str]]:
    """Login and name of the authors that WordPress lists before its posts."""
    for author in _AUTHOR.finditer(prolog):
        told = {
            match[1]: match[2].removeprefix("<![CDATA[").removesuffix("]]>").strip()
            for match in re.finditer(r"<wp:author_(\w+)>(.{0,400}?)</wp:author_", author["inside"])
        }
        if told.get("login") and told.get("display_name"):
            yield told["login"], told["display_name"]


def _find_meta(values: Mapping[str, Any], key: str) -> str:
    """A value of WordPress's ``postmeta``; empty if there is none."""
    for one in _list_meta(values):
        if one.get("wp:meta_key") == key:
            return str(one.get("wp:meta_value") or "")
    return ""


def _list_meta(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    given = values.get("wp:postmeta")
    return [one for one in (given if isinstance(given, list) else [given]) if isinstance(one, dict)]


def _name_meta(values: Mapping[str, Any]) -> dict[str, Any]:
    """The custom fields of a WordPress post by name, as a site's own fields ask for them
    (``path = "wp:postmeta.rating"``); a list where a name is repeated.
    """
    named: dict[str, list[Any]] = {}
    for one in _list_meta(values):
        named.setdefault(str(one.get("wp:meta_key") or ""), []).append(one.get("wp:meta_value"))
    return {key: found if len(found) > 1 else found[0] for key, found in named.items()}


def _collect_pictures(path: str, name: str) -> dict[str, dict[str, str]]:
    """Attachments of a WordPress export by id: posts refer to their picture by it."""
    found: dict[str, dict[str, str]] = {}
    try:
        source = open_input(path)
    except UnreadableInput:
        return found
    with io.TextIOWrapper(source.stream, "utf-8", "replace") as text:
        pieces = Pieces(text, name, _ATTACHMENT_LIMIT)
        prolog = pieces.read_prolog()
        for _, piece in pieces:
            if not piece or not _ATTACHMENT.search(piece) or len(found) >= MAX_ATTACHMENTS:
                continue
            try:
                opening = declare_prefixes(prolog, piece)
                values = read_element(_parse_lenient(piece, f"<_ {opening}>", "</_>")[0])
            except (ParseError, DefusedXmlException, ValueError):
                continue
            address = values.get("wp:attachment_url")
            if address:
                caption = values.get("excerpt:encoded") or ""
                found[str(values.get("wp:post_id"))] = {
                    "image": str(address),
                    "image_caption": str(caption),
                }
    return found

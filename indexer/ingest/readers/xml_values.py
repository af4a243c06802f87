"""How does an XML element become the value of a record?"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from html.entities import html5
from typing import Any, Final
from xml.etree.ElementTree import Element

from indexer.ingest.readers.limits import MAX_NESTING
from indexer.word_list import list_words

#: Namespaces, whatever prefix a document gives them -> the prefix we know them by.
_KNOWN: Final = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.w3.org/2005/Atom": "atom",
    "http://www.w3.org/2007/app": "app",
    "http://purl.org/atom/app#": "app",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.google.com/schemas/sitemap-image/1.1": "image",
    "http://schemas.google.com/blogger/2018": "blogger",
}
_WORDPRESS: Final = re.compile(r"https?://wordpress\.org/export/[\d.]+/(?P<excerpt>excerpt/)?")
_DECLARATION: Final = re.compile(
    r"\bxmlns(?::(?P<prefix>[\w.-]+))?\s*=\s*[\"'](?P<uri>[^\"'<>&]*)[\"']"
)
_PREFIX: Final = re.compile(r"<([A-Za-z_][\w.-]*):|\s([A-Za-z_][\w.-]*):[\w.-]+\s*=")
_MARKUP: Final = list_words(
    """
    p div br b i em strong a img h1 h2 h3 h4 h5 h6 ul ol li blockquote figure figcaption span
    table section block hl2 pre
    """
)
#: What TEI calls elements of HTML.
_TEI: Final = {"item": "li", "list": "ul", "head": "h2", "quote": "blockquote", "lb": "br"}
#: Elements inside a text that are no part of it: NITF's pictures with their captions.
_NO_TEXT: Final = frozenset(("media", "media-caption", "media-producer"))
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
#: Attributes that only describe how a text is written.
_PLAIN_ATTRIBUTES: Final = frozenset(("@type", "@xml:lang", "@xml:base", "@xml:space"))
#: Elements that carry their key in an attribute, as database dumps do.
_NAMED: Final = ("field", "column", "property", "param")
_OWN_ENTITIES: Final = frozenset(("amp", "lt", "gt", "quot", "apos"))
_AMPERSAND: Final = re.compile(
    r"&(?:(#\d{1,7}|#x[0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}))?(;?)"
)
_NO_CHARACTER: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def declare_prefixes(prolog: str, text: str, own: str = "") -> str:
    """Declarations, as attributes, of all prefixes used in ``text``: those of the prolog that we
    know, and made-up ones for the others, declared or not. ``own`` is the prefix of the records
    themselves, whose elements need none.
    """
    declared = {match["prefix"] or "": match["uri"] for match in _DECLARATION.finditer(prolog)}
    used = {one or two for one, two in _PREFIX.findall(text)} - {"xml", "xmlns"}
    names = ['xmlns="urn:default"'] if declared.get("") else []
    for name in used:
        uri = declared.get(name, "")
        known = uri in _KNOWN or uri == _INSTANCE or _WORDPRESS.fullmatch(uri)
        given = uri if known else f"urn:prefix:{name}"
        names.append(f'xmlns:{name}="{"urn:default" if name == own else given}"')
    return " ".join(sorted(names))


def flatten(values: dict[str, Any]) -> dict[str, Any]:
    """All values inside an object, at any depth, in one dictionary: for duplicate names, the first
    one found. An object with nothing but a name is a value.
    """
    flat: dict[str, Any] = {}
    pending = [values]
    while pending:
        for name, value in pending.pop(0).items():
            if isinstance(value, dict) and not all(
                key[:1] in "@#" or key in ("name", "person") for key in value
            ):
                pending.append(value)
            else:
                flat.setdefault(name, value)
    return flat


def repair_xml(text: str) -> str:
    """``text`` with the most common errors of feeds repaired: HTML entities, bare ampersands,
    control characters.

    >>> repair_xml("<a>Satu&nbsp;& dua</a>")
    '<a>Satu&#160;&amp; dua</a>'
    """
    return _AMPERSAND.sub(_repair_ampersand, _NO_CHARACTER.sub("", text))


def _repair_ampersand(match: re.Match[str]) -> str:
    number, name, end = match.groups()
    if number and end and html.unescape(match[0]) not in ("", "\ufffd"):
        return match[0]
    if name and end and name in _OWN_ENTITIES:
        return match[0]
    known = html5.get(f"{name};") if name and end else None
    if known:
        return "".join(f"&#{ord(char)};" for char in known)
    return "&amp;" + match[0][1:]


def read_element(element: Element, depth: int = 0) -> Any:
    """The value of an element: its text; an object of its children and ``@attributes``; or HTML, if
    it contains that.
    """
    if depth > MAX_NESTING // 10:
        return "".join(element.itertext())
    children = [child for child in element if isinstance(child.tag, str)]
    text = (element.text or "").strip()
    attributes = {f"@{_name(key)}": value for key, value in element.attrib.items()}
    if not children:
        return _read_leaf(text, attributes)
    if any(_name(child.tag).rpartition(":")[2] in _MARKUP for child in children):
        return _write_markup(element, 0)
    if depth and _is_running_text(element, children):
        return " ".join("".join(element.itertext()).split())
    values: dict[str, Any] = attributes
    named = all(child.get("name") for child in children)
    for child in children:
        name = _name(child.tag)
        if (named or name in _NAMED) and child.get("name"):
            name = str(child.get("name"))
            value: Any = (
                (child.text or "").strip() if not len(child) else read_element(child, depth + 1)
            )
            if child.get(f"{{{_INSTANCE}}}nil") == "true":
                value = None
        else:
            value = read_element(child, depth + 1)
        _add(values, name, value)
    if text:
        values["#text"] = text
    return values


def _read_leaf(text: str, attributes: dict[str, str]) -> Any:
    if attributes.get("@xsi:nil") == "true" or attributes.get("@nil") == "true":
        return None
    if not attributes or (text and set(attributes) <= _PLAIN_ATTRIBUTES):
        return text
    return {**attributes, **({"#text": text} if text else {})}


def _is_running_text(element: Element, children: Sequence[Element]) -> bool:
    """Whether ``element`` is a text some of whose words are marked, as NITF marks names: ``<byline>
    Oleh <person>Ratna</person></byline>``.
    """
    written = (element.text, *(child.tail for child in children))
    return any(text and text.strip() for text in written) and not any(map(len, children))


def _add(values: dict[str, Any], name: str, value: Any) -> None:
    before = values.get(name)
    if before is None or before == "":
        values[name] = value
    elif isinstance(before, list):
        before.append(value)
    else:
        values[name] = [before, value]


def _name(tag: str) -> str:
    """The name of an element or attribute, with our prefix for its namespace."""
    if not tag.startswith("{"):
        return tag
    uri, _, local = tag[1:].partition("}")
    if uri in ("urn:default", ""):
        return local
    known = _KNOWN.get(uri)
    if known is None:
        wordpress = _WORDPRESS.fullmatch(uri)
        if wordpress is not None:
            known = "excerpt" if wordpress["excerpt"] else "wp"
        elif uri.startswith("urn:prefix:"):
            known = uri.removeprefix("urn:prefix:")
        elif uri == _INSTANCE:
            known = "xsi"
        elif uri == "http://www.w3.org/XML/1998/namespace":
            known = "xml"
    return f"{known}:{local}" if known else local


def _write_markup(element: Element, depth: int) -> str:
    """The contents of an element as HTML."""
    pieces = [html.escape(element.text or "", quote=False)]
    for child in element:
        if isinstance(child.tag, str) and _name(child.tag).rpartition(":")[2] in _NO_TEXT:
            pieces.append(html.escape(child.tail or "", quote=False))
            continue
        if not isinstance(child.tag, str) or depth > MAX_NESTING // 10:
            pieces.append(html.escape("".join(child.itertext()), quote=False))
        else:
            name = _name(child.tag).rpartition(":")[2]
            name = _TEI.get(name, name)
            given = "".join(
                f' {_name(key)}="{html.escape(value)}"' for key, value in child.attrib.items()
            )
            inside = _write_markup(child, depth + 1)
            pieces.append(f"<{name}{given}>{inside}</{name}>" if name != "br" else "<br>")
        pieces.append(html.escape(child.tail or "", quote=False))
    return "".join(pieces)

"""How are web pages read? One article a file (``.html``), with the page's own metadata.

A page states its metadata several times: in JSON-LD, in ``meta`` elements, in visible text. The
article text is extracted by trafilatura if installed (``searchsvc[html]``), otherwise taken from
the element that contains it.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.article import Reject, Warned
from indexer.ingest.build_article import make_excerpt
from indexer.ingest.many_attributes import drop_many_attributes
from indexer.ingest.plain_text import clean_line, html_to_text
from indexer.ingest.readers.decode import NOT_TEXT, decode
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.limits import MAX_NESTING, limit_record
from indexer.ingest.readers.page_headline import add_beside_headline, read_beside_headline
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.readers.shapes import find_in_graph, is_article_type

#: Metadata about the article; the rest is for browsers.
_TOLD: Final = re.compile(
    r"(?:og|article|dc|dcterms|twitter|parsely|sailthru|book|news)[:._-].*|"
    r"(?:news_)?keywords|author|description|date|pubdate|publishdate|publish-date|editor|"
    r"content_.*|thumbnailurl|\w{2,12}:(?P<own>author|publishdate|keywords?|tags?)",
    re.IGNORECASE,
)
#: Elements that contain the text of an article, the most reliable first.
_TEXT_PLACES: Final = (
    "[itemprop=articleBody]",
    ".detail__body-text, .detail-text, .read__content, .article-content-body__item-content",
    ".entry-content, .post-content, .article-content, .article-body, .article__body, .post-body",
    ".e-content",
    "article",
    "main, [role=main]",
    "#content, .content, #main",
    "body",
)
_NO_TEXT: Final = (
    "nav, aside, header, footer, form, script, style, noscript, iframe, template, button, menu, "
    "[role=navigation], [aria-hidden=true], .comments, #comments, .related, .share, .breadcrumb, "
    ".advertisement, .ads, .sidebar, .widget, .tags, .tag, .post-tags"
)
#: An extracted text this much shorter than the one in the page's JSON-LD has lost some.
_SHORTER: Final = 0.6
#: The minimum fraction of an article that an extractor keeps.
_LEAST_KEPT: Final = 0.5
#: The fraction of a page's paragraphs that are in the element with its text.
_MOST_PARAGRAPHS: Final = 0.7
_LIST_OF_ARTICLES: Final = 4
_FEW_LINKS: Final = 3
_LINK_SHARE: Final = 0.7
_MOST_BLOCKS: Final = 2_000
_OPENING: Final = re.compile(
    r"<(/?)(div|span|section|article|b|i|em|strong|a|font|table|ul|ol|blockquote|center|main|form|u)\b",
    re.I,
)
#: Elements that a page can do without, if nested too deeply to be read: groups, and styles.
_GROUP: Final = re.compile(
    r"(?:</?(?:div|section|center|blockquote|table|ul|ol|form)\b[^<>]*>\s*)+", re.I
)
_STYLE: Final = re.compile(r"</?(?:span|b|i|em|strong|font|u)\b[^<>]*>", re.I)
_JSON_COMMENT: Final = re.compile(
    r"^\s*(?:/\*.{0,200}?\*/|<!--|//<!\[CDATA\[)|(?://\]\]>|-->)\s*$", re.S
)


def read_html(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """The one record of a page."""
    limit = limit_record(options.max_article_bytes)
    data = source.stream.read(limit + 1)
    if len(data) > limit:
        yield Reject(source.path, 1, f"the page is over the limit of {limit:,} bytes")
        return
    rows = read_table(data, options.keys) if b"<table" in data else []
    if rows:
        yield from (Record(number, row) for number, row in enumerate(rows, start=1))
        return
    found = read_page(data, options.keys)
    if isinstance(found, str):
        yield Reject(source.path, 1, found, make_excerpt(data[:400].decode("utf-8", "replace")))
    else:
        yield Record(1, found)


def read_table(data: bytes, keys: KeyMap) -> list[dict[str, Any]]:
    """The rows of a table whose first row names columns for a title and a text, as programs export
    it under the name of a workbook; empty where the page has none.
    """
    decoded = decode(data)
    if decoded is None or measure_nesting(decoded[0]) > MAX_NESTING:
        return []
    for table in LexborHTMLParser(drop_many_attributes(decoded[0])).css("table"):
        rows = [_list_cells(row) for row in table.css("tr")]
        columns = [clean_line(html_to_text(cell)) for cell in rows[0]] if rows else []
        named = keys.rename(dict.fromkeys(filter(None, columns), "x")).values
        if "title" in named and keys.rank_text(dict.fromkeys(columns, "x")) == 2:
            return [dict(zip(columns, row, strict=False)) for row in rows[1:] if any(row)]
    return []


def _list_cells(row: LexborNode) -> list[str]:
    """What the cells of a row hold, as HTML."""
    return [(cell.inner_html or "").strip() for cell in row.iter() if cell.tag in ("td", "th")]


def read_page(data: bytes, keys: KeyMap, *, whole: bool = False) -> dict[str, Any] | str:
    """The record of a page, or why it has none. ``whole``: all of it is the article's text, as in a
    book; a page of a site has other things around it.
    """
    decoded = decode(data)
    if decoded is None:
        return NOT_TEXT
    text = _decode_as_told(data, decoded[0], decoded[1])
    flat = limit_nesting(drop_many_attributes(text))
    if flat is None:
        return "its elements are nested too deeply"
    page = LexborHTMLParser(flat)
    told = _read_metadata(page)
    stated = _read_statement(page, keys)
    shown = _read_shown(page)
    told_article = bool(whole or stated or _is_told_article(told))
    if not told_article and len(page.css("article")) >= _LIST_OF_ARTICLES:
        return "the page lists articles, and is none itself"
    values = {**told, **{key: one for key, one in stated.items() if not key.startswith("@")}}
    for key, value in shown.items():
        if value and not values.get(key):
            values[key] = value
    values["title"] = _choose_title(stated, told, shown)
    beside = read_beside_headline(page)
    body, image = _find_text(page, whole)
    given = stated.get("articleBody")
    if isinstance(given, str) and len(body) < len(given) * _SHORTER:
        body = given
    values.pop("articleBody", None)
    values.pop("headline", None)
    values["body"] = body
    add_beside_headline(values, beside, keys)
    for name in ("h1", "html_title"):
        values.pop(name, None)
    values.update({key: one for key, one in image.items() if not values.get(key)})
    return values


def has_mostly_links(data: bytes) -> bool:
    """Whether a page that :func:`read_page` can read has hardly more text than that of links."""
    decoded = decode(data)
    flat = limit_nesting(drop_many_attributes(decoded[0])) if decoded is not None else None
    body = LexborHTMLParser(flat).body if flat is not None else None
    if body is None:
        return False
    linked = sum(len("".join((link.text() or "").split())) for link in body.css("a[href]"))
    return linked > len("".join((body.text() or "").split())) * _LINK_SHARE


def measure_nesting(text: str) -> int:
    """The nesting depth of elements, ignoring those that need no end tag."""
    depth = deepest = 0
    for match in _OPENING.finditer(text):
        depth += -1 if match[1] else 1
        deepest = max(deepest, depth)
    return deepest


def limit_nesting(text: str) -> str | None:
    """A page that is nested too deeply to be parsed without the elements that only group or style
    what is in them: their texts become paragraphs. ``None`` if it still is.
    """
    if measure_nesting(text) <= MAX_NESTING:
        return text
    flat = _STYLE.sub("", _GROUP.sub("\n<p>", text))
    return flat if measure_nesting(flat) <= MAX_NESTING else None


def _decode_as_told(data: bytes, text: str, encoding: str) -> str:
    """The page decoded with its declared encoding, unless its bytes are UTF-8."""
    if encoding.startswith("utf"):
        return text
    declared = re.search(rb"charset\s*=\s*[\"']?([\w-]{3,20})", data[:4_000], re.IGNORECASE)
    if declared is None:
        return text
    try:
        return data.decode(declared[1].decode(), "replace")
    except LookupError:
        return text


def _read_metadata(page: LexborHTMLParser) -> dict[str, Any]:
    """The ``meta`` elements about the article; several of one name become a list."""
    told: dict[str, Any] = {}
    for node in page.css("meta"):
        name = node.attributes.get("property") or node.attributes.get("name")
        name = name or node.attributes.get("itemprop") or ""
        told_of = _TOLD.fullmatch(name)
        name = (told_of and told_of["own"]) or name.removeprefix("content_")
        content = (node.attributes.get("content") or "").strip()
        if not content or not told_of:
            continue
        if name not in told:
            told[name] = content
        elif name.endswith(("tag", "author")):
            before = told[name]
            told[name] = [*(before if isinstance(before, list) else [before]), content]
    return {name: one for name, one in told.items() if not _is_profile(name, one)}


def _is_profile(name: str, value: Any) -> bool:
    """Whether an author is given only by the address of a profile."""
    return name.endswith("author") and isinstance(value, str) and value.startswith("http")


def _is_told_article(told: Mapping[str, Any]) -> bool:
    return told.get("og:type") == "article" or "article:published_time" in told


def _read_statement(page: LexborHTMLParser, keys: KeyMap) -> dict[str, Any]:
    """The article described in the page's JSON-LD; empty if there is none."""
    for node in page.css('script[type="application/ld+json"]'):
        try:
            value = json.loads(_JSON_COMMENT.sub("", node.text() or ""), strict=False)
        except (ValueError, RecursionError):
            continue
        graph = value if isinstance(value, list) else [value]
        nodes: list[Any] = []
        for one in graph:
            inner = one.get("@graph") if isinstance(one, Mapping) else None
            nodes += inner if isinstance(inner, list) else [one]
        found = [dict(one) for one in find_in_graph(nodes, keys) if is_article_type(one)]
        if found:
            return max(found, key=_measure_body)
    return {}


def _measure_body(article: Mapping[str, Any]) -> int:
    return len(str(article.get("articleBody") or ""))


def _read_shown(page: LexborHTMLParser) -> dict[str, Any]:
    """What the page displays and links to: address, date, headings."""
    shown: dict[str, Any] = {}
    link = page.css_first("link[rel=canonical]")
    if link is not None:
        shown["url"] = link.attributes.get("href") or ""
    moment = page.css_first("[itemprop=datePublished], article time[datetime], time[datetime]")
    if moment is not None:
        shown["datePublished"] = moment.attributes.get("datetime") or (
            moment.attributes.get("content") or clean_line(moment.text() or "")
        )
    author = page.css_first(
        "[itemprop=author] [itemprop=name], [itemprop=author], [rel=author], .p-author"
    )
    if author is not None:
        shown["author"] = clean_line(author.text() or "")
    shown["tags"] = [clean_line(node.text() or "") for node in page.css("a[rel=tag]")][:50]
    headings = page.css("article h1") or page.css("main h1") or page.css("h1")
    shown["h1"] = clean_line(headings[0].text() or "") if len(headings) == 1 else ""
    title = page.css_first("title")
    shown["html_title"] = clean_line(title.text() or "") if title is not None else ""
    return shown


def _choose_title(stated: Mapping[str, Any], told: Mapping[str, Any], shown: dict[str, Any]) -> str:
    named = (
        stated.get("headline"),
        shown.pop("h1"),
        told.get("og:title"),
        told.get("twitter:title"),
    )
    titles = (*named, shown.pop("html_title"))
    return next((clean_line(one) for one in titles if isinstance(one, str) and one.strip()), "")


def _find_text(page: LexborHTMLParser, whole: bool) -> tuple[str, dict[str, str]]:
    """The text of the article, and the picture in it."""
    for node in () if whole else page.css(_NO_TEXT):
        if not node.css_first("[itemprop=articleBody], article"):
            node.decompose()
    place = page.body if whole else _find_place(page)
    if place is None:
        return "", {}
    image = _find_image(place)
    headings = place.css("h1")
    # Several are those of parts.
    for heading in headings if len(headings) == 1 or not whole else ():
        heading.decompose()
    for moment in place.css("time"):
        if moment.parent is not None and moment.parent.tag != "p":
            moment.decompose()
    _drop_link_lists(place)
    inside = place.html or ""
    own = html_to_text(inside)
    if whole:
        return own, image
    extracted = _extract(inside)
    return (extracted if _is_whole(extracted, own.strip()) else own), image


def _is_whole(extracted: str, own: str) -> bool:
    """Whether the extractor kept the text and its paragraphs: of short pages it keeps one line."""
    joined = "\n" not in extracted.strip() and own.count("\n") > 1
    return len(extracted) >= len(own) * _LEAST_KEPT and not joined


def _extract(inside: str) -> str:
    """The text extracted by trafilatura; empty if it is not installed."""
    try:
        import trafilatura
    except ImportError:
        return ""
    page = f"<html><body><article>{inside}</article></body></html>"
    return trafilatura.extract(page, include_comments=False, include_tables=True) or ""


def _drop_link_lists(place: LexborNode) -> None:
    """Remove blocks that are hardly more than links: other articles, sections, sharing buttons."""
    blocks = place.css("ul, ol, div, section, table")
    if len(blocks) > _MOST_BLOCKS:
        return
    whole = len(place.text() or "")
    for block in blocks:
        links = block.css("a")
        if len(links) < _FEW_LINKS:
            continue
        length = len(block.text() or "")
        linked = sum(len(link.text() or "") for link in links)
        if linked > length * _LINK_SHARE and length < whole:
            block.decompose()


def _find_place(page: LexborHTMLParser) -> LexborNode | None:
    """The element that contains the text: of the most reliable kind present, the one with the
    longest text.
    """
    for selector in _TEXT_PLACES:
        nodes = [node for node in page.css(selector) if len((node.text() or "").split()) > 5]
        if nodes:
            found = max(nodes, key=lambda node: len(node.text() or ""))
            return _find_paragraphs(found) if selector == "body" else found
    return None


def _find_paragraphs(body: LexborNode) -> LexborNode:
    """The element whose own paragraphs are nearly all of the page's; ``body`` if there is none."""
    lengths: Counter[int] = Counter()
    parents: dict[int, LexborNode] = {}
    for paragraph in body.css("p")[:_MOST_BLOCKS]:
        parent = paragraph.parent
        if parent is not None:
            parents[parent.mem_id] = parent
            lengths[parent.mem_id] += len(paragraph.text() or "")
    best, length = lengths.most_common(1)[0] if lengths else (0, 0)
    whole = sum(lengths.values())
    return parents[best] if length and length >= whole * _MOST_PARAGRAPHS else body


def _find_image(place: LexborNode) -> dict[str, str]:
    figure = place.css_first("figure img, img")
    if figure is None:
        return {}
    given = figure.attributes
    source = given.get("data-src") or given.get("data-lazy-src") or given.get("src") or ""
    caption = place.css_first("figcaption, .caption, .wp-caption-text")
    shown = clean_line(caption.text() or "") if caption is not None else ""
    return {"image": html.unescape(source), "image_caption": shown}

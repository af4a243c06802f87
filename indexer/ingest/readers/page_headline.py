"""What does a page without metadata show beside its headline? The date and the byline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.ingest.dates import find_dates, parse_date
from indexer.ingest.plain_text import clean_line
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.wire.byline import read_byline

#: How far above the headline the element may be that also contains the date.
_LEVELS: Final = 3
_LONGEST: Final = 120
#: Elements examined beside a headline.
_MOST_LINES: Final = 60
#: Nodes below a headline that may date it, with the white space between them.
_BELOW: Final = 6
_LINES: Final = "span, time, small, div, li, p, td, h2, h3, h4, h5, h6"
_TITLE_PARTS: Final = re.compile(r" [-|–—»:] ")


def add_beside_headline(values: dict[str, Any], shown: Mapping[str, Any], keys: KeyMap) -> None:
    """Complete a page's ``values`` with what :func:`read_beside_headline` found: a date, and
    authors unless others than the site itself are known.
    """
    known = keys.rename(values).values
    if not shown or known.get("published_at"):
        return
    values["date"] = shown["date"]
    site = [values.get("og:site_name"), *_TITLE_PARTS.split(str(values.get("html_title", "")))]
    if shown["authors"] and (not known.get("authors") or known["authors"] in site):
        values["authors"] = shown["authors"]


def read_beside_headline(page: LexborHTMLParser) -> dict[str, Any]:
    """The ``date`` and ``authors`` in the nearest element around the only headline of ``page`` that
    shows a single date; empty if there is none. The date in a page's header is today's, and a list
    of other articles has several.
    """
    headings = page.css("article h1") or page.css("main h1") or page.css("h1")
    inside = headings[0] if len(headings) == 1 else None
    for _ in range(_LEVELS):
        around = inside.parent if inside is not None else None
        if inside is None or around is None or around.tag == "html":
            break
        # The whole page has other dates: there, only what follows the headline counts.
        whole = around.tag == "body"
        lines = [*_list_below(inside)] if whole else [*_list_lines(around)]
        dates = [line for line in lines if find_dates(line) and parse_date(line)]
        if dates:
            return {"date": dates[0], "authors": _find_authors(lines)} if len(dates) == 1 else {}
        inside = around
    return {}


def _list_below(headline: LexborNode) -> Iterator[str]:
    """The short texts of the elements that follow one, before the article's."""
    node = headline.next
    for _ in range(_BELOW):
        if node is None:
            return
        text = clean_line(node.text() or "")
        if len(text) > _LONGEST or node.css_first("p") is not None:
            return
        if text:
            yield text
        node = node.next


def _list_lines(around: LexborNode) -> Iterator[str]:
    """The short texts of the innermost elements in ``around``."""
    nodes = around.css(_LINES)[:_MOST_LINES]
    for node, following in zip_longest(nodes, nodes[1:]):
        # In document order, the elements inside one follow it at once.
        if following is None or not _is_inside(following, node):
            text = clean_line(node.text() or "")
            if 0 < len(text) <= _LONGEST:
                yield text


def _is_inside(inner: LexborNode, outer: LexborNode) -> bool:
    node = inner.parent
    while node is not None and node.mem_id != outer.mem_id:
        node = node.parent
    return node is not None


def _find_authors(lines: list[str]) -> list[str]:
    found = (read_byline(f"{line}\n") for line in lines if ":" in line)
    return next((byline.authors for byline in found if byline is not None and byline.authors), [])

"""How is an answer to look? Which fields of a hit, which marks, how long a snippet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from indexer.schema import FIELDS
from searchsvc.limits import MAX_MARK_CHARACTERS

#: Fields of a hit, and of its article besides.
HIT_FIELDS: tuple[str, ...] = (
    *("id", "title", "title_html", "snippet_html", "url", "source", "published_at", "category"),
    *("tags", "authors", "agency", "place", "image", "score", "also", "also_total"),
    *("explain", "fields"),
)
ARTICLE_FIELDS: tuple[str, ...] = tuple(
    spec.name for spec in FIELDS if spec.name not in HIT_FIELDS and spec.name != "raw"
)
SELECTABLE: tuple[str, ...] = (*HIT_FIELDS, *ARTICLE_FIELDS)

#: The mark that the HTML of hits has, where the request wants none other.
MARK_START, MARK_END = "<mark>", "</mark>"
#: One element with a class, or text without any markup.
_MARK = re.compile(
    r"""</?[a-z][a-z0-9-]{0,30}(?:\ class="[\w\ -]{0,60}")?>|[^<>&"']*""", re.VERBOSE
)


@dataclass(frozen=True, slots=True)
class AnswerShape:
    """``select`` names fields of hits, in their order; empty for those that they usually have."""

    select: tuple[str, ...] = ()
    mark_start: str = MARK_START
    mark_end: str = MARK_END

    def mark(self, html: str) -> str:
        """``html`` with these marks. Everything else in it is escaped."""
        if (self.mark_start, self.mark_end) == (MARK_START, MARK_END):
            return html
        return html.replace(MARK_START, self.mark_start).replace(MARK_END, self.mark_end)

    def apply(self, hit: dict[str, Any]) -> dict[str, Any]:
        """The hit, of JSON, in this shape."""
        for name in ("title_html", "snippet_html"):
            hit[name] = self.mark(hit[name])
        if not self.select:
            return hit
        return {name: hit[name] for name in self.select if name in hit}


#: As answers look where the request says nothing.
USUAL_SHAPE = AnswerShape()


def is_mark(text: str) -> bool:
    """Whether the text may stand around what matched.

    >>> [is_mark(text) for text in ('<em class="hit">', "</b>", "**", '<b onclick="x">', "<b><i>")]
    [True, True, True, False, False]
    """
    return len(text) <= MAX_MARK_CHARACTERS and _MARK.fullmatch(text) is not None

"""What is the address of the same search with one thing changed?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from indexer.schema import LABEL_FACETS
from searchsvc.query.own_bounds import HIGH, LOW
from searchsvc.request import SearchRequest

#: Not every proxy accepts an encoded slash in a path, and browsers resolve dots.
_HARD_IN_PATHS = re.compile(r"[/\\]|^\.\.?$")


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Builds addresses under ``root``, the path the app is mounted at (empty, or ``/cari``).

    ``collapse``: whether copies are collapsed if an address does not say.
    """

    root: str
    request: SearchRequest
    collapse: bool = False

    def show(self, request: SearchRequest) -> str:
        """The address of the page for ``request``."""
        pairs = list_parameters(request, collapse=self.collapse)
        return f"{self.root}/?{urlencode(pairs)}" if pairs else f"{self.root}/"

    def page(self, number: int) -> str:
        return self.show(replace(self.request, page=number))

    def sort(self, sort: str) -> str:
        return self.show(replace(self.request, sort=sort, page=1))

    def query(self, q: str) -> str:
        """The same filters with other words."""
        return self.show(replace(self.request, q=q, page=1))

    def search(self, q: str) -> str:
        """A new search for only these words."""
        return self.show(SearchRequest(q=q, collapse=self.collapse))

    def toggle(self, facet: str, value: str) -> str:
        """With ``value`` of ``facet`` selected, or deselected if it was."""
        filters = dict(self.request.filters)
        chosen = filters.pop(facet, ())
        if value in chosen:
            chosen = tuple(other for other in chosen if other != value)
        else:
            chosen = (*chosen, value)
        if chosen:
            filters[facet] = chosen
        return self.show(replace(self.request, filters=filters, page=1))

    def dates(self, date_from: str, date_to: str) -> str:
        return self.show(replace(self.request, date_from=date_from, date_to=date_to, page=1))

    def without_filters(self) -> str:
        return self.show(
            replace(self.request, filters={}, ranges={}, date_from="", date_to="", page=1)
        )

    def values(self, facet: str) -> str:
        """The page with all values of a facet among the articles found."""
        pairs = list_parameters(replace(self.request, page=1), collapse=self.collapse)
        address = f"{self.root}/pilihan/{quote(facet, safe='')}"
        return f"{address}?{urlencode(pairs)}" if pairs else address

    def only(self, facet: str, value: str) -> str:
        """A new search for only this label."""
        return self.show(SearchRequest(filters={facet: (value,)}, collapse=self.collapse))

    def copies(self, collapse: bool) -> str:
        """With copies of a story collapsed into one hit, or each as its own."""
        return self.show(replace(self.request, collapse=collapse, page=1))

    def article(self, article_id: str) -> str:
        """The address of an article's own page; it keeps the query in the search box.

        Must match ``articleAddress`` in combobox.js.
        """
        pairs = [("q", self.request.q)] if self.request.q else []
        if _HARD_IN_PATHS.search(article_id):
            return f"{self.root}/artikel?{urlencode([('id', article_id), *pairs])}"
        address = f"{self.root}/artikel/{quote(article_id, safe='')}"
        return f"{address}?{urlencode(pairs)}" if pairs else address


def list_parameters(request: SearchRequest, *, collapse: bool) -> list[tuple[str, str]]:
    """The parameters that :func:`searchsvc.query.parameters.read` reads back, without defaults;
    ``collapse`` is one of them.
    """
    pairs = [("q", request.q)] if request.q else []
    # A site's own facets come after the built-in ones.
    for facet in dict.fromkeys((*LABEL_FACETS, *request.filters)):
        pairs.extend((facet, value) for value in request.filters.get(facet, ()))
    for name, bounds in request.ranges.items():
        pairs.extend(
            (name + end, bound) for end, bound in zip((LOW, HIGH), bounds, strict=True) if bound
        )
    pairs.extend(
        (name, value)
        for name, value in (("from", request.date_from), ("to", request.date_to))
        if value
    )
    if request.sort != "relevance":
        pairs.append(("sort", request.sort))
    if request.collapse != collapse:
        pairs.append(("collapse", str(int(request.collapse))))
    if request.page > 1:
        pairs.append(("page", str(request.page)))
    return pairs

"""Which parameters of a request are unknown, and what were they meant to be?

A name that is nearly ours, or that other engines or sites use for the same purpose, was meant: if
it were ignored, everything would match. What a site adds for its own purposes (``utm_source``) was
not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from indexer.schema import FIELDS, LABEL_FACETS

#: Names of our parameters elsewhere, letters and digits only: Elasticsearch, Solr, Algolia,
#: Meilisearch, Typesense, WordPress, OpenSearch, and obvious Indonesian ones.
_CALLED_ELSEWHERE: dict[str, str] = {
    "q": "query s search searchquery searchterm searchterms searchtext keyword keywords kata "
    "katakunci kunci cari pencarian kueri term terms text teks qs find title judul body isi",
    "page": "p paged pg pagenumber pagenum pageno pageindex currentpage halaman hal nomorhalaman "
    "offset start cursor skip",
    "per_page": "limit size rows count pagesize pagelimit hitsperpage itemsperpage resultsperpage "
    "perhalaman jumlah results num n take",
    "limit": "size rows count perpage pagesize jumlah num n max",
    "sort": "sortby sortorder sorting order orderby urut urutan urutkan ranking",
    "from": "dari gte publishedafter publishedfrom",
    "to": "ke lte publishedbefore publishedto",
    "facets": "facet facetby facetfield facetsby aggs aggregations",
    "category": "categories cat kategory section rubrik kanal channel facetfilters filters filter "
    "filterby fq numericfilters",
    "source": "sources outlet publisher media situs",
    "authors": "author authorname writer reporter wartawan byline",
    "tags": "tagged label labels topik topic topics",
    "place": "places location city kota tempat daerah",
    "agency": "agencies wire",
    "interval": "granularity bucket calendarinterval",
    "collapse": "distinct group groupby dedup dedupe deduplicate collapsing satukan gabung "
    "gabungkan kelompokkan",
    "prefix": "facetquery facetprefix startswith beginswith contains awalan autocomplete",
    "explain": "debug debugquery showrankingscore",
    "match": "operator defaultoperator mm minimum minimumshouldmatch matchingstrategy",
    "select": "fields fl attributestoretrieve includefields _source returnfields kolom",
    "mark_start": "highlightpretag highlightstarttag pretag pretags",
    "mark_end": "highlightposttag highlightendtag posttag posttags",
    "snippet_length": "croplength highlightaffixnumtokens fragmentsize snippetlength",
    "id": "articleid docid documentid objectid ids",
}

_ALIASES: dict[str, list[str]] = {}
for _ours, _names in _CALLED_ELSEWHERE.items():
    for _name in _names.split():
        _ALIASES.setdefault(_name, []).append(_ours)
for _field in FIELDS:
    # Names before the colon in a query.
    for _name in _field.query_names if _field.name in LABEL_FACETS else ():
        _ALIASES.setdefault(_name, []).append(_field.name)

#: A date by two words in either order: ``start_date``, ``tanggalAkhir``.
_DATE = "(?:date|time|day|tanggal|tgl|waktu|hari)"
_BOUNDS = {
    "from": "start|begin|min|from|since|after|first|awal|mulai|dari|sejak|sesudah|setelah",
    "to": "end|max|to|until|before|till|last|akhir|selesai|sampai|hingga|sebelum",
}
_DATES = {
    ours: re.compile(rf"(?:{words})(?:{_DATE})?|{_DATE}(?:{words})")
    for ours, words in _BOUNDS.items()
}

#: The bounds of a site's own field, before or after its name: ``min_harga``, ``harga[gte]``.
_OWN_BOUNDS = {
    "_from": f"{_BOUNDS['from']}|gte?|minimum|terendah",
    "_to": f"{_BOUNDS['to']}|lte?|maximum|maksimum|tertinggi",
}

#: Shorter names of ours are similar to anything; in longer ones a typo may change more letters.
_SHORTEST = 4
_LONG = 8

#: Parameters that campaigns, analytics, shared links and browsers' caches add to addresses.
_ADDED_BY_SITES = re.compile(
    r"(?:utm|mc|pk|mtm|matomo|hsa|at|ga|gad|_ga|_gl|vero|oly|icn|wbraid|gbraid|ns|fb|ig)_.*"
    r"|\w*clk?id|_hs\w*|_ga|_gl|_|_t|_ts|v|ts|cb|rnd|nocache|cache|ref|referrer|referer|igsh\w*|si"
    r"|mibextid|share\w*|ocid|spm|cid|amp|lang|locale|hl|session\w*|sid|token|api_?key|page_id"
)


class UnknownParameter(ValueError):
    """There is no parameter ``name``; ``meant`` is the one that it corresponds to."""

    def __init__(self, name: str, meant: str) -> None:
        self.name = name
        self.meant = meant
        shown = name if len(name) <= 80 else name[:79] + "…"
        super().__init__(f"There is no parameter {shown!r}. Did you mean {meant!r}?")


def find_meant(name: str, known: Collection[str]) -> str:
    """The parameter among ``known`` that the unknown ``name`` was meant to be; empty if unclear.

    >>> [find_meant(name, ("q", "page", "tags")) for name in ("query", "tags[]", "pgae", "color")]
    ['q', 'tags', 'page', '']
    """
    plain = _strip(name.partition("[")[0])
    for ours in known:
        if _strip(ours) == plain:
            return ours
    for ours in _ALIASES.get(plain, ()):
        if ours in known:
            return ours
    for ours, spelt in _DATES.items():
        if ours in known and spelt.fullmatch(plain):
            return ours
    if bound := _find_bound(_strip(name), known):
        return bound
    if _ADDED_BY_SITES.fullmatch(name.lower()):
        return ""
    from rapidfuzz.distance import OSA

    slips = [(OSA.distance(plain, _strip(ours)), ours) for ours in known if len(ours) >= _SHORTEST]
    distance, nearest = min(slips, default=(_LONG, ""))
    return nearest if distance <= (2 if len(nearest) >= _LONG else 1) else ""


def _find_bound(plain: str, known: Collection[str]) -> str:
    """The bound of a site's own field that ``plain`` spells differently; empty if it is none."""
    for end, words in _OWN_BOUNDS.items():
        for ours in known:
            own = _strip(ours.removesuffix(end)) if ours.endswith(end) else ""
            # The field's name alone means one value, which is also a range.
            if own and re.fullmatch(rf"(?:{words})?{own}|{own}(?:{words})", plain):
                return ours
    return ""


def _strip(name: str) -> str:
    """The name's letters and digits in lower case: ``per_page``, ``perPage`` and ``per-page`` are
    the same.
    """
    return "".join(filter(str.isalnum, name.lower()))


def refuse_misnamed(names: Iterable[str], known: Collection[str]) -> None:
    """Raise UnknownParameter for the first of ``names`` that resembles one of ``known``."""
    for name in names:
        if name not in known and (meant := find_meant(name, known)):
            raise UnknownParameter(name, meant)


def list_ignored(names: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Those of ``names`` that are not ``known``, and not of the kind that sites add."""
    return tuple(
        name for name in names if name not in known and not _ADDED_BY_SITES.fullmatch(name.lower())
    )

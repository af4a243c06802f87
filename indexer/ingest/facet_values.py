"""Which label does a value count under? Facet values cleaned so that spellings of one thing agree.

Each value is cleaned independently of others, so that counts of separately written parts of an
index add up, and a filter typed by a person becomes the same label as the article's value. The
originals stay in the article.

============  ====================================================================================
``source``    a site as its host in lower case, without ``www.`` (``kompas.com``), also where the
              outlet is named (``CNN Indonesia`` -> ``cnnindonesia.com``); other names as written
``category``  the last step of a path, in lower case: ``NEWS / NASIONAL`` -> ``nasional``;
              an outlet's prefix goes (``detikInet`` -> ``inet``), and what is one section under
              two names becomes one (``Sport`` -> ``olahraga``, :mod:`indexer.ingest.joined_labels`)
``tags``      lower case, without ``#``
``authors``   names in mixed case, each once; no labels, no outlet
``agency``    the agency's own spelling: ``ant`` -> ``Antara``
``place``     the place alone, in mixed case: ``SEMARANG, Jawa Tengah`` -> ``Semarang``; one under
              two names as one (``Washington DC`` -> ``Washington``)
============  ====================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from indexer.article import Article
from indexer.ingest.joined_labels import join_label
from indexer.ingest.outlets import find_agency, find_outlet
from indexer.ingest.own_values import write_label
from indexer.ingest.plain_text import clean_line
from indexer.schema import LABEL_FACETS, OWN_LABEL
from indexer.word_list import list_words

EMPTY_TABLE: Final[Mapping[str, str]] = MappingProxyType({})
#: Placeholders that exports write for missing values, in lower case.
_NOTHING: Final = frozenset(
    (
        *("", "-", "--", "n/a", "na", "nan", "nil", "none", "null", "undefined", "unknown"),
        *("tidak ada", "tanpa kategori", "uncategorized", "uncategorised", "lain-lain", "other"),
    )
)
#: Contents of the author field that name no person.
_NOBODY: Final = _NOTHING | {"admin", "administrator", "advertorial", "redaksi", "tim redaksi"}
_STEPS: Final = re.compile(r"\s*(?:/|\\|>|»|›|\|)\s*")
_SECTION_BRAND: Final = re.compile(r"detik(?=[a-z]{3})")
_BETWEEN_SITES: Final = re.compile(r"\s*[/|,;]\s+|\s+[/|,;]\s*")
_ALONE: Final = re.compile(r"[\s#.,;:|/–—-]*(.*?)[\s.,;:|/–—-]*", re.DOTALL)
_WRITTEN_BY: Final = re.compile(
    r"^(?:oleh|by|penulis|reporter|pewarta|editor|wartawan|laporan)\s*:?\s+(?=\S)", re.IGNORECASE
)
_OUTLET_AFTER: Final = re.compile(r"\s+[-–—|]\s*\S.*$")
_LOWER_IN_NAMES: Final = list_words("bin binti al el van von de den der dan da dos")
_ROMAN: Final = list_words("II III IV VI VII VIII IX XI XII")


def list_labels(
    article: Article, *, joined: Mapping[str, str] = EMPTY_TABLE
) -> dict[str, tuple[str, ...]]:
    """The labels of ``article`` by facet: every facet of ``LABEL_FACETS``, empty if unknown.

    Labels are in the article's order, without duplicates. ``joined``: a site's own table from
    labels in lower case (casefold) to those that they count under.
    """
    labels = {
        "source": _clean_all("source", (article.source,)),
        "category": _clean_all("category", (article.category,)),
        "tags": _clean_all("tags", article.tags),
        "authors": _clean_all("authors", article.authors),
        "agency": _clean_all("agency", (article.agency,)),
        "place": _clean_all("place", (article.place,)),
    }
    if joined:
        return {facet: join_own(facet, values, joined) for facet, values in labels.items()}
    return labels


def join_own(facet: str, labels: Iterable[str], joined: Mapping[str, str]) -> tuple[str, ...]:
    """``labels``, with those in a site's table ``joined`` replaced."""
    found = ((label, joined.get(label.casefold())) for label in labels)
    own = (label if other is None else clean_label(facet, other) for label, other in found)
    return tuple(dict.fromkeys(label for label in own if label))


def clean_label(facet: str, text: str) -> str:
    """``text`` as a label of ``facet``; empty if it names nothing.

    Cleaning is idempotent. Labels of a site's own fields (``label:…``) are kept as written, except
    for white space. Raises KeyError if ``facet`` has no labels.

    >>> [clean_label("source", t) for t in ("Kompas.com", "https://www.kompas.com/")]
    ['kompas.com', 'kompas.com']
    >>> [clean_label("category", t) for t in ("Nasional", "nasional", "NEWS / NASIONAL")]
    ['nasional', 'nasional', 'nasional']
    >>> clean_label("authors", "BUDI SANTOSO")
    'Budi Santoso'
    """
    return write_label(text) if facet.startswith(OWN_LABEL) else _CACHES[facet](text)


class _Cache(dict[str, str]):
    """Cleaned labels by original text: sources and sections repeat endlessly."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        super().__init__()
        self._clean = clean

    def __missing__(self, text: str) -> str:
        label = text
        # One rule can expose what another removes ("#-#a"); repeat until the label is clean.
        for _ in range(_MOST_ROUNDS):
            cleaned = self._clean(label)
            if cleaned == label:
                break
            label = cleaned
        else:
            label = ""
        if len(self) >= _MOST_CACHED:
            self.clear()
        if len(text) <= _LONGEST_CACHED:
            self[text] = label
        return label

    def __call__(self, text: str) -> str:
        return self[text]


_MOST_ROUNDS: Final = 12
_MOST_CACHED: Final = 50_000
_LONGEST_CACHED: Final = 200
#: Labels are truncated to this length: longer ones are sentences in the wrong column.
_LONGEST_LABEL: Final = 120


def _clean_all(facet: str, values: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    if not values or values == ("",):
        return ()
    cache = _CACHES[facet]
    labels = [label for label in map(cache, values) if label]
    return tuple(dict.fromkeys(labels)) if len(labels) > 1 else tuple(labels)


def _trim(text: str) -> str:
    line = clean_line(text)
    match = _ALONE.fullmatch(line)
    line = match[1] if match else line
    return "" if line.lower() in _NOTHING else line[:_LONGEST_LABEL].rstrip()


def clean_source(text: str) -> str:
    """The label of a publisher."""
    text = clean_line(text).strip(" .,;|")
    if text.lower() in _NOTHING:
        return ""
    first = _BETWEEN_SITES.split(text, maxsplit=1)[0]
    for candidate in (text, first):
        site = find_outlet(candidate)
        if site:
            return site
    return _write_name(first)[:_LONGEST_LABEL].rstrip()


def clean_category(text: str) -> str:
    """The label of a section."""
    steps = [step for step in map(_trim, _STEPS.split(clean_line(text))) if step]
    if not steps:
        return ""
    label = steps[-1].lower().replace("_", " ")
    if " " not in label and label.count("-") > 1:
        # A slug: "berita-jawa-timur". One hyphen is spelling: "serba-serbi".
        label = label.replace("-", " ")
    return join_label("category", " ".join(_SECTION_BRAND.sub("", label, count=1).split()))


def clean_tag(text: str) -> str:
    """The label of a tag."""
    return _trim(text).lstrip("#").lower().strip()


def clean_author(text: str) -> str:
    """The label of a person."""
    name = _OUTLET_AFTER.sub("", clean_line(text))
    name = _WRITTEN_BY.sub("", name)
    if name.rstrip().endswith((".H", ".M", ".Si", ".E", ".Sc")):
        name += "."
    stripped = name.strip(" ,;:|/–—-()*")
    if stripped.lower() in _NOBODY or find_outlet(stripped):
        return ""
    return _write_name(stripped)[:_LONGEST_LABEL].rstrip()


def clean_agency(text: str) -> str:
    """The label of a wire agency."""
    name = _trim(text)
    return find_agency(name) or _write_name(name)


def clean_place(text: str) -> str:
    """The label of a place: the first of "Semarang, Jawa Tengah"."""
    # This package parses whole articles, and is a third of what a search would load.
    from indexer.ingest.wire.places import normalise_place

    name = _trim(text.split(",", 1)[0])
    return join_label("place", normalise_place(name)) if name else ""


def _write_name(name: str) -> str:
    """A name in mixed case, if it is written in one case only."""
    if not (name.isupper() or name.islower()):
        return name
    if name.isupper() and len(name) <= 4 and " " not in name:
        return name
    words = []
    for index, word in enumerate(name.lower().split(" ")):
        if index and word in _LOWER_IN_NAMES:
            words.append(word)
        elif word.upper() in _ROMAN:
            words.append(word.upper())
        else:
            words.append("-".join(part[:1].upper() + part[1:] for part in word.split("-")))
    return " ".join(words)


_CACHES: Final[dict[str, _Cache]] = {
    "source": _Cache(clean_source),
    "category": _Cache(clean_category),
    "tags": _Cache(clean_tag),
    "authors": _Cache(clean_author),
    "agency": _Cache(clean_agency),
    "place": _Cache(clean_place),
}
if set(_CACHES) != set(LABEL_FACETS):
    raise RuntimeError(f"every label facet needs a rule here: {LABEL_FACETS}")

"""Which fields does an article have, how is each indexed, and what may be asked of it? One table.

Everything else reads this table: engines build their storage from it, the query parser takes its
field names from it, the HTTP service its filters and facets, the tests their check of the
documentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Kind(Enum):
    """How a field's values are indexed."""

    ID = "id"  # one value, unique, matched whole
    TEXT = "text"  # tokens, exact and stemmed
    KEYWORD = "keyword"  # one label
    KEYWORDS = "keywords"  # any number of labels
    DATE = "date"  # an instant with an offset
    STORED = "stored"  # kept and returned, not searched


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an article.

    ``facet``: values can be counted and filtered by. ``query_names``: what a person may type before
    a colon, Indonesian first; empty if the query language does not offer the field.
    """

    name: str
    kind: Kind
    facet: bool = False
    query_names: tuple[str, ...] = ()


FIELDS: tuple[Field, ...] = (
    Field("id", Kind.ID),
    Field("title", Kind.TEXT, query_names=("judul", "title")),
    Field("body", Kind.TEXT, query_names=("isi", "body")),
    Field("url", Kind.STORED),
    Field("source", Kind.KEYWORD, facet=True, query_names=("sumber", "source")),
    Field("published_at", Kind.DATE, facet=True),
    Field("category", Kind.KEYWORD, facet=True, query_names=("kategori", "category")),
    Field("tags", Kind.KEYWORDS, facet=True, query_names=("tag", "tags")),
    Field("authors", Kind.KEYWORDS, facet=True, query_names=("penulis", "author")),
    Field("editors", Kind.STORED),
    Field("agency", Kind.KEYWORD, facet=True, query_names=("kantor", "agency")),
    Field("place", Kind.KEYWORD, facet=True, query_names=("lokasi", "place")),
    Field("related", Kind.STORED),
    Field("image", Kind.STORED),
    Field("image_caption", Kind.STORED),
    Field("extra", Kind.STORED),
)

BY_NAME: dict[str, Field] = {spec.name: spec for spec in FIELDS}

#: Facets that count labels, in display order. ``published_at`` counts dates instead.
LABEL_FACETS: tuple[str, ...] = tuple(
    spec.name for spec in FIELDS if spec.facet and spec.kind is not Kind.DATE
)
DATE_FACET = "published_at"
FACETS: tuple[str, ...] = (*LABEL_FACETS, DATE_FACET)
INTERVALS: tuple[str, ...] = ("day", "month", "year")

# --- columns of a site's own fields (:mod:`indexer.own_fields.declaration`): their type, and the
# path of the value in the article's ``extra``: ``label:kecamatan``, ``number:harga.min``

OWN_LABEL: Final = "label:"
OWN_NUMBER: Final = "number:"
OWN_DATE: Final = "date:"


def is_label_facet(name: str) -> bool:
    """Whether this facet holds labels to count and to filter by."""
    return name in LABEL_FACETS or name.startswith(OWN_LABEL)


def is_date_facet(name: str) -> bool:
    """Whether this facet counts dates."""
    return name == DATE_FACET or name.startswith(OWN_DATE)


def is_value_column(name: str) -> bool:
    """Whether this column holds numbers, which may be days."""
    return name.startswith((OWN_NUMBER, OWN_DATE))

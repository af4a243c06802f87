"""Which arrays must a segment have, and which values are valid in those that opening reads?

The core checks no bounds. So nothing reaches it before this module, or the first read of a page
(``native/check.c``), has verified that all references are inside the arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engine.copies import FIGURES, PLACES
from indexer.engine.embedded.container import Container
from indexer.engine.embedded.packed_posting import BODY, NUMBERS_OF_BLOCK, count_blocks
from indexer.errors import IndexCorrupt
from indexer.schema import LABEL_FACETS, is_date_facet, is_label_facet, is_value_column

Array = npt.NDArray[Any]

#: No title has this many tokens.
MOST_TITLE_TOKENS = BODY
#: Token positions fit 31 bits, with those of a body after all that a title can have.
_MOST_BODY_TOKENS = 2**31 - 2 * BODY
#: Documents are numbered in 32 bits, of which loops use 31.
_MOST_DOCUMENTS = 2**31
#: No date is this many days from 1970: some 10,000 years.
_MOST_DAYS = 3_652_425


class _Row(NamedTuple):
    """A required section. ``items`` is ``None`` if any number is valid."""

    name: str
    dtypes: tuple[str, ...]
    items: int | None


def check_layout(container: Container) -> None:
    """Raise IndexCorrupt if a segment lacks an array, or has one of another type or length."""
    meta = container.meta
    documents = meta.get("documents")
    if type(documents) is not int or not 0 <= documents < _MOST_DOCUMENTS:
        raise IndexCorrupt(container.path, f"it says that it has {documents!r} documents")
    if not _has_facets(meta.get("labels")):
        raise IndexCorrupt(container.path, "it has other facets than articles have")
    if not _are_names(meta.get("values"), is_value_column):
        raise IndexCorrupt(container.path, "it has columns that no article has")
    lengths = meta.get("dictionaries")
    if not isinstance(lengths, list) or not all(
        type(length) is int and length >= 0 for length in lengths
    ):
        raise IndexCorrupt(container.path, "it does not say how long its dictionaries are")
    for row in _list_rows(container, documents, sum(lengths)):
        values = container[row.name].values
        if values.dtype.str not in row.dtypes:
            raise IndexCorrupt(container.path, f"section {row.name!r} is of {values.dtype.str}")
        if row.items is not None and len(values) != row.items:
            raise IndexCorrupt(
                container.path, f"section {row.name!r} has {len(values)} items, not {row.items}"
            )


def _has_facets(labels: Any) -> bool:
    """Whether these are the facets of all articles, perhaps with some of a site's own."""
    return _are_names(labels, is_label_facet) and set(LABEL_FACETS) <= set(labels)


def _are_names(names: Any, fits: Callable[[str], bool]) -> bool:
    return (
        isinstance(names, list)
        and all(isinstance(name, str) and fits(name) for name in names)
        and len(set(names)) == len(names)
    )


def _list_rows(container: Container, documents: int, dictionary_bytes: int) -> Iterator[_Row]:
    exact, stems = (len(container[f"{form}.offsets"].values) - 1 for form in ("exact", "stem"))
    yield from _list_strings("ids", documents)
    for name, dtype in (
        ("id_hashes", "<u8"),
        ("id_hash_documents", "<u4"),
        ("fingerprints", "<u8"),
        ("title_lengths", "<i4"),
        ("body_lengths", "<i4"),
        ("lead_lengths", "<i4"),
        ("days", "<i4"),
        ("seconds", "<i8"),
    ):
        yield _Row(name, (dtype,), documents)
    yield _Row("copies.texts", ("|u1",), documents * PLACES)
    yield _Row("copies.figures", ("<u2",), documents * FIGURES)
    yield _Row("copies.pairs", ("<i4",), None)
    for name in container.meta["values"]:
        yield _Row(f"values.{name}", ("<f8",), documents)
    for facet in container.meta["labels"]:
        offsets = f"labels.{facet}.offsets"
        yield from _list_strings(f"labels.{facet}.values", None)
        several = offsets in container
        yield _Row(f"labels.{facet}.codes", ("<i4",), None if several else documents)
        if several:
            yield _Row(offsets, ("<i8",), documents + 1)
    for form, terms in (("exact", exact), ("stem", stems)):
        yield from _list_strings(f"{form}.terms", terms)
        yield _Row(f"{form}.offsets", ("<i8",), terms + 1)
        (postings,) = container[f"{form}.offsets"].slice(terms, terms + 1).tolist()
        yield _Row(f"{form}.blocks", ("<u4",), NUMBERS_OF_BLOCK * (count_blocks(postings) + 1))
        yield _Row(f"{form}.postings", ("<u8",), None)
    yield _Row("stem.forms", ("<i4",), exact)
    yield _Row("stem.form_offsets", ("<i8",), stems + 1)
    for name in ("lower_counts", "capital_counts", "stem_of"):
        yield _Row(f"exact.{name}", ("<i4",), exact)
    yield _Row("exact.positions", ("<u8",), None)
    for name in ("starts", "stored", "summaries"):
        yield _Row(name, ("|u1",), None)
        yield _Row(f"{name}.offsets", ("<i8",), documents + 1)
    yield _Row("dictionaries", ("|u1",), dictionary_bytes)
    yield _Row("evidence", ("|u1",), None)


def _list_strings(name: str, count: int | None) -> Iterator[_Row]:
    yield _Row(f"{name}.text", ("|u1",), None)
    yield _Row(f"{name}.offsets", ("<i8",), None if count is None else count + 1)


def read_values(container: Container, column: str) -> Array:
    """The values of a column, NaN for none. Raises IndexCorrupt if one is invalid."""
    values = container[f"values.{column}"].all()
    most = _MOST_DAYS if is_date_facet(column) else np.finfo(np.float64).max
    if bool(np.any(np.abs(values) > most)):
        raise IndexCorrupt(container.path, f"a document has a value of {column!r} that none can be")
    return values


def read_lengths(container: Container) -> tuple[Array, Array, Array]:
    """(title, body, lead) lengths in tokens. Raises IndexCorrupt if one is invalid."""
    titles = container["title_lengths"].read_numbers(MOST_TITLE_TOKENS)
    bodies = container["body_lengths"].read_numbers(_MOST_BODY_TOKENS)
    leads = container["lead_lengths"].read_numbers(2**31)
    if bool(np.any(leads > bodies)):
        raise IndexCorrupt(container.path, "a lead is longer than its body")
    # Each token takes at least half a byte of start offset, so this bounds every loop.
    steps = 2 * len(container["starts"].values)
    if int(titles.sum(dtype=np.int64) + bodies.sum(dtype=np.int64)) > steps:
        raise IndexCorrupt(container.path, "its lengths are more tokens than it has")
    return titles, bodies, leads

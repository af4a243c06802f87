"""Which terms of one segment are similar to a word?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indexer.deadline import check_deadline
from indexer.engine.base import FEWEST_LETTERS, MOST_LETTERS, NearTerm
from indexer.engine.embedded.native import core
from indexer.engine.embedded.segment import SegmentData
from indexer.engine.embedded.strings import decode_term, encode_term


def find_near(data: SegmentData, word: str, most: int) -> Iterator[NearTerm]:
    """The exact terms one to ``most`` edits from ``word``."""
    check_deadline()
    terms, encoded = data.exact.terms, encode_term(word)
    found, edits = np.empty((2, len(terms)), np.int64)
    count = core.find_near(
        terms.packed, data.term_sketches, encoded, len(encoded), most, found, edits
    )
    found = found[:count]
    documents = data.exact.offsets[found + 1] - data.exact.offsets[found]
    near = map(decode_term, terms.pick(found))
    rows = zip(near, documents.tolist(), edits[:count].tolist(), strict=True)
    for term, documents_with, distance in rows:
        if documents_with and term.isalpha():
            yield NearTerm(term, documents_with, distance)


def find_vowelled(data: SegmentData, word: str) -> Iterator[str]:
    """The exact terms that ``word`` becomes when vowels are inserted after its first letter."""
    check_deadline()
    terms, encoded = data.exact.terms, encode_term(word)
    first, end = terms.prefix_range(encode_term(word[:1]))
    found = np.empty(end - first, np.int64)
    count = core.find_vowelled(terms.packed, first, end, encoded, len(encoded), found)
    for term in map(decode_term, terms.pick(found[:count])):
        if FEWEST_LETTERS <= len(term) <= MOST_LETTERS and term.isalpha():
            yield term

"""When do two articles tell one story in the same words? Sketches of bodies, and their comparison.

Outlets print the same agency copy with another title, a paragraph less, a date spelt out. Most of
the text stays the same, and so do its figures: a series that fills in one form day after day
(prices of gold, times of prayer) repeats the text as well, but with other figures. So two articles
are *copies* of one story if all of this holds:

* Their bodies resemble each other: of the runs of :data:`SHINGLE` tokens that either has, both
  have three quarters or more, as far as :data:`PLACES` samples can tell. (One permutation hashing,
  Li, Owen & Zhang 2012; empty places are filled as by Shrivastava 2017.)
* Every figure (a token with a digit) that one of them has, the other has too, as far as the
  :data:`FIGURES` kept of each can tell. The other may have more of them.
* If they are of different days, both have the same *amounts*, figures of four characters or more
  that are no years: on a day when nothing changed, a series has fewer figures.

On one day, articles with nine tenths of their text in common may each have two figures that the
other lacks: an outlet corrects one, or groups digits differently, as in *200.200 000*.

Bodies of fewer than :data:`FEWEST_TOKENS` tokens are not copies of anything: a placeholder for a
text (*simak videonya*) is the same for many. A *story* is a connected component of copies: the copy
of a copy belongs to it.

Sketches are made of exact terms, so that every engine makes the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Tokens in a shingle.
SHINGLE = 3
#: Samples of a body, and how many of them must agree between two copies.
PLACES = 64
FEWEST_ALIKE = 49
#: How many must agree between reprints of one day, which may each have this many figures of their
#: own.
NEARLY_ALL = 58
FIGURES_PUT_RIGHT = 2
#: Figures kept of a body: the longest, which are the most distinctive, and some among equally long
#: ones.
FIGURES = 32
#: Shorter bodies are not compared.
FEWEST_TOKENS = 40
#: The day of an article without a date.
UNDATED = -(2**31)

_PLACE_BITS = np.uint64(6)
_NOTHING = np.uint64(2**64 - 1)
#: How many other slots are tried for a sample to fill an empty one.
_MOST_TRIES = 128
#: The codes of amounts are below this.
_AMOUNTS = 1 << 14
#: Documents processed together: few enough that their tokens stay in the processor's cache.
_AT_A_TIME = 512


class Sketches(NamedTuple):
    """The compared features of D articles.

    ==============  ====================  =====================================================
    ``texts``       D x PLACES uint8      samples of the body; all 0 where it is not compared
    ``figures``     D x FIGURES uint16    ascending, amounts first; 0 in front stands for none
    ``days``        D int32               since 1970-01-01, or :data:`UNDATED`
    ==============  ====================  =====================================================
    """

    texts: Array
    figures: Array
    days: Array

    def take(self, rows: Array) -> Sketches:
        """These rows."""
        return Sketches(self.texts[rows], self.figures[rows], self.days[rows])


def sketch_bodies(
    vocabulary: Sequence[str],
    token_terms: Array,
    title_lengths: Array,
    body_lengths: Array,
    days: Array,
) -> Sketches:
    """The sketch of each document; its ``days`` are the given ones.

    Other columns as in :class:`indexer.engine.base.AnalysedBatch`.
    """
    hashes = np.fromiter(map(_hash_term, vocabulary), np.uint64, len(vocabulary))
    codes = np.fromiter(map(_code_figure, vocabulary), np.uint64, len(vocabulary))
    lengths = np.stack([title_lengths, body_lengths], axis=1).astype(np.int64)
    ends = np.concatenate([[0], np.cumsum(lengths.sum(axis=1))])
    texts = np.zeros((len(lengths), PLACES), np.uint8)
    figures = np.zeros((len(lengths), FIGURES), np.uint16)
    for first in range(0, len(lengths), _AT_A_TIME):
        some = slice(first, min(first + _AT_A_TIME, len(lengths)))
        in_body = np.repeat(np.tile([False, True], len(lengths[some])), lengths[some].ravel())
        terms = token_terms[ends[some.start] : ends[some.stop]][in_body]
        owners = np.repeat(np.arange(len(lengths[some])), lengths[some, 1])
        compared = lengths[some, 1] >= FEWEST_TOKENS
        texts[some] = _sample_texts(hashes[terms], owners, compared)
        figures[some] = _keep_figures(codes[terms], owners, compared)
    return Sketches(texts, figures, days)


def are_copies(ones: Sketches, others: Sketches) -> Array:
    """bool for each row: whether the articles in that row of ``ones`` and ``others`` are copies."""
    agreeing = (ones.texts == others.texts).sum(axis=1)
    alike: Array = ones.texts.any(axis=1) & (agreeing >= FEWEST_ALIKE)
    dated = (ones.days != UNDATED) & (others.days != UNDATED)
    apart = dated & (ones.days != others.days)
    reprinted = dated & ~apart & (agreeing >= NEARLY_ALL)
    rows = np.flatnonzero(alike)
    rows = rows[(ones.figures[rows] != others.figures[rows]).any(axis=1)]
    # Comparing figure by figure is costly; usually a much cheaper test tells two lists apart.
    likely = reprinted[rows] | _may_have(ones.figures[rows], others.figures[rows])
    alike[rows[~likely]] = False
    rows = rows[likely]
    alike[rows] = _agree(ones.figures[rows], others.figures[rows], apart[rows], reprinted[rows])
    return alike


def _agree(ones: Array, others: Array, apart: Array, reprinted: Array) -> Array:
    """bool for each row: whether these figures are consistent with copies, see above. ``apart``: of
    different days; ``reprinted``: of one day, and nearly the same text.
    """
    lacking, more = _find_lacking(ones, others), _find_lacking(others, ones)
    fewer, most = np.sort([lacking.sum(axis=1), more.sum(axis=1)], axis=0)
    other_amounts = (lacking & (ones < _AMOUNTS)).any(axis=1)
    other_amounts |= (more & (others < _AMOUNTS)).any(axis=1)
    agree: Array = (fewer == 0) & ~(apart & other_amounts)
    agree |= reprinted & (most <= FIGURES_PUT_RIGHT)
    return agree


def _find_lacking(ones: Array, others: Array) -> Array:
    """bool for each figure of ``ones``: whether ``others`` lacks it. If a row of ``others`` is
    full, nothing is known beyond its last figure.
    """
    among = (ones[:, :, None] == others[:, None, :]).any(axis=2)
    known = (others[:, :1] == 0) | (ones <= others[:, -1:])
    lacking: Array = (ones > 0) & known & ~among
    return lacking


def _may_have(ones: Array, others: Array) -> Array:
    """bool for each row: whether one of the two may have every figure of the other. Compares six
    bits of each figure.
    """
    one, other = _mask_figures(ones), _mask_figures(others)
    both = one & other
    full = (ones[:, 0] > 0) | (others[:, 0] > 0)
    may: Array = (both == one) | (both == other) | full
    return may


def _mask_figures(figures: Array) -> Array:
    """uint64 for each row: the bits set by its figures, one each."""
    bits = np.uint64(1) << (figures % 64).astype(np.uint64)
    bits[figures == 0] = 0
    mask: Array = np.bitwise_or.reduce(bits, axis=1)
    return mask


def measure_resemblance(one: Array, other: Array) -> float:
    """The fraction of samples that two bodies have in common; 0 if either is excluded from
    comparison.
    """
    if not (one.any() and other.any()):
        return 0.0
    return int((one == other).sum()) / PLACES


def sort_distinct(numbers: Array) -> Array:
    """The distinct ``numbers``, ascending. ``np.unique`` does the same, but since numpy 2.3 with a
    hash table, which takes ten times as long if most of them are distinct.
    """
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    distinct: Array = ordered[first]
    return distinct


def _hash_term(term: str) -> int:
    return crc32(term.encode("utf-8", "surrogatepass"))


def _code_figure(term: str) -> int:
    """16 bits for a term with a digit, smaller for longer terms; 0 for any other term."""
    if term.isalpha() or not any(map(str.isdigit, term)):
        return 0
    figure = term.lstrip("0")  # 09/09/2019 is 9/9/2019
    if len(figure) == 4 and figure.isdecimal() and figure[:2] in ("19", "20"):
        # A year, which is often left out, is less distinctive than an amount.
        shortness = 1
    else:
        shortness = 4 - min(max(len(figure), 1), 4)
    return shortness * _AMOUNTS + 1 + _hash_term(figure) % (_AMOUNTS - 1)


def _mix(numbers: Array) -> Array:
    """64 bits, each of which depends on all bits of ``numbers`` (the finaliser of splitmix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Array = numbers ^ (numbers >> np.uint64(31))
    return mixed


def _sample_texts(tokens: Array, owners: Array, compared: Array) -> Array:
    """The samples of each body; ``tokens`` are hashes, ``owners`` the bodies they belong to."""
    count = max(len(tokens) - SHINGLE + 1, 0)
    runs = np.zeros(count, np.uint64)
    for at in range(SHINGLE):
        runs = _mix(runs + np.uint64(at + 1) + tokens[at : at + count])
    whole = owners[:count] == owners[SHINGLE - 1 :]
    runs, of_runs = runs[whole], owners[:count][whole]
    places = (runs >> (np.uint64(64) - _PLACE_BITS)).astype(np.int64)
    least = np.full(len(compared) * PLACES, _NOTHING)
    np.minimum.at(least, of_runs * PLACES + places, runs << _PLACE_BITS)
    least = least.reshape(-1, PLACES)[compared]
    samples = np.zeros((len(compared), PLACES), np.uint8)
    samples[compared] = _fill_empty((least >> _PLACE_BITS).astype(np.uint8), least == _NOTHING)
    return samples


def _fill_empty(samples: Array, empty: Array) -> Array:
    """``samples``, each empty one filled from another slot that is not empty."""
    filled, missing = samples, empty
    for tries in range(1, _MOST_TRIES + 1):
        if not missing.any():
            break
        places = np.arange(PLACES, dtype=np.uint64) + np.uint64(tries * PLACES)
        sources = (_mix(places) % np.uint64(PLACES)).astype(np.int64)
        found = missing & ~empty[:, sources]
        filled = np.where(found, samples[:, sources], filled)
        missing = missing & ~found
    return filled


def _keep_figures(codes: Array, owners: Array, compared: Array) -> Array:
    """The figures kept of each body; ``codes`` of its tokens, 0 for tokens that are not figures."""
    chosen = (codes > 0) & compared[owners]
    pairs = sort_distinct((owners[chosen].astype(np.uint64) << np.uint64(16)) | codes[chosen])
    of_pairs = (pairs >> np.uint64(16)).astype(np.int64)
    ranks = np.arange(len(pairs)) - np.searchsorted(of_pairs, of_pairs)
    kept = ranks < FIGURES
    pairs, of_pairs, ranks = pairs[kept], of_pairs[kept], ranks[kept]
    counts = np.bincount(of_pairs, minlength=len(compared))
    figures = np.zeros((len(compared), FIGURES), np.uint16)
    figures[of_pairs, FIGURES - counts[of_pairs] + ranks] = pairs.astype(np.uint16)
    return figures

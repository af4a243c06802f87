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

from indexer.engine.run_starts import find_starts

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
    encoded = [term.encode("utf-8", "surrogatepass") for term in vocabulary]
    hashes = np.fromiter(map(crc32, encoded), np.uint64, len(encoded))
    codes = np.array([0 if one.isalpha() else _code_figure(one) for one in vocabulary], np.uint16)
    # The first step of hashing a run of tokens is the same wherever a term is.
    begun = _mix(hashes + np.uint64(1))
    starts = find_starts(title_lengths + body_lengths)
    texts = np.zeros((len(body_lengths), PLACES), np.uint8)
    figures = np.zeros((len(body_lengths), FIGURES), np.uint16)
    for first in range(0, len(body_lengths), _AT_A_TIME):
        end = min(first + _AT_A_TIME, len(body_lengths))
        terms = token_terms[starts[first] : starts[end]]
        lengths = title_lengths[first:end], body_lengths[first:end]
        texts[first:end] = _sample_texts(begun[terms], hashes[terms], *lengths)
        figures[first:end] = _keep_figures(codes[terms], *lengths)
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


def _code_figure(term: str) -> int:
    """16 bits for a term with a digit, smaller for longer terms; 0 for any other term."""
    if not any(map(str.isdigit, term)):
        return 0
    figure = term.lstrip("0")  # 09/09/2019 is 9/9/2019
    if len(figure) == 4 and figure.isdecimal() and figure[:2] in ("19", "20"):
        # A year, which is often left out, is less distinctive than an amount.
        shortness = 1
    else:
        shortness = 4 - min(max(len(figure), 1), 4)
    return (
        shortness * _AMOUNTS + 1 + crc32(figure.encode("utf-8", "surrogatepass")) % (_AMOUNTS - 1)
    )


def _mix(numbers: Array) -> Array:
    """``numbers`` themselves, each replaced by 64 bits that depend on all of its bits (the
    finaliser of splitmix64).
    """
    shifted = numbers >> np.uint64(30)
    for shift, factor in ((27, 0xBF58476D1CE4E5B9), (31, 0x94D049BB133111EB)):
        numbers ^= shifted
        numbers *= np.uint64(factor)
        np.right_shift(numbers, np.uint64(shift), out=shifted)
    numbers ^= shifted
    return numbers


def _sample_texts(begun: Array, hashes: Array, titles: Array, bodies: Array) -> Array:
    """The samples of each body, from the hashes of all tokens; ``begun``: the same, mixed."""
    count = max(len(hashes) - SHINGLE + 1, 0)
    runs = begun[:count]
    for at in range(1, SHINGLE):
        runs += np.uint64(at + 1)
        runs += hashes[at : at + count]
        runs = _mix(runs)
    compared = bodies >= FEWEST_TOKENS
    many = np.where(compared, bodies - SHINGLE + 1, 0)
    # Of each document: the tokens of its title, those where a run begins, and the others.
    parts = np.stack([titles, many, bodies - many], axis=1)
    runs = runs[np.repeat(np.tile([False, True, False], len(bodies)), parts.ravel())[:count]]
    slots = (runs >> (np.uint64(64) - _PLACE_BITS)).astype(np.int64)
    slots += np.repeat(np.arange(len(bodies)) * PLACES, many)
    least = np.full(len(bodies) * PLACES, _NOTHING)
    runs <<= _PLACE_BITS
    np.minimum.at(least, slots, runs)
    least = least.reshape(-1, PLACES)[compared]
    samples = np.zeros((len(bodies), PLACES), np.uint8)
    samples[compared] = _fill_empty((least >> _PLACE_BITS).astype(np.uint8), least == _NOTHING)
    return samples


def _fill_empty(samples: Array, empty: Array) -> Array:
    """``samples``, each empty one filled from another slot that is not empty."""
    filled: Array = samples.copy()
    rows, places = np.nonzero(empty)
    for tries in range(1, _MOST_TRIES + 1):
        if len(rows) == 0:
            break
        sources = _mix(places.astype(np.uint64) + np.uint64(tries * PLACES)) % np.uint64(PLACES)
        found = ~empty[rows, sources]
        filled[rows[found], places[found]] = samples[rows[found], sources[found]]
        rows, places = rows[~found], places[~found]
    return filled


def _keep_figures(codes: Array, titles: Array, bodies: Array) -> Array:
    """The figures kept of each body; ``codes`` of all tokens, 0 for tokens that are not figures."""
    at = np.flatnonzero(codes > 0)
    ends = np.cumsum(titles + bodies, dtype=np.int64)
    owners = np.searchsorted(ends, at, side="right")
    in_body = at >= (ends - bodies)[owners]
    chosen = in_body & (bodies >= FEWEST_TOKENS)[owners]
    pairs = sort_distinct((owners[chosen].astype(np.uint64) << np.uint64(16)) | codes[at[chosen]])
    of_pairs = (pairs >> np.uint64(16)).astype(np.int64)
    counts = np.bincount(of_pairs, minlength=len(bodies))
    ranks = np.arange(len(pairs)) - (np.cumsum(counts) - counts)[of_pairs]
    kept = ranks < FIGURES
    pairs, of_pairs, ranks = pairs[kept], of_pairs[kept], ranks[kept]
    counts = np.minimum(counts, FIGURES)
    figures = np.zeros((len(bodies), FIGURES), np.uint16)
    figures[of_pairs, FIGURES - counts[of_pairs] + ranks] = pairs.astype(np.uint16)
    return figures

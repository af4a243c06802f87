"""What does a word's letter case say? A common word, a name, a name that was announced as one.

A capital is informative only inside a sentence. It says nothing at the start of a sentence,
quotation or line, nor in a title (Where Every Word Has One), nor in a headline quoted in running
text: :data:`_HEADLINE` or more consecutive words that all begin with a capital.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.language.fold import BREAK, LOWER, UPPER
from indexer.language.tokens import Chunks
from indexer.word_list import list_words

BoolArray = npt.NDArray[np.bool_]
Int64Array = npt.NDArray[np.int64]

#: Words that announce a name, whatever it is made of: ``Desa Kesugihan``.
ANNOUNCERS = list_words(
    "desa dusun kampung kampong gampong nagari jorong pekon banjar lembang distrik kelurahan "
    "kecamatan kabupaten jalan jl jln gang gg kec kel kab ds dsn kp lurah kades camat "
    "pulau gunung bukit pantai teluk sungai kali danau waduk situ bendungan curug tol gt "
    "stadion lapas rutan pasar masjid musala plaza apartemen rsud polsek kapolsek koramil "
    "pesantren ponpes bernama inisial"
)
#: These announce a name only if it is a single word: ``di Penyabungan,`` but not ``di Pengadilan
#: Negeri``.
PREPOSITIONS = list_words("di ke dari asal")
#: A dot after these does not end a sentence.
ABBREVIATIONS = list_words("jl jln gg kec kel kab ds dsn kp h hj kh dr drs ir prof m st sdr")

#: Titles of songs and institutions are usually shorter, headlines longer. Most of the rarer words
#: that occur in such runs in news articles are verbs (Gegerkan, Polisikan, Bergaun).
_HEADLINE = 5
_SHOUT = 3


class LetterCase(NamedTuple):
    """For each token, whether it is evidence for a lower-case word (``lower``) or a name
    (``capital``), and whether the preceding word announces a name (``announced``, a subset of
    ``capital``).
    """

    lower: BoolArray
    capital: BoolArray
    announced: BoolArray


class Marks(NamedTuple):
    """Which tokens belong to :data:`ANNOUNCERS`, :data:`PREPOSITIONS`, :data:`ABBREVIATIONS`."""

    announcer: BoolArray
    preposition: BoolArray
    abbreviation: BoolArray


def read_letter_case(
    chunks: Chunks,
    starts: Int64Array,
    in_title: BoolArray,
    marks: Marks,
) -> LetterCase:
    """The letter case of the tokens of ``chunks`` that begin at ``starts``.

    ``in_title`` marks the tokens of titles; ``marks`` those of our word lists.
    """
    classes = chunks.classes
    at_start = classes[starts]
    upper = (at_start & UPPER) != 0
    distances = _measure_gaps(chunks, starts)
    after_break = _find_breaks(chunks, starts)
    # "Jl. Kesugihan": exactly one space follows the dot.
    after_break[1:] &= ~(marks.abbreviation[:-1] & upper[:-1] & (distances == 2))
    shouted = upper & ((classes.take(starts + 1, mode="clip") & UPPER) != 0)
    linked = upper[1:] & upper[:-1] & (distances <= 1) & ~after_break[1:]
    capital = upper & ~after_break & ~in_title
    capital &= ~_find_runs(shouted[1:] & shouted[:-1], _SHOUT) & ~_find_runs(linked, _HEADLINE)
    expected = marks.preposition.copy()
    expected[:-2] &= ~linked[1:]
    expected |= marks.announcer
    announced = np.zeros_like(capital)
    announced[1:] = capital[1:] & expected[:-1] & (distances <= 2)
    return LetterCase(((at_start & LOWER) != 0) & ~in_title, capital, announced)


def _measure_gaps(chunks: Chunks, starts: Int64Array) -> Int64Array:
    """The number of non-word characters between each token and the next."""
    outside = np.cumsum(~chunks.inside)
    return np.diff(outside[starts])


def _find_breaks(chunks: Chunks, starts: Int64Array) -> BoolArray:
    """Which tokens are the first of a sentence, quotation or line."""
    after_break = np.zeros(len(starts) + 1, dtype=np.bool_)
    breaks = np.flatnonzero(((chunks.classes & BREAK) != 0) & ~chunks.inside)
    after_break[np.searchsorted(starts, breaks)] = True
    after_break[0] = True
    return after_break[:-1]


def _find_runs(linked: BoolArray, least: int) -> BoolArray:
    """Which tokens belong to a run of ``least`` or more; ``linked[n]`` joins n and n + 1."""
    found = np.zeros(len(linked) + 1, dtype=np.bool_)
    count = len(found) - least + 1
    if count > 0:
        begins = np.ones(count, dtype=np.bool_)
        for shift in range(least - 1):
            begins &= linked[shift : shift + count]
        for shift in range(least):
            found[shift : shift + count] |= begins
    return found

"""Where are the tokens of a text, and what is the exact term of each?

A text is first cut into *chunks*: runs of letters and digits, with single ``- ' . ,`` between them.
Each chunk is then split by rules into one or more tokens. The principle is small parts at
successive positions: ``20/7/2022`` is three tokens, so its parts match alone and the whole as a
phrase. A token stays whole only where its parts would mean something else:

==========================  ==================================================================
``anak-anak``, ``anak2``    a word said twice (:mod:`indexer.language.reduplication`)
``KTP-nya``                 a word with its clitic
``ke-20``                   an ordinal
``jum'at``                  an apostrophe is dropped: ``jumat``
``1.500.000``, ``1,5``      a number, written one way: ``1500000``, ``1,5``
``S.H.``, ``P.T.``          an abbreviation: ``sh``, ``pt``
==========================  ==================================================================

Letters and digits are separated (``Rp1,5`` is ``rp 1,5``, ``covid-19`` and ``covid19`` are ``covid
19``, ``5G`` is ``5 g``), and ``%`` after a number is read as ``persen``.

The rules live in one place, :func:`split_chunk`, for queries and for the batch analyser, which
caches the chunks it has read (:mod:`indexer.language.chunk_table`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.language.fold import (
    JOINER,
    WORD,
    character_tables,
    classify_character,
    fold,
    fold_character,
)
from indexer.language.reduplication import is_reduplication
from indexer.word_list import list_words

#: Terms are truncated to this many characters; the span of such a token still covers all of it.
MAX_TERM_LENGTH = 64

#: Clitics that may follow a word after a hyphen and belong to it.
_CLITICS = list_words("nya ku mu lah kah pun")

#: Academic degrees written with dots: S.Pd., M.Si., A.Md.Keb., Ph.D., Sp.OG.
_DEGREE_HEADS = list_words("s m a ph sp")
_DEGREES = list_words(
    "pd si kom hum kes sos ag ip ikom psi farm ked kep keb stat tr sn ds ars ak pt ap ab md "
    "km or fil th eng han d sc i og pk an jp rad"
)

_PIECE = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*)|(?P<word>[^\W\d_]+(?:['.][^\W\d_]+)*)|(?P<percent>%+)"
)
#: What :func:`find_chunks` finds in ASCII text; a test checks that the two agree.
_ASCII_CHUNK = re.compile(r"[A-Za-z0-9%]+(?:[-'`.,][A-Za-z0-9%]+)*")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_DIGITS = re.compile(r"\d+")
_TWICE = re.compile(r"[^\W\d_]{3,}2(?:an|nya|ku|mu|kan|i|lah)?\Z")
_ORDINAL = re.compile(r"ke-?(\d+)\Z")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?\Z")
_ENGLISH_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3}){2,}|,000)(?:\.\d+)?\Z")
_DECIMAL = re.compile(r"\d+[.,]\d+\Z")


class Token(NamedTuple):
    """``text`` is the exact term; ``source[start:end]`` is its span, ``end`` exclusive."""

    text: str
    start: int
    end: int


class Chunks(NamedTuple):
    """The C chunks of a text of N characters, in order.


    ``starts``   C int64   character offset of each
    ``lengths``  C int64   characters of each
    ``folded``   uint32    the characters of all chunks concatenated, folded where the result is a
                           single character
    ``inside``   N bool    which characters of the text belong to a chunk
    ``classes``  N uint8   class bits of every character of the text
    """

    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    folded: npt.NDArray[np.uint32]
    inside: npt.NDArray[np.bool_]
    classes: npt.NDArray[np.uint8]

    @property
    def texts(self) -> list[str]:
        """The text of each chunk, its characters folded where the result is a single character."""
        firsts = np.cumsum(self.lengths) - self.lengths
        return list(map(self.decode, firsts.tolist(), self.lengths.tolist()))

    def decode(self, first: int, length: int) -> str:
        """The text of ``length`` of the ``folded`` characters from ``first``."""
        codes = self.folded[first : first + length].astype("<u4", copy=False)
        return codes.tobytes().decode("utf-32-le", "surrogatepass")


def find_chunks(text: str) -> Chunks:
    """Cut ``text`` into chunks. Linear in its length, for any string."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    folds, classes = character_tables().look_up(codes)
    inside = (classes & WORD).view(np.bool_)
    if inside.size > 2:
        joins = (classes[1:-1] & JOINER) != 0
        joins &= inside[:-2]
        joins &= inside[2:]
        inside = inside.copy()
        inside[1:-1] |= joins
    begins = inside.copy()
    begins[1:] &= ~inside[:-1]
    ends = inside.copy()
    ends[:-1] &= ~inside[1:]
    starts = np.flatnonzero(begins)
    return Chunks(starts, np.flatnonzero(ends) + 1 - starts, folds[inside], inside, classes)


def tokenize(text: str) -> list[Token]:
    """The tokens of ``text`` in order. Accepts any string.

    >>> [token.text for token in tokenize("Rp1,5 miliar untuk anak-anak Jawa-Bali")]
    ['rp', '1,5', 'miliar', 'untuk', 'anak-anak', 'jawa', 'bali']
    """
    return [
        Token(term, start + first, start + last)
        for chunk, start in list_chunks(text)
        for term, first, last in split_chunk(chunk)
    ]


def list_chunks(text: str) -> Iterable[tuple[str, int]]:
    """The chunks of one text with their starts; faster than arrays where its characters all are, or
    fold to, ASCII.
    """
    plain = text if text.isascii() else _NOT_ASCII.sub(_replace_by_ascii, text)
    if plain.isascii():
        return ((match[0], match.start()) for match in _ASCII_CHUNK.finditer(plain))
    chunks = find_chunks(text)
    return zip(chunks.texts, chunks.starts.tolist(), strict=True)


def _replace_by_ascii(found: re.Match[str]) -> str:
    return find_ascii(found[0])


@lru_cache(maxsize=8192)
def find_ascii(character: str) -> str:
    """The ASCII character that makes the same chunks, or else ``character`` itself.

    >>> find_ascii("é"), find_ascii("“"), find_ascii("ß")
    ('e', ' ', 'ß')
    """
    if not classify_character(character) & (WORD | JOINER):
        return " "
    folded = fold_character(character)
    return folded if len(folded) == 1 and folded.isascii() else character


def find_token_end(text: str, start: int) -> int:
    """The end of the token that starts at ``start``, or ``start`` itself if none does.

    >>> find_token_end("di Jawa-Bali.", 8)
    12
    """
    begin = text.rfind(" ", 0, start) + 1
    stop = text.find(" ", start)
    around = text[begin:] if stop < 0 else text[begin:stop]
    for token in tokenize(around):
        if begin + token.start == start:
            return begin + token.end
    return start


def split_chunk(chunk: str) -> list[Token]:
    """The tokens of one chunk, with offsets in the chunk. Usually one; none for invisible text.

    >>> split_chunk("KTP-nya")
    [Token(text='ktp-nya', start=0, end=7)]
    """
    if chunk.isascii():
        folded = fold(chunk)
        if folded.isalpha():
            return [Token(folded[:MAX_TERM_LENGTH], 0, len(chunk))]
        return list(_read(folded))
    characters: list[str] = []
    sources: list[int] = []
    for position, character in enumerate(chunk):
        for part in fold_character(character):
            characters.append(part)
            sources.append(position)
    return [
        Token(text, sources[start], sources[end - 1] + 1)
        for text, start, end in _read("".join(characters))
    ]


def _read(chunk: str) -> Iterator[Token]:
    """The tokens of a folded chunk: hyphenated words first, then the rest part by part."""
    parts = chunk.split("-")
    words = [part.replace("'", "") for part in parts]
    start = number = 0
    while number < len(parts):
        last = _find_last_joined(words, number)
        end = start + sum(map(len, parts[number : last + 1])) + last - number
        if last > number:
            yield Token("-".join(words[number : last + 1])[:MAX_TERM_LENGTH], start, end)
        else:
            yield from _read_part(parts[number], start)
        start = end + 1
        number = last + 1


def _find_last_joined(words: list[str], first: int) -> int:
    """The index of the last of the hyphenated ``words`` that forms one token with
    ``words[first]``.
    """
    word = words[first]
    if first + 1 == len(words):
        return first
    following = words[first + 1]
    if word == "ke" and following.isdecimal():
        return first + 1
    if not (word.isalpha() or _TWICE.match(word)):
        return first
    last = first
    if following.isalpha() and is_reduplication(word, following):
        last += 1
    if last + 1 < len(words) and words[last + 1] in _CLITICS:
        last += 1
    return last


def _read_part(part: str, base: int) -> Iterator[Token]:
    """The tokens of a hyphen-free part of a chunk, which begins at ``base``."""
    if _TWICE.match(part):
        yield Token(part[:MAX_TERM_LENGTH], base, base + len(part))
        return
    if ordinal := _ORDINAL.match(part):
        yield Token(f"ke-{ordinal[1]}"[:MAX_TERM_LENGTH], base, base + len(part))
        return
    for piece in _PIECE.finditer(part):
        start, end = base + piece.start(), base + piece.end()
        text = piece[0]
        if piece.lastgroup == "percent":
            yield Token("persen", start, end)
        elif piece.lastgroup == "number":
            yield from _read_number(text, start)
        elif "." in text:
            yield from _read_dotted(text, start)
        else:
            yield Token(text.replace("'", "")[:MAX_TERM_LENGTH], start, end)


def _read_number(text: str, base: int) -> Iterator[Token]:
    """One token for a number, several for what only resembles one (a date, an address)."""
    canonical = write_number(text)
    if canonical is not None:
        yield Token(canonical[:MAX_TERM_LENGTH], base, base + len(text))
        return
    for digits in _DIGITS.finditer(text):
        yield Token(digits[0][:MAX_TERM_LENGTH], base + digits.start(), base + digits.end())


def write_number(text: str) -> str | None:
    """The canonical form of a number in terms, or ``None`` if ``text`` is not a single number.

    A dot separates thousands and a comma decimals, as usual in Indonesian; the English convention
    is used where the Indonesian reading is impossible. Trailing zeros are dropped, except in
    ``4.0``, which is more often a name than a measure.

    >>> write_number("1.500.000"), write_number("1,50"), write_number("2.5"), write_number("1.2.3")
    ('1500000', '1,5', '2,5', None)
    """
    if text.isdecimal():
        return text
    if _THOUSANDS.match(text):
        whole, _, decimals = text.replace(".", "").partition(",")
    elif _ENGLISH_THOUSANDS.match(text):
        whole, _, decimals = text.replace(",", "").partition(".")
    elif _DECIMAL.match(text):
        whole, _, decimals = text.replace(".", ",").partition(",")
    else:
        return None
    if decimals != "0":
        decimals = decimals.rstrip("0")
    return f"{whole},{decimals}" if decimals else whole


def _read_dotted(text: str, base: int) -> Iterator[Token]:
    """Words with dots between them: an abbreviation is one token, an address one for each word."""
    parts = text.split(".")
    starts = [base]
    for part in parts[:-1]:
        starts.append(starts[-1] + len(part) + 1)
    number = 0
    while number < len(parts):
        last = number
        if len(parts[number]) == 1:
            while last + 1 < len(parts) and len(parts[last + 1]) == 1:
                last += 1
        if last == number and parts[number] in _DEGREE_HEADS:
            while last + 1 < len(parts) and parts[last + 1] in _DEGREES:
                last += 1
        term = "".join(parts[number : last + 1]).replace("'", "")
        yield Token(term[:MAX_TERM_LENGTH], starts[number], starts[last] + len(parts[last]))
        number = last + 1

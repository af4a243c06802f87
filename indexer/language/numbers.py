"""How else are the numbers, amounts and dates of a query written?

Text and query are tokenised by the same rules, so ``Rp1.500.000.000`` is ``rp 1500000000`` in both.
Tokenisation cannot know that ``rp 1,5 miliar`` means the same; this module finds such alternatives
while a query is planned, in addition to what was typed. The index keeps what the article says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from indexer.calendar import MONTHS
from indexer.language.measures import rewrite_citation, rewrite_magnitude, rewrite_unit
from indexer.language.tokens import write_number

Terms = tuple[str, ...]


class Rewriting(NamedTuple):
    """``tokens[start:end]`` may also be written as ``terms``; ``rule`` says why."""

    start: int
    end: int
    terms: Terms
    rule: str


_SCALES: dict[int, tuple[str, ...]] = {
    10**3: ("ribu", "rb"),
    10**6: ("juta", "jt"),
    10**9: ("miliar", "milyar"),
    10**12: ("triliun", "trilyun"),
}
_SCALE_OF = {word: scale for scale, words in _SCALES.items() for word in words}
#: Letters that headlines write after Rp; on their own they mean other things.
_SCALE_LETTERS = {"rb": 10**3, "jt": 10**6, "m": 10**9, "t": 10**12}
_LETTER_OF = {scale: letter for letter, scale in _SCALE_LETTERS.items()}

#: What precedes an amount and what follows it, for each currency; the usual form first.
_CURRENCIES: tuple[tuple[tuple[Terms, ...], tuple[Terms, ...]], ...] = (
    ((("rp",), ("idr",)), (("rupiah",),)),
    (
        (("us",), ("usd",)),
        (("dolar", "as"), ("dollar", "as"), ("dolar", "amerika", "serikat")),
    ),
)

_MONTH_OF = {name: month for month, names in enumerate(MONTHS, 1) for name in names}

_DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_DIGIT_OF = {word: digit for digit, word in enumerate(_DIGITS)}
#: Greater numbers are seldom spelt out.
_MOST_IN_WORDS = 20
_MOST_ROMAN = 39


def find_rewritings(tokens: Sequence[str]) -> list[Rewriting]:
    """Alternative ways to write parts of ``tokens``, in reading order; spans may overlap.

    >>> [row.terms for row in find_rewritings(["rp", "1,5", "miliar"])][0]
    ('rp', '1500000000')
    >>> ("20", "7", "2022") in [row.terms for row in find_rewritings(["20", "juli", "2022"])]
    True
    """
    rewritings: dict[tuple[int, int, Terms], Rewriting] = {}
    for start in range(len(tokens)):
        for rule, rewrite in _RULES:
            for length, terms in rewrite(tokens, start):
                end = start + length
                if terms != tuple(tokens[start:end]):
                    row = Rewriting(start, end, terms, rule)
                    rewritings.setdefault((start, end, terms), row)
    return list(rewritings.values())


def _rewrite_amount(tokens: Sequence[str], start: int) -> Iterator[tuple[int, Terms]]:
    """``rp 1,5 miliar``, ``rp 1500000000``, ``1,5 miliar rupiah``: currency, number, scale."""
    befores, afters = _find_currency_before(tokens[start])
    place = start + 1 if befores else start
    if place == len(tokens) or (number := _read_number(tokens[place])) is None:
        return
    place += 1
    scale = _read_scale(tokens[place], lettered=bool(befores)) if place < len(tokens) else None
    if scale is not None:
        number *= scale
        place += 1
    if not befores:
        befores, afters, words = _find_currency_after(tokens, place)
        place += words
    for amount in _write_amount(number, with_letters=bool(befores)):
        if not befores:
            yield place - start, amount
        for words_before in befores:
            yield place - start, words_before + amount
        for words_after in afters:
            if amount[-1] not in _SCALE_LETTERS:
                yield place - start, amount + words_after


def _read_scale(token: str, *, lettered: bool) -> int | None:
    """The factor that ``token`` multiplies an amount by: ``juta``, and if ``lettered`` also ``jt``
    and ``m``.
    """
    scale = _SCALE_OF.get(token)
    return _SCALE_LETTERS.get(token) if scale is None and lettered else scale


def _find_currency_before(token: str) -> tuple[tuple[Terms, ...], tuple[Terms, ...]]:
    for before, after in _CURRENCIES:
        if (token,) in before:
            return before, after
    return (), ()


def _find_currency_after(
    tokens: Sequence[str], start: int
) -> tuple[tuple[Terms, ...], tuple[Terms, ...], int]:
    """The forms before and after an amount, and the number of tokens that name the currency (the
    longest match).
    """
    for before, after in _CURRENCIES:
        for words in sorted(after, key=len, reverse=True):
            if tuple(tokens[start : start + len(words)]) == words:
                return before, after, len(words)
    return (), (), 0


def _write_amount(number: Decimal, *, with_letters: bool) -> Iterator[Terms]:
    """``number`` in digits, and with the largest scale that suits it."""
    if number == number.to_integral_value():
        yield (str(int(number)),)
    for scale in sorted(_SCALES, reverse=True):
        if number >= scale and (scale > 1000 or number >= 10_000):
            scaled = (number / scale).normalize()
            if -int(scaled.as_tuple().exponent) <= 3:
                written = f"{scaled:f}".replace(".", ",")
                for word in _SCALES[scale]:
                    yield written, word
                if with_letters and _LETTER_OF[scale] not in _SCALES[scale]:
                    yield written, _LETTER_OF[scale]
            return


def _read_number(token: str) -> Decimal | None:
    whole, comma, decimals = token.partition(",")
    if not (whole.isascii() and whole.isdecimal()) or len(token) > 18:
        return None
    if comma and not (decimals.isascii() and decimals.isdecimal()):
        return None
    return Decimal(f"{whole}.{decimals or 0}")


def _rewrite_date(tokens: Sequence[str], start: int) -> Iterator[tuple[int, Terms]]:
    """``20 juli 2022``, ``20/7/2022``, ``20/7/22``, ``2022-07-20``. Day and month also without
    the year: an article says ``(20/7)`` of its own year.
    """
    three = tuple(tokens[start : start + 3])
    day = month = year = None
    day_first = True
    if len(three) == 3 and _is_year(three[2]):
        day, month, year = _read_day(three[0]), _read_month(three[1]), three[2]
    elif len(three) == 3 and all(len(one) <= 2 and one.isdecimal() for one in three):
        # Any three small numbers may be a date; articles decide.
        day, month, year = _read_day(three[0]), _read_month(three[1]), f"20{three[2]:0>2}"
        day_first = False
    elif len(three) == 3 and _is_year(three[0]) and three[1] not in _MONTH_OF:
        day, month, year = _read_day(three[2]), _read_month(three[1]), three[0]
        day_first = False
    elif len(three) >= 2 and three[1] in _MONTH_OF:
        day, month = _read_day(three[0]), _MONTH_OF[three[1]]
    if day is None or month is None:
        return
    written = tuple(product(_pad(day), (*_pad(month), *MONTHS[month - 1])))
    if year is not None:
        for days, months in written:
            yield 3, (days, months, year)
        yield 3, (year, f"{month:02}", f"{day:02}")
    if day_first:
        for days, months in written:
            yield 2, (days, months)


def _rewrite_month(tokens: Sequence[str], start: int) -> Iterator[tuple[int, Terms]]:
    """``juli 2022``, with no day before it, is the end of ``20/7/2022``."""
    month, year = tokens[start], tokens[start + 1 : start + 2]
    if month not in _MONTH_OF or not year or not _is_year(year[0]):
        return
    if start == 0 or _read_day(tokens[start - 1]) is None:
        for number in _pad(_MONTH_OF[month]):
            yield 2, (number, year[0])


def _is_year(token: str) -> bool:
    return len(token) == 4 and token.isdecimal() and token[:2] in ("19", "20")


def _read_day(token: str) -> int | None:
    return int(token) if len(token) <= 2 and token.isdecimal() and 1 <= int(token) <= 31 else None


def _read_month(token: str) -> int | None:
    if len(token) <= 2 and token.isdecimal():
        return int(token) if 1 <= int(token) <= 12 else None
    return _MONTH_OF.get(token)


def _pad(number: int) -> tuple[str, ...]:
    return (str(number), f"0{number}") if number < 10 else (str(number),)


def _rewrite_number_words(tokens: Sequence[str], start: int) -> Iterator[tuple[int, Terms]]:
    """``dua belas`` as ``12`` and back."""
    number, length = _read_words(tokens, start)
    if length:
        yield length, (str(number),)
    token = tokens[start]
    if _is_small(token, _MOST_IN_WORDS):
        yield 1, _write_words(int(token))


def _rewrite_ordinal(tokens: Sequence[str], start: int) -> Iterator[tuple[int, Terms]]:
    """``ke-2`` as ``kedua`` or ``ke 2``, and back."""
    token = tokens[start]
    if token.startswith("ke-") and token[3:].isdecimal():
        yield 1, ("ke", token[3:])
        if _is_small(token[3:], _MOST_IN_WORDS):
            first, *rest = _write_words(int(token[3:]))
            yield 1, (f"ke{first}", *rest)
    elif token.startswith("ke") and len(token) > 4:
        number, length = _read_words((token[2:], *tokens[start + 1 : start + 4]), 0)
        if length:
            yield length, (f"ke-{number}",)
    elif token == "ke" and start + 1 < len(tokens) and tokens[start + 1].isdecimal():
        yield 2, (f"ke-{tokens[start + 1]}",)


def _rewrite_roman(tokens: Sequence[str], start: int) -> Iterator[tuple[int, Terms]]:
    """``perang dunia ii`` as ``perang dunia 2`` and back; ``i``, ``v`` and ``x`` are letters."""
    token = tokens[start]
    if token in _ROMAN_OF:
        yield 1, (str(_ROMAN_OF[token]),)
        yield 1, (f"ke-{_ROMAN_OF[token]}",)
    digits = token.removeprefix("ke-")
    if _is_small(digits, _MOST_ROMAN):
        yield 1, (_write_roman(int(digits)),)


def _rewrite_clock(tokens: Sequence[str], start: int) -> Iterator[tuple[int, Terms]]:
    """``pukul 13.05`` (a number to the tokenizer) as ``pukul 13:05`` (two), and back."""
    if tokens[start] not in ("pukul", "jam") or start + 1 == len(tokens):
        return
    hour, comma, minutes = tokens[start + 1].partition(",")
    if not hour.isdecimal() or len(hour) > 2:
        return
    if comma and minutes.isdecimal() and len(minutes) <= 2:
        yield 2, (tokens[start], hour, minutes.ljust(2, "0"))
    elif start + 2 < len(tokens) and len(tokens[start + 2]) == 2 and tokens[start + 2].isdecimal():
        written = write_number(f"{hour}.{tokens[start + 2]}")
        if written is not None:
            yield 3, (tokens[start], written)


def _rewrite_scale(tokens: Sequence[str], start: int) -> Iterator[tuple[int, Terms]]:
    """``500 T`` without the currency as ``500 triliun``. The letter may also be a unit."""
    scale = _SCALE_LETTERS.get(tokens[start + 1]) if start + 1 < len(tokens) else None
    if scale is not None and _read_number(tokens[start]) is not None:
        for word in _SCALES[scale]:
            yield 2, (tokens[start], word)


def _is_small(token: str, most: int) -> bool:
    return len(token) <= 2 and token.isdecimal() and 1 <= int(token) <= most


def _read_words(tokens: Sequence[str], start: int) -> tuple[int, int]:
    """(number below a thousand, tokens that spell it); (0, 0) if none do."""
    total = place = 0
    while start + place < len(tokens):
        token = tokens[start + place]
        following = tokens[start + place + 1] if start + place + 1 < len(tokens) else ""
        if token == "seratus" and total == 0:
            value, used = 100, 1
        elif token in ("sepuluh", "sebelas") and total % 100 == 0:
            value, used = (10 if token == "sepuluh" else 11), 1
        elif token in _DIGIT_OF and following == "ratus" and total == 0:
            value, used = 100 * _DIGIT_OF[token], 2
        elif token in _DIGIT_OF and following == "puluh" and total % 100 == 0:
            value, used = 10 * _DIGIT_OF[token], 2
        elif token in _DIGIT_OF and following == "belas" and total % 100 == 0:
            value, used = 10 + _DIGIT_OF[token], 2
        elif token in _DIGIT_OF and total % 10 == 0 and not _ends_in_teen(total):
            value, used = _DIGIT_OF[token], 1
        else:
            break
        total += value
        place += used
        if total % 10 or value in (0, 10):
            break
    return total, place


def _ends_in_teen(total: int) -> bool:
    return total % 100 == 10


def _write_words(number: int) -> Terms:
    """``number``, from 1 to 20, in words."""
    if number < 10:
        return (_DIGITS[number],)
    if number == 10:
        return ("sepuluh",)
    if number == 11:
        return ("sebelas",)
    if number < 20:
        return (_DIGITS[number - 10], "belas")
    return (_DIGITS[number // 10], "puluh")


def _write_roman(number: int) -> str:
    ones = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    return "x" * (number // 10) + ones[number % 10]


_ROMAN_OF = {
    _write_roman(number): number
    for number in range(1, _MOST_ROMAN + 1)
    if len(_write_roman(number)) > 1
}

_Rewrite = Callable[[Sequence[str], int], Iterator[tuple[int, Terms]]]
_RULES: tuple[tuple[str, _Rewrite], ...] = (
    ("amount", _rewrite_amount),
    ("date", _rewrite_date),
    ("date", _rewrite_month),
    ("number_words", _rewrite_number_words),
    ("ordinal", _rewrite_ordinal),
    ("roman", _rewrite_roman),
    ("clock", _rewrite_clock),
    ("scale", _rewrite_scale),
    ("unit", rewrite_unit),
    ("magnitude", rewrite_magnitude),
    ("citation", rewrite_citation),
)

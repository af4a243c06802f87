"""Which are the four ways to write that a thing is electronic? ``ktp el`` for ``e-KTP``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.language.stem_roots import load_lexicon
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.query_term import QueryTerm, Variant

#: Plus the bonus of a single word, no more than a phrase of two as typed.
WEIGHT = 0.6
_SHORTEST_THING = 3


def find_electronic(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """If the words name an electronic thing, the other ways to write it that articles have:
    ``e-ktp``, ``ektp``, ``ktp-el``, ``ktp elektronik``.
    """
    for start in range(len(words)):
        for end in (start + 1, start + 2):
            row = tuple(word.text for word in words[start:end])
            thing = find_thing(row) if end <= len(words) else ""
            if len(thing) < _SHORTEST_THING or not thing.isalpha():
                continue
            others = [other for other in write_electronic(thing) if other != row]
            for other in others:
                if context.count_row(other):
                    yield Variant(start, end, other, WEIGHT, "electronic")


def find_thing(row: tuple[str, ...]) -> str:
    """The thing that the row calls electronic; empty if it does not.

    >>> find_thing(("e", "ktp")), find_thing(("etilang",)), find_thing(("emas",))
    ('ktp', 'tilang', '')
    """
    if len(row) == 1:
        is_word = row[0] in load_lexicon().roots
        return row[0][1:] if row[0].startswith("e") and not is_word else ""
    first, second = row
    if first == "e":
        return second
    return first if second in ("el", "elektronik") else ""


def write_electronic(thing: str) -> Iterator[tuple[str, ...]]:
    """Every way to write it; English things in the plural, too: e-sport, esports."""
    for one in (thing, thing.removesuffix("s") if thing.endswith("s") else thing + "s"):
        yield ("e", one)
        yield ("e" + one,)
        yield (one, "el")
    yield (thing, "elektronik")

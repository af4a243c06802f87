"""What does a short form mean, how is a long form shortened, and how certain is either?

Merges two sources: the pairs that an index's own articles explain (counted while indexing, see
:mod:`indexer.language.acronyms`) and a list of common ones, ``data/acronyms.tsv``. Where a short
form has several long forms (``DPD``), the articles decide which weighs most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from indexer.language.acronyms import FUNCTION_WORDS
from indexer.language.data_file import read_data
from indexer.language.fold import fold
from indexer.language.nicknames import KINDS
from indexer.language.tokens import split_chunk
from indexer.loading import loaded_once

#: A listed pair counts as if this many articles explained it.
LISTED_COUNT = 2
#: Long forms kept for one short form, the best attested first.
MAX_LONGS = 6
#: Long forms with less than this share of the best one's evidence are taken for slips.
_LEAST_SHARE = 0.02
#: Long forms with fewer content words are not shortened to their initials: too much would match.
MIN_GUESSED_WORDS = 3
MAX_GUESSED_WORDS = 8


#: Short forms with their (long form, articles) rows.
Rows = Mapping[str, Sequence[tuple[str, int]]]


class Expansion(NamedTuple):
    """An alternative wording: ``terms``, and ``weight`` from 0 to 1 (the best attested)."""

    terms: tuple[str, ...]
    weight: float


class Found(NamedTuple):
    """``tokens[start:end]`` of a query has alternative wordings, heaviest first."""

    start: int
    end: int
    expansions: tuple[Expansion, ...]


@dataclass(frozen=True, slots=True)
class _Senses:
    """The long forms of a short one. ``one_way``: long forms that are never shortened to it.
    ``nicknames``: long forms that articles mention only as bearers of this nickname.
    """

    expansions: tuple[Expansion, ...] = ()
    one_way: frozenset[str] = frozenset()
    nicknames: frozenset[str] = frozenset()


_NO_SENSES = _Senses()


class AcronymTable:
    """Looks up short and long forms, both ways.

    ``learned`` maps a short form to its (long form, articles) rows, both as terms joined by spaces,
    as :meth:`indexer.engine.base.Snapshot.evidence` returns them for ``acronym``. ``nicknames``
    holds such rows by the kinds of :data:`indexer.language.nicknames.KINDS`. A nickname stated
    outright needs one article, one introduced by *alias* needs two; where the extent of the
    preceding name is uncertain, the name is not expanded to its short form. ``listed`` are (short,
    long) pairs, by default those of ``data/acronyms.tsv``.

    Function words and hyphens in a long form are ignored: ``badan meteorologi klimatologi
    geofisika`` matches too.
    """

    def __init__(
        self,
        learned: Rows | None = None,
        *,
        listed: Iterable[tuple[str, str]] | None = None,
        nicknames: Mapping[str, Rows] | None = None,
    ) -> None:
        self._listed = _group_listed() if listed is None else _group(listed)
        self._learned = learned or {}
        self._nicknames = [(kind, (nicknames or {}).get(kind, {})) for kind in KINDS]
        self._rows = (self._learned, *(rows for _, rows in self._nicknames))
        # An index explains thousands of pairs; a query asks for a few.
        self._senses: dict[str, _Senses] = {}
        self._shorts: dict[str, dict[str, tuple[Expansion, ...]]] = {}

    def longs(self, short: str) -> tuple[Expansion, ...]:
        """The long forms of ``short`` (terms joined by spaces), heaviest first.

        >>> AcronymTable().longs("kpk")[0].terms
        ('komisi', 'pemberantasan', 'korupsi')
        """
        return self._find_senses(short).expansions

    def shorts(self, long: str) -> tuple[Expansion, ...]:
        """The short forms of ``long`` (terms joined by spaces), heaviest first.

        >>> AcronymTable().shorts("komisi pemberantasan korupsi")[0].terms
        ('kpk',)
        """
        simple = _simplify(long.split(" "))
        return self._find_shorts_of(simple.partition(" ")[0]).get(simple, ())

    def is_nickname(self, short: str, long: str) -> bool:
        """Whether articles give ``short`` only as a nickname, which many people may share."""
        return long in self._find_senses(short).nicknames

    def find_shorts(self, tokens: Sequence[str]) -> list[Found]:
        """Short forms among ``tokens``, each with its long forms; longer spans first.

        Spans may overlap (``polda`` in ``polda jatim``).
        """
        return [
            Found(start, end, expansions)
            for start, end in _list_spans(len(tokens), 1, self._longest_short)
            if (expansions := self.longs(" ".join(tokens[start:end])))
        ]

    def find_longs(self, tokens: Sequence[str]) -> list[Found]:
        """Long forms among ``tokens``, each with its short forms; longer spans first."""
        found = []
        for start, token in enumerate(tokens):
            shorts = self._find_shorts_of(token.partition("-")[0])
            longest = max((long.count(" ") + 1 for long in shorts), default=0)
            for end in range(start + 1, min(len(tokens), start + 2 * longest) + 1):
                expansions = shorts.get(_simplify(tokens[start:end]))
                if expansions and tokens[end - 1] not in FUNCTION_WORDS:
                    found.append(Found(start, end, expansions))
        return sorted(found, key=lambda one: (one.start - one.end, one.start))

    def _find_senses(self, short: str) -> _Senses:
        """The long forms of ``short``."""
        found = self._senses.get(short)
        if found is not None:
            return found
        if short not in self._listed and not any(short in rows for rows in self._rows):
            return _NO_SENSES
        counts = dict.fromkeys(self._listed.get(short, ()), LISTED_COUNT)
        for long, count in self._learned.get(short, ()):
            if _is_believable(short, long, count):
                counts[long] = counts.get(long, 0) + count
        known = set(counts)
        one_way = _add_nicknames(counts, short, self._nicknames)
        found = self._senses[short] = _Senses(
            _weigh(counts) if counts else (), one_way, frozenset(counts).difference(known)
        )
        return found

    def _find_shorts_of(self, first: str) -> dict[str, tuple[Expansion, ...]]:
        """The short forms of simplified long forms whose first word is ``first``."""
        found = self._shorts.get(first)
        if found is not None:
            return found
        weights: dict[str, dict[str, float]] = {}
        for short in self._by_first_word.get(first, ()):
            senses = self._find_senses(short)
            for terms, weight in senses.expansions:
                long = _simplify(terms)
                if long.partition(" ")[0] == first and " ".join(terms) not in senses.one_way:
                    of_long = weights.setdefault(long, {})
                    of_long[short] = max(weight, of_long.get(short, 0.0))
        if not weights:
            return {}
        found = self._shorts[first] = {
            long: tuple(
                Expansion(tuple(short.split(" ")), weight)
                for short, weight in sorted(of_long.items(), key=lambda row: (-row[1], row[0]))
            )
            for long, of_long in weights.items()
        }
        return found

    @cached_property
    def _by_first_word(self) -> dict[str, list[str]]:
        """The short forms, keyed by the first word of each of their long forms."""
        shorts: dict[str, list[str]] = {}
        longs = [(short, long) for short, longs in self._listed.items() for long in longs]
        longs += [(s, long) for rows in self._rows for s in rows for long, _ in rows[s]]
        for short, long in longs:
            first = long.partition(" ")[0].partition("-")[0]
            if first in FUNCTION_WORDS:
                first = _simplify(long.split(" ")).partition(" ")[0]
            shorts.setdefault(first, []).append(short)
        return shorts

    @cached_property
    def _longest_short(self) -> int:
        rows = (self._listed, *self._rows)
        return max((short.count(" ") + 1 for one in rows for short in one), default=0)

    def guess_shorts(self, tokens: Sequence[str]) -> list[Found]:
        """Short forms made of the initials of three or more words, longer spans first.

        Only guesses (weight 0.5): worth a look if the index has such a word in capitals. Function
        words may count or not, so a span may have two.
        """
        found = []
        for start, end in _list_spans(len(tokens), 1, MAX_GUESSED_WORDS):
            words = tokens[start:end]
            parts = [part for word in words for part in word.split("-")]
            if not all(map(str.isalpha, parts)):
                continue
            content = [part[0] for part in parts if part not in FUNCTION_WORDS]
            if (
                len(content) < MIN_GUESSED_WORDS
                or words[0] in FUNCTION_WORDS
                or words[-1] in FUNCTION_WORDS
            ):
                continue
            guesses = dict.fromkeys(("".join(content), "".join([part[0] for part in parts])))
            found.append(Found(start, end, tuple(Expansion((guess,), 0.5) for guess in guesses)))
        return found


def _group(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    longs: dict[str, list[str]] = {}
    for short, long in pairs:
        longs.setdefault(short, []).append(long)
    return longs


@loaded_once
def _group_listed() -> dict[str, list[str]]:
    """Shared by the tables of all generations."""
    return _group(load_listed())


def _add_nicknames(
    counts: dict[str, int], short: str, nicknames: Iterable[tuple[str, Rows]]
) -> frozenset[str]:
    """Add the believable nicknames; return those that are expanded from short to long only."""
    one_way: set[str] = set()
    for kind, rows in nicknames:
        least = 2 if kind.startswith("alias") else 1
        for long, count in rows.get(short, ()):
            if count >= least:
                if kind.endswith("_part") and long not in counts:
                    one_way.add(long)
                counts[long] = counts.get(long, 0) + count
    return frozenset(one_way)


def _list_spans(size: int, least: int, most: int) -> list[tuple[int, int]]:
    """(start, end) of every run of ``least`` to ``most`` of ``size`` tokens, longer ones first."""
    return [
        (start, start + length)
        for length in range(min(most, size), least - 1, -1)
        for start in range(size - length + 1)
    ]


def _is_believable(short: str, long: str, count: int) -> bool:
    """A single article may explain anything; initials seldom match by chance, and two articles
    seldom agree by chance.
    """
    if count >= 2:
        return True
    initials = "".join(part[0] for part in _simplify(long.split(" ")).split(" ") if part)
    return len(initials) >= 3 and initials == short.replace(" ", "")


def _weigh(longs: Mapping[str, int]) -> tuple[Expansion, ...]:
    best = max(longs.values())
    rows = sorted(longs.items(), key=lambda row: (-row[1], row[0]))
    return tuple(
        Expansion(tuple(long.split(" ")), count / best)
        for long, count in rows[:MAX_LONGS]
        if count >= _LEAST_SHARE * best
    )


def _simplify(tokens: Sequence[str]) -> str:
    """The lookup key of a long form: hyphenated words split, function words dropped."""
    parts = (part for token in tokens for part in token.split("-"))
    return " ".join(part for part in parts if part not in FUNCTION_WORDS)


@loaded_once
def load_listed() -> tuple[tuple[str, str], ...]:
    """The (short, long) pairs of ``data/acronyms.tsv``, as terms joined by spaces."""
    text = read_data("acronyms.tsv")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return tuple((_join_words(short), _join_words(long)) for short, long in rows)


def _join_words(text: str) -> str:
    """``text`` (words, commas and spaces only) as terms joined by spaces."""
    if text.isascii() and text.replace(" ", "").isalpha():
        return text.lower()
    words = fold(text).replace(",", " ").split()
    return " ".join(token.text for word in words for token in split_chunk(word))

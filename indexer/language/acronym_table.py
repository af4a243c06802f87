"""What a short form may stand for, and how a long form is shortened, with how sure that is.

Two sources are merged: the pairs that an index's own articles explain (counted while indexing, see
:mod:`indexer.language.acronyms`) and a list of common ones, ``data/acronyms.tsv``. Where a short
form has several long ones (``DPD``), the articles decide which weighs most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from indexer.language.acronyms import FUNCTION_WORDS
from indexer.language.fold import fold
from indexer.language.nicknames import KINDS
from indexer.language.tokens import split_chunk

#: A listed pair counts as if so many articles explained it.
LISTED_COUNT = 2
#: Long forms kept for one short form, the best attested first.
MAX_LONGS = 6
#: What has less than this part of the best one's evidence is a slip of somebody's pen.
_LEAST_SHARE = 0.02
#: Long forms of fewer content words are not shortened by their initials: too much would fit.
MIN_GUESSED_WORDS = 3
MAX_GUESSED_WORDS = 8


#: Short forms with their (long form, articles) rows.
Rows = Mapping[str, Sequence[tuple[str, int]]]


class Expansion(NamedTuple):
    """One way to say it otherwise: ``terms``, and ``weight`` from 0 to 1 (the best attested)."""

    terms: tuple[str, ...]
    weight: float


class Found(NamedTuple):
    """``tokens[start:end]`` of a query can be said otherwise; expansions heaviest first."""

    start: int
    end: int
    expansions: tuple[Expansion, ...]


class AcronymTable:
    """Looks up short and long forms, both ways.

    ``learned`` maps a short form to its (long form, articles) rows, both as terms joined by
    spaces, as :meth:`indexer.engine.base.Snapshot.evidence` gives them for ``acronym``.
    ``nicknames`` has such rows by the kinds of :data:`indexer.language.nicknames.KINDS`: one
    article is believed that says what somebody is called, two are that say *alias*; where it is not
    sure how much of the name before is meant, the name is not looked for by its short form.
    ``listed`` are (short, long) pairs; by default those of ``data/acronyms.tsv``.

    Function words and hyphens in a long form do not matter: ``badan meteorologi klimatologi
    geofisika`` is found too.
    """

    def __init__(
        self,
        learned: Rows | None = None,
        *,
        listed: Iterable[tuple[str, str]] | None = None,
        nicknames: Mapping[str, Rows] | None = None,
    ) -> None:
        pairs = load_listed() if listed is None else listed
        counts: dict[str, dict[str, int]] = {}
        for short, long in pairs:
            counts.setdefault(short, {})[long] = LISTED_COUNT
        for short, rows in (learned or {}).items():
            for long, count in rows:
                if _is_believable(short, long, count):
                    longs = counts.setdefault(short, {})
                    longs[long] = longs.get(long, 0) + count
        known = {(short, long) for short, longs in counts.items() for long in longs}
        one_way = _add_nicknames(counts, nicknames or {})
        #: The pairs that articles only say to be called so: many bear a nickname.
        self.nicknames = frozenset(
            (short, long) for short, longs in counts.items() for long in longs
        ).difference(known)
        self._longs: dict[str, tuple[Expansion, ...]] = {}
        shorts: dict[str, dict[str, float]] = {}
        for short, longs in counts.items():
            self._longs[short] = _weigh(longs)
            for expansion in self._longs[short]:
                if (short, " ".join(expansion.terms)) in one_way:
                    continue
                of_long = shorts.setdefault(_simplify(expansion.terms), {})
                of_long[short] = max(expansion.weight, of_long.get(short, 0.0))
        self._shorts = {
            long: tuple(
                Expansion(tuple(short.split(" ")), weight)
                for short, weight in sorted(of_long.items(), key=lambda row: (-row[1], row[0]))
            )
            for long, of_long in shorts.items()
        }
        self._first_words = frozenset(long.partition(" ")[0] for long in self._shorts)
        self._longest_short = max((short.count(" ") + 1 for short in self._longs), default=0)
        self._longest_long = max((long.count(" ") + 1 for long in self._shorts), default=0)

    def longs(self, short: str) -> tuple[Expansion, ...]:
        """The long forms of ``short`` (terms joined by spaces), heaviest first.

        >>> AcronymTable().longs("kpk")[0].terms
        ('komisi', 'pemberantasan', 'korupsi')
        """
        return self._longs.get(short, ())

    def shorts(self, long: str) -> tuple[Expansion, ...]:
        """The short forms of ``long`` (terms joined by spaces), heaviest first.

        >>> AcronymTable().shorts("komisi pemberantasan korupsi")[0].terms
        ('kpk',)
        """
        return self._shorts.get(_simplify(long.split(" ")), ())

    def find_shorts(self, tokens: Sequence[str]) -> list[Found]:
        """The short forms among ``tokens``, each with its long forms; longer ones first.

        Spans may overlap (``polda`` in ``polda jatim``).
        """
        return [
            Found(start, end, expansions)
            for start, end in _list_spans(len(tokens), 1, self._longest_short)
            if (expansions := self._longs.get(" ".join(tokens[start:end])))
        ]

    def find_longs(self, tokens: Sequence[str]) -> list[Found]:
        """The long forms among ``tokens``, each with its short forms; longer ones first."""
        return [
            Found(start, end, expansions)
            for start, end in _list_spans(len(tokens), 1, 2 * self._longest_long)
            if tokens[start].partition("-")[0] in self._first_words
            and tokens[end - 1] not in FUNCTION_WORDS
            and (expansions := self._shorts.get(_simplify(tokens[start:end])))
        ]

    def guess_shorts(self, tokens: Sequence[str]) -> list[Found]:
        """Short forms made of the initials of three words or more, longer ones first.

        Only guesses (weight 0.5): worth a look where the index has such a word and writes it in
        capitals. Function words may count or not, so a span may have two.
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


def _add_nicknames(
    counts: dict[str, dict[str, int]], nicknames: Mapping[str, Rows]
) -> set[tuple[str, str]]:
    """Adds the believable ones; returns the pairs that are looked for from short to long only."""
    one_way: set[tuple[str, str]] = set()
    for kind in KINDS:
        least = 2 if kind.startswith("alias") else 1
        for short, rows in nicknames.get(kind, {}).items():
            longs = counts.setdefault(short, {})
            for long, count in rows:
                if count >= least:
                    if kind.endswith("_part") and long not in longs:
                        one_way.add((short, long))
                    longs[long] = longs.get(long, 0) + count
            if not longs:
                del counts[short]
    return one_way


def _list_spans(size: int, least: int, most: int) -> list[tuple[int, int]]:
    """(start, end) of every run of ``least`` to ``most`` of ``size`` tokens, longer ones first."""
    return [
        (start, start + length)
        for length in range(min(most, size), least - 1, -1)
        for start in range(size - length + 1)
    ]


def _is_believable(short: str, long: str, count: int) -> bool:
    """One article may explain anything; initials seldom fit by chance, and two seldom agree."""
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
    """A long form as it is looked up: parts of hyphenated words apart, no function words."""
    parts = (part for token in tokens for part in token.split("-"))
    return " ".join(part for part in parts if part not in FUNCTION_WORDS)


@lru_cache(maxsize=1)
def load_listed() -> tuple[tuple[str, str], ...]:
    """The (short, long) pairs of ``data/acronyms.tsv``, as terms joined by spaces."""
    text = files("indexer.language").joinpath("data/acronyms.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return tuple((_join_words(short), _join_words(long)) for short, long in rows)


def _join_words(text: str) -> str:
    """``text`` as terms; it has words, commas and spaces only."""
    words = fold(text).replace(",", " ").split()
    return " ".join(token.text for word in words for token in split_chunk(word))

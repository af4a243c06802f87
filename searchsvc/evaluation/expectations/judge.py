"""Which expectations are met, and how many of each kind?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from searchsvc.evaluation.expectations.answers import judge_answer
from searchsvc.evaluation.expectations.asking import Answered, Miss, Searcher
from searchsvc.evaluation.expectations.rows import Expectation
from searchsvc.evaluation.expectations.suggestions import judge_suggestions


@dataclass(frozen=True, slots=True)
class Verdict:
    """An expectation with all that it misses; it is met where it misses nothing."""

    expectation: Expectation
    misses: tuple[Miss, ...]

    def to_dict(self) -> dict[str, Any]:
        """As ``searchsvc evaluate --json`` prints a row that is not met."""
        row = self.expectation
        return {
            "place": row.place,
            "kind": row.kind,
            "suggest" if row.typed else "q": row.question,
            "misses": [miss._asdict() for miss in self.misses],
        }

    def __str__(self) -> str:
        """One line: where the row stands, what was asked, what was wanted and seen."""
        row = self.expectation
        asked = f"suggest {row.question!r}" if row.typed else repr(row.question)
        told = "; ".join(
            f"{miss.key}: wanted {miss.wanted}, seen {miss.seen}" for miss in self.misses
        )
        return f"{row.place}: {asked}: {told}"


class Tally(NamedTuple):
    """How many rows are met, of how many."""

    right: int
    rows: int


def judge(
    expectations: Iterable[Expectation],
    searcher: Searcher,
    *,
    each: Callable[[], None] = lambda: None,
) -> list[Verdict]:
    """A verdict on every expectation, in order; ``each`` is called after each."""
    verdicts = []
    for row in expectations:
        if row.typed:
            misses = judge_suggestions(row, searcher.suggest(row.question))
        else:
            misses = judge_answer(Answered(row, searcher))
        verdicts.append(Verdict(row, tuple(misses)))
        each()
    return verdicts


def count_by_kind(verdicts: Iterable[Verdict]) -> dict[str, Tally]:
    """How many rows of each kind are met, in the order the kinds appear."""
    tallies: dict[str, Tally] = {}
    for verdict in verdicts:
        right, rows = tallies.get(verdict.expectation.kind, Tally(0, 0))
        tallies[verdict.expectation.kind] = Tally(right + (not verdict.misses), rows + 1)
    return tallies

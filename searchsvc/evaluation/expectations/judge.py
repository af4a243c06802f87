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
    """An expectation and its misses; it is met if there are none."""

    expectation: Expectation
    misses: tuple[Miss, ...]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form that ``searchsvc evaluate --json`` prints for an unmet row."""
        row = self.expectation
        return {
            "place": row.place,
            "kind": row.kind,
            "suggest" if row.typed else "q": row.question,
            "misses": [miss._asdict() for miss in self.misses],
        }

    def __str__(self) -> str:
        """One line: the row's position, the question, what was wanted and seen."""
        row = self.expectation
        asked = f"suggest {row.question!r}" if row.typed else repr(row.question)
        told = "; ".join(
            f"{miss.key}: wanted {miss.wanted}, seen {miss.seen}" for miss in self.misses
        )
        return f"{row.place}: {asked}: {told}"


class Tally(NamedTuple):
    """The number of rows met, and of all rows."""

    right: int
    rows: int


def judge(
    expectations: Iterable[Expectation],
    searcher: Searcher,
    *,
    each: Callable[[], None] = lambda: None,
) -> list[Verdict]:
    """A verdict on every expectation, in order; ``each`` is called after every one."""
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
    """The tally of each kind, in the order the kinds appear."""
    tallies: dict[str, Tally] = {}
    for verdict in verdicts:
        right, rows = tallies.get(verdict.expectation.kind, Tally(0, 0))
        tallies[verdict.expectation.kind] = Tally(right + (not verdict.misses), rows + 1)
    return tallies

"""Which counts will query understanding want? Asked for together where each is a round trip.

Understanding a query takes some dozens of counts: do articles have these two words as a phrase, do
they have this word beside that one? An engine in the same process answers each in microseconds and
is asked as they come up. One on another machine is not: a step is first run with guesses in place
of counts that are not known yet, which are noted, asked for in one request, and remembered; so
again until nothing was guessed. The result is the one that asking one by one would give.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from indexer.engine.base import Form, Phrase, Query, Snapshot, Term
from searchsvc.query.context import SearchContext
from searchsvc.query.knowledge import Knowledge, keep, make_row
from searchsvc.query.usage import WordUsage, sample_usages

#: Each true count may bring up others; after so many rounds the few that are left are asked for one
#: by one.
_MOST_ROUNDS: Final = 5
_GUESSED_USAGE: Final = WordUsage(in_capitals=False, companions=())

Result = TypeVar("Result")


def look_ahead(
    step: Callable[[SearchContext], Result],
    context: SearchContext,
    then: Callable[[Result, SearchContext], Query] | None = None,
) -> Result:
    """``step(context)``, with the counts that it looks up asked for together if the engine is on
    another machine. ``step`` changes nothing, and may be run several times.

    ``then``: what will probably be done next with the result. It returns the query that will be
    searched, and what it looks up is asked for in the same request.
    """
    if context.snapshot.distant:
        for turn in range(_MOST_ROUNDS):
            guesses = Guesses(context.knowledge)
            guessing = replace(context, knowledge=guesses)
            result = step(guessing)
            known = not guesses.guessed
            if known and turn:
                return result
            guesses.look_up(context.snapshot, then(result, guessing) if then else None)
            if known:
                return result
    return step(context)


class Guesses(Knowledge):
    """What is ``known``, with guesses in place of counts that are not."""

    def __init__(self, known: Knowledge) -> None:
        # The same memory: what does not depend on a guess is remembered.
        self.__dict__.update(vars(known))
        self.guessed = 0
        self._wanted_rows: dict[tuple[Form, tuple[str, ...]], None] = {}
        self._wanted: dict[tuple[Term | Phrase, ...], None] = {}
        self._wanted_usages: dict[str, None] = {}

    def look_up(self, snapshot: Snapshot, expected: Query | None = None) -> None:
        """Ask for all counts that were guessed, together, and remember them; and for what the
        search of the ``expected`` query needs.
        """
        rows = [(make_row(texts, form),) for form, texts in self._wanted_rows]
        counts = iter(snapshot.count_having_each([*rows, *self._wanted], expected))
        for form, texts in self._wanted_rows:
            keep(self._rows[form], texts, next(counts))
        for alternatives in self._wanted:
            keep(self._having, alternatives, next(counts))
        if terms := list(self._wanted_usages):
            for term, usage in zip(terms, sample_usages(snapshot, terms), strict=True):
                keep(self._usages, term, usage)

    def _count_phrase(self, snapshot: Snapshot, texts: tuple[str, ...], form: Form) -> int | None:
        self.guessed += 1
        self._wanted_rows[form, texts] = None
        return None

    def _count_together(
        self, snapshot: Snapshot, alternatives: tuple[Term | Phrase, ...]
    ) -> int | None:
        self.guessed += 1
        self._wanted[alternatives] = None
        return None

    def usage(self, snapshot: Snapshot, term: str) -> WordUsage:
        if term not in self._usages:
            self.guessed += 1
            self._wanted_usages[term] = None
            return _GUESSED_USAGE
        return super().usage(snapshot, term)

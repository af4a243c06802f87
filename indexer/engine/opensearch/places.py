"""Where are a query's words in one article? Looked up among its tokens, as they were indexed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from indexer.engine.base import Alternative, Clause, Form, Phrase, Prefix, Scope, Term, Word
from indexer.engine.opensearch.documents import Stored
from indexer.engine.opensearch.encoding import SIGILS, decode_forms, encode_term


class Finder:
    """Finds alternatives in the groups of forms of any article; remembers which group is what."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._fields = {scope: _Sought(words, scope) for scope in (Scope.TITLE, Scope.BODY)}

    def find(self, tokens: Sequence[str], scope: Scope) -> list[tuple[int, int]]:
        """(position, number of the word) of the field's tokens, ascending, each once."""
        sought = self._fields[scope]
        known = sought.known
        found = []
        for position, group in enumerate(tokens):
            numbers = known.get(group)
            if numbers is None:
                numbers = known[group] = sought.list_words(group)
            if numbers:
                found += [(position, number) for number in numbers]
        if not sought.phrases:
            return found
        there = set(found)
        for number, phrase in sought.phrases:
            there.update((position, number) for position in find_phrase_tokens(tokens, phrase))
        return sorted(there)


class _Sought:
    """What is looked for in one field. ``known``: numbers of the words that groups met so far are,
    ascending.
    """

    def __init__(self, words: Sequence[Word], scope: Scope) -> None:
        self.known: dict[str, tuple[int, ...]] = {}
        self.phrases: list[tuple[int, Phrase]] = []
        self._prefixes: list[tuple[int, Prefix]] = []
        self._forms: dict[str, list[int]] = {}
        for number, word in enumerate(words):
            if word.scope not in (Scope.ANYWHERE, scope):
                continue
            for one in word.alternatives:
                if isinstance(one, Term):
                    self._forms.setdefault(_write_form(one), []).append(number)
                elif isinstance(one, Prefix):
                    self._prefixes.append((number, one))
                elif any(one.terms):
                    self.phrases.append((number, one))

    def list_words(self, group: str) -> tuple[int, ...]:
        exact, stem, _ = group.split("|", 2)
        numbers = {*self._forms.get(exact, ()), *self._forms.get(stem, ())}
        numbers.update(number for number, one in self._prefixes if is_token(group, one))
        return tuple(sorted(numbers))


def is_token(group: str, one: Term | Prefix | Phrase) -> bool:
    """Whether the token is what a term or a prefix asks for."""
    if isinstance(one, Prefix):
        return decode_forms(group)[Form.EXACT].startswith(one.text)
    return isinstance(one, Term) and _write_form(one) == group.split("|", 2)[one.form]


def _write_form(term: Term) -> str:
    """The form of a token that the term asks for."""
    return SIGILS[term.form] + encode_term(term.text)


def find_starts(tokens: Sequence[str], one: Alternative) -> list[int]:
    """The positions at which the alternative starts in a field."""
    if not isinstance(one, Phrase):
        matches = cache(lambda group: is_token(group, one))
        return [position for position, group in enumerate(tokens) if matches(group)]
    if not any(one.terms):
        return []
    return list(_find_phrase(tokens, one))


def _find_phrase(tokens: Sequence[str], phrase: Phrase) -> Iterator[int]:
    """Where the phrase starts, ascending."""
    (step, form, text), *others = [
        (step, term.form, _write_form(term))
        for step, term in enumerate(phrase.terms)
        if term is not None
    ]
    for start in range(len(tokens) - len(phrase.terms) + 1):
        group = tokens[start + step]
        # Most groups do not even contain the text.
        if (
            text in group
            and group.split("|", 2)[form] == text
            and all(tokens[start + at].split("|", 2)[kind] == one for at, kind, one in others)
        ):
            yield start


def find_phrase_tokens(tokens: Sequence[str], phrase: Phrase) -> Iterator[int]:
    """The positions of tokens within matches of the phrase, gaps left out."""
    for start in _find_phrase(tokens, phrase):
        yield from (start + step for step, term in enumerate(phrase.terms) if term is not None)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often an alternative occurs; ``body`` includes ``lead``."""

    title: int
    body: int
    lead: int


def count(stored: Stored, one: Alternative, scope: Scope) -> Counts:
    """The frequencies of the alternative in the article, within ``scope``."""
    title = find_starts(stored.title, one) if scope is not Scope.BODY else []
    body = find_starts(stored.body, one) if scope is not Scope.TITLE else []
    in_lead = sum(1 for position in body if stored.body[position].endswith("|<*"))
    return Counts(len(title), len(body), in_lead)


def measure_closeness(stored: Stored, finder: Finder, sizes: Sequence[int]) -> float:
    """See :class:`indexer.engine.base.Ranking`. ``finder`` has the words of all required clauses,
    one after another; ``sizes``: how many each clause has. There are two or more.
    """
    clause_of = [number for number, size in enumerate(sizes) for _ in range(size)]
    nearest = [float("inf")] * (len(sizes) - 1)
    for tokens, scope in ((stored.title, Scope.TITLE), (stored.body, Scope.BODY)):
        positions: list[list[int]] = [[] for _ in sizes]
        for position, number in finder.find(tokens, scope):
            mine = positions[clause_of[number]]
            if not mine or mine[-1] != position:
                mine.append(position)
        for pair in range(len(nearest)):
            nearest[pair] = min(
                nearest[pair], _measure_distance(positions[pair], positions[pair + 1])
            )
    return sum(1 / distance for distance in nearest) / len(nearest)


def _measure_distance(ones: list[int], others: list[int]) -> float:
    """The least distance of two of these positions, infinite if there is none."""
    least = float("inf")
    for position in ones:
        at = bisect_left(others, position)
        if at < len(others):
            least = min(least, max(others[at] - position, 1))
        if at:
            least = min(least, position - others[at - 1] + 1)
    return least


def flatten(clauses: Sequence[Clause]) -> tuple[Finder, list[int]]:
    """What :func:`measure_closeness` needs of some clauses."""
    return Finder([word for clause in clauses for word in clause.words]), [
        len(clause.words) for clause in clauses
    ]

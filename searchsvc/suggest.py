"""What a person may be about to type: words that finish theirs, and titles that have them."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.engine.base import Clause, Engine, Form, Prefix, Query, Scope, Snapshot, Term, Word
from indexer.language.dictionary import EMPTY, Dictionary
from indexer.language.fold import fold
from indexer.language.stopwords import load_stopwords
from indexer.language.tokens import Token, tokenize

#: Finished words that are looked up together with the last one; more come from a pasted text.
MAX_WORDS = 8
#: Completions that are tried together with the words before them.
MAX_TRIED = 24
#: A completion that fewer articles have than this part of those with the best is not offered.
RARE_PART = 100
_SHORTEST_TERM = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``kind`` ``term``: ``text`` is a query; ``article``: the title of article ``id``."""

    text: str
    kind: str
    id: str = ""

    def to_dict(self) -> dict[str, str]:
        """As in JSON; no ``id`` where there is none."""
        row = {"text": self.text, "kind": self.kind}
        if self.id:
            row["id"] = self.id
        return row


def suggest(
    engine: Engine, q: str, limit: int = 8, *, dictionary: Dictionary = EMPTY
) -> list[Suggestion]:
    """At most ``limit`` suggestions for a query being typed, best first, none twice.

    Words that finish the last one, together with those before it, as many articles have them;
    then articles whose title has all of the words. At least half of the room is left to titles
    where there are titles enough. Stop words, ours and those of ``dictionary``, are not offered.
    """
    tokens = tokenize(q)[: MAX_WORDS + 1]
    if not tokens or limit < 1:
        return []
    unfinished = tokens[-1].end == len(q.rstrip('"”')) and tokens[-1].text.isalpha()
    with engine.snapshot() as snapshot:
        titles = find_titles(snapshot, tokens, limit, unfinished=unfinished)
        stopwords = load_stopwords() | dictionary.stopwords
        terms = complete_last(snapshot, q, tokens, limit, stopwords) if unfinished else []
    room = max(limit - len(titles), (limit + 1) // 2)
    found: dict[str, Suggestion] = {}
    for suggestion in [*terms[:room], *titles, *terms[room:]]:
        found.setdefault(fold(suggestion.text), suggestion)
    found.pop(" ".join(fold(q).split()), None)
    return list(found.values())[:limit]


def complete_last(
    snapshot: Snapshot, q: str, tokens: list[Token], limit: int, stopwords: frozenset[str]
) -> list[Suggestion]:
    """``q`` with its last word finished, by how many articles have all the words.

    Words that are rare beside the most frequent one are slips (``bumidengan`` beside ``bumi``).
    """
    last = tokens[-1]
    candidates = [
        (term, count)
        for term, count in snapshot.frequent_terms(last.text, limit=MAX_TRIED)
        if len(term) >= _SHORTEST_TERM and term not in stopwords
    ]
    before = tuple(
        Clause((Word(token.text, (Term(token.text, Form.EXACT),)),))
        for token in tokens[:-1]
        if token.text not in stopwords
    )
    if before:
        counted = [(term, count_together(snapshot, before, term)) for term, _ in candidates]
        candidates = sorted((pair for pair in counted if pair[1]), key=lambda pair: -pair[1])
    most = max((count for _, count in candidates), default=0)
    candidates = [pair for pair in candidates if pair[1] * RARE_PART >= most]
    lead = " ".join(q[: last.start].split())
    return [Suggestion(f"{lead} {term}".strip(), "term") for term, _ in candidates[:limit]]


def count_together(snapshot: Snapshot, before: tuple[Clause, ...], term: str) -> int:
    """How many articles have ``term`` and all that stands before it."""
    clause = Clause((Word(term, (Term(term, Form.EXACT),)),))
    return snapshot.search(Query((*before, clause), relax=False, limit=0)).total


def find_titles(
    snapshot: Snapshot, tokens: list[Token], limit: int, *, unfinished: bool
) -> list[Suggestion]:
    """Articles whose title has all the words, the last of them perhaps only begun."""
    clauses = []
    for place, token in enumerate(tokens, start=1):
        begun = unfinished and place == len(tokens)
        wanted = Prefix(token.text) if begun else Term(token.text, Form.EXACT)
        clauses.append(Clause((Word(token.text, (wanted,), Scope.TITLE),)))
    answer = snapshot.search(Query(tuple(clauses), relax=False, limit=limit))
    articles = [snapshot.article(hit.ref) for hit in answer.hits]
    return [Suggestion(article.title, "article", article.id) for article in articles]

"""Short ways to write queries and to read answers, for tests of engines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from support.batches import Draft, build_batch

from indexer.engine.base import (
    Alternative,
    Clause,
    Engine,
    Form,
    Phrase,
    Query,
    Scope,
    Snapshot,
    Term,
    Word,
    Written,
)


def exact(text: str, weight: float = 1.0) -> Term:
    """The term as written."""
    return Term(text, Form.EXACT, weight)


def phrase(*texts: str | None, form: Form = Form.STEM, weight: float = 1.0) -> Phrase:
    """The terms in a row; ``None`` is any token."""
    terms = tuple(None if text is None else Term(text, form) for text in texts)
    return Phrase(terms, weight)


def word(
    *alternatives: Alternative | str, scope: Scope = Scope.ANYWHERE, boost: float = 1.0
) -> Word:
    """A word with these alternatives; a string is a stem."""
    made = tuple(Term(one) if isinstance(one, str) else one for one in alternatives)
    return Word(repr(alternatives), made, scope, boost)


def clause(*words: Word | Alternative | str, required: bool = True) -> Clause:
    """Any of the words."""
    made = tuple(one if isinstance(one, Word) else word(one) for one in words)
    return Clause(made, required)


def ask(*clauses: Clause | Word | Alternative | str, **settings: Any) -> Query:
    """A query of these clauses; all required unless they say otherwise."""
    made = tuple(one if isinstance(one, Clause) else clause(one) for one in clauses)
    return Query(clauses=made, **{"limit": 1000, **settings})


def write(engine: Engine, *batches: Sequence[Draft]) -> Written:
    """Add and commit; returns what the commit did."""
    with engine.writer() as writer:
        for drafts in batches:
            writer.add(build_batch(drafts))
        return writer.commit()


def list_hits(snapshot: Snapshot, query: Query) -> list[str]:
    """Article ids of the hits, in order."""
    return [snapshot.article(hit.ref).id for hit in snapshot.search(query).hits]


def find_hits(engine: Engine, *clauses: Clause | Word | Alternative | str, **settings: Any) -> str:
    """Article ids of the hits of :func:`ask`, sorted and joined by spaces."""
    with engine.snapshot() as snapshot:
        return " ".join(sorted(list_hits(snapshot, ask(*clauses, **settings))))


def map_scores(snapshot: Snapshot, query: Query) -> dict[str, float]:
    """Article id -> score of every hit."""
    return {snapshot.article(hit.ref).id: hit.score for hit in snapshot.search(query).hits}


def find_ref(snapshot: Snapshot, article_id: str) -> int:
    """The ref of an article that must be there."""
    ref = snapshot.find(article_id)
    assert ref is not None, f"no article {article_id!r}"
    return ref

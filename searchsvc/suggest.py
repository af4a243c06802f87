"""What a person may be about to type: words that finish theirs, and titles that have them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice, pairwise

from indexer.engine.base import Clause, Engine, Form, Prefix, Query, Scope, Snapshot, Term, Word
from indexer.language.dictionary import EMPTY, Dictionary, make_stemmer
from indexer.language.fold import fold
from indexer.language.stopwords import load_stopwords
from indexer.language.tokens import Token, tokenize
from searchsvc.query.knowledge import Knowledge, recall_knowledge

#: Finished words that are looked up together with the last one; more come from a pasted text.
MAX_WORDS = 8
#: Completions that are tried together with the words before them.
MAX_TRIED = 24
#: A completion that fewer articles have than this part of those with the best is not offered.
RARE_PART = 100
#: Labels of a facet that are looked through at every key.
MAX_LABELS = 2_000
_SHORTEST_TERM = 3
_INFLECTED_WEIGHT = 0.3


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
    then words that titles go on with, and authors, tags and publishers that begin like this; then
    articles whose title has all of the words, in whatever inflection. At least half of the room
    is left to titles where there are titles enough. Stop words, ours and those of
    ``dictionary``, are not offered.
    """
    tokens = tokenize(q)[: MAX_WORDS + 1]
    if not tokens or limit < 1:
        return []
    unfinished = tokens[-1].end == len(q.rstrip('"”')) and tokens[-1].text.isalpha()
    with engine.snapshot() as snapshot:
        stopwords = load_stopwords() | dictionary.stopwords
        stem = make_stemmer(dictionary).stem
        titles = find_titles(snapshot, tokens, limit, stem, unfinished=unfinished)
        terms = complete_last(snapshot, q, tokens, limit, stopwords) if unfinished else []
        if len(terms) < limit:
            terms += continue_words(q, tokens, titles, stopwords)
            terms += find_labels_begun(recall_knowledge(engine, snapshot), snapshot, q, limit)
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
    return snapshot.search(Query((*before, clause), enough=0, limit=0)).total


def continue_words(
    q: str, tokens: list[Token], titles: list[Suggestion], stopwords: frozenset[str]
) -> list[Suggestion]:
    """``q`` with the word that comes next in ``titles``, the most frequent first."""
    last = tokens[-1].text
    counts: Counter[str] = Counter()
    for title in titles:
        words = [token.text for token in tokenize(title.text)]
        counts.update(
            {
                after
                for word, after in pairwise(words)
                if word == last and len(after) >= _SHORTEST_TERM and after not in stopwords
            }
        )
    lead = " ".join(q.split())
    return [Suggestion(f"{lead} {word}", "term") for word, _ in counts.most_common()]


def find_labels_begun(
    knowledge: Knowledge, snapshot: Snapshot, q: str, limit: int
) -> list[Suggestion]:
    """Authors, tags and publishers that begin as ``q`` does, of each facet's most frequent."""
    begun = " ".join(fold(q).split())
    if len(begun) < _SHORTEST_TERM:
        return []
    return [
        Suggestion(labels[0], "term")
        for facet in ("authors", "tags", "source")
        for folded, labels in islice(knowledge.labels(snapshot, facet).items(), MAX_LABELS)
        if folded.startswith(begun)
    ][:limit]


def find_titles(
    snapshot: Snapshot,
    tokens: list[Token],
    limit: int,
    stem: Callable[[str], str],
    *,
    unfinished: bool,
) -> list[Suggestion]:
    """Articles whose title has all the words, the last of them perhaps only begun; those that
    have them as typed before those with other inflections.
    """
    clauses = []
    for place, token in enumerate(tokens, start=1):
        begun = unfinished and place == len(tokens)
        wanted = Prefix(token.text) if begun else Term(token.text, Form.EXACT)
        inflected = Term(stem(token.text), Form.STEM, _INFLECTED_WEIGHT)
        clauses.append(Clause((Word(token.text, (wanted, inflected), Scope.TITLE),)))
    answer = snapshot.search(Query(tuple(clauses), enough=0, limit=limit))
    articles = [snapshot.article(hit.ref) for hit in answer.hits]
    return [Suggestion(article.title, "article", article.id) for article in articles]

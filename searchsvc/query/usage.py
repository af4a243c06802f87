"""How do articles use a word? Whether in capitals, and beside which names.

Sampled from a few of its articles rather than kept in the index: only spelling rules need it, for
words that look alike, and the results are memoised for the lifetime of the generation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indexer.engine.base import Clause, Form, Hit, Query, Snapshot, Term, Word
from indexer.language.stopwords import load_stopwords
from indexer.language.tokens import Token, tokenize

#: Articles examined, and occurrences in each.
MAX_ARTICLES = 8
MAX_OCCURRENCES = 6
#: Characters around the word that include its neighbours.
_REACH = 40


class WordUsage(NamedTuple):
    """``in_capitals``: articles write the word in capitals, like acronyms. ``companions`` are the
    capitalised words directly before (-1) and directly after (1) it, most frequent first.
    """

    in_capitals: bool
    companions: tuple[tuple[int, str], ...]


def sample_usages(snapshot: Snapshot, terms: Sequence[str]) -> list[WordUsage]:
    """How a sample of the articles with an exact term use it; for each of ``terms``."""
    words = [Word(term, (Term(term, Form.EXACT),)) for term in terms]
    queries = [Query((Clause((word,)),), few=0, limit=MAX_ARTICLES) for word in words]
    return [
        _sample(snapshot, word, answer.hits)
        for word, answer in zip(words, snapshot.search_each(queries), strict=True)
    ]


def _sample(snapshot: Snapshot, word: Word, hits: Sequence[Hit]) -> WordUsage:
    companions: Counter[tuple[int, str]] = Counter()
    in_capitals = others = 0
    articles = snapshot.articles([hit.ref for hit in hits])
    for hit, article in zip(hits, articles, strict=True):
        for one in snapshot.occurrences(hit.ref, [word])[:MAX_OCCURRENCES]:
            text = article.title if one.in_title else article.body
            around, start = _cut_around(text, one.start)
            tokens = tokenize(around)
            place = next((n for n, token in enumerate(tokens) if token.start == start), None)
            if place is None:
                continue
            beside = list(_list_beside(around, tokens, place))
            companions.update(
                (side, token.text)
                for side, token in beside
                if around[token.start].isupper() and token.text not in load_stopwords()
            )
            # In a headline entirely in capitals, capitals are uninformative.
            if not any(_is_shouted(around, token) for _, token in beside):
                written = around[start : tokens[place].end]
                in_capitals += written.isupper() and len(written) > 1
                others += not written.isupper()
    return WordUsage(
        in_capitals > others,
        tuple(companion for companion, _ in companions.most_common()),
    )


def _cut_around(text: str, start: int) -> tuple[str, int]:
    """The words around ``text[start]``, none truncated, and its offset among them."""
    first = text.rfind(" ", 0, max(0, start - _REACH)) + 1
    last = text.find(" ", start + _REACH)
    return text[first : last if last >= 0 else len(text)], start - first


def _list_beside(text: str, tokens: list[Token], place: int) -> Iterator[tuple[int, Token]]:
    """The tokens next to that at ``place``, separated only by a space or a hyphen."""
    token = tokens[place]
    if place and text[tokens[place - 1].end : token.start] in (" ", "-"):
        yield -1, tokens[place - 1]
    if place + 1 < len(tokens) and text[token.end : tokens[place + 1].start] in (" ", "-"):
        yield 1, tokens[place + 1]


def _is_shouted(text: str, token: Token) -> bool:
    written = text[token.start : token.end]
    return len(written) > 3 and written.isupper()

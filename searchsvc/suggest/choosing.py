"""Which candidates are suggested?"""

from __future__ import annotations

from indexer.language.dictionary import Dictionary
from indexer.language.fold import fold
from indexer.language.tokens import tokenize
from searchsvc.suggest.suggestion import Suggestion

#: Titles to read for each one wanted: some are copies, or blocked.
TITLES_READ = 2


def choose(
    dictionary: Dictionary,
    q: str,
    queries: list[Suggestion],
    titles: list[Suggestion],
    limit: int,
) -> list[Suggestion]:
    """The best of both, each best first: at least half titles if there are enough; without
    duplicates, ``q`` itself, or anything that the dictionary blocks.
    """
    typed = simplify(q)
    seen = {typed}

    def pick(suggestions: list[Suggestion]) -> list[Suggestion]:
        picked = []
        for one in suggestions:
            simple = simplify(one.text)
            if simple not in seen and not is_blocked(dictionary, one.text):
                seen.add(simple)
                picked.append(one)
        return picked

    fresh, articles = pick(queries), pick(titles)
    room = max(limit - len(articles), (limit + 1) // 2)
    return [*fresh[:room], *articles, *fresh[room:]][:limit]


def simplify(text: str) -> str:
    """The form in which two suggestions are compared."""
    return " ".join(fold(text).split())


def is_blocked(dictionary: Dictionary, text: str) -> bool:
    """Whether the text contains a row of words that the dictionary blocks."""
    if not dictionary.blocked:
        return False
    terms = tuple(token.text for token in tokenize(text))
    lengths = {len(row) for row in dictionary.blocked}
    return any(
        terms[start : start + length] in dictionary.blocked
        for length in lengths
        for start in range(len(terms) - length + 1)
    )

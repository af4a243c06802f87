"""What was a misspelt beginning meant to be? Words one edit away."""

from __future__ import annotations

import string
from collections.abc import Iterator

from indexer.language.tokens import tokenize
from searchsvc.query.context import SearchContext
from searchsvc.suggest.memory import recall
from searchsvc.suggest.neighbours import LEAST_ARTICLES

#: Shorter words are one edit away from too many others.
SHORTEST = 4
#: The intended word must be this many times as frequent as the typed one.
_TIMES = 50


def respell_words(context: SearchContext, q: str, *, surely: bool = False) -> str:
    """``q`` with each finished word that hardly any article has replaced by the most frequent word
    one edit away; ``surely``: except words that may be rare names.
    """
    for token in reversed(tokenize(q)):
        if token.end == len(q):
            continue
        meant = respell_word(context, token.text)
        if meant and not (surely and context.statistics(token.text).capital):
            q = q[: token.start] + meant + q[token.end :]
    return q


def respell_word(context: SearchContext, word: str) -> str:
    """The term that ``word`` was meant to be; empty if it is correct or nothing is near."""
    if len(word) < SHORTEST:
        return ""
    for near in context.near_terms(word, 1)[:1]:
        if near.documents >= max(LEAST_ARTICLES, _TIMES * context.count(word)):
            return near.term
    return ""


def respell_fragment(context: SearchContext, fragment: str) -> str:
    """The prefix of a frequent term one edit away from ``fragment``, with the same first letter;
    empty if there is none.
    """
    if len(fragment) < SHORTEST or not fragment.isalpha():
        return ""

    def find() -> str:
        frequent = context.snapshot.frequent_terms
        best, begun = max(
            (
                (documents, variant)
                for variant in dict.fromkeys(list_slips(fragment))
                for _, documents in frequent(variant, limit=1)
            ),
            default=(0, ""),
        )
        typed = max((count for _, count in frequent(fragment, limit=1)), default=0)
        return begun if best >= max(LEAST_ARTICLES, _TIMES * typed) else ""

    return recall(context.knowledge, "slips", fragment, find)


def list_slips(word: str) -> Iterator[str]:
    """What ``word`` becomes when one letter is substituted, inserted or deleted, or two adjacent
    letters are transposed; the first letter is kept, and the last is never just deleted.
    """
    for place in range(1, len(word)):
        before, after = word[:place], word[place:]
        if after[1:]:
            yield before + after[1:]
            yield before + after[1] + after[0] + after[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + after[1:]
            yield before + letter + after

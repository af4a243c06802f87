"""The numbers that ranking is made of. ``docs/relevance.md`` says how they were found."""

from __future__ import annotations

from math import ceil

from indexer.engine.base import Ranking

DEFAULT_RANKING = Ranking(k1=1.2, title_weight=5.0, body_b=0.5, proximity_weight=0.1)

#: What an occurrence as typed adds to that of its stem, which counts 1.
EXACT_WEIGHT = 0.5
#: What words of the language's scaffolding weigh beside words with content.
COMMON_BOOST = 0.5
QUESTION_BOOST = 0.1
#: What nouns weigh in a question that only name the sort of answer.
ANSWER_NOUN_BOOST = 0.4
#: Up to so many required words, all are wanted.
FEW_WORDS = 3
#: Of more words, this part at least.
MANY_WORDS_SHARE = 0.4


def choose_minimum(required: int, *, question: bool) -> int | None:
    """How many of the required words an article must have; ``None``: all of them.

    A question is answered rather than repeated, and of a sentence no article has every word: one
    word is enough to be ranked there, a part of them in a long query.
    """
    if question:
        return 1
    if required <= FEW_WORDS:
        return None
    return max(2, ceil(MANY_WORDS_SHARE * required))

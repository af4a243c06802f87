"""The numbers that ranking is made of. ``docs/relevance.md`` says how they were found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from indexer.calendar import count_days
from indexer.engine.base import Ranking
from indexer.language.stopwords import load_common_words

DEFAULT_RANKING = Ranking(
    k1=1.2,
    title_weight=6.0,
    lead_weight=0.6,
    body_b=0.5,
    proximity_weight=0.1,
    # A tenth more seldom lifts what stands further down; 100 ranks no collection otherwise.
    rescore_depth=30,
)

#: What an occurrence as typed adds to that of its stem, which counts 1.
EXACT_WEIGHT = 0.6
#: What a word weighs once more where it stands exactly as typed, or exactly as a variant has it.
#: Within one word more occurrences soon count no more; this tells ``suara`` from ``menyuarakan``
#: even in a title that has either.
EXACT_BOOST = 0.2
#: What the only word of a query weighs once more where it stands in any inflection, beside what
#: means the same: enough that no article without it comes first.
ALONE_BOOST = 5.0
#: What words of the language's scaffolding weigh beside words with content.
COMMON_BOOST = 0.5
#: And those of some groups (:func:`indexer.language.stopwords.load_groups`): what asks or stresses
#: says nothing of the article that answers, and is rare enough in news to outweigh what does.
GROUP_BOOSTS = {"pertanyaan": 0.1, "penegas": 0.1, "kabar": 0.1, "badan": 0.2}
#: What remains of the title's weight in a question: articles answer in their text.
QUESTION_TITLE_SHARE = 1 / 3
#: What nouns weigh in a question that only name the sort of answer.
ANSWER_NOUN_BOOST = 0.4
#: What it weighs that a title has all the words in a row as typed, of at most so many words.
TITLE_BOOST = 0.3
TITLE_WORDS = 6
#: The weights of how the words stand in the best hits (:class:`searchsvc.query.rerank.Standing`):
#: of a query, and of a question. Fitted by ``python -m bench rerank``.
STANDING: dict[bool, dict[str, float]] = {
    False: {"in_title": 0.1, "exact_in_title": 0.1},
    True: {"begins": 0.2, "together": 0.5},
}
#: The bonus where days near today are typed (``hari ini``), and its half-life. Of what changes
#: every day a report of last month is worth more than one of another year with better words.
FRESH_WEIGHT = 0.6
FRESH_HALF_LIFE_DAYS = 30.0
#: Of the articles about a subject, the one whose day counts as now: at most the third newest, and
#: of less than ten the newest.
NEWEST = 3
MANY = 10
#: What the words for such days weigh: articles say them of another day.
DATED_BOOST = 0.3


def rank_today(half_life_days: float, weight: float, *, today: date | None = None) -> Ranking:
    """The ranking with a bonus for new articles: of ``weight`` times its score for one of today,
    of half as much for one ``half_life_days`` old. A half-life of 0 gives none.

    ``today``: another day to count from.
    """
    if not half_life_days:
        return DEFAULT_RANKING
    return replace(
        DEFAULT_RANKING,
        recency_half_life_days=half_life_days,
        recency_weight=weight,
        recency_from_day=count_days(today or date.today()),
    )


def rank_question(ranking: Ranking) -> Ranking:
    """``ranking`` for a query that asks."""
    weight = max(ranking.body_weight, ranking.title_weight * QUESTION_TITLE_SHARE)
    return replace(ranking, title_weight=weight)


def has_recency(ranking: Ranking) -> bool:
    """Whether new articles have a bonus."""
    return bool(ranking.recency_half_life_days and ranking.recency_weight)


def rank_fresh(ranking: Ranking, newest_day: int | None) -> Ranking:
    """``ranking``, which has a bonus for new articles, for a query of now. ``newest_day``: where
    the newest articles about its subject are older than today, the bonus counts from them.
    """
    from_day = ranking.recency_from_day
    return replace(
        ranking,
        recency_weight=max(ranking.recency_weight, FRESH_WEIGHT),
        recency_half_life_days=min(ranking.recency_half_life_days, FRESH_HALF_LIFE_DAYS),
        recency_from_day=from_day if newest_day is None else min(from_day, newest_day),
    )


def weigh_common(word: str) -> float:
    """What a common word weighs beside words with content; ``word`` is an exact term."""
    return GROUP_BOOSTS.get(load_common_words().get(word, ""), COMMON_BOOST)

"""Which numbers determine the ranking? ``docs/relevance.md`` explains how they were found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from indexer.calendar import count_days, find_today
from indexer.engine.base import Ranking
from indexer.language.stopwords import load_common_words

DEFAULT_RANKING = Ranking(
    k1=1.2,
    title_weight=6.0,
    lead_weight=0.6,
    body_b=0.5,
    proximity_weight=0.1,
    # A tenth more seldom lifts lower hits; 100 changes no collection's ranking.
    rescore_depth=30,
)

#: What an occurrence as typed adds to that of its stem, which counts 1.
EXACT_WEIGHT = 0.6
#: The additional weight of a word that occurs exactly as typed, or exactly as a variant spells it.
#: Within one word, further occurrences soon saturate; this separates ``suara`` from ``menyuarakan``
#: even in a title that has either.
EXACT_BOOST = 0.2
#: The additional weight of the only word of a query in any inflection, relative to its synonyms:
#: enough that no article without it comes first.
ALONE_BOOST = 5.0
#: The weight of function words relative to content words.
COMMON_BOOST = 0.5
#: The weights of some groups (:func:`indexer.language.stopwords.load_groups`): interrogatives and
#: particles say nothing about the article that answers, and are rare enough in news to outweigh
#: what does.
GROUP_BOOSTS = {"pertanyaan": 0.1, "penegas": 0.1, "kabar": 0.1, "badan": 0.2}
#: The fraction of the title's weight in a question: articles answer in their text.
QUESTION_TITLE_SHARE = 1 / 3
#: The weight of nouns in a question that only name the type of answer.
ANSWER_NOUN_BOOST = 0.4
#: The weight of an amount or a measure: as much as the two words or more that it consists of. With
#: 1, questions with one lose 0.001 in MRR; with 2 they gain as much.
QUANTITY_BOOST = 2.0
#: The weight of a title that has all the words as a phrase, as typed, and the maximum number of
#: words.
TITLE_BOOST = 0.3
TITLE_WORDS = 6
#: The weights of word positions in the best hits (:class:`searchsvc.query.rerank.Standing`): for a
#: query, and for a question. Fitted by ``python -m bench rerank``.
STANDING: dict[bool, dict[str, float]] = {
    False: {"in_title": 0.1, "exact_in_title": 0.1},
    True: {"begins": 0.2, "together": 0.5},
}
#: The recency bonus if days near today are typed (``hari ini``), and its half-life. For what
#: changes every day, last month's report is worth more than one from another year with better
#: words.
FRESH_WEIGHT = 0.6
FRESH_HALF_LIFE_DAYS = 30.0
#: The article about a subject whose day counts as today: at most the third newest, and of fewer
#: than ten the newest.
NEWEST = 3
MANY = 10
#: The weight of the words for such days: articles use them of another day.
DATED_BOOST = 0.3


def rank_today(half_life_days: float, weight: float, *, today: date | None = None) -> Ranking:
    """The ranking with recency decay: a bonus of ``weight`` times its score for an article of
    today, of half as much for one ``half_life_days`` old. A half-life of 0 disables it.

    ``today``: the day to count from, if not the current one.
    """
    if not half_life_days:
        return DEFAULT_RANKING
    return _rank_from(half_life_days, weight, count_days(today or find_today()))


@lru_cache(maxsize=8)
def _rank_from(half_life_days: float, weight: float, day: int) -> Ranking:
    """Asked for by every request, and the same all day."""
    return replace(
        DEFAULT_RANKING,
        recency_half_life_days=half_life_days,
        recency_weight=weight,
        recency_from_day=day,
    )


def rank_question(ranking: Ranking) -> Ranking:
    """``ranking`` for a question."""
    weight = max(ranking.body_weight, ranking.title_weight * QUESTION_TITLE_SHARE)
    return replace(ranking, title_weight=weight)


def has_recency(ranking: Ranking) -> bool:
    """Whether new articles get a bonus."""
    return bool(ranking.recency_half_life_days and ranking.recency_weight)


def rank_fresh(ranking: Ranking, newest_day: int | None) -> Ranking:
    """``ranking``, which has recency decay, for a query about today. ``newest_day``: if the newest
    articles about its subject are older than today, the bonus counts from them.
    """
    from_day = ranking.recency_from_day
    return replace(
        ranking,
        recency_weight=max(ranking.recency_weight, FRESH_WEIGHT),
        recency_half_life_days=min(ranking.recency_half_life_days, FRESH_HALF_LIFE_DAYS),
        recency_from_day=from_day if newest_day is None else min(from_day, newest_day),
    )


def weigh_common(word: str) -> float:
    """The weight of a common word relative to content words; ``word`` is an exact term."""
    return GROUP_BOOSTS.get(load_common_words().get(word, ""), COMMON_BOOST)

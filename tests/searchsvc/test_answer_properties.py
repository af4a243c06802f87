"""What holds of every answer, whatever is typed: over the samples, for the words of their titles.

All rows of words are tried, so that a run is the same each time.
"""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from support.expected import SAMPLES, index_for_searching

from indexer.article import Article
from indexer.ingest.readers import read_paths
from indexer.language.stopwords import load_stopwords
from indexer.language.tokens import tokenize
from searchsvc.evaluation.expectations.asking import Searcher
from searchsvc.request import SearchRequest, SearchResponse

TITLES = [one.title for one in read_paths([SAMPLES]) if isinstance(one, Article)]
#: Rows of five words, as people type them, word by word.
ROWS = sorted(
    {
        tuple(words[start : start + 5])
        for words in ([token.text for token in tokenize(title)] for title in TITLES)
        for start in range(0, len(words) - 4, 2)
        if not set(words[start : start + 1]) <= load_stopwords()
    }
)
WORDS = sorted({word for row in ROWS for word in row if word.isalpha() and len(word) > 5})


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return index_for_searching(tmp_path_factory.mktemp("samples"), [SAMPLES])


def ask(searcher: Searcher, q: str, *, sort: str = "relevance") -> SearchResponse:
    return searcher.search(SearchRequest(q=q, sort=sort, per_page=100, highlight=False), None)


def codes(response: SearchResponse) -> set[str]:
    return {note.code for note in response.notes}


def ids(response: SearchResponse) -> list[str]:
    return [hit.id for hit in response.hits]


def test_a_word_more_finds_no_more_or_says_so(searcher: Searcher) -> None:
    wider = []
    for row in ROWS:
        answers = [ask(searcher, " ".join(row[:length])) for length in range(1, 6)]
        wider += [
            f"{more.query}: {more.total}, {fewer.query}: {fewer.total}"
            for fewer, more in pairwise(answers)
            if more.total > fewer.total and "relaxed" not in codes(more)
        ]
    assert wider == []


def test_another_order_holds_the_same_articles(searcher: Searcher) -> None:
    for row in ROWS:
        q = " ".join(row[:4])
        best, newest = ask(searcher, q), ask(searcher, q, sort="newest")
        assert sorted(ids(best)) == sorted(ids(newest)), q
        dates = [hit.published_at for hit in newest.hits if hit.published_at]
        assert dates == sorted(dates, reverse=True), q


def test_a_question_is_not_wider_than_its_words(searcher: Searcher) -> None:
    wider = []
    for row, question in product(ROWS, ["siapa", "kenapa", "apa itu", "kapan sih"]):
        plain = ask(searcher, " ".join(row[:3]))
        asked = ask(searcher, f"{question} {plain.query}")
        if asked.total > plain.total and "relaxed" not in codes(asked):
            wider.append(f"{asked.query}: {asked.total}, {plain.query}: {plain.total}")
    assert wider == []


def test_following_a_correction_gives_what_was_shown(searcher: Searcher) -> None:
    others = []
    for word, place in product(WORDS, (1, 3)):
        swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        response = ask(searcher, swapped)
        for note in response.notes:
            followed = ask(searcher, note.query)
            if note.code == "corrected" and ids(followed) != ids(response):
                others.append(f"{swapped}: {response.total}, {note.query}: {followed.total}")
            if note.code == "did_you_mean" and followed.total <= response.total:
                others.append(f"{swapped}: {response.total}, perhaps {note.query}")
    assert others == []


def test_no_completion_says_a_word_twice(searcher: Searcher) -> None:
    odd = []
    for row, cut in product(ROWS, (0, 2)):
        typed = " ".join(row[:2])
        for suggestion in searcher.suggest(typed[: len(typed) - cut]):
            words = [token.text for token in tokenize(suggestion.text)]
            if suggestion.kind == "term" and any(one == two for one, two in pairwise(words)):
                odd.append(f"{typed}: {suggestion.text}")
    assert odd == []


def test_a_pasted_title_comes_first(searcher: Searcher) -> None:
    assert [ask(searcher, title).hits[0].title for title in TITLES] == TITLES

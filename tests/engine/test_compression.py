"""Stored articles come back as they were, whatever dictionary they were compressed with."""

from __future__ import annotations

from itertools import pairwise

import pytest

from indexer.engine.embedded import compression
from indexer.engine.embedded.compression import ArticleCompressor, ArticleExpander
from indexer.engine.embedded.contents import ByteRuns


def make_articles(count: int) -> list[bytes]:
    return [
        f"Berita {number}: {f'Warga desa {number % 7} panen padi. ' * 20}".encode()
        for number in range(count)
    ]


def store(compressor: ArticleCompressor, articles: list[bytes], batch: int) -> tuple[int, bytes]:
    """(how many dictionaries were used, the last one); what was stored is what was given."""
    for first in range(0, len(articles), batch):
        compressor.add([(one, one[:20]) for one in articles[first : first + batch]])
    stored, summaries, dictionaries = compressor.finish()
    expander = ArticleExpander("", dictionaries)
    assert expand_all(expander, stored) == articles
    assert expand_all(expander, summaries) == [one[:20] for one in articles]
    return len(dictionaries), (dictionaries or [b""])[-1]


def expand_all(expander: ArticleExpander, runs: ByteRuns) -> list[bytes]:
    frames = b"".join(piece.tobytes() for piece in runs.pieces)
    assert int(runs.offsets[-1]) == len(frames)
    return [expander.expand(frames[low:high]) for low, high in pairwise(runs.offsets)]


@pytest.mark.parametrize(
    ("count", "batch", "dictionaries"), [(0, 1, 0), (1, 1, 0), (399, 7, 0), (1500, 100, 1)]
)
def test_articles_come_back(count: int, batch: int, dictionaries: int) -> None:
    assert store(ArticleCompressor(), make_articles(count), batch)[0] == dictionaries


def test_the_first_articles_train_and_the_rest_need_not_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    articles = make_articles(3000)
    monkeypatch.setattr(compression, "_BYTES_BEFORE_TRAINING", sum(map(len, articles[:500])))
    used, dictionary = store(ArticleCompressor(), articles, 50)
    assert used == 1
    assert dictionary == compression.train_dictionary(articles[:500])


def test_a_dictionary_is_used_on() -> None:
    dictionary = compression.train_dictionary(make_articles(500))
    assert dictionary is not None
    assert store(ArticleCompressor(dictionary), make_articles(9), 2) == (1, dictionary)

"""Stored articles come back as they were, whatever dictionary they were compressed with."""

from __future__ import annotations

from itertools import pairwise

import pytest

from indexer.engine.embedded import compression
from indexer.engine.embedded.compression import ArticleCompressor, ArticleExpander
from indexer.engine.embedded.contents import ByteRuns
from indexer.errors import IndexCorrupt


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


@pytest.mark.parametrize("firsts", [[0], [0, 700], []])
def test_frames_of_any_dictionary_and_of_none_are_read_together(firsts: list[int]) -> None:
    articles = make_articles(1200)
    dictionaries = [compression.train_dictionary(articles[one : one + 500]) for one in firsts]
    used = [one for one in dictionaries if one is not None]
    assert len(set(used)) == len(firsts)
    frames = [compression._make_compressor(one).compress(articles[7]) for one in [None, *used]]
    expander = ArticleExpander("", used)
    assert expander.expand_all(frames) == [articles[7]] * len(frames)


def test_a_frame_of_another_dictionary_is_refused() -> None:
    one, other = (compression.train_dictionary(make_articles(n)) for n in (500, 900))
    assert one is not None
    frame = compression._make_compressor(other).compress(b"Warga desa panen padi.")
    with pytest.raises(IndexCorrupt, match="cannot be unpacked"):
        ArticleExpander("", [one]).expand(frame)

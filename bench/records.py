"""Articles as the peers are given them: stems joined by spaces, one label a facet.

Every engine gets the same stems in the same order. Characters other than a-z and 0-9 are encoded,
so that each engine's simplest tokenizer cuts the text at the spaces and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from indexer.engine.base import AnalysedBatch

#: Stands between title and body, so that no phrase runs from one into the other.
BORDER = "zzborderzz"
_OTHER = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class Record:
    """One article for a peer. ``text`` is title and body as stems; ``month`` is ``yyyymm`` or 0."""

    id: str
    title: str
    text: str
    category: str
    source: str
    month: int


@lru_cache(maxsize=2_000_000)
def encode_stem(stem: str) -> str:
    """The stem in letters and digits: ``1,5`` becomes ``1z2cz5``."""
    return _OTHER.sub(lambda found: f"z{ord(found[0]):x}z", stem)


def list_records(batch: AnalysedBatch) -> Iterator[Record]:
    """The articles of a batch, in order."""
    coded = [encode_stem(stem) for stem in batch.stems]
    words = [coded[term] for term in batch.token_terms.tolist()]
    at = 0
    for number, one in enumerate(batch.documents):
        body_at = at + int(batch.title_lengths[number])
        end = body_at + int(batch.body_lengths[number])
        month = 0
        if one.published_day is not None:
            day = date(1970, 1, 1) + timedelta(days=one.published_day)
            month = day.year * 100 + day.month
        yield Record(
            id=one.article.id,
            title=one.article.title,
            text=" ".join([*words[at:body_at], BORDER, *words[body_at:end]]),
            category=next(iter(one.labels["category"]), ""),
            source=next(iter(one.labels["source"]), ""),
            month=month,
        )
        at = end


def write_month(month: int) -> str:
    """``202207`` as ``2022-07``."""
    return f"{month // 100:04}-{month % 100:02}"

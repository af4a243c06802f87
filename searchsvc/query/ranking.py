"""The numbers that ranking is made of. ``docs/relevance.md`` says how they were found."""

from __future__ import annotations

from indexer.engine.base import Ranking

DEFAULT_RANKING = Ranking()

#: What an occurrence as typed adds to that of its stem, which counts 1.
EXACT_WEIGHT = 0.3

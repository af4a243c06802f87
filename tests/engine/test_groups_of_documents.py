"""Documents whose tokens are listed in one call, or in several because there are too many."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from support.asking import word
from support.batches import Draft, build_batch

from indexer.engine.base import PassageBounds
from indexer.engine.embedded import occurrences, open_engine

WORDS = ["padi", "sawah", "panen", "hujan"]


@pytest.mark.parametrize("most", [1, 50, 200])
def test_answers_do_not_depend_on_how_documents_are_divided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    chance = random.Random(most)
    drafts = [
        Draft(f"a{number}", "padi", " ".join(chance.choices(WORDS, k=chance.randint(0, 60))))
        for number in range(40)
    ]
    engine = open_engine(tmp_path, create=True)
    with engine.writer() as writer:
        writer.add(build_batch(drafts))
        writer.commit()
    wanted = [word(one) for one in WORDS[:3]]
    bounds = [PassageBounds(300, 80, 120)] * len(drafts)
    with engine.snapshot() as snapshot:
        refs = range(len(drafts))
        passages = snapshot.passages(refs, wanted, bounds)
        places = snapshot.places(refs, wanted)
        monkeypatch.setattr(occurrences, "_MOST_MARKS", most)
        assert snapshot.passages(refs, wanted, bounds) == passages
        again = snapshot.places(refs, wanted)
        for name in ("documents", "in_title", "positions", "words", "idfs"):
            np.testing.assert_array_equal(getattr(again, name), getattr(places, name))
    assert sum(len(one.in_body) for one in passages) > 40

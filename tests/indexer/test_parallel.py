"""Work shared among processes gives what one process gives, in the same order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from support.brute_force import BruteForceEngine

from indexer.engine.base import AnalysedBatch, AnalysedDocument
from indexer.ingest.build_article import Draft
from indexer.language.analyzer import Analyzer, ReadBatch
from indexer.parallel import Crew, WorkerDied
from indexer.pipeline import Pace, Summary, Telling, index_articles


def make_drafts(count: int) -> Iterator[Draft]:
    """Articles whose words are names or not by what the others say."""
    for number in range(count):
        name = "Bandengan" if number % 3 else "bandengan"
        yield Draft(
            {
                "id": f"a{number}",
                "title": f"Polisi menangkap pencuri ke-{number}",
                "content": "",
                "body": f"JAKARTA - Menurut Kejagung, warga {name} melaporkan pencurian {number} "
                f"kali di Desa Kesugihan. Lalu {name} ramai.",
            },
            path="berita.jsonl",
            line=number + 1,
        )


def describe(batch: AnalysedBatch) -> tuple[object, ...]:
    tokens = [batch.vocabulary[term] for term in batch.token_terms]
    return (
        [one.article.id for one in batch.documents],
        [one.article.body for one in batch.documents],
        [one.labels for one in batch.documents],
        tokens,
        [batch.stems[term] for term in batch.token_terms],
        batch.token_starts.tolist(),
        np.concatenate([batch.title_lengths, batch.body_lengths, batch.lead_lengths]).tolist(),
        batch.evidence,
    )


def repeat_drafts() -> Iterator[Draft]:
    """Sixty articles, some of them given again, as they were and otherwise."""
    drafts = list(make_drafts(50))
    changed = [
        Draft({**draft.record, "title": "Judul lain"}, draft.path, draft.line)
        for draft in drafts[3:8]
    ]
    return iter([*drafts[:20], *drafts[:5], *changed[:3], *drafts[20:], *changed[1:]])


@pytest.mark.parametrize("processes", [2, 3])
@pytest.mark.parametrize("make", [partial(make_drafts, 60), repeat_drafts])
def test_an_index_does_not_depend_on_the_number_of_processes(
    monkeypatch: pytest.MonkeyPatch, processes: int, make: Callable[[], Iterator[Draft]]
) -> None:
    seen: list[AnalysedBatch] = []
    settle = Analyzer.settle

    def keep(self: Analyzer, read: ReadBatch, documents: list[AnalysedDocument]) -> AnalysedBatch:
        seen.append(settle(self, read, documents))
        return seen[-1]

    monkeypatch.setattr(Analyzer, "settle", keep)
    for number in (1, processes):
        index_articles(
            BruteForceEngine(),
            make(),
            Analyzer(),
            pace=Pace(batch_size=5),
            processes=number,
            make_analyzer=Analyzer,
        )
    half = len(seen) // 2
    assert half > 10
    assert list(map(describe, seen[half:])) == list(map(describe, seen[:half]))


def test_what_is_told_of_progress_is_what_the_engine_has() -> None:
    seen: list[tuple[int, float | None]] = []
    given = 0

    def give() -> Iterator[Draft]:
        nonlocal given
        for draft in make_drafts(40):
            given += 1
            yield draft

    def note(summary: Summary) -> None:
        seen.append((summary.read, summary.part_done))

    index_articles(
        BruteForceEngine(),
        give(),
        Analyzer(),
        telling=Telling(note, measure_read=lambda: given / 40),
        pace=Pace(batch_size=5),
        processes=2,
        make_analyzer=Analyzer,
    )
    steps = list(dict.fromkeys(seen))
    assert steps == [(0, None), *((count, count / 40) for count in range(5, 41, 5))]


#: The tool of the first process, where a test tells it from the others.
THE_FIRST = 1


def add(tool: int, given: int) -> int:
    return tool + given


def meet(tool: int, given: str) -> int:
    """In the first process, wait for the other one; there, end when the first one waits."""
    if not given:
        return tool
    if tool == THE_FIRST:
        Path(given).read_bytes()
        return tool
    with Path(given).open("wb"):
        os._exit(9)


def refuse(tool: int, given: int) -> int:
    raise ValueError(given)


def test_results_keep_their_order_and_what_stayed_here() -> None:
    given = [None if number % 5 == 0 else number for number in range(40)]
    with Crew(7, processes=3, make_tool=partial(int, 7)) as crew:
        first = crew.map(add, zip(given, range(40), strict=True))
        second = crew.map(add, first)
        expected = [(None if one is None else one + 14, number) for number, one in enumerate(given)]
        assert list(second) == expected


def test_few_pieces_start_no_process() -> None:
    # What makes the others' tool cannot be sent to them.
    with Crew(1, processes=3, make_tool=lambda: 1) as crew:
        assert list(crew.map(add, [(5, "a"), (6, "b")])) == [(6, "a"), (7, "b")]


def test_a_dead_worker_is_one_sentence(tmp_path: Path) -> None:
    fifo = str(tmp_path / "meeting")
    os.mkfifo(fifo)
    pieces = [("", 1), ("", 2), (fifo, 3), (fifo, 4)]
    with (
        Crew(THE_FIRST, processes=2, make_tool=partial(int, 0)) as crew,
        pytest.raises(WorkerDied, match="--processes 1"),
    ):
        list(crew.map(meet, pieces))


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_of_the_work_is_raised(processes: int) -> None:
    with (
        Crew(1, processes=processes, make_tool=partial(int, 1)) as crew,
        pytest.raises(ValueError, match="0"),
    ):
        list(crew.map(refuse, [(number, number) for number in range(9)]))


def test_one_process_does_each_piece_when_it_is_asked_for() -> None:
    asked: list[int] = []

    def give() -> Iterator[tuple[int, int]]:
        for number in range(3):
            asked.append(number)
            yield number, number

    with Crew(1) as crew:
        results = crew.map(add, give())
        assert next(results) == (1, 0)
        assert asked == [0]

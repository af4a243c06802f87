"""The evaluation: collections read right, figures as their definitions say."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import UnreadableInput
from searchsvc.evaluation.collections import (
    MEASURES,
    Collection,
    JudgedQuery,
    RankedQuery,
    measure,
    read_collection,
    trec_run_lines,
)


def ranked(
    hits: list[str], relevant: dict[str, int], *, name: str = "q", kind: str = ""
) -> RankedQuery:
    return RankedQuery(JudgedQuery(name, "teks", kind, relevant), hits)


def write_collection(
    folder: Path,
    *,
    queries: str = '{"id": "q1", "text": "padi", "kind": "clean"}\n',
    qrels: str = "q1\t0\td1\t1\n",
) -> Path:
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as corpus:
        corpus.write(json.dumps({"id": "d1", "title": "Panen", "text": "Petani memanen padi."}))
    (folder / "queries.jsonl").write_text(queries, encoding="utf-8")
    (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")
    return folder


TENTH = ["x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "d"]


@pytest.mark.parametrize(
    ("hits", "relevant", "expected"),
    [
        (["d"], {"d": 1}, (1.0, 1.0, 1.0, 1.0, 1.0, 1.0)),
        (["x", "d"], {"d": 1}, (1 / math.log2(3), 0.5, 0.5, 1.0, 0.0, 1.0)),
        (TENTH, {"d": 1}, (1 / math.log2(11), 0.1, 0.1, 1.0, 0.0, 1.0)),
        (["x0", *TENTH], {"d": 1}, (0.0, 0.0, 1 / 11, 1.0, 0.0, 0.0)),
        (["x", "y"], {"d": 1}, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)),
        ([], {"d": 1}, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)),
        (["d", "x"], {"d": 1, "e": 1}, (1 / (1 + 1 / math.log2(3)), 1.0, 0.5, 0.5, 1.0, 1.0)),
        (
            ["d", "e"],  # graded: the better article ought to come first
            {"d": 1, "e": 3},
            ((1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3)), 1.0, 1.0, 1.0, 1.0, 1.0),
        ),
    ],
)
def test_measures_follow_their_definitions(
    hits: list[str], relevant: dict[str, int], expected: tuple[float, ...]
) -> None:
    figures = measure([ranked(hits, relevant)], documents=3).overall
    assert list(figures) == list(MEASURES)
    assert tuple(figures.values()) == pytest.approx(expected, abs=5e-5)


def test_kinds_are_averaged_apart_and_together() -> None:
    evaluation = measure(
        [
            ranked(["d"], {"d": 1}, name="q1", kind="clean"),
            ranked(["x"], {"d": 1}, name="q2", kind="typo"),
            ranked(["x", "d"], {"d": 1}, name="q3", kind="typo"),
        ],
        documents=7,
    )
    assert evaluation.overall["success@10"] == pytest.approx(2 / 3, abs=5e-5)
    assert evaluation.by_kind["clean"]["success@10"] == 1.0
    assert evaluation.by_kind["typo"]["MRR@10"] == 0.25
    printed = evaluation.to_dict()
    assert list(printed) == ["overall", "by_kind", "queries", "documents"]
    assert (printed["queries"], printed["documents"]) == (3, 7)


def test_equal_ids_and_long_runs_keep_the_engine_order() -> None:
    hits = [f"d{number:03}" for number in range(100)]
    figures = measure([ranked(hits, {"d099": 1})], documents=100).overall
    assert figures["MAP"] == 0.01
    assert figures["R@100"] == 1.0


def test_queries_without_kind_have_no_kinds() -> None:
    assert measure([ranked(["d"], {"d": 1})], documents=1).by_kind == {}


def test_a_collection_is_read_with_its_judged_queries_only(tmp_path: Path) -> None:
    write_collection(
        tmp_path,
        queries='{"id": "q1", "text": "padi"}\n\n{"id": "q2", "text": "beras", "kind": "typo"}\n'
        '{"id": "q3", "text": "jagung"}\n',
        qrels="q1 0 d1 1\nq1 0 d2 0\nq2\t0\tid with space\t2\n",
    )
    collection = read_collection(tmp_path)
    assert collection.queries == [
        JudgedQuery("q1", "padi", "", {"d1": 1}),
        JudgedQuery("q2", "beras", "typo", {"id with space": 2}),
    ]
    assert collection.unjudged == 1
    assert collection.corpus == tmp_path / "corpus.jsonl.gz"


@pytest.mark.parametrize("missing", ["corpus.jsonl.gz", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    write_collection(tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(UnreadableInput, match=f"it has no {missing.removesuffix('.gz')}"):
        read_collection(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"queries": '{"id": "q1"}\n'}, r"queries\.jsonl: line 1 has no text"),
        ({"queries": '{"id": "q1", "text": "x"}\nnot json\n'}, r"queries\.jsonl: line 2"),
        ({"queries": "[]\n"}, r"queries\.jsonl: line 1"),
        ({"qrels": "q1\t0\td1\n"}, r"qrels\.tsv: line 1 is not 'query 0 article relevance'"),
        ({"qrels": "q1\t0\td1\tyes\n"}, r"qrels\.tsv: line 1"),
        ({"qrels": "q9\t0\td1\t1\n"}, "none of its queries has a relevant article"),
    ],
)
def test_what_is_wrong_in_a_file_is_told(
    tmp_path: Path, content: dict[str, str], message: str
) -> None:
    write_collection(tmp_path, **content)
    with pytest.raises(UnreadableInput, match=message):
        read_collection(tmp_path)


@given(st.integers(0, 60), st.integers(1, 70))
def test_a_sample_is_even_in_order_and_without_repetition(size: int, number: int) -> None:
    queries = [JudgedQuery(f"q{place:03}", "", "", {"d": 1}) for place in range(size)]
    chosen = Collection(Path("corpus.jsonl"), queries, 0).sample(number).queries
    assert len(chosen) == min(size, number)
    ids = [query.id for query in chosen]
    assert ids == sorted(set(ids))


def test_a_run_is_written_as_trec_tools_read_it() -> None:
    lines = list(trec_run_lines([ranked(["d1", "d 2"], {"d1": 1}, name="q1")], name="ours"))
    assert lines == ["q1 Q0 d1 1 2 ours", "q1 Q0 d_2 2 1 ours"]


def test_rank_is_of_the_first_relevant_hit() -> None:
    assert ranked(["x", "d", "e"], {"d": 1, "e": 1}).rank() == 2
    assert ranked(["x"], {"d": 1}).rank() is None

"""The evaluation commands on a small collection of our own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.commands import run, run_json, write_jsonl

from searchsvc.evaluation.collections import MEASURES


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    folder = tmp_path / "collection"
    folder.mkdir()
    write_jsonl(
        folder / "corpus.jsonl",
        {"id": "padi", "title": "Panen Padi", "text": "Petani memanen padi di Karawang."},
        {"id": "ikan", "title": "Nelayan", "text": "Nelayan menangkap ikan di Tuban."},
        {"id": "roti", "title": "Roti Baru", "text": "Anak-anak membuat roti di Karawang."},
        {"id": "kosong", "title": "", "text": ""},
    )
    write_jsonl(
        folder / "queries.jsonl",
        {"id": "q1", "text": "memanen padi", "kind": "clean"},
        {"id": "q2", "text": "tangkapan", "kind": "affix"},
        {"id": "q3", "text": "tidakadadimanapun", "kind": "affix"},
        {"id": "q4", "text": "roti"},
    )
    (folder / "qrels.tsv").write_text("q1\t0\tpadi\t1\nq2\t0\tikan\t1\nq3\t0\troti\t1\n")
    return folder


def test_json_holds_the_figures_and_nothing_else(collection: Path) -> None:
    figures = run_json("evaluate", collection)
    perfect, none = dict.fromkeys(MEASURES, 1.0), dict.fromkeys(MEASURES, 0.0)
    assert figures == {
        "overall": dict.fromkeys(MEASURES, 0.6667),
        "by_kind": {"clean": perfect, "affix": dict.fromkeys(none, 0.5)},
        "queries": 3,
        "documents": 3,
    }


def test_without_what_measures_it_says_what_to_install(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    result = run("evaluate", collection)
    assert result.exit_code == 1
    assert result.stderr == (
        "1 query without a relevant article left out.\n"
        "Error: Measuring on a collection needs packages that are not installed. "
        "Install them with: pip install 'searchsvc[evaluate]'\n"
    )


def test_people_get_a_table(collection: Path) -> None:
    result = run("evaluate", collection)
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()]
    assert rows[0] == [*MEASURES, "queries"]
    assert rows[1] == ["clean", *["1.000"] * 6, "1"]
    assert rows[3] == ["all", *["0.667"] * 6, "3"]
    assert rows[4] == ["3", "documents"]
    assert "1 query without a relevant article left out." in result.stderr
    assert "1 article of" in result.stderr  # the empty one is refused, and named


def test_run_and_failures_are_written(collection: Path, tmp_path: Path) -> None:
    hits, failures = tmp_path / "run.txt", tmp_path / "failures.tsv"
    run("evaluate", collection, "--run", hits, "--failures", failures)
    assert hits.read_text().splitlines()[0].startswith("q1 Q0 padi 1 ")
    assert failures.read_text().splitlines() == [
        "kind\tid\tquery\trank\tright\tfirst",
        "affix\tq3\ttidakadadimanapun\t-\troti\t-",
    ]


def test_a_sample_of_the_queries(collection: Path) -> None:
    assert run_json("evaluate", collection, "--queries", "1")["queries"] == 1
    assert run_json("evaluate", collection, "--queries", "99")["queries"] == 3


def test_an_index_can_be_kept_and_used_again(collection: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    first = run_json("evaluate", collection, "--index", kept)
    (collection / "corpus.jsonl").write_text("")
    assert run_json("evaluate", collection, "--index", kept) == first


def test_the_users_own_index_is_left_alone(collection: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    run("evaluate", collection, env={"SEARCHSVC_INDEX": str(own)})
    run("--index", own, "evaluate", collection)
    assert not own.exists()


def test_a_folder_that_is_no_collection(tmp_path: Path) -> None:
    result = run("evaluate", tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: Cannot read {tmp_path}: it has no corpus.jsonl;")


def test_stems_are_compared_with_pysastrawi(tmp_path: Path) -> None:
    table = tmp_path / "stems.tsv"
    table.write_text("form\troot\nmenulis\ttulis\nperbankan\tbank\nzzz\tbank\n")
    figures = run_json("evaluate-stems", table, "--failures", tmp_path / "failures.tsv")
    assert figures["searchsvc"] == {
        "rows": 3,
        "agreement": 0.6667,
        "shared_stems": 0,
        "forms_there": 0,
    }
    assert figures["PySastrawi"]["agreement"] == 0.3333
    assert (tmp_path / "failures.tsv").read_text() == "zzz\tzzz\tbank\tbank\n"
    assert "66.67%" in run("evaluate-stems", table).stdout


def test_names_that_an_index_has_learned_stay_whole(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("mekaran\n")
    rows = [
        {"id": f"a{number}", "title": "Kabar", "body": "Warga desa Mekaran berkumpul di balai."}
        for number in range(30)
    ]
    index = tmp_path / "index"
    run("index", write_jsonl(tmp_path / "articles.jsonl", *rows), "--index", index)
    assert run_json("evaluate-stems", names)["searchsvc"] == {"rows": 1, "altered": 1.0}
    learned = run_json("evaluate-stems", names, "--index", index)
    assert learned["searchsvc"] == {"rows": 1, "altered": 0.0}


def test_what_a_part_is_worth(collection: Path) -> None:
    figures = run_json(
        "evaluate", collection, "--without", "stems,typos", "--without", "expansions", "--times"
    )
    without_stems, without_expansions = figures["without"]
    assert without_stems["parts"] == "stems,typos"
    assert without_stems["by_kind"]["affix"]["success@10"] == 0.0  # no "menangkap"
    assert without_stems["tops"] == {
        "all": {"changed": 0.3333, "lost": 0.0, "won": 0.3333},
        "clean": {"changed": 0.0, "lost": 0.0, "won": 0.0},
        "affix": {"changed": 0.5, "lost": 0.0, "won": 0.5},
    }
    assert without_expansions["overall"] == figures["overall"]
    assert figures["times"]["p50_ms"] <= figures["times"]["p95_ms"]
    assert set(without_stems["times"]) == {"p50_ms", "p95_ms"}


def test_people_get_a_table_for_each_comparison(collection: Path) -> None:
    lines = run("evaluate", collection, "--without", "stems", "--times").stdout.splitlines()
    assert lines.index("Without stems:") > lines.index("")
    assert lines[lines.index("Without stems:") + 1].split()[-7:] == [
        *("other", "top", "top", "lost", "top", "won", "queries")
    ]
    assert sum(line.startswith("A query takes ") for line in lines) == 2


def test_an_unknown_part_is_refused_with_the_nearest(collection: Path) -> None:
    result = run("evaluate", collection, "--without", "stem")
    assert result.exit_code == 2
    assert "Unknown part 'stem'. Did you mean 'stems'?" in result.stderr


def test_judgements_of_unknown_articles_are_told(collection: Path) -> None:
    with (collection / "qrels.tsv").open("a") as qrels:
        qrels.write("q4\t0\thilang\t1\nq4\t0\tlenyap\t1\n")
    told = run("evaluate", collection).stderr
    assert "qrels.tsv judges 2 articles that the index does not have (the first: hilang)" in told


def test_a_query_without_an_id_is_told(collection: Path) -> None:
    (collection / "queries.jsonl").write_text('{"text": "padi"}\n')
    result = run("evaluate", collection)
    assert result.exit_code == 1
    assert "queries.jsonl: line 1 has no id; a query is" in result.stderr


@pytest.fixture
def expectations(collection: Path) -> Path:
    return write_jsonl(
        collection / "expectations.jsonl",
        {"kind": "totals"},
        {"q": "padi", "total": 1, "first": "padi"},
        {"q": "karawang", "total": 1},
        {"kind": "typing"},
        {"suggest": "nela", "suggests": "nelayan"},
    )


def test_a_folder_with_both_is_measured_by_both(collection: Path, expectations: Path) -> None:
    result = run("evaluate", collection)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-7:] == [
        "all      0.667   0.667  0.667  0.667      0.667       0.667        3",
        "        right  rows",
        "totals      1     2",
        "typing      1     1",
        "all         2     3",
        "expectations.jsonl:3: 'karawang': total: wanted exactly 1, seen 2",
        "3 documents",
    ]
    figures = run_json("evaluate", collection)
    assert figures["queries"] == 3
    assert figures["expectations"] == {
        "right": 2,
        "rows": 3,
        "by_kind": {"totals": {"right": 1, "rows": 2}, "typing": {"right": 1, "rows": 1}},
        "missed": [
            {
                "place": "expectations.jsonl:3",
                "kind": "totals",
                "q": "karawang",
                "misses": [{"key": "total", "wanted": "exactly 1", "seen": "2"}],
            }
        ],
    }


def test_a_file_of_expectations_wants_articles(collection: Path, tmp_path: Path) -> None:
    rows = write_jsonl(tmp_path / "rows.jsonl", {"q": "padi", "total": 1})
    corpus = collection / "corpus.jsonl"
    result = run("evaluate", rows, "--articles", corpus)
    assert (result.exit_code, result.stdout) == (
        0,
        "     right  rows\n-        1     1\nall      1     1\n3 documents\n",
    )
    kept = tmp_path / "kept"
    refused = run("evaluate", rows, "--index", kept)
    assert refused.exit_code == 2
    assert "rows.jsonl has no corpus.jsonl beside it; name its articles with" in refused.stderr
    run("evaluate", rows, "--index", kept, "--articles", corpus)
    described = run_json("evaluate", rows, "--index", kept)
    assert described["expectations"] == {
        "right": 1,
        "rows": 1,
        "by_kind": {"": {"right": 1, "rows": 1}},
        "missed": [],
    }


def test_a_folder_of_collections_is_measured_one_by_one(
    collection: Path, expectations: Path, tmp_path: Path
) -> None:
    other = collection.with_name("another")
    other.mkdir()
    (other / "corpus.jsonl").write_bytes((collection / "corpus.jsonl").read_bytes())
    write_jsonl(other / "expectations.jsonl", {"q": "padi", "total": 1})
    kept = tmp_path.parent / f"{tmp_path.name}-kept"
    figures = run_json("evaluate", tmp_path, "--index", kept)
    assert list(figures) == ["another", "collection"]
    assert figures["another"]["documents"] == figures["collection"]["documents"] == 3
    assert sorted(folder.name for folder in kept.iterdir()) == ["another", "collection"]
    lines = run("evaluate", tmp_path, "--index", kept).stdout.splitlines()
    assert [line for line in lines if line.endswith(":")] == ["another:", "collection:"]
    refused = run("evaluate", tmp_path, "--run", tmp_path.parent / "run.txt")
    assert refused.exit_code == 2
    assert "--run and --failures want the folder of one judged collection." in refused.stderr


def test_a_wrong_row_is_told_in_one_sentence(collection: Path) -> None:
    rows = write_jsonl(collection / "expectations.jsonl", {"q": "padi", "totals": 1})
    result = run("evaluate", rows)
    assert result.exit_code == 1
    assert "line 1: unknown key 'totals'; known here: " in result.stderr


def test_an_address_is_for_one_collection(
    collection: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (collection.parent / "other").symlink_to(collection)
    result = run("evaluate", collection.parent, "--index", "http://127.0.0.1:1/koleksi")
    assert result.exit_code == 2
    assert "An address holds the articles of one collection; name that." in result.stderr
    result = run("evaluate", collection, "--index", "http://127.0.0.1:1/koleksi")
    assert result.exit_code == 1
    assert result.stderr.endswith(
        "Error: The index at http://127.0.0.1:1/koleksi cannot be used: "
        "no node can be reached (Connection refused).\n"
    )

"""Commands that change an index: what they do, print, and exit with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.commands import run, run_json, write_jsonl
from support.damaged import damage

from indexer.engine.embedded import open_engine

PADI = {"id": "padi", "title": "Panen Padi", "body": "Petani memanen padi di Karawang."}
IKAN = {"id": "ikan", "title": "Nelayan", "body": "Nelayan menangkap ikan di Tuban."}
ROTI = {"id": "roti", "title": "Roti Baru", "body": "Anak-anak membuat roti di Karawang."}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_jsonl(tmp_path / "articles.jsonl", PADI, IKAN, ROTI)


@pytest.fixture
def index(tmp_path: Path, articles: Path) -> Path:
    path = tmp_path / "index"
    assert run("index", articles, "--index", path).exit_code == 0
    return path


def count(index: Path) -> int:
    return int(run_json("stats", "--index", index)["articles"])


def test_articles_go_in_and_again_without_change(tmp_path: Path, articles: Path) -> None:
    index = tmp_path / "index"
    first = run("index", articles, "--index", index)
    assert first.exit_code == 0
    assert first.stdout.startswith("Indexed 3 articles in ")
    assert first.stdout.endswith(": 3 new.\n")
    assert first.stderr == ""
    assert run("index", articles, "--index", index).stdout.endswith(": 3 unchanged.\n")
    changed = write_jsonl(articles, {**PADI, "title": "Panen Raya"})
    assert run("index", changed, "--index", index).stdout.endswith(": 1 updated.\n")
    assert count(index) == 3


def test_the_summary_as_json(tmp_path: Path, articles: Path) -> None:
    summary = run_json("index", articles, "--index", tmp_path / "index")
    for timed in ("seconds", "articles_per_second"):
        assert summary.pop(timed) > 0
    assert summary.pop("copy")["unknown"]["articles"] == 3
    assert summary == {
        "read": 3,
        "added": 3,
        "updated": 0,
        "unchanged": 0,
        "duplicates": 0,
        "rejected": 0,
        "warned": 0,
        "commits": 1,
        "generation": 1,
        "dry_run": False,
        "put_off": "",
        "first_rejects": [],
    }


def test_refused_articles_are_told_and_the_rest_goes_in(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "mixed.jsonl", PADI, "{broken", {"id": "x", "title": "No text"})
    rejects = tmp_path / "rejects.jsonl"
    result = run("index", path, "--index", tmp_path / "index", "--rejects", rejects)
    assert result.exit_code == 1
    assert "1 new, 2 rejected" in result.stdout
    assert f"rejected: {path}:2: " in result.stderr
    rows = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
    assert [(row["path"], row["line"]) for row in rows] == [(str(path), 2), (str(path), 3)]
    assert all(row["reason"] for row in rows)
    assert count(tmp_path / "index") == 1


def test_many_refusals_are_listed_up_to_ten(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "mixed.jsonl", PADI, *["{broken"] * 12)
    stderr = run("index", path, "--index", tmp_path / "index").stderr
    assert stderr.count("rejected: ") == 11
    assert stderr.endswith("rejected: and 2 more; --rejects FILE writes them all\n")


def test_a_dry_run_writes_nothing(tmp_path: Path, articles: Path) -> None:
    index = tmp_path / "index"
    result = run("index", articles, "--index", index, "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.startswith("Read, and did not write, 3 articles in ")
    assert not index.exists()


def test_foreign_keys_are_mapped_and_a_publisher_given(tmp_path: Path) -> None:
    path = write_jsonl(
        tmp_path / "ekspor.dat",
        {"nomor": "a1", "kepala": "Panen Padi", "naskah=lengkap": "Petani memanen padi."},
    )
    index = tmp_path / "index"
    result = run(
        *("index", path, "--index", index, "--format", "jsonl", "--source", "Harian Ladang"),
        *("--map", "nomor=id", "--map", "kepala=title", "--map", "naskah=lengkap=body"),
    )
    assert result.exit_code == 0, result.stderr
    article = run_json("show", "a1", "--index", index)
    assert (article["title"], article["source"]) == ("Panen Padi", "Harian Ladang")


def test_standard_input_is_read(tmp_path: Path) -> None:
    index = tmp_path / "index"
    result = run("index", "-", "--index", index, input=json.dumps(PADI) + "\n")
    assert (result.exit_code, count(index)) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["index"], 2, "Missing argument 'PATH...'"),
        (["index", "none.jsonl"], 1, "Cannot read none.jsonl: there is no such file"),
        (["index", "FILE", "--map", "nokeys"], 2, "'nokeys' is not theirs=ours"),
        (["index", "FILE", "--map", "a=boddy"], 2, "Did you mean 'body'?"),
        (["index", "FILE", "--format", "jsn"], 2, "Did you mean 'json'?"),
        (["index", "EMPTY"], 1, "No articles found"),
        (["delete"], 2, "Give the IDs of articles, or --query, and not both."),
        (["delete", "a", "--query", "b"], 2, "Give the IDs of articles, or --query"),
    ],
)
def test_wrong_calls_say_what_is_wrong(
    tmp_path: Path, articles: Path, arguments: list[str], code: int, message: str
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    places = {"FILE": str(articles), "EMPTY": str(empty)}
    words = [places.get(word, word) for word in arguments]
    result = run(*words, "--index", tmp_path / "index")
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_a_locked_index_names_its_writer(index: Path, articles: Path) -> None:
    engine = open_engine(index)
    with engine.writer():
        result = run("index", articles, "--index", index, "--wait", "0")
    engine.close()
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The index at ")
    assert "is being written by" in result.stderr


def test_ids_are_deleted_and_missing_ones_told(index: Path) -> None:
    result = run("delete", "padi", "nope", "--index", index)
    assert result.exit_code == 1
    assert result.stdout == "Deleted 1 article.\n"
    assert result.stderr == "Not in the index: nope\n"
    assert run_json("delete", "ikan", "--index", index) == {"deleted": 1, "missing": []}
    assert count(index) == 1


def test_what_a_query_finds_is_deleted_whole(index: Path) -> None:
    result = run("delete", "--query", "karawang", "--yes", "--index", index)
    assert (result.exit_code, result.stdout) == (0, "Deleted 2 articles.\n")
    assert run_json("search", "ikan", "--index", index)["total"] == 1


@pytest.mark.parametrize(
    "query", ["tidakada", "karawang tidakada", "ikan padi", "karawnag", "karaw"]
)
def test_a_query_without_an_exact_answer_deletes_nothing(index: Path, query: str) -> None:
    result = run("delete", "--query", query, "--yes", "--index", index)
    assert (result.exit_code, result.stdout) == (0, "Deleted 0 articles.\n")
    assert count(index) == 3


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("karawang sebelum:1/32/2022", "bukan tanggal"),
        ("karawang -sebelum:2022", "cannot be excluded"),
        ("karawang NOT tanggal:2022", "cannot be excluded"),
        ("karawang smber:contoh.com", "bukan nama bidang"),
        ("sumber:tidak-ada karawang", "Tidak ada artikel dengan sumber"),
        ("sumber:tidak-ada -karawang", "Tidak ada artikel dengan sumber"),
        ('kategori:nihil "panen padi"', "Tidak ada artikel dengan"),
        ("karawang -sumber:contoh.com", "Tidak ada artikel dengan sumber"),
        ("karawang sumber: contoh.com", "Sesudah titik dua tidak ada spasi"),
        ("karawang sumber:-", "no value right behind"),
        ('karawang sumber:"-"', "no value right behind"),
        ('karawang "panen padi', "Tanda kutip"),
        ("karawang r*", "Tanda *"),
        ("roti | (ikan karawang)", "Parentheses"),
        ("karawang " * 100, "terlalu panjang"),
        ("-", "which articles"),
    ],
)
def test_a_query_that_cannot_be_taken_as_typed_deletes_nothing(
    index: Path, query: str, reason: str
) -> None:
    result = run("delete", "--query", query, "--yes", "--index", index)
    assert (result.exit_code, result.stdout, count(index)) == (1, "", 3)
    assert "Nothing was deleted" in result.stderr
    assert reason in result.stderr


def test_an_unknown_label_finds_nothing_to_delete_and_is_told(index: Path) -> None:
    result = run("delete", "--query", "sumber:contoh.com", "--yes", "--index", index)
    assert (result.exit_code, result.stdout) == (0, "Deleted 0 articles.\n")
    assert "contoh.com" in result.stderr


@pytest.mark.parametrize(
    "query", ["petani memanen padi tuban nelayan", "apa itu padi dan ikan", "padi yang"]
)
def test_every_word_counts_when_deleting(index: Path, query: str) -> None:
    """A search is content with a part of many words, and with none of the common ones."""
    result = run("delete", "--query", query, "--yes", "--index", index)
    assert (result.exit_code, count(index)) == (0, 3)


def test_deleting_by_query_needs_consent(index: Path) -> None:
    result = run("delete", "--query", "karawang", "--index", index)
    assert result.exit_code == 2
    assert "add --yes" in result.stderr
    empty = run("delete", "--query", " ", "--yes", "--index", index)
    assert (empty.exit_code, count(index)) == (2, 3)


def test_rebuilding_keeps_the_articles_in_a_new_generation(index: Path) -> None:
    before: dict[str, Any] = run_json("stats", "--index", index)
    result = run("rebuild", "--index", index)
    assert result.exit_code == 0
    assert result.stdout.startswith("Rebuilt 3 articles in ")
    after = run_json("stats", "--index", index)
    assert (after["articles"], after["generation"]) == (3, before["generation"] + 1)
    assert run_json("rebuild", "--index", index)["read"] == 3


def test_what_publishers_do_is_reported_and_reindexing_changes_nothing(tmp_path: Path) -> None:
    rows = [
        {
            "id": str(number),
            "judul": f"Kabar Nomor {number}",
            "isi": f"Lensa Bahari | {place} — Nelayan pulang membawa {number} ikan, kata ketua.\n"
            "Warga senang. Sapa kami lewat tautan di bio setiap hari.",
        }
        for number, place in enumerate(("Solo", "Wanci", "Tiworo", "Molawe", "Ereke") * 6)
    ]
    source = tmp_path / "artikel.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    index = tmp_path / "index"
    first = run("index", source, "--index", index)
    told = "copy: no publisher given: the place or publisher of 30 of 30 articles was read from"
    assert told in first.stderr
    assert (
        "using the name 'Lensa Bahari' and openings written like \"… | … - story\"" in first.stderr
    )
    assert "30 recurring lines kept out of search" in first.stderr
    summary = json.loads(run("index", source, "--index", index, "--json").stdout)
    assert summary["unchanged"] == 30
    assert summary["copy"]["unknown"]["names"] == ["Lensa Bahari"]


def test_replacing_another_article_with_the_same_id_is_told(tmp_path: Path) -> None:
    texts = {
        "satu": (
            "Pasar Ikan Dibuka",
            "Nelayan menjual hasil tangkapan sejak subuh di dermaga baru.",
        ),
        "dua": ("Jembatan Ditutup", "Warga memutar lewat jalan lama karena tiang penyangga retak."),
        "tiga": (
            "Jembatan Dibuka",
            "Warga memutar lewat jalan lama karena tiang retak, kata camat.",
        ),
    }
    for name, (title, body) in texts.items():
        row = json.dumps({"id": 7, "title": title, "body": body})
        (tmp_path / f"{name}.jsonl").write_text(row, "utf-8")
    index = tmp_path / "index"
    told = [run("index", tmp_path / f"{name}.jsonl", "--index", index).stderr for name in texts]
    assert "takes the place of another article of the index, 'Pasar Ikan Dibuka'" in told[1]
    assert "--id-prefix or --id source+id" in told[1]
    # The third is a later version of the second.
    assert "takes the place" not in told[0] + told[2]
    kept = run("index", tmp_path / "satu.jsonl", "--index", index, "--id-prefix", "a-")
    assert (kept.exit_code, "takes the place" in kept.stderr) == (0, False)
    assert count(index) == 2


def test_numberings_that_meet_late_in_a_run_are_told(tmp_path: Path) -> None:
    def write(name: str, numbers: range, text: str) -> Path:
        rows = ({"id": n, "title": f"{text} {n}", "body": text} for n in numbers)
        path = tmp_path / f"{name}.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
        return path

    index = tmp_path / "index"
    run("index", write("satu", range(2_500, 2_520), "Nelayan melaut"), "--index", index)
    told = run("index", write("dua", range(1, 2_520), "Jembatan rusak"), "--index", index)
    assert "2,499 new, 20 updated, 1 warning" in told.stdout
    assert "takes the place of another article of the index, 'Nelayan melaut 25" in told.stderr


def test_indexing_again_heals_an_article_that_cannot_be_read(index: Path, articles: Path) -> None:
    damage(index, "stored", 1, "stored.offsets")
    assert run("show", "ikan", "--index", index).exit_code == 1
    again = run("index", articles, "--index", index)
    assert again.exit_code == 0, again.stderr
    assert ": 1 updated, 2 unchanged.\n" in again.stdout
    assert run_json("show", "ikan", "--index", index)["body"] == IKAN["body"]


def test_an_index_is_not_made_among_other_files(tmp_path: Path, articles: Path) -> None:
    command = ("index", articles, "--index", tmp_path)
    refused = run(*command)
    assert refused.exit_code == 1
    assert "articles.jsonl" in refused.stderr
    assert "--force" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["articles.jsonl"]
    assert run(*command, "--force").exit_code == 0
    # It is an index now.
    assert run(*command).exit_code == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--delimiter", "ab"), "is not one character"),
        (("--date-format", "dym"), "is none of dmy, mdy, ymd"),
        (("--id", "judul"), "is none of id, source, url, file"),
        (("--format", "rsss"), "Unknown format"),
    ],
)
def test_wrong_options_of_index_are_told(
    tmp_path: Path, articles: Path, options: tuple[str, ...], told: str
) -> None:
    refused = run("index", articles, "--index", tmp_path / "index", *options)
    assert refused.exit_code == 2
    assert told in refused.stderr


def test_options_of_reading_reach_the_readers(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text(
        "id~judul~isi~tanggal~status\n1~Kabar~Pasar ramai.~3/4/2025~draft\n"
        "2~Kabar Dua~Sawah ramai.~3/4/2025~publish\n",
        encoding="utf-8",
    )
    index = tmp_path / "index"
    options = ("--delimiter", "~", "--date-format", "mdy", "--status", "draft", "--id-prefix", "x")
    assert run("index", table, "--index", index, *options).exit_code == 0
    shown = run_json("show", "x1", "--index", index)
    assert shown["published_at"] == "2025-03-04T00:00:00+07:00"
    assert shown["extra"] == {"status": "draft"}
    assert count(index) == 1
    assert "extra status" in run("show", "x1", "--index", index).stdout


def write_two(folder: Path, *ids: str) -> Path:
    rows = [{"id": one, "judul": f"Judul {one}", "isi": "Petani memanen padi."} for one in ids]
    path = folder / "masukan.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_sync_leaves_what_the_input_has(tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("index", write_two(tmp_path, "a", "b", "c"), "--index", index)
    source = write_two(tmp_path, "b", "d")
    would = run("index", source, "--index", index, "--sync", "--dry-run")
    assert would.stdout.splitlines()[-1] == "Would take out 2 articles not among those given."
    assert run_json("stats", "--index", index)["articles"] == 3
    done = run("index", source, "--index", index, "--sync")
    assert done.stdout.splitlines()[-1] == "Took out 2 articles not among those given."
    assert run_json("stats", "--index", index)["articles"] == 2
    assert run_json("index", source, "--index", index, "--sync")["taken_out"] == 0


def test_sync_takes_nothing_out_where_something_was_refused(tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("index", write_two(tmp_path, "a", "b"), "--index", index)
    source = write_two(tmp_path, "b")
    source.write_text(source.read_text("utf-8") + '{"id": "a", "judul"\n', "utf-8")
    result = run("index", source, "--index", index, "--sync")
    assert result.exit_code == 1
    told = "Took nothing out: 1 article refused may be among the 1 article not given."
    assert result.stdout.splitlines()[-1] == told
    assert run_json("stats", "--index", index)["articles"] == 2


def test_sync_with_nothing_takes_nothing_out(tmp_path: Path) -> None:
    index, empty = tmp_path / "index", tmp_path / "kosong"
    empty.mkdir()
    run("index", write_two(tmp_path, "a", "b"), "--index", index)
    result = run("index", empty, "--index", index, "--sync")
    assert (result.exit_code, run_json("stats", "--index", index)["articles"]) == (1, 2)
    assert "No articles found in what was given." in result.stderr

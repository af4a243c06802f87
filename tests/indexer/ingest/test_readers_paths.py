"""Files, folders, archives, standard input: what is opened, what is refused."""

from __future__ import annotations

import gzip
import io
import os
import random
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article, Reject, Warned
from indexer.errors import UnknownName, UnreadableInput
from indexer.ingest.readers import FORMATS, Progress, find_format, read_paths

LINE = b'{"id": "%d", "judul": "Judul %d", "isi": "Air surut di Demak."}\n'


def lines(count: int) -> bytes:
    return b"".join(LINE % (number, number) for number in range(count))


def sort_out(
    items: Iterable[Article | Reject | Warned],
) -> tuple[list[Article], list[Reject], list[Warned]]:
    found = list(items)
    return (
        [item for item in found if isinstance(item, Article)],
        [item for item in found if isinstance(item, Reject)],
        [item for item in found if isinstance(item, Warned)],
    )


def read(*paths: Path, **options: Any) -> tuple[list[Article], list[Reject], list[Warned]]:
    return sort_out(read_paths(paths, **options))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.txt", "text"),
        ("a.TXT", "text"),
        ("a.txt.gz", "text"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson.gz", "jsonl"),
        ("a.json", "json"),
        ("a.csv", "csv"),
        ("a.tsv.gz", "tsv"),
        ("a.pdf", None),
        ("a.gz", None),
        ("txt", None),
    ],
)
def test_endings_name_formats(name: str, found: str | None) -> None:
    entry = find_format(name)
    assert (entry.name if entry else None) == found


def test_every_format_has_an_ending_of_its_own() -> None:
    endings = [ending for entry in FORMATS.values() for ending in entry.extensions]
    assert len(endings) == len(set(endings))
    assert all(name == entry.name for name, entry in FORMATS.items())


def test_missing_path_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"there is no such file or folder"):
        read_paths([tmp_path / "tidak-ada.txt"])


def test_unknown_ending_and_names_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"Air surut di Demak.")
    with pytest.raises(UnreadableInput, match=r"it looks like plain text. Name its format with"):
        read_paths([path])
    path.write_bytes(b"%PDF-1.7\n\xff\xfe")
    with pytest.raises(UnreadableInput, match=r"it is no text but a PDF; export its text\.$"):
        read_paths([path])
    path.write_bytes(lines(1))
    with pytest.raises(UnknownName, match=r"Unknown format 'jsonlines'\. Did you mean 'jsonl'"):
        read_paths([path], format="jsonlines")
    with pytest.raises(UnknownName, match=r"Unknown field 'judul'"):
        read_paths([path], format="jsonl", mapping={"kop": "judul"})
    for options in ({"format": "jsonl"}, {"format": "ndjson"}, {}):
        articles, _, _ = read(path, **options)
        assert [article.id for article in articles] == ["0"]


def test_folders_are_read_sorted_and_deep(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "b" / "c.jsonl").write_bytes(LINE % (3, 3))
    (tmp_path / "a.jsonl").write_bytes(LINE % (1, 1))
    (tmp_path / "a.txt").write_text("SOLO, KOMPAS.com - Air surut.", encoding="utf-8")
    (tmp_path / ".git" / "d.jsonl").write_bytes(LINE % (4, 4))
    for name in ("README.md", "README", "readme.txt", "LICENSE", "LICENCE.txt"):
        (tmp_path / "b" / name).write_text("Tentang folder ini, bukan artikel.", encoding="utf-8")
    (tmp_path / "catatan.log").write_text("# x", encoding="utf-8")
    progress = Progress()
    articles, rejects, warnings = sort_out(read_paths([tmp_path], progress=progress))
    assert [article.title for article in articles] == ["Judul 1", "Air surut", "Judul 3"]
    assert not rejects
    assert [warning.reason for warning in warnings] == ["skipped 1 file of no known format: .log"]
    assert progress.skipped_files == 1


def test_compressed_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    # Two members, as concatenated archives have, and padding.
    path.write_bytes(gzip.compress(lines(2)) + gzip.compress(lines(3)) + b"\0" * 20)
    articles, rejects, _ = read(path)
    assert len(articles) == 5
    assert not rejects


def test_compression_is_recognised_without_the_ending(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(gzip.compress(lines(2)))
    assert len(read(path)[0]) == 2


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_truncated_archives_give_what_they_hold(tmp_path: Path, kept: float) -> None:
    path = tmp_path / "a.jsonl.gz"
    # Text that hardly compresses, so that its length follows the archive's.
    data = b"".join(
        b'{"isi": "Air surut %s."}\n' % bytes(97 + (n * n * 31 + k * 17) % 26 for k in range(90))
        for n in range(2000)
    )
    whole = gzip.compress(data)
    path.write_bytes(whole[: int(len(whole) * kept)])
    articles, rejects, _ = read(path)
    assert 0 < len(articles) <= 2000
    assert [reject.reason for reject in rejects] == [
        "the gzip file ends early: it was cut off; what could be read went in"
    ]


def test_damaged_archive_is_refused_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    whole = bytearray(gzip.compress(lines(500)))
    whole[20:40] = b"\xff" * 20
    path.write_bytes(whole)
    _, rejects, _ = read(path)
    assert any("the gzip file is damaged" in reject.reason for reject in rejects)


def test_damaged_archive_gives_what_stands_before_the_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    whole = bytearray(gzip.compress(lines(20_000)))
    whole[-5000:-4800] = b"\xff" * 200
    path.write_bytes(whole)
    articles, rejects, _ = read(path)
    assert len(articles) > 10_000
    assert sum("is damaged" in reject.reason for reject in rejects) == 1


@pytest.mark.parametrize(
    ("name", "data"), [("a.csv", b"judul,isi\n"), ("a.jsonl", b"\n\n"), ("a.json", b"[]")]
)
def test_inputs_without_records_are_warned_about(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    articles, rejects, warnings = read(path)
    assert not articles
    assert not rejects
    assert ["it has no records" in warning.reason for warning in warnings] == [True]


def test_empty_folder_is_warned_about(tmp_path: Path) -> None:
    _, _, warnings = read(tmp_path)
    assert ["has no file to read" in warning.reason for warning in warnings] == [True]


def test_links_that_go_round_end(tmp_path: Path) -> None:
    (tmp_path / "lagi").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "hilang.txt").symlink_to(tmp_path / "tidak-ada.txt")
    (tmp_path / "a.jsonl").write_bytes(lines(2))
    articles, rejects, _ = read(tmp_path)
    assert len(articles) == 2
    assert not rejects
    (tmp_path / "b.jsonl").symlink_to(tmp_path / "b.jsonl")
    with pytest.raises(UnreadableInput, match="symbolic links"):
        read(tmp_path / "b.jsonl")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(1))
    (tmp_path / "b.jsonl").write_bytes(lines(1))
    (tmp_path / "a.jsonl").chmod(0)
    articles, rejects, _ = read(tmp_path)
    assert len(articles) == 1
    assert ["you may not read it" in reject.reason for reject in rejects] == [True]


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.json", "a.csv", "a.tsv", "a.txt.gz"])
def test_empty_files_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"") if name.endswith(".gz") else b"")
    articles, rejects, _ = read(path)
    assert not articles
    assert [reject.reason for reject in rejects] == ["the file is empty"]


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.json"])
def test_binary_files_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))
    articles, rejects, _ = read(path)
    assert not articles
    assert len(rejects) == 1
    assert rejects[0].reason.startswith("it is no text")


def test_progress_reaches_the_total(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(50))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines(50)))
    (tmp_path / "c.txt").write_text("Air surut di Demak sejak pagi.", encoding="utf-8")
    (tmp_path / "d.json").write_bytes(b'[{"isi": "Air surut."}]')
    (tmp_path / "e.csv").write_bytes(b"judul,isi\nA,Air surut\n")
    progress = Progress()
    seen = [0]
    for _ in read_paths([tmp_path], progress=progress):
        assert progress.read_bytes >= seen[-1]
        seen.append(progress.read_bytes)
    assert progress.read_bytes == progress.total_bytes
    assert progress.total_bytes == sum(file.stat().st_size for file in tmp_path.iterdir())


def test_reading_is_lazy(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(3) + b"x")
    items = read_paths([path])
    assert isinstance(next(items), Article)


@pytest.mark.parametrize(
    ("data", "titles"),
    [
        (lines(2), ["Judul 0", "Judul 1"]),
        (b'[{"judul": "A", "isi": "Air."}]', ["A"]),
        (b'{\n "judul": "A",\n "isi": "Air."}', ["A"]),
        (b"judul,isi\nA,Air\nB,Air\n", ["A", "B"]),
        (b"judul\tisi\nA\tAir\n", ["A"]),
        (b"SOLO, KOMPAS.com - Air surut.\nWarga pulang.\n", ["Air surut"]),
        (gzip.compress(lines(1), mtime=0), ["Judul 0"]),
    ],
)
def test_standard_input_is_recognised(
    monkeypatch: pytest.MonkeyPatch, data: bytes, titles: list[str]
) -> None:
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(data)))
    monkeypatch.setattr(sys, "stdin", stdin)
    articles, rejects, _ = sort_out(read_paths(["-"]))
    assert [article.title for article in articles] == titles
    assert not rejects


def test_bundled_samples_are_read_without_a_complaint() -> None:
    samples = Path(__file__).resolve().parents[3] / "index_data" / "samples"
    articles, rejects, _ = read(samples)
    assert len(articles) >= 60
    assert not rejects
    assert len({article.id for article in articles}) == len(articles)
    assert all(article.published_at for article in articles if "2" in article.published_at[:1])


def make_noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".tsv", ".txt", ".json"])
@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + make_noise(5000),
        b"PK\x03\x04" + make_noise(5000),
        make_noise(500),
        make_noise(20_000),
    ],
)
def test_a_binary_file_is_refused_once(tmp_path: Path, ending: str, data: bytes) -> None:
    path = tmp_path / f"berkas{ending}"
    path.write_bytes(data)
    found = list(read_paths([path]))
    assert len(found) == 1
    assert isinstance(found[0], Reject)
    assert found[0].reason.startswith(("it is no text", "the ZIP archive is damaged"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_text_with_a_few_strays_is_no_binary(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "berita.txt"
    text = "Petani memanen padi di Karawang \x03 sejak Jum’at pagi.\x00 "
    text += "Harga gabah di pasar induk naik sedikit setelah hujan reda. " * 5
    path.write_bytes(text.encode(encoding))
    assert any(isinstance(one, Article) for one in read_paths([path]))


def test_a_mapped_key_that_no_record_has_is_told_once(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(lines(3))
    articles, _, warnings = read(tmp_path, mapping={"nope": "title", "isi": "body"})
    assert len(articles) == 6
    assert [warning.reason for warning in warnings] == [
        "no record has the key 'nope', which --map names"
    ]

"""What is too large, too deep or oddly shaped: refused in a sentence, never held in memory."""

from __future__ import annotations

import gzip
import json
import os
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.article import Article, Reject, Warned
from indexer.ingest.build_article import (
    LONGEST_URL,
    LONGEST_VALUE,
    MAX_ARTICLE_BYTES,
    MOST_VALUES,
    build_article,
)
from indexer.ingest.readers import delimited, read_paths
from indexer.ingest.readers.limits import MAX_COLUMNS, MAX_HEADER, MAX_WRAPPERS, limit_record

#: Of the tests here; a record may have three times as much.
LIMIT = 20_000
BOMB = 20_000_000
#: Buffers of reading and decompressing, a chunk of JSON as text, and what a record may have.
MOST_HELD = 16_000_000
GOOD = b'{"isi": "Air surut."}'


def fill(piece: bytes, size: int = BOMB) -> bytes:
    return piece * (size // len(piece))


#: File name -> its contents, the articles in it, and the line and the reason of what is refused.
BOMBS: dict[str, tuple[bytes, int, list[tuple[int, str]]]] = {
    "header.csv": (b"judul," + fill(b"a"), 0, [(1, "its first line")]),
    "columns.csv": (
        b"isi," + fill(b"a,", 50_000) + b"\nAir.\n",
        0,
        [(1, "names 25,002 columns")],
    ),
    "line.csv": (
        b"judul,isi\nA,Air.\nB," + fill(b"a") + b"\nC,Air.\n",
        2,
        [(3, "the row is over the limit of 60,000 bytes")],
    ),
    "values.csv": (
        b"judul,isi\nA,Air.\n" + fill(b"a,") + b"\nC,Air.\n",
        2,
        [(3, "the row is over the limit of 60,000 bytes")],
    ),
    "line.tsv": (
        b"judul\tisi\nA\tAir.\nB\t" + fill(b"\t") + b"\nC\tAir.\n",
        2,
        [(3, "the row is over the limit of 60,000 bytes")],
    ),
    "line.jsonl": (
        GOOD + b'\n{"isi": "' + fill(b"a") + b'"}\n' + GOOD,
        2,
        [(2, "the line is over the limit of 60,000 bytes")],
    ),
    "nested.jsonl": (
        GOOD + b"\n" + fill(b"[") + b"\n" + fill(b"[", 9_000) + b"\n" + GOOD,
        2,
        [(2, "the line is over the limit"), (3, "nested too deeply")],
    ),
    "string.json": (
        b"[" + GOOD + b',{"isi": "' + fill(rb"a\" },{ \\", 5_000_000) + b'"},' + GOOD + b"]",
        2,
        [(1, "the element is over the limit of 60,000 bytes")],
    ),
    "comments.json": (
        b"["
        + GOOD
        + b',{"isi": "A", "komentar": ['
        + fill(GOOD + b",", 3_000_000)
        + b"{}]},"
        + GOOD
        + b"]",
        2,
        [(1, "the element is over the limit of 60,000 bytes")],
    ),
    "nested.json": (
        b"[" + GOOD + b"," + fill(b"[", 300_000) + fill(b"]", 300_000) + b"," + GOOD + b"]",
        2,
        [(1, "the element is nested too deeply")],
    ),
    "open.json": (
        b"[" + GOOD + b"," + fill(b'{"a":', 300_000) + GOOD,
        1,
        [(1, "the element is nested too deeply"), (1, "the array does not end")],
    ),
    "wrapped.json": (
        fill(b'{"data":', 80_000) + b"[]" + fill(b"}", 10_000),
        0,
        [(1, "nested too deeply")],
    ),
    "members.json": (
        b'{"meta": 1' + fill(b',"k":"aaaaaaaaaaaaaaaaaaaaaaa"', 1_000_000) + b"}",
        0,
        [(1, "the object is over the limit of 60,000 bytes")],
    ),
    "members-and-list.json": (
        b'{"meta": "' + fill(b"a") + b'", "data": [' + GOOD + b"]}",
        1,
        [],
    ),
    "spaces.json": (b"[" + fill(b" ") + GOOD + fill(b"\n") + b"]", 1, []),
    "text.txt": (
        b"Harga naik. " + fill(b"a "),
        0,
        [(1, "the file is over the limit of 20,000 bytes")],
    ),
    "zeros.txt": (fill(b"\0"), 0, [(1, "it is no text")]),
}


def read_measured(path: Path) -> tuple[list[Article | Reject | Warned], int]:
    """What is read, and the most bytes that Python held at a time."""
    tracemalloc.start()
    try:
        items = list(read_paths([path], max_article_bytes=LIMIT))
        return items, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_and_not_held(tmp_path: Path, name: str, packed: bool) -> None:
    data, articles, reasons = BOMBS[name]
    path = tmp_path / (name + ".gz" * packed)
    path.write_bytes(gzip.compress(data, 1) if packed else data)
    items, held = read_measured(path)
    assert sum(isinstance(item, Article) for item in items) == articles
    rejects = [item for item in items if isinstance(item, Reject)]
    assert [reject.line for reject in rejects] == [line for line, _ in reasons]
    for reject, (_, reason) in zip(rejects, reasons, strict=True):
        assert reason in reject.reason
    assert held < MOST_HELD


def test_a_row_of_many_short_lines_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "MAX_REREAD", 1_000_000)
    # Each line closes one value and opens another: no value is long, and the row never ends.
    path = tmp_path / "a.csv"
    path.write_bytes(b"judul,isi\nA,Air.\n" + fill(b'a","b\n', 1_000_000) + b"C,Air.\n")
    items, held = read_measured(path)
    rejects = [item for item in items if isinstance(item, Reject)]
    assert sum(isinstance(item, Article) for item in items) >= 1
    assert all("quotation mark" in reject.reason for reject in rejects[:5])
    assert held < 60_000_000


def test_a_damaged_bomb_gives_what_stands_before_the_damage(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(GOOD + b"\n" + fill(b"a")))
    whole[-3000:-2000] = b"\xff" * 1000
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(whole)
    items, held = read_measured(path)
    assert sum(isinstance(item, Article) for item in items) == 1
    assert any("is damaged" in item.reason for item in items if isinstance(item, Reject))
    assert held < MOST_HELD


def test_keys_that_never_repeat_are_not_remembered(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("w") as lines:
        for number in range(60):
            keys = {f"kunci-{number}-{other}": 1 for other in range(2_000)}
            lines.write(json.dumps({**keys, "isi": "Air."}) + "\n")
    items, held = read_measured(path)
    assert [type(item) for item in items] == [Article] * 60
    assert held < MOST_HELD


# --- fields ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "kept", "told"),
    [
        ("category", "a" * 5_000, "a" * LONGEST_VALUE, "its category is over 1,000 characters"),
        ("source", "a" * 5_000, "a" * LONGEST_VALUE, "its source is over 1,000 characters"),
        ("place", "a" * 5_000, "a" * LONGEST_VALUE, "its place is over 1,000 characters"),
        ("agency", "a" * 5_000, "a" * LONGEST_VALUE, "its agency is over 1,000 characters"),
        (
            "tags",
            [f"t{number}" for number in range(3_000)],
            [f"t{number}" for number in range(MOST_VALUES)],
            "it has 3,000 tags; the first 1,000 are kept",
        ),
        ("authors", ["a" * 5_000, "Budi"], ["a" * LONGEST_VALUE, "Budi"], ""),
        ("url", "https://a.id/" + "a" * LONGEST_URL, "", "its address is over 8,192 characters"),
    ],
)
def test_fields_are_cut_with_a_warning(field: str, value: object, kept: object, told: str) -> None:
    built = build_article({"isi": "", "body": "Air.", field: value}, path="a", line=3)
    assert built.article is not None
    assert getattr(built.article, field) == kept
    assert [told in warning.reason for warning in built.warnings] == [True] * bool(told)


@pytest.mark.parametrize("field", ["tags", "authors", "editors"])
@pytest.mark.parametrize("run", [" ", "\t", " \n", ", ", "; "])
def test_lists_take_time_linear_in_their_length(field: str, run: str) -> None:
    built = build_article({"body": "Air.", field: "a" + run * 1_000_000 + "b"}, path="a", line=1)
    assert built.article is not None
    assert len(getattr(built.article, field)) <= 2


def test_the_documentation_states_the_limits() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "articles.md").read_text("utf-8")
    table = text.partition("## Limits")[2].partition("\n## ")[0]
    stated = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", table)}
    wanted = (MAX_ARTICLE_BYTES, limit_record(MAX_ARTICLE_BYTES), MAX_HEADER, MAX_COLUMNS)
    assert stated >= {*wanted, MAX_WRAPPERS, LONGEST_URL, LONGEST_VALUE, MOST_VALUES}


@pytest.mark.parametrize("ending", ["json", "jsonl"])
@pytest.mark.parametrize("number", ["9" * 5_000, "-" + "9" * 5_000, "1e9999", "9" * 5_000 + ".5"])
@pytest.mark.parametrize("field", ["id", "judul", "isi", "tanggal", "lain"])
def test_numbers_that_are_too_long_are_read(
    tmp_path: Path, ending: str, number: str, field: str
) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_text(f'{{"isi": "Air.", "{field}": {number}}}\n{{"isi": "Air surut."}}')
    items = list(read_paths([path]))
    assert any(isinstance(item, Article) and item.body == "Air surut." for item in items)


# --- odd shapes --------------------------------------------------------------------------------

TWO = [b'{"judul": "A", "isi": "Air surut."}', b'{"judul": "B", "isi": "Air pasang."}']
TABLE = b"judul,isi\nA,Air surut.\nB,Air pasang.\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cr.jsonl", b"\r".join(TWO)),
        ("crlf.jsonl", b"\r\n".join(TWO) + b"\r\n\r\n"),
        ("mixed.jsonl", b"\n\r\n\n".join(TWO)),
        ("cr.csv", TABLE.replace(b"\n", b"\r")),
        ("cr.json", b"[\r" + b",\r".join(TWO) + b"\r]"),
        ("marks.jsonl", b"\n".join(b"\xef\xbb\xbf" + line for line in TWO)),
        ("marks.json", b"".join(b"\xef\xbb\xbf[" + line + b"]\n" for line in TWO)),
        ("marks.csv", b"\xef\xbb\xbf" + TABLE[:23] + b"\xef\xbb\xbfjudul,isi\n" + TABLE[23:]),
        ("joined.csv", TABLE[:23] + b"judul,isi\n" + TABLE[23:]),
        ("records.jsonl", b"".join(b"\x1e" + line + b"\n" for line in TWO)),
        ("cut-line.jsonl", b"\n".join(TWO)),
        *(
            (f"{encoding}.{ending}", data.decode().encode(encoding))
            for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig")
            for ending, data in (
                ("jsonl", b"\r\n".join(TWO)),
                ("json", b"[" + b",".join(TWO) + b"]"),
                ("csv", TABLE),
                ("tsv", TABLE.replace(b",", b"\t")),
            )
        ),
        ("nul.csv", TABLE.replace(b"surut", b"su\0rut") + b"\n" * 20),
        ("nul.json", b"[" + b",".join(TWO).replace(b"surut", b"su\0rut") + b"]"),
        ("members.jsonl.gz", b"".join(gzip.compress(line + b"\n") for line in TWO)),
        ("padded.jsonl.gz", (b"\0" * 600_000).join(gzip.compress(line + b"\n") for line in TWO)),
    ],
)
def test_odd_shapes_are_read(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    items = list(read_paths([path]))
    titles = [(one.title, one.body) for one in items if isinstance(one, Article)]
    assert titles == [("A", "Air surut."), ("B", "Air pasang.")]
    assert not [item for item in items if isinstance(item, Reject)]


@pytest.mark.parametrize(
    ("name", "data", "articles", "reason"),
    [
        ("behind.jsonl.gz", gzip.compress(TWO[0] + b"\n", mtime=0) + TWO[1], 1, "is not gzip"),
        (
            "twice.jsonl.gz",
            gzip.compress(gzip.compress(TWO[0], mtime=0), mtime=0),
            0,
            "gzip within gzip",
        ),
        ("head.jsonl.gz", gzip.compress(TWO[0], mtime=0)[:12], 0, "it was cut off"),
        ("sum.jsonl.gz", gzip.compress(TWO[0] + b"\n", mtime=0)[:-6] + b"abcdef", 1, "is damaged"),
    ],
)
def test_odd_archives_are_told(
    tmp_path: Path, name: str, data: bytes, articles: int, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    items = list(read_paths([path]))
    assert sum(isinstance(item, Article) for item in items) == articles
    assert [reason in item.reason for item in items if isinstance(item, Reject)] == [True]


@pytest.mark.parametrize("field", ["id", "judul", "url", "kategori", "tag", "tanggal", "isi"])
def test_lone_surrogates_become_text_that_can_be_stored(tmp_path: Path, field: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"isi": "Air surut.", field: "Air \ud83d surut"}) + "\n")
    for item in read_paths([path]):
        if isinstance(item, Article):
            json.dumps(item.to_dict(), ensure_ascii=False).encode()


def test_a_file_that_shrinks_or_goes_while_others_are_read(tmp_path: Path) -> None:
    for name in "abcd":
        (tmp_path / f"{name}.json").write_bytes(b"[" + b",".join(TWO) + b"]")
    items = read_paths([tmp_path])
    found = [next(items)]
    (tmp_path / "b.json").write_bytes(b"[" + TWO[0] + b",")
    (tmp_path / "c.json").unlink()
    (tmp_path / "d.json").unlink()
    (tmp_path / "d.json").mkdir()
    found += items
    assert sum(isinstance(item, Article) for item in found) == 3
    assert [(Path(item.path).name, item.reason) for item in found if isinstance(item, Reject)] == [
        ("b.json", "broken JSON: the array does not end"),
        ("c.json", "there is no such file or folder. Check the path."),
        ("d.json", "it is a folder."),
    ]


@pytest.fixture
def deep_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with an article, and under it folders whose path is longer than the system takes."""
    (tmp_path / "a.jsonl").write_bytes(TWO[0])
    handles = [os.open(tmp_path, os.O_RDONLY)]
    for _ in range(20):
        os.mkdir("x" * 250, dir_fd=handles[-1])
        handles.append(os.open("x" * 250, os.O_RDONLY, dir_fd=handles[-1]))
    yield tmp_path
    for handle in reversed(handles[:-1]):
        os.rmdir("x" * 250, dir_fd=handle)
    for handle in handles:
        os.close(handle)


@pytest.mark.skipif(os.name != "posix", reason="folders by handle")
def test_a_folder_that_cannot_be_read_is_refused_and_the_rest_goes_in(deep_folder: Path) -> None:
    items = list(read_paths([deep_folder]))
    assert sum(isinstance(item, Article) for item in items) == 1
    assert [item.reason for item in items if isinstance(item, Reject)] == ["File name too long."]


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_pipes_in_folders_are_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa.jsonl")
    (tmp_path / "a.jsonl").write_bytes(TWO[0])
    assert [type(item) for item in read_paths([tmp_path])] == [Article]

"""Dumps, databases, workbooks and Parquet files, good and bad."""

from __future__ import annotations

import gzip
import importlib
import sqlite3
import tracemalloc
import zipfile
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article, Reject, Warned
from indexer.ingest.readers import databases, read_paths

TEXT = "Warga menunggu kabar baik. Pasar tetap ramai sampai sore."


def sort_out(path: Path, **options: Any) -> tuple[list[Article], list[tuple[int, str]], list[str]]:
    items = list(read_paths([path], **options))
    return (
        [item for item in items if isinstance(item, Article)],
        [(item.line, item.reason) for item in items if isinstance(item, Reject)],
        [item.reason for item in items if isinstance(item, Warned)],
    )


def read(folder: Path, data: str, name: str = "a.sql", **options: Any) -> Any:
    path = folder / name
    path.write_text(data, encoding="utf-8")
    return sort_out(path, **options)


#: Name -> dump, and what its one article has.
DUMPS: dict[str, tuple[str, dict[str, Any]]] = {
    "mysqldump": (
        "-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `berita`;\n"
        "CREATE TABLE `berita` (\n  `id_berita` int(5) NOT NULL AUTO_INCREMENT,\n"
        "  `judul` varchar(100) NOT NULL DEFAULT 'a, b (c)',\n  `isi_berita` text,\n"
        "  `tanggal` date DEFAULT NULL,\n  PRIMARY KEY (`id_berita`),\n  KEY `x` (`judul`)\n"
        ") ENGINE=InnoDB;\nLOCK TABLES `berita` WRITE;\n"
        "INSERT INTO `berita` VALUES (4,'Jum\\'at \\\"Kabar\\\"',"
        f"'<p>{TEXT}</p>\\r\\n','2024-05-02');\n"
        "UNLOCK TABLES;\n",
        {"id": "4", "title": 'Jum\'at "Kabar"', "published_at": "2024-05-02T00:00:00+07:00"},
    ),
    "phpMyAdmin": (
        '-- phpMyAdmin SQL Dump\nSET SQL_MODE = "x";\nSTART TRANSACTION;\n'
        "INSERT INTO `artikel` (`id`, `judul`, `isi`, `penulis`) VALUES\n"
        f"(4, 'Kabar', '{TEXT}', NULL);\nCOMMIT;\n",
        {"id": "4", "title": "Kabar", "authors": []},
    ),
    "WordPress": (
        "INSERT INTO `wp_options` VALUES (1,'siteurl','http://k.example','yes');\n"
        "INSERT INTO `wp_posts` (`ID`, `post_author`, `post_date`, `post_content`, `post_title`, "
        "`post_status`, `post_name`, `post_type`) VALUES "
        f"(4,1,'2024-05-02 08:00:00','{TEXT}','Kabar','publish','kabar','post'),"
        f"(5,1,'2024-05-02 08:00:00','{TEXT}','Kabar','inherit','4-revision-v1','revision');",
        {"id": "4", "title": "Kabar", "published_at": "2024-05-02T08:00:00+07:00", "authors": []},
    ),
    "pg_dump": (
        "-- PostgreSQL database dump\nSET statement_timeout = 0;\n"
        "COPY public.users (id, name) FROM stdin;\n1\tDewi\n\\.\n\n"
        "COPY public.posts (id, title, body, published_at) FROM stdin;\n"
        f"4\tKabar\t{TEXT[:26]}\\n{TEXT[27:]}\t2024-05-02 08:00:00+07\n\\.\n",
        {
            "id": "4",
            "title": "Kabar",
            "body": TEXT.replace(". ", ".\n"),
            "published_at": "2024-05-02T08:00:00+07:00",
        },
    ),
    "PostgreSQL's INSERT": (
        "-- PostgreSQL database dump\nINSERT INTO public.news (id, title, content, tags) VALUES "
        f"(4, 'C:\\', '{TEXT}', '{{pasar,\"dua kata\"}}');\n",
        {"id": "4", "title": "C:\\", "tags": ["pasar", "dua kata"]},
    ),
    "SQLite's .dump": (
        "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n"
        "CREATE TABLE berita (id INTEGER PRIMARY KEY, judul TEXT, isi TEXT);\n"
        f"INSERT INTO berita VALUES(4,'Jum''at','{TEXT}');\nCOMMIT;\n",
        {"id": "4", "title": "Jum'at"},
    ),
    "SQL Server": (
        "SET IDENTITY_INSERT [dbo].[Berita] ON\nGO\n"
        "INSERT [dbo].[Berita] ([Id], [Judul], [Isi], [Tanggal]) VALUES (4, N'Kabar', "
        f"N'{TEXT}', CAST(N'2024-05-02T08:00:00.000' AS DateTime))\nGO\n",
        {"id": "4", "title": "Kabar", "published_at": "2024-05-02T08:00:00+07:00"},
    ),
    "binary strings": (
        "INSERT INTO `berita` (`id`,`judul`,`isi`) VALUES (4,_binary 'Kabar',0x"
        + TEXT.encode().hex()
        + ");",
        {"title": "Kabar"},
    ),
}


@pytest.mark.parametrize("name", DUMPS)
def test_rows_of_dumps_become_articles(tmp_path: Path, name: str) -> None:
    data, wanted = DUMPS[name]
    for file in ("a.sql", "a.txt"):
        articles, rejects, _ = read(tmp_path, data, file)
        assert rejects == []
        assert len(articles) == 1
        found = articles[0].to_dict()
        assert {key: found[key] for key in ("body", *wanted)} == {"body": TEXT, **wanted}


@pytest.mark.parametrize("size", [1, 7, 64, 1_000])
def test_dumps_are_read_alike_in_pieces_of_any_size(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.ingest.readers.sql_dump._CHUNK", size)
    for name in DUMPS:
        test_rows_of_dumps_become_articles(tmp_path, name)


ROWS = f"INSERT INTO `berita` (`id`,`judul`,`isi`) VALUES (1,'A','{TEXT}')"


@pytest.mark.parametrize(
    ("data", "ids", "told"),
    [
        (f"{ROWS},(2,'B'),(3,'C','{TEXT}');", ["1", "3"], "2 values where its table has 3 columns"),
        (f"{ROWS},(2,'B','Putus di ", ["1"], "it was cut off"),
        (f"{ROWS},(2,'B'", ["1"], "it was cut off"),
        (f"{ROWS};\nDELETE FROM berita WHERE judul = 'INSERT INTO x';", ["1"], ""),
        # Descriptions and names that end nowhere cost time linear in their length.
        (f"CREATE TABLE `a` (b IN {'TABLE x (y ' * 3_000}\n;\n{ROWS};", ["1"], ""),
        (f"CREATE TABLE `a` ({'(x, ' * 9_000};\n{ROWS};", ["1"], ""),
        (f"INSERT INTO `a\n{'b' * 60}` VALUES (1);\n{ROWS};", ["1"], ""),
        ("CREATE TABLE `a` (`b` int);\nINSERT INTO `a` VALUES (1);", [], "has columns for a title"),
        (ROWS[:40] + ROWS[40:].replace("VALUES", "NILAI"), [], None),
    ],
)
def test_bad_dumps_give_what_they_have(
    tmp_path: Path, data: str, ids: list[str], told: str | None
) -> None:
    articles, rejects, _ = read(tmp_path, data)
    assert [article.id for article in articles] == ids
    assert [(told or "") in reason for _, reason in rejects] == [True] * bool(told)


def test_tables_that_are_left_out_are_told(tmp_path: Path) -> None:
    comments = "INSERT INTO `komentar` (`id`,`nama`,`isi`) VALUES (1,'Budi','Setuju');"
    articles, _, warnings = read(tmp_path, f"{ROWS};\n{comments}")
    assert len(articles) == 1
    assert warnings == ["read as articles: berita; left out: komentar"]
    articles, _, _ = read(tmp_path, comments.replace("komentar", "kabar"))
    assert len(articles) == 1


LARGE = 8_000_000


@pytest.mark.parametrize(
    ("data", "articles"),
    [
        (f"{ROWS},(2,'B','" + "a" * LARGE + f"'),(3,'C','{TEXT}');", 2),
        (f"{ROWS},(2,'B','" + "\\\\" * (LARGE // 2) + f"'),(3,'C','{TEXT}');", 2),
        (f"{ROWS},(2,'B','" + "a''" * (LARGE // 3) + f"'),(3,'C','{TEXT}');", 2),
        (f"{ROWS};\nINSERT INTO `log` (`a`) VALUES ('" + "b" * LARGE + "');", 1),
        (f"{ROWS};\n-- " + "c" * LARGE, 1),
        (f"{ROWS}," + "(" * 1_000_000, 1),
        (ROWS[:40] + " " * LARGE + ROWS[40:], 0),
        (
            "COPY posts (id, title, body) FROM stdin;\n1\tA\t"
            + "d" * LARGE
            + f"\n2\tB\t{TEXT}\n\\.\n",
            1,
        ),
    ],
)
def test_large_values_of_dumps_are_not_held(tmp_path: Path, data: str, articles: int) -> None:
    path = tmp_path / "a.sql.gz"
    path.write_bytes(gzip.compress(data.encode(), 1))
    del data
    tracemalloc.start()
    try:
        items = list(read_paths([path], max_article_bytes=20_000))
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(isinstance(item, Article) for item in items) == articles
    assert sum(isinstance(item, Reject) for item in items) <= 2
    assert held < 16_000_000


# --- SQLite -------------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "portal.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE artikel (id INTEGER, judul TEXT, isi BLOB, tgl TEXT)")
        connection.execute("CREATE TABLE users (id INTEGER, name TEXT)")
        connection.execute("INSERT INTO users VALUES (1, 'Dewi')")
        rows = [(1, "A", TEXT, "2024-05-02"), (2, "B", TEXT.encode(), "2024-05-03")]
        connection.executemany("INSERT INTO artikel VALUES (?, ?, ?, ?)", rows)
    connection.close()
    return path


def test_a_database_gives_its_tables_of_articles(database: Path) -> None:
    articles, rejects, warnings = sort_out(database)
    assert [(one.id, one.body, one.published_at[:10]) for one in articles] == [
        ("1", TEXT, "2024-05-02"),
        ("2", TEXT, "2024-05-03"),
    ]
    assert rejects == []
    assert warnings == ["read as articles: artikel; left out: users"]


def test_a_database_gives_what_a_query_asks_for(database: Path) -> None:
    query = (
        "SELECT id, judul AS title, isi AS body, name AS author FROM artikel JOIN users USING (id)"
    )
    articles, _, _ = sort_out(database, query=query)
    assert [(one.title, one.authors) for one in articles] == [("A", ["Dewi"])]


@pytest.mark.parametrize("query", ["SELECT x FROM artikel", "DELETE FROM artikel", "nonsense"])
def test_queries_that_cannot_be_run_are_told_and_change_nothing(database: Path, query: str) -> None:
    before = database.read_bytes()
    articles, rejects, _ = sort_out(database, query=query)
    assert articles == []
    assert ["the query cannot be run" in reason for _, reason in rejects] == [True]
    assert database.read_bytes() == before


def test_a_packed_database_is_read(database: Path) -> None:
    packed = database.with_suffix(".db.gz")
    packed.write_bytes(gzip.compress(database.read_bytes()))
    assert len(sort_out(packed)[0]) == 2


@pytest.mark.parametrize("kept", [20, 200, 5_000])
def test_a_damaged_database_is_told_once(database: Path, kept: int) -> None:
    database.write_bytes(database.read_bytes()[:kept] + b"\xff" * 100)
    articles, rejects, _ = sort_out(database)
    assert len(articles) <= 2
    assert len(rejects) == 1


# --- workbooks and Parquet ------------------------------------------------------------------------


def test_a_workbook_gives_the_rows_of_its_sheets(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Daftar berita"])
    sheet.append(["No", "Judul", "Isi", "Tanggal", "Jam"])
    sheet.append([1.0, "Kabar", TEXT, datetime(2024, 5, 2), time(8, 5)])
    sheet.append([None] * 5)
    sheet.append([2, "Kabar lain", TEXT, 45414.5, None])
    book.create_sheet("Catatan").append(["hanya", "catatan"])
    book.save(tmp_path / "a.xlsx")
    articles, rejects, warnings = sort_out(tmp_path / "a.xlsx")
    assert [(one.title, one.published_at) for one in articles] == [
        ("Kabar", "2024-05-02T08:05:00+07:00"),
        ("Kabar lain", "2024-05-02T12:00:00+07:00"),
    ]
    assert articles[0].extra == {"No": 1, "Jam": "08:05:00"}
    assert rejects == []
    assert ["left out: Catatan" in warning for warning in warnings] == [True]


def test_a_parquet_file_gives_its_rows(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    rows = [{"judul": "Kabar", "isi": TEXT, "tags": ["a", "b"], "tanggal": datetime(2024, 5, 2, 8)}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "a.parquet")
    articles, rejects, _ = sort_out(tmp_path / "a.parquet")
    assert [(one.tags, one.published_at) for one in articles] == [
        (["a", "b"], "2024-05-02T08:00:00+07:00")
    ]
    assert rejects == []


@pytest.mark.parametrize(
    ("name", "package", "extra"),
    [("a.xlsx", "openpyxl", "xlsx"), ("a.parquet", "pyarrow", "parquet")],
)
def test_what_is_not_installed_is_asked_for_in_one_sentence(
    tmp_path: Path, name: str, package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(databases, "import_module", refuse)
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    (tmp_path / "a.parquet").write_bytes(b"PAR1" * 10)
    _, rejects, _ = sort_out(tmp_path / name)
    told = f"reading it needs {package}: pip install 'searchsvc[{extra}]'"
    assert rejects == [(1, told)]


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet"])
def test_damaged_files_are_told_once(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<a")
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + b"\xff" * 100)
    articles, rejects, _ = sort_out(tmp_path / name)
    assert articles == []
    assert ["damaged" in reason for _, reason in rejects] == [True]


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "MAX_WORKBOOK", 1_000_000)
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", " " * 2_000_000)
    _, rejects, _ = sort_out(tmp_path / "a.xlsx")
    assert ["at most 1,000,000 are read" in reason for _, reason in rejects] == [True]


# --- archives -------------------------------------------------------------------------------------

TABLE = f"judul,isi\nKabar,{TEXT}\n".encode()


@pytest.mark.parametrize("kind", ["bz2", "lzma", "zstandard"])
def test_packed_files_are_recognised_by_their_beginning(tmp_path: Path, kind: str) -> None:
    packer = importlib.import_module(kind)
    ending = {"bz2": "bz2", "lzma": "xz", "zstandard": "zst"}[kind]
    data = b"".join(b"%d,Kabar,%s %d\n" % (n, TEXT.encode(), n) for n in range(4_000))
    whole = packer.compress(b"id,judul,isi\n") + packer.compress(data)
    for name in (f"a.csv.{ending}", "b.csv"):
        (tmp_path / name).write_bytes(whole)
        articles, rejects, _ = sort_out(tmp_path / name)
        assert len(articles) == 4_000
        assert rejects == []
    for cut in (whole[:-40], whole[: len(whole) * 9 // 10], whole[:30] + b"\xff" * 50):
        (tmp_path / "c.csv").write_bytes(cut)
        articles, rejects, _ = sort_out(tmp_path / "c.csv")
        assert any("cut off" in reason or "damaged" in reason for _, reason in rejects)
    (tmp_path / "d.csv").write_bytes(packer.compress(TABLE) + b"lain")
    articles, rejects, _ = sort_out(tmp_path / "d.csv")
    assert len(articles) == 1
    assert ["what follows" in reason for _, reason in rejects] == [True]


def test_a_zip_archive_is_read_as_a_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b/berita.csv", TABLE)
        archive.writestr("b/lain.jsonl", f'{{"judul": "Lain", "isi": "{TEXT}"}}\nrusak\n')
        archive.writestr("foto.jpg", b"\xff\xd8\xff")
        archive.writestr("README.md", "Tentang")
        archive.writestr("__MACOSX/b/._berita.csv", "x")
        archive.writestr("dalam.csv", gzip.compress(TABLE))
    for name in ("a.zip", "a.bin"):
        (tmp_path / "a.zip").rename(tmp_path / name)
        articles, rejects, warnings = sort_out(tmp_path / name)
        (tmp_path / name).rename(tmp_path / "a.zip")
        assert [one.title for one in articles] == ["Kabar", "Lain", "Kabar"]
        assert [(line, reason.split(":")[0]) for line, reason in rejects] == [(2, "broken JSON")]
        assert warnings == ["skipped 2 files of no known format in the archive"]


def test_bad_archives_are_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", TABLE)
        archive.writestr("b.zip", b"PK\x03\x04" + b"a" * 100)
    whole = bytearray((tmp_path / "a.zip").read_bytes())
    articles, _, warnings = sort_out(tmp_path / "a.zip")
    assert len(articles) == 1
    assert len(warnings) == 1
    # One byte of the table's contents changed: its sum is wrong.
    whole[45] ^= 1
    (tmp_path / "b.zip").write_bytes(whole)
    _, rejects, _ = sort_out(tmp_path / "b.zip")
    assert any("is damaged" in reason for _, reason in rejects)
    (tmp_path / "c.zip").write_bytes(whole[: len(whole) // 2])
    articles, rejects, _ = sort_out(tmp_path / "c.zip")
    assert articles == []
    assert ["the ZIP archive is damaged" in reason for _, reason in rejects] == [True]


@pytest.mark.parametrize("kind", ["bz2", "lzma", "zstandard", "zip"])
def test_packed_bombs_are_not_held(tmp_path: Path, kind: str) -> None:
    data = b'{"isi": "' + b"a" * 60_000_000 + b'"}\n{"judul": "B", "isi": "Air surut."}\n'
    path = tmp_path / ("a.zip" if kind == "zip" else "a.jsonl")
    if kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.jsonl", data)
    else:
        path.write_bytes(importlib.import_module(kind).compress(data))
    del data
    tracemalloc.start()
    try:
        items = list(read_paths([path], max_article_bytes=20_000))
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [type(item) for item in items] == [Reject, Article]
    assert held < 40_000_000


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (["ppt/presentation.xml"], "a presentation"),
    ],
)
def test_documents_of_other_programs_are_named(tmp_path: Path, parts: list[str], told: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        for part in parts:
            archive.writestr(part, "<a/>")
    _, rejects, _ = sort_out(tmp_path / "a.docx")
    assert [told in reason for _, reason in rejects] == [True]

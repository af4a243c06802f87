"""What each format makes of good and of bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Reject, Warned
from indexer.ingest.readers import read_paths
from indexer.ingest.readers.keys import KEYS, KeyMap
from indexer.ingest.readers.wire_copy import split_header
from indexer.schema import BY_NAME

GOOD = {"judul": "Judul", "isi": "Air surut di Demak."}


def read(
    folder: Path, name: str, data: str | bytes, **options: Any
) -> tuple[list[Article], list[Reject], list[Warned]]:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    items = list(read_paths([path], **options))
    return (
        [item for item in items if isinstance(item, Article)],
        [item for item in items if isinstance(item, Reject)],
        [item for item in items if isinstance(item, Warned)],
    )


def test_every_field_has_keys_and_only_fields_have() -> None:
    # What no key is for goes to "extra".
    assert set(KEYS) == set(BY_NAME) - {"extra"}


def nest(path: str, value: Any) -> dict[str, Any]:
    """A record in which ``path`` leads to ``value``."""
    step, _, rest = path.partition("].") if "[" in path.partition(".")[0] else path.partition(".")
    key, _, condition = step.strip("]").partition("[")
    inner = nest(rest, value) if rest else value
    if not condition:
        return {key: inner}
    name, _, wanted = condition.partition("=")
    inner = inner if isinstance(inner, dict) else {"name": inner}
    return {key: [{name: "lain", "name": "salah"}, {**inner, name: wanted}]}


@pytest.mark.parametrize(
    ("key", "field"),
    [(key, field) for field, keys in KEYS.items() for key in keys if "+" not in key],
)
def test_every_known_key_is_understood_in_any_case(key: str, field: str) -> None:
    value = "2022-07-20" if field == "published_at" else "nilai"
    if ("." in key or "[" in key) and not key.startswith("DC."):
        found = KeyMap().rename(nest(key, value)).values[field]
        assert value in str(found)
        assert "lain" not in str(found)
        return
    for spelling in (key, key.upper(), key.replace("_", " ").title(), key.replace("_", "")):
        assert KeyMap().rename({spelling: value}).values == {field: value}


def test_first_key_with_a_value_counts_and_the_rest_is_kept() -> None:
    record = {"summary": "Ringkas", "content": "", "isi": "Lengkap", "title": None, "judul": "A"}
    assert KeyMap().rename(record).values == {
        "title": "A",
        "body": "Lengkap",
        "extra": {"summary": "Ringkas"},
    }


def test_mapped_keys_go_first() -> None:
    keys = KeyMap(
        {"Naskah Akhir": "body", "kop": "title", "judul": "category", "meta.isi": "place"}
    )
    record = {"naskah_akhir": "B", "isi": "x", "kop": "T", "judul": "K", "meta": {"isi": "Solo"}}
    values = keys.rename(record).values
    extra = {"isi": "x", "meta": {"isi": "Solo"}}
    assert values == {"body": "B", "title": "T", "category": "K", "place": "Solo", "extra": extra}
    assert keys.list_unseen() == []


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("berita_judul", "title"),
        ("newsTitle", "title"),
        ("clean_body", "body"),
        ("isi_lengkap", "body"),
        ("post_tags", "tags"),
        ("tgl_posting", "published_at"),
        ("artikel_penulis", "authors"),
        ("ts", "published_at"),
        ("epoch", "published_at"),
        ("unix_time", "published_at"),
        ("timestamp_ms", "published_at"),
        ("createdAtUnix", "published_at"),
        ("published_ts", "published_at"),
    ],
)
def test_keys_mean_what_is_left_without_words_that_say_nothing(key: str, field: str) -> None:
    assert list(KeyMap().rename({key: "nilai"}).values) == [field]


@pytest.mark.parametrize("key", ["judul_seo", "post_name", "id_kategori", "meta_description_tag"])
def test_other_keys_are_kept_as_they_are(key: str) -> None:
    assert KeyMap().rename({key: "nilai"}).values == {"extra": {key: "nilai"}}


# --- JSON Lines ---------------------------------------------------------------------------------


def test_json_lines_go_on_behind_bad_ones(tmp_path: Path) -> None:
    good = json.dumps(GOOD)
    data = "\n".join(
        ["\ufeff" + good, "", '{"judul": "Putus', "[1, 2]", "12", '{"foo": 1}', '{"isi": ""}', good]
    )
    articles, rejects, warnings = read(tmp_path, "a.jsonl", data)
    assert len(articles) == 2
    assert not warnings
    assert [(reject.line, reject.reason.split(":")[0]) for reject in rejects] == [
        (3, "broken JSON"),
        (4, "it is a JSON list, not an object"),
        (5, "it is a JSON number, not an object"),
        (6, "no text"),
        (7, "no text"),
    ]
    assert rejects[0].excerpt == '{"judul": "Putus'
    assert "(foo)" in rejects[3].reason
    assert "--map" not in rejects[3].reason
    assert str(rejects[3]).endswith("; name it with --map KEY=body")


def test_json_lines_with_nan_and_raw_control_characters(tmp_path: Path) -> None:
    data = '{"judul": "A", "isi": "Satu\tdua", "penulis": NaN}\n'
    articles, rejects, _ = read(tmp_path, "a.jsonl", data)
    assert not rejects
    assert articles[0].authors == []
    assert articles[0].body == "Satu dua"


def test_json_lines_decode_a_line_that_is_not_utf8(tmp_path: Path) -> None:
    data = json.dumps(GOOD).encode() + b"\n" + '{"isi": "Kafé “Demak”"}\n'.encode("cp1252")
    articles, rejects, warnings = read(tmp_path, "a.jsonl", data)
    assert not rejects
    assert articles[1].body == "Kafé “Demak”"
    assert [str(warning) for warning in warnings] == [
        f"{tmp_path / 'a.jsonl'}:2: the line is not UTF-8; read as cp1252"
    ]


def test_json_line_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    data = "[" * 100_000 + "]" * 100_000 + "\n" + json.dumps(GOOD)
    articles, rejects, _ = read(tmp_path, "a.jsonl", data)
    assert len(articles) == 1
    assert [reject.reason for reject in rejects] == ["broken JSON: nested too deeply"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_json_lines_in_two_byte_encodings(tmp_path: Path, encoding: str) -> None:
    data = "".join(json.dumps({**GOOD, "id": f"é{number}"}) + "\n" for number in range(2_000))
    articles, rejects, _ = read(tmp_path, "a.jsonl", data.encode(encoding))
    assert [article.id for article in articles] == [f"é{number}" for number in range(2_000)]
    assert not rejects


def test_broken_escapes_in_ids_stay_apart(tmp_path: Path) -> None:
    escapes = ("\\ud800", "\\ud801", "x\\udfff")
    data = "".join(f'{{"id": "{escape}", "isi": "Air {escape} surut."}}\n' for escape in escapes)
    articles, rejects, _ = read(tmp_path, "a.jsonl", data)
    assert len({article.id for article in articles}) == 3
    assert not rejects
    assert all(article.to_dict() and article.body.encode() for article in articles)


def test_bodies_inside_objects(tmp_path: Path) -> None:
    body = {"content": {"blocks": [{"type": "p", "text": "Satu."}, {"type": "p", "text": "Dua."}]}}
    articles, _, _ = read(tmp_path, "a.jsonl", json.dumps({"judul": "A", "isi": body}))
    assert [article.body for article in articles] == ["Satu.\nDua."]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", "Air\0 surut di Demak, kata warga setempat kemarin sore itu juga."),
        ("a.csv", "judul,isi\nA\0,Air surut di Demak sejak kemarin sore kata warga itu.\n"),
        ("a.jsonl", '{"judul": "A\0", "isi": "Air surut di Demak sejak kemarin sore itu juga."}'),
    ],
)
def test_a_stray_zero_byte_costs_nothing(tmp_path: Path, name: str, data: str) -> None:
    articles, rejects, _ = read(tmp_path, name, data)
    assert len(articles) == 1
    assert not rejects
    assert "\0" not in articles[0].title + articles[0].body


def test_json_line_over_the_limit_is_refused_and_skipped(tmp_path: Path) -> None:
    data = json.dumps({"isi": "a" * 5000}) + "\n" + json.dumps(GOOD) + "\n"
    articles, rejects, _ = read(tmp_path, "a.jsonl", data, max_article_bytes=1000)
    assert [article.title for article in articles] == ["Judul"]
    assert [reject.line for reject in rejects] == [1]
    assert "over the limit" in rejects[0].reason


# --- JSON documents -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        [GOOD, GOOD],
        {"articles": [GOOD, GOOD]},
        {"meta": {"total": 2}, "data": [GOOD, GOOD], "next": None},
        {"hits": {"total": 2, "hits": [{"_source": GOOD}, {"_source": GOOD}]}},
        {"response": {"docs": [GOOD, GOOD]}},
    ],
)
def test_json_documents_of_many_forms(tmp_path: Path, document: Any) -> None:
    for indent in (None, 2):
        articles, rejects, _ = read(tmp_path, "a.json", json.dumps(document, indent=indent))
        assert [article.title for article in articles] == ["Judul", "Judul"]
        assert not rejects


def test_json_document_of_one_article(tmp_path: Path) -> None:
    articles, rejects, _ = read(tmp_path, "a.json", json.dumps({**GOOD, "tags": ["a", "b"]}))
    assert [article.tags for article in articles] == [["a", "b"]]
    assert not rejects


def test_json_lines_named_json(tmp_path: Path) -> None:
    articles, rejects, _ = read(tmp_path, "a.json", (json.dumps(GOOD) + "\n") * 3)
    assert len(articles) == 3
    assert not rejects


def test_json_array_goes_on_behind_a_broken_element(tmp_path: Path) -> None:
    good = json.dumps(GOOD, indent=1)
    data = f'[\n{good},\n{{"judul": "Rusak", "isi": oops}},\n{good},\n7,\n{good}\n]'
    articles, rejects, _ = read(tmp_path, "a.json", data)
    assert len(articles) == 3
    assert [(reject.line, reject.reason) for reject in rejects] == [
        (6, "broken JSON: Expecting value"),
        (11, "it is a JSON number, not an object"),
    ]
    assert "Rusak" in rejects[0].excerpt


@pytest.mark.parametrize("cut", [1, 5, 20, 45])
def test_json_array_that_ends_early(tmp_path: Path, cut: int) -> None:
    data = json.dumps([GOOD, GOOD, GOOD])
    articles, rejects, _ = read(tmp_path, "a.json", data[:-cut])
    assert len(articles) in (2, 3)
    assert len(rejects) == 1
    assert "broken JSON" in rejects[0].reason


def test_json_document_larger_than_a_chunk(tmp_path: Path) -> None:
    many = [{"id": number, "isi": f"Air surut {number}. " + "é" * 2000} for number in range(900)]
    articles, rejects, _ = read(tmp_path, "a.json", json.dumps(many, ensure_ascii=False))
    assert [article.id for article in articles] == [str(number) for number in range(900)]
    assert not rejects


@pytest.mark.parametrize("data", ["", "x", "nul", "[[[", "{", '{"a"', '{"a":', "[1,", "]", '"a"'])
def test_json_that_is_no_document(tmp_path: Path, data: str) -> None:
    articles, rejects, _ = read(tmp_path, "a.json", data)
    assert not articles
    assert rejects


def test_json_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    _, rejects, _ = read(tmp_path, "a.json", "[" * 100_000)
    assert rejects


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_json_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    text = json.dumps([{"isi": "Kafé “Demak” ramai. " * 5}], ensure_ascii=False)
    articles, rejects, warnings = read(tmp_path, "a.json", text.encode(encoding))
    assert not rejects
    assert articles[0].body.startswith("Kafé “Demak” ramai.")
    assert len(warnings) == (encoding == "cp1252")


# --- tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_tables_with_any_delimiter(tmp_path: Path, delimiter: str) -> None:
    rows = [["Judul", "Isi", "Tag"], ["A", '"Satu,\ndua;\ttiga|"', "x"], ["B", "Empat", ""]]
    data = "\r\n".join(delimiter.join(row) for row in rows)
    articles, rejects, _ = read(tmp_path, "a.csv", data)
    assert [article.title for article in articles] == ["A", "B"]
    assert articles[0].body == "Satu,\ndua; tiga|"
    assert not rejects


def test_table_rows_that_do_not_fit(tmp_path: Path) -> None:
    data = "judul,isi\nA,Satu\nB,Dua,lebih\n\nC\nD,Empat\n"
    articles, rejects, _ = read(tmp_path, "a.csv", data)
    assert [article.title for article in articles] == ["A", "D"]
    assert [(reject.line, reject.reason) for reject in rejects] == [
        (
            3,
            "3 values where the header names 2: a value with a separator in it needs "
            "quotation marks",
        ),
        (5, "no text: it has a title only"),
    ]
    assert rejects[0].excerpt == "B | Dua | lebih"


def test_table_without_a_column_of_text(tmp_path: Path) -> None:
    articles, rejects, _ = read(tmp_path, "a.csv", "nama,umur\nBudi,12\n")
    assert not articles
    assert "none of its keys (nama, umur)" in rejects[0].reason
    articles, rejects, _ = read(tmp_path, "b.csv", "nama,umur\nBudi,12\n", mapping={"umur": "body"})
    assert [article.body for article in articles] == ["12"]


def test_table_line_numbers_count_lines_inside_quotes(tmp_path: Path) -> None:
    data = 'judul,isi\nA,"satu\ndua\ntiga"\nB,\n'
    _, rejects, _ = read(tmp_path, "a.csv", data)
    assert [reject.line for reject in rejects] == [5]


def test_table_in_windows_encoding(tmp_path: Path) -> None:
    data = "judul;isi\nKafé;Kafé “Demak” – ramai\n".encode("cp1252")
    articles, _, warnings = read(tmp_path, "a.csv", data)
    assert articles[0].body == "Kafé “Demak” – ramai"
    assert [warning.reason for warning in warnings] == ["the file is not UTF-8; read as cp1252"]


@pytest.mark.parametrize("rows_behind", [3, 40_000])
def test_table_quotation_mark_that_never_closes(tmp_path: Path, rows_behind: int) -> None:
    # With 40,000 rows behind it the value passes the limit before the file ends.
    data = 'judul,isi\nA,Satu\nB,"Dua\n' + "C,Air surut di Demak\n" * rows_behind
    articles, rejects, _ = read(tmp_path, "a.csv", data, max_article_bytes=200_000)
    assert len(articles) == 1 + rows_behind
    assert [(reject.line, reject.excerpt) for reject in rejects] == [(3, 'B,"Dua')]
    assert "does not end" in rejects[0].reason


@pytest.mark.parametrize(
    ("data", "bodies"),
    [
        ("sep=;\njudul;isi\nA;Satu, dua\n", ["Satu, dua"]),
        ("sep=\t\njudul\tisi\nA\tSatu\n", ["Satu"]),
        ('"judul";"isi"\n"A";"Kata: \\"Siap,\\" lalu."\n', ['Kata: "Siap," lalu.']),
        ('"judul","isi","penulis"\n"A","Satu \\"dua\\"",\\N\n', ['Satu "dua"']),
        (
            'judul\tisi\nA\t"Siap," kata dia.\\nBaris\\t\\\\ dua\n',
            ['"Siap," kata dia.\nBaris \\ dua'],
        ),
        ('judul\tisi\nA\t"Satu ""dua"""\n', ['Satu "dua"']),
        ('judul\tisi\nA\t"Satu\ndua"\n', ["Satu\ndua"]),
        ("judul,isi\nA,Satu C:\\baru\n", ["Satu C:\\baru"]),
        ("id;judul,lengkap;isi\n1;A;Satu\n", ["Satu"]),
        ("jud\rul,isi\nA,Satu\n", None),
    ],
)
def test_tables_are_read_as_they_were_written(
    tmp_path: Path, data: str, bodies: list[str] | None
) -> None:
    for name in ("a.csv", "a.tsv", "a.txt"):
        articles, rejects, _ = read(tmp_path, name, data)
        if bodies is not None:
            assert [article.body for article in articles] == bodies
            assert not rejects
            assert all(article.authors == [] for article in articles)


def test_table_with_a_column_named_twice(tmp_path: Path) -> None:
    articles, rejects, _ = read(tmp_path, "a.csv", "judul,isi,isi\nA,Satu,\nB,,Dua\n")
    assert [article.body for article in articles] == ["Satu", "Dua"]
    assert not rejects
    articles, _, _ = read(tmp_path, "b.csv", "judul,isi,isi\nA,Satu,Lain\n")
    assert [(article.body, article.extra) for article in articles] == [("Satu", {"isi_2": "Lain"})]


def test_table_value_over_the_limit(tmp_path: Path) -> None:
    data = "judul,isi\nA," + "x" * 200_000 + "\nB,Dua\n"
    articles, rejects, _ = read(tmp_path, "a.csv", data, max_article_bytes=150_000)
    assert [article.title for article in articles] == ["B"]
    assert [reject.line for reject in rejects] == [2]


# --- wire copy ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values", "body"),
    [
        (
            "Harga Cabai Turun\n\nSOLO - Harga cabai turun.",
            {"title": "Harga Cabai Turun"},
            "SOLO - Harga cabai turun.",
        ),
        (
            "Harga Cabai Turun, Pedagang Lega?\nRabu, 20 Juli 2022\nHarga cabai turun.",
            {"title": "Harga Cabai Turun, Pedagang Lega?"},
            "Rabu, 20 Juli 2022\nHarga cabai turun.",
        ),
        ("SOLO, KOMPAS.com - Harga cabai turun", {}, "SOLO, KOMPAS.com - Harga cabai turun"),
        (
            "jpnn.com, SOLO - Harga turun\nWarga senang.",
            {},
            "jpnn.com, SOLO - Harga turun\nWarga senang.",
        ),
        ("Harga cabai turun.\nWarga senang.", {}, "Harga cabai turun.\nWarga senang."),
        ("Hanya satu baris", {}, "Hanya satu baris"),
        (
            "SIARAN PERS\nNomor: 12/HM/2024\n\nHarga Cabai Turun\n\nHarga turun: murah.",
            {"letterhead": "SIARAN PERS Nomor: 12/HM/2024", "title": "Harga Cabai Turun"},
            "Harga turun: murah.",
        ),
        (
            "PASAR\nHarga Cabai Turun\nOleh Rina\nHarga turun: murah.",
            {"kicker": "PASAR", "title": "Harga Cabai Turun"},
            "Oleh Rina\nHarga turun: murah.",
        ),
        (
            "HARGA CABAI TURUN\nPedagang mengeluh.",
            {"title": "HARGA CABAI TURUN"},
            "Pedagang mengeluh.",
        ),
        (
            "Judul: Harga Turun\nTanggal: 20 Juli 2022\nPenulis: Budi\n\nHarga turun: murah.",
            {"title": "Harga Turun", "published_at": "20 Juli 2022", "authors": "Budi"},
            "Harga turun: murah.",
        ),
        ("Penulis: Budi\nHarga turun.", {}, "Penulis: Budi\nHarga turun."),
        (
            "Judul: Harga Turun\n----\nPenulis: Budi\n\nIsi:\nHarga turun.",
            {"title": "Harga Turun", "authors": "Budi"},
            "Harga turun.",
        ),
        ("", {}, ""),
    ],
)
def test_headers_of_wire_copy(text: str, values: dict[str, str], body: str) -> None:
    assert split_header(text) == (values, body)


def test_wire_copy_file(tmp_path: Path) -> None:
    text = (
        "Harga Cabai Turun di Semua Pasar\r\nRahma Dewi - Kabarkita\r\n"
        "Rabu, 20 Jul 2022 13:05 WITA\r\n\r\nSolo - Harga cabai turun di semua pasar tradisional."
        "\r\n\r\nBaca juga: Stok Melimpah, Petani Cabai Mengeluh\r\n\r\nWarga senang."
        "\r\n\r\n(rhm/dew)"
    )
    articles, rejects, _ = read(tmp_path, "a.txt", "\ufeff" + text)
    assert not rejects
    article = articles[0]
    assert article.title == "Harga Cabai Turun di Semua Pasar"
    assert article.body == "Harga cabai turun di semua pasar tradisional.\nWarga senang."
    assert article.authors == ["Rahma Dewi"]
    assert (article.source, article.place) == ("Kabarkita", "Solo")
    assert article.published_at == "2022-07-20T13:05:00+08:00"
    assert article.related == ["Stok Melimpah, Petani Cabai Mengeluh"]


@pytest.mark.parametrize("rule", ["====================\n\n", "\n\n", "*****\n"])
def test_a_file_of_several_articles(tmp_path: Path, rule: str) -> None:
    one = "JUDUL: Harga Turun\nTANGGAL: 20 Juli 2022\n\nSOLO - Harga cabai turun di semua pasar.\n"
    two = "JUDUL: Air Surut\nTANGGAL: 21 Juli 2022\n\nDEMAK - Air surut di semua desa hari itu.\n"
    articles, rejects, _ = read(tmp_path, "a.txt", one + rule + two)
    assert not rejects
    assert [(one.title, one.place, one.body) for one in articles] == [
        ("Harga Turun", "Solo", "Harga cabai turun di semua pasar."),
        ("Air Surut", "Demak", "Air surut di semua desa hari itu."),
    ]


def test_a_rule_within_an_article_does_not_cut_it(tmp_path: Path) -> None:
    text = "JUDUL: Harga Turun\nTANGGAL: 20 Juli 2022\n\nHarga turun.\n=====\nJudul: buku\n"
    articles, _, _ = read(tmp_path, "a.txt", text)
    assert [one.title for one in articles] == ["Harga Turun"]


@pytest.mark.parametrize("rule", ["=====\n\n", "\n"])
def test_an_article_may_lack_a_label_that_the_others_of_its_file_have(
    tmp_path: Path, rule: str
) -> None:
    dates = ("Tanggal: 20 Juli 2022\n", "", "Tanggal: 21 Juli 2022\n")
    copies = [
        f"Judul: Kabar {n}\n{date}\nHarga cabai turun di {n} pasar.\n"
        for n, date in enumerate(dates)
    ]
    articles, _, _ = read(tmp_path, "a.txt", rule.join(copies))
    assert [one.title for one in articles] == ["Kabar 0", "Kabar 1", "Kabar 2"]
    assert [one.body for one in articles][1:2] == ["Harga cabai turun di 1 pasar."]


def test_a_review_is_not_cut_at_the_data_of_its_book(tmp_path: Path) -> None:
    text = (
        "Judul: Dari Belitung\nPenulis: Ratna\nTanggal: 20 Juli 2022\n\nNovel itu terbit lagi.\n\n"
        "Judul: Laskar Pelangi\nPenulis: Andrea Hirata\n\nCeritanya tetap memikat."
    )
    (article,), _, _ = read(tmp_path, "a.txt", text)
    assert (article.title, article.authors) == ("Dari Belitung", ["Ratna"])
    assert article.body.endswith("Ceritanya tetap memikat.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "cp1252", "mac_roman"])
def test_wire_copy_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Kafé “Demak” tutup – sementara. Jum’at lalu masih ramai pengunjung dari luar kota."
    articles, rejects, _ = read(tmp_path, "a.txt", text.encode(encoding))
    assert not rejects
    assert articles[0].body == text


def test_wire_copy_over_the_limit(tmp_path: Path) -> None:
    _, rejects, _ = read(tmp_path, "a.txt", "a" * 2000, max_article_bytes=1000)
    assert [reject.reason for reject in rejects] == ["the file is over the limit of 1,000 bytes"]


# --- anything -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.json", "a.csv", "a.tsv", "a.jsonl.gz"])
@given(
    data=st.one_of(
        st.binary(max_size=200),
        st.text('[]{}":,\n\\u0123abcisi\t;é', max_size=200).map(str.encode),
        st.lists(
            st.sampled_from(
                (
                    '{"isi": "a b c"}',
                    "\n",
                    "[",
                    "]",
                    ",",
                    '{"isi": ',
                    "isi,judul\n",
                    "\x1f\x8b",
                    "é",
                )
            ),
            max_size=12,
        ).map(lambda parts: "".join(parts).encode("latin-1")),
    )
)
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / name
    path.write_bytes(data)
    for item in read_paths([path]):
        assert isinstance(item, Article | Reject | Warned)


@pytest.mark.parametrize(
    ("line", "read", "left"),
    [
        ("Edisi: Selasa, 1 Juli 2025", "2025-07-01", False),
        ("Dimuat di koran: 1/7/2025", "2025-07-01", False),
        ("Bahan: 2 kg tepung", "", True),
        ("Hari: Selasa", "", True),
        ("\nJadwal: 1 Juli 2025", "", True),
    ],
)
def test_a_date_under_any_label_of_a_header(
    tmp_path: Path, line: str, read: str, left: bool
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"Judul: Satu\nPenulis: Ratna Sari\n{line}\nAir surut di kali.", "utf-8")
    (article,) = read_paths([path])
    assert isinstance(article, Article)
    assert article.published_at[:10] == read
    assert (line.strip() in article.body) == left


_ROWS = [
    json.dumps({"judul": f"Berita {n}", "isi": "Warga pulang ke rumah. " * 4}) for n in range(5)
]


@pytest.mark.parametrize(
    "data",
    [
        '{"status": "ok", "data": [\n' + ",\n".join(_ROWS) + "\n]}",
        '{"articles":\n[\n  ' + ",\n  ".join(_ROWS) + "\n]\n}\n",
        '{\n"articles": [\n' + "\n,".join(_ROWS) + '\n],\n"next": null}',
        '{"data": [' + ",\n".join(_ROWS) + "\n]}",
    ],
)
def test_a_list_with_one_record_a_line_is_one_value(tmp_path: Path, data: str) -> None:
    """The last record has no comma behind it, and so is a value of its own."""
    for name in ("a.json", "a.jsonl", "a.txt"):
        articles, rejects, warnings = read(tmp_path, name, data.encode())
        assert [article.title for article in articles] == [f"Berita {n}" for n in range(5)], name
        assert (rejects, warnings) == ([], [])


@pytest.mark.parametrize("broken", ['{"judul": "Patah', '{"judul": "Patah",', "{rusak", "{"])
def test_a_broken_first_line_leaves_the_others_lines(tmp_path: Path, broken: str) -> None:
    articles, rejects, _ = read(tmp_path, "a.jsonl", "\n".join([broken, *_ROWS]).encode())
    assert len(articles) == 5
    assert [reject.line for reject in rejects] == [1]

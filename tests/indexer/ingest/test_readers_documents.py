"""What newsrooms send besides exports: documents, e-mails, saved pages, terminals' output, tables
that nobody gave a header.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from indexer.article import Article, Reject, Warned
from indexer.ingest.readers import documents, find_inputs, read_content, read_paths
from indexer.ingest.readers.input import Progress
from indexer.ingest.readers.keys import KeyMap

TITLE = "Petani Sumbawa Panen Jagung Lebih Awal"
FIRST = "Petani di Kecamatan Moyo memanen jagung dua pekan lebih awal karena hujan datang cepat."
SECOND = "Kepala desa berkata gudang belum siap, dan sebagian hasil dijual ke tengkulak."
STORY = f"{FIRST}\n{SECOND}"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def word(*paragraphs: str, prolog: str = "") -> str:
    inside = "".join(f"<w:p>{one}</w:p>" for one in paragraphs)
    return f'{prolog}<w:document xmlns:w="{WORD}"><w:body>{inside}</w:body></w:document>'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


COPY = word(
    run(TITLE),
    run("SUMBAWA, ") + run("KabarSamawa.id - ") + run(FIRST[:20]) + run(FIRST[20:]),
    "",
    run(SECOND),
    "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r><w:del><w:delText>lama</w:delText></w:del>",
)


def pack(path: Path, name: str, content: str | bytes, **others: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, inside in others.items():
            archive.writestr(other, inside)
        archive.writestr(name, content)
    return path


def read(path: Path) -> tuple[list[Article], list[str]]:
    items = list(read_paths([path]))
    articles = [item for item in items if isinstance(item, Article)]
    return articles, [item.reason for item in items if isinstance(item, Reject | Warned)]


def test_a_document_of_word(tmp_path: Path) -> None:
    (article,), told = read(pack(tmp_path / "naskah.docx", "word/document.xml", COPY))
    assert (article.title, article.body, article.place) == (TITLE, STORY, "Sumbawa")
    assert (article.source, told) == ("kabarsamawa.id", [])


def test_a_document_of_opendocument(tmp_path: Path) -> None:
    content = (
        f'<office xmlns:text="{TEXT}"><text:h>{TITLE}</text:h><text:p>SUMBAWA -<text:s/>{FIRST}'
        f"</text:p><text:p>{SECOND[:6]}<text:span>{SECOND[6:]}</text:span></text:p></office>"
    )
    path = pack(tmp_path / "naskah.odt", "content.xml", content, mimetype="application/vnd.x")
    (article,), told = read(path)
    assert (article.title, article.body, article.place, told) == (TITLE, STORY, "Sumbawa", [])


def test_documents_in_an_archive(tmp_path: Path) -> None:
    inner = pack(tmp_path / "a.docx", "word/document.xml", COPY).read_bytes()
    (article,), told = read(pack(tmp_path / "kiriman.zip", "sumbawa/a.docx", inner))
    assert (article.title, told) == (TITLE, [])


def test_a_spreadsheet_is_no_document(tmp_path: Path) -> None:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    articles, told = read(pack(tmp_path / "a.ods", "content.xml", "<x/>", mimetype=kind))
    assert articles == []
    assert told == ["it is an OpenDocument spreadsheet; save it as .xlsx or CSV"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the document is damaged"),
        (COPY[: len(COPY) // 2], "the document is damaged"),
        (word(run("x"), prolog='<!DOCTYPE a [<!ENTITY b "c">]>'), "declares entities"),
        (word("<w:r>" * 600 + "</w:r>" * 600), "nested too deeply"),
        (
            word(run("x"), prolog='<?xml version="1.0" encoding="foo"?>'),
            "encoding that is not read",
        ),
        (word(run("x"), prolog='<?xml version="1.0" encoding="utf-7"?>'), "encoding that is not"),
        (word(), "no text"),
        (word(run("jagung " * 400_000)), "over the limit of 2,000,000 bytes"),
    ],
)
def test_bad_documents_get_one_sentence(tmp_path: Path, content: str, reason: str) -> None:
    articles, told = read(pack(tmp_path / "a.docx", "word/document.xml", content))
    assert articles == []
    assert [reason in one for one in told] == [True]


def test_a_document_that_expands_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MAX_DOCUMENT", 200_000)
    bomb = word(*[""] * 50_000)
    _, told = read(pack(tmp_path / "a.docx", "word/document.xml", bomb))
    assert told == ["unpacked it is over the limit of 200,000 bytes"]
    monkeypatch.setattr(documents, "_MOST_ELEMENTS", 100)
    _, told = read(pack(tmp_path / "a.docx", "word/document.xml", word("<w:r/>" * 200)))
    assert told == ["its elements are nested too deeply, or one paragraph has too many"]
    (article,), _ = read(pack(tmp_path / "a.docx", "word/document.xml", word(*[run(FIRST)] * 90)))
    assert article.body.count(FIRST) == 90


HEADERS = (
    "From: Redaksi <redaksi@k.example>\nSubject: Fwd: =?utf-8?Q?Petani_Sumbawa_Panen_Jagung?=\n"
    "\t=?utf-8?Q?_Lebih_Awal?=\nDate: Tue, 10 Jun 2025 08:00:00 +0800\nMIME-Version: 1.0\n"
)
PLAIN = (
    f"Content-Type: text/plain; charset=utf-8\n\nSUMBAWA - {FIRST}\n\n{SECOND}\n\n-- \nRedaksi\n"
)
MARKED = f"Content-Type: text/html; charset=utf-8\n\n<p>SUMBAWA - {FIRST}</p><p>{SECOND}</p>\n"
ALTERNATIVES = (
    f'Content-Type: multipart/alternative; boundary="b"\n\n--b\n{PLAIN}\n--b\n{MARKED}\n--b--\n'
)


@pytest.mark.parametrize("body", [PLAIN, MARKED, ALTERNATIVES])
def test_an_email(tmp_path: Path, body: str) -> None:
    path = tmp_path / "kiriman"
    path.write_text(HEADERS + body, "utf-8")
    (article,), told = read(path)
    assert (article.title, article.body, article.place) == (TITLE, STORY, "Sumbawa")
    assert (article.published_at, told) == ("2025-06-10T08:00:00+08:00", [])


@pytest.mark.parametrize(
    "body",
    [
        f"\n{FIRST}\n\n--\n\n{SECOND}\n\n--\nRedaksi\n",
        f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n{FIRST}\n--b\n"
        f"Content-Type: image/png\n\nx\n--b\n\n{SECOND}\n--b--\n",
        f"Content-Type: multipart/alternative; boundary=b\n\n--b\n\n\n--b\n{MARKED}\n--b--\n",
        "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nLihat versi HTML.\n--b\n"
        f"{MARKED}\n--b--\n",
    ],
)
def test_no_part_of_an_emails_text_is_lost(tmp_path: Path, body: str) -> None:
    path = tmp_path / "a.eml"
    path.write_text(HEADERS + body, "utf-8")
    (article,), told = read(path)
    assert (article.body.replace("--\n", ""), told) == (STORY, [])


def test_an_attached_text_is_the_article(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    attachment = "Content-Disposition: attachment; filename=Naskah.txt\nContent-Type: text/plain\n"
    path.write_text(
        f"{HEADERS}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nTerlampir.\n--b\n"
        f"{attachment}\nJudul: Dua\n\n{FIRST}\n--b--\n",
        "utf-8",
    )
    (article,), told = read(path)
    assert (article.title, article.body, told) == ("Dua", FIRST, [])


def test_a_mailbox_has_several_messages(tmp_path: Path) -> None:
    path = tmp_path / "kiriman.eml"
    begin = "From redaksi Tue Jun 10 08:00:00 2025\n"
    path.write_text(f"{begin}{HEADERS}\n{FIRST}\n\n{begin}{HEADERS}\n{SECOND}\n", "utf-8")
    articles, told = read(path)
    assert ([one.body for one in articles], told) == ([FIRST, SECOND], [])


def test_a_text_that_quotes_a_header_is_no_email(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"Judul: {TITLE}\nPenulis: Rina\n\n{FIRST}\nReceived: {SECOND}\n", "utf-8")
    (article,), _ = read(path)
    assert (article.title, article.authors) == (TITLE, ["Rina"])


def test_an_archive_of_articles_is_no_document(tmp_path: Path) -> None:
    posts = f"<posts><post><title>{TITLE}</title><body>{FIRST}</body></post></posts>"
    other = f"Pasar Seketeng Ramai\n\n{SECOND}"
    path = pack(tmp_path / "kiriman.zip", "content.xml", posts, **{"b.txt": other})
    articles, told = read(path)
    assert [one.title for one in articles] == ["Pasar Seketeng Ramai", TITLE]
    assert told == []


def test_a_document_attached_to_an_email(tmp_path: Path) -> None:
    from email.message import EmailMessage

    message = EmailMessage()
    message["Subject"] = "naskah hari ini"
    message["Date"] = "Tue, 10 Jun 2025 08:00:00 +0800"
    message.set_content("Mohon dimuat.")
    inner = pack(tmp_path / "a.docx", "word/document.xml", COPY).read_bytes()
    message.add_attachment(inner, maintype="application", subtype="x", filename="Naskah.docx")
    message.add_attachment(b"PK", maintype="application", subtype="x", filename="rusak.docx")
    path = tmp_path / "a.eml"
    path.write_bytes(bytes(message))
    (article,), told = read(path)
    assert (article.title, article.published_at) == (TITLE, "2025-06-10T08:00:00+08:00")
    assert ["damaged" in one for one in told] == [True]


def test_a_saved_page(tmp_path: Path) -> None:
    page = f"<html><head><title>{TITLE}</title></head><body><article><p>{FIRST}</p><p>{SECOND}</p>"
    path = tmp_path / "halaman.mhtml"
    path.write_text(
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://k.example/jagung\n"
        "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
        f"--b\nContent-Type: text/html\n\n{page}\n--b\nContent-Type: image/png\n\nx\n--b--\n",
        "utf-8",
    )
    (article,), told = read(path)
    assert (article.title, article.body, told) == (TITLE, STORY, [])
    assert article.url == "https://k.example/jagung"


@pytest.mark.parametrize(
    "text",
    [
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n",
        "From: a\nSubject: =?utf-8?B?!!!?=\nMIME-Version: 1.0\n\n",
        "Content-Type: text/plain; charset=x-none\nDate: (((((\nMIME-Version: 1.0\n\n\n",
    ],
)
def test_an_email_without_a_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.eml"
    path.write_text(text, "utf-8")
    articles, told = read(path)
    assert articles == []
    assert ["no text" in one for one in told] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Subject: " + "=?utf-8?Q?x?= " * 20_000 + "\nMIME-Version: 1.0\n\nx",
        "MIME-Version: 1.0\nContent-Type: text/plain; " + "a=b; " * 20_000 + "\n\nx",
        "To: " + "<" * 200_000 + "\nMIME-Version: 1.0\n\nx",
        "MIME-Version: 1.0\n" + "Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 5_000,
        "MIME-Version: 1.0\n" + "Content-Type: message/rfc822\n\n" * 5_000,
    ],
)
def test_endless_headers_cost_little(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.eml"
    path.write_text(text, "utf-8")
    articles, told = read(path)
    assert articles == []
    assert len(told) == 1


LIST = f"""\
# Arsip
- judul: {TITLE}
  tanggal: 2025-06-10
  tags: [jagung, panen]
  isi: |
    SUMBAWA - {FIRST}

    {SECOND}
- judul: "Rusak
- judul: Pasar Seketeng Ramai
  penulis:
  - nama: Rina Wulandari
  isi: {FIRST}
"""


def test_a_list_of_yaml(tmp_path: Path) -> None:
    path = tmp_path / "arsip.yaml"
    path.write_text(LIST, "utf-8")
    (one, two), told = read(path)
    assert (one.title, one.body, one.place, one.tags) == (
        TITLE,
        STORY,
        "Sumbawa",
        ["jagung", "panen"],
    )
    assert (two.title, two.authors) == ("Pasar Seketeng Ramai", ["Rina Wulandari"])
    assert ["broken item: no YAML" in reason for reason in told] == [True]


@pytest.mark.parametrize(
    "text",
    [
        f"---\njudul: {TITLE}\nisi: {FIRST}\n---\njudul: Dua\nisi: {SECOND}\n",
        f"berita:\n  - judul: {TITLE}\n    isi: {FIRST}\n  - judul: Dua\n    isi: {SECOND}\n",
        f"a-1:\n  judul: {TITLE}\n  isi: {FIRST}\na-2:\n  judul: Dua\n  isi: {SECOND}\n",
    ],
)
def test_other_documents_of_yaml(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.yml"
    path.write_text(text, "utf-8")
    articles, told = read(path)
    assert [article.title for article in articles] == [TITLE, "Dua"]
    assert told == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- &a {judul: x, isi: y}\n- [*a, *a]\n", "no text"),
        ("a: &a x\nb: *a\n", "refers to itself"),
        ("- " + "[" * 2_000, "broken item"),
        ("x\n", "it is no object"),
    ],
)
def test_bad_yaml(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text, "utf-8")
    _, told = read(path)
    assert any(reason in one for one in told) or reason == "no text"


MYSQL = f"""\
*************************** 1. row ***************************
      id: 7
   judul: {TITLE}
     isi: {FIRST}
{SECOND}
bahasa : bukan kolom
tgl_muat: 2025-06-10 08:00:00
*************************** 2. row ***************************
      id: 8
   judul: Dua
     isi: {FIRST}
tgl_muat: NULL
2 rows in set (0.00 sec)
"""
PSQL = f"""\
-[ RECORD 1 ]---------------
id       | 7
judul    | {TITLE}
isi      | {FIRST}+
         | {SECOND}
tgl_muat | 2025-06-10 08:00:00
-[ RECORD 2 ]---------------
id       | 8
judul    | Dua
isi      | {FIRST}
tgl_muat |
"""


@pytest.mark.parametrize("text", [MYSQL.replace("bahasa : bukan kolom\n", ""), PSQL])
def test_rows_of_a_databases_client(tmp_path: Path, text: str) -> None:
    path = tmp_path / "hasil.txt"
    path.write_text(text, "utf-8")
    (one, two), told = read(path)
    assert (one.id, one.title, one.body) == ("7", TITLE, STORY)
    assert one.published_at == "2025-06-10T08:00:00+07:00"
    assert (two.title, two.body, two.published_at, told) == ("Dua", FIRST, "", [])


def test_a_value_of_several_lines_is_no_column(tmp_path: Path) -> None:
    path = tmp_path / "hasil.txt"
    path.write_text(MYSQL, "utf-8")
    (one, _), _ = read(path)
    assert one.body == f"{STORY}\nbahasa : bukan kolom"


def test_a_table_without_a_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f'7,2025-06-10 08:00,{TITLE},Daerah,"{FIRST} {SECOND}",https://k.example/7,12\n'
        f'8,2025-06-11 08:00,Dua Desa Terendam,Kota,"{FIRST}",https://k.example/8,9\n',
        "utf-8",
    )
    (one, two), told = read(path)
    assert (one.id, one.title, one.body) == ("7", TITLE, f"{FIRST} {SECOND}")
    assert (one.category, one.url) == ("Daerah", "https://k.example/7")
    assert two.published_at == "2025-06-11T08:00:00+07:00"
    assert told == [
        "no line names its columns; by their values they are "
        "id, published_at, title, category, body, url, column 7"
    ]


@pytest.mark.parametrize("mark", ["\t", ";", "|"])
def test_commas_of_prose_are_no_columns(tmp_path: Path, mark: str) -> None:
    text = "Warga Demak, Kudus, Pati, Jepara, Rembang, dan Blora, kata Rina, menunggu bantuan. "
    rows = [("2025-06-10", TITLE, f"{text}{FIRST}"), ("2025-06-11", "Dua", f"{SECOND} {text}")]
    path = tmp_path / "a.csv"
    path.write_text("".join(f"{mark.join(row)}\n" for row in rows), "utf-8")
    articles, _ = read(path)
    assert [(one.title, one.body) for one in articles] == [
        (title, body.strip()) for _, title, body in rows
    ]


@pytest.mark.parametrize("above", ["# Ekspor\n# 2025\n", "LAPORAN BERITA;;\n;;\n", "\n\n"])
def test_lines_above_a_header_are_passed(tmp_path: Path, above: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{above}id;judul;isi\n7;{TITLE};{FIRST}\n", "utf-8")
    (article,), told = read(path)
    assert (article.id, article.title, article.body, told) == ("7", TITLE, FIRST, [])


def test_formats_are_told_by_their_first_bytes(tmp_path: Path) -> None:
    for name, text in (("psql", PSQL), ("surat", HEADERS + PLAIN)):
        (tmp_path / name).write_text(text, "utf-8")
    paths, warnings = find_inputs(
        [tmp_path / "psql", tmp_path / "surat"], None, KeyMap(), Progress()
    )
    assert (len(paths), warnings) == (2, [])
    assert len(list(read_content("psql", PSQL.encode(), KeyMap()))) == 2

"""E-books: a chapter is an article."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from indexer.article import Article, Reject, Warned
from indexer.ingest.readers import read_paths

STORY = "<p>Warga Sukamaju menunggu kabar baik di pasar pagi ini bersama para pedagang sayur.</p>"
ABOUT = (
    "<dc:title>Suara Desa, edisi 3</dc:title><dc:publisher>Suara Media</dc:publisher>"
    "<dc:creator>Redaksi</dc:creator><dc:date>2024-05-01</dc:date>"
    "<dc:identifier>urn:suara:3</dc:identifier>"
)
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="%s"/></rootfiles></container>'
)


def write_page(title: str, head: str = "", text: str = STORY * 4) -> str:
    return (
        f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head>'
        f"<title>{title}</title>{head}</head><body><section><h1>{title}</h1>{text}</section></body>"
        "</html>"
    )


def write_package(names: list[str], about: str = ABOUT, prolog: str = "") -> str:
    items = "".join(
        f'<item id="p{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(names)
    )
    order = "".join(f'<itemref idref="p{number}"/>' for number in range(len(names)))
    return (
        f'{prolog}<package xmlns="http://www.idpf.org/2007/opf" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{about}</metadata><manifest>{items}'
        f'<item id="css" href="a.css" media-type="text/css"/></manifest><spine>{order}</spine>'
        "</package>"
    )


def read(
    path: Path,
    pages: dict[str, str],
    package: str | bytes = "",
    folder: str = "OEBPS/",
    **others: str,
) -> tuple[list[Article], list[str], list[str]]:
    write_book(path, pages, package, folder, others=others)
    return read_again(path)


def write_book(
    path: Path,
    pages: dict[str, str],
    package: str | bytes = "",
    folder: str = "OEBPS/",
    packed: int = zipfile.ZIP_STORED,
    others: Mapping[str, str] = MappingProxyType({}),
) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER % f"{folder}content.opf")
        archive.writestr(f"{folder}content.opf", package or write_package(list(pages)))
        for name, text in pages.items():
            archive.writestr(folder + name.replace("%20", " "), text, packed)
        for name, text in others.items():
            archive.writestr(f"META-INF/{name}.xml", text)


def read_again(*paths: Path) -> tuple[list[Article], list[str], list[str]]:
    items = list(read_paths(list(paths)))
    return (
        [item for item in items if isinstance(item, Article)],
        [item.reason for item in items if isinstance(item, Reject)],
        [item.reason for item in items if isinstance(item, Warned)],
    )


@pytest.mark.parametrize("name", ["a.epub", "a.bin", "a.zip"])
@pytest.mark.parametrize("folder", ["", "OEBPS/", "isi/buku/"])
def test_each_chapter_is_an_article(tmp_path: Path, name: str, folder: str) -> None:
    pages = {
        "cover.xhtml": "<html><body><img src='a.jpg'/></body></html>",
        "bab%202.xhtml": write_page("Dua"),
        "bab1.xhtml": write_page("Satu"),
    }
    articles, rejects, warnings = read(tmp_path / name, pages, folder=folder)
    assert [one.title for one in articles] == ["Dua", "Satu"]
    assert articles[1].id.startswith(f"urn:suara:3/{folder}bab1.xhtml#")
    assert articles[1].body.startswith("Warga Sukamaju menunggu")
    assert {one.source for one in articles} == {"Suara Media"}
    assert {one.published_at for one in articles} == {"2024-05-01T00:00:00+07:00"}
    assert articles[0].authors == ["Redaksi"]
    assert articles[0].extra == {"book": "Suara Desa, edisi 3"}
    assert rejects == []
    assert ["1 page with hardly any text" in told for told in warnings] == [True]


def test_a_story_of_an_issue_has_its_own_author_and_date(tmp_path: Path) -> None:
    head = (
        '<meta name="author" content="Rina Lestari"/>'
        '<meta property="article:published_time" content="2024-04-30T08:00:00+07:00"/>'
    )
    articles, _, _ = read(tmp_path / "a.epub", {"a.xhtml": write_page("Satu", head)})
    assert articles[0].authors == ["Rina Lestari"]
    assert articles[0].published_at == "2024-04-30T08:00:00+07:00"


def test_a_book_may_say_nothing_of_itself(tmp_path: Path) -> None:
    package = write_package(["a.xhtml"], "<dc:title>Dongeng</dc:title>")
    articles, _, _ = read(tmp_path / "a.epub", {"a.xhtml": write_page("Satu")}, package)
    assert articles[0].source == "Dongeng"
    assert articles[0].id.startswith("Dongeng/OEBPS/a.xhtml#")


@pytest.mark.parametrize(
    ("package", "others", "told"),
    [
        ("", {"encryption": "<e><CipherReference URI='OEBPS/a.xhtml'/></e>"}, "is encrypted"),
        (write_package(["a.xhtml", "b.xhtml"]), {}, "has no such file"),
        ("<package>", {}, "the e-book is damaged"),
        (write_package(["a.xhtml"])[:200], {}, "the e-book is damaged"),
        (
            write_package(["a.xhtml"], prolog='<!DOCTYPE a [<!ENTITY b "bbbb">]>'),
            {},
            "declares entities",
        ),
    ],
)
def test_bad_books_get_one_sentence(
    tmp_path: Path, package: str, others: dict[str, str], told: str
) -> None:
    _, rejects, _ = read(tmp_path / "a.epub", {"a.xhtml": write_page("Satu")}, package, **others)
    assert [told in reason for reason in rejects] == [True]


def test_a_book_without_its_package_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.epub", "w") as archive:
        archive.writestr("META-INF/container.xml", CONTAINER % "tidak-ada.opf")
    (found,) = read_paths([tmp_path / "a.epub"])
    assert isinstance(found, Reject)
    assert "the e-book is damaged" in found.reason


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.epub").write_bytes(b"\x00\x01bukan buku" * 50)
    (found,) = read_paths([tmp_path / "a.epub"])
    assert isinstance(found, Reject)


@pytest.mark.parametrize(
    "about",
    [
        "<dc:title>Kabar %s</dc:title><dc:identifier>urn:issn:1234-5678</dc:identifier>",
        "<dc:title>Kabar</dc:title><dc:date>%s</dc:date>",
        "<dc:title>Kabar</dc:title>",
        "<dc:identifier>urn:issn:1234-5678</dc:identifier>",
        "",
    ],
)
def test_issues_of_a_magazine_do_not_replace_each_other(tmp_path: Path, about: str) -> None:
    issues = [tmp_path / f"{number}.epub" for number in (1, 2, 3)]
    for number, path in enumerate(issues, start=1):
        pages = {name: write_page(f"Kabar {number} {name}") for name in ("ch1.xhtml", "ch2.xhtml")}
        whole = write_package(list(pages), about.replace("%s", f"2026-0{number}"))
        write_book(path, pages, whole)
    articles, rejects, _ = read_again(*issues)
    assert [len({one.id for one in articles}), rejects] == [6, []]
    again, _, _ = read_again(*issues)
    assert [one.id for one in again] == [one.id for one in articles]


@pytest.mark.parametrize(
    "name",
    [
        *("cover-story.xhtml", "laporan-sampul.xhtml", "nav-al.xhtml", "cover_2.xhtml"),
        *("toc/bab1.xhtml", "sampul.xhtml", "toc-h.xhtml", "title-fight.xhtml", "navigasi.xhtml"),
        *("cover.xhtml", "daftar-isi-dompet.xhtml", "contents.xhtml"),
    ],
)
def test_a_story_is_read_whatever_its_page_is_called(tmp_path: Path, name: str) -> None:
    articles, rejects, warnings = read(tmp_path / "a.epub", {name: write_page("Satu")})
    assert [len(articles), rejects, warnings] == [1, [], []]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("cover.xhtml", "<p>Sampul</p>", "1 page with hardly any text: OEBPS/cover.xhtml"),
        ("p1.xhtml", "<p>Suara Desa</p><p>Edisi 3</p>", "hardly any text: OEBPS/p1.xhtml"),
        ("p1.xhtml", "<img src='a.jpg'/>", "hardly any text: OEBPS/p1.xhtml"),
        ("copyright.xhtml", "<p>Hak cipta dilindungi oleh undang-undang.</p>", "hardly any text"),
        (
            "toc.xhtml",
            "".join(f"<p><a href='{n}.xhtml'>Kabar dari desa {n}</a></p>" for n in range(30)),
            "1 page of links to others: OEBPS/toc.xhtml",
        ),
    ],
)
def test_pages_around_the_stories_are_left_out_with_the_reason(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    pages = {name: write_page("Depan", text=text), "bab.xhtml": write_page("Satu")}
    articles, rejects, warnings = read(tmp_path / "a.epub", pages)
    assert [len(articles), rejects, len(warnings)] == [1, [], 1]
    assert told in warnings[0]


def test_a_short_story_is_read(tmp_path: Path) -> None:
    text = "<p>Kereta terakhir ke Sukamaju berangkat lebih awal.</p>"
    articles, _, warnings = read(tmp_path / "a.epub", {"a.xhtml": write_page("Kilas", text=text)})
    assert [len(articles), warnings] == [1, []]


@pytest.mark.parametrize(
    "text",
    [
        "<article><p>Satu.</p>%s</article><article><p>Dua.</p></article>",
        "<p>Satu.</p><section>%s</section><section><p>Dua.</p></section>",
        "<header><p>Satu.</p></header>%s<footer><p>Dua.</p></footer>",
        "%s<aside><p>Satu.</p></aside><div class='widget'><p>Dua.</p></div>",
        "<h1>Satu.</h1>%s<h1>Dua.</h1>",
        "<article><p>Satu.</p></article>" * 4 + "%s<article><p>Dua.</p></article>",
        "<p>Satu.</p><div class='content'>%s</div><blockquote>Dua.</blockquote>",
        "<main>%s</main><p>Satu.</p><p>Dua.</p>",
    ],
)
def test_all_of_a_page_is_read(tmp_path: Path, text: str) -> None:
    page = write_page("Kabar", text=text.replace("%s", STORY * 20))
    articles, rejects, warnings = read(tmp_path / "a.epub", {"a.xhtml": page})
    assert [rejects, warnings] == [[], []]
    assert [piece in articles[0].body for piece in ("Satu.", "menunggu", "Dua.")] == [True] * 3


def test_a_page_out_of_order_is_told(tmp_path: Path) -> None:
    package = write_package(["/OEBPS/a.xhtml", "b.xhtml"]).replace('idref="p1"', 'idref="x"')
    articles, _, warnings = read(tmp_path / "a.epub", {"a.xhtml": write_page("Satu")}, package)
    assert len(articles) == 1
    told = "left out 1 page that the book's reading order does not name: OEBPS/b.xhtml"
    assert warnings == [told]


def test_pages_in_other_formats_are_told(tmp_path: Path) -> None:
    package = write_package(["a.xhtml", "b.pdf"]).replace(
        'b.pdf" media-type="application/xhtml+xml', 'b.pdf" media-type="application/pdf'
    )
    articles, _, warnings = read(tmp_path / "a.epub", {"a.xhtml": write_page("Satu")}, package)
    assert [len(articles), warnings] == [
        1,
        ["left out 1 page in other formats than XHTML: OEBPS/b.pdf"],
    ]


def _find(path: Path, name: str) -> tuple[bytearray, int, int]:
    """The bytes of an archive, where the entry begins, and where its contents do."""
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(name).header_offset
    return bytearray(path.read_bytes()), start, start + 30 + len(name)


def _damage(path: Path, name: str) -> None:
    data, _, contents = _find(path, name)
    data[contents + 4 : contents + 30] = b"\xff" * 26
    path.write_bytes(data)


def _set_flags(path: Path, name: str, flags: int, method: int = 8) -> None:
    data, start, _ = _find(path, name)
    listed = data.rindex(b"PK\1\2", 0, data.rindex(name.encode()))
    for place in (start + 6, listed + 8):
        struct.pack_into("<HH", data, place, flags, method)
    path.write_bytes(data)


@pytest.mark.parametrize("packed", [0, 8, 12, 14])
def test_a_damaged_page_costs_no_other(tmp_path: Path, packed: int) -> None:
    path = tmp_path / "a.epub"
    write_book(path, {f"{n}.xhtml": write_page(f"Bab {n}") for n in range(5)}, packed=packed)
    _damage(path, "OEBPS/1.xhtml")
    articles, rejects, _ = read_again(path)
    assert [one.title for one in articles] == ["Bab 0", "Bab 2", "Bab 3", "Bab 4"]
    assert ["the page is damaged (" in reason for reason in rejects] == [True]


@pytest.mark.parametrize(
    ("flags", "method", "told"),
    [
        (0x01, 8, "the page needs a password"),
        (0x01, 99, "the page needs a password"),
        (0x41, 8, "packed in a way that is not read (strong encryption"),
        (0x00, 97, "packed in a way that is not read"),
    ],
)
def test_a_page_that_cannot_be_unpacked_costs_no_other(
    tmp_path: Path, flags: int, method: int, told: str
) -> None:
    path = tmp_path / "a.epub"
    write_book(path, {f"{n}.xhtml": write_page(f"Bab {n}") for n in range(3)}, packed=8)
    _set_flags(path, "OEBPS/1.xhtml", flags, method)
    articles, rejects, _ = read_again(path)
    assert [one.title for one in articles] == ["Bab 0", "Bab 2"]
    assert [told in reason for reason in rejects] == [True]


@pytest.mark.parametrize("encoding", ["shift_jis", "utf-7", "foo", "base64", "euc_kr", "rot13"])
def test_a_package_in_an_odd_encoding_gets_one_sentence(tmp_path: Path, encoding: str) -> None:
    package = write_package(["a.xhtml"], prolog=f'<?xml version="1.0" encoding="{encoding}"?>')
    _, rejects, _ = read(tmp_path / "a.epub", {"a.xhtml": write_page("Satu")}, package)
    assert ["encoding that is not read" in reason for reason in rejects] == [True]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: one + " " * 4_000_000, "its OEBPS/content.opf is over the limit of 4,000,000"),
        (lambda one: one.replace("<itemref", "<other"), "the e-book lists no pages of text"),
    ],
)
def test_a_package_that_cannot_be_used_is_told_so(
    tmp_path: Path, change: Callable[[str], str], told: str
) -> None:
    package = change(write_package(["a.xhtml"]))
    articles, rejects, _ = read(tmp_path / "a.epub", {"a.xhtml": write_page("Satu")}, package)
    assert articles == []
    assert [told in reason for reason in rejects] == [True]


def test_a_page_that_is_listed_often_is_read_once(tmp_path: Path) -> None:
    package = write_package(["a.xhtml", "a.xhtml#dua", "./a.xhtml"]).replace(
        "<itemref", '<itemref idref="p0"/>' * 1_000 + "<itemref"
    )
    articles, rejects, _ = read(tmp_path / "a.epub", {"a.xhtml": write_page("Satu")}, package)
    assert [len(articles), rejects] == [1, []]


def test_a_book_that_unpacks_without_end_is_not(tmp_path: Path) -> None:
    pages = {f"{number:02}.xhtml": " " * 6_000_001 for number in range(20)}
    path = tmp_path / "a.epub"
    write_book(path, {"00.xhtml": write_page("Satu"), **dict(list(pages.items())[1:])}, packed=8)
    articles, rejects, _ = read_again(path)
    assert len(articles) == 1
    assert len([one for one in rejects if "is over the limit of 6,000,000 bytes" in one]) == 17
    assert rejects[-1] == (
        "the last 2 pages are not read: of a book's pages at most 100,000,000 bytes are unpacked"
    )

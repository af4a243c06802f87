"""E-books: a chapter is an article."""

from __future__ import annotations

import zipfile
from pathlib import Path

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
    path: Path, pages: dict[str, str], package: str = "", folder: str = "OEBPS/", **others: str
) -> tuple[list[Article], list[str], list[str]]:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER % f"{folder}content.opf")
        archive.writestr(f"{folder}content.opf", package or write_package(list(pages)))
        for name, text in pages.items():
            archive.writestr(folder + name.replace("%20", " "), text)
        for name, text in others.items():
            archive.writestr(f"META-INF/{name}.xml", text)
    items = list(read_paths([path]))
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
    assert articles[1].id == f"urn:suara:3/{folder}bab1.xhtml"
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
    assert (articles[0].id, articles[0].source) == ("Dongeng/OEBPS/a.xhtml", "Dongeng")


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

"""What of a damaged index can be saved: every article whose own bytes are whole."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from support.batches import Draft, build_batch

from indexer.article import Article
from indexer.engine.embedded import Lost, open_engine, survey
from indexer.engine.embedded.container import PAGE_BYTES, Container
from indexer.errors import IndexNotFound

COUNT = 900


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = random.Random(4)
    words = [f"kata{number}" for number in range(3_000)]
    drafts = [
        Draft(f"artikel-{n}", f"judul {n}", " ".join(rng.choices(words, k=60)))
        for n in range(COUNT)
    ]
    path = tmp_path / "index"
    with open_engine(path, create=True).writer() as writer:
        writer.add(build_batch(drafts))
        writer.commit()
        writer.delete(["artikel-5", "artikel-6"])
        writer.commit()
    return path


def read(folder: Path) -> tuple[dict[str, Article], list[Lost]]:
    articles: dict[str, Article] = {}
    lost = []
    for one in survey(folder).articles():
        if isinstance(one, Lost):
            lost.append(one)
        else:
            assert one.id not in articles
            articles[one.id] = one
    return articles, lost


def find_pack(folder: Path) -> Path:
    (path,) = folder.glob("*.pack")
    return path


def find_section(pack: Path, name: str) -> tuple[int, int]:
    """(offset in the file, bytes) of a section."""
    container = Container(pack)
    section = container[name]
    at = pack.read_bytes().find(section.values.tobytes())
    return at, section.values.nbytes


def overwrite(pack: Path, at: int, content: bytes) -> None:
    with pack.open("r+b") as file:
        file.seek(at)
        file.write(content)


LIVE = {f"artikel-{n}" for n in range(COUNT)} - {"artikel-5", "artikel-6"}


def test_a_whole_index_is_read_as_it_is(folder: Path) -> None:
    expected = {article.id: article for article in open_engine(folder).snapshot().all_articles()}
    assert read(folder) == (expected, [])
    assert set(expected) == LIVE


def test_one_altered_byte_costs_one_article(folder: Path) -> None:
    pack = find_pack(folder)
    at, size = find_section(pack, "stored")
    assert size > PAGE_BYTES
    for place in (at + 9_000, at + size // 2):
        overwrite(pack, place, bytes([pack.read_bytes()[place] ^ 4]))
    articles, lost = read(folder)
    assert len(lost) == 2
    assert set(articles) == LIVE - {one.id for one in lost}
    assert all(one.path == str(pack) and "damaged" in one.reason for one in lost)


@pytest.mark.parametrize("section", ["stored.offsets", "ids.offsets", "ids.text", "exact.postings"])
def test_a_section_of_zeros_costs_none(folder: Path, section: str) -> None:
    pack = find_pack(folder)
    at, size = find_section(pack, section)
    overwrite(pack, at, bytes(size))
    articles, lost = read(folder)
    assert set(articles) >= LIVE
    assert all(one.id is None for one in lost)


@pytest.mark.parametrize("share", [0.1, 0.6, 0.99])
def test_a_file_that_is_cut_short_gives_what_stands_before_the_cut(
    folder: Path, share: float
) -> None:
    pack = find_pack(folder)
    at, size = find_section(pack, "stored")
    pack.write_bytes(pack.read_bytes()[: at + int(size * share)])
    articles, lost = read(folder)
    assert lost[0].document == -1
    assert len(articles) >= COUNT * share * 0.9


def test_a_file_without_its_directory_gives_all(folder: Path) -> None:
    pack = find_pack(folder)
    pack.write_bytes(pack.read_bytes()[:-60])
    articles, _ = read(folder)
    assert set(articles) >= LIVE


def test_without_a_table_the_newest_version_of_an_article_comes_last(folder: Path) -> None:
    with open_engine(folder).writer() as writer:
        writer.add(build_batch([Draft("artikel-1", "judul baru", "isi baru")]))
        writer.commit()
    for table in folder.glob("*.toc"):
        table.unlink()
    there = survey(folder)
    assert not there.knows_deletions
    titles = [
        one.title for one in there.articles() if isinstance(one, Article) and one.id == "artikel-1"
    ]
    assert titles == ["judul 1", "judul baru"]


def test_a_missing_file_is_named(folder: Path) -> None:
    pack = find_pack(folder)
    pack.unlink()
    articles, lost = read(folder)
    assert articles == {}
    assert [(one.path, one.document, one.reason) for one in lost] == [
        (str(pack), -1, "the file is missing")
    ]


def test_a_folder_without_an_index_has_nothing(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound):
        survey(tmp_path)


def test_any_damage_leaves_the_rest(folder: Path) -> None:
    """Random holes anywhere in the file: nothing is made up, little is lost."""
    pack = find_pack(folder)
    whole = pack.read_bytes()
    expected, _ = read(folder)
    # Each article needs the dictionary that they share.
    shared, size = find_section(pack, "dictionaries")
    rng = random.Random(9)
    for _ in range(25):
        damaged = bytearray(whole)
        for _ in range(3):
            at = rng.randrange(len(damaged))
            if shared - 16 < at < shared + size:
                continue
            damaged[at : at + 16] = rng.randbytes(16)
        pack.write_bytes(damaged[: len(whole)])
        articles = {one.id: one for one in survey(folder).articles() if isinstance(one, Article)}
        assert len(set(articles) & set(expected)) >= len(expected) - 6
        assert all(articles[one] == expected[one] for one in set(articles) & set(expected))

"""What a run learns of publishers nobody listed, on whole inputs."""

from __future__ import annotations

import random
from pathlib import Path

import orjson
import pytest

from indexer.article import Article
from indexer.ingest.habits import HABITS_FILE, Habits, load_habits, read_with_habits
from indexer.ingest.readers import read_paths

PLACES = (
    *("Baubau", "Kendari", "Wanci", "Kolaka", "Lasusua", "Ereke", "Tiworo", "Rumbia", "Molawe"),
    *("Wawotobi", "Poasia", "Jakarta", "Buranga", "Batauga", "Tolandona"),
)
STORIES = (
    "Nelayan menunda melaut karena angin kencang",
    "Warga memperbaiki jembatan gantung yang putus",
    "Rusman Emba meninjau sawah yang kering",
    "Petani memanen padi lebih awal tahun ini",
    "KPU menetapkan daftar pemilih tetap",
    "Siti Rahmawati menang lomba menyelam",
)
END = "Warga berharap keadaan segera pulih nomor {number}. Petugas berjaga sampai malam hari."


def write_articles(
    folder: Path, head: str, *, tail: str = "", count: int = 100, source: str = "Lensa Bahari"
) -> list[tuple[str, str]]:
    """Articles that begin with ``head``; the place and the story of each."""
    rows, wanted = [], []
    for number in range(count):
        choice = random.Random(number)
        place, story = choice.choice(PLACES), choice.choice(STORIES)
        begin = head.format(place=place, capitals=place.upper(), day=1 + number % 28)
        text = f"{begin}{story}, kata warga, Senin.\n{END.format(number=number)}{tail}"
        rows.append({"id": str(number), "judul": f"Kabar Nomor {number} dari Daerah", "isi": text})
        if source:
            rows[-1]["sumber"] = source
        wanted.append((place, story))
    (folder / "artikel.jsonl").write_bytes(b"\n".join(map(orjson.dumps, rows)))
    return wanted


def read_all(folder: Path, habits: Habits) -> list[Article]:
    items = read_with_habits(read_paths([folder / "artikel.jsonl"]), habits)
    return [item for item in items if isinstance(item, Article)]


@pytest.mark.parametrize("source", ["Lensa Bahari", ""])
@pytest.mark.parametrize(
    "head",
    [
        "Lensa Bahari | {place} — ",
        "Lensa Bahari, {place} - ",
        "{capitals} ## ",
        "{place}: ",
        "{place}\n",
        "({place}, LB) ",
        "Lensa Bahari ({place}): ",
        "[{capitals}] ",
        "LENSA BAHARI - {capitals}. ",
        "{place} // ",
        "Lensa Bahari/Sultra - {place} - ",
        "{day} Juni 2025 | {place} - ",
        "Redaksi Lensa, {place} >> ",
        "{place} [Lensa Bahari] — ",
    ],
)
def test_an_outlet_never_seen_is_read_within_a_hundred_articles(
    tmp_path: Path, head: str, source: str
) -> None:
    wanted = write_articles(tmp_path, head, source=source)
    articles = read_all(tmp_path, Habits())
    right = [
        article.place == place and article.body.startswith(story)
        for article, (place, story) in zip(articles, wanted, strict=True)
    ]
    assert sum(right) >= 90
    assert all(head.split("{")[0] in article.original() for article in articles)


def test_a_line_that_comes_again_is_kept_out_of_search_and_shown(tmp_path: Path) -> None:
    line = "Sapa redaksi lewat surel, atau klik tautan di bio setiap hari."
    write_articles(tmp_path, "", tail=f"\n{line}")
    habits = Habits()
    articles = read_all(tmp_path, habits)
    assert all(article.body.endswith("sampai malam hari.") for article in articles)
    assert all(article.original().endswith(line) for article in articles)
    assert habits.describe()["lensa bahari"]["lines_left_out"] == 100


def test_prose_that_comes_again_stays(tmp_path: Path) -> None:
    line = "Harga itu belum termasuk pajak penghasilan sebesar dua persen."
    write_articles(tmp_path, "", tail=f" {line}")
    assert all(article.body.endswith(line) for article in read_all(tmp_path, Habits()))


def test_pairs_of_names_teach_nothing(tmp_path: Path) -> None:
    names = ("Anwar", "Budiman", "Ganjar", "Mahfud", "Anies", "Muhaimin", "Rusia", "Ukraina")
    rows = [
        {"id": f"{left}{right}", "judul": "Kabar", "isi": f"{left} - {right} bertemu, Senin (6/3)."}
        for left in names
        for right in names
        if left != right
    ]
    (tmp_path / "artikel.jsonl").write_bytes(b"\n".join(map(orjson.dumps, rows)))
    articles = read_all(tmp_path, Habits())
    assert len(articles) == len(rows)
    assert not any(article.place for article in articles)
    assert all(article.body.count(" - ") == 1 for article in articles)


def test_few_articles_teach_nothing(tmp_path: Path) -> None:
    write_articles(tmp_path, "Lensa Bahari | {place} — ", count=5)
    assert all(article.body.startswith("Lensa") for article in read_all(tmp_path, Habits()))


def test_what_was_learned_is_kept_and_reading_again_changes_nothing(tmp_path: Path) -> None:
    write_articles(tmp_path, "Lensa Bahari | {place} — ")
    habits = load_habits(tmp_path)
    first = read_all(tmp_path, habits)
    habits.save(tmp_path)
    written = (tmp_path / HABITS_FILE).read_bytes()
    again = load_habits(tmp_path)
    assert read_all(tmp_path, again) == first
    again.save(tmp_path)
    assert (tmp_path / HABITS_FILE).read_bytes() == written
    # One article alone is read as it was among the others.
    write_articles(tmp_path, "Lensa Bahari | {place} — ", count=1)
    assert read_all(tmp_path, load_habits(tmp_path)) == first[:1]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"learned": {"a": 1}, "samples": {}}'])
def test_a_damaged_file_is_learned_anew(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / HABITS_FILE).write_bytes(damage)
    assert not load_habits(tmp_path).learned


def test_titles_made_of_a_head_are_made_anew(tmp_path: Path) -> None:
    wanted = write_articles(tmp_path, "Lensa Bahari | {place} — ")
    rows = [orjson.loads(line) for line in (tmp_path / "artikel.jsonl").read_bytes().split(b"\n")]
    (tmp_path / "artikel.jsonl").write_bytes(
        b"\n".join(orjson.dumps({key: row[key] for key in ("id", "isi")}) for row in rows)
    )
    articles = read_all(tmp_path, Habits())
    assert all(
        article.title.startswith(story[:20])
        for article, (_, story) in zip(articles, wanted, strict=True)
    )

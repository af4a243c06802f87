"""What plugins add to a story is no part of it; what a story says of itself is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.article import Warned
from indexer.ingest.plain_text import clean_text, join_paragraphs
from indexer.ingest.readers import read_paths
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.wire import parse

STORY = "Air sungai surut sejak pagi."


@pytest.mark.parametrize(
    "added",
    [
        '<div class="sharedaddy sd-sharing-enabled"><h3>Bagikan:</h3><ul><li>X</li></ul></div>',
        '<div class="sd-block sd-like"><h3>Suka ini:</h3></div>',
        '<div id="jp-relatedposts" class="jp-relatedposts"><h3>Terkait</h3><a>Lain</a></div>',
        '<div class="addtoany_share_save_container addtoany_content"><a>Kirim</a></div>',
        '<div class="a2a_kit"><a>Kirim</a></div>',
    ],
)
def test_buttons_below_a_story_are_left_out(added: str) -> None:
    assert clean_text(f"<p>{STORY}</p>{added}").strip() == STORY


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Air {loadposition tengah}surut.", "Air surut."),
        ("Air surut. {gallery}foto/2024{/gallery}", "Air surut."),
        ("Air surut. {youtube}a1B2c3{/youtube}", "Air surut."),
        ("{loadmodule mod_iklan,Iklan}Air surut.", "Air surut."),
        ("{tab Pagi}Air masih tinggi.{/tabs}", "Air masih tinggi."),
        ("Rumus {a+b} tetap, dan {nama} juga.", "Rumus {a+b} tetap, dan {nama} juga."),
        ("Himpunan {x | x > 0} tetap.", "Himpunan {x | x > 0} tetap."),
    ],
)
def test_tags_of_plugins_are_left_out(text: str, left: str) -> None:
    assert join_paragraphs(clean_text(text)) == left


@pytest.mark.parametrize(
    "added",
    [
        "Share this:\nFacebook\nX",
        "Bagikan ini:\nKlik untuk berbagi di X (Membuka di jendela yang baru)\nWhatsApp",
        "Menyukai ini:\nSuka Memuat...",
    ],
)
def test_the_labels_of_buttons_are_left_out(added: str) -> None:
    assert parse(f"{STORY}\n{added}").body == STORY


@pytest.mark.parametrize(
    "heading", ["Berita Terkait", "ARTIKEL LAINNYA", "Berita Terpopuler", "Pilihan Editor"]
)
def test_titles_under_a_heading_are_other_articles(heading: str) -> None:
    parts = parse(f"{STORY} (fjr)\n{heading}\nJembatan Gantung Dibuka Lagi")
    assert (parts.body, parts.related) == (STORY, ["Jembatan Gantung Dibuka Lagi"])


def test_a_heading_without_titles_is_left_alone() -> None:
    text = f"{STORY}\nBerita terkait\nmasih dikumpulkan oleh petugas di lapangan sampai sore ini."
    assert parse(text).body == text


def test_an_uploader_is_no_editor() -> None:
    parts = parse(f"{STORY}\nPewarta: Rina Wulan\nUploader: Dedi Kurnia\nEditor: Sari Mela")
    assert (parts.authors, parts.editors, parts.body) == (["Rina Wulan"], ["Sari Mela"], STORY)


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("terbit_pada", True),
        ("tayang_pada", True),
        ("dimuat_pada", True),
        ("diterbitkan_pada", True),
        ("tgl_tayang", True),
        ("waktu_terbit", True),
        ("publish_at", True),
        ("tgl_lahir", False),
        ("batas_waktu", False),
    ],
)
def test_a_column_named_for_a_publication_has_the_date(key: str, given: bool) -> None:
    values = KeyMap().rename({"judul": "Satu", "isi": STORY, key: "2024-05-02"}).values
    assert ("published_at" in values) == given


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"jadwal": "2024-05-02"}, {"jadwal": "3 Mei 2024"}], True),
        ([{"jadwal": "2024-05-02"}, {"jadwal": "menyusul"}], False),
        ([{"jadwal": "2024-05-02", "tanggal": "2024-05-01"}, {"jadwal": "2024-05-03"}], False),
        ([{"nomor": "20240502"}, {"nomor": "20240503"}], False),
    ],
)
def test_a_column_of_dates_that_no_key_names_is_told(
    tmp_path: Path, rows: list[dict[str, str]], told: bool
) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps(
            [
                {"id": str(number), "judul": "Satu", "isi": STORY, **row}
                for number, row in enumerate(rows)
            ]
        )
    )
    warnings = [str(one) for one in read_paths([path]) if isinstance(one, Warned)]
    assert any("--map jadwal=published_at" in one for one in warnings) == told

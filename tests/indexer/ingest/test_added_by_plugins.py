"""What plugins add to a story is no part of it; what a story says of itself is."""

from __future__ import annotations

import pytest

from indexer.ingest.plain_text import clean_text, join_paragraphs
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

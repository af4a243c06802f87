"""Bylines, captions and English dates above a story, and prose that only looks like one."""

from __future__ import annotations

import pytest

from indexer.ingest import wire

STORY = (
    "Warga berharap keadaan segera pulih. Petugas berjaga di tiap sudut sampai malam hari, "
    "kata Kepala Dinas Perdagangan."
)


@pytest.mark.parametrize(
    ("above", "place", "authors"),
    [
        ("Ratna Sari, Kontributor\nMAUMERE - ", "Maumere", ["Ratna Sari"]),
        ("Ratna Sari (Wartawan Sinar Flores)\nMAUMERE - ", "Maumere", ["Ratna Sari"]),
        ("Laporan Kontributor Sinar Lampung, Ratna Sari\nMETRO - ", "Metro", ["Ratna Sari"]),
        ("JAKARTA, June 10 (ANTARA) - ", "Jakarta", []),
        ("Penulis Ratna Sari\nMETRO - ", "Metro", ["Ratna Sari"]),
        ("Liputan: Ratna Sari dan Budi Hartono\nMETRO - ", "Metro", ["Ratna Sari", "Budi Hartono"]),
        ("Ratna Sari – Metro\nMETRO - ", "Metro", ["Ratna Sari"]),
        ("Pelapor: Ratna Sari\nMETRO - ", "Metro", ["Ratna Sari"]),
        ("MAUMERE\n\n", "Maumere", []),
        ("Maumere, Senin\n", "Maumere", []),
    ],
)
def test_lines_above_a_story_are_read(above: str, place: str, authors: list[str]) -> None:
    parts = wire.parse(above + STORY, title="Pasar Ikan Dibuka Lagi")
    assert (parts.body, parts.place, parts.authors) == (STORY, place, authors)


@pytest.mark.parametrize(
    "caption",
    [
        "Foto: Suasana pasar ikan di Muara Angke, Selasa (10/6/2025). (Ratna Sari/Kabar Kota)",
        "Suasana pasar ikan di Muara Angke. FOTO: RATNA SARI",
        "Suasana pasar ikan di Muara Angke. KABAR FOTO/Ratna Sari/wsj.",
        "*Pedagang Ikan Muara Angke Kembali Berjualan*",
        "SIARAN PERS\nPedagang Ikan Muara Angke Kembali Berjualan\nNomor: 12/HM/2025",
    ],
)
def test_a_dateline_behind_a_caption_is_read(caption: str) -> None:
    parts = wire.parse(f"{caption}\nJAKARTA - {STORY}", title="Pasar Ikan Dibuka Lagi")
    assert parts.place == "Jakarta"
    assert parts.body.endswith(STORY)


@pytest.mark.parametrize(
    "text",
    [
        'Mantan jurnalis sekaligus sutradara film "\n", Dandi, ditetapkan. ' + STORY,
        "Berdasarkan Laporan Ratna Sari\n" + STORY,
        "Kata Editor\n" + STORY,
        "Penulis Muda Berbakat\n" + STORY,
        "Narasumber: Ratna Sari\n" + STORY,
        "Maumere\nLarantuka\nEnde\n" + STORY,
        "Pemerintah Siapkan Bantuan\n" + STORY,
        "Maumere – Larantuka – Ende: tiga kota itu gelap. " + STORY,
        "Warga kembali ke Maumere\n" + STORY,
    ],
)
def test_prose_is_no_byline(text: str) -> None:
    parts = wire.parse(text, title="Pasar Ikan Dibuka Lagi")
    assert parts.authors == []
    assert parts.body.split() == text.split()


def test_someone_in_the_story_is_no_reporter() -> None:
    story = f"Menurut Ratna Sari, timnya siap. {STORY}"
    parts = wire.parse(f"Pelatih: Ratna Sari\nMETRO - {story}", title="Pasar Ikan Dibuka")
    assert (parts.authors, parts.place) == ([], "Metro")
    assert parts.body == f"Pelatih: Ratna Sari\n{story}"


def test_a_headline_is_no_byline() -> None:
    parts = wire.parse(f"Pemerintah Siapkan Bantuan\nMETRO - {STORY}", title="Pasar Ikan Dibuka")
    assert (parts.authors, parts.place) == ([], "Metro")
    assert parts.body == f"Pemerintah Siapkan Bantuan\n{STORY}"

"""The few fixtures that tests of every layer share. All are cheap."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

# Tests are of the sources as they are: the core may have been compiled before they were edited.
subprocess.run(
    [sys.executable, REPOSITORY / "indexer/engine/embedded/native/compile.py"], check=True
)

from support.brute_force import BruteForceEngine  # noqa: E402

from indexer.article import Article  # noqa: E402
from indexer.engine.embedded.container import Section  # noqa: E402

if os.environ.get("SEARCHSVC_TEST_COPIED_SECTIONS"):
    # For .ci/sanitize: an index read beyond the end of a section is then one beyond its memory.
    _make_section = Section.__init__

    def _copy_section(
        self: Section, file: Any, name: str, offset: int, values: Any, crcs: Any
    ) -> None:
        _make_section(self, file, name, offset, values.copy(), crcs)

    Section.__init__ = _copy_section  # type: ignore[method-assign]

# A busy machine is no reason to fail; nothing here asserts how long a thing takes.
os.environ.setdefault("SEARCHSVC_QUERY_DEADLINE_SECONDS", "0")
hypothesis.settings.register_profile("searchsvc", deadline=None)
hypothesis.settings.load_profile("searchsvc")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository; the test is skipped where it is missing."""
    default = REPOSITORY.parent / "shared" / "data"
    path = Path(os.environ.get("SEARCHSVC_SHARED_DATA", default))
    if not path.is_dir():
        pytest.skip(f"no shared data at {path}; set SEARCHSVC_SHARED_DATA to its folder")
    return path


@pytest.fixture
def brute_engine() -> BruteForceEngine:
    """An empty engine in memory."""
    return BruteForceEngine()


@pytest.fixture
def sample_articles() -> list[Article]:
    """Six articles of our own, of several sections, dates, places and inflections."""
    return [
        Article(
            id="serangan-pasar",
            title="Polisi Usut Serangan di Pasar Kota Lama",
            body="Polisi menyelidiki serangan yang melukai tiga pedagang pada Senin malam.\n"
            "Penyerang melarikan diri sebelum petugas tiba, kata Kapolres Budi Santosa.",
            url="https://contoh.example/serangan-pasar",
            source="Contoh Kabar",
            published_at="2022-07-20T13:05:00+07:00",
            category="Hukum",
            tags=["polisi", "pasar"],
            authors=["Rina Lestari"],
            place="Semarang",
        ),
        Article(
            id="panen-padi",
            title="Petani Sukaraja Mulai Memanen Padi",
            body="Para petani memanen padi lebih awal karena hujan turun tidak menentu.\n"
            "Hasil panenan tahun ini diperkirakan naik, ujar penyuluh pertanian setempat.",
            url="https://contoh.example/panen-padi",
            source="Harian Ladang",
            published_at="2022-07-21T07:30:00+07:00",
            category="Ekonomi",
            tags=["pertanian"],
            authors=["Joko Prasetyo"],
            agency="Antara",
            place="Sukaraja",
        ),
        Article(
            id="kerja-sama-iran",
            title="Indonesia dan Iran Perluas Kerja Sama Perdagangan",
            body="Menteri luar negeri kedua negara bertemu untuk memperluas hubungan dagang.\n"
            "Perluasan kerja sama itu mencakup energi, kesehatan dan pendidikan.",
            url="https://contoh.example/kerja-sama-iran",
            source="Contoh Kabar",
            published_at="2022-08-02T19:45:00+07:00",
            category="Internasional",
            tags=["diplomasi", "perdagangan"],
            authors=["Rina Lestari", "Adi Nugroho"],
            agency="Antara",
            place="Jakarta",
        ),
        Article(
            id="kpk-periksa",
            title="KPK Periksa Bupati soal Dana Jembatan",
            body="Komisi Pemberantasan Korupsi (KPK) memeriksa seorang bupati pada Kamis.\n"
            "Pemeriksaan berlangsung enam jam; bupati itu membantah menerima uang.",
            url="https://contoh.example/kpk-periksa",
            source="Suara Warga",
            published_at="2023-01-12T16:00:00+07:00",
            category="Hukum",
            tags=["korupsi"],
            authors=["Sari Wulandari"],
            place="Jakarta",
        ),
        Article(
            id="bekasi-menang",
            title="Persatuan Bekasi Menang Tipis atas Maluku Muda",
            body="Gol pada menit terakhir membawa Bekasi menang 2-1 atas Maluku Muda.\n"
            "Pemenang laga ini bertemu tim Bali di babak berikutnya, Sabtu (4/3/2023).",
            url="https://contoh.example/bekasi-menang",
            source="Harian Ladang",
            published_at="2023-03-01T21:15:00+07:00",
            category="Olahraga",
            tags=["sepak bola"],
            authors=["Joko Prasetyo"],
            place="Bekasi",
        ),
        Article(
            id="resep-tanpa-tanggal",
            title="Anak-anak Belajar Membuat Roti",
            body="Belasan anak mengikuti pelatihan membuat roti di balai warga.\n"
            "Mereka menguleni adonan sendiri lalu membawa pulang roti buatan mereka.",
            source="Suara Warga",
            category="Gaya Hidup",
            tags=["anak", "kuliner"],
        ),
    ]

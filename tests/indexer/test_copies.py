"""Twenty pairs as outlets print them: which tell one story in the same words?"""

from __future__ import annotations

import numpy as np
import pytest

from indexer.article import Article
from indexer.engine.copies import UNDATED, are_copies, sketch_bodies
from indexer.ingest.build_article import document
from indexer.language.analyzer import Analyzer

JEMBATAN = """\
Jembatan gantung di Desa Sukalaksana putus pada Rabu (14/2/2024) pagi ketika 23 siswa \
sekolah dasar menyeberang. Tidak ada korban jiwa, tetapi tujuh siswa luka ringan dan dirawat \
di puskesmas setempat.
Kepala desa, Sumarno, mengatakan tali baja di sisi timur sudah berkarat sejak dua tahun \
lalu. "Kami sudah tiga kali melapor ke dinas, jawabannya selalu menunggu anggaran," katanya.
Dinas Pekerjaan Umum menyatakan perbaikan sementara dimulai Kamis dengan biaya Rp185 juta. \
Selama itu warga memakai perahu karet milik relawan, dan siswa kelas satu sampai tiga \
belajar dari rumah."""

EMAS = """\
Harga emas batangan di gerai Logam Jaya hari ini, {day}, {move} Rp{price} per gram. Harga \
jual kembali juga {move} Rp{back} per gram. Harga belum termasuk pajak penghasilan pasal 22 \
sebesar 0,45 persen bagi pemegang nomor pokok wajib pajak dan 0,9 persen bagi yang tidak \
memilikinya. Pembelian dapat dilakukan di seluruh gerai dengan membawa kartu identitas, dan \
transaksi di atas 10 juta rupiah wajib disertai bukti setor pajak. Harga dapat berubah \
sewaktu-waktu mengikuti pasar dunia dan nilai tukar rupiah terhadap dolar Amerika Serikat."""

CUACA = """\
Badan Meteorologi memprakirakan cuaca {place} pada {day} cerah berawan sejak pagi, dengan \
suhu {low} sampai {high} derajat. Siang hari berpotensi hujan ringan di bagian utara \
{place}, disertai angin dari barat dengan kecepatan {wind} kilometer per jam. Malam hari \
langit {place} kembali berawan. Warga diminta membawa payung dan menghindari berteduh di \
bawah pohon besar ketika hujan disertai petir. Kelembapan udara berkisar {wet} persen."""

SALAT = """\
Berikut jadwal salat untuk wilayah {place} dan sekitarnya pada {day}. Imsak pukul {a}, subuh \
pukul {b}, zuhur pukul {c}, asar pukul {d}, magrib pukul {e}, dan isya pukul {f}. Jadwal ini \
dihitung oleh Kementerian Agama berdasarkan letak lintang dan bujur kota. Umat Islam diimbau \
melaksanakan salat tepat waktu dan berjamaah di masjid terdekat, serta memperbanyak sedekah \
dan membaca Al-Qur'an selama bulan yang penuh berkah ini."""


def gold(day: str, move: str, price: str, back: str) -> str:
    return EMAS.format(day=day, move=move, price=price, back=back)


def weather(place: str, day: str, *figures: str) -> str:
    low, high, wind, wet = figures
    return CUACA.format(place=place, day=day, low=low, high=high, wind=wind, wet=wet)


def prayers(place: str, day: str, *times: str) -> str:
    return SALAT.format(place=place, day=day, **dict(zip("abcdef", times, strict=True)))


FIRST, SECOND, THIRD = JEMBATAN.split("\n")
SAME = {
    "at another outlet": JEMBATAN,
    "with a dateline and credits": f"SUKABUMI, KOMPAS.com - {JEMBATAN}\n(Sumber: Antara)",
    "with lines to read on": JEMBATAN.replace("\n", "\nBaca juga: Jembatan Lain Ambruk\n"),
    "with the day written out": JEMBATAN.replace("Rabu (14/2/2024)", "Rabu, 14 Februari 2024,"),
    "with zeros in the date": JEMBATAN.replace("14/2/2024", "14/02/2024"),
    "without the year": JEMBATAN.replace("14/2/2024", "14/2"),
    "with another verb of saying": JEMBATAN.replace("katanya", "ujarnya").replace(
        "menyatakan", "menyebut"
    ),
    "with a sentence at the end": f"{JEMBATAN} Warga berharap jembatan baru segera dibangun.",
    "in one paragraph, quotes curled": JEMBATAN.replace("\n", " ").replace('"', "\u201d"),
    "with its last words cut": JEMBATAN.rpartition(", dan siswa")[0] + ".",
}
OTHER = {
    "only its beginning": f"{FIRST}\n{SECOND}"[:300],
    "its continuation of the day after": FIRST + " Polisi memeriksa empat saksi dan menyita tali "
    "baja sebagai barang bukti. Kapolres berjanji menuntaskan perkara dalam dua pekan, sementara "
    "bupati menunjuk kontraktor baru tanpa lelang karena keadaan darurat di desa itu.",
    "retold": "Puluhan murid nyaris celaka ketika jembatan yang mereka lewati ambruk. Tujuh anak "
    "terluka. Warga Desa Sukalaksana menyalahkan pemerintah yang lamban memperbaiki tali berkarat, "
    "padahal laporan sudah dikirim tiga kali. Kini mereka menyeberang dengan perahu karet bantuan "
    "relawan sambil menunggu perbaikan yang dijanjikan dimulai besok.",
    "with another toll": JEMBATAN.replace("23 siswa", "25 siswa"),
}
SERIES = {
    "gold, another price": (
        gold("Senin (12/2/2024)", "naik menjadi", "1.125.000", "1.019.000"),
        gold("Selasa (13/2/2024)", "naik menjadi", "1.127.000", "1.021.000"),
    ),
    "gold, the price has not moved": (
        gold("Senin", "turun dari Rp1.131.000 menjadi", "1.125.000", "1.019.000"),
        gold("Selasa", "tetap", "1.125.000", "1.019.000"),
    ),
    "weather, another town": (
        weather("Bandung", "Senin (12/2/2024)", "19", "28", "12", "70-90"),
        weather("Semarang", "Senin (12/2/2024)", "24", "33", "15", "65-85"),
    ),
    "weather, another day": (
        weather("Bandung", "Senin (12/2/2024)", "19", "28", "10", "70-90"),
        weather("Bandung", "Selasa (13/2/2024)", "19", "28", "10", "70-90"),
    ),
    "weather, another town, the same figures": (
        weather("Bandung", "Senin (12/2/2024)", "19", "28", "12", "70-90"),
        weather("Malang", "Senin (12/2/2024)", "19", "28", "12", "70-90"),
    ),
    "prayers, another town": (
        prayers("Bogor", "Kamis (14/3/2024)", "04.32", "04.42", "12.03", "15.11", "18.08", "19.17"),
        prayers("Depok", "Kamis (14/3/2024)", "04.31", "04.41", "12.02", "15.10", "18.07", "19.16"),
    ),
}
PAIRS = [
    *((f"copied {name}", JEMBATAN, text, True) for name, text in SAME.items()),
    *((name, JEMBATAN, text, False) for name, text in OTHER.items()),
    *((name, *texts, False) for name, texts in SERIES.items()),
]


def tell_one_story(body: str, other: str, days: tuple[str, str]) -> bool:
    articles = [
        Article(id=str(n), title="Kabar", body=text, published_at=day)
        for n, (text, day) in enumerate(zip((body, other), days, strict=True))
    ]
    documents = [document(article) for article in articles]
    batch = Analyzer().analyse(documents)
    days_of = [UNDATED if one.published_day is None else one.published_day for one in documents]
    sketches = sketch_bodies(
        batch.vocabulary,
        batch.token_terms,
        batch.title_lengths,
        batch.body_lengths,
        np.array(days_of, np.int32),
    )
    [same] = are_copies(sketches.take(np.array([0])), sketches.take(np.array([1]))).tolist()
    return bool(same)


@pytest.mark.parametrize(
    ("body", "other", "same"), [p[1:] for p in PAIRS], ids=[p[0] for p in PAIRS]
)
def test_twenty_pairs(body: str, other: str, same: bool) -> None:
    another_day = "2024-02-13T09:00:00+07:00"
    day = "2024-02-12T09:00:00+07:00"
    assert tell_one_story(body, other, (day, day if same else another_day)) == same

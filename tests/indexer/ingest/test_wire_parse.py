"""Wire copy as whole articles: what is found, and that prose stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.ingest.plain_text import clean_text
from indexer.ingest.wire import make_title, parse

JPNN_LIKE = """\
kabarkita.com, ANKARA - Di saat harga gandum melonjak, Menteri Perdagangan Wira Sasmita justru \
menawarkan kontrak jangka panjang. Penawaran itu mengejutkan banyak pihak.
BACA JUGA: Gagal Panen di Selatan, Harga Roti Naik Dua Kali Lipat
Wira mengatakan tawaran itu berlaku sampai akhir tahun.
“Kami siap mengirim pekan depan," kata Wira. (ant/rhm/kabarkita)
Redaktur & Reporter : Rahma Dewi
"""


def test_wire_copy_is_taken_apart() -> None:
    parts = parse(JPNN_LIKE)
    assert parts.source == "kabarkita.com"
    assert parts.place == "Ankara"
    assert parts.agency == "Antara"
    assert parts.authors == ["Rahma Dewi"]
    assert parts.editors == ["Rahma Dewi"]
    assert parts.related == ["Gagal Panen di Selatan, Harga Roti Naik Dua Kali Lipat"]
    assert (
        parts.title == "Menteri Perdagangan Wira Sasmita justru menawarkan kontrak jangka panjang"
    )
    assert parts.body.startswith("Di saat harga gandum melonjak, Menteri")
    assert parts.body.endswith("kata Wira.")
    assert "BACA" not in parts.body
    assert len(parts.body.split("\n")) == 3


def test_seed_article_is_taken_apart(shared_data: Path) -> None:
    text = (shared_data / "seed" / "jpnn-raisi-putin.txt").read_text(encoding="utf-8")
    parts = parse(text)
    assert (parts.source, parts.place, parts.agency) == ("jpnn.com", "Teheran", "Antara")
    assert parts.authors == parts.editors == ["M. Adil Syarif"]
    assert len(parts.related) == 3
    assert "BACA JUGA" not in parts.body
    assert not any(title in parts.body for title in parts.related)
    assert 20 <= len(parts.title) <= 90


@pytest.mark.parametrize(
    ("text", "source", "place"),
    [
        ("JAKARTA, KOMPAS.com -Harga beras naik lagi di pasar.", "kompas.com", "Jakarta"),
        ("BOGOR - Harga ubi turun.", "", "Bogor"),
        ("Bogor - Harga ubi turun.", "", "Bogor"),
        ("BANDA ACEH, KOMPAS.com— Harga beras naik lagi di pasar.", "kompas.com", "Banda Aceh"),
        ("KOMPAS.com – Harga beras naik lagi di pasar.", "kompas.com", ""),
        ("**SOLO, KOMPAS.com** - Harga beras naik lagi di pasar.", "kompas.com", "Solo"),
        ("Liputan6.com, Jakarta - Harga beras naik lagi di pasar.", "liputan6.com", "Jakarta"),
        ("Liputan6.com, Jakarta Harga beras naik lagi di pasar.", "liputan6.com", "Jakarta"),
        ("Liputan6.com, New York Harga beras naik lagi di pasar.", "liputan6.com", "New York"),
        ("TEMPO.CO, Jakarta - Harga beras naik lagi di pasar.", "tempo.co", "Jakarta"),
        ("TEMPO Interaktif, Jakarta - Harga beras naik lagi di pasar.", "tempo.co", "Jakarta"),
        (
            "Jakarta, CNN Indonesia -- Harga beras naik lagi di pasar.",
            "cnnindonesia.com",
            "Jakarta",
        ),
        (
            "Jakarta, CNBC Indonesia - Harga beras naik lagi di pasar.",
            "cnbcindonesia.com",
            "Jakarta",
        ),
        (
            "REPUBLIKA.CO.ID, JAKARTA -- Harga beras naik lagi di pasar.",
            "republika.co.id",
            "Jakarta",
        ),
        ("Jakarta (ANTARA) - Harga beras naik lagi di pasar.", "antaranews.com", "Jakarta"),
        ("Bisnis.com, JAKARTA — Harga beras naik lagi di pasar.", "bisnis.com", "Jakarta"),
        ("Merdeka.com - Harga beras naik lagi di pasar.", "merdeka.com", ""),
        ("Suara.com - Harga beras naik lagi di pasar.", "suara.com", ""),
        ("JAKARTA, iNews.id - Harga beras naik lagi di pasar.", "inews.id", "Jakarta"),
        ("jpnn.com, TEHERAN - Harga beras naik lagi di pasar.", "jpnn.com", "Teheran"),
        ("jpnn.com - JAKARTA - Harga beras naik lagi di pasar.", "jpnn.com", "Jakarta"),
        ("KONTAN.CO.ID - JAKARTA. Harga beras naik lagi di pasar.", "kontan.co.id", "Jakarta"),
        ("TRIBUNNEWS.COM, MEDAN - Harga beras naik lagi di pasar.", "tribunnews.com", "Medan"),
        ("VIVA – Harga beras naik lagi di pasar.", "viva.co.id", ""),
        ("CIANJUR, (PRLM).- Harga beras naik lagi di pasar.", "pikiran-rakyat.com", "Cianjur"),
        ("Jakarta - Harga beras naik lagi di pasar induk.", "", "Jakarta"),
        ("Jakarta -Harga beras naik lagi di pasar induk.", "", "Jakarta"),
        ("Raja Ampat - Harga ikan naik lagi di pasar induk.", "", "Raja Ampat"),
        ("Desa Kaliputih - Harga beras naik lagi, kata warga.", "", "Desa Kaliputih"),
        (
            "Washington D.C. (ANTARA) - Harga beras naik lagi di pasar.",
            "antaranews.com",
            "Washington D.C",
        ),
        ("OKI, KOMPAS.com - Harga beras naik lagi.", "kompas.com", "Ogan Komering Ilir"),
        ("Jakarta, KabarKita.com   Harga beras naik lagi di pasar.", "kabarkita.com", "Jakarta"),
        (
            "Liputan6.com, Jakarta Harga K-Pop naik - turun lagi di pasar.",
            "liputan6.com",
            "Jakarta",
        ),
        ("Rahma Dewi - Kabar Kita\nKABARKITA.ID, SOLO - Harga naik.", "kabarkita.id", "Solo"),
        ("Le Mans - Balapan malam dimulai tanpa penonton.", "", "Le Mans"),
        ("WASHINGTON DC - Harga beras naik lagi di pasar.", "", "Washington DC"),
        ("Semarang, Suara Pesisir -- Harga beras naik lagi di pasar.", "Suara Pesisir", "Semarang"),
        ("Kota Baru (KABARKITA) - Harga beras naik lagi di pasar.", "KABARKITA", "Kota Baru"),
        ("Liputan6.com, JakartaHarga beras naik lagi.", "liputan6.com", "Jakarta"),
        ("JAKARTA–Harga beras naik lagi di pasar.", "", "Jakarta"),
        ("TUREN - Harga beras naik lagi di pasar, Senin (6/3).", "", "Turen"),
        ('"SOLO, KOMPAS.com - Harga beras naik lagi di pasar.', "kompas.com", "Solo"),
        ("Beijing (ANTARA/Xinhua) - Harga beras naik lagi.", "antaranews.com", "Beijing"),
        ("Medan (ANTARA Sumut) - Harga beras naik lagi.", "antaranews.com", "Medan"),
        ("Jakarta\n-\nHarga\nberas naik lagi di pasar induk.", "", "Jakarta"),
        ("SOLO, KOMPAS.com\n- Harga beras naik lagi di pasar.", "kompas.com", "Solo"),
        ("BANDA ACEH | KABARKITA.COM – Harga beras naik.", "kabarkita.com", "Banda Aceh"),
        ("Solo (kabarkita.id) – Harga beras naik lagi.", "kabarkita.id", "Solo"),
        ("MEDAN (Sinar Kita): Harga beras naik lagi di pasar induk.", "Sinar Kita", "Medan"),
        ("[SOLO] Harga beras naik lagi di pasar induk.", "", "Solo"),
        ("AMBON, Pelangi – Harga beras naik lagi di pasar.", "Pelangi", "Ambon"),
        ("VIVA Tangerang - Harga beras naik lagi.", "viva.co.id", "Tangerang"),
        ("Solo, NU Online\nHarga beras naik lagi di pasar.", "nu.or.id", "Solo"),
        (
            "Laporan Wartawan Kabarkita.com,  Rahma Dewi KABARKITA.COM, SOLO - Harga naik.",
            "kabarkita.com",
            "Solo",
        ),
        ("KABARKITA.COM. ROMA- Harga beras naik lagi di pasar.", "kabarkita.com", "Roma"),
        (
            "KABAR BUNGO, MUARA BUNGO - Harga beras naik lagi di pasar induk.",
            "KABAR BUNGO",
            "Muara Bungo",
        ),
        ("LensaBahari - Harga Solo naik lagi, kata warga, Senin (6/3).", "LensaBahari", ""),
        ("KLIKSOLO - Harga beras naik lagi, kata warga.", "KLIKSOLO", ""),
        (
            "Harga jual turun ke angka rp2.000 luwu timur, sulsel (antara) - harga emas.",
            "antaranews.com",
            "Luwu Timur, Sulawesi Selatan",
        ),
        (
            "Laporan Rahma Dewi | Banda Aceh\nKABARKITA.COM, BANDA ACEH - Harga naik.",
            "kabarkita.com",
            "Banda Aceh",
        ),
        ("LombokPost – Harga beras naik lagi di pasar induk.", "LombokPost", ""),
        ("TVRINews, Pekanbaru\nHarga beras naik lagi di pasar induk.", "TVRINews", "Pekanbaru"),
        ("KABAR BANTEN - Harga beras naik lagi di pasar induk.", "KABAR BANTEN", ""),
        ("KETIK, MALANG – Harga beras naik lagi di pasar.", "KETIK", "Malang"),
        ("KOTA MALANG - Harga beras naik lagi di pasar.", "", "Kota Malang"),
        ("Serang, 12 Agustus 2024 (ANTARA) - Harga naik lagi.", "antaranews.com", "Serang"),
        ("RMOL. Harga beras naik lagi di pasar induk.", "rmol.id", ""),
        ("KABARSOLO.CO Harga beras naik lagi di pasar induk.", "kabarsolo.co", ""),
        ("SOLOTIMES - Harga beras naik lagi di pasar induk.", "SOLOTIMES", ""),
        ("RADARSOLO.ID, SOLO KIDUL - Harga beras naik lagi.", "radarsolo.id", "Solo Kidul"),
        ("detikSulsel\nMaros - Harga beras naik lagi di pasar induk.", "detikSulsel", "Maros"),
        ("PAYAKUMBUH, METRO – Harga beras naik lagi di pasar.", "METRO", "Payakumbuh"),
        ("Medan, (Sinar Kita). Harga beras naik lagi di pasar induk.", "Sinar Kita", "Medan"),
        (
            "Kupang: Harga beras naik lagi di semua pasar induk kota itu sejak Ahad sore.",
            "",
            "Kupang",
        ),
        (
            "KABARDESA.ID, NGANTANG (20/7) - Harga beras naik lagi di pasar.",
            "kabardesa.id",
            "Ngantang",
        ),
    ],
)
def test_datelines_of_many_outlets(text: str, source: str, place: str) -> None:
    parts = parse(clean_text(text), title="Harga")
    assert (parts.source, parts.place) == (source, place)
    assert parts.body[:5] in ("Harga", "Balap")


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ("JAKARTA - Surabaya dilanda", "Jakarta"),
        ("Sleman - Merapi memuntahkan", "Sleman"),
        ("BOYOLALI - Merbabu memuntahkan", "Boyolali"),
        ("Garut - Papandayan memuntahkan", "Garut"),
        ("MEDAN - Sinabung memuntahkan", "Medan"),
        ("SURABAYA – Semeru memuntahkan", "Surabaya"),
    ],
)
def test_a_story_may_begin_with_a_place_of_another_kind(head: str, place: str) -> None:
    parts = parse(f"{head} abu sejak pagi. Warga berlari, kata petugas.", title="Judul")
    assert parts.place == place
    assert parts.body.startswith(head.split()[2])


@pytest.mark.parametrize(
    "prose",
    [
        "Anwar - Budiman mendaftar ke kantor KPU, kata ketua tim, Kamis (19/10/2023).",
        "Ukraina - Rusia kembali berunding, kata juru bicara, Senin (6/3/2023).",
        "Merapi - Merbabu menjadi tujuan pendaki, kata petugas, Senin (6/3/2023).",
        "Bromo - Tengger - Semeru menutup pintu masuk, kata petugas, Senin (6/3/2023).",
        "Lawu – Merbabu ramai pendaki, kata petugas, Senin (6/3/2023).",
        "Jakarta - Bandung kini ditempuh satu jam, kata petugas, Senin (6/3/2023).",
        "Bogor - Depok macet total.",
        "BOGOR - CIAWI PP.",
        "Kereta Solo - Bandung kembali normal, kata petugas, Senin (6/3/2023).",
        "Solo - Bandung ditempuh lima jam dengan kereta, kata petugas, Senin (6/3/2023).",
        "Klaten - Solo - Madiun menjadi jalur wisata baru, kata petugas, Senin (6/3/2023).",
        "Gempa mengguncang Tua Pejat, Sumatera Barat (Sumbar). Warga berlari, Senin (6/3/2023).",
        "Liverpool - Chelsea bermain imbang, kata wasit, Senin (6/3/2023).",
        "PT Kabar Indonesia (Persero) Tbk atau Kabar membukukan laba tahun ini.",
        "Palang Merah Indonesia (PMI) Kabupaten Demak menemukan darah tercemar, Senin (6/3).",
        "Saham yang naik adalah saham PT Kabar Kita Tbk. (KABR)",
        "WhatsApp - Aplikasi pesan itu menambah fitur baru bagi para penggunanya tahun ini.",
        "Zodiak besok - Ramalan cinta dan keuangan untuk dua belas zodiak yang lahir bulan ini.",
        "Video - Detik-detik jembatan gantung itu putus terekam kamera warga yang melintas.",
        "Presiden Iran - yang baru dilantik - akan berkunjung ke Jakarta pada pekan depan.",
        "Budi - Sari menang telak. Pasangan Budi - Sari akan dilantik pada Senin mendatang.",
        "Rabu - Kamis pekan depan jalan protokol ditutup untuk lomba lari jarak jauh nasional.",
        "Menteri - menteri itu berkumpul di Bogor untuk membahas anggaran tahun depan.",
        "Perserikatan Bangsa - Bangsa menyerukan gencatan senjata di wilayah perbatasan itu.",
        "Saya baca juga buku itu. Ia golput (baca: tidak memilih) pada pemilihan lalu.",
        "Mari lihat juga sisi lainnya: harga tetap tinggi walau panen raya sudah tiba.",
        "Simak video pembelajaran itu dengan saksama, lalu kerjakan soal yang tersedia di buku.",
        "Kecepatan angin tercatat 40 (km/jam)",
        "Ia lahir di Solo (Jawa Tengah)",
        "Lomba itu dimenangi Budi (SMA 3)",
        "Editor: pekerjaan yang sunyi, kata orang, tetapi tanpa dia buku tidak akan pernah terbit?",
        "Penulis novel itu mengatakan, semua tokohnya rekaan belaka.",
        "Iklan layanan masyarakat itu ditayangkan di televisi selama sebulan penuh.",
        "Artikel ini membahas cara merawat tanaman hias di dalam ruangan ber-AC.",
        "Halaman 12 buku itu sobek. Guru menempelnya kembali dengan lem kanji.",
        "Kata polisi, korban sempat menulis: baca selengkapnya surat saya di laci meja kerja.",
        "Bupati menjawab, 'Simak saja nanti', lalu masuk ke mobilnya tanpa menoleh lagi.",
        "Budi Utama (1 Mei 1875 – 3 Juni 1944) adalah seorang dokter dan guru dari Kulon Progo.",
        "Paris–Nice adalah lomba balap sepeda tahunan yang digelar sejak tahun tiga puluhan.",
        "Wolga - 3.690 km. Donau - 2.850 km. Keduanya mengalir ke arah yang berlainan di Eropa.",
        "Nama itu berarti 'Negara Perak' (Nacion Argentina).",
        "Kota itu dibom pada 1945 (baca juga: Proyek Manhattan). Kini kota itu damai kembali.",
        "Kukang dilindungi undang-undang (Kompas, 13/12).",
        "Wedangan - Budaya minum kopi di angkringan itu bertahan turun-temurun di banyak desa.",
        "Demak: Sega Pecel dan Sate Ayam. Kudus: Soto Kerbau dan Jenang. Pati: Nasi Gandul.",
        "Kaleb - Prasetyo Widodo, kata pelatih, sudah pulih. Anak - anak menunggu di pinggir.",
        "NASA - badan antariksa Amerika Serikat - menunda peluncuran roket itu sampai Jumat.",
    ],
)
def test_prose_stays_as_it_is(prose: str) -> None:
    before, after = "Kalimat pembuka ini cukup panjang.", "Kalimat penutup berakhir di sini."
    assert parse(prose, title="Judul").body == prose
    assert parse(f"{before}\n{prose}\n{after}", title="Judul").body == f"{before}\n{prose}\n{after}"


@pytest.mark.parametrize(
    ("body", "left", "titles"),
    [
        # The subject of the sentence behind a flattened title is never cut into.
        (
            "Air surut. Baca juga: Hujan Seharian, Tanggul Sungai Wulan Jebol di Demak "
            "Kepala Dinas Sosial mengatakan bantuan segera tiba.",
            "Kepala Dinas Sosial mengatakan bantuan segera tiba.",
            1,
        ),
        (
            "Air surut. Baca juga: Sudah Ditambal, Tanggul Sungai Wulan Jebol Lagi "
            "Warga di Desa Sayung mengeluhkan bau.",
            "Warga di Desa Sayung mengeluhkan bau.",
            1,
        ),
        (
            "Air surut. Baca juga: Duo Ducati Terkejut, Marquez Kuasai: Sesi "
            "Motornya pun sempat mati.",
            "Motornya pun sempat mati.",
            1,
        ),
        # A list's next item has a heading of its own.
        (
            "Air surut. Baca juga: Cara Merawat Tanggul Sungai 2. Tanam Pohon Pohon menahan tanah.",
            "2. Tanam Pohon Pohon menahan tanah.",
            1,
        ),
        (
            "Air surut. Baca juga: Rossi Tercepat di Sesi Ketiga Hasil Kualifikasi 1. Rossi "
            "(Italia) 1 menit 42 detik",
            "Hasil Kualifikasi 1. Rossi (Italia) 1 menit 42 detik",
            1,
        ),
        (
            "Air surut. Baca juga: Bintang Muda Itu Dipuji Ia sudah bermain sejak usia 16. "
            "Dia membuat para pendukung bermimpi.",
            "Ia sudah bermain sejak usia 16. Dia membuat para pendukung bermimpi.",
            1,
        ),
        (
            "Air surut. Baca juga: Penyanyi Demak Raih Penghargaan Musik 'Tanggul Kita' merupakan "
            "album keempatnya.",
            "'Tanggul Kita' merupakan album keempatnya.",
            1,
        ),
        (
            "Air surut. Baca juga: Catatan Petugas Soal Tanggul Sepekan Terakhir Dijelaskannya, "
            "air naik dua meter.",
            "Dijelaskannya, air naik dua meter.",
            1,
        ),
        # Nothing says where the title ends: only the label goes.
        (
            "Air surut. Baca juga: Camat Sayung itu meminta warga bersabar sampai Senin.",
            "Air surut. Camat Sayung itu meminta warga bersabar sampai Senin.",
            0,
        ),
        (
            "Air surut. Baca juga: Menurut camat, semua warga sudah pulang. “Aman,” katanya.",
            "Air surut. Menurut camat, semua warga sudah pulang. “Aman,” katanya.",
            0,
        ),
    ],
)
def test_flattened_titles_never_take_prose_along(body: str, left: str, titles: int) -> None:
    parts = parse(body, title="Judul")
    assert parts.body.endswith(left)
    assert "aca juga" not in parts.body
    assert len(parts.related) == titles


@pytest.mark.parametrize(
    ("ending", "agency", "authors"),
    [
        ("(adt)", "", []),
        ("[ADT-DIL]", "", []),
        ("(ugo/ugo)", "", []),
        ("[eko]", "", []),
        ("(ant/dil/kabarkita)", "Antara", []),
        ("(Ant/P-3)", "Antara", []),
        ("(OL-1)", "", []),
        ("(A-71/A-147)***", "", []),
        ("(rtr, afp)", "Reuters", []),
        ("(Tribunnews.com/Rahma Dewi)", "", ["Rahma Dewi"]),
        ("(Rahma Dewi)", "", ["Rahma Dewi"]),
        ("(*)", "", []),
        ("(RH)", "", []),
        ("(gk - 43)", "", []),
        (", ,(Rahma Dewi Lestari)", "", ["Rahma Dewi Lestari"]),
    ],
)
def test_closing_credits(ending: str, agency: str, authors: list[str]) -> None:
    parts = parse(f"Warga sudah pulang, kata dia. {ending}", title="Judul", source="kabarkita.com")
    assert parts.body == "Warga sudah pulang, kata dia."
    assert parts.agency == agency
    assert parts.authors == authors


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("Harga cabai turun.", "Harga cabai turun"),
        ("Dr. Rahma meneliti kelelawar di gua karst. Hasilnya mengejutkan.",
         "Dr. Rahma meneliti kelelawar di gua karst"),
        ("Meski hujan turun deras, ribuan warga tetap memadati alun-alun kota.",
         "Ribuan warga tetap memadati alun-alun kota"),
        (", terjadi di jalan raya itu dua kali.", "Terjadi di jalan raya itu dua kali"),
        ("harga emas turun pada perdagangan. harga perak ikut turun.",
         "Harga emas turun pada perdagangan"),
        ("Wajah lelah puluhan orang tua murid terlihat di depan aula sekolah di Kota Demak, Kamis "
         "(20/6), saat mendaftar.",
         "Wajah lelah puluhan orang tua murid terlihat di depan aula sekolah di Kota Demak"),
        ("Harga jual emas batangan bersertifikat bertengger di posisi tujuh ratus ribu rupiah pada "
         "pekan ketiga bulan ini juga.",
         "Harga jual emas batangan bersertifikat bertengger di posisi tujuh ratus ribu rupiah…"),
        ("- " * 100 + "Air surut di Demak. Warga pulang.", "Air surut di Demak"),
        ("(((((" * 30 + "Air surut di Demak.", "Air surut di Demak"),
        ("***\nAir surut di Demak.", "Air surut di Demak"),
        ("?! … —", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_title_from_lead(body: str, title: str) -> None:
    assert make_title(body) == title


def test_dash_inside_a_word_is_no_dateline() -> None:
    parts = parse("Liputan6.com, Jakarta Kepindahan Son Heung-min sudah resmi.", title="Judul")
    assert (parts.place, parts.body) == ("Jakarta", "Kepindahan Son Heung-min sudah resmi.")


def test_outlet_before_a_name_with_spaced_hyphen_has_no_place() -> None:
    parts = parse("Rimanews - Mercedes - Benz merilis mobil listrik baru.", title="Judul")
    assert (parts.place, parts.body) == ("", "Mercedes - Benz merilis mobil listrik baru.")


def test_linked_title_on_its_own_line_is_the_line() -> None:
    title = "Heboh Aksi Wisatawan Meniti Tali di Atas Air Terjun di Ketinggian"
    parts = parse(f"Air surut.\nBaca juga:{title}\nPelaku pergi.", title="Judul")
    assert parts.related == [title]
    assert parts.body == "Air surut.\nPelaku pergi."


def test_long_title_ends_at_a_clause() -> None:
    lead = (
        "Pemerintah Kabupaten Demak menetapkan status tanggap darurat banjir selama empat belas "
        "hari yang dimulai hari ini sampai awal bulan depan."
    )
    title = make_title(lead)
    assert len(title) <= 90
    assert title.endswith("…") or lead.startswith(title)


def test_markers_keep_sentences_apart() -> None:
    parts = parse("Air surut. Advertisement Warga pulang.", title="Judul")
    assert parts.body == "Air surut. Warga pulang."


def test_title_made_from_the_lead_does_not_cost_the_lead() -> None:
    body = "Warga Demak memperbaiki tanggul (darurat) bersama-sama sejak pagi. " + "Isi. " * 30
    parts = parse(body, title="Warga Demak memperbaiki tanggul")
    assert parts.body == body.strip()


WORDS = st.sampled_from(
    (
        *("LensaBahari -", "Solo", "KABAR", "Lensa Bahari", "12 Juni 2025", "(ANTARA)", "|", ">>"),
        *("Baca juga:", "BACA JUGA :", "(Baca:", "[", "]", "(", ")", ",", ".", "“", "”", '"', "'"),
        *("Jakarta -", "JAKARTA, KOMPAS.com -", "—", "–", "--", "\n", "\n", "  ", "***", "#"),
        *("(adt)", "(ant/dil)", "Editor: Budi", "Penulis: Budi Santoso", "Copyright © ANTARA 2025"),
        *("SCROLL TO CONTINUE WITH CONTENT", "Advertisement", "[Gambas:Video CNN]", "Simak Video"),
        *("Artikel ini telah tayang di Kompas.com dengan judul", "Halaman 1 2", "null", "di sini"),
        *("warga", "pulang.", "mengatakan", "Budi Santoso", "Foto: Dok.", "Rabu, 20 Juli 2022"),
    )
)


@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join)))
def test_any_text_is_parsed_and_nothing_is_invented(text: str) -> None:
    parts = parse(text, title="Judul")
    kept = "".join(parts.body.split())
    source = iter("".join(text.split()))
    assert all(char in source for char in kept), "the body is not what is left of the text"
    assert "\n\n" not in parts.body
    assert parts.body == parts.body.strip()


@pytest.mark.parametrize(
    "unit",
    [
        "Baca juga: ",
        "(Baca juga: ",
        "Simak Video ",
        "Laporan Wartawan Tribunnews.com, ",
        "Artikel ini telah tayang di ",
        "SCROLL TO ",
        "[Gambas:",
        "Editor: ",
        "Jakarta, ",
        "A ",
        "A/",
        "-",
        " ",
        "\n",
        "“",
        "(a/b) ",
        "Dapatkan update berita ",
        "Budi Santoso, ",
    ],
)
def test_hostile_repetition_is_survived(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    parts = parse(text, title="Judul")
    assert len(parts.body) <= len(text)


def test_a_signature_in_capitals_may_name_the_agency() -> None:
    parts = parse("Warga pulang kemarin sore ke rumah.\nRINA WIDI | ANTARA")
    assert (parts.authors, parts.agency) == (["Rina Widi"], "Antara")


@pytest.mark.parametrize(
    "tail",
    [
        "Ikuti WhatsApp Channel Republika",
        "Berita Terkini Lainnya Hanya di Kabar Pesisir, Klik di Sini",
        "Baca berita Wartakotalive.com lainnya di Google News.",
        "Jangan lupa ikuti update berita lainnya dan follow akun Google News Medcom.id",
        "Saksikan Live DetikPagi :",
        "Artikel ini telah tayang diCNN Indonesia.",
        'Baca artikel "Air Surut" selengkapnya di sini: https://www.kabarkita.id/x.',
        "Download Apps CNN Indonesia sekarang https://app.cnnindonesia.com/",
        "Next Article Nelayan Dapat Mesin Baru",
        "Rahma Dewi berkontribusi dalam penulisan artikel ini.",
        "2 dari 4 halaman",
        "GULIR UNTUK LANJUT BACA",
        "Yuk, Simak Juga Video ini!",
        "Yuk ikuti kuis bola berhadiah di sini ...",
        "Ayo, klik tautan ini untuk mendaftar kelas menulis",
        "Cek video dan artikel yang lain di Google News",
        "Baca artikel lain tentang Demak di Google News dan WA Channel",
        "Disclaimer: Artikel ini dibuat dengan bantuan mesin.",
        "Saksikan live streaming program KITA-TV di sini",
        "Baca selengkapnya di Kabar Kita",
        "Kategori : Riau, Kota Pekanbaru",
        "Yuk koleksi buku bacaan dari Republika ...",
        "Loading...",
        "Follow",
        "*) Tulisan ini merupakan opini penulis dan tidak mencerminkan sikap redaksi",
        "— Warung Kita (@warung_kita) June 18, 2025\npic.twitter.com/abcDEF12",
        "#banjir #demak",
        "Kabarkita.id adalah portal berita teknologi. Kamu bisa menjadi member kami.",
        "Jangan Lewatkan Video Terbaru:",
        "Pilihan Editor: Tanggul Jebol di Demak",
        "(abc/def)\npasar ikan\nnelayan",
        "(abc/def)pasar ikannelayandesa",
        "Laporan Wartawan Tribunnews.com, Rahma Dewi",
    ],
)
def test_tails_go_and_prose_stays(tail: str) -> None:
    story = "Air sudah surut sejak pagi. Warga pulang ke rumah masing-masing."
    assert parse(f"{story}\n{tail}", title="Judul").body == story
    if "\n" not in tail and not tail.startswith(
        ("#", "Kabar", "Next", "2 dari", "Laporan", "GULIR")
    ):
        assert parse(f"{story} {tail}", title="Judul").body in (story, f"{story} {tail}")


@pytest.mark.parametrize(
    "prose",
    [
        "Unduh aplikasi PeduliLindungi di Play Store.",
        "Caranya, klik Daftar lalu isi alamat dan informasi lain yang diminta.",
        "Yuk simak lima cara menyimpan cabai agar awet.",
        "Klik link https://siapsekolah.id lalu masukkan nomor peserta.",
        "“Ikuti terus berita kami di WhatsApp,” ujar dia.",
        "Baca buku itu sampai habis.",
        "Video ini telah ditonton tiga juta kali.",
        "Bergabung dengan klub itu sejak 2020, ia mencetak 30 gol.",
        "Ia mengunggah foto itu di Instagram.",
        "Cek kesehatan Anda secara rutin setiap bulan.",
        "BABAK KEDUA",
        "Dapatkan informasi ini langsung dari petugas.",
        "Editor: pekerjaan yang sunyi, kata orang",
    ],
)
def test_prose_that_looks_like_a_tail_stays(prose: str) -> None:
    text = f"Air sudah surut sejak pagi.\n{prose}"
    parts = parse(text, title="Judul")
    assert (parts.body, parts.authors, parts.editors) == (text, [], [])


@pytest.mark.parametrize(
    ("ending", "authors", "editors"),
    [
        (" Pewarta: Dedi KurniaEditor: Sari Mela", ["Dedi Kurnia"], ["Sari Mela"]),
        (
            "\nPewarta : Dedi Kurnia\nEditor: Sari Mela\nCOPYRIGHT © ANTARA 2021",
            ["Dedi Kurnia"],
            ["Sari Mela"],
        ),
        ("\nPenerjemah: Dedi Kurnia\nEditor: Sari Mela", [], ["Sari Mela"]),
        ("  Penulis : Dedi Kurnia Editor : Sari Mela", ["Dedi Kurnia"], ["Sari Mela"]),
        (" (Ditulis oleh Dedi Kurnia)", ["Dedi Kurnia"], []),
        ("\n(kabarkita.id - Sosial Budaya)\nPenulis: Dedi Kurnia", ["Dedi Kurnia"], []),
        ("\nDEDI ARUNG", ["Dedi Arung"], []),
        ("\nBaca juga: Tanggul Dibangun\n\nDEDI ARUNG | ANTARA", ["Dedi Arung"], []),
        ("\nPenulis: rina wati\nEditor: dewi ayu", ["rina wati"], ["dewi ayu"]),
        ("\n(Disunting oleh Sari Mela)", [], ["Sari Mela"]),
        (" (Reporter Dedi Kurnia, Editor Sari Mela)", ["Dedi Kurnia"], ["Sari Mela"]),
        ("\nPenulis : Dedi Kurnia\nRedaktur : Sari Mela\n***", ["Dedi Kurnia"], ["Sari Mela"]),
        ("\n(Penulis: Dedi Kurnia/Editor: Sari Mela)", ["Dedi Kurnia"], ["Sari Mela"]),
        ("\nRedaktur & Reporter : Dedi Kurnia", ["Dedi Kurnia"], ["Dedi Kurnia"]),
        ("\nReporter: Dedi Kurnia | Editor: Sari Mela", ["Dedi Kurnia"], ["Sari Mela"]),
        (
            "\nLaporan Wartawan Tribunnews.com, Dedi Kurnia dan Sari Mela",
            ["Dedi Kurnia", "Sari Mela"],
            [],
        ),
        ("\nPenulis: Dedi Kurnia, dosen hukum tata negara", ["Dedi Kurnia"], []),
        ("\nRAHMA KURNIAWAN", ["Rahma Kurniawan"], []),
    ],
)
def test_credits_become_people(ending: str, authors: list[str], editors: list[str]) -> None:
    parts = parse(f"Air surut. Warga pulang ke rumah.{ending}", title="Judul")
    assert (parts.body, parts.authors, parts.editors) == (
        "Air surut. Warga pulang ke rumah.",
        authors,
        editors,
    )


def test_a_title_cut_from_the_lead_costs_no_sentence() -> None:
    lead = "Direktur perusahaan pelat merah itu mundur dari jabatan direktur Agri Nusantara."
    body = f"{lead}\nIa mengundurkan diri enam bulan setelah ditunjuk, kata dia, Senin (6/3/2023)."
    assert parse(body, title=lead.removesuffix(" Nusantara.")).body == body


def test_a_dateline_behind_a_teaser_or_a_title_goes_alone() -> None:
    parts = parse(
        "harga turun hingga 8 september 2025 manado (antara) - program itu digelar.", title="Judul"
    )
    assert parts.place == "Manado"
    assert parts.body == "harga turun hingga 8 september 2025\nprogram itu digelar."
    parts = parse(
        "Cabai Turun : Pedagang Pasar Legi Senang Laporan Wartawan Kabarkita.com, Rahma Dewi "
        "KABARKITA.COM, SOLO - Harga cabai turun di pasar.",
        title="Judul Lain",
    )
    assert (parts.place, parts.authors) == ("Solo", ["Rahma Dewi"])
    assert parts.body == "Cabai Turun : Pedagang Pasar Legi Senang\nHarga cabai turun di pasar."

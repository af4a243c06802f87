"""Places as datelines write them: recognised by shape, written one way.

The short list below is only for shapes that ordinary prose shares ("Jakarta: ..." and
"Liputan6.com, Jakarta Presiden ..."); every other dateline may name any place on earth.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.word_list import list_words

_LISTED: Final = (
    "Aceh|Ambon|Badung|Balikpapan|Banda Aceh|Bandar Lampung|Bandarlampung|Bandung|"
    "Bandung Barat|Bangka Belitung|Bangkalan|Banjarmasin|Banten|Banyumas|Banyuwangi|Batam|Batang|"
    "Bekasi|Bengkulu|Bima|Blitar|Blora|Bogor|Bojonegoro|Bontang|Boyolali|Brebes|Bukittinggi|"
    "Ciamis|Cianjur|Cibinong|Cikarang|Cilacap|Cilegon|Cimahi|Cirebon|Demak|Denpasar|Depok|Dili|"
    "DKI Jakarta|Dumai|Ende|Garut|Gianyar|Gorontalo|Gresik|Grobogan|Gunungkidul|Indramayu|Jakarta|"
    "Jakarta Barat|Jakarta Pusat|Jakarta Selatan|Jakarta Timur|Jakarta Utara|Jambi|Jawa Barat|"
    "Jawa Tengah|Jawa Timur|Jayapura|Jember|Jepara|Jombang|Kalimantan Barat|Kalimantan Selatan|"
    "Kalimantan Tengah|Kalimantan Timur|Karanganyar|Karawang|Kebumen|Kediri|Kendari|Klaten|Kudus|"
    "Kulon Progo|Kuningan|Kupang|Lamongan|Lampung|Lebak|Lombok|Lumajang|Madiun|Magelang|"
    "Magetan|Majalengka|Makassar|Malang|Mamuju|Manado|Manokwari|Mataram|Medan|Merauke|Mojokerto|"
    "Nganjuk|Ngawi|Nunukan|Pacitan|Padang|Palangka Raya|Palangkaraya|Palembang|Palu|Pandeglang|"
    "Pangkalpinang|Papua|Papua Barat|Parepare|Pasuruan|Pati|Pekalongan|Pekanbaru|Pemalang|Ponorogo|"
    "Pontianak|Probolinggo|Purbalingga|Purwakarta|Purwokerto|Purworejo|Rembang|Riau|Salatiga|"
    "Samarinda|Sampang|Semarang|Serang|Sidoarjo|Singkawang|Situbondo|Sleman|Solo|Sorong|Sragen|"
    "Subang|Sukabumi|Sukoharjo|Sulawesi Selatan|Sulawesi Tengah|Sulawesi Utara|Sumatera Barat|"
    "Sumatera Selatan|Sumatera Utara|Sumedang|Sumenep|Surabaya|Surakarta|Tabanan|Tangerang|"
    "Tangerang Selatan|Tanjungpinang|Tarakan|Tasikmalaya|Tegal|Temanggung|Ternate|Timika|"
    "Trenggalek|Tuban|Tulungagung|Wonogiri|Wonosobo|Yogyakarta|Jogja|"
    "Abu Dhabi|Amsterdam|Ankara|Athena|Baghdad|Bangkok|Barcelona|Beijing|Beirut|Berlin|Brasilia|"
    "Brussels|Buenos Aires|Canberra|Damaskus|Doha|Dubai|Gaza|Hanoi|Hong Kong|Istanbul|Jeddah|"
    "Jenewa|Kabul|Kairo|Kiev|Kuala Lumpur|Kyiv|Lisbon|London|Los Angeles|Madinah|Madrid|Makkah|"
    "Manchester|Manila|Mekah|Mekkah|Melbourne|Milan|Mumbai|Moskow|Naypyidaw|New Delhi|New York|"
    "Paris|Phnom Penh|Pyongyang|Ramallah|Riyadh|Roma|Seoul|Shanghai|Singapura|Sydney|Taipei|"
    "Teheran|Tokyo|Washington|Washington DC|Wina|Yangon|Yerusalem|"
    "Aceh Barat|Aceh Besar|Aceh Selatan|Aceh Singkil|Aceh Tamiang|Aceh Tengah|Aceh Tenggara|"
    "Aceh Timur|Aceh Utara|Agam|Alor|Asahan|Asmat|Bagansiapiapi|Banggai|Bangka|Bangka Barat|"
    "Bangka Selatan|Bangli|Banjar|Banjarbaru|Banjarnegara|Bantaeng|Bantul|Banyuasin|Barru|"
    "Batang Hari|Batu Bara|Baubau|Baturaja|Bener Meriah|Bengkalis|Biak|Bintan|Binjai|Bireuen|"
    "Bitung|Boalemo|Bombana|Bondowoso|Bone|Boven Digoel|Buleleng|Bulukumba|Bulungan|Bungo|Buton|"
    "Cengkareng|Ciputat|Curup|Dairi|Deli Serdang|Dharmasraya|Dogiyai|Dompu|Donggala|Empat Lawang|"
    "Enrekang|Fakfak|Flores|Flores Timur|Gayo Lues|Gowa|Gunung Kidul|Gunungsitoli|"
    "Halmahera Barat|Halmahera Selatan|Halmahera Tengah|Halmahera Timur|Halmahera Utara|"
    "Hulu Sungai Selatan|Hulu Sungai Tengah|Hulu Sungai Utara|Humbang Hasundutan|Indragiri Hilir|"
    "Indragiri Hulu|Intan Jaya|Jayawijaya|Jembrana|Jeneponto|Kaimana|Kampar|Kapuas|Kapuas Hulu|"
    "Karangasem|Karimun|Katingan|Kayong Utara|Kendal|Kepahiang|Kepulauan Riau|Kepulauan Seribu|"
    "Kerinci|Ketapang|Kisaran|Klungkung|Kolaka|Konawe|Konawe Selatan|Kota Bandung|Kota Bekasi|"
    "Kota Bogor|Kotabaru|Kotamobagu|Kotawaringin Barat|Kotawaringin Timur|Kuantan Singingi|"
    "Kubu Raya|Kuta|Kutai Barat|Kutai Kartanegara|Kutai Timur|Labuan Bajo|Labuhanbatu|Lahat|"
    "Lamandau|Lampung Barat|Lampung Selatan|Lampung Tengah|Lampung Timur|Lampung Utara|Landak|"
    "Langkat|Langsa|Larantuka|Lembata|Lhokseumawe|Lima Puluh Kota|Lombok Barat|Lombok Tengah|"
    "Lombok Timur|Lombok Utara|Lubuklinggau|Luwu|Luwu Timur|Luwu Utara|Madura|Mahakam Ulu|"
    "Malinau|Maluku Tengah|Maluku Tenggara|Mamasa|Mandailing Natal|Manggarai|Manggarai Barat|"
    "Manggarai Timur|Maros|Maumere|Melawi|Melonguane|Mempawah|Mentawai|Meulaboh|Mimika|Minahasa|"
    "Minahasa Utara|Morowali|Muara Enim|Muaro Jambi|Mukomuko|Musi Banyuasin|Musi Rawas|Nabire|"
    "Nagan Raya|Nagekeo|Ngada|Nias|Nias Selatan|Nusa Dua|Ogan Ilir|Ogan Komering Ilir|"
    "Ogan Komering Ulu|Padang Pariaman|Padangsidimpuan|Pagar Alam|Pamekasan|Pangandaran|"
    "Pangkal Pinang|Pangkalan Bun|Pariaman|Parigi Moutong|Paser|Payakumbuh|Pegunungan Arfak|"
    "Pegunungan Bintang|Pelalawan|Pematangsiantar|Penajam Paser Utara|Pesawaran|Pesisir Barat|"
    "Pesisir Selatan|Pidie|Pidie Jaya|Pinrang|Polewali Mandar|Poso|Prabumulih|Praya|Pringsewu|"
    "Pulang Pisau|Puncak Jaya|Raja Ampat|Rejang Lebong|Rokan Hilir|Rokan Hulu|Rote Ndao|Ruteng|"
    "Sabang|Sampit|Sanggau|Sangihe|Sawahlunto|Sekadau|Selayar|Seluma|Senggigi|Sentani|Siak|"
    "Sibolga|Sidenreng Rappang|Sigi|Sikka|Simalungun|Simeulue|Singaraja|Sinjai|Sintang|Sitaro|"
    "Solok|Soppeng|Soreang|Subulussalam|Sumba Barat|Sumba Barat Daya|Sumba Timur|Sumbawa|"
    "Sumbawa Barat|Sungai Penuh|Takalar|Talaud|Tana Toraja|Tanah Bumbu|Tanah Datar|Tanah Laut|"
    "Tanggamus|Tanjung Pinang|Tanjung Selor|Tanjungbalai|Tanjungpandan|Tapanuli Selatan|"
    "Tapanuli Tengah|Tapanuli Utara|Tebing Tinggi|Teluk Bintuni|Tembilahan|Tidore|"
    "Timor Tengah Selatan|Timor Tengah Utara|Tolitoli|Tomohon|Toraja Utara|Ubud|Ungaran|Wajo|"
    "Wakatobi|Wamena|Waingapu|Yahukimo|Abidjan|Abuja|Accra|Addis Ababa|Aleppo|Alger|Amman|Astana|"
    "Atlanta|Auckland|Baku|Bali|Bandar Seri Begawan|Basra|Bern|Birmingham|Bogota|Bordeaux|Boston|"
    "Bratislava|Brisbane|Budapest|Bukares|Cannes|Cape Town|Caracas|Cardiff|Casablanca|Chicago|"
    "Colombo|Dallas|Davos|Denver|Detroit|Dhaka|Dortmund|Dublin|Dusseldorf|Edinburgh|Frankfurt|"
    "Fukuoka|Glasgow|Guangzhou|Hamburg|Havana|Helsinki|Hiroshima|Ho Chi Minh City|Houston|"
    "Hua Hin|Incheon|Islamabad|Jerez|Johannesburg|Johor Bahru|Kathmandu|Khartoum|Kolkata|"
    "Kopenhagen|Kuching|Kyoto|Lahore|Las Vegas|Le Mans|Leicester|Liverpool|Lyon|Mexico City|"
    "Miami|Minsk|Moskwa|Mogadishu|Monako|Monte Carlo|Montreal|Munchen|Muscat|Nagoya|Nairobi|"
    "Nanjing|Napoli|Osaka|Oslo|Ottawa|Penang|Perth|Praha|Pretoria|Reykjavik|"
    "Rio de Janeiro|Rotterdam|San Francisco|Sanaa|Santiago|Sao Paulo|Sepang|Sevilla|Silverstone|"
    "Sochi|Sofia|Stockholm|Suzuka|Tallinn|Tashkent|Tel Aviv|Toronto|Tripoli|Tunis|Turin|Valencia|"
    "Vatikan|Venesia|Vientiane|Warsawa|Wellington|Wuhan|Zagreb|Zurich"
)
KNOWN_PLACES: Final[frozenset[str]] = frozenset(_LISTED.lower().split("|"))
#: What may follow a comma after a place: provinces and countries.
_REGIONS: Final = (
    "Aceh|Bali|Bangka Belitung|Banten|Bengkulu|DI Yogyakarta|DIY|DKI Jakarta|Gorontalo|Jambi|"
    "Jawa Barat|Jawa Tengah|Jawa Timur|Kalimantan Barat|Kalimantan Selatan|Kalimantan Tengah|"
    "Kalimantan Timur|Kalimantan Utara|Kepulauan Riau|Lampung|Maluku|Maluku Utara|NTB|NTT|"
    "Nusa Tenggara Barat|Nusa Tenggara Timur|Papua|Papua Barat|Papua Barat Daya|Papua Pegunungan|"
    "Papua Selatan|Papua Tengah|Riau|Sulawesi Barat|Sulawesi Selatan|Sulawesi Tengah|"
    "Sulawesi Tenggara|Sulawesi Utara|Sumatera Barat|Sumatera Selatan|Sumatera Utara|Yogyakarta|"
    "Indonesia|Afghanistan|Afrika Selatan|Amerika Serikat|Arab Saudi|Argentina|AS|Australia|"
    "Austria|Belanda|Belgia|Brasil|Brunei Darussalam|China|Filipina|Finlandia|Ghana|India|Inggris|"
    "Irak|Iran|Irlandia|Israel|Italia|Jepang|Jerman|Kamboja|Kanada|Kenya|Korea Selatan|Korea Utara|"
    "Kuwait|Laos|Lebanon|Libya|Malaysia|Maroko|Meksiko|Mesir|Myanmar|Nepal|Nigeria|Norwegia|Oman|"
    "Pakistan|Palestina|Papua Nugini|Perancis|Peru|Polandia|Portugal|Prancis|Qatar|Rumania|Rusia|"
    "Selandia Baru|Singapura|Skotlandia|Spanyol|Sri Lanka|Sudan|Suriah|Suriname|Swedia|Swiss|"
    "Taiwan|Thailand|Timor Leste|Tiongkok|Turki|Turkiye|Ukraina|Uni Emirat Arab|Venezuela|Vietnam|"
    "Wales|Yaman|Yordania|Yunani|California|Florida|Texas|New York"
)
REGIONS: Final[frozenset[str]] = frozenset(_REGIONS.lower().split("|"))
LONGEST_KNOWN_WORDS: Final = max(place.count(" ") for place in KNOWN_PLACES) + 1

#: Capitals that stay capitals when a dateline in capitals is written in mixed case.
_INITIALISMS: Final = list_words(
    """
    DKI DIY NTB NTT DC AS UEA PNG IKN BSD TNI USA UK
    """
)
_SHORT_FORMS: Final[dict[str, str]] = {
    "babel": "Bangka Belitung",
    "jabar": "Jawa Barat",
    "jakbar": "Jakarta Barat",
    "jakpus": "Jakarta Pusat",
    "jaksel": "Jakarta Selatan",
    "jaktim": "Jakarta Timur",
    "jakut": "Jakarta Utara",
    "jateng": "Jawa Tengah",
    "jatim": "Jawa Timur",
    "kalbar": "Kalimantan Barat",
    "kalsel": "Kalimantan Selatan",
    "kaltara": "Kalimantan Utara",
    "kalteng": "Kalimantan Tengah",
    "kaltim": "Kalimantan Timur",
    "kukar": "Kutai Kartanegara",
    "muba": "Musi Banyuasin",
    "oki": "Ogan Komering Ilir",
    "oku": "Ogan Komering Ulu",
    "kepri": "Kepulauan Riau",
    "malut": "Maluku Utara",
    "sulbar": "Sulawesi Barat",
    "sulsel": "Sulawesi Selatan",
    "sulteng": "Sulawesi Tengah",
    "sultra": "Sulawesi Tenggara",
    "sulut": "Sulawesi Utara",
    "sumbar": "Sumatera Barat",
    "sumsel": "Sumatera Selatan",
    "sumut": "Sumatera Utara",
    "tangsel": "Tangerang Selatan",
}
_PREFIXES: Final = ((re.compile(r"^kab(?:\.|upaten)?\s+", re.I), "Kabupaten "),)
_PARTICLES: Final = list_words(
    """
    de del della di da do dos du la le van von den der of upon
    """
)
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_]))*\.?")

#: Words that open a line with a dash and are no place: labels, people's titles, times.
NOT_PLACES: Final = list_words(
    """
    advertorial analisis artikel berita breaking catatan cek cerita cuaca download editorial
    eksklusif episode fakta film foto galeri gempa grafis hasil headline hoaks hoax horoskop
    infografis infografik inspirasi internasional jadwal kabar kalender kisah klasemen kolom
    komik kronologi kuis laporan link liputan live lirik lowongan nasional news nonton olahraga
    opini pengumuman pojok politik preview prediksi profil promo putusan quote ramalan redaksi
    rekap resensi resep resmi review rubrik sains sejarah selebriti sinopsis sorotan spoiler
    streaming survei tajuk tekno tips topik trailer trending tutorial ulasan update video viral
    wawancara zodiak januari februari maret april mei juni juli agustus september oktober
    november desember senin selasa rabu kamis jumat sabtu minggu aktor aktris bupati direktur
    dirut dokter dr gubernur hakim jaksa jenderal kapolda kapolres kapolri kepala ketua komisi
    komjen letjen mayjen menteri pemain pelatih pemerintah pengacara pengamat penulis penyanyi
    perdana polisi presiden prof ratu raja sekjen sekretaris striker tim timnas tni ustaz wakil
    wali aries taurus gemini cancer leo virgo libra scorpio sagitarius capricorn aquarius pisces
    bagian bab babak catat com fokus info jakpro oleh ps pertanyaan jawaban tanya jawab
    """
)


def is_place_shaped(text: str) -> bool:
    """Whether ``text`` could be a place in a dateline: one to four capitalised words.

    >>> [is_place_shaped(t) for t in ("JAKARTA", "Jerez de la Frontera", "Kab. Bogor", "di kota")]
    [True, True, True, False]
    """
    words = text.split()
    if not 1 <= len(words) <= 4 or len(text) > 40:
        return False
    if not words[0][0].isupper() or len(text) < 2:
        return False
    for word in words:
        if _WORD.fullmatch(word) is None:
            return False
        if not word[0].isupper() and word.lower() not in _PARTICLES:
            return False
    # "Raja Ampat" is a place, though "Raja" opens titles of people.
    return words[0].strip(".").lower() not in NOT_PLACES or is_known_place(text)


def is_known_place(text: str) -> bool:
    """Whether ``text`` is in the short list, whatever its case."""
    return text.lower() in KNOWN_PLACES


def is_region(text: str) -> bool:
    """Whether ``text`` is a province or a country, whatever its case."""
    return text.lower() in REGIONS or text.lower() in _SHORT_FORMS


def normalise_place(text: str) -> str:
    """``text`` as one way of writing it: mixed case, long forms.

    >>> [normalise_place(t) for t in ("JAKARTA", "KAB. BOGOR", "DKI JAKARTA", "Tangsel")]
    ['Jakarta', 'Kabupaten Bogor', 'DKI Jakarta', 'Tangerang Selatan']
    """
    text = " ".join(text.split()).strip(" ,.;:-–—|")
    long_form = _SHORT_FORMS.get(text.lower())
    if long_form:
        return long_form
    text = " ".join(_write_word(word) for word in text.split(" "))
    text = text[:1].upper() + text[1:]
    for pattern, replacement in _PREFIXES:
        text = pattern.sub(replacement, text)
    return text


def _write_word(word: str) -> str:
    bare = word.strip(".,")
    if bare.upper() in _INITIALISMS and not bare.islower():
        return word.upper()
    if bare.lower() in _PARTICLES:
        return word.lower()
    if bare.isupper() and "." in bare:
        # "D.C", "St.": initials keep their capitals.
        return word
    if bare.isupper() or bare.islower():
        # str.title would capitalise after an apostrophe: Ka'bah, not Ka'Bah.
        return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
    return word

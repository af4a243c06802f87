"""Which texts are places, as datelines write them? Recognised by shape, and normalised.

The gazetteer is the language's list of places (``indexer/language/data/places.txt``). A dateline
may name any place on earth, so unlisted ones are judged by their shape.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.calendar import MONTHS, WEEKDAYS
from indexer.language.name_lists import load_gazetteer
from indexer.word_list import list_words

#: Words in the longest listed place.
LONGEST_KNOWN_WORDS: Final = 4

#: Initialisms that stay in capitals when a dateline is converted to mixed case.
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

#: Words that begin a line with a dash and are not places: labels, people's titles, times.
NOT_PLACES: Final = list_words(
    """
    advertorial analisis artikel berita breaking catatan cek cerita cuaca download editorial
    eksklusif episode fakta film foto galeri gempa grafis hasil headline hoaks hoax horoskop
    infografis infografik inspirasi internasional jadwal kabar kalender kisah klasemen kolom
    komik kronologi kuis laporan link liputan live lirik lowongan nasional news nonton olahraga
    opini pengumuman pojok politik preview prediksi profil promo putusan quote ramalan redaksi
    rekap resensi resep resmi review rubrik sains sejarah selebriti sinopsis sorotan spoiler
    streaming survei tajuk tekno tips topik trailer trending tutorial ulasan update video viral
    wawancara zodiak aktor aktris bupati direktur
    dirut dokter dr gubernur hakim jaksa jenderal kapolda kapolres kapolri kepala ketua komisi
    komjen letjen mayjen menteri pemain pelatih pemerintah pengacara pengamat penulis penyanyi
    perdana polisi presiden prof ratu raja sekjen sekretaris striker tim timnas tni ustaz wakil
    wali aries taurus gemini cancer leo virgo libra scorpio sagitarius capricorn aquarius pisces
    bagian bab babak catat com fokus info jakpro kredit oleh ps pt cv pertanyaan jawaban tanya jawab
    """
) | {*WEEKDAYS, *(names[0] for names in MONTHS)}


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
        if _WORD.fullmatch(word) is None or (word[-1] == "." and len(word) > 4):
            return False
        if not word[0].isupper() and word.lower() not in _PARTICLES:
            return False
    # "Raja Ampat" is a place, though "Raja" begins titles of people.
    return words[0].strip(".").lower() not in NOT_PLACES or is_known_place(text)


def is_known_place(text: str) -> bool:
    """Whether ``text`` is a listed place or a short form of one, ignoring case."""
    return text.lower() in load_gazetteer() or text.lower() in _SHORT_FORMS


def is_region(text: str) -> bool:
    """Whether ``text`` is a province or a country, ignoring case."""
    return "region" in load_gazetteer().get(text.lower(), ()) or text.lower() in _SHORT_FORMS


def is_abroad(text: str) -> bool:
    """Whether ``text`` is a listed place outside Indonesia, ignoring case."""
    return "world" in load_gazetteer().get(text.lower(), ())


def is_mountain(place: str) -> bool:
    """Whether the gazetteer lists ``place`` as a mountain."""
    return "mountain" in load_gazetteer().get(place.lower(), ())


def is_country(text: str) -> bool:
    """Whether ``text`` is a country or a foreign state, ignoring case."""
    return is_region(text) and is_abroad(text)


def normalise_place(text: str) -> str:
    """``text`` normalised: mixed case, long forms.

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

"""Is this line boilerplate of the page? An invitation to follow, a notice about the text, a link.

A line is judged by what it mentions, not by its wording: it calls on the reader (*ikuti*, *simak*,
*yuk*), names a channel (*WhatsApp*, *aplikasi*), a link (*di sini*, an address), or the publisher
and its own texts (*berita lainnya*, *kami*). Boilerplate does several of these in a few words;
prose with an appeal mentions other things. Only for whole lines or sentences.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.ingest.outlets import list_outlet_names
from indexer.loading import loaded_once

LONGEST_FURNITURE: Final = 260
_LONGEST_NOTICE: Final = 320
_SHORT: Final = 90
_SHORTEST_NAME: Final = 3
_PUNCTUATION: Final = ".,:;!?()[]\"“”'*"
#: Prefixes of the section names of some outlets: "detikSport", "TribunSolo".
_BRANDS: Final = ("detik", "tribun")
_QUOTES: Final = "\"“‘'"
_CALL_WORDS: Final = (
    *("yuk", "ayo", "mari", "silakan", "jangan lupa", "jangan lewatkan", "jangan sampai"),
    *("dapatkan", "ikuti", "simak", "baca", "klik", "cek", "lihat", "tonton", "saksikan", "unduh"),
    *("download", "install", "gabung", "bergabung", "follow", "subscribe", "like", "share"),
    *("bagikan", "kunjungi", "dengarkan", "nikmati", "temukan", "langganan", "berlangganan", "add"),
    *("tambahkan", "pantau", "akses", "gulir", "geser", "scroll", "swipe", "pilih", "caranya"),
    *("untuk mengetahui", "untuk mendapatkan"),
)
#: Each of them, or one of its words, as :func:`may_call` searches for it.
_SINGLE_CALLS: Final = frozenset(
    (*_CALL_WORDS, "lupa", "lewatkan", "sampai", "mengetahui", "mendapatkan")
)
_CALL: Final = re.compile(rf"\W{{0,4}}(?:{'|'.join(_CALL_WORDS)})\b", re.IGNORECASE)
#: "Yuk gabung diskusi bola di sini": reporters do not write so outside quotes.
_CHATTY_CALL: Final = re.compile(
    rf"\W{{0,4}}(?:yuk|yok|ayo)\b\W{{1,3}}(?:{'|'.join(_CALL_WORDS)})\b", re.IGNORECASE
)
#: "Yuk koleksi buku Republika"; but not what introduces a quoted list.
_CHATTY: Final = re.compile(r"\W{0,4}(?:yuk|yok|ayo)\b(?!.*\b(?:dikutip|dilansir))", re.IGNORECASE)
_CALL_INSIDE: Final = re.compile(rf"\b(?:{'|'.join(_CALL_WORDS)})\b", re.IGNORECASE)
_CALL_AT_END: Final = re.compile(
    rf"[,;:–-] ?(?:{'|'.join(_CALL_WORDS)})\b[^.,;:]{{0,30}}\Z", re.IGNORECASE
)
_CHANNEL_WORDS: Final = (
    *("whatsapp", "whats app", "telegram", "google news", "youtube", "tiktok", "tik tok"),
    *(
        "instagram",
        "facebook",
        "twitter",
        "threads",
        "channel",
        "kanal",
        "saluran",
        "grup",
        "group",
    ),
    *("aplikasi", "app", "play store", "newsletter", "podcast", "akun", "notifikasi", "epaper"),
    *("e-paper", "live", "streaming", "media sosial", "medsos", "fanpage"),
)
_CHANNEL: Final = re.compile(rf"\b(?:{'|'.join(_CHANNEL_WORDS)}|apps|WA)\b", re.IGNORECASE)
#: The words for channels and links that few other texts have.
_TELLING_WORDS: Final = (
    *("whatsapp", "telegram", "google news", "youtube", "instagram", "facebook", "tiktok", "t.me"),
    *("http", "www.", "di sini", "disini", "tautan", " link"),
)
#: Addresses with which readers join something.
_INVITING_LINK: Final = re.compile(
    r"\b(?:t\.me|wa\.me|whatsapp\.com|youtube\.com/(?:@|c/|channel))", re.IGNORECASE
)
_LINK: Final = re.compile(
    r"https?:|www\.|\bt\.me\b|\bdi ?sini\b|\blink\b|\btautan\b|@\w{3}|\bklik\b", re.IGNORECASE
)
_HERE: Final = re.compile(r"\b(?:di ?sini|(?:link|tautan) (?:ini|berikut))\W{0,4}\Z", re.IGNORECASE)
_OWN: Final = re.compile(
    r"\bkami\b|breaking news|\bredaksi\b|lanjut(?:kan)? (?:mem)?baca|"
    r"\b(?:artikel|berita|tulisan|informasi|video|update|kabar|konten|live report)\b[^.]{0,40}?\b"
    r"(?:lainnya|terbaru|terkini|terupdate|terpopuler|terhangat|pilihan|menarik|selengkapnya|"
    r"lengkap|seputar|berikut(?:nya)?|di bawah|selanjutnya|setiap hari)\b|"
    r"\b(?:artikel|berita|video|halaman) ini\b|\b(?:artikel|berita|video) (?:yang )?lain\b|"
    r"\b(?:update|berita) (?:berita|artikel|terkini|pilihan)\b|halaman (?:berikut|selanjut)nya",
    re.IGNORECASE,
)
_CONTRIBUTED: Final = re.compile(
    r".{2,80}\bberkontribusi (?:dalam|pada|untuk|terhadap) (?:penulisan|laporan|artikel).{0,40}"
)
_SAID: Final = re.compile(
    r"[\"”,] (?:kata|ujar|ucap|tutur|jelas|tegas|ungkap|imbuh|papar|sebut|terang|tambah|tulis)"
)
#: What a text says about itself, and marks of pages and posts: whole lines.
_NOTICE: Final = re.compile(
    r"\W{0,4}(?:artikel|berita|tulisan|konten|naskah|video) ini (?:telah |sudah |pernah |juga |"
    r"lebih dulu ){0,2}(?:tayang|terbit|dimuat|dipublikasikan|ditulis(?: ulang)?|diterjemahkan|"
    r"disadur|diolah|bersumber|diproduksi|merupakan (?:opini|tanggung jawab|hasil kerja ?sama|"
    r"advertorial|kiriman|konten|pendapat|rangkuman|terjemahan)|"
    r"dibuat (?:oleh|dengan|menggunakan))\b.{0,220}|"
    r"\W{0,4}(?:disclaimer|penafian)\b.{0,240}|"
    r"(?:halaman )?\d{1,2} (?:dari|of) \d{1,2}(?: halaman)?|halaman(?: ?[:|])?(?: \d{1,2}){1,12}|"
    r"(?:next|previous) article\b.{0,160}|artikel selanjutnya\b.{0,160}|"
    r"[—–-]{1,2} ?.{2,60} \(@\w{2,30}\) \w{3,9} \d{1,2}, \d{4}|pic\.twitter\.com/\w{4,20}|"
    r"(?:#\w{2,40}[ ,]{0,3}){1,15}|#\w{2,40}(?: \w{2,20}){1,3}\.?|"
    r"(?:tags?|topik|kata kunci|keywords?|kategori|rubrik) ?:.{2,160}|"
    r"[\w.]{3,20}(?:\.id|\.com|\.co) adalah (?:portal|situs|media) (?:berita|informasi).{5,240}|"
    r"(?:follow|ikuti|bagikan|share)|loading\W*|baca selengkapnya(?: di .{2,40})?|"
    r"(?:share|like) this ?:?|(?:bagikan|menyukai) ini ?:?|(?:like|suka) (?:loading|memuat)\W*|"
    r"(?:click to (?:share|email|print)|klik untuk (?:berbagi|membagikan|mencetak|mengirim))"
    r"\b.{0,90}|"
    r"facebook|twitter|x|whatsapp|telegram|linkedin|pinterest|"
    r"advertisement|iklan|\[?gambas:.{0,60}",
    re.IGNORECASE,
)


def is_furniture(line: str, *, source: str = "", several: bool = False) -> bool:
    """Whether ``line`` belongs to the page, not to the story. ``source``: the publisher's name;
    ``several``: the line has several sentences, and the first alone must not decide.

    >>> is_furniture("Ikuti kami di WhatsApp Channel"), is_furniture("Ikuti saja aturan itu.")
    (True, False)
    """
    line = line.strip()
    if not 3 <= len(line) <= LONGEST_FURNITURE:
        return False
    if not several and is_notice(line):
        return True
    # "Berita Lainnya di Kabar Kita, Klik di Sini" calls at its end.
    called = _CALL.match(line) or (_OWN.match(line) and _CALL_AT_END.search(line))
    if line[0] in _QUOTES or not called or _SAID.search(line):
        return False
    if _INVITING_LINK.search(line):
        return True
    if _CHANNEL.search(line) and _HERE.search(line) and len(line) <= _SHORT and not several:
        return True
    if not several and _CHATTY.match(line) and len(line) <= _SHORT and names_outlet(line, source):
        return True
    own = _OWN.search(line) is not None
    if _CHANNEL.search(line) or _LINK.search(line):
        # "Pantau akun @infoBMKG" is advice, as far as this line shows.
        return own or _CHATTY_CALL.match(line) is not None or names_outlet(line, source)
    return own and not several and len(line) <= _SHORT


def speaks_of_page(line: str, *, source: str = "") -> bool:
    """Whether ``line`` has any mark of boilerplate. Not sufficient by itself, but it is if the line
    recurs word by word under many articles.
    """
    if _CALL_INSIDE.search(line):
        return True
    if not (_CHANNEL.search(line) or _LINK.search(line)):
        return False
    return _OWN.search(line) is not None or names_outlet(line, source)


def may_call(text: str) -> bool:
    """Whether ``text`` has a word that calls on the reader: most texts end without one."""
    return not _SINGLE_CALLS.isdisjoint(text.lower().replace(",", " ").split())


def may_link(lowered: str) -> bool:
    """Whether lower-case text mentions a channel or a link anywhere: most texts do not."""
    return any(map(lowered.__contains__, _TELLING_WORDS))


def is_notice(line: str) -> bool:
    """Whether ``line``, a whole line, describes its text, or is a mark of a page or a post.

    >>> is_notice("Disclaimer: Tulisan ini opini penulis."), is_notice("2 dari 4 halaman")
    (True, True)
    """
    line = line.strip()
    if len(line) > _LONGEST_NOTICE:
        return False
    if "berkontribusi" in line and _CONTRIBUTED.fullmatch(line):
        return True
    return _NOTICE.fullmatch(line) is not None


@loaded_once
def _outlet_names() -> frozenset[str]:
    return frozenset(name for name in list_outlet_names() if len(name) > _SHORTEST_NAME)


def names_outlet(line: str, source: str = "") -> bool:
    """Whether ``line`` names an outlet of the table, or ``source``."""
    sign = source.split(".")[0].lower()
    if sign and (sign in line.lower() or sign in line.lower().replace(" ", "")):
        return True
    names = _outlet_names()
    before = ""
    for word in line.split():
        bare = word.strip(_PUNCTUATION)
        lowered = bare.lower()
        # Some outlets are named like everyday words: "bisnis", "tempo".
        written = bare[:1].isupper() or "." in bare
        if (written and lowered in names) or (before and f"{before} {lowered}" in names):
            return True
        if len(bare) > _SHORTEST_NAME and lowered.startswith(_BRANDS):
            return True
        before = lowered if bare[:1].isupper() else ""
    return False

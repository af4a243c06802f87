"""Which boilerplate is inserted into newswire copy? One table, one row per pattern.

A row names the pattern and the outlet where it was seen, says where it applies, and has an example
of our own with the expected remainder; the examples are tests. The group ``initials`` may name an
agency. Heads and tails have no rows: see :mod:`indexer.ingest.wire.head` and
:mod:`indexer.ingest.wire.tail`.

Speed and safety. ``guards`` are strings, one of which must occur in the lower-cased text before the
expression is tried. An expression begins with a character or a set of them (look-behinds come after
it), so that the matcher can skip to candidates; repetitions are bounded, so that a malicious text
costs linear time. There are few distinct guards: searching for them is the cost of reading an
ordinary article. The guard ``juga<mark>`` means "juga" or "pula" followed by a colon or a quotation
mark, ``(aa/bb)`` initials.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Where(Enum):
    """What a pattern's expression is matched against."""

    LINE = "line"  # any whole line
    ANYWHERE = "anywhere"


#: The guard for labels of links and teasers; see the module.
MARKED_LABEL: Final = "juga<mark>"
#: The guard for bracketed initials, and the shape it represents.
INITIALS: Final = "(aa/bb)"
BRACKETED_INITIALS: Final = re.compile(r"\([a-z]{2,4}/[a-z]{2,4}(?:/[a-z]{2,4})?\)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row: see the module. ``left`` is the remainder of ``example``."""

    name: str
    where: Where
    outlet: str
    guards: tuple[str, ...]
    regex: re.Pattern[str]
    example: str
    left: str


#: After these a new sentence, or boilerplate, may begin.
SENTENCE_END: Final = r"[.!?:;…\"”'’)\]]"
#: After the first character of an expression: it must be where a sentence may begin.
_BEGINS: Final = rf"(?:(?<={SENTENCE_END}.)|(?<={SENTENCE_END}[ \n].)|(?<=\n.)|(?<=  .)|(?<=\A.))"
_JOIN_LINK: Final = (
    r"[,.]? ?\*?\n?\*?[cC]aranya klik link (?:https?://)?[^\s,]{3,80},?(?: kemudian join)?\.?"
    r"(?: Anda harus install aplikasi \w{4,12} terlebih dulu di ponsel)?[.\"”;*]{0,4}"
)


def _row(
    name: str,
    where: Where,
    outlet: str,
    guards: str,
    regex: str,
    example: str,
    left: str,
    *,
    any_case: bool = False,
) -> Pattern:
    compiled = re.compile(regex, re.IGNORECASE if any_case else 0)
    needed = tuple(guards.split("|")) if guards else ()
    return Pattern(name, where, outlet, needed, compiled, example, left)


PATTERNS: Final[tuple[Pattern, ...]] = (
    # --- page furniture ------------------------------------------------------------------------
    _row(
        "scroll marker",
        Where.ANYWHERE,
        "detik, CNN Indonesia",
        "scroll",
        r"S(?:CROLL TO (?:CONTINUE|RESUME) (?:WITH )?CONTENT|"
        r"croll to (?:continue|resume) (?:with )?content)\b[.…]{0,3}",
        "Air surut.\nADVERTISEMENT\nSCROLL TO CONTINUE WITH CONTENT\nWarga pulang.",
        "Air surut.\nWarga pulang.",
    ),
    _row(
        "advertisement line",
        Where.LINE,
        "detik, CNN Indonesia",
        "advertisement|iklan|scroll",
        r"[\[(-]{0,2} ?(?:advertisement|iklan)(?: untuk anda)?[\])-]{0,2}|"
        r"scroll (?:ke bawah|untuk (?:lanjut )?(?:baca|membaca)).{0,40}",
        "Air surut.\n[Iklan]\nWarga pulang.",
        "Air surut.\nWarga pulang.",
        any_case=True,
    ),
    _row(
        "advertisement in line",
        Where.ANYWHERE,
        "Liputan6",
        "advertisement",
        rf"A{_BEGINS}(?:dvertisement|DVERTISEMENT)(?=\s+[A-Z\"“‘'\d\[]|\s*\Z)",
        "Air surut. Advertisement Warga pulang. Advertisement",
        "Air surut. Warga pulang.",
    ),
    _row(
        "video teaser",
        Where.ANYWHERE,
        "detik, 20Detik",
        "video|sosok|juga<mark>",
        rf"[SLTC]{_BEGINS}(?:imak|ihat|onton|aksikan|ek)(?: [Jj]uga| [Pp]ula)?,?:?"
        r"(?: (?:[Vv]ideo|VIDEO|[Bb]lak-[Bb]lakan|[Ss]osok|SOSOK|[Ss]iaran [Uu]lang)\b|"
        r" ?(?=['\"“‘]))"
        r"(?: saat| soal| tentang| pilihan| detik\w{0,8}| 20[Dd]etik){0,2}\s{0,2}:?\s{0,2}"
        r"(?:['\"“‘][^\n\[]{3,160}?['\"”’](?: (?:di sini|di bawah ini|berikut(?: ini)?))?\s?[:.]?"
        r"|[^\n\[.]{3,160}(?:\.(?! )[^\n\[.]{0,80}){0,3}\s?:?(?<!\w\.))"
        r"(?=\s{0,3}(?:\[Gambas|\n|\Z|  ))",
        "Warga pulang, kata dia.\n\nSimak juga Video: Detik Air Surut\n\n[Gambas:Video 20detik]",
        "Warga pulang, kata dia.",
    ),
    _row(
        "embedded media",
        Where.ANYWHERE,
        "detik, CNN Indonesia",
        "[",
        r"\[(?:Gambas|Video|Foto|Img|Embed|Gallery|video|foto|img|embed|gallery)\s?[:.]"
        r"[^\[\]\n]{0,80}\]",
        "Warga pulang. [Gambas:Video CNN]",
        "Warga pulang.",
    ),
    _row(
        "embedded post",
        Where.ANYWHERE,
        "Instagram",
        "@",
        r"(?:View this post on Instagram|Lihat postingan ini di Instagram|"
        r"(?:A post shared by|Sebuah kiriman dibagikan oleh) [^\n@]{1,60}\(@[\w.]{1,40}\)"
        r"(?: (?:on|pada) \w{3} \d{1,2}, \d{4} at [\d:.]{3,8}\s?(?:am|pm) P[DS]T)?)",
        "Unggahan itu ramai. A post shared by Warung Kita (@warung.kita)",
        "Unggahan itu ramai.",
    ),
    _row(
        "page script",
        Where.ANYWHERE,
        "detik",
        "{",
        r"\.skybanner \{[^{}]{0,200}\}|googletag\.cmd\.push\(function ?\(\) ?\{[^{}]{0,400}\}\);?|"
        r"\(adsbygoogle ?= ?window\.adsbygoogle[^;\n]{0,120};?",
        "Air surut. googletag.cmd.push(function() { googletag.display('div-1'); }); Warga pulang.",
        "Air surut. Warga pulang.",
    ),
    _row(
        "page links",
        Where.ANYWHERE,
        "detik, Kompas",
        "halaman|view in",
        r"(?:Halaman(?: \d{1,2}){2,12}(?: Selanjutnya)?|"
        r"View in (?:Single Page(?: \d{1,2}){1,12}|Multi Page))\b",
        "Air surut. Warga pulang. Halaman 1 2 Selanjutnya",
        "Air surut. Warga pulang.",
    ),
    _row(
        "next page",
        Where.ANYWHERE,
        "detik",
        "halaman",
        rf"[BSCL]{_BEGINS}(?:ersambung ke halaman (?:berikut|selanjut)nya|"
        r"(?:aca|imak|ihat|ek)(?: \w{1,16}){0,2} (?:di |pada )?halaman (?:berikut|selanjut)nya)"
        r"(?: ?[.…!)]{1,4}|(?=\s{1,2}[A-Z\"“\[]|\s{0,2}\Z|\n))",
        "Air surut. Baca selengkapnya di halaman selanjutnya. Warga pulang.",
        "Air surut. Warga pulang.",
    ),
    _row(
        "read in full",
        Where.ANYWHERE,
        "Tribun, Kompas, detik",
        "selengkapnya",
        rf"[BbSsLlKk>]{_BEGINS}(?:>{{0,3}} ?[BbSsLlKk])?(?i:aca|imak|ihat|lik)"
        r"(?i:(?: berita| artikel)? ?selengkapnya)"
        r"(?:(?i:(?: klik)? ?di ?sini)(?=[.…<\s]{0,4}(?:\n|\Z|\d\. |Baca|[A-Z\"“]))|\s?(?:→|>{2,}))"
        r" ?[.…<]{0,4}",
        "Air surut. >>> BACA SELENGKAPNYA DI SINI<<<",
        "Air surut.",
    ),
    _row(
        "loading marker",
        Where.ANYWHERE,
        "Posmetro, JPNN",
        "loading",
        r"loading\.\.\.(?=\s|\Z)",
        "Warga pulang. (trb) loading...",
        "Warga pulang.",
    ),
    # --- where it ran, and what to follow ------------------------------------------------------
    _row(
        "ran elsewhere",
        Where.ANYWHERE,
        "Kompas, Tribun, Antara, detik",
        "tayang|dimuat di",
        rf"[ABTK](?:{_BEGINS}|(?<=,.)|(?<=, .))(?:rtikel|erita|ulisan|onten) (?:ini|tersebut)"
        r" (?:telah |sudah |pernah |lebih dulu |juga )?(?:tayang|terbit|dimuat)(?: sebelumnya)?"
        r" (?:di|pada) (?:laman |situs )?[\w-]{2,24}(?:\.\w{2,6}){0,2}"
        r"(?: (?!dengan|berjudul)\w{2,12})?"
        r"(?:,?\s{1,2}(?:dengan|berjudul|judul)(?: judul)?:?\s{0,2}[^\n]{3,220}?(?=\n|\Z|  |"
        r"(?:Penulis|Editor|Pewarta|Reporter) ?:|[,.]? ?(?:klik|baca) |Baca juga|Copyright))?"
        r"(?:[,.]? ?(?:klik|baca)(?: selengkapnya| untuk baca)?:? ?(?:di ?sini|https?://\S{3,200})?)?"
        r"(?:\.(?=\s|\Z))?",
        "Warga pulang. Artikel ini telah tayang di Kompas.com dengan judul Air Surut di Demak",
        "Warga pulang.",
    ),
    _row(
        "copyright",
        Where.ANYWHERE,
        "Antara",
        "copyright|©",
        r"(?:(?i:copyright) ?©?|©|Hak [Cc]ipta) ?(?:LKBN )?[A-Z][\w.]{1,20} (?:19|20)\d\d"
        r"(?:\s{0,2}Dilarang keras [^\n]{10,220}?(?:Kantor Berita \w{2,12}\.?|(?=\n)|\Z))?",
        "Warga pulang. Copyright © ANTARA 2025 Dilarang keras mengambil konten tanpa izin tertulis "
        "dari Kantor Berita ANTARA.",
        "Warga pulang.",
    ),
    _row(
        "news channel invitation",
        Where.ANYWHERE,
        "Kompas",
        "telegram|whatsapp",
        r"Dapatkan update (?:berita )?[^\n.]{5,90} (?:setiap hari|dari Kompas\.com)[^\n]{0,20}?\."
        r" (?:Mari|Yuk|Ayo) bergabung di [^\n]{5,90}?(?=[,.]? ?\*?(?:[cC]aranya|\n|\Z))"
        rf"(?:{_JOIN_LINK})?",
        "Warga pulang. Dapatkan update berita pilihan setiap hari dari Kompas.com. Mari bergabung "
        'di Grup Telegram "Update", caranya klik link https://t.me/contoh, kemudian join.',
        "Warga pulang.",
    ),
    _row(
        "fact check notice",
        Where.ANYWHERE,
        "Liputan6",
        "whatsapp",
        r"\*{0,3} ?Fakta atau Hoaks\? Untuk mengetahui kebenaran [^\n]{10,240}"
        r"(?:diinginkan\.?|(?=\n)|\Z)",
        "Warga pulang. * Fakta atau Hoaks? Untuk mengetahui kebenaran informasi ini, kirim "
        "pesan WhatsApp ke nomor kami dengan kata kunci yang diinginkan.",
        "Warga pulang.",
    ),
    _row(
        "photograph line",
        Where.LINE,
        "many",
        "foto",
        r"\(?(?:sumber |kredit |keterangan )?foto\s?:\s?(?:dok\. ?)?[^\n.]{2,80}\)?",
        "Warga pulang.\nFoto: Rahma Dewi/Kabar Kita\nAir surut.",
        "Warga pulang.\nAir surut.",
        any_case=True,
    ),
    # --- credits -------------------------------------------------------------------------------
    _row(
        "initials in line",
        Where.ANYWHERE,
        "detik, CNN Indonesia",
        INITIALS,
        r"\((?<=[.!?\"”'’] \()(?P<initials>[a-z]{2,4}/[a-z]{2,4}(?:/[a-z]{2,4})?)\)(?=\s|\Z)",
        "Warga pulang. (aik/idn) Petugas tetap berjaga.",
        "Warga pulang. Petugas tetap berjaga.",
    ),
    _row(
        "initials before tags",
        Where.ANYWHERE,
        "detik, flattened",
        INITIALS,
        r"\((?!(?:km|kg|mg|ml|cm|mm|rp|ton|pro|ya)/)"
        r"(?P<initials>[a-z]{2,4}/[a-z]{2,4}(?:/[a-z]{2,4})?)\)"
        r"(?=(?: [^\sA-Z.,:;!?\"“”()]{1,30}){0,40}\s?\Z)",
        "Foto: Istimewa. Warga pulang kemarin (aik/idn) banjir demak tanggul jebol",
        "Foto: Istimewa. Warga pulang kemarin banjir demak tanggul jebol",
    ),
)

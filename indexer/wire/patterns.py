"""The table of boilerplate that newswire copy carries: one row per pattern.

A row names the pattern and the outlet it was seen at, says where it applies, and carries an
example of our own with what must be left of it; the examples are tests. Named groups fill
fields of the article: ``author``, ``editor``, ``agency``, ``source``, ``title``, ``date``.

Every expression is linear: bounded repetitions, and no two that can match the same text side by
side. ``guards`` are lower-case strings, one of which must occur before the expression is tried.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Where(Enum):
    """What a pattern's expression is matched against."""

    START = "start"  # the beginning of the text
    LINE = "line"  # a whole line
    ANYWHERE = "anywhere"
    END = "end"  # the end of the text


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row: see the module. ``left`` is what remains of ``example``."""

    name: str
    where: Where
    outlet: str
    guards: tuple[str, ...]
    regex: re.Pattern[str]
    example: str
    left: str


#: After these a new sentence, or boilerplate, may begin.
SENTENCE_END: Final = r"[.!?:;…\"”'’)\]]"
_AFTER_SENTENCE: Final = rf"(?:(?<={SENTENCE_END})|(?<={SENTENCE_END}[ \n])|(?<=\n)|(?<=  )|\A)"
_NAME_WORD: Final = r"[A-ZÀ-Þ][\w'’.-]{0,24}"
#: One to five capitalised words; particles of Arabic and Dutch names may stand between.
NAME: Final = rf"{_NAME_WORD}(?: (?:(?:al|bin|binti|van|de|den|der|el|ibn) )?{_NAME_WORD}){{0,4}}"
NAMES: Final = rf"{NAME}(?:(?: ?[/,&] ?| dan ){NAME}){{0,5}}"
_WRITER: Final = r"(?:reporter|penulis|pewarta|wartawan|laporan|kontributor|koresponden|teks|oleh)"
_CHIEF: Final = r"(?:redaktur(?: pelaksana)?|editor|penyunting|penyelaras|uploader|reviewer)"


def _row(
    name: str,
    where: Where,
    outlet: str,
    guards: str,
    regex: str,
    example: str,
    left: str,
    flags: int = re.IGNORECASE,
) -> Pattern:
    return Pattern(
        name, where, outlet, tuple(guards.split("|")), re.compile(regex, flags), example, left
    )


_CASED: Final = 0

PATTERNS: Final[tuple[Pattern, ...]] = (
    # --- the head ------------------------------------------------------------------------------
    _row(
        "tribun reporter line",
        Where.START,
        "Tribun",
        "laporan",
        rf"Laporan (?i:wartawan|kontributor|reporter|jurnalis|khusus)[ \w]{{0,16}}?"
        rf"(?i:tribun[\w-]{{0,12}}(?:\.com|\.id)?|[\w-]{{3,20}}\.(?:com|co\.id|id))?"
        rf"[ ,:]{{1,3}}(?P<author>{NAME}?)(?:\s*\n|\s+(?=[A-Z]{{4,}}[A-Z.\d]{{0,20}}(?:,| -| –)))",
        "Laporan Wartawan Tribunnews.com, Rahma Dewi TRIBUNNEWS.COM, SOLO - Pasar ramai sejak pagi.",
        "Pasar ramai sejak pagi.",
        _CASED,
    ),
    _row(
        "source and editor line",
        Where.START,
        "Kontan",
        "editor",
        r"(?:(?:reporter|penulis): (?P<author>[\w .,'’/-]{3,60}?) ?\| ?)?"
        r"(?:sumber: (?P<agency>[\w .,'’/-]{3,60}?) ?\| ?)?"
        r"editor: (?P<editor>[\w.'’]{2,20}(?: [\w.'’]{2,20}){0,3}?)"
        r"(?:\s*\n\s*|\s+(?=[a-z0-9-]{2,20}\.(?:com|co\.id|id)\b))",
        "sumber: reuters | editor: sri wening kontan.co.id - harga emas naik lagi.",
        "harga emas naik lagi.",
    ),
    _row(
        "byline with clock",
        Where.START,
        "detik",
        " - detik| - okezone| - kompas| - tempo",
        rf"(?P<author>{NAME}) - (?P<source>(?:detik|okezone|kompas|tempo)\w{{0,12}}(?:\.com|\.co)?)\s+"
        r"(?P<date>(?:Senin|Selasa|Rabu|Kamis|Jum'?at|Sabtu|Minggu), \d{1,2} \w{3,9} \d{4}"
        r"(?:,? (?:pukul )?\d{1,2}[.:]\d\d(?: WI(?:B|TA|T))?)?)\s*",
        "Rahma Dewi - detikInet Selasa, 21 Jan 2020 21:45 WIB Jakarta - Gawai baru resmi meluncur "
        "di pasar lokal.",
        "Gawai baru resmi meluncur di pasar lokal.",
        _CASED,
    ),
    _row(
        "author label first",
        Where.START,
        "Tribun",
        "penulis:|penulis :|reporter:",
        rf"(?:Penulis|Reporter) ?: (?P<author>{NAME}?)\s+(?=[A-Z]{{4,}}[A-Z.\d]{{0,20}}(?:,| ?-| –))",
        "Penulis: Rahma Dewi TRIBUNNEWS.COM- Laga itu batal digelar.",
        "Laga itu batal digelar.",
        _CASED,
    ),
    _row(
        "date line",
        Where.START,
        "wire copy",
        "senin|selasa|rabu|kamis|jum|sabtu|minggu",
        r"(?P<date>(?:Senin|Selasa|Rabu|Kamis|Jum'?at|Sabtu|Minggu)[, (|]{1,3}\d{1,2}[ /-]\w{1,9}"
        r"[ /-]\d{4}\)?(?:[ ,|-]{1,4}(?:pukul )?\d{1,2}[.:]\d\d(?: WI(?:B|TA|T))?)?)[ \t]*\n\s*",
        "Rabu, 20 Juli 2022 | 13:05 WIB\nHarga cabai turun.",
        "Harga cabai turun.",
    ),
    # --- page furniture ------------------------------------------------------------------------
    _row(
        "scroll marker",
        Where.ANYWHERE,
        "detik, CNN Indonesia",
        "scroll to",
        r"\s*(?:(?i:advertisement)\s+)?(?:SCROLL TO (?:CONTINUE|RESUME) (?:WITH )?CONTENT|"
        r"Scroll to (?:continue|resume) (?:with )?content)\b[.…]{0,3}",
        "Air surut.\nADVERTISEMENT\nSCROLL TO CONTINUE WITH CONTENT\nWarga pulang.",
        "Air surut.\nWarga pulang.",
        _CASED,
    ),
    _row(
        "advertisement line",
        Where.LINE,
        "detik, CNN Indonesia",
        "advertisement|iklan|pariwara|gulir ke bawah",
        r"[\[(-]{0,2} ?(?:advertisement|iklan|pariwara|adsense)(?: untuk anda)?[\])-]{0,2}|"
        r"(?:lanjutkan membaca|gulir) ke bawah.{0,40}|gulir untuk lanjut (?:baca|membaca).{0,20}",
        "Air surut.\n[Iklan]\nWarga pulang.",
        "Air surut.\nWarga pulang.",
    ),
    _row(
        "advertisement in line",
        Where.ANYWHERE,
        "Liputan6",
        "advertisement",
        rf"{_AFTER_SENTENCE}\s*(?:Advertisement|ADVERTISEMENT)(?=\s+[A-Z\"“‘'\d]|\s*\Z)",
        "Air surut. Advertisement Warga pulang. Advertisement",
        "Air surut. Warga pulang.",
        _CASED,
    ),
    _row(
        "video teaser",
        Where.ANYWHERE,
        "detik, 20Detik",
        "video|blak-blakan|sosok|saksikan juga|simak juga|tonton juga|lihat juga",
        rf"{_AFTER_SENTENCE}\s*(?:Simak|Lihat|Tonton|Saksikan|Cek)(?: [Jj]uga| [Pp]ula)?,?:?"
        r"(?: (?:[Vv]ideo|VIDEO|[Bb]lak-[Bb]lakan|[Ss]osok|SOSOK|[Ss]iaran [Uu]lang)\b| ?(?=['\"“‘]))"
        r"(?: saat| soal| tentang| pilihan| detik\w{0,8}| 20[Dd]etik){0,2}\s*:?\s*"
        r"(?:['\"“‘][^\n\[]{3,160}?['\"”’](?: (?:di sini|di bawah ini|berikut(?: ini)?))?\s*[:.]?"
        r"|[^\n\[.]{3,160}(?:\.(?! )[^\n\[.]{0,80}){0,3}\s*:?)(?=\s*(?:\[Gambas|\n|\Z|  ))",
        "Warga pulang, kata dia.\n\nSimak juga Video: Detik-detik Air Surut\n\n[Gambas:Video 20detik]",
        "Warga pulang, kata dia.",
        _CASED,
    ),
    _row(
        "embedded media",
        Where.ANYWHERE,
        "detik, CNN Indonesia",
        "[gambas|[video|[foto|[img|[embed|[gallery",
        r"\s*\[(?:Gambas|Video|Foto|Img|Embed|Gallery)\s?[:.][^\[\]\n]{0,80}\]",
        "Warga pulang. [Gambas:Video CNN]",
        "Warga pulang.",
    ),
    _row(
        "embedded post",
        Where.ANYWHERE,
        "Instagram",
        "a post shared by|dibagikan oleh|on instagram|di instagram",
        r"(?:View this post on Instagram\s{0,4}|Lihat postingan ini di Instagram\s{0,4})?"
        r"(?:A post shared by|Sebuah kiriman dibagikan oleh) [^\n@]{1,60}\(@[\w.]{1,40}\)"
        r"(?: (?:on|pada) \w{3} \d{1,2}, \d{4} at [\d:.]{3,8}\s?(?:am|pm) P[DS]T)?",
        "Unggahan itu ramai. A post shared by Warung Kita (@warung.kita)",
        "Unggahan itu ramai.",
    ),
    _row(
        "page script",
        Where.ANYWHERE,
        "detik",
        "googletag|.skybanner|adsbygoogle",
        r"\.skybanner \{[^{}]{0,200}\}|googletag\.cmd\.push\(function ?\(\) ?\{[^{}]{0,400}\}\);?|"
        r"\(adsbygoogle ?= ?window\.adsbygoogle[^;\n]{0,120};?",
        "Air surut. googletag.cmd.push(function() { googletag.display('div-1'); }); Warga pulang.",
        "Air surut. Warga pulang.",
    ),
    _row(
        "page links",
        Where.ANYWHERE,
        "detik, Kompas",
        "halaman|single page|selanjutnya",
        r"\bHalaman(?: \d{1,2}){2,12}(?: Selanjutnya)?\b|View in Single Page(?: \d{1,2}){1,12}\b|"
        r"(?:(?<=[.!?\"”'’)\]])|(?<=\n)|\A)\s*(?:\(?Bersambung ke halaman (?:berikut|selanjut)nya|"
        r"(?:Simak|Baca|Lihat|Cek)(?: [\w ]{0,24})? (?:di |pada )?halaman (?:berikut|selanjut)nya)"
        r"\s*[.…!)]{0,4}",
        "Air surut. Baca selengkapnya di halaman selanjutnya. Warga pulang. Halaman 1 2 Selanjutnya",
        "Air surut. Warga pulang.",
    ),
    _row(
        "read in full",
        Where.ANYWHERE,
        "Tribun, Kompas, detik",
        "selengkapnya",
        rf"{_AFTER_SENTENCE}[\s>]*(?:baca|simak|lihat|klik)(?: berita| artikel)? ?selengkapnya"
        r"(?:(?: klik)? ?di ?sini(?:[.…<\s]{0,4}(?=\n|\Z|\d\. |\s?Baca|\s?[A-Z\"“]))|\s*(?:→|>{2,}))[.…<]*",
        "Air surut. >>> BACA SELENGKAPNYA DI SINI<<<",
        "Air surut.",
    ),
    _row(
        "loading marker",
        Where.ANYWHERE,
        "Posmetro, JPNN",
        "loading...",
        r"\s*\bloading\.\.\.(?=\s|\Z)",
        "Warga pulang. (trb) loading...",
        "Warga pulang.",
        _CASED,
    ),
    # --- where it ran, and what to follow ------------------------------------------------------
    _row(
        "ran elsewhere",
        Where.ANYWHERE,
        "Kompas, Tribun, Antara, detik",
        "tayang di|terbit di|dimuat di|tayang pada",
        r"(?:(?<=[.!?\"”'’)\]])|(?<=\n)|\A|(?<=  ))\s*\*{0,2}(?:Artikel|Berita|Tulisan|Konten) (?:ini|tersebut)"
        r" (?:telah|sudah|pernah|lebih dulu|juga)? ?(?:tayang|terbit|dimuat)(?: sebelumnya)? (?:di|pada)"
        r" [^\n.]{2,40}(?:\.(?:com|co\.id|co|id|net|tv))?"
        r"(?:,? (?:dengan|berjudul|judul)(?: judul)?:?\s*[^\n]{3,220}?(?=\n|\Z|  |(?:Penulis|Editor|"
        r"Pewarta|Reporter) ?:|[,.]? ?(?:klik|baca) |Baca juga|Copyright))?"
        r"(?:[,.]? ?(?:klik|baca)(?: selengkapnya| untuk baca)?:? ?(?:di ?sini|https?://\S+)?)?"
        r"(?:\.(?=\s|\Z))?",
        "Warga pulang. Artikel ini telah tayang di Kompas.com dengan judul Air Surut di Demak",
        "Warga pulang.",
    ),
    _row(
        "copyright",
        Where.ANYWHERE,
        "Antara",
        "copyright|hak cipta",
        r"(?:Copyright ?©?|©|Hak [Cc]ipta) ?(?:LKBN )?[A-Z][\w.]{1,20} (?:19|20)\d\d"
        r"(?:\s*Dilarang keras [^\n]{10,220}?(?:Kantor Berita \w{2,12}\.?|(?=\n)|\Z))?",
        "Warga pulang. Copyright © ANTARA 2025 Dilarang keras mengambil konten tanpa izin tertulis "
        "dari Kantor Berita ANTARA.",
        "Warga pulang.",
        _CASED,
    ),
    _row(
        "news channel invitation",
        Where.ANYWHERE,
        "Kompas",
        "dapatkan update berita",
        r"\*?Dapatkan update (?:berita )?[^\n.]{5,90} (?:setiap hari|dari Kompas\.com)[^\n]{0,20}?\."
        r" (?:Mari|Yuk|Ayo) bergabung di [^\n]{5,90}?(?=[,.]? ?\*?(?:caranya|Caranya|\n|\Z))"
        r"(?:[,.]? ?\*?(?:\n\*?)?(?:caranya|Caranya) klik link (?:https?://)?\S{3,80}?,? kemudian join\."
        r"(?: Anda harus install aplikasi \w{4,12} terlebih dulu di ponsel)?[.\"”;*]{0,4}|"
        r"[,.]? ?\*?(?:\n\*?)?(?:caranya|Caranya) klik link (?:https?://)?\S{3,80}"
        r"(?: Anda harus install aplikasi \w{4,12} terlebih dulu di ponsel)?[.\"”;*]{0,4})?",
        "Warga pulang. Dapatkan update berita pilihan setiap hari dari Kompas.com. Mari bergabung di "
        'Grup Telegram "Update", caranya klik link https://t.me/contoh, kemudian join.',
        "Warga pulang.",
        _CASED,
    ),
    _row(
        "follow on",
        Where.LINE,
        "many",
        "google news|whatsapp channel|saluran whatsapp|kanal whatsapp|kanal telegram|channel whatsapp|"
        "telegram channel|grup telegram|ikuti berita|follow berita|yuk! baca",
        r"(?:\*|>|[-–•] ?)?(?:ikuti|follow|cek|simak|dapatkan|baca|yuk!?,? ?(?:baca|ikuti)|mari|ayo|jangan "
        r"lewatkan|gabung|bergabung)\b.{5,160}?(?:google news|whatsapp|telegram).{0,120}|"
        r"google news ?: ?(?:cek|ikuti|follow|baca|berita).{0,120}",
        "Warga pulang.\nIkuti berita Kabar Kita di Google News",
        "Warga pulang.",
    ),
    _row(
        "about the portal",
        Where.LINE,
        "DailySocial",
        "adalah portal berita",
        r"[\w.]{3,20}(?:\.id|\.com) adalah portal berita .{10,300}(?:kamu|anda|member|ikuti).{0,300}",
        "Warga pulang.\nContoh.id adalah portal berita teknologi. Kamu bisa menjadi member kami.",
        "Warga pulang.",
    ),
    _row(
        "house slogan",
        Where.LINE,
        "Fimela",
        "#growfearless",
        r"[, ]*#growfearless with fimela\.?",
        "Selamat mencoba!\n#GrowFearless with FIMELA",
        "Selamat mencoba!",
    ),
    _row(
        "video list heading",
        Where.LINE,
        "JPNN, Kompas, Okezone",
        "video terpopuler|video terbaru|video pilihan|saksikan video|simak video|tonton video",
        r"(?:jangan lewatkan )?(?:video (?:terpopuler|terbaru|pilihan)|(?:saksikan|simak|tonton) video "
        r"(?:pilihan|terbaru|menarik|lainnya|di bawah|berikut|ini|selengkapnya))[^.\n]{0,80}[:.!]?",
        "Warga pulang.\nJangan Lewatkan Video Terbaru:",
        "Warga pulang.",
    ),
    _row(
        "empty value",
        Where.LINE,
        "exports",
        "null|none|undefined|nan",
        r"null|none|undefined|nan",
        "Warga pulang.\nnull",
        "Warga pulang.",
        _CASED,
    ),
    # --- credits -------------------------------------------------------------------------------
    _row(
        "editor and reporter in one",
        Where.LINE,
        "JPNN",
        "reporter",
        rf"{_CHIEF} ?(?:&|dan|/) ?{_WRITER}\s?:\s*(?P<both>[^\n]{{2,120}})",
        "Warga pulang.\nRedaktur & Reporter : Rahma Dewi",
        "Warga pulang.",
    ),
    _row(
        "reporter and editor line",
        Where.LINE,
        "many",
        "reporter|penulis|pewarta|wartawan|laporan|kontributor|koresponden|oleh",
        rf"\(?(?:{_WRITER})(?:\s?/\s?\w{{3,12}})?\s?:\s*(?P<author>[^\n|:]{{2,90}}?)"
        rf"(?:(?:\s*[|,/-])?\s+(?:{_CHIEF})\s?:\s*(?P<editor>[^\n|:]{{2,90}}?))?\)?[,.]?",
        "Warga pulang.\nReporter: Rahma Dewi | Editor: Budi Hartono",
        "Warga pulang.",
    ),
    _row(
        "editor line",
        Where.LINE,
        "many",
        "editor|redaktur|penyunting|uploader",
        rf"\(?(?:{_CHIEF})\s?:\s*(?P<editor>[^\n|:]{{2,90}}?)"
        rf"(?:(?:\s*[|,/-])?\s+(?:{_WRITER})\s?:\s*(?P<author>[^\n|:]{{2,90}}?))?\)?[,.]?",
        "Warga pulang.\nEditor: Budi Hartono",
        "Warga pulang.",
    ),
    _row(
        "agency line",
        Where.LINE,
        "many",
        "sumber",
        r"\(?sumber(?: berita)?\s?:\s*(?P<agency>[^\n|:]{2,50}?)\)?[,.]?",
        "Warga pulang.\nSumber: Antara",
        "Warga pulang.",
    ),
    _row(
        "credits in line",
        Where.END,
        "Antara, Kompas",
        "pewarta|penulis|reporter|editor",
        rf"(?<=[.!?\"”'’)\]\w]) (?:(?:Pewarta|Penulis|Reporter)\s?: ?(?P<author>{NAMES})"
        rf"(?:(?: ?[|,/])? (?:Editor|Redaktur)\s?: ?(?P<editor>{NAMES}))?"
        rf"|(?:Editor|Redaktur)\s?: ?(?P<editor2>{NAMES}))[.,]?\s*\Z",
        "Warga pulang. Pewarta: Rahma Dewi Editor: Budi Hartono",
        "Warga pulang.",
        _CASED,
    ),
    _row(
        "tags after credits",
        Where.END,
        "Antara",
        " tags ",
        r"(?<=[.!?\"”'’)\]\w]) Tags (?:[A-Z0-9][^\s.]{0,30} ?){1,12}\Z",
        "Warga pulang. Tags Harga Beras",
        "Warga pulang.",
        _CASED,
    ),
    _row(
        "initials in line",
        Where.ANYWHERE,
        "detik, CNN Indonesia",
        "/",
        r"(?<=[.!?\"”'’] )\((?P<initials>[a-z]{2,4}/[a-z]{2,4}(?:/[a-z]{2,4})?)\)(?=\s|\Z)",
        "Warga pulang. (aik/idn) Petugas tetap berjaga.",
        "Warga pulang. Petugas tetap berjaga.",
        _CASED,
    ),
    _row(
        "signature in capitals",
        Where.END,
        "Tempo",
        "",
        r"(?<=[.!?\"”'’])\n\s*(?P<author>[A-Z][A-Z.']+(?: [A-Z][A-Z.']*){1,3}"
        r"(?: ?[|,&] ?[A-Z][A-Z.']+(?: [A-Z][A-Z.']*){0,3}){0,2})"
        r"(?: ?\((?P<place>[A-Z][A-Z ]{2,24})\))?\s*\Z",
        "Warga pulang.\nRAHMA DEWI (SOLO)",
        "Warga pulang.",
        _CASED,
    ),
    _row(
        "initials before agencies",
        Where.END,
        "DW",
        "(",
        r"(?<=[.!?\"”'’]) [a-z]{2,3}/[a-z]{2,3}(?= \([a-zA-Z, ]{2,24}\)\s*\Z)",
        "Warga pulang. rah/dew (afp, rtr)",
        "Warga pulang.",
        _CASED,
    ),
    _row(
        "closing stars",
        Where.END,
        "Pikiran Rakyat",
        "*|#",
        r"(?<=[.!?\"”'’)\]])\s*(?:\*{1,5}|#{2,4}|\*/)\s*\Z",
        "Warga pulang.***",
        "Warga pulang.",
        _CASED,
    ),
    _row(
        "dangling commas",
        Where.END,
        "archives with lost links",
        ",",
        r"(?<=[.!?\"”'’)\]])\s*,(?:[ ,]{0,8})\Z",
        "Warga pulang. ,",
        "Warga pulang.",
        _CASED,
    ),
)

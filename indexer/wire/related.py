"""Links to other articles: "Baca juga: ..." on a line of its own, in brackets, or mid-paragraph.

On a line of its own the title is the line. In flattened text the title runs into the next
sentence, and only evidence tells where it ends: a quotation mark, a word that opens sentences,
the first lower-case word after a title in capitals. Where the evidence leaves a choice, words
stay in the body: losing prose is worse than keeping part of a title. Where there is none, only
the label goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexer.wire.patterns import SENTENCE_END
from indexer.word_list import list_words

_LABEL: Final = re.compile(
    r"(?P<open>[(\[]\s{0,2})?(?:(?<!\w)|(?<=[a-z\d])(?=(?-i:B)))(?:"
    r"(?P<juga>baca)\s+(?:juga|pula)\b(?P<jcolon>\s?[:;])?"
    r"|(?:lihat|simak|tonton|cek)\s+(?:juga|pula)(?P<vcolon>\s?:)"
    r"|baca(?: artikel| berita)?(?: (?:lainnya|selengkapnya|terkait))?(?P<bcolon>\s?:)"
    r"|(?:(?:artikel|berita)\s+(?:terkait|lainnya)|pilihan\s+editor)(?P<acolon>\s?:)"
    r")[ ,.>»]{0,4}",
    re.IGNORECASE,
)
#: Words that end a label, and how far before them it may begin. Finding them first spares most
#: articles the expression.
_MARKED_ENDS: Final = (("juga", 12), ("pula", 12), ("terkait", 14), ("lainnya", 14))
_PLAIN_STARTS: Final = ("baca", "pilihan editor")
_PLAIN_REST: Final = re.compile(
    r"baca\s{1,2}(?:juga|pula)\b|pilihan editor\s?:|"
    r"baca(?: artikel| berita)?(?: (?:lainnya|selengkapnya|terkait))?\s?:"
)
_MARK: Final = re.compile(r"\w{4,7}\s?[:;'\"“‘]")
_LONGEST_LABEL: Final = 60
#: Words a headline in capitals leaves in lower case.
_SMALL_WORDS: Final = list_words(
    """
    agar akan akibat al antara atas atau bagi bak bila buat dalam dan dari daripada de demi
    dengan di el for gara hingga in ini itu jadi jelang jika juga karena ke kepada la lalu lewat
    meski of oleh on pada pasca per pun saat sampai se sebagai sebelum secara sejak selama
    seperti serta setelah soal sudah tak tanpa tapi telah tentang terhadap terkait the to untuk
    usai van via vs x yang yg
    """
)
#: Words that open a sentence; in a headline they are small, or stand first.
_OPENERS: Final = list_words(
    """
    adanya adapun akhirnya akibat akibatnya antara apabila apalagi artinya atas bahkan bahwa
    banyak beberapa begitu begitupun berbeda berdasarkan berikut berikutnya bersama biasanya
    bila bukan dalam dan dari demikian dengan di dia diberitakan dihubungi dijelaskan dijumpai
    dikatakan diketahui dikutip dilansir dirinya disebutkan ditambahkan ditanya ditemui hal
    hanya hingga ia ini itu jadi jika juga jumlah kala kalau kami karena karenanya kata katanya
    kedua keduanya kemudian kepada ketika kini kita lalu lanjut lantas lebih maka masih melalui
    memang mengutip menurut menurutnya mereka merujuk meski meskipun mulai nah namun nantinya
    oleh pada padahal para pasalnya pasca pun rencananya saat salah sama sambil sampai saya
    sebab sebagai sebagaimana sebanyak sebelum sebelumnya sedangkan sehingga sejak sejauh
    sejumlah sekadar
    selain selama selanjutnya selepas seluruh sementara semua semula seorang seperti
    sesuai setelah setelahnya setiap sontak suatu tak tapi tentu terakhir terdapat terkait
    termasuk ternyata terpisah terutama tetapi tidak ucap ujar ujarnya untuk untungnya usai
    walau walaupun yaitu yakni
    """
)
#: Those that open a sentence even before a capital: headlines do not use them.
_SURE_OPENERS: Final = list_words(
    """
    adapun diketahui kemudian lantas menurutnya meskipun namun padahal pasalnya sebelumnya
    sedangkan sehingga selanjutnya selepas sementara sontak
    """
)
_VERB_SHAPED: Final = re.compile(
    r"(?:Meng|Meny|Mem[bpf]|Men[cdjt]|Ter[bcdghjklmnpstu]|Ber[bcdghjklmnpstu]|Di[bcghjklmnptu])[a-z]{3,}"
)
_NOT_VERBS: Final = re.compile(
    r"(?:Menteri|Mendag|Mendik|Mendes|Menpora|Menpan|Menkum|Terbit|Terminal|Ternate|Berlin|Bernard|"
    r"Bermuda|Bernabeu|Direk|Dirjen|Dinas|Divisi|Distrik|Digital|Dirut|Dimas|Dinda|Diponegoro|"
    r"Dikti|Diplom|Dilan|Dinamo|Dikdas|Disdik|Dishub|Dispora|Dinkes|Didik|Dipati|Disney|Dintara|Ditjen|"
    r"Ditlantas|Ditres|Diskom|Disdag|Disper|Disnak|Dispar|Dino|Dina|Dinna|Diah|Dito|Mentawai|Menc)"
)
_GLUE: Final = re.compile(r"(?<=[a-z!?”’)])(?=(?P<right>[A-Z][a-z]+),? (?P<next>\S))")
_GLUED_QUOTE: Final = re.compile(r"(?<=[a-z0-9!?])(?=[\"“][A-Z][a-z]* [a-z])")
#: First halves of names that are written with a capital inside.
_GLUED_BRANDS: Final = list_words(
    """
    Air Auto Bank Black Bu Da De Di Face Fin Git Go Grab Jak Kompas La Lazada Le Link Linked
    Mac Master Mc Micro Moto Net Okezone One Pay Play Pop Shopee Sindo Sound Super Tele Tempo Tik
    Trans Tribun Van Whats You detik i e
    """
)
_CREDIT: Final = re.compile(
    r"(?:Pewarta|Penulis|Editor|Reporter|Redaktur) ?:|Copyright|\[Gambas|"
    r"\([a-z]{2,4}(?:/[a-z]{2,4}){1,2}\)"
)
_TRAILING: Final = " \t,;:-–—*|>»"
_QUOTES_OPEN: Final = '"“'
_PUNCTUATION: Final = "\"“”'‘’(),.:;!?[]"
_ABBREVIATED: Final = re.compile(
    r"[A-Za-z]|Drs?|Ir|Hj|Prof|St|Jl|No|Moh|Muh|Mohd|Kab|Kec|Tbk|Jend|Kol|Letjen|Mayjen|Brigjen|Rp|vs|\d{1,2}"
)
_NUMBER: Final = re.compile(r"\d{1,2}\.")
_LONGEST_TITLE: Final = 170
#: Characters looked at behind a label: a title, and the beginning of a sentence.
_MOST_CHARACTERS: Final = 240
_MOST_WORDS: Final = 26
_FEWEST_WORDS: Final = 3
_AFTER: Final = re.compile(rf"(?:{SENTENCE_END}|\A|\n)[ \n*_]{{0,4}}\Z")


@dataclass(frozen=True, slots=True)
class Examples:
    """A row of the table of examples: text, what stays of it, and the titles found."""

    outlet: str
    text: str
    left: str
    titles: tuple[str, ...]


EXAMPLES: Final[tuple[Examples, ...]] = (
    Examples(
        "JPNN",
        "Air surut.\nBACA JUGA: Tanggul Jebol, Warga Mengungsi\nWarga pulang.",
        "Air surut.\nWarga pulang.",
        ("Tanggul Jebol, Warga Mengungsi",),
    ),
    Examples(
        "Kompas",
        "Air surut.\nBaca juga:Tanggul Jebol di Demak\nWarga pulang.",
        "Air surut.\nWarga pulang.",
        ("Tanggul Jebol di Demak",),
    ),
    Examples(
        "Tempo, JUARA",
        "Air surut. (Baca: Tanggul Jebol di Demak)\nWarga pulang.",
        "Air surut.\nWarga pulang.",
        ("Tanggul Jebol di Demak",),
    ),
    Examples(
        "DailySocial, kumparan",
        "Air surut.\n[Baca Juga: Tanggul Jebol di Demak]\nWarga pulang.",
        "Air surut.\nWarga pulang.",
        ("Tanggul Jebol di Demak",),
    ),
    Examples(
        "detik, flattened",
        'Air surut. Baca juga: Tanggul Jebol di Demak, Warga Mengungsi "Kami pulang," kata Siti.',
        'Air surut. "Kami pulang," kata Siti.',
        ("Tanggul Jebol di Demak, Warga Mengungsi",),
    ),
    Examples(
        "Kompas, flattened",
        "Air surut. Baca juga: Tanggul Jebol di Demak Sementara itu, warga sudah pulang.",
        "Air surut. Sementara itu, warga sudah pulang.",
        ("Tanggul Jebol di Demak",),
    ),
    Examples(
        "Antara, flattened",
        "Air surut. Baca juga: Tanggul jebol di Demak diperbaiki Baca juga: Warga Demak pulang",
        "Air surut.",
        ("Tanggul jebol di Demak diperbaiki", "Warga Demak pulang"),
    ),
    Examples(
        "detik, glued",
        "Air surut.Baca juga: Tanggul Jebol di DemakMisalnya warga Sayung yang sudah pulang.",
        "Air surut. Misalnya warga Sayung yang sudah pulang.",
        ("Tanggul Jebol di Demak",),
    ),
    Examples(
        "Liputan6, title lost",
        "Air surut. Baca Juga Dari 15 desa, sebanyak 12 desa sudah kering.",
        "Air surut. Dari 15 desa, sebanyak 12 desa sudah kering.",
        (),
    ),
    Examples(
        "Okezone, title lost",
        "Air surut. Baca juga:,Menurut camat, semua warga sudah pulang ke rumah.",
        "Air surut. Menurut camat, semua warga sudah pulang ke rumah.",
        (),
    ),
    Examples(
        "label above its titles",
        "Air surut.\nBaca juga:\n- Tanggul Jebol di Demak\n- Warga Sayung Mengungsi\nWarga pulang.",
        "Air surut.\nWarga pulang.",
        ("Tanggul Jebol di Demak", "Warga Sayung Mengungsi"),
    ),
    Examples(
        "prose",
        "Saya baca juga buku itu. Ia golput (baca: tidak memilih). Mari lihat juga sisi lain.",
        "Saya baca juga buku itu. Ia golput (baca: tidak memilih). Mari lihat juga sisi lain.",
        (),
    ),
)


def has_marked_label(lowered: str) -> bool:
    """Whether lower-case text has "juga:", "terkait:" or the like, quotation marks included."""
    return any(
        _MARK.match(lowered, found)
        for anchor, _ in _MARKED_ENDS
        for found in _find_all(lowered, anchor)
    )


def has_plain_label(lowered: str) -> bool:
    """Whether lower-case text has "baca juga", "baca:" or the like."""
    return any(
        _PLAIN_REST.match(lowered, found)
        for anchor in _PLAIN_STARTS
        for found in _find_all(lowered, anchor)
    )


def _find_all(text: str, part: str) -> Iterator[int]:
    found = text.find(part)
    while found >= 0:
        yield found
        found = text.find(part, found + 1)


def take_related(text: str) -> tuple[str, list[str]]:
    """``text`` without links to other articles, and the titles linked, in order.

    Lines of ``text`` must be trimmed and not empty.
    """
    labels = list(_find_labels(text))
    titles: list[str] = []
    kept: list[str] = []
    position = 0
    for number, label in enumerate(labels):
        if label.start() < position:
            continue
        if not _is_label(text, label):
            kept.append(text[position : label.end()])
            position = label.end()
            continue
        before = text[position : label.start()]
        following = labels[number + 1].start() if number + 1 < len(labels) else len(text)
        end, found = _read_title(text, label, following)
        titles.extend(found)
        kept.append(before)
        position = end
        if before and not before[-1].isspace() and not text[end : end + 1].isspace():
            kept.append(" ")
    if not kept:
        return text, titles
    kept.append(text[position:])
    return "".join(kept), list(dict.fromkeys(titles))


def _find_labels(text: str) -> Iterator[re.Match[str]]:
    """Everything in ``text`` that is spelt like a label, in order."""
    lowered = text.lower()
    if len(lowered) != len(text):
        # A letter whose lower case is two characters would shift every offset after it.
        lowered = "".join([char.lower() if char.isascii() else char for char in text])
    starts: set[int] = set()
    for anchor in _PLAIN_STARTS:
        starts.update(
            max(0, found - 2)
            for found in _find_all(lowered, anchor)
            if _PLAIN_REST.match(lowered, found)
        )
    for anchor, before in _MARKED_ENDS:
        starts.update(
            max(0, found - before)
            for found in _find_all(lowered, anchor)
            if _MARK.match(lowered, found)
        )
    last = -1
    for start in sorted(starts):
        label = _LABEL.search(text, start, start + _LONGEST_LABEL)
        if label is not None and label.start() > last:
            last = label.start()
            yield label


def _is_label(text: str, label: re.Match[str]) -> bool:
    start = label.start()
    at_line_start = start == 0 or text[start - 1] == "\n"
    word = label[0].lstrip("([ \t")
    capital = word[:1].isupper()
    begins = at_line_start or bool(_AFTER.search(text[max(0, start - 6) : start]))
    if label["jcolon"]:
        # "Hiroshima dan Nagasaki (baca juga: Proyek Manhattan)" is a footnote.
        return capital or at_line_start or (bool(label["open"]) and begins)
    if label["open"]:
        # "(baca: melepeh)" explains a word; "(Baca: Tanggul Jebol di Demak)" links.
        if label["juga"]:
            return capital or begins
        close = _find_close(text, label)
        inside = text[label.end() : close] if close else ""
        return capital and inside[:1].isupper() and inside.count(" ") >= 2
    if label["juga"]:
        if not capital:
            return False
        rest = text[label.end() : label.end() + 2]
        return begins and (label[0].endswith("\n") or not rest or not rest[0].islower())
    if label["bcolon"] or label["acolon"]:
        return at_line_start and capital and _is_headline(_line_after(text, label.end()))
    return capital and begins


def _has_colon(label: re.Match[str]) -> bool:
    return any(label[name] for name in ("jcolon", "vcolon", "bcolon", "acolon"))


def _find_close(text: str, label: re.Match[str]) -> int | None:
    """Where the bracket that opens the label closes, on its line and not in prose."""
    opened, closes = label["open"][0], {"(": ")", "[": "]"}[label["open"][0]]
    depth = 1
    for index in range(label.end(), min(len(text), label.end() + 260)):
        char = text[index]
        if char == "\n":
            return None
        if char == opened:
            depth += 1
        elif char == closes:
            depth -= 1
            if depth == 0:
                inside = text[label.end() : index]
                return None if re.search(r"[a-z]\. [A-Z]", inside) else index
    return None


def _line_after(text: str, start: int) -> str:
    newline = text.find("\n", start, start + 400)
    return text[start : newline if newline >= 0 else start + 400].strip()


def _is_headline(line: str) -> bool:
    """Whether a whole line reads as a title rather than as prose."""
    line = line.strip(_TRAILING)
    if not 8 <= len(line) <= _LONGEST_TITLE:
        return False
    if line.endswith((".", '."', ".”")) and not line.endswith("..."):
        return False
    return line[0].isupper() or line[0].isdigit() or line[0] in "\"“'‘[(#"


def _read_title(text: str, label: re.Match[str], limit: int) -> tuple[int, list[str]]:
    """Where reading goes on after the label, and the titles it names, all before ``limit``."""
    end = label.end()
    if label["open"]:
        close = _find_close(text, label)
        if close is not None:
            title = text[end:close].strip(_TRAILING + "()[]")
            return close + 1, [title] if len(title) >= 8 else []
        return end, []
    if "," in label[0][-4:]:
        # The link, title and all, was lost: what follows is the article.
        return end, []
    if text[end : end + 1] == "\n":
        return _read_listed_titles(text, end)
    newline = text.find("\n", end, limit)
    stop = limit if newline < 0 else newline
    rest = text[end : min(stop, end + _MOST_CHARACTERS)]
    if rest.startswith("http"):
        url = rest.split(" ", 1)[0]
        return end + len(url), []
    if not _has_colon(label):
        # "Baca Juga Dari 153 pasar ...": a title was lost, unless it is all of the line.
        own_line = label.start() == 0 or text[label.start() - 1] == "\n"
        length = len(rest) if own_line and _is_headline(rest) and _is_title_case(rest) else None
    else:
        length = _measure_title(rest)
    if length is None:
        return end, []
    title = rest[:length].strip(_TRAILING).strip()
    if title[:1] == "(" and title[-1:] == ")":
        title = title[1:-1]
    after = end + length
    while text[after : after + 1] in (" ", ":"):
        after += 1
    return after, [title]


def _read_listed_titles(text: str, end: int) -> tuple[int, list[str]]:
    titles: list[str] = []
    position = end
    while len(titles) < 6:
        line = _line_after(text, position + 1)
        bullet = line[:2] in ("- ", "• ", "* ", "– ")
        title = line.lstrip("-•*– ").strip()
        if not title or not _is_headline(title) or not (bullet or _is_title_case(title)):
            break
        titles.append(title)
        position = text.find("\n", position + 1)
        if position < 0:
            return len(text), titles
    return position, titles


def _is_title_case(line: str) -> bool:
    words = [w for w in line.split() if w.lower() not in _SMALL_WORDS and w[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return len(words) >= 3 and capitals >= 0.8 * len(words)


def _measure_title(rest: str) -> int | None:
    """How many characters of ``rest`` (to the end of its line) are the title; ``None``: unknown.

    ``rest`` may be cut at ``_MOST_CHARACTERS``.
    """
    limit = len(rest)
    credit = _CREDIT.search(rest)
    if credit is not None:
        limit = credit.start()
    double = rest.find("  ", 8, limit)
    if double >= 0 and double <= _LONGEST_TITLE:
        limit = double
    limit = _find_glue(rest, limit)
    measured = _walk_title(rest[:limit])
    if measured is not None:
        return measured
    whole = rest[:limit]
    if (
        limit < _MOST_CHARACTERS
        and _is_headline(whole)
        and not re.search(r"[a-z\"”]\. [A-Z\"“]", whole)
    ):
        return limit
    return None


def _find_glue(rest: str, limit: int) -> int:
    """Where a sentence is glued to the title without a space, or ``limit``."""
    end = min(limit, _LONGEST_TITLE)
    for glue in _GLUE.finditer(rest, 0, end):
        left = rest[max(0, glue.start() - 12) : glue.start()].split(" ")[-1]
        if glue["right"].lower() in _OPENERS or (
            glue["next"].islower() and left not in _GLUED_BRANDS
        ):
            limit = glue.start()
            break
    for glue in _GLUED_QUOTE.finditer(rest, 0, min(limit, end)):
        if rest.count('"', 0, glue.start()) % 2 == 0:
            return glue.start()
    return limit


def _walk_title(rest: str) -> int | None:
    """Where a sentence begins inside ``rest``, by its words; ``None``: nowhere one can tell."""
    words = [(m[0], m.start()) for m in re.finditer(r"\S+", rest)]
    sentence_case = False
    quoted = False
    for index, (word, start) in enumerate(words):
        if index > _MOST_WORDS or start > _LONGEST_TITLE:
            return None
        core = word.strip(_PUNCTUATION)
        following = words[index + 1][0] if index + 1 < len(words) else ""
        if word[0] in _QUOTES_OPEN and not quoted:
            if index >= _FEWEST_WORDS and _opens_quotation(words, index):
                return _step_over_number(words, index)
            quoted = True
        if quoted and word.rstrip(",.:;!?")[-1:] in '"”' and len(word) > 1:
            quoted = False
        if index >= _FEWEST_WORDS and not quoted and _opens_sentence(word, core, following):
            return _step_over_number(words, index)
        if not core:
            continue
        if core[0].islower() and core.lower() not in _SMALL_WORDS and "-" not in core:
            if not sentence_case and index > 4 and not quoted:
                return _find_subject(words, index)
            sentence_case = sentence_case or index <= 4
        if word[-1] == "." and not following[:1].islower() and not _ABBREVIATED.fullmatch(core):
            return None
        if word[-1] in "?!" and following and index + 1 >= _FEWEST_WORDS:
            return words[index + 1][1]
    return None


def _step_over_number(words: list[tuple[str, int]], index: int) -> int:
    """The offset of the word at ``index``, or of a list's number right before it ("4. Tak ada")."""
    previous, start = words[index - 1]
    return start if _NUMBER.fullmatch(previous) else words[index][1]


def _opens_quotation(words: list[tuple[str, int]], index: int) -> bool:
    previous = words[index - 1][0]
    if previous[-1] in ",:" or not words[index][0].lstrip(_PUNCTUATION)[:1].isupper():
        return False
    inside = [word for word, _ in words[index : index + 4]]
    if inside[0].rstrip(",.!?")[-1] in '"”':
        return False
    small = [w for w in inside[1:] if w[0].islower() and w.lower() not in _SMALL_WORDS]
    return bool(small) or (
        len(inside) > 1 and inside[1].strip(",").lower() in ("ini", "itu", "kami")
    )


def _opens_sentence(word: str, core: str, following: str) -> bool:
    if not core[:1].isupper() or core.lower() not in _OPENERS or core.isupper():
        return False
    if word.endswith(",") or core.lower() in _SURE_OPENERS:
        return True
    return following[:1].islower() or (core == "Menurut" and following.endswith(","))


def _find_subject(words: list[tuple[str, int]], verb: int) -> int | None:
    """Where the subject before the first lower-case word starts, taken as long as it can be.

    Headlines are in capitals, so the sentence after one begins with the capitalised words
    before its first lower-case word; how many of those are headline only shows where one cannot
    be part of a subject. Too long a subject leaves headline in the body, which does no harm.
    """
    index = verb
    # "Marquez pun", "Mobil ini juga": small words between the subject and its verb.
    while index > 0 and words[index - 1][0].strip(",").lower() in _SMALL_WORDS:
        index -= 1
    # "Ocon, Perez, Leclerc, dan Hulkenberg ...": a list has as many commas as it likes.
    listed = any(word == "dan" for word, _ in words[max(0, index - 4) : index])
    commas = 0
    while index > 0:
        word = words[index - 1][0]
        core = word.strip(_PUNCTUATION)
        if word[-1] in ":;?!'’\"”":
            break
        if word[-1] == ",":
            commas += 1
            if commas > (6 if listed else 2):
                break
        if core.lower() in _SMALL_WORDS and core.lower() != "dan":
            # "Warga di Demak", "Pengamat dari UI": two words before the preposition are kept,
            # though they are headline more often than not.
            index -= 3
            break
        if core.lower() in _OPENERS:
            # "Mengutip CarBuzz, Jumat (22/2) ada ...": it opens the sentence.
            index -= 1
            break
        if _VERB_SHAPED.fullmatch(core) and not _NOT_VERBS.match(core):
            break
        index -= 1
    return words[index][1] if index >= _FEWEST_WORDS else None

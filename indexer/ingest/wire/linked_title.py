"""Where does the title of a linked article end, in text that has lost its line breaks?

Only evidence decides: a quotation mark, a word that begins sentences, two words glued together, the
first lower-case word after a title in capitals. If several ends are possible, words count as prose:
losing prose is worse than keeping part of a title. Not for titles on lines of their own, which end
where the line does.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.word_list import list_words

#: Words that a headline in capitals leaves in lower case.
_SMALL_WORDS: Final = list_words(
    """
    agar akan akibat al antara atas atau bagi bak bila buat dalam dan dari daripada de demi
    dengan di el for gara hingga in ini itu jadi jelang jika juga karena ke kepada la lalu lewat
    meski of oleh on pada pasca per pun saat sampai se sebagai sebelum secara sejak selama
    seperti serta setelah soal sudah tak tanpa tapi telah tentang terhadap terkait the to untuk
    usai van via vs x yang yg
    """
)
#: Words that begin a sentence; in a headline they are lower case, or come first.
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
#: Those that begin a sentence even before a capital: headlines do not use them.
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
_GLUED_QUOTE: Final = re.compile(r"(?<=[a-z0-9!?])(?=[\"“][A-Z][a-z]* [a-z\d])")
#: First halves of names with an inner capital.
_GLUED_BRANDS: Final = list_words(
    """
    Air Auto Bank Black Bu Da De Di Face Fin Git Go Grab Jak Kompas La Lazada Le Link Linked
    Mac Master Mc Micro Moto Net Okezone One Pay Play Pop Shopee Sindo Sound Super Tele Tempo Tik
    Trans Tribun Van Whats You detik i e
    """
)
_CREDIT: Final = re.compile(
    r"(?<=[a-z])Foto: |(?:Pewarta|Penulis|Editor|Reporter|Redaktur) ?:|Copyright|\[Gambas|"
    r"\([a-z]{2,4}(?:/[a-z]{2,4}){1,2}\)"
)
TRAILING: Final = " \t,;:-–—*|>»"
_QUOTES_CLOSE: Final = frozenset("'\"”’")
_SAID: Final = re.compile(r"Di[a-z]{4,}nya")
_QUOTES_OPEN: Final = '"“'
_PUNCTUATION: Final = "\"“”'‘’(),.:;!?[]"
_ABBREVIATED: Final = re.compile(
    r"[A-Za-z]|Drs?|Ir|Hj|Prof|St|Jl|No|Moh|Muh|Mohd|Kab|Kec|Tbk|Jend|Kol|Letjen|Mayjen|Brigjen|Rp|vs|\d{1,2}"
)
_NUMBER: Final = re.compile(r"\d{1,2}\.")
#: First words of headings of numbered lists: results, standings, line-ups.
_LIST_HEADS: Final = list_words("berikut daftar hasil jadwal klasemen susunan")
_LONGEST_TITLE: Final = 170
#: Characters examined after a label: a title, and the beginning of a sentence.
MOST_CHARACTERS: Final = 240
_MOST_WORDS: Final = 26
_FEWEST_WORDS: Final = 3


def is_headline(line: str) -> bool:
    """Whether a whole line reads as a title rather than as prose."""
    line = line.strip(TRAILING)
    if not 8 <= len(line) <= _LONGEST_TITLE:
        return False
    if line.endswith((".", '."', ".”")) and not line.endswith("..."):
        return False
    return line[0].isupper() or line[0].isdigit() or line[0] in "\"“'‘[(#"


def is_title_case(line: str) -> bool:
    """Whether a line is written in capitals, apart from words that headlines leave in lower
    case.
    """
    words = [w for w in line.split() if w.lower() not in _SMALL_WORDS and w[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return len(words) >= 3 and capitals >= 0.8 * len(words)


def measure_title(rest: str) -> int | None:
    """The length in characters of the title at the start of ``rest`` (the remainder of its line);
    ``None`` if unknown.

    ``rest`` may be truncated to ``MOST_CHARACTERS``.
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
        limit < MOST_CHARACTERS
        and is_headline(whole)
        and not re.search(r"[a-z\"”]\. [A-Z\"“]", whole)
    ):
        return limit
    return None


def _find_glue(rest: str, limit: int) -> int:
    """The offset where a sentence is glued to the title without a space, or ``limit``."""
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
    """The offset where a sentence begins inside ``rest``, judging by its words; ``None`` if
    undecided.
    """
    return _TitleWalk(_list_words(rest)).find_end()


class _TitleWalk:
    """The state of a walk along the words of a title: quotations and lower-case words so far."""

    def __init__(self, words: list[tuple[str, int]]) -> None:
        self._words = words
        self._quoted = False
        self._sentence_case = False

    def find_end(self) -> int | None:
        """The offset where the sentence after the title begins."""
        for index, (word, start) in enumerate(self._words):
            if index > _MOST_WORDS or start > _LONGEST_TITLE:
                return None
            core = word.strip(_PUNCTUATION)
            following = self._words[index + 1][0] if index + 1 < len(self._words) else ""
            end = self._find_opening(index, core, following)
            if end is None and core:
                end = self._find_heading(index, following)
            if end is None and core:
                end = self._find_small_letter(index, core)
            if end is not None:
                return end
            if not core:
                continue
            if word[-1] == "." and not following[:1].islower() and not _ABBREVIATED.fullmatch(core):
                return None
            if word[-1] in "?!" and following and index + 1 >= _FEWEST_WORDS:
                return self._words[index + 1][1]
        return None

    def _find_opening(self, index: int, core: str, following: str) -> int | None:
        """A sentence that begins with a quotation, or with a word that begins sentences."""
        word = self._words[index][0]
        if word[0] in _QUOTES_OPEN and not self._quoted:
            if index >= _FEWEST_WORDS and _opens_quotation(self._words, index):
                return _step_over_number(self._words, index)
            self._quoted = True
        if self._quoted and word.rstrip(",.:;!?")[-1:] in '"”' and len(word) > 1:
            self._quoted = False
        if index < _FEWEST_WORDS or self._quoted or not _opens_sentence(word, core, following):
            return None
        return _step_over_number(self._words, index)

    def _find_heading(self, index: int, following: str) -> int | None:
        """The heading of a list to which this item belongs: "... Hari Ayah 2. Film Keluarga"."""
        if index < _FEWEST_WORDS or self._quoted or not _NUMBER.fullmatch(self._words[index][0]):
            return None
        before = self._words[index - 1][0]
        if not (following[:1].isupper() and before[:1].isupper()):
            return None
        return _find_list_heading(self._words, index)

    def _find_small_letter(self, index: int, core: str) -> int | None:
        """The subject of the first lower-case verb, in a title where every word is capitalised."""
        if not core[0].islower() or core.lower() in _SMALL_WORDS or "-" in core:
            return None
        if not self._sentence_case and index > 4 and not self._quoted:
            return _find_subject(self._words, index)
        self._sentence_case = self._sentence_case or index <= 4
        return None


def _find_opening_quote(words: list[tuple[str, int]], last: int) -> int | None:
    """The offset of the quotation that the word at ``last`` closes; ``None`` if it closes none."""
    if words[last][0].rstrip(",")[-1:] not in _QUOTES_CLOSE:
        return None
    for index in range(last, max(-1, last - 8), -1):
        if words[index][0][0] in "'\"“‘":
            return index
    return None


def _find_list_heading(words: list[tuple[str, int]], item: int) -> int:
    """The offset of the list whose numbered item is at ``item``: of its heading, if any."""
    if words[item][0] == "1.":
        for word, start in words[_FEWEST_WORDS:item]:
            if word.lower() in _LIST_HEADS:
                return start
    return words[item][1]


def _list_words(text: str) -> list[tuple[str, int]]:
    """The words of ``text``, whose only white space is spaces, and their offsets."""
    words: list[tuple[str, int]] = []
    start = 0
    for word in text.split(" "):
        if word:
            words.append((word, start))
        start += len(word) + 1
    return words


def _step_over_number(words: list[tuple[str, int]], index: int) -> int:
    """The offset of the word at ``index``, or of a list number directly before it ("4. Tak
    ada").
    """
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
    if not core[:1].isupper() or core.isupper() or word[-1] in _QUOTES_CLOSE:
        return False
    if word[-1] == "," and _SAID.fullmatch(core):
        # "Dijelaskannya, jarak luncur ..."
        return True
    if core.lower() not in _OPENERS:
        return False
    if word.endswith(",") or core.lower() in _SURE_OPENERS:
        return True
    return following[:1].islower() or (core == "Menurut" and following.endswith(","))


def _find_subject(words: list[tuple[str, int]], verb: int) -> int | None:
    """The offset of the longest possible subject before the first lower-case word.

    Headlines are in capitals, so the sentence after one begins with the capitalised words before
    its first lower-case word; how many of those belong to the headline shows only where one cannot
    be part of a subject. Too long a subject leaves part of the headline in the body, which does no
    harm.
    """
    index = verb
    # "Marquez pun", "Mobil ini juga": lower-case words between the subject and its verb.
    while index > 0 and words[index - 1][0].strip(",").lower() in _SMALL_WORDS:
        index -= 1
    opening = _find_opening_quote(words, index - 1)
    if opening is not None:
        # "'Detik Waktu' merupakan album ...": the quoted name is the subject.
        return words[opening][1] if opening >= _FEWEST_WORDS else None
    # "Ocon, Perez, Leclerc, dan Hulkenberg ...": a list may have any number of commas.
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
            # though more often than not they belong to the headline.
            index -= 3
            break
        if core.lower() in _OPENERS:
            # "Mengutip CarBuzz, Jumat (22/2) ada ...": it begins the sentence.
            index -= 1
            break
        if _VERB_SHAPED.fullmatch(core) and not _NOT_VERBS.match(core):
            # "Tergiur hadiahnya, Jennifer ...": directly before it, the verb begins the sentence.
            index -= index == verb
            break
        index -= 1
    return words[index][1] if index >= _FEWEST_WORDS else None

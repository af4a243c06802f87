"""What is the title of copy that has none? One made from its lead."""

from __future__ import annotations

import re
from typing import Final

#: Maximum length of a title made from the lead in characters, including an ellipsis.
LONGEST_TITLE: Final = 90
_SHORTEST_TITLE: Final = 30
_SENTENCE: Final = re.compile(r"(?<=[\w%\"”'’)])[.!?][\"”'’)]{0,2}(?=\s+[\"“‘'(]?[A-Z0-9])")
_LOWER_SENTENCE: Final = re.compile(r"(?:(?<=[^\W\d]{3})|(?<=\d\)))[.!?](?=\s+\S)")
#: What lost links leave before the first word.
_STRAY: Final = " ,;:.)\n"
_WORD: Final = re.compile(r"[^\W_]")
_TRAILING: Final = ' ,;:-–—("“'
#: Words that a cut would leave dangling: "... di Balai Kota, Rabu", "... pada".
_STRANDED: Final = re.compile(
    r"(?:(?:,|\s+(?:pada|hingga|sejak|mulai))?(?:\s+hari)?\s+"
    r"(?:Senin|Selasa|Rabu|Kamis|Jum'?at|Sabtu|Minggu)|"
    r"\s+(?:akan|antara|atas|bagi|dalam|dan|dari|dengan|di|hingga|kepada|ke|oleh|pada|para|per|saat|"
    r"sebagai|sejak|sekitar|serta|tentang|terhadap|untuk|yakni|yaitu|yang))+\Z",
    re.IGNORECASE,
)
_ABBREVIATED: Final = re.compile(
    r"(?:^|[\s(\"“])(?:[A-Z][a-z]?|Drs?|Ir|Hj?|Prof|Kab|Kec|Jl|No|St|Tbk|Sdr|Alm|Rp|"
    r"dkk|dll|Kol|Jend|Moh?d?|Muh)$"
)
#: Openers of a clause that a headline omits, up to its comma.
_BACKGROUND: Final = re.compile(
    r"(?:Di (?:saat|tengah|sela)|Saat|Ketika|Setelah|Usai|Sebelum|Meski(?:pun)?|Walau(?:pun)?|"
    r"Karena|Sejak|Selain|Menurut|Berdasarkan|Sebagai|Seiring|Dalam rangka|Guna|Untuk|Akibat|"
    r"Pasca|Kendati|Di balik|Tak hanya|Bukan hanya|Jelang|Menjelang)\b[^,\n\"“]{4,160}, (?=\S)"
)
_CLAUSE: Final = re.compile(
    r",? (?=(?:yang|karena|setelah|sehingga|untuk|saat|ketika|usai|dengan|agar|namun|"
    r"tetapi|sebelum|sejak|meski|meskipun|hingga|guna|sementara|lantaran|sebab|bahwa) )|"
    r", | (?=[-–—])"
)


def make_title(body: str) -> str:
    """A title of at most 90 characters from the first sentence of ``body``.

    An adverbial clause at the beginning of the sentence is dropped; a sentence that is still too
    long is cut at a clause or, failing that, at a word, with an ellipsis. Empty if ``body`` has
    neither a letter nor a figure.

    >>> make_title("Di saat hujan turun, petani Demak tetap memanen padi. Harga pun naik.")
    'Petani Demak tetap memanen padi'
    """
    title = _make_from(body.lstrip(_STRAY))
    if any(map(str.isalnum, title)):
        return title
    # Bullets, rules, brackets: whatever comes first, a title needs a word.
    word = _WORD.search(body)
    return _make_from(body[word.start() :]) if word is not None else ""


def _make_from(body: str) -> str:
    sentence = _first_sentence(body)
    background = _BACKGROUND.match(sentence)
    if background is not None and len(sentence) - background.end() >= _SHORTEST_TITLE:
        sentence = sentence[background.end() :]
    sentence = sentence[:1].upper() + sentence[1:].rstrip(" ,;:")
    if len(sentence) > LONGEST_TITLE:
        sentence = _cut(sentence)
    return sentence


def _first_sentence(body: str) -> str:
    paragraph = body.lstrip().split("\n", 1)[0][:600]
    # Some archives are entirely in lower case; there a sentence ends only at a full stop.
    ends = _SENTENCE if paragraph != paragraph.lower() else _LOWER_SENTENCE
    for end in ends.finditer(paragraph):
        if _ABBREVIATED.search(paragraph[max(0, end.start() - 8) : end.start()]):
            continue
        if end.start() >= _SHORTEST_TITLE // 2:
            paragraph = paragraph[: end.end()]
            break
    return paragraph.strip().rstrip(".").rstrip()


def _cut(sentence: str) -> str:
    # One character of slack for the ellipsis that a cut at a word needs.
    best = 0
    for clause in _CLAUSE.finditer(sentence, _SHORTEST_TITLE + 10, LONGEST_TITLE + 1):
        if not _is_quoting(sentence[: clause.start()]):
            best = clause.start()
    if best:
        return _STRANDED.sub("", sentence[:best].rstrip(_TRAILING))
    space = sentence.rfind(" ", _SHORTEST_TITLE, LONGEST_TITLE)
    end = space if space > 0 else LONGEST_TITLE - 1
    return _STRANDED.sub("", sentence[:end].rstrip(_TRAILING)).rstrip(_TRAILING) + "…"


def _is_quoting(text: str) -> bool:
    return text.count("“") > text.count("”") or text.count('"') % 2 == 1

"""What does a character become in a term? Lower case, no accents, no look-alikes, no invisibles.

``é`` becomes ``e``, a full-width ``Ａ`` becomes ``a``, curly apostrophes become ``'``, zero-width
characters and combining marks disappear. Folding works character by character, so every position in
folded text maps to a position in the source. This module does not split words: see
:mod:`indexer.language.tokens`.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from indexer.loading import loaded_once

#: Not covered by Unicode's compatibility forms: letters with a stroke, ligatures that are letters,
#: and the marks used for an apostrophe or a hyphen.
_OWN: dict[str, str] = {
    **dict.fromkeys("’‘‛ʼʻ`´′ʹ＇", "'"),
    **dict.fromkeys("‐‑⁃﹣－", "-"),
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ŧ": "t",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    # Signs glued to a brand ("iPhone™") are not part of its name.
    "™": " ",
    "℠": " ",
}

# Character class bits.
WORD = 1  # part of a word, a number, or something that vanishes inside one
JOINER = 2  # joins two word characters into one chunk: - ' . ,
UPPER = 4
LOWER = 8
BREAK = 16  # a capital after it is not informative: a sentence, quotation or line starts here

_JOINERS = frozenset("-'.,")
_BREAKS = frozenset('.!?:;"“”„«»…•*|>')


@lru_cache(maxsize=8192)
def fold_character(character: str) -> str:
    """The folded form of one character: usually one character, sometimes none or several.

    >>> fold_character("É"), fold_character("ß"), fold_character("\\u200b")
    ('e', 'ss', '')
    """
    if character in _OWN:
        return _OWN[character]
    if unicodedata.category(character) == "Cs":
        return " "
    small = unicodedata.normalize("NFKD", character).casefold()
    folded = []
    for part in unicodedata.normalize("NFKD", small):
        category = unicodedata.category(part)
        if category in ("Mn", "Mc", "Me", "Cf"):
            continue
        if category == "Nd":
            part = str(unicodedata.digit(part))
        folded.append(_OWN.get(part, part))
    # Recomposed, because Hangul syllables are letters in their own right, not accented ones.
    return unicodedata.normalize("NFC", "".join(folded))


def fold(text: str) -> str:
    """``text`` folded, character by character.

    >>> fold("JUM’AT di Café")
    "jum'at di cafe"
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    return "".join(map(fold_character, text))


def classify_character(character: str) -> int:
    """The class bits of one character, by what it folds to.

    A character that folds to several counts as a word character only if all of them are letters, or
    all are digits: so no token ever starts in the middle of a character. ``%`` counts as a word
    character, because it is read as one (``persen``).
    """
    folded = fold_character(character)
    bits = 0
    if (
        folded in ("", "%")
        or (len(folded) == 1 and folded.isalnum())
        or folded.isalpha()
        or (folded.isascii() and folded.isdigit())
    ):
        bits |= WORD
    elif folded in _JOINERS:
        bits |= JOINER
    if character in _BREAKS or character in "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029":
        bits |= BREAK
    if character.isupper() or character.istitle():
        bits |= UPPER
    elif character.islower():
        bits |= LOWER
    return bits


#: Characters below are tabulated; those above (CJK, emoji, full-width forms) are looked up one by
#: one.
_TABULATED = 0x2600


class CharacterTables:
    """Folding and classes for whole texts at a time, from arrays indexed by code point.


    ``folds``    uint32: the folded character if it is a single one, else the character itself
    ``classes``  uint8: class bits, see :func:`classify_character`
    """

    def __init__(self) -> None:
        characters = [chr(code) for code in range(_TABULATED)]
        self.folds, self.classes = _fold_and_classify(characters)

    def look_up(
        self, codes: npt.NDArray[np.uint32]
    ) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
        """Folds and classes of ``codes``, in the same order."""
        folds = self.folds.take(codes, mode="clip")
        classes = self.classes.take(codes, mode="clip")
        if codes.size and codes.max() >= _TABULATED:
            rare = np.flatnonzero(codes >= _TABULATED)
            distinct, inverse = np.unique(codes[rare], return_inverse=True)
            rare_folds, rare_classes = _fold_and_classify(list(map(chr, distinct.tolist())))
            folds[rare] = rare_folds[inverse]
            classes[rare] = rare_classes[inverse]
        return folds, classes


def _fold_and_classify(
    characters: list[str],
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    folded = list(map(fold_character, characters))
    folds = [
        ord(new if len(new) == 1 else old) for old, new in zip(characters, folded, strict=True)
    ]
    classes = list(map(classify_character, characters))
    return np.array(folds, dtype=np.uint32), np.array(classes, dtype=np.uint8)


@loaded_once
def character_tables() -> CharacterTables:
    """The tables, built on first use (some 20 ms) and shared."""
    return CharacterTables()

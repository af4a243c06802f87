"""Which signs around a word are operators in other engines, or misplaced ones?

``*ntam``, ``emas^2``, ``!hoaks``, ``emas"``: the word is searched without them, and a note says so.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from searchsvc.request import Note

#: Quotation marks, straight and curly; any may open or close.
QUOTES = '"“”„‟«»'

UNBALANCED = Note("unbalanced_quote", "Tanda kutip yang tidak berpasangan diabaikan.")
EMPTY_QUOTES = Note("ignored_operator", "Tanda kutip tanpa kata di dalamnya diabaikan.")
STAR_IN_FRONT = Note("ignored_operator", "Tanda * hanya berlaku di akhir kata; diabaikan.")
STAR_EXCLUDED = Note("ignored_operator", "Tanda * tidak berlaku di dalam tanda kutip; diabaikan.")
STAR_IN_QUOTES = Note(
    "ignored_operator",
    "Tanda * tidak berlaku di dalam tanda kutip; kata-katanya dicari satu per satu.",
)
BANG = Note(
    "ignored_operator", "Tanda ! tidak dikenal; untuk mengecualikan kata, tulis - di depannya."
)
FUZZY = Note("ignored_operator", "Tanda ~ dan ^ tidak dikenal di sini; diabaikan.")
QUESTION_MARK = Note("ignored_operator", "Tanda ? tidak menggantikan huruf; diabaikan.")
EXCLUDED_GROUP = Note(
    "ignored_operator",
    "Tanda kurung tidak mengelompokkan kata; tanda di depannya diabaikan. Tulis - di depan "
    "tiap kata.",
)

_FUZZY = re.compile(r"(?<![\d_\W])[~^][\d.,]*$")
_AFTER_QUOTES = re.compile(r"[~^][\d.,]*")
#: An asterisk inside a word, or between a word and other signs.
_STAR = re.compile(r"[^\W_]\*|\*[^\W_]")
_BETWEEN = re.compile(r"[^\W_]\?[^\W_]")
_WORD_END = ",.;:!?"


class Trimmed(NamedTuple):
    """A word without the signs around it: ``text`` begins at ``start`` of the typed text; ``stars``
    followed it.
    """

    text: str
    start: int
    stars: int
    notes: tuple[Note, ...]


def trim_word(typed: str) -> Trimmed:
    """``typed`` without signs that cannot be searched.

    >>> trimmed = trim_word('*ntam"')
    >>> trimmed.text, trimmed.start, [note.code for note in trimmed.notes]
    ('ntam', 1, ['unbalanced_quote', 'ignored_operator'])
    """
    notes: list[Note] = []
    text = typed.lstrip(QUOTES + "\\*!")
    lead = typed[: len(typed) - len(text)]
    bare = text.rstrip(QUOTES + "\\")
    tail = text[len(bare) :]
    if any(sign in QUOTES for sign in lead + tail):
        notes.append(UNBALANCED)
    if text and "*" in lead:
        notes.append(STAR_IN_FRONT)
    if text and "!" in lead:
        notes.append(BANG)
    fuzzy = _FUZZY.search(bare)
    if fuzzy:
        notes.append(FUZZY)
        bare = bare[: fuzzy.start()]
    if "*" in bare:
        bare = bare.rstrip(_WORD_END)
    word = bare.rstrip("*")
    stars = len(bare) - len(word)
    if "*" in word:
        begun = word[: word.index("*")]
        notes.append(note_star_inside(begun))
        word, stars = begun, 1
    if _BETWEEN.search(word) and "/" not in word:
        notes.append(QUESTION_MARK)
    return Trimmed(word, len(lead), stars, tuple(notes))


def note_star_inside(begun: str) -> Note:
    message = f"Tanda * hanya berlaku di akhir kata; dicari kata yang berawalan “{begun}”."
    return Note("ignored_operator", message)


def has_star(quoted: str) -> bool:
    """Whether an asterisk between quotation marks touches a word."""
    return _STAR.search(quoted) is not None


def is_fuzzy(bare: str, before: str) -> bool:
    """Whether this is a suffix that other engines allow after quotation marks: ``"harga emas"~3``.

    ``before`` is the preceding sign.
    """
    return before in QUOTES and _AFTER_QUOTES.fullmatch(bare) is not None

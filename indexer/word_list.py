"""How are short word lists written in code? For rules that need a few dozen words and no file."""

from __future__ import annotations


def list_words(text: str) -> frozenset[str]:
    """The words of ``text``, separated by white space.

    >>> sorted(list_words("di ke dari"))
    ['dari', 'di', 'ke']
    """
    return frozenset(text.split())

"""Which value of a record is its text, if no key says so? The longest that reads like prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

#: Words that a text has at least; captions and notes have fewer.
_FEWEST_WORDS: Final = 15
_SENTENCE_END: Final = re.compile(r"[a-z\d)\"”][.!?](?:\s|<|[\"”']|$)")
#: Values of a record that are examined.
_MOST_VALUES: Final = 500
_DEEPEST: Final = 4


def find_unnamed_text(values: Mapping[str, Any]) -> tuple[str, str]:
    """The key under which ``values``, at any depth, has its text, and the text; both empty if
    nothing in it is prose.

    >>> find_unnamed_text({"data": [{"post": "Air naik. " * 9}], "kode": "a7"})[0]
    'post'
    """
    best = ("", "")
    for number, (key, text) in enumerate(_list_texts("", values, 0)):
        if number >= _MOST_VALUES:
            break
        if len(text) > len(best[1]) and is_prose(text):
            best = (key, text)
    return best


def _list_texts(key: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif depth > _DEEPEST:
        return
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _list_texts(str(name), one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _list_texts(key, one, depth + 1)


def is_prose(text: str) -> bool:
    """Whether ``text`` has words of sentences, as an article's text does and no other value."""
    begins = text[:4_000]
    return begins.count(" ") >= _FEWEST_WORDS and _SENTENCE_END.search(begins) is not None

"""How does a body that is not a string become text? Paragraphs, blocks, tokens, objects."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

#: Keys under which a body object keeps its text, best first.
_BODY_KEYS: Final = (
    *("rendered", "processed", "content", "body", "isi", "html", "paragraphs", "blocks", "data"),
    *("children", "value", "text", "#text", "und", "p"),
)
#: Types of objects that are part of a paragraph: ProseMirror, Slate, Sanity, Contentful.
_INLINE: Final = frozenset(
    (
        "text",
        "span",
        "link",
        "hyperlink",
        "mention",
        "a",
        "strong",
        "em",
        "bold",
        "italic",
        "hashtag",
        "text_link",
        "plain",
    )
)
_KIND_KEYS: Final = ("type", "_type", "nodeType")
#: Maximum nesting depth of objects in one body.
_DEEPEST: Final = 30
#: A token and the text before it: no space before closing marks, none after opening ones.
_CLOSES: Final = re.compile(r"[.,;:!?%)\]}…”’]+|''|n't|'s")
_OPENS: Final = frozenset("([{“‘$``")
_QUOTES: Final = frozenset(('"', "'"))
#: At least nine of ten elements of a list of tokens are a single word or mark.
_MOST_SPACED: Final = 0.1
_DOMAIN_END: Final = re.compile(r"(?:com|co|id|net|org|info|tv|news)", re.IGNORECASE)


def read_body(value: Any, depth: int = 0) -> str:
    """The text of a body; paragraphs of a list are joined by newlines.

    >>> read_body([["Warga", "pulih", "."], ["Pasar", "buka", "."]])
    'Warga pulih. Pasar buka.'
    >>> read_body([{"type": "p", "children": [{"text": "Satu "}, {"text": "dua"}]}])
    'Satu dua'
    """
    if value is None or isinstance(value, bool | bytes):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return "" if value != value else str(value)
    if depth > _DEEPEST:
        return ""
    if isinstance(value, Mapping):
        for key in _BODY_KEYS:
            if value.get(key):
                return read_body(value[key], depth + 1)
        return ""
    if isinstance(value, Sequence):
        return _read_list(value, depth)
    return ""


def _read_list(values: Sequence[Any], depth: int) -> str:
    if _is_sentence(values):
        return join_tokens(values)
    if values and all(isinstance(one, list) and _is_sentence(one) for one in values):
        # The sentences form one paragraph.
        return " ".join(map(join_tokens, values))
    if any(map(_is_inline, values)) and all(
        isinstance(one, str) or _is_inline(one) for one in values
    ):
        return "".join(read_body(one, depth + 1) for one in values)
    return "\n".join(filter(None, (read_body(one, depth + 1) for one in values)))


def _is_inline(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    kind = next((value[key] for key in _KIND_KEYS if value.get(key)), None)
    return (
        kind in _INLINE if kind is not None else set(value) <= {"text", "bold", "italic", "marks"}
    )


def _is_sentence(values: Sequence[Any]) -> bool:
    """Whether ``values`` are the tokens of a sentence."""
    if len(values) < 3 or not all(isinstance(one, str) for one in values):
        return False
    spaced = sum(" " in one for one in values)
    marks = sum(not one[:1].isalnum() for one in values)
    return spaced <= _MOST_SPACED * len(values) and (marks > 0 or len(values) > 8)


def join_tokens(tokens: Sequence[str]) -> str:
    """A sentence built from its tokens, with normal spacing.

    >>> join_tokens(["Liputan6", ".", "com", ",", "Solo", ":", "Ia", "(", "5", ")", "ada", "."])
    'Liputan6.com, Solo: Ia (5) ada.'
    """
    pieces: list[str] = []
    glue = True
    open_quotes: set[str] = set()
    for number, token in enumerate(tokens):
        before = tokens[number - 1] if number else ""
        quote = token in _QUOTES
        closes = (quote and token in open_quotes) or _CLOSES.fullmatch(token) is not None
        domain = (
            before == "." and number > 1 and _DOMAIN_END.fullmatch(token) is not None
        ) and tokens[number - 2][-1:].isalnum()
        dash = token == "-" and before == "-"
        if pieces and not (glue or closes or domain or dash):
            pieces.append(" ")
        pieces.append(token)
        if quote:
            open_quotes ^= {token}
        glue = token in _OPENS or (quote and not closes)
    return "".join(pieces)

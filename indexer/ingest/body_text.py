"""How does a body that is not a string become text? Paragraphs, tokens, and the trees of editors.

Editors (Quill, ProseMirror, Slate, Lexical, Editor.js, Gutenberg …) store rich text as nodes: a
leaf has a text, any other node a list of nodes. Their names differ, their structure does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

#: Keys under which a node keeps its text or its nodes, best first.
_BODY_KEYS: Final = (
    *("rendered", "processed", "content", "body", "isi", "html", "paragraphs", "blocks", "data"),
    *("innerBlocks", "innerHTML", "children", "nodes", "leaves", "ops", "root", "document"),
    *("insert", "value", "text", "plain_text", "#text", "$t", "und", "p", "items"),
    *("raw", "plain", "markdown"),
)
#: Those of them that hold nodes below a node with a text of its own, such as a nested list.
_BELOW: Final = ("items", "children", "nodes")
#: Types of nodes that are part of a paragraph.
_INLINE: Final = frozenset(
    (
        *("text", "span", "link", "autolink", "hyperlink", "mention", "a", "strong", "em", "bold"),
        *("italic", "underline", "hashtag", "text_link", "plain", "leaf", "inline", "code"),
    )
)
_LINE_BREAK: Final = frozenset(("hardbreak", "hard_break", "linebreak", "break", "br"))
_KIND_KEYS: Final = ("type", "_type", "nodeType", "object", "blockName", "__component")
#: Members of a section of Mobiledoc that has a text, and the number of one that is a list.
_SECTION: Final = 3
_LIST_SECTION: Final = 3
#: Maximum nesting depth of objects in one body.
_DEEPEST: Final = 30
#: Nodes of a list that are examined for a text.
_LOOKED_AT: Final = 20
#: A sentence that ends where the next begins, without a space: two paragraphs.
_PARAGRAPH_END: Final = re.compile(r"[.!?…][\"”’')]{0,2}$")
_PARAGRAPH_START: Final = re.compile(r"[\"“‘'(]?[A-Z]")
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
        return _read_node(value, depth + 1)
    if isinstance(value, Sequence):
        return _read_list(value, depth + 1)
    return ""


def has_text(value: Any, depth: int = 0) -> bool:
    """Whether ``value`` can be an article's text: words, paragraphs, or nodes that contain them."""
    if isinstance(value, str):
        return True
    if depth > _DEEPEST:
        return False
    if isinstance(value, Mapping):
        return any(has_text(inner, depth + 1) for _, inner in _list_members(value))
    if isinstance(value, Sequence):
        return any(has_text(one, depth + 1) for one in value[:_LOOKED_AT])
    return False


def _read_node(node: Mapping[str, Any], depth: int) -> str:
    """The text of a node, and of the nodes below a leaf."""
    if _find_kind(node) in _LINE_BREAK:
        return "\n"
    if isinstance(node.get("sections"), list) and "markups" in node:
        return "\n".join(filter(None, map(_read_section, node["sections"])))
    own = ""
    for key, inner in _list_members(node):
        if own and key not in _BELOW:
            continue
        text = read_body(inner, depth)
        if text and own:
            return own if text in own else f"{own}\n{text}"
        own = text
    return own


def _read_section(section: Any) -> str:
    """The text of a section of Mobiledoc, which writes lists of numbers instead of names: a
    paragraph ``[1, "p", markers]``, a list ``[3, "ul", items]``; a marker ends with its text.
    """
    if not isinstance(section, list) or len(section) < _SECTION or section[0] not in (1, 3):
        return ""
    lines = section[2] if section[0] == _LIST_SECTION else [section[2]]
    return "\n".join(
        "".join(
            marker[-1]
            for marker in line
            if isinstance(marker, list) and marker and isinstance(marker[-1], str)
        )
        for line in lines
        if isinstance(line, list)
    )


def _list_members(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The members of a node that may hold its text, best first, each once."""
    for key in _BODY_KEYS:
        inner = node.get(key)
        if inner:
            yield key, inner
    kind = _find_name(node)
    for key, inner in node.items():
        if key in _BODY_KEYS or not isinstance(inner, list | dict):
            continue
        # Notion keeps a paragraph under "paragraph", Wix a text under "textData"; others have a
        # name of their own for nodes.
        if key == kind or _is_node_list(inner) or (kind and _is_leaf(inner)):
            yield key, inner


def _is_leaf(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("text"), str)


def _is_node_list(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, Mapping) and _find_name(one) for one in value[:_LOOKED_AT])
    )


def _find_name(node: Mapping[str, Any]) -> str:
    """The type that a node names; empty if it names none."""
    named = (node[key] for key in _KIND_KEYS if node.get(key))
    return next((kind for kind in named if isinstance(kind, str)), "")


def _find_kind(node: Mapping[str, Any]) -> str:
    return _find_name(node).lower()


def _read_list(values: Sequence[Any], depth: int) -> str:
    if _is_sentence(values):
        return join_tokens(values)
    if values and all(isinstance(one, list) and _is_sentence(one) for one in values):
        # The sentences form one paragraph.
        return " ".join(map(join_tokens, values))
    flowing = any(map(_is_inline, values))
    pieces: list[str] = []
    glued = False
    for one in values:
        text = read_body(one, depth)
        inline = flowing and (isinstance(one, str) or _is_inline(one))
        if not text:
            continue
        if pieces and not (glued and inline and not _is_break(pieces[-1], text)):
            pieces.append("\n")
        pieces.append(text)
        glued = inline
    return "".join(pieces)


def _is_break(before: str, after: str) -> bool:
    """Whether a paragraph ends between two texts, although nothing else says so."""
    return (
        _PARAGRAPH_START.match(after) is not None and _PARAGRAPH_END.search(before[-4:]) is not None
    )


def _is_inline(value: Any) -> bool:
    """Whether ``value`` is a part of a paragraph: an operation of Quill, a text with its marks."""
    if not isinstance(value, Mapping):
        return False
    kind = _find_kind(value)
    if kind:
        return kind in _INLINE or kind in _LINE_BREAK or kind == "extended-text"
    if "insert" in value:
        return True
    beside = (one for key, one in value.items() if key != "text")
    return "text" in value and not any(isinstance(one, str | dict) for one in beside)


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

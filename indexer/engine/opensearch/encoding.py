"""How are tokens, labels and columns written into OpenSearch? As text that it only splits at
blanks.

A token becomes one group of *forms* joined by ``|``, which all get the token's position: ``=`` and
its exact term, ``~`` and its stem, and ``*``, which any token has. A token of the lead has the same
again with ``<`` before. So the frequency of ``<~serang`` in ``body`` is that of the stem in the
lead, and a phrase that begins with a ``<`` form starts there.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from indexer.engine.base import Form

#: The forms of a token, before its text.
SIGILS: Final = {Form.EXACT: "=", Form.STEM: "~"}
ANY: Final = "*"
LEAD: Final = "<"
#: In the text of a phrase: a position of any token. No token begins like this.
HOLE: Final = "?"

#: Longer terms are abbreviated: Lucene takes 32,766 bytes.
_LONGEST_TERM = 1000
#: Not abbreviated, though every character be escaped.
_LONGEST_UNTOUCHED = _LONGEST_TERM // 5
_LONGEST_LABEL = 5000
#: What the tokenizer or the filter of forms would split at, what UTF-8 has no bytes for, and the
#: escape itself.
_SPECIAL = re.compile(r"[\s|%\x00-\x20\ud800-\udfff]")
_SURROGATE = re.compile(r"[%\ud800-\udfff]")
_ESCAPED = re.compile(r"%([0-9a-f]{4})")


def _escape(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):04x}"


def _shorten(text: str, longest: int) -> str:
    """``text`` itself or, if it is longer than ``longest``, its beginning and a hash of it all."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]}%{blake2b(text.encode(), digest_size=16).hexdigest()}"


def encode_term(text: str) -> str:
    """The term as a form can hold it; what begins alike is encoded alike, up to 1000 characters."""
    if text.isalnum() and len(text) <= _LONGEST_TERM:
        return text
    return _shorten(_SPECIAL.sub(_escape, text), _LONGEST_TERM)


def decode_term(text: str) -> str:
    """The term that was encoded; an abbreviated one stays so."""
    return _unescape(text)


def abbreviate_term(text: str) -> str:
    """The term as it is read back once it was encoded: itself, unless it is very long."""
    return text if len(text) <= _LONGEST_UNTOUCHED else decode_term(encode_term(text))


def encode_label(text: str) -> str:
    """The label as a keyword can hold it."""
    return _shorten(_SURROGATE.sub(_escape, text), _LONGEST_LABEL)


def decode_label(text: str) -> str:
    """The label that was encoded; an abbreviated one stays so."""
    return _unescape(text)


def _unescape(text: str) -> str:
    if "%" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def encode_forms(exact: str, stem: str) -> str:
    """The group of a token with these terms, outside the lead."""
    return f"={encode_term(exact)}|~{encode_term(stem)}|*"


def mark_lead(group: str) -> str:
    """The group of a token of the lead, from what it would be outside."""
    return f"{group}|<{group.replace('|', '|<')}"


@lru_cache(200_000)
def decode_forms(group: str) -> tuple[str, str]:
    """The exact term and the stem of a token, from its group."""
    exact, stem, _ = group.split("|", 2)
    return decode_term(exact[1:]), decode_term(stem[1:])


@lru_cache(10_000)
def name_column(column: str) -> str:
    """The name of a field for a facet or a column: ``label:harga.min`` has a dot, which OpenSearch
    would take for a path.
    """
    return "".join(one if one.isascii() and one.isalnum() else f"_{ord(one):x}_" for one in column)


def name_key(article_id: str) -> str:
    """A short name of an article id of any length."""
    return blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

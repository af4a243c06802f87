"""Which label did a misspelt filter mean, or one without the quotation marks that it needs?

``kategori:olahrga`` offers ``kategori:olahraga``; ``penulis:siti marhmah`` filters by *siti* and
searches for *marhmah* in texts, and offers ``penulis:"Siti Marhamah"``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexer.language.fold import fold
from indexer.language.tokens import tokenize
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.typos import weigh_slips
from searchsvc.query.labels import find_labels
from searchsvc.query.parse import ParsedQuery, TypedFilter

#: A label with up to this many letters, or words, may be one edit away; a longer one, two.
_ONE_SLIP = 4
_TWO_SLIPS = 8
#: Words after a filter that may belong to its label.
_MOST_WORDS = 3
_NEXT_WORD = re.compile(r"\s+[^\W\d_][\w.'-]*(?![\w:*\"])")
_PLAIN = re.compile(r"[\w.-]+")


def respell_labels(parsed: ParsedQuery, context: SearchContext) -> str:
    """The query with its labels as the index has them; unchanged if none is misspelt."""
    query = parsed.text
    # From the end, so that the offsets of earlier filters stay valid.
    for typed in reversed(parsed.filters):
        if not typed.others:
            found = find_meant_label(typed, parsed.text, context)
            if found:
                label, end = found
                shown = label if _PLAIN.fullmatch(label) else f'"{label}"'
                query = f"{query[: typed.start]}{shown}{query[end:]}"
    return query


def find_meant_label(
    typed: TypedFilter, text: str, context: SearchContext
) -> tuple[str, int] | None:
    """The label probably intended, and its end in ``text``, including as many of the words after
    the filter as possible; ``None`` if it is right as typed.
    """
    for end in reversed(list(_list_ends(typed, text))):
        value = text[typed.start : end].strip('"')
        labels = context.labels(typed.facet)
        alike = labels.get(fold(value))
        if end > typed.end:
            near = alike[0] if alike else find_near(value, labels)
        elif find_labels(context, typed.facet, value):
            return None
        else:
            near = find_near(value, labels) or _find_near_word(value, labels)
        if near:
            return labels.get(near, [near])[0], end
    return None


def _list_ends(typed: TypedFilter, text: str) -> Iterator[int]:
    """The possible ends of the label: as typed, and after each of the next words."""
    end = typed.end
    yield end
    for _ in range(_MOST_WORDS):
        word = None if text[end - 1] == '"' else _NEXT_WORD.match(text, end)
        if word is None:
            return
        end = word.end()
        yield end


def find_near(value: str, labels: Iterable[str]) -> str:
    """The folded label nearest to ``value``, the first of several; empty if all are too far from
    it.
    """
    typed = fold(value)
    allowed = (len(typed) >= _ONE_SLIP) + (len(typed) >= _TWO_SLIPS)
    if not allowed:
        return ""
    from rapidfuzz.distance import OSA

    near = (one for one in labels if OSA.distance(typed, one, score_cutoff=allowed) <= allowed)
    return min(near, key=lambda one: weigh_slips(typed, one), default="")


def _find_near_word(value: str, labels: Iterable[str]) -> str:
    """The word of a label that is nearest to ``value``."""
    words = dict.fromkeys(token.text for label in labels for token in tokenize(label))
    return find_near(value, words)

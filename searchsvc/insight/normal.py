"""When are two searches the same, and what of a typed query is not written down?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache

from indexer.language.fold import fold
from indexer.language.tokens import tokenize

#: Characters of a query that are kept: more were not typed but pasted.
LONGEST_QUERY = 200
#: Characters of all filters of a search that are kept.
LONGEST_FILTERS = 2_000

_EMAIL = re.compile(r"[^\s@＠]+[@＠][^\s@＠.]+\.[^\s@＠]+")
#: Telephone, identity card, account: nine digits or more, however they are grouped.
_LONG_NUMBER = re.compile(r"\+?\d(?:[\s()./\u2010-\u2015-]{0,2}\d){8,}")
#: Periods of years and dates are no such numbers: 2019-2024, 2022-07-20, 20/07/2022.
_DATE = re.compile(r"(?:19|20)\d\d-\d\d(?:-\d\d|\d\d)?|\b\d{1,2}([/.-])\d{1,2}\1(?:19|20)\d\d\b")
#: Stands for what is not written down.
MASK = "…"
#: A sign or a word that may be an operator of the query language.
_OPERATOR = re.compile(r'(?:^|\s)[-+]|[:*"“”„()|~^]|\b(?:atau|or|bukan|not)\b', re.IGNORECASE)


def mask_personal(text: str) -> str:
    """``text`` without e-mail addresses and long numbers, which belong to persons; at most
    :data:`LONGEST_QUERY` characters.

    >>> mask_personal("lapor budi@contoh.id 0812-3456-7890 pemilu 2019-2024")
    'lapor … … pemilu 2019-2024'
    """
    # Cut once behind what is kept, so that no half of a number or an address is.
    masked = " ".join(text.split())[: 2 * LONGEST_QUERY]
    if "@" in masked or "＠" in masked:
        masked = _EMAIL.sub(MASK, masked)
    return _LONG_NUMBER.sub(_mask_number, masked)[:LONGEST_QUERY].strip()


def _mask_number(found: re.Match[str]) -> str:
    rest = _DATE.sub("", found[0])
    return found[0] if len(re.sub(r"\D", "", rest)) < 9 else MASK


def mask_filters(filters: Mapping[str, object]) -> str:
    """The filters as JSON, with the same masked in their texts; only their names if they are too
    long. Empty if there are none.
    """
    if not filters:
        return ""
    written = json.dumps(_mask_values(filters), ensure_ascii=False)
    if len(written) > LONGEST_FILTERS:
        return json.dumps(dict.fromkeys(filters, MASK), ensure_ascii=False)
    return written


def _mask_values(value: object) -> object:
    if isinstance(value, str):
        return mask_personal(value)
    if isinstance(value, Mapping):
        return {name: _mask_values(one) for name, one in value.items()}
    return list(map(_mask_values, value)) if isinstance(value, list | tuple) else value


def is_plain(text: str) -> bool:
    """Whether the query is words alone, without anything that may be an operator. Parsing it would
    tell more exactly, at many times the cost.
    """
    return not _OPERATOR.search(text)


@lru_cache(4_096)
def normalise(text: str) -> str:
    """The form that equal searches share: the words in lower case, without accents and
    punctuation; with operators, all that was typed in lower case.

    >>> normalise("  Harga  BBM, naik? "), normalise("harga -BBM")
    ('harga bbm naik', 'harga -bbm')
    """
    if is_plain(text):
        words = " ".join(token.text for token in tokenize(text))
        if words:
            return words
    return " ".join(fold(text).split())

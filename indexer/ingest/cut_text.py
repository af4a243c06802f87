"""Was a text truncated by its exporter, and which mark did that leave?"""

from __future__ import annotations

import re
from typing import Final

#: The number of characters at the end that are searched.
_TAIL: Final = 400
_MARKS: Final = re.compile(
    r"\s*(?:"
    r"(?:…|\.{3}|&hellip;|&#8230;)?\s*\[\s*\+?\s*[\d.,]+\s*(?:chars?|characters?|karakter|more)\s*\]"
    r"|\[\s*(?:…|\.{3}|&hellip;|&#8230;)\s*\]"
    r"|(?:…|\.{3}|&hellip;|&#8230;)\s*(?:<a\b[^<>]*>)?\s*(?:read more|continue reading|"
    r"selengkapnya|baca selengkapnya|lanjutkan membaca)[^\n]{0,60}"
    r")\s*(?P<closing>(?:</?[a-z]{1,6}>\s*)*)$",
    re.IGNORECASE,
)
#: WordPress ends feed items with this line.
_FEED_END: Final = re.compile(
    r"(?:<p>\s*)?(?:The post|Artikel|Postingan|Tulisan)\s(?:<a\b[^<>]{0,500}>)?[^\n]{1,300}?"
    r"(?:appeared first on|first appeared on|pertama kali (?:tampil|muncul) (?:pada|di))\s"
    r"[^\n]{1,300}$",
    re.IGNORECASE,
)


def take_cut(text: str) -> tuple[str, str]:
    """``text`` without the mark that says it was truncated, and that mark; empty if it was not.

    >>> take_cut("Warga pulih… [+874 chars]")
    ('Warga pulih', '… [+874 chars]')
    """
    tail = text[-_TAIL:]
    if "post" in tail or "rtikel" in tail or "Tulisan" in tail:
        ended = _FEED_END.search(tail.rstrip())
        if ended is not None:
            text = text.rstrip()[: ended.start() - len(tail.rstrip())]
            tail = text[-_TAIL:]
    if not ("…" in tail or "[" in tail or "..." in tail or "&" in tail):
        return text, ""
    found = _MARKS.search(tail)
    if found is None:
        return text, ""
    mark = re.sub(r"<[^<>]*>", "", found[0]).strip()
    return text[: len(text) - len(tail) + found.start()] + found["closing"], mark

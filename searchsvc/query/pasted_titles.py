"""Where does a pasted title end, and the name of its site begin?

Browsers show *Harga Emas Naik Lagi - Kompas.com*, and people copy all of it. No article has the
name of its site as a word, so it is left out. Unless it may be meant as a word: ``|`` is *or*, and
*irama - tempo* is about a beat.
"""

from __future__ import annotations

import re

from indexer.ingest.outlets import find_outlet
from indexer.language.stem_roots import load_lexicon
from searchsvc.query.context import SearchContext
from searchsvc.query.labels import find_publishers

#: With fewer words before it, the name may be what is asked for: ``jokowi - kompas``.
_LEAST_WORDS = 3
#: The last part of the text behind a sign with spaces around it.
_LAST_PART = re.compile(r"\s+(?P<sign>[-–—|:]+)\s+(?P<name>[^\s|–—][^|–—]{2,39})\Z")


def find_title_end(text: str, context: SearchContext) -> int:
    """The offset at which a pasted title ends; the length of ``text`` if no site is named."""
    found = _LAST_PART.search(text)
    if (
        found is None
        or "pasted_titles" in context.without
        or len(text[: found.start()].split()) < _LEAST_WORDS
        or is_ordinary(found["name"].strip(), found["sign"], context)
        or not is_site(found["name"].strip(), context)
    ):
        return len(text)
    return found.start()


def is_ordinary(name: str, sign: str, context: SearchContext) -> bool:
    """Whether ``name`` may be a word like others: it is one of the language (*tempo*, *merdeka*),
    and its capital does not say that it is a site; or ``|`` before it is the operator.
    """
    if not name.isalpha():
        return False
    in_language = any(stem in load_lexicon().roots for stem in context.stems(name.lower()))
    if "|" in sign:
        return in_language or name.islower()
    return in_language and name.islower()


def is_site(name: str, context: SearchContext) -> bool:
    """Whether ``name`` is a publisher, perhaps with one of its sections: ``Okezone Lifestyle``."""
    if find_outlet(name) or find_publishers(context, name):
        return True
    outlet, *section = name.split()
    return (
        len(section) == 1
        and outlet.lower() not in load_lexicon().roots
        and bool(find_outlet(outlet))
    )

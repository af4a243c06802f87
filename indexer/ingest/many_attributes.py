"""Which elements have thousands of attributes? Parsing takes time quadratic in their number.

What an element has is read as the parser reads it, from every place where one may begin: a place in
a comment, a script or a value looks like one, too, and whatever is hidden behind it must be found.
"""

from __future__ import annotations

import re
from typing import Final

#: No element has more; the first ones are kept.
MOST_ATTRIBUTES: Final = 1_000
#: Shorter texts cannot have so many that it matters.
_SHORT: Final = 4_000
#: How often a text may be read over. Only one made for it reads otherwise from each of its places.
_MOST_READINGS: Final = 16
_OPENING: Final = re.compile(r"<[a-zA-Z]")
#: Values end with their quotation mark, others before white space. Nothing that follows can fail,
#: so nothing is tried twice.
_SOME: Final = (
    r"(?:[\s/]*[^\s/>][^\s/>=]*"
    r"(?:\s*=\s*(?:\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z)|(?![\"'])[^\s>]+)?)?)"
    rf"{{0,{MOST_ATTRIBUTES}}}"
)
_ATTRIBUTES: Final = re.compile(_SOME)
_NAME_AND_ATTRIBUTES: Final = re.compile(r"[^\s/>]*" + _SOME)
#: What looks like an element may be of a script, whose end must remain.
_SCRIPT_END: Final = re.compile("</script", re.IGNORECASE)
_ANY_TAG: Final = re.compile(r"<[^<>]{0,2000}>")


def drop_many_attributes(source: str) -> str:
    """HTML without an element's attributes beyond the first thousand.

    >>> short = drop_many_attributes("<p " + "a=1 " * 9_000 + ">Air surut.</p>")
    >>> short.count("a=1"), short[-15:]
    (1000, '>Air surut.</p>')
    """
    if len(source) < _SHORT:
        return source
    room = len(source) * _MOST_READINGS
    position = reached = 0
    while opening := _OPENING.search(source, position):
        first = _end_of(_NAME_AND_ATTRIBUTES, source, opening.end())
        room -= first - opening.end()
        if room < 0:
            return _ANY_TAG.sub("\n", source).replace("<", "&lt;")
        if not source.startswith(">", first) and (shorter := _cut(source, first)) != source:
            source = shorter
            if opening.start() < reached:
                # It was in a value of another element, which may read otherwise now.
                position = reached = 0
                continue
        reached = max(reached, first)
        # The next element begins behind the end of this one, or of what only looked like it.
        position = source.find(">", opening.end()) + 1
        if not position:
            break
    return source


def _cut(source: str, start: int) -> str:
    """``source`` without the attributes at ``start``."""
    end = start
    while (further := _end_of(_ATTRIBUTES, source, end)) > end:
        end = further
    script = _SCRIPT_END.search(source, start, end)
    return source[:start] + (script[0] if script else "") + source[end:]


def _end_of(pattern: re.Pattern[str], source: str, start: int) -> int:
    """Where what ``pattern``, which may be empty, finds at ``start`` ends."""
    found = pattern.match(source, start)
    return found.end() if found else start

"""Is this a web address, to which a browser may be sent?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_BEGIN = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)


def is_web_address(text: str) -> bool:
    """Whether ``text`` is a complete http or https address.

    >>> [is_web_address(text) for text in ("https://a.id/x", "//a.id", "javascript:1", "http://[")]
    [True, False, False, False]
    """
    if not _BEGIN.match(text):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False

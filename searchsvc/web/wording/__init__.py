"""What does the page say, and in which language? One table of messages per language."""

from __future__ import annotations

from searchsvc.web.wording.english import ENGLISH
from searchsvc.web.wording.indonesian import INDONESIAN
from searchsvc.web.wording.wording import Wording

__all__ = ["WORDINGS", "Wording"]

#: All languages, by the value of the setting ``language``.
WORDINGS = {wording.tag: wording for wording in (INDONESIAN, ENGLISH)}

"""What is noted of a request while it is answered, for the counts and the log?"""

from __future__ import annotations

from contextvars import ContextVar, Token
from typing import Any

#: Those of the request that this thread answers.
_NOTES: ContextVar[dict[str, Any] | None] = ContextVar("searchsvc_notes", default=None)


def begin_notes(notes: dict[str, Any]) -> Token[dict[str, Any] | None]:
    """Collect what is noted from now on in ``notes``, until :func:`end_notes`."""
    return _NOTES.set(notes)


def end_notes(token: Token[dict[str, Any] | None]) -> None:
    _NOTES.reset(token)


def note(**facts: Any) -> None:
    """Note facts of the request that is being answered; does nothing outside of one.

    ``route``: the template of its address; ``index``: the index's name; ``searched``: it computed
    an answer; ``hits``: how many there are.
    """
    notes = _NOTES.get()
    if notes is not None:
        notes.update(facts)


def find_request_id() -> str:
    """The id of the request that is being answered; empty outside of one."""
    return str((_NOTES.get() or {}).get("id", ""))

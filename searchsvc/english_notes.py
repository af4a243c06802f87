"""What does a note about a query say in English? Its own message is Indonesian, for readers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from searchsvc.request import Note

#: By code. ``query`` is the query offered, ``quoted`` the words that the message quotes.
ENGLISH_NOTES = {
    "corrected": "Hardly any article has this spelling; showing results for: {query}",
    "dated": "There are articles of those days: {query}",
    "did_you_mean": "Did you mean: {query}",
    "empty_period": "The first day comes after the last one, so nothing matches.",
    "ignored_operator": "A sign in the query means nothing there and was ignored.",
    "invalid_date": "A date in the query cannot be read and was taken as a word: {quoted}",
    "invalid_range": "A range in the query cannot be read and was ignored.",
    "label": "There are articles under this label: {query}",
    "newest": "Showing the newest articles.",
    "relaxed": "Few or no articles have all the words. Some results lack words. {quoted}",
    "truncated": "The query is too long; only its beginning was used.",
    "unbalanced_quote": "A quotation mark without its partner was ignored.",
    "unknown_field": "A field in the query is not known and was taken as a word: {quoted}",
    "unknown_label": "No article has this label: {quoted}",
    "unknown_parameter": "An unknown parameter was ignored: {quoted}",
}
_QUOTED = re.compile("“[^”]*”")


def tell_note(note: Note, sentences: Mapping[str, str] = ENGLISH_NOTES) -> str:
    """``note`` as one of ``sentences`` by code; its own message if there is none for it."""
    sentence = sentences.get(note.code)
    if sentence is None:
        return note.message
    quoted = ", ".join(_QUOTED.findall(note.message))
    return sentence.format(query=note.query, quoted=quoted).strip()

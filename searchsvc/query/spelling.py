"""What a person may have meant who typed words that the index does not have."""

from __future__ import annotations

from indexer.engine.base import Snapshot
from indexer.language.tokens import tokenize
from searchsvc.query.knowledge import Knowledge
from searchsvc.query.parse import ParsedQuery, TypedWord

#: Words shorter than this are not corrected: too many others are one edit away.
MIN_LETTERS = 4
#: Words from this length on may be two edits off.
LONG_WORD = 6


def offer_spelling(parsed: ParsedQuery, snapshot: Snapshot, knowledge: Knowledge) -> str:
    """The query with each unknown word replaced by the likeliest known one; empty where nothing
    is unknown or nothing is like it.
    """
    corrected = parsed.text
    words = [
        item
        for group in parsed.groups
        for item in group
        if isinstance(item, TypedWord) and not item.prefix
    ]
    changed = False
    # From the end, so that the positions of the words before stay right.
    for word in sorted(words, key=lambda one: one.start, reverse=True):
        tokens = tokenize(word.text)
        if len(tokens) != 1 or knowledge.count_documents(snapshot, tokens[0].text):
            continue
        better = find_likeliest(tokens[0].text, snapshot, knowledge)
        if better:
            start = word.start + tokens[0].start
            end = word.start + tokens[0].end
            corrected = corrected[:start] + better + corrected[end:]
            changed = True
    return corrected if changed else ""


def find_likeliest(word: str, snapshot: Snapshot, knowledge: Knowledge) -> str:
    """The known word that ``word`` is likeliest to stand for; empty where none is like it.

    Fewer edits first, then the same first letter, then the word of more articles.
    """
    if len(word) < MIN_LETTERS:
        return ""
    distance = 2 if len(word) >= LONG_WORD else 1
    near = knowledge.vocabulary(snapshot).find_near(word, distance)
    if not near:
        return ""
    return min(
        near, key=lambda one: (one.distance, one.term[0] != word[0], -one.documents, one.term)
    ).term

"""What is a reader told about an answer? What it lacks, how words were interpreted, what else may
help.
"""

from __future__ import annotations

from searchsvc.query.context import SearchContext
from searchsvc.query.offers import offer_days, offer_labels
from searchsvc.query.spelling import note_spelling
from searchsvc.query.understand import Understood
from searchsvc.request import Note


def note_answer(found: Understood, context: SearchContext) -> list[Note]:
    """All notes, those about differences from the typed query first."""
    parsed, plan, answer = found.parsed, found.plan, found.answer
    told = {note.code for note in found.typed.notes}
    respelt = [note for note in parsed.notes if note.code not in told]
    notes = [*found.typed.notes, *respelt, *plan.notes, *note_spelling(found)]
    if found.relaxed and found.plan.query.minimum is None:
        notes.append(note_relaxed(found))
    lacking = found.relaxed or not answer.total
    notes.extend(offer_labels(parsed, plan, answer, context, lacking=lacking))
    notes.extend(offer_days(parsed, plan, context))
    return notes


def note_relaxed(found: Understood) -> Note:
    """A note of the words that the hits lack."""
    complete = found.answer.complete
    lacking = "Tidak ada artikel yang memuat semua kata"
    if complete:
        lacking = f"Hanya {complete} artikel yang memuat semua kata"
    elif found.corrected:
        lacking = "Dengan ejaan itu pun tidak ada artikel yang memuat semua kata"
    return Note("relaxed", f"{lacking}; {describe_lack(found)}.")


def describe_lack(found: Understood) -> str:
    """What the displayed hits lack, in Indonesian."""
    lacks = find_lacks(found)
    words = list(dict.fromkeys(word for lack in lacks for word in lack))
    quoted = [f"“{word}”" for word in words]
    if not quoted:
        return "ditampilkan juga yang memuat sebagian"
    if all(lack == words for lack in lacks):
        return f"ditampilkan hasil tanpa {join_words(quoted, 'dan')}"
    return f"sebagian hasil tidak memuat {join_words(quoted, 'atau')}"


def find_lacks(found: Understood) -> list[list[str]]:
    """For each hit the required words, as typed, that it does not have."""
    words = found.plan.words
    places = found.context.snapshot.places([hit.ref for hit in found.answer.hits], words)
    present: list[set[int]] = [set() for _ in found.answer.hits]
    for document, word in zip(places.documents.tolist(), places.words.tolist(), strict=True):
        present[document].add(id(words[word]))
    return [
        [
            clause.words[0].typed
            for clause in found.plan.query.clauses
            if clause.required and clause.words and of_hit.isdisjoint(map(id, clause.words))
        ]
        for of_hit in present
    ]


def join_words(words: list[str], conjunction: str) -> str:
    """A list of words as part of a sentence.

    >>> join_words(["a", "b", "c"], "atau")
    'a, b atau c'
    """
    *others, last = words
    return f"{', '.join(others)} {conjunction} {last}" if others else last

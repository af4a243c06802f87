"""What a reader is told of an answer: what it lacks, what was taken for what, what else helps."""

from __future__ import annotations

from indexer.engine.base import Answer
from searchsvc.query.context import SearchContext
from searchsvc.query.offers import offer_days, offer_labels
from searchsvc.query.spelling import note_spelling
from searchsvc.query.understand import Understood
from searchsvc.request import Note


def note_answer(found: Understood, context: SearchContext) -> list[Note]:
    """All that there is to say, what was read differently than typed first."""
    parsed, plan, answer = found.parsed, found.plan, found.answer
    told = {note.code for note in found.typed.notes}
    respelt = [note for note in parsed.notes if note.code not in told]
    notes = [*found.typed.notes, *respelt, *plan.notes, *note_spelling(found)]
    if found.relaxed:
        notes.append(note_relaxed(answer, corrected=bool(found.corrected)))
    lacking = found.relaxed or not answer.total
    notes.extend(offer_labels(parsed, plan, answer, context, lacking=lacking))
    notes.extend(offer_days(parsed, plan, context))
    return notes


def note_relaxed(answer: Answer, *, corrected: bool) -> Note:
    """Says how many of the words the hits have; ``corrected``: of words spelt otherwise."""
    lacking = "Tidak ada artikel yang memuat semua kata"
    if corrected:
        lacking = "Dengan ejaan itu pun tidak ada artikel yang memuat semua kata"
    shown = f"ditampilkan yang memuat {answer.satisfied} dari {answer.required} kata."
    return Note("relaxed", f"{lacking}; {shown}")

"""What a reader is told of an answer: what it lacks, what was taken for what, what else helps."""

from __future__ import annotations

from indexer.engine.base import Answer
from searchsvc.query.context import SearchContext
from searchsvc.query.offers import offer_days, offer_labels
from searchsvc.query.parse import ParsedQuery
from searchsvc.query.plan import Plan
from searchsvc.query.spelling import note_guesses, shows_guess
from searchsvc.request import Note


def note_answer(
    parsed: ParsedQuery,
    plan: Plan,
    answer: Answer,
    context: SearchContext,
) -> list[Note]:
    """All that there is to say, what was read differently than typed first."""
    relaxed = is_relaxed(plan, answer)
    guesses = plan.guesses
    if relaxed:
        # The hits may lack the very words that were guessed: they are no hits for the guess.
        guesses = [
            one for one in guesses if one.known or shows_guess(one, context.snapshot, answer)
        ]
    spelt = note_guesses(parsed.text, guesses, context.snapshot, answer)
    notes = [*parsed.notes, *plan.notes, *spelt]
    if relaxed:
        notes.append(note_relaxed(answer, any(note.code == "corrected" for note in spelt)))
    lacking = relaxed or not answer.total
    notes.extend(offer_labels(parsed, plan, answer, context, lacking=lacking))
    notes.extend(offer_days(parsed, plan, context))
    return notes


def is_relaxed(plan: Plan, answer: Answer) -> bool:
    """Whether the hits have fewer of the words than the query wants."""
    wanted = answer.required if plan.query.minimum is None else plan.query.minimum
    return answer.total > 0 and answer.satisfied < wanted


def note_relaxed(answer: Answer, corrected: bool) -> Note:
    """Says how many of the words the hits have; ``corrected``: of words spelt otherwise."""
    lacking = "Tidak ada artikel yang memuat semua kata"
    if corrected:
        lacking = "Dengan ejaan itu pun tidak ada artikel yang memuat semua kata"
    shown = f"ditampilkan yang memuat {answer.satisfied} dari {answer.required} kata."
    return Note("relaxed", f"{lacking}; {shown}")

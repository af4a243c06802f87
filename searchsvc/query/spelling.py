"""Telling people what their words were taken for, and what else they may have meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.engine.base import Answer, Snapshot, Word
from searchsvc.request import Note


@dataclass(frozen=True, slots=True)
class GuessedWord:
    """A typed word, the query's ``[start:end]``, that may have been meant to be others.

    ``options`` are the terms it may stand for with the words asked for, likeliest first. ``known``:
    articles have it as typed.
    """

    start: int
    end: int
    known: bool
    options: tuple[tuple[str, Word], ...]


def note_guesses(
    query: str, guesses: Sequence[GuessedWord], snapshot: Snapshot, answer: Answer
) -> list[Note]:
    """``corrected`` where words that no article has were taken for others, ``did_you_mean`` where
    words that hardly any article has may be meant to be others.
    """
    notes = []
    unknown = [guessed for guessed in guesses if not guessed.known]
    rare = [guessed for guessed in guesses if guessed.known]
    if unknown:
        offered = respell(query, unknown, snapshot, answer)
        message = f"Tidak ada artikel dengan ejaan ini; ditampilkan hasil untuk: {offered}"
        if not answer.total:
            notes.append(Note("did_you_mean", f"Mungkin maksud Anda: {offered}", offered))
        else:
            notes.append(Note("corrected", message, offered))
    if rare:
        offered = respell(query, guesses, snapshot, answer)
        notes.append(Note("did_you_mean", f"Mungkin maksud Anda: {offered}", offered))
    return notes


def respell(query: str, guesses: Sequence[GuessedWord], snapshot: Snapshot, answer: Answer) -> str:
    """``query`` with each guessed word replaced by what it stands for in the best hit, else by
    what it is likeliest to stand for.
    """
    # From the end, so that the positions of the words before stay right.
    for guessed in sorted(guesses, key=lambda one: one.start, reverse=True):
        term = choose_option(guessed, snapshot, answer)
        query = query[: guessed.start] + term + query[guessed.end :]
    return query


def shows_guess(guessed: GuessedWord, snapshot: Snapshot, answer: Answer) -> bool:
    """Whether the best hit has any of the words that the guessed one may stand for."""
    words = [word for _, word in guessed.options]
    return bool(answer.hits) and bool(snapshot.occurrences(answer.hits[0].ref, words))


def choose_option(guessed: GuessedWord, snapshot: Snapshot, answer: Answer) -> str:
    """The option that occurs most in the best hit; the first where none does."""
    if answer.hits and len(guessed.options) > 1:
        words = [word for _, word in guessed.options]
        counts = Counter(one.word for one in snapshot.occurrences(answer.hits[0].ref, words))
        if counts:
            return guessed.options[counts.most_common(1)[0][0]][0]
    return guessed.options[0][0]

"""How is a score explained, whichever engine computed it?"""

from __future__ import annotations

from indexer.engine.base import Alternative, Contribution, Form, Phrase, Prefix


def explain_gain(rule: str, gain: float, score: float) -> Contribution:
    """The row for what the score gained as a whole."""
    return Contribution("", "", rule, Form.EXACT, 0, 0, 0, weight=gain, idf=0.0, score=gain * score)


def describe_alternative(alternative: Alternative) -> tuple[str, Form]:
    """(the displayed term, its form)."""
    if isinstance(alternative, Prefix):
        return f"{alternative.text}*", Form.EXACT
    if isinstance(alternative, Phrase):
        text = " ".join("*" if term is None else term.text for term in alternative.terms)
        return text, next(term.form for term in alternative.terms if term is not None)
    return alternative.text, alternative.form

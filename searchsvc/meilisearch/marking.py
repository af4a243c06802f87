"""Which words of an attribute's text match a query? For a text anywhere in a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from indexer.engine.base import Alternative, Form, Phrase, Prefix, Term, Word
from indexer.language.tokens import Token

#: The tokens of a text, each with its stem.
Analyse = Callable[[str], list[tuple[Token, str]]]


@dataclass(slots=True)
class Marker:
    """Finds matches of some words in texts."""

    analyse: Analyse
    exact: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    prefixes: tuple[str, ...] = ()
    phrases: list[tuple[Term | None, ...]] = field(default_factory=list)

    @classmethod
    def of(cls, words: Iterable[Word], analyse: Analyse) -> Marker:
        marker = cls(analyse)
        for word in words:
            for alternative in word.alternatives:
                marker._add(alternative)
        return marker

    def _add(self, alternative: Alternative) -> None:
        if isinstance(alternative, Prefix):
            self.prefixes = (*self.prefixes, alternative.text)
        elif isinstance(alternative, Phrase):
            self.phrases.append(alternative.terms)
        else:
            (self.exact if alternative.form is Form.EXACT else self.stems).add(alternative.text)

    def __bool__(self) -> bool:
        return bool(self.exact or self.stems or self.prefixes or self.phrases)

    def find(self, text: str) -> list[tuple[int, int]]:
        """(start, end) of the tokens of ``text`` that match, in order."""
        if not self:
            return []
        tokens = self.analyse(text)
        found = {number for number, one in enumerate(tokens) if self._is_marked(*one)}
        for phrase in self.phrases:
            found |= set(_find_phrase(tokens, phrase))
        return [(tokens[number][0].start, tokens[number][0].end) for number in sorted(found)]

    def _is_marked(self, token: Token, stem: str) -> bool:
        return (
            token.text in self.exact or stem in self.stems or token.text.startswith(self.prefixes)
        )


def _find_phrase(
    tokens: Sequence[tuple[Token, str]], phrase: tuple[Term | None, ...]
) -> Iterable[int]:
    """The indices of the tokens that match the phrase."""
    for start in range(len(tokens) - len(phrase) + 1):
        row = tokens[start : start + len(phrase)]
        if all(
            wanted is None or wanted.text == (token.text if wanted.form is Form.EXACT else stem)
            for wanted, (token, stem) in zip(phrase, row, strict=True)
        ):
            yield from range(start, start + len(phrase))

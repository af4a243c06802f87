"""Which words of an attribute's text match a query? For a text anywhere in a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from indexer.engine.base import Alternative, Form, Phrase, Prefix, Term, Word
from indexer.language.analyzer import Analyzer
from indexer.language.tokens import Token, list_chunks


class _Found(NamedTuple):
    """``spans`` of the tokens of a chunk that match by themselves; ``in_phrase``: some may be part
    of a phrase.
    """

    spans: tuple[tuple[int, int], ...]
    in_phrase: bool


_NOTHING: Final = _Found((), in_phrase=False)


@dataclass(slots=True)
class Marker:
    """Finds matches of some words in texts."""

    analyzer: Analyzer
    exact: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    prefixes: tuple[str, ...] = ()
    phrases: list[tuple[Term | None, ...]] = field(default_factory=list)
    #: What was found in a chunk of text before: texts repeat their words.
    _known: dict[str, _Found] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Iterable[Word], analyzer: Analyzer) -> Marker:
        marker = cls(analyzer)
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
        chunks = list(list_chunks(text))
        self._read(chunk for chunk, _ in chunks if chunk not in self._known)
        found: list[tuple[int, int]] = []
        in_phrase = False
        for chunk, start in chunks:
            one = self._known[chunk]
            if one is not _NOTHING:
                found += [(start + first, start + last) for first, last in one.spans]
                in_phrase |= one.in_phrase
        return sorted({*found, *self._find_phrases(text)}) if in_phrase else found

    def _read(self, chunks: Iterable[str]) -> None:
        parts = {term for phrase in self.phrases for term in phrase if term is not None}
        for chunk, tokens in self.analyzer.analyse_chunks(chunks).items():
            spans = tuple(
                (token.start, token.end) for token, stem in tokens if self._is(token, stem)
            )
            in_phrase = any(is_term(part, *token) for part in parts for token in tokens)
            self._known[chunk] = _Found(spans, in_phrase) if spans or in_phrase else _NOTHING

    def _is(self, token: Token, stem: str) -> bool:
        return (
            token.text in self.exact or stem in self.stems or token.text.startswith(self.prefixes)
        )

    def _find_phrases(self, text: str) -> Iterator[tuple[int, int]]:
        tokens = self.analyzer.analyse_text(text)
        for phrase in self.phrases:
            for number in _find_phrase(tokens, phrase):
                yield tokens[number][0].start, tokens[number][0].end


def is_term(term: Term, token: Token, stem: str) -> bool:
    """Whether a token is what ``term`` asks for."""
    return term.text == (token.text if term.form is Form.EXACT else stem)


def _find_phrase(
    tokens: Sequence[tuple[Token, str]], phrase: tuple[Term | None, ...]
) -> Iterable[int]:
    """The indices of the tokens that match the phrase."""
    for start in range(len(tokens) - len(phrase) + 1):
        row = tokens[start : start + len(phrase)]
        if all(
            wanted is None or is_term(wanted, *token)
            for wanted, token in zip(phrase, row, strict=True)
        ):
            yield from range(start, start + len(phrase))

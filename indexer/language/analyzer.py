"""How do articles become terms? The analysis that engines index, for any other text as well.

Indexing, queries and highlighting share one analyser, so all of them see the same terms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import filterfalse, islice
from operator import ne
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from indexer.engine.base import AnalysedBatch, AnalysedDocument, Int32Array, SearchedText
from indexer.language.acronyms import find_pairs
from indexer.language.chunk_table import ChunkTable
from indexer.language.dictionary import EMPTY, Dictionary, make_stemmer
from indexer.language.letter_case import (
    ABBREVIATIONS,
    ANNOUNCERS,
    PREPOSITIONS,
    LetterCase,
    Marks,
    read_letter_case,
)
from indexer.language.name_counts import ANNOUNCED, NameCounts
from indexer.language.nicknames import find_nicknames
from indexer.language.tokens import Token, find_chunks, split_chunk, tokenize

#: The lead is the body's first paragraph, up to this many tokens ...
MAX_LEAD_TOKENS = 60
#: ... or, if the body has no paragraphs, its first tokens.
UNDIVIDED_LEAD_TOKENS = 40

#: Texts are tokenised together in blocks of about this many characters: large enough to need few
#: numpy calls, small enough to stay in the processor's cache.
_BLOCK_CHARACTERS = 120_000

#: Stems cached before the cache starts over.
_MAX_STEMS = 1_000_000

#: Chunks cached by :meth:`Analyzer.analyse_chunks` before the cache starts over: some 20 MB.
_MAX_CHUNKS = 50_000

#: Forms of one stem that a query also looks up because the index has them under another stem.
MAX_UNINDEXED_FORMS = 32

BoolArray = npt.NDArray[np.bool_]
FindNames = Callable[
    [Sequence[str], Int32Array, Int32Array, Int32Array, BoolArray], Collection[str]
]


class Stems(Protocol):
    """What the analyser needs from :class:`indexer.language.stem.Stemmer`."""

    def stem(self, word: str) -> str: ...


class _StemCache(dict[str, str]):
    def __init__(self, stemmer: Stems) -> None:
        super().__init__()
        self._stemmer = stemmer

    def __missing__(self, term: str) -> str:
        stem = term if term[0].isdigit() else self._stemmer.stem(term)
        self[term] = stem
        return stem


class _Block(NamedTuple):
    """The tokens of some documents: columns as in :class:`AnalysedBatch`, except that term numbers
    are the chunk table's, plus the letter case of each token.
    """

    terms: npt.NDArray[np.int64]
    starts: Int32Array
    title_lengths: Int32Array
    body_lengths: Int32Array
    lead_lengths: Int32Array
    case: LetterCase


class ReadBatch(NamedTuple):
    """Documents as read on their own, before other documents settle what is a name.

    ``batch`` has the stems that words have unless they are names, and no documents;
    ``announced_counts`` V int32: how often each term followed a word that announces a name.
    """

    batch: AnalysedBatch
    announced_counts: Int32Array


class Analyzer:
    """Turns texts into terms.

    ``stemmer`` defaults to our own, which leaves listed names whole, extended by the names and
    stems of ``dictionary``, a site's own words. The dictionary's stems override names, too.
    ``find_names(terms, lower_counts, capital_counts, announced_counts, asked)`` returns the names
    among ``terms`` where ``asked``, judging by how often these texts write them in lower case,
    capitalised, and capitalised after a word that announces a name, and by anything else it knows;
    names keep their form instead of being stemmed. It is called with counts once per batch, and
    with counts of zero for words that are only asked about: those of a query, and those whose
    stems may have changed. By default it counts over all batches of this analyser
    (:class:`indexer.language.name_counts.NameCounts`).

    Analysis has two steps, :meth:`read` and :meth:`settle`: any analyser with the same words may
    read; one analyser settles all batches in order, so names do not depend on who read.

    Chunks and stems are cached across batches, up to a bound. Analyse batches from one thread.
    """

    def __init__(
        self,
        stemmer: Stems | None = None,
        *,
        find_names: FindNames | None = None,
        dictionary: Dictionary = EMPTY,
    ) -> None:
        self.dictionary = dictionary
        self._find_names = NameCounts() if find_names is None else find_names
        self._counts = self._find_names if isinstance(self._find_names, NameCounts) else None
        self._stems = _StemCache(make_stemmer(dictionary) if stemmer is None else stemmer)
        self._chunks = ChunkTable()
        self._analysed: dict[str, tuple[tuple[Token, str], ...]] = {}
        self._unindexed = self._group_unindexed()
        #: Words that articles have had whole at any time since the last conclusion, since they were
        #: names, and that articles have had stemmed.
        self._kept: set[str] = set()
        self._stemmed: set[str] = set()
        #: Words of batches so far that are stemmed unless they are names; terms that were counted.
        self._met: set[str] = set()
        self._counted: set[str] = set()

    @property
    def joined_labels(self) -> Mapping[str, str]:
        """A site's own: see :func:`indexer.ingest.facet_values.list_labels`."""
        return self.dictionary.labels

    def _group_unindexed(self) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for form in self.dictionary.stems:
            if form in self.dictionary.unindexed:
                group = groups.setdefault(self._stems[form], [])
                if len(group) < MAX_UNINDEXED_FORMS:
                    group.append(form)
        return groups

    def find_unindexed(self, stem: str) -> Sequence[str]:
        """Forms that the dictionary gives this stem, but that articles of the index may have under
        another; see :class:`indexer.language.dictionary.Dictionary`.
        """
        return self._unindexed.get(stem, ())

    def tokenize(self, text: str) -> list[Token]:
        """The tokens of ``text`` in order; see :func:`indexer.language.tokens.tokenize`."""
        return tokenize(text)

    def analyse_text(
        self, text: str, *, find_names: FindNames | None = None
    ) -> list[tuple[Token, str]]:
        """Each token of ``text`` with its stem, in order. Safe from several threads.

        ``find_names`` overrides the analyser's own for this call, for instance with what an index
        knows (:func:`indexer.language.name_counts.find_names_by`).
        """
        tokens = tokenize(text)
        return list(zip(tokens, self._find_stems(tokens, find_names), strict=True))

    def analyse_chunks(self, chunks: Iterable[str]) -> dict[str, tuple[tuple[Token, str], ...]]:
        """What :meth:`analyse_text` returns for each of some chunks of a text
        (:func:`indexer.language.tokens.list_chunks`); cached, because texts repeat their words.
        Safe from several threads.
        """
        cached = self._analysed
        # Looked up once: another thread may add to the cache, or start it over.
        looked_up = {chunk: cached.get(chunk) for chunk in chunks}
        missing = [chunk for chunk, known in looked_up.items() if known is None]
        split = list(map(split_chunk, missing))
        stems = iter(self._find_stems([token for tokens in split for token in tokens]))
        read = {
            chunk: tuple(zip(tokens, islice(stems, len(tokens)), strict=True))
            for chunk, tokens in zip(missing, split, strict=True)
        }
        if len(cached) + len(read) > _MAX_CHUNKS:
            cached.clear()
        cached.update(read)
        return {
            chunk: read[chunk] if known is None else known for chunk, known in looked_up.items()
        }

    def _find_stems(self, tokens: list[Token], find_names: FindNames | None = None) -> list[str]:
        terms = [token.text for token in tokens]
        stems = self._stem(terms)
        if stems != terms:
            nothing = np.zeros(len(terms), dtype=np.int32)
            asked = _find_changed(terms, stems)
            names = (find_names or self._find_names)(terms, nothing, nothing, nothing, asked)
            self._keep_names(terms, stems, names, asked)
        return stems

    def analyse(self, documents: list[AnalysedDocument]) -> AnalysedBatch:
        """``documents`` with all their tokens, in the same order."""
        return self.settle(self.read([one.searched_text for one in documents]), documents)

    def settle(self, read: ReadBatch, documents: list[AnalysedDocument]) -> AnalysedBatch:
        """Analyse what was ``read`` of ``documents``, using the names learned from all batches
        settled so far.
        """
        batch, announced = read
        self._analysed.clear()
        terms = batch.vocabulary
        # Another process may have read these: no stem is looked for twice.
        self._stems.update(zip(terms, batch.stems, strict=True))
        asked = _find_changed(terms, batch.stems)
        words = [terms[number] for number in np.flatnonzero(asked).tolist()]
        self._note_standing(words, terms, batch.lower_counts + batch.capital_counts)
        names = self._find_names(terms, batch.lower_counts, batch.capital_counts, announced, asked)
        # Announced names that would otherwise be stemmed.
        batch.evidence += [
            (ANNOUNCED, terms[number], "", int(announced[number]))
            for number in np.flatnonzero(asked & (announced > 0)).tolist()
        ]
        self._keep_names(terms, batch.stems, names, asked)
        self._note(words, names)
        batch.documents = documents
        return batch

    def _note_standing(self, words: list[str], terms: list[str], counts: Int32Array) -> None:
        """Note how articles so far have ``words`` of a batch, and names that its ``terms``, with
        their ``counts``, may make forms of words.
        """
        if max(len(self._met), len(self._counted)) > _MAX_STEMS:
            for noted in (self._kept, self._stemmed, self._met, self._counted):
                noted.clear()
        new = [word for word in words if word not in self._kept and word not in self._stemmed]
        standing = [word for word in new if word in self._met or self._is_known(word)]
        self._note(standing, self._recall_names(standing))
        self._met.update(new)
        if self._counts is not None:
            first = {terms[number] for number in np.flatnonzero(counts).tolist()} - self._counted
            self._counted |= first
            self._kept.update(self._recall_names(self._counts.list_judged_by(first)))

    def _is_known(self, word: str) -> bool:
        return self._counts is not None and self._counts.is_known(word)

    def _note(self, words: list[str], names: Collection[str]) -> None:
        self._kept.update(names)
        self._stemmed.update(filterfalse(names.__contains__, words))

    def _recall_names(self, words: list[str]) -> Collection[str]:
        """The names among ``words``, judging by the batches settled so far."""
        if not words:
            return ()
        nothing = np.zeros(len(words), np.int32)
        return self._find_names(words, nothing, nothing, nothing, np.ones(len(words), np.bool_))

    def conclude(self) -> AnalysedBatch | None:
        """A batch without documents: the words that all batches settled so far, taken together,
        make names or no names, and that any batch since the last call, or what was known before it,
        did not, with their stems. ``None`` if there is none. Of more than a million words, the
        later ones are known.
        """
        if self._counts is not None and self._counts.judges_anew():
            # Those that become names by this were stemmed.
            self._stemmed.update({*self._met, *self._counts.list_known()} - self._kept)
        words = [*self._kept | self._stemmed]
        names = self._recall_names(words)
        outdated = [one for one in words if one in (self._stemmed if one in names else self._kept)]
        self._kept, self._stemmed = set(), set()
        words = sorted(word for word in outdated if self._stems[word] != word)
        if not words:
            return None
        batch, _ = self.read([])
        batch.vocabulary, batch.stems = words, self._stem(words)
        self._keep_names(words, batch.stems, names, np.ones(len(words), np.bool_))
        batch.lower_counts = batch.capital_counts = np.zeros(len(words), np.int32)
        return batch

    def read(self, texts: list[SearchedText]) -> ReadBatch:
        """Read the ``texts`` of some documents, each on its own."""
        if self._chunks.full:
            self._chunks = ChunkTable()
        blocks = [self._analyse_block(block) for block in _divide(texts)]
        if not blocks:
            blocks = [self._analyse_block([])]
        terms = np.concatenate([block.terms for block in blocks])
        vocabulary, token_terms = self._number(terms)
        size = len(vocabulary)
        lower, capital, announced = (
            _count(token_terms, np.concatenate(marked), size)
            for marked in zip(*(block.case for block in blocks), strict=True)
        )
        batch = AnalysedBatch(
            documents=[],
            vocabulary=vocabulary,
            stems=self._stem(vocabulary),
            lower_counts=lower,
            capital_counts=capital,
            token_terms=token_terms,
            token_starts=np.concatenate([block.starts for block in blocks]),
            title_lengths=np.concatenate([block.title_lengths for block in blocks]),
            body_lengths=np.concatenate([block.body_lengths for block in blocks]),
            lead_lengths=np.concatenate([block.lead_lengths for block in blocks]),
            evidence=_learn_acronyms(texts) + _learn_nicknames(texts),
        )
        return ReadBatch(batch, announced)

    def _stem(self, terms: list[str]) -> list[str]:
        """The stem of each term, as if it were not a name."""
        if len(self._stems) > _MAX_STEMS:
            self._stems.clear()
        return list(map(self._stems.__getitem__, terms))

    def _keep_names(
        self, terms: list[str], stems: list[str], names: Collection[str], asked: BoolArray
    ) -> None:
        """Replace the ``stems`` of names by the names, unless the dictionary has set these
        stems.
        """
        chosen = self.dictionary.stems
        for number in np.flatnonzero(asked).tolist() if names else ():
            term = terms[number]
            if term in names and term not in chosen:
                stems[number] = term

    def _number(self, terms: npt.NDArray[np.int64]) -> tuple[list[str], Int32Array]:
        """The distinct terms among these table numbers, and each token's index among them."""
        seen = np.zeros(len(self._chunks.terms), dtype=np.bool_)
        seen[terms] = True
        distinct = np.flatnonzero(seen)
        places = np.zeros(len(seen), dtype=np.int32)
        places[distinct] = np.arange(len(distinct), dtype=np.int32)
        all_terms = self._chunks.terms
        return [all_terms[number] for number in distinct.tolist()], places[terms]

    def _mark(self, terms: npt.NDArray[np.int64], words: Collection[str]) -> BoolArray:
        """Which of ``terms`` (table numbers) are ``words``."""
        marked = np.zeros(len(self._chunks.terms), np.bool_)
        marked[self._chunks.find_numbers(words)] = True
        return marked[terms]

    def _analyse_block(self, documents: list[SearchedText]) -> _Block:
        texts = [
            text
            for title, body, appended in documents
            for text in (title, f"{body}\n{appended}" if body and appended else body or appended)
        ]
        chunks = find_chunks("\n".join(texts))
        terms, starts = self._chunks.read(chunks)
        begins = np.zeros(len(texts), dtype=np.int64)
        np.cumsum([len(text) + 1 for text in texts[:-1]], out=begins[1:])
        firsts = np.searchsorted(starts, begins)
        lengths = np.diff(firsts, append=len(starts))
        in_title = np.repeat(np.arange(len(texts)) % 2 == 0, lengths)
        lists = (ANNOUNCERS, PREPOSITIONS, ABBREVIATIONS)
        marks = Marks(*(self._mark(terms, words) for words in lists))
        return _Block(
            terms=terms,
            starts=(starts - np.repeat(begins, lengths)).astype(np.int32),
            title_lengths=lengths[0::2].astype(np.int32),
            body_lengths=lengths[1::2].astype(np.int32),
            lead_lengths=_measure_leads(
                [document.body for document in documents], begins, firsts, lengths, starts
            ),
            case=read_letter_case(chunks, starts, in_title, marks),
        )


def _divide(texts: list[SearchedText]) -> Iterator[list[SearchedText]]:
    """``texts`` in order, in groups of about ``_BLOCK_CHARACTERS`` characters."""
    group: list[SearchedText] = []
    size = 0
    for text in texts:
        group.append(text)
        size += sum(map(len, text))
        if size >= _BLOCK_CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group


def _measure_leads(
    bodies: list[str],
    begins: npt.NDArray[np.int64],
    firsts: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
) -> Int32Array:
    """The number of leading tokens of each body that form its lead."""
    breaks = np.array([body.find("\n") for body in bodies], dtype=np.int64)
    in_paragraph = np.searchsorted(starts, begins[1::2] + breaks) - firsts[1::2]
    wanted = np.where(breaks < 0, UNDIVIDED_LEAD_TOKENS, np.minimum(in_paragraph, MAX_LEAD_TOKENS))
    return np.minimum(wanted, lengths[1::2]).astype(np.int32)


def _learn_acronyms(documents: list[SearchedText]) -> list[tuple[str, str, str, int]]:
    """Evidence rows ``("acronym", short, long, n)``: n of ``documents`` explain this pair."""
    pairs = Counter(
        pair
        for document in documents
        if "(" in document.body
        for pair in {(found.short, found.long) for found in find_pairs(document.body)}
    )
    return [("acronym", short, long, count) for (short, long), count in pairs.items()]


def _learn_nicknames(documents: list[SearchedText]) -> list[tuple[str, str, str, int]]:
    """Evidence rows ``(kind, short, full, n)``: n of ``documents`` say that this is a short form of
    the name; kinds are :data:`indexer.language.nicknames.KINDS`.
    """
    found = Counter(
        nickname for document in documents for nickname in set(find_nicknames(document.body))
    )
    return [(*nickname, count) for nickname, count in found.items()]


def _find_changed(terms: list[str], stems: list[str]) -> BoolArray:
    """Which terms have a stem that is not the term itself."""
    return np.fromiter(map(ne, terms, stems), np.bool_, len(terms))


def _count(terms: Int32Array, marked: BoolArray, size: int) -> Int32Array:
    return np.bincount(terms[marked], minlength=size).astype(np.int32)

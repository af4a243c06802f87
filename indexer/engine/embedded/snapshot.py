"""How is a generation read? One committed generation of the embedded engine."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from heapq import nsmallest
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.article import Article, Summary
from indexer.deadline import check_deadline
from indexer.engine.base import (
    MOST_LETTERS,
    Answer,
    Contribution,
    FacetRequest,
    Form,
    NearTerm,
    Occurrence,
    Passage,
    PassageBounds,
    Phrase,
    Places,
    Query,
    Term,
    TermStatistics,
    Word,
)
from indexer.engine.copies import measure_resemblance
from indexer.engine.embedded.contents import NO_DAY
from indexer.engine.embedded.explain import explain_hit
from indexer.engine.embedded.gates import OPEN, SegmentGates
from indexer.engine.embedded.likeness import find_near, find_vowelled
from indexer.engine.embedded.occurrences import (
    Located,
    find_occurrences,
    gather_passages,
    gather_places,
)
from indexer.engine.embedded.remember import remember
from indexer.engine.embedded.resident import (
    MOST_MAPPED_BYTES,
    SEARCHES_BETWEEN_LOOKS,
    measure_mapped,
)
from indexer.engine.embedded.resolve import SegmentResolver
from indexer.engine.embedded.search import SnapshotSearcher
from indexer.engine.embedded.segment import Read, SegmentData, open_segment
from indexer.engine.embedded.strings import Numbering, decode_term, encode_term
from indexer.engine.embedded.weighing import SearchedSegment, count_having
from indexer.engine.embedded.whoosh.catalog import Generation
from indexer.errors import UnknownName
from indexer.loading import loading
from indexer.schema import LABEL_FACETS, is_label_facet


def identify(generation: Generation) -> str:
    """See :attr:`indexer.engine.base.Snapshot.identity`: segments have random names, and their
    deletions distinguish diverged copies of one index.
    """
    digest = blake2b(f"{generation.index} {generation.number}".encode(), digest_size=8)
    for segment in generation.segments:
        digest.update(f" {segment.segid} {segment.deleted_count()} ".encode())
        digest.update(segment.deleted_numbers.tobytes())
    return digest.hexdigest()


class EmbeddedSnapshot:
    """See :class:`indexer.engine.base.Snapshot`. Shared by all requests of a generation.

    ``opened`` holds segments opened by an earlier snapshot, by file name; those that this
    generation still has are reused.
    """

    distant = False

    def __init__(
        self, folder: Path, generation: Generation, opened: dict[str, SegmentData] | None = None
    ) -> None:
        self._generation = generation
        self._identity = identify(generation)
        self.opened: dict[str, SegmentData] = {}
        self._segments: list[SearchedSegment] = []
        first_ref = 0
        for segment in generation.segments:
            name = segment.file_name
            data = (opened or {}).get(name) or open_segment(folder, segment, generation.index)
            self.opened[name] = data
            self._segments.append(
                SearchedSegment(
                    data,
                    first_ref,
                    SegmentResolver(data),
                    SegmentGates(data, segment.deleted_numbers),
                )
            )
            first_ref += data.document_count
        self._first_refs = [segment.first_ref for segment in self._segments]
        self._searches = 0
        self._live: int = sum(segment.doc_count() for segment in generation.segments)
        self.searcher = SnapshotSearcher(self._segments)
        self.statistics = remember(self._statistics, 4096)

    @property
    def generation(self) -> int:
        return self._generation.number

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def note(self) -> str:
        return self._generation.note

    def is_of(self, generation: Generation) -> bool:
        """Whether this snapshot is of exactly this committed state."""
        return self._identity == identify(generation)

    def document_count(self) -> int:
        return self._live

    def search(self, query: Query) -> Answer:
        self._searches += 1
        if self._searches % SEARCHES_BETWEEN_LOOKS == 0 and measure_mapped() > MOST_MAPPED_BYTES:
            self.release_pages()
        return self.searcher.search(query)

    def search_each(self, queries: Sequence[Query]) -> list[Answer]:
        return [self.search(query) for query in queries]

    def release_pages(self) -> None:
        """Release the index's pages from this process's memory, see :mod:`.resident`."""
        for data in self.opened.values():
            data.container.release_pages()

    # --- documents

    def locate(self, ref: int) -> tuple[SearchedSegment, int]:
        """The segment of a ref and the document's number there."""
        segment = self._segments[bisect_right(self._first_refs, ref) - 1]
        return segment, ref - segment.first_ref

    def article(self, ref: int) -> Article:
        (article,) = self.articles([ref])
        return article

    def articles(self, refs: Sequence[int]) -> list[Article]:
        return self._read_each(SegmentData.articles, refs)

    def summary(self, ref: int) -> Summary:
        (summary,) = self.summaries([ref])
        return summary

    def summaries(self, refs: Sequence[int]) -> list[Summary]:
        return self._read_each(SegmentData.summaries, refs)

    def _read_each(
        self, read: Callable[[SegmentData, Sequence[int]], list[Read]], refs: Sequence[int]
    ) -> list[Read]:
        """What ``read`` returns for each, called once for each segment."""
        check_deadline()
        firsts = self._first_refs
        by_segment: dict[int, list[int]] = defaultdict(list)
        for ref in refs:
            by_segment[bisect_right(firsts, ref) - 1].append(ref)
        found: dict[int, Read] = {}
        for number, some in by_segment.items():
            documents = [ref - firsts[number] for ref in some]
            found.update(zip(some, read(self._segments[number].data, documents), strict=True))
        return list(map(found.__getitem__, refs))

    def find(self, article_id: str) -> int | None:
        encoded = encode_term(article_id)
        for segment in reversed(self._segments):
            document = segment.data.find(encoded)
            if document >= 0 and segment.gates.make_gate(()).values[document] == OPEN:
                return segment.first_ref + document
        return None

    def all_articles(self) -> Iterator[Article]:
        for segment in self._segments:
            for document in np.flatnonzero(segment.gates.make_gate(()).values == OPEN).tolist():
                yield from segment.data.articles([document])

    def copies(self, ref: int) -> list[int]:
        return self.searcher.stories.find_copies(ref)

    def resemblance(self, ref: int, other: int) -> float:
        one, two = (
            segment.data.sketches.texts[document]
            for segment, document in (self.locate(ref), self.locate(other))
        )
        return measure_resemblance(one, two)

    def occurrences(self, ref: int, words: Sequence[Word]) -> list[Occurrence]:
        segment, document = self.locate(ref)
        return find_occurrences(segment.resolver, document, words)

    def passages(
        self, refs: Sequence[int], words: Sequence[Word], bounds: Sequence[PassageBounds]
    ) -> list[Passage]:
        return gather_passages(self._find_resolvers(refs), words, bounds)

    def places(self, refs: Sequence[int], words: Sequence[Word]) -> Places:
        weigher = self.searcher.weigher
        idfs = [weigher.measure_idf(weigher.find_document_frequency(word)) for word in words]
        return gather_places(self._find_resolvers(refs), words, idfs)

    def _find_resolvers(self, refs: Sequence[int]) -> list[Located]:
        return [(segment.resolver, document) for segment, document in map(self.locate, refs)]

    def days(self, refs: Sequence[int]) -> npt.NDArray[np.float64]:
        located = map(self.locate, refs)
        days = np.array([segment.data.days[document] for segment, document in located], np.float64)
        days[days == NO_DAY] = np.nan
        return days

    def explain(self, ref: int, query: Query) -> list[Contribution]:
        segment, document = self.locate(ref)
        return explain_hit(self.searcher, segment, document, query)

    # --- terms

    def _statistics(self, text: str, form: Form = Form.EXACT) -> TermStatistics:
        check_deadline()
        documents = lower = capital = 0
        for segment in self._segments:
            data = segment.data
            number = segment.resolver.find_number(text, form)
            if number < 0:
                continue
            offsets = data.postings(form).offsets
            documents += int(offsets[number + 1] - offsets[number])
            if form == Form.EXACT:
                lower += int(data.lower_counts[number])
                capital += int(data.capital_counts[number])
            else:
                exact = data.forms_of(number)
                lower += int(data.lower_counts[exact].sum())
                capital += int(data.capital_counts[exact].sum())
        return TermStatistics(documents, lower, capital)

    def terms(self, prefix: str = "", *, form: Form = Form.EXACT) -> Iterator[tuple[str, int]]:
        # Array by array rather than term by term: the service reads all terms of every generation.
        numbers: Numbering[bytes] = Numbering()
        counted = []
        for one in self._segments:
            check_deadline()
            reader = one.data.postings(form)
            first, end = reader.terms.prefix_range(encode_term(prefix))
            run = reader.terms.run(first, end)
            places = np.fromiter(map(numbers.__getitem__, run), np.int64, end - first)
            counted.append((places, np.diff(reader.offsets[first : end + 1])))
        totals = np.zeros(len(numbers), np.int64)
        for places, counts in counted:
            totals[places] += counts
        by_number = totals.tolist()
        for term in sorted(numbers):
            if total := by_number[numbers[term]]:
                yield decode_term(term), total

    def frequent_terms(self, prefix: str, *, limit: int) -> list[tuple[str, int]]:
        # Called at every keystroke: only terms that may be among the most frequent are examined.
        readers = [one.data.exact for one in self._segments]
        ranges = [reader.terms.prefix_range(encode_term(prefix)) for reader in readers]
        counts = [
            np.diff(reader.offsets[first : end + 1])
            for reader, (first, end) in zip(readers, ranges, strict=True)
        ]
        # A lower bound on the document frequency of the last of them; some segment has at least its
        # share.
        bound = max(
            (int(np.partition(one, -limit)[-limit]) for one in counts if len(one) >= limit > 0),
            default=0,
        )
        least = max(1, -(-bound // max(1, len(readers))))
        terms = {
            reader.terms[first + number]
            for reader, (first, _), one in zip(readers, ranges, counts, strict=True)
            for number in np.flatnonzero(one >= least).tolist()
        }
        pairs = ((term, self.statistics(term).documents) for term in map(decode_term, terms))
        return nsmallest(limit, pairs, key=lambda pair: (-pair[1], pair[0]))

    def near_terms(self, word: str, edits: int) -> list[NearTerm]:
        if not word.isalpha() or len(word) > MOST_LETTERS:
            return []
        found: dict[str, NearTerm] = {}
        for segment in self._segments:
            for one in find_near(segment.data, word, edits):
                before = found.get(one.term)
                if before is not None:
                    one = one._replace(documents=one.documents + before.documents)
                found[one.term] = one
        return sorted(found.values(), key=lambda one: (one.edits, -one.documents, one.term))

    def vowelled_terms(self, word: str) -> list[str]:
        if not word:
            return []
        found = {term for one in self._segments for term in find_vowelled(one.data, word)}
        return sorted(term for term in found if self.statistics(term).documents)

    def known_terms(self, texts: Sequence[str]) -> list[str]:
        check_deadline()
        encoded = [encode_term(text) for text in texts]
        found: set[bytes] = set()
        for segment in self._segments:
            places = segment.data.exact.terms.find_all(encoded)
            found.update(encoded[number] for number in np.flatnonzero(places >= 0).tolist())
        return [
            text
            for text, term in zip(texts, encoded, strict=True)
            if term in found and self.statistics(text).documents
        ]

    def count_having(self, alternatives: Sequence[Term | Phrase]) -> int:
        return sum(count_having(segment, alternatives) for segment in self._segments)

    def count_having_each(
        self, asked: Sequence[Sequence[Term | Phrase]], expected: Query | None = None
    ) -> list[int]:
        return list(map(self.count_having, asked))

    def find_complete(self, query: Query) -> int | None:
        return None

    def evidence(self, kind: str) -> dict[str, list[tuple[str, int]]]:
        return self._evidence.get(kind, {})

    @cached_property
    def _evidence(self) -> dict[str, dict[str, list[tuple[str, int]]]]:
        """All evidence by kind and key."""
        with loading():
            return self._read_evidence()

    def _read_evidence(self) -> dict[str, dict[str, list[tuple[str, int]]]]:
        totals: dict[tuple[str, str, str], int] = {}
        for segment in self._segments:
            for kind, key, value, count in segment.data.read_evidence():
                totals[kind, key, value] = totals.get((kind, key, value), 0) + count
        by_kind: dict[str, dict[str, list[tuple[str, int]]]] = {}
        for (kind, key, value), count in totals.items():
            by_kind.setdefault(kind, {}).setdefault(key, []).append((value, count))
        for by_key in by_kind.values():
            for rows in by_key.values():
                if len(rows) > 1:
                    rows.sort(key=lambda row: (-row[1], row[0]))
        return by_kind

    def label_counts(self, facet: str) -> list[tuple[str, int]]:
        if not is_label_facet(facet):
            raise UnknownName("label facet", facet, LABEL_FACETS)
        every = FacetRequest(facet, limit=self.searcher.label_counter(facet).size)
        return self.search(Query(facets=(every,), limit=0)).facets[facet]

    def close(self) -> None:
        """Nothing to do: the engine keeps the snapshot, and its files are closed when it is no
        longer used.
        """

    def __enter__(self) -> EmbeddedSnapshot:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def describe(self) -> dict[str, Any]:
        """Figures for people: generation, articles, segments, bytes on disk, terms."""
        return {
            "engine": "embedded",
            "generation": self.generation,
            "articles": self._live,
            "deleted_not_merged": sum(one.deleted_count() for one in self._generation.segments),
            "segments": [
                {
                    "file": segment.file_name,
                    "articles": segment.doc_count(),
                    "deleted": segment.deleted_count(),
                    "bytes": self.opened[segment.file_name].container.size_bytes,
                    "terms": len(self.opened[segment.file_name].exact.terms),
                    "stems": len(self.opened[segment.file_name].stems.terms),
                    "tokens": self.opened[segment.file_name].title_tokens
                    + self.opened[segment.file_name].body_tokens,
                }
                for segment in self._generation.segments
            ],
            "bytes": sum(data.container.size_bytes for data in self.opened.values()),
        }

"""How is a generation read? One committed generation of an index in OpenSearch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer.article import Article, Summary, summarise
from indexer.deadline import check_deadline
from indexer.engine.base import (
    Answer,
    Contribution,
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
from indexer.engine.opensearch.cluster import Body, Cluster
from indexer.engine.opensearch.documents import Stored, read_sketches
from indexer.engine.opensearch.encoding import decode_label, name_key
from indexer.engine.opensearch.explain import explain_hit
from indexer.engine.opensearch.filters import name_field
from indexer.engine.opensearch.frequencies import Frequencies
from indexer.engine.opensearch.match_counts import (
    AT_A_TIME,
    read_match_counts,
    write_match_counts,
)
from indexer.engine.opensearch.matching import Scoring
from indexer.engine.opensearch.passage import choose_passage
from indexer.engine.opensearch.places import Finder
from indexer.engine.opensearch.recount import Recount
from indexer.engine.opensearch.search import Asked, Searcher
from indexer.engine.opensearch.shelf import Shelf
from indexer.engine.opensearch.state import Generation, make_visible
from indexer.engine.opensearch.words import Words
from indexer.errors import IndexCorrupt, UnknownName
from indexer.schema import LABEL_FACETS, is_label_facet

#: Articles fetched at a time when all are read.
_PAGE: Final = 500


class OpenSearchSnapshot:
    """See :class:`indexer.engine.base.Snapshot`. Shared by all requests of a generation."""

    distant = True

    def __init__(
        self, cluster: Cluster, generation: Generation, words: Words, shelf: Shelf
    ) -> None:
        self._cluster = cluster
        self._generation = generation
        self._words = words
        self._shelf = shelf
        #: What articles are kept in memory by: their stems may change.
        self._kept_as = f"{generation.data}@{generation.restemmed}"
        self._visible = make_visible(generation)
        self._scoring_of = lru_cache(64)(lambda ranking: Scoring(ranking, generation, words))
        self._frequencies = Frequencies(generation, words, self._count_matches)
        self._searcher = Searcher(
            self._ask_all,
            self._keep,
            self._fetch,
            self._scoring_of,
            lambda query, idfs: Recount(query, idfs, generation, words),
            self._frequencies,
            self._visible,
            str(cluster.address),
        )

    @property
    def generation(self) -> int:
        return self._generation.number

    @property
    def identity(self) -> str:
        return self._generation.identity

    @property
    def note(self) -> str:
        return self._generation.note

    def document_count(self) -> int:
        return self._generation.articles

    # --- asking

    def _ask(self, body: Body) -> Body:
        (answer,) = self._ask_all([Asked(body)])
        return answer

    def _ask_all(self, asked: Sequence[Asked]) -> list[Body]:
        check_deadline()
        return self._cluster.search_all(
            self._generation.data,
            [one.body for one in asked],
            spare=[number for number, one in enumerate(asked) if not one.needed],
        )

    def _keep(self, hit: Body) -> None:
        self._shelf.keep(self._kept_as, hit)

    def _ask_visible(self, condition: Body, **more: Any) -> Body:
        return self._ask({"query": {"bool": {"filter": [self._visible, condition]}}, **more})

    def _count_matches(self, queries: Sequence[Body], expected: Query | None = None) -> list[int]:
        """How many articles match each of ``queries``; what the search of ``expected`` will ask is
        asked along with them.
        """
        parts = [queries[n : n + AT_A_TIME] for n in range(0, len(queries), AT_A_TIME)]
        asked = [Asked(write_match_counts(part, self._visible)) for part in parts]
        foreseen = self._searcher.foresee(expected) if expected else None
        if foreseen:
            asked.append(foreseen.asked)
        told = self._ask_all(asked) if asked else []
        if foreseen and (answer := told.pop()):
            foreseen.keep(foreseen.asked.body, answer)
        return [
            count
            for part, answer in zip(parts, told, strict=True)
            for count in read_match_counts(answer, len(part))
        ]

    def _fetch(self, refs: Sequence[int]) -> list[Stored]:
        """The stored articles, each once from OpenSearch and then from memory. Raises IndexCorrupt
        if one is missing.
        """
        found = self._shelf.find(self._kept_as, refs)
        missing = [ref for ref in dict.fromkeys(refs) if ref not in found]
        for first in range(0, len(missing), _PAGE):
            some = missing[first : first + _PAGE]
            told = self._ask_visible({"terms": {"ref": some}}, size=len(some))
            for hit in told["hits"]["hits"]:
                found[hit["_source"]["ref"]] = self._shelf.keep(self._kept_as, hit)
        for ref in refs:
            if ref not in found:
                raise IndexCorrupt(str(self._cluster.address), f"article number {ref} is missing")
        return [found[ref] for ref in refs]

    # --- searching

    def search(self, query: Query) -> Answer:
        (answer,) = self.search_each([query])
        return answer

    def search_each(self, queries: Sequence[Query]) -> list[Answer]:
        answers = self._searcher.search_each(queries)
        refs = [hit.ref for answer in answers for hit in answer.hits]
        if len(refs) <= _PAGE:
            # The caller shows them: together they cost one round trip, or none.
            self._fetch(refs)
        return answers

    # --- articles

    def article(self, ref: int) -> Article:
        (article,) = self.articles([ref])
        return article

    def articles(self, refs: Sequence[int]) -> list[Article]:
        check_deadline()
        return [stored.read_article() for stored in self._fetch(refs)]

    def summary(self, ref: int) -> Summary:
        return summarise(self.article(ref))

    def summaries(self, refs: Sequence[int]) -> list[Summary]:
        return list(map(summarise, self.articles(refs)))

    def find(self, article_id: str) -> int | None:
        told = self._ask_visible(
            {"term": {"key": name_key(article_id)}},
            size=1,
            _source=False,
            docvalue_fields=["ref"],
        )
        for hit in told["hits"]["hits"]:
            ref: int = hit["fields"]["ref"][0]
            return ref
        return None

    def all_articles(self) -> Iterator[Article]:
        after: list[int] = []
        while True:
            told = self._ask_visible(
                {"match_all": {}},
                size=_PAGE,
                sort=[{"ref": "asc"}],
                _source=["article"],
                **({"search_after": after} if after else {}),
            )
            hits = told["hits"]["hits"]
            for hit in hits:
                yield Stored(hit["_source"]).read_article()
            if len(hits) < _PAGE:
                return
            after = hits[-1]["sort"]

    def copies(self, ref: int) -> list[int]:
        told = self._ask_visible(
            {"term": {"ref": ref}}, size=1, _source=False, docvalue_fields=["story", "copied"]
        )
        (hit,) = told["hits"]["hits"]
        if not hit["fields"].get("copied", (False,))[0]:
            return []
        told = self._ask_visible(
            {"term": {"story": hit["fields"]["story"][0]}},
            size=10_000,
            _source=False,
            docvalue_fields=["ref"],
            sort=[{"second": {"order": "asc", "missing": "_last"}}, {"ref": "asc"}],
        )
        refs = [hit["fields"]["ref"][0] for hit in told["hits"]["hits"]]
        return [one for one in refs if one != ref]

    def resemblance(self, ref: int, other: int) -> float:
        packed = [stored.sketch for stored in self._fetch([ref, other])]
        if not all(packed):
            return 0.0
        one, two = read_sketches(packed).texts
        return measure_resemblance(one, two)

    # --- places of words

    def occurrences(self, ref: int, words: Sequence[Word]) -> list[Occurrence]:
        (found,) = self._list_occurrences([ref], words)
        return found

    def passages(
        self, refs: Sequence[int], words: Sequence[Word], bounds: Sequence[PassageBounds]
    ) -> list[Passage]:
        return [
            choose_passage(found, own)
            for found, own in zip(self._list_occurrences(refs, words), bounds, strict=True)
        ]

    def _list_occurrences(
        self, refs: Sequence[int], words: Sequence[Word]
    ) -> Iterator[list[Occurrence]]:
        """Those in each article."""
        check_deadline()
        articles = self._fetch(refs)
        found = Finder(articles).find(words)
        ends = np.searchsorted(found.articles, np.arange(len(articles)), "right").tolist()
        for stored, first, end in zip(articles, [0, *ends], ends, strict=False):
            in_title, positions = found.in_title[first:end], found.positions[first:end]
            places = np.where(in_title, positions, positions + stored.tokens.title_length)
            yield list(
                map(
                    Occurrence,
                    in_title.tolist(),
                    positions.tolist(),
                    stored.starts[places].tolist(),
                    found.words[first:end].tolist(),
                )
            )

    def places(self, refs: Sequence[int], words: Sequence[Word]) -> Places:
        check_deadline()
        found = Finder(self._fetch(refs)).find(words)
        return Places(
            found.articles.astype(np.int32),
            found.in_title,
            found.positions.astype(np.int32),
            found.words.astype(np.int32),
            np.array(self._frequencies.measure_idfs(words), np.float64),
        )

    def days(self, refs: Sequence[int]) -> npt.NDArray[np.float64]:
        days = (stored.day for stored in self._fetch(refs))
        return np.array([np.nan if day is None else day for day in days], np.float64)

    def explain(self, ref: int, query: Query) -> list[Contribution]:
        check_deadline()
        (stored,) = self._fetch([ref])
        return explain_hit(stored, query, self._frequencies, self._generation)

    # --- words

    def statistics(self, text: str, form: Form = Form.EXACT) -> TermStatistics:
        return self._words.statistics(text, form)

    def terms(self, prefix: str = "", *, form: Form = Form.EXACT) -> Iterator[tuple[str, int]]:
        return iter(self._words.count_all(prefix, form))

    def frequent_terms(self, prefix: str, *, limit: int) -> list[tuple[str, int]]:
        return list(self._words.frequent(prefix, limit))

    def near_terms(self, word: str, edits: int) -> list[NearTerm]:
        return self._words.find_near(word, edits)

    def vowelled_terms(self, word: str) -> list[str]:
        return self._words.find_vowelled(word)

    def known_terms(self, texts: Sequence[str]) -> list[str]:
        return self._words.filter_known(texts)

    def count_having(self, alternatives: Sequence[Term | Phrase]) -> int:
        (count,) = self.count_having_each([alternatives])
        return count

    def count_having_each(
        self, asked: Sequence[Sequence[Term | Phrase]], expected: Query | None = None
    ) -> list[int]:
        return self._frequencies.count_together(asked, expected)

    def find_complete(self, query: Query) -> int | None:
        return self._searcher.find_complete(query)

    def evidence(self, kind: str) -> dict[str, list[tuple[str, int]]]:
        return self._words.list_evidence(kind)

    def label_counts(self, facet: str) -> list[tuple[str, int]]:
        if not is_label_facet(facet):
            raise UnknownName("label facet", facet, LABEL_FACETS)
        counts: list[tuple[str, int]] = []
        after: Body = {}
        while True:
            paged = {
                "sources": [{"label": {"terms": {"field": name_field(facet)}}}],
                "size": 10_000,
            }
            told = self._ask_visible(
                {"match_all": {}}, size=0, aggs={"labels": {"composite": paged | after}}
            )["aggregations"]["labels"]
            counts += [
                (decode_label(bucket["key"]["label"]), bucket["doc_count"])
                for bucket in told["buckets"]
            ]
            if "after_key" not in told:
                return sorted(counts, key=lambda pair: (-pair[1], pair[0]))
            after = {"after": told["after_key"]}

    # --- closing

    def close(self) -> None:
        """Nothing to do: a snapshot holds nothing open in OpenSearch."""

    def __enter__(self) -> OpenSearchSnapshot:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

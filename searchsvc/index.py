"""What does a program need of this package? An index to add articles to and to search."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexer.article import Article, Reject, Warned
    from indexer.engine.base import Engine, Ranking, Writer
    from indexer.language.analyzer import Analyzer
    from indexer.language.dictionary import Dictionary
    from indexer.language.dictionary_text import Loaded
    from indexer.pipeline import Item, Summary
    from searchsvc.request import SearchRequest, SearchResponse
    from searchsvc.suggest.suggestion import Suggestion

    #: An article, or a report about one.
    Told = Article | Reject | Warned


class Index:
    """One index, open.

    >>> with Index.open("news", create=True) as index:
    ...     index.add([{"title": "Panen Padi", "body": "Petani memanen padi di Karawang."}]).added
    ...     [hit.title for hit in index.search("panenan").hits]
    1
    ['Panen Padi']

    Each search answers from one generation, even while articles are being added. Several threads
    may search with one object, but only one at a time may write.
    """

    def __init__(
        self, path: Path, engine: Engine, report: Callable[[Loaded], None] | None = None
    ) -> None:
        self.path = path
        self.engine = engine
        self._report = report

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        create: bool = False,
        wait_s: float = 0.0,
        report: Callable[[Loaded], None] | None = None,
    ) -> Index:
        """The index in the folder ``path``, or at an address like ``https://host:9200/articles``;
        ``create`` creates an empty one if there is none, after waiting up to ``wait_s`` seconds for
        another process that is creating it.

        ``report`` is called for lines of the site's own dictionary that cannot be parsed. Raises
        IndexNotFound, IndexOutdated, IndexCorrupt, IndexUnreadable; IndexNotWritten and IndexLocked
        when creating one; AddressInvalid, EngineUnavailable, ExtraMissing of an address.
        """
        from searchsvc.engines import locate, open_engine

        folder = locate(path)
        return cls(folder, open_engine(folder, create=create, wait_s=wait_s), report)

    @staticmethod
    def is_in(path: str | os.PathLike[str]) -> bool:
        """Whether there is an index in the folder ``path``, intact or not."""
        from searchsvc.engines import find_index_file

        return find_index_file(Path(path)) is not None

    @staticmethod
    def find_creation(path: str | os.PathLike[str]) -> float:
        """When the index in the folder ``path`` was created, in seconds since 1970; 0 if there is
        none.
        """
        from searchsvc.engines import find_index_file

        try:
            file = find_index_file(Path(path))
            return 0.0 if file is None else file.stat().st_mtime
        except OSError:
            return 0.0

    # --- what articles and queries are read with

    @cached_property
    def dictionary(self) -> Dictionary:
        """The site's own words. Raises UnreadableInput."""
        from searchsvc.own_dictionary import load_own_dictionary

        loaded = load_own_dictionary(self.path)
        if loaded.problems and self._report is not None:
            self._report(loaded)
        return loaded.dictionary

    @cached_property
    def analyzer(self) -> Analyzer:
        """An analyser that knows which words the index has seen written as names, and learns more
        from new articles. Raises UnreadableInput.
        """
        from indexer.language.analyzer import Analyzer
        from indexer.language.name_counts import NameCounts

        with self.engine.snapshot() as snapshot:
            counts = NameCounts.of(snapshot) if snapshot.document_count() else NameCounts()
        return Analyzer(find_names=counts, dictionary=self.dictionary)

    @property
    def make_reader(self) -> Callable[[], Analyzer]:
        """A function that creates an analyser, also in another process, that has the site's own
        words and has read nothing.
        """
        from indexer.language.analyzer import Analyzer

        return partial(Analyzer, dictionary=self.dictionary)

    # --- writing

    def add(
        self,
        articles: Iterable[Mapping[str, Any] | Article],
        *,
        source: str = "",
        mapping: Mapping[str, str] | None = None,
        wait_s: float = 0.0,
    ) -> Summary:
        """Add articles and commit; return what happened to them.

        Each is a record as a site has it, with our keys or those that docs/articles.md lists, or an
        Article. One whose id is already in the index replaces it. ``source`` is the publisher of
        those that name none; ``mapping`` renames keys, theirs to ours. Records that cannot become
        articles are counted as rejected, and the rest is added. Raises IndexLocked if another
        writer holds the index for longer than ``wait_s`` seconds.
        """
        from indexer.article import Article
        from indexer.ingest.readers import draft_records

        keep = self.engine.fields.keys

        def list_items() -> Iterator[Any]:
            for number, one in enumerate(articles, 1):
                if isinstance(one, Article):
                    yield one
                else:
                    yield from draft_records([one], mapping, source=source, first=number, keep=keep)

        return self.add_items(list_items(), wait_s=wait_s)

    def add_files(
        self, *paths: str | os.PathLike[str], wait_s: float = 0.0, **options: Any
    ) -> Summary:
        """Add the articles of files and folders, like ``searchsvc index``, and commit.

        ``options``: those of :func:`indexer.ingest.readers.read_drafts`. Raises UnreadableInput for
        a missing path, IndexLocked.
        """
        from indexer.ingest.readers import read_drafts

        options.setdefault("keep", self.engine.fields.keys)
        return self.add_items(read_drafts(paths, **options), wait_s=wait_s)

    def add_items(
        self,
        items: Iterable[Item],
        *,
        on_article: Callable[[Article], None] | None = None,
        on_reject: Callable[[Reject], None] | None = None,
        on_warning: Callable[[Warned], None] | None = None,
        wait_s: float = 0.0,
    ) -> Summary:
        """Add ``items`` as yielded by :func:`indexer.ingest.readers.read_drafts`, and commit.

        ``on_article`` is called with each article before it is added. Raises IndexLocked.
        """
        from indexer.article import Article
        from indexer.ingest.habits import load_habits, read_with_habits
        from indexer.pipeline import Telling, index_articles

        habits = load_habits(self.path)

        def revise(items: Iterable[Told]) -> Iterator[Told]:
            for item in read_with_habits(items, habits):
                if on_article is not None and isinstance(item, Article):
                    on_article(item)
                yield item

        try:
            summary = index_articles(
                self.engine,
                items,
                self.analyzer,
                telling=Telling(self.record_additions, on_reject, on_warning),
                wait_s=wait_s,
                revise=revise,
            )
        except BaseException:
            # It has learned from articles that may not be in the index.
            self.__dict__.pop("analyzer", None)
            raise
        habits.save(self.path)
        return summary

    def add_to(self, writer: Writer, articles: Iterable[Article], *, alone: bool = False) -> None:
        """Add ``articles``, unchanged, to the writer of this index; the caller commits. ``alone``:
        the writer has deleted all others.
        """
        from indexer.pipeline import Summary, add_articles

        self.record_additions(Summary(committing=True))
        analyzer = self.make_reader() if alone else self.analyzer
        add_articles(writer, articles, analyzer, fields=self.engine.fields)

    def delete(self, ids: Sequence[str], *, wait_s: float = 0.0) -> int:
        """Delete articles and commit; return how many existed. Raises IndexLocked."""
        with self.engine.writer(wait_s=wait_s) as writer:
            deleted = writer.delete(list(ids))
            writer.commit()
        return deleted

    def rebuild(self, *, wait_s: float = 0.0) -> Summary:
        """Analyse every article again, as needed after a change of the dictionary's stems and
        names.

        Searches use the old generation until it is done. Raises IndexLocked, IndexCorrupt.
        """
        from indexer.pipeline import Telling, rebuild

        summary = rebuild(
            self.engine,
            self.make_reader(),
            telling=Telling(self.record_additions),
            wait_s=wait_s,
        )
        self.record_rebuild()
        return summary

    def record_additions(self, summary: Summary) -> None:
        """Record, before the first commit of a run, the dictionary with which its articles are
        analysed, and the site's own fields for which they were read. Raises IndexNotWritten.
        """
        from indexer.language.dictionary_record import record_additions
        from indexer.own_fields import record as own_fields_record

        if summary.committing and not summary.commits:
            had_articles = len(self) > 0
            record_additions(self.path, self.dictionary, had_articles=had_articles)
            own_fields_record.record_additions(
                self.path, self.engine.fields, had_articles=had_articles
            )

    def record_rebuild(self) -> None:
        """Record that all articles were analysed with the dictionary, and read for all of the
        site's own fields. Raises IndexNotWritten.
        """
        from indexer.language.dictionary_record import record_rebuild
        from indexer.own_fields import record as own_fields_record

        record_rebuild(self.path, self.dictionary)
        own_fields_record.record_rebuild(self.path, self.engine.fields)

    def list_waiting_fields(self) -> list[str]:
        """Names of the site's own fields that articles of the index lack until a rebuild."""
        from indexer.own_fields.record import list_waiting

        return list_waiting(self.path, self.engine.fields, articles=len(self))

    # --- reading

    def search(self, q: str = "", **parameters: str | Sequence[str]) -> SearchResponse:
        """The service's answer to the query ``q``: hits, exact total, facet counts, notes.

        ``parameters`` are those of ``GET /api/v1/search`` (docs/http-api.md), with ``from_``
        instead of ``from``. Newer articles rank higher to the extent of the environment's settings.
        Raises ParameterError, UnknownParameter, InvalidSetting.

        For example ``index.search("panen", category=["ekonomi"], facets="source", from_="2022")``.
        """
        from searchsvc.query.parameters import read

        given = {name.removesuffix("_"): value for name, value in parameters.items()}
        return self.answer_today(read({"q": q, **given}, fields=self.engine.fields))

    def answer_today(self, request: SearchRequest) -> SearchResponse:
        """The service's response to ``request``. Raises InvalidSetting."""
        from searchsvc.query.ranking import rank_today
        from searchsvc.settings import load

        settings = load()
        ranking = rank_today(settings.recency_half_life_days, settings.recency_weight)
        return self.answer(request, ranking=ranking)

    def answer(
        self,
        request: SearchRequest,
        *,
        ranking: Ranking | None = None,
        without: frozenset[str] = frozenset(),
    ) -> SearchResponse:
        """The response to ``request``, without recency decay unless ``ranking`` has it, and
        ``without`` some parts of query understanding (:mod:`searchsvc.query.parts`).
        """
        from searchsvc.query.ranking import DEFAULT_RANKING
        from searchsvc.search import run_search

        return run_search(
            self.engine,
            request,
            analyzer=self.analyzer,
            ranking=ranking or DEFAULT_RANKING,
            without=without,
        )

    def suggest(self, q: str, limit: int = 8) -> list[Suggestion]:
        """At most ``limit`` queries and articles that may complete a partly typed query."""
        from searchsvc.suggest import suggest

        return suggest(self.engine, q, limit, analyzer=self.analyzer)

    def get(self, article_id: str) -> Article | None:
        """The article with this id, ``None`` if there is none."""
        with self.engine.snapshot() as snapshot:
            ref = snapshot.find(article_id)
            return None if ref is None else snapshot.article(ref)

    def __contains__(self, article_id: str) -> bool:
        with self.engine.snapshot() as snapshot:
            return snapshot.find(article_id) is not None

    def __len__(self) -> int:
        """The number of articles."""
        with self.engine.snapshot() as snapshot:
            return snapshot.document_count()

    def __iter__(self) -> Iterator[Article]:
        """All articles, of one generation."""
        with self.engine.snapshot() as snapshot:
            yield from snapshot.all_articles()

    # --- closing

    def close(self) -> None:
        """Close the files. Searching reopens them."""
        self.engine.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

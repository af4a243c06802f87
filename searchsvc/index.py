"""An index to put articles into and to search: all that a program needs of this package."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
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

    #: An article, or what is told of one.
    Told = Article | Reject | Warned


class Index:
    """One index, open.

    >>> with Index.open("news", create=True) as index:
    ...     index.add([{"title": "Panen Padi", "body": "Petani memanen padi di Karawang."}]).added
    ...     [hit.title for hit in index.search("panenan").hits]
    1
    ['Panen Padi']

    Searches answer from one generation each, also while articles are added. One object may be used
    by several threads to search, and by one at a time to write.
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
        """The index in the folder ``path``; ``create`` makes an empty one if there is none, after
        waiting up to ``wait_s`` seconds for another that is making it.

        ``report`` is told of lines of the site's own dictionary that cannot be read. Raises
        IndexNotFound, IndexOutdated, IndexCorrupt, IndexUnreadable; IndexNotWritten and
        IndexLocked where it creates one.
        """
        from indexer.engine.embedded import open_engine

        return cls(Path(path), open_engine(Path(path), create=create, wait_s=wait_s), report)

    @staticmethod
    def is_in(path: str | os.PathLike[str]) -> bool:
        """Whether there is an index in the folder ``path``, whole or not."""
        from indexer.engine.embedded.whoosh.catalog import FORMAT_FILE

        return (Path(path) / FORMAT_FILE).is_file()

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
        """An analyser which knows which words the index has seen written as names, and learns more
        from what it is given. Raises UnreadableInput.
        """
        from indexer.language.analyzer import Analyzer
        from indexer.language.name_counts import NameCounts, count_by

        with self.engine.snapshot() as snapshot:
            counts = NameCounts(count_by(snapshot) if snapshot.document_count() else None)
        return Analyzer(find_names=counts, dictionary=self.dictionary)

    @property
    def make_reader(self) -> Callable[[], Analyzer]:
        """Makes, in another process, an analyser that reads as this one's."""
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
        """Put articles in and commit; what became of them.

        Each is a record as a site has it, under our keys or those that docs/articles.md lists, or
        an Article. One whose id is in the index replaces it. ``source`` is the publisher of those
        that name none; ``mapping`` renames keys, theirs to ours. What cannot be an article is
        counted as rejected, and the rest goes in. Raises IndexLocked where another writer holds the
        index for longer than ``wait_s`` seconds.
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
        """Put in the articles of files and folders, as ``searchsvc index`` does, and commit.

        ``options``: those of :func:`indexer.ingest.readers.read_drafts`. Raises UnreadableInput for
        a path that is not there, IndexLocked.
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
        """Put in ``items`` as :func:`indexer.ingest.readers.read_drafts` yields them, and commit.

        ``on_article`` is told of each article as it is about to go in. Raises IndexLocked.
        """
        from indexer.article import Article
        from indexer.ingest.habits import load_habits, read_with_habits
        from indexer.pipeline import index_articles

        habits = load_habits(self.path)

        def revise(items: Iterable[Told]) -> Iterator[Told]:
            for item in read_with_habits(items, habits):
                if on_article is not None and isinstance(item, Article):
                    on_article(item)
                yield item

        summary = index_articles(
            self.engine,
            items,
            self.analyzer,
            joined_labels=self.dictionary.labels,
            on_progress=self.record_additions,
            on_reject=on_reject,
            on_warning=on_warning,
            wait_s=wait_s,
            revise=revise,
        )
        habits.save(self.path)
        return summary

    def add_to(self, writer: Writer, articles: Sequence[Article]) -> None:
        """Give ``articles``, as they are, to the writer of this index, for others to commit."""
        from indexer.pipeline import Summary, add_articles

        if articles:
            self.record_additions(Summary(committing=True))
            add_articles(
                writer,
                articles,
                self.analyzer,
                joined_labels=self.dictionary.labels,
                fields=self.engine.fields,
            )

    def delete(self, ids: Sequence[str], *, wait_s: float = 0.0) -> int:
        """Take articles out and commit; how many were there. Raises IndexLocked."""
        with self.engine.writer(wait_s=wait_s) as writer:
            deleted = writer.delete(list(ids))
            writer.commit()
        return deleted

    def rebuild(self, *, wait_s: float = 0.0) -> Summary:
        """Analyse every article again, needed after a change of the dictionary's stems and names.

        Searches answer from the old generation until it is done. Raises IndexLocked, IndexCorrupt.
        """
        from indexer.pipeline import rebuild

        summary = rebuild(
            self.engine,
            self.analyzer,
            joined_labels=self.dictionary.labels,
            on_progress=self.record_additions,
            wait_s=wait_s,
        )
        self.record_rebuild()
        return summary

    def record_additions(self, summary: Summary) -> None:
        """Note, before the first commit of a run, with which dictionary its articles are
        analysed, and for which fields of the site's own they were read. Raises IndexNotWritten.
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
        """Note that all articles were analysed with the dictionary, and read for all fields of the
        site's own. Raises IndexNotWritten.
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
        """What the service answers to the query ``q``: hits, exact total, facet counts, notes.

        ``parameters`` are those of ``GET /api/v1/search`` (docs/http-api.md); that of the name
        ``from`` is ``from_`` here. Newer articles come first as far as the environment's settings
        want it. Raises ParameterError, UnknownParameter, InvalidSetting.

        So ``index.search("panen", category=["ekonomi"], facets="source", from_="2022")``.
        """
        from searchsvc.query.parameters import read

        given = {name.removesuffix("_"): value for name, value in parameters.items()}
        return self.answer_today(read({"q": q, **given}, fields=self.engine.fields))

    def answer_today(self, request: SearchRequest) -> SearchResponse:
        """The response to ``request`` as the service gives it. Raises InvalidSetting."""
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
        """The response to ``request``, with recency off unless ``ranking`` says otherwise, and
        ``without`` some parts of understanding (:mod:`searchsvc.query.parts`).
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
        """At most ``limit`` queries and articles that a query being typed may go on to."""
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
        """How many articles it holds."""
        with self.engine.snapshot() as snapshot:
            return snapshot.document_count()

    def __iter__(self) -> Iterator[Article]:
        """All articles, of one generation."""
        with self.engine.snapshot() as snapshot:
            yield from snapshot.articles()

    # --- closing

    def close(self) -> None:
        """Let go of the files. Searching opens them again."""
        self.engine.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

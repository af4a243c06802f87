"""What does every request handler need? Created once by the app factory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from flask import current_app, g

from indexer.engine.base import Ranking
from indexer.errors import IndexerError
from indexer.language.analyzer import Analyzer
from indexer.language.dictionary_file import DictionaryFile
from indexer.own_fields.declaration import NO_FIELDS, OwnFields
from searchsvc.access.gate import Access
from searchsvc.data_folder import DataFolder, UnknownIndex
from searchsvc.insight.collecting import Insight
from searchsvc.monitoring.counts import Counts
from searchsvc.own_dictionary import watch_dictionary
from searchsvc.query.ranking import rank_today
from searchsvc.settings import Settings
from searchsvc.suggest.popular import NONE_POPULAR, PopularQueries
from searchsvc.tasks.queue import TaskQueue
from searchsvc.turns import Turns, Waiting
from searchsvc.web.address_limit import AddressLimit
from searchsvc.web.answer_cache import AnswerCache
from searchsvc.web.assets import Assets
from searchsvc.web.branding import Branding
from searchsvc.web.open_index import OpenIndex
from searchsvc.web.reports import Reports
from searchsvc.web.wording import WORDINGS, Wording

EXTENSION = "searchsvc"

#: Named indexes that a process keeps open beside its own, and the fraction of the answer cache that
#: each gets.
_MOST_OPEN = 32
_CACHE_PART = 8


@dataclass(slots=True)
class Service:
    """The shared parts of one app, for the index ``name``. ``build`` changes with the version,
    templates and assets.
    """

    settings: Settings
    name: str
    index: OpenIndex
    cache: AnswerCache
    assets: Assets
    build: str
    dictionary: DictionaryFile
    turns: Turns
    folder: DataFolder
    queue: TaskQueue
    access: Access
    others: Others
    counts: Counts
    #: Requests that wait for their tasks.
    waiting: Waiting
    branding: Branding
    #: Remembers searches; ``None`` if the settings do not want it.
    insight: Insight | None
    #: Events that addresses may report, and keys that they may try.
    event_limit: AddressLimit
    login_limit: AddressLimit
    #: Returns the current time with a time zone, from which the age of articles is computed.
    clock: Callable[[], datetime]
    reports: Reports = field(default_factory=Reports)
    _analyzer: Analyzer | None = None

    def analyzer(self) -> Analyzer:
        """The analyser of queries, with the current dictionary. Created when first needed, because
        it loads the word lists, and again when the dictionary changes.
        """
        dictionary = self.dictionary.current()
        analyzer = self._analyzer
        if analyzer is None or analyzer.dictionary is not dictionary:
            analyzer = self._analyzer = Analyzer(dictionary=dictionary)
        return analyzer

    @property
    def say(self) -> Wording:
        """What the page says, in the language of the settings."""
        return WORDINGS[self.settings.language]

    def fields(self) -> OwnFields:
        """The site's currently declared fields; none without an index."""
        try:
            return self.index.engine().fields
        except IndexerError:
            return NO_FIELDS

    def find_state(self) -> str:
        """The identity of the newest committed state, the site's dictionary and its fields: what
        was answered in it is answered again. Raises what opening the index raises.
        """
        with self.index.snapshot() as snapshot:
            own = self.dictionary.current().fingerprint + self.fields().fingerprint
            return snapshot.identity + own

    def report(self, error: Exception) -> None:
        """Let the log tell of an error that ended this request."""
        self.reports.tell(error, queries=self.settings.log_queries)

    def ranking(self) -> Ranking:
        """Today's ranking: newer articles first, to the extent that the settings say."""
        settings = self.settings
        return rank_today(settings.recency_half_life_days, settings.recency_weight)

    def popular(self) -> PopularQueries:
        """The queries of this index that readers search often."""
        return NONE_POPULAR if self.insight is None else self.insight.popular(self.name)

    def for_index(self, name: str) -> Service:
        """The service for the index with this name. Raises InvalidIndexName, UnknownIndex."""
        if name == self.settings.index.name:
            return base_service()
        return self.others.get(self, name)


class Others:
    """The services of named indexes beside the app's own, the most recently used. Thread-safe."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, Service] = OrderedDict()
        self._changing = threading.Lock()

    def get(self, own: Service, name: str) -> Service:
        """The service for the index, derived from the app's ``own``. Raises InvalidIndexName,
        UnknownIndex.
        """
        there = own.folder.has(name)
        with self._changing:
            if not there:
                self._close_files(self._open.pop(name, None))
                raise UnknownIndex(name)
            service = self._open.get(name)
            if service is None:
                service = self._open[name] = _serve_other(own, name)
                if len(self._open) > _MOST_OPEN:
                    self._close_files(self._open.popitem(last=False)[1])
            self._open.move_to_end(name)
            return service

    @staticmethod
    def _close_files(service: Service | None) -> None:
        if service is not None:
            service.index.close_files()


def _serve_other(own: Service, name: str) -> Service:
    settings = replace(own.settings, index=own.folder.path_of(name))
    return replace(
        own,
        name=name,
        index=OpenIndex(settings.index),
        cache=AnswerCache(settings.cache_bytes // _CACHE_PART),
        dictionary=watch_dictionary(settings, current_app.logger.warning),
        _analyzer=None,
    )


def base_service() -> Service:
    """The service of the app that handles this request, for the app's own index."""
    return cast(Service, current_app.extensions[EXTENSION])


def current_index() -> str:
    """The name of the index that this request concerns, whether or not it exists."""
    return cast(str, g.get("index_name") or base_service().name)


def current_service() -> Service:
    """The service for the index that this request concerns. Raises UnknownIndex: call it only after
    checking the request's rights.
    """
    name = g.get("index_name")
    return base_service() if name is None else base_service().for_index(name)

"""What every request handler needs, made once by the app factory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from indexer.engine.base import Ranking
from indexer.errors import IndexerError
from indexer.language.analyzer import Analyzer
from indexer.language.dictionary_file import DictionaryFile
from indexer.own_fields.declaration import NO_FIELDS, OwnFields
from searchsvc.query.ranking import rank_today
from searchsvc.settings import Settings
from searchsvc.turns import Turns
from searchsvc.web.answer_cache import AnswerCache
from searchsvc.web.assets import Assets
from searchsvc.web.open_index import OpenIndex
from searchsvc.web.reports import Reports

EXTENSION = "searchsvc"


@dataclass(slots=True)
class Service:
    """The open parts of one app. ``build`` changes with the version, templates and assets."""

    settings: Settings
    index: OpenIndex
    cache: AnswerCache
    assets: Assets
    build: str
    dictionary: DictionaryFile
    turns: Turns
    reports: Reports = field(default_factory=Reports)
    _analyzer: Analyzer | None = None

    def analyzer(self) -> Analyzer:
        """The analyser of queries, with the dictionary as it is now. Made when first needed, for
        it loads the word lists, and anew when the dictionary changes.
        """
        dictionary = self.dictionary.current()
        analyzer = self._analyzer
        if analyzer is None or analyzer.dictionary is not dictionary:
            analyzer = self._analyzer = Analyzer(dictionary=dictionary)
        return analyzer

    def fields(self) -> OwnFields:
        """The fields of its own that the site declares, as they are now; none without an index."""
        try:
            return self.index.engine().fields
        except IndexerError:
            return NO_FIELDS

    def ranking(self) -> Ranking:
        """The ranking of today: newer articles first, as far as the settings want it."""
        settings = self.settings
        return rank_today(settings.recency_half_life_days, settings.recency_weight)


def current_service() -> Service:
    """The service of the app that handles this request."""
    return cast(Service, current_app.extensions[EXTENSION])

"""What is searched? One generation of an index, with everything a request needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indexer.engine.base import Engine, Hit, Ranking, Snapshot
from indexer.language.analyzer import Analyzer
from indexer.own_fields.declaration import OwnFields
from searchsvc.meilisearch.documents import show_document
from searchsvc.meilisearch.filter_query import Asked
from searchsvc.meilisearch.index_settings import list_patterns


@dataclass(frozen=True, slots=True)
class Searched:
    """An index as searched: one generation, its settings, and what queries are parsed with.
    ``contains``: whether substring filters are allowed.
    """

    snapshot: Snapshot
    engine: Engine
    fields: OwnFields
    settings: dict[str, Any]
    analyzer: Analyzer
    ranking: Ranking
    contains: bool = False

    @property
    def filterable(self) -> tuple[str, ...]:
        return tuple(list_patterns(self.settings["filterableAttributes"]))

    @property
    def asked(self) -> Asked:
        return Asked(self.snapshot, self.fields, self.filterable, self.contains)

    def document(self, hit: Hit) -> dict[str, Any]:
        return show_document(self.snapshot.article(hit.ref))

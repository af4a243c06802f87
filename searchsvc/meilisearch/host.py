"""What does the protocol need of the service that serves it?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, cast

from flask import current_app, g

from indexer.deadline import Deadline, until
from indexer.engine.base import Engine, Ranking, Snapshot
from indexer.language.analyzer import Analyzer
from indexer.language.dictionary_file import DictionaryFile
from indexer.own_fields.declaration import OwnFields
from searchsvc.access.gate import Access
from searchsvc.data_folder import DataFolder
from searchsvc.insight.collecting import Insight
from searchsvc.meilisearch.features import load_features
from searchsvc.meilisearch.index_settings import IndexRecord, list_settings, load_record
from searchsvc.meilisearch.searched import Searched
from searchsvc.monitoring.counts import Counts
from searchsvc.monitoring.notes import note
from searchsvc.query.lookups import recall_lookups
from searchsvc.settings import Settings
from searchsvc.tasks.queue import TaskQueue
from searchsvc.turns import Turns

#: Under which name an app has its service.
EXTENSION = "searchsvc"


class HeldIndex(Protocol):
    """An index that is kept open, and reopened when it was replaced."""

    def engine(self) -> Engine: ...

    def snapshot(self) -> Snapshot: ...


class Answers(Protocol):
    """Answers of a state of the index, each by what was asked."""

    def get(self, state: str, request_key: bytes) -> Any: ...

    def put(self, state: str, request_key: bytes, body: Any) -> None: ...


class Host(Protocol):
    """The service, for one of its indexes."""

    settings: Settings
    name: str
    turns: Turns
    folder: DataFolder
    queue: TaskQueue
    access: Access
    dictionary: DictionaryFile
    insight: Insight | None
    counts: Counts

    @property
    def index(self) -> HeldIndex: ...

    @property
    def cache(self) -> Answers: ...

    def find_state(self) -> str:
        """The identity of everything that answers depend on, except settings of the protocol.
        Raises what opening the index raises.
        """

    def analyzer(self) -> Analyzer: ...

    def fields(self) -> OwnFields: ...

    def ranking(self) -> Ranking: ...

    def report(self, error: Exception) -> None:
        """Let the log tell of an error that ended this request, if it is the service's fault."""

    def for_index(self, name: str) -> Host:
        """The service for the index of this name. Raises InvalidIndexName, UnknownIndex."""


def find_host() -> Host:
    """The service of the app that handles this request."""
    return cast(Host, current_app.extensions[EXTENSION])


def find_folder(host: Host) -> Path:
    """The folder of the index of ``host``."""
    own = host.settings.index
    return own if own.name == host.name else host.folder.path_of(host.name)


def find_record(host: Host) -> IndexRecord | None:
    """What the index of ``host`` knows about itself."""
    return load_record(find_folder(host))


def find_settings(host: Host) -> dict[str, Any]:
    """The settings of the index of ``host`` that are in effect."""
    return list_settings(find_record(host), host.fields())


@contextmanager
def open_searched(host: Host) -> Iterator[Searched]:
    """The index of ``host`` as it is searched, for as long as a query may take; all queries of one
    request take no longer together. Raises what opening it raises, TooBusy, QueryTooCostly.
    """
    note(searched=True)
    engine = host.index.engine()
    with host.turns.take(), host.index.snapshot() as snapshot:
        # What is built once for all queries is not part of what this one costs.
        recall_lookups(engine, snapshot)
        # Whoever has waited for a change of settings finds it in effect.
        host.dictionary.current(now=True)
        with until(find_deadline(host.settings)):
            yield Searched(
                snapshot,
                engine,
                engine.fields,
                list_settings(find_record(host), engine.fields),
                host.analyzer(),
                host.ranking(),
                contains=load_features(host.folder.path)["containsFilter"],
            )


def find_deadline(settings: Settings) -> Deadline | None:
    """The deadline of this request, which begins with its first query; ``None`` for no limit."""
    if "deadline" not in g:
        seconds = settings.query_deadline_seconds
        g.deadline = Deadline(seconds) if seconds else None
    found: Deadline | None = g.deadline
    return found

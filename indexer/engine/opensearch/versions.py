"""Which version of an article does an index have? Looked up by the writer, for many at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from indexer.engine.opensearch.cluster import Body, Cluster
from indexer.engine.opensearch.documents import LOOKED_UP, Source
from indexer.engine.opensearch.state import Generation, make_visible

#: Articles looked up, or read whole, in one request.
_AT_A_TIME: Final = 1_000
_WHOLE_AT_A_TIME: Final = 250
#: Candidates and tellings of a story considered at once.
MOST_MEMBERS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article that a generation shows. ``id`` is that of the document."""

    id: str
    key: str
    ref: int
    fingerprint: str
    title_length: int
    body_length: int
    story: int
    copied: bool


class Versions:
    """The versions that one committed generation shows."""

    def __init__(self, cluster: Cluster, generation: Generation) -> None:
        self._cluster = cluster
        self._generation = generation
        self._visible = make_visible(generation)

    def _ask(self, condition: Body, size: int, **more: Any) -> list[Body]:
        body = {"query": {"bool": {"filter": [self._visible, condition]}}, "size": size, **more}
        hits: list[Body] = self._cluster.search(self._generation.data, body)["hits"]["hits"]
        return hits

    def find(self, keys: Sequence[str]) -> dict[str, Version]:
        """The versions of the articles with these keys."""
        if not self._generation.articles:
            return {}
        found = {}
        for first in range(0, len(keys), _AT_A_TIME):
            some = keys[first : first + _AT_A_TIME]
            for hit in self._look_up({"terms": {"key": list(some)}}, len(some)):
                found[hit.key] = hit
        return found

    def _look_up(self, condition: Body, size: int) -> Iterator[Version]:
        for hit in self._ask(condition, size, _source=False, docvalue_fields=list(LOOKED_UP)):
            values = {name: one[0] for name, one in hit["fields"].items()}
            yield Version(hit["_id"], **{"copied": False} | values)

    def find_like(self, condition: Body) -> list[tuple[Version, str]]:
        """The versions that match ``condition`` and have sketches, with those."""
        if not self._generation.articles:
            return []
        hits = self._ask(
            condition, MOST_MEMBERS, _source=["sketch"], docvalue_fields=list(LOOKED_UP)
        )
        return [
            (
                Version(
                    hit["_id"],
                    **{"copied": False} | {name: one[0] for name, one in hit["fields"].items()},
                ),
                hit["_source"]["sketch"],
            )
            for hit in hits
            if "sketch" in hit["_source"]
        ]

    def read(self, refs: Sequence[int], names: Sequence[str] = ()) -> Iterator[tuple[str, Source]]:
        """(id, source) of the versions with these refs; only the fields ``names``, if given."""
        for first in range(0, len(refs), _WHOLE_AT_A_TIME):
            some = refs[first : first + _WHOLE_AT_A_TIME]
            shown = {"_source": list(names)} if names else {}
            for hit in self._ask({"terms": {"ref": list(some)}}, len(some), **shown):
                yield hit["_id"], hit["_source"]

    def list_all(self, condition: Body) -> Iterator[tuple[str, Source]]:
        """(id, source) of the versions that match ``condition``, by ref."""
        after: Body = {}
        while True:
            hits = self._ask(condition, _WHOLE_AT_A_TIME, sort=[{"ref": "asc"}], **after)
            for hit in hits:
                yield hit["_id"], hit["_source"]
            if len(hits) < _WHOLE_AT_A_TIME:
                return
            after = {"search_after": hits[-1]["sort"]}

"""How do batches become committed generations? The writer of an index in OpenSearch."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

import numpy as np

from indexer.engine.base import AnalysedBatch, AnalysedDocument, Form, Written
from indexer.engine.opensearch.cluster import Cluster
from indexer.engine.opensearch.documents import Source, build_sources
from indexer.engine.opensearch.encoding import name_key
from indexer.engine.opensearch.indices import create_data, drop_data, point_alias
from indexer.engine.opensearch.restemming import Restemming, find_outdated
from indexer.engine.opensearch.sender import Sender
from indexer.engine.opensearch.state import GRACE_S, Generation, Lease, StateIndex
from indexer.engine.opensearch.stories import Marks, find_marks
from indexer.engine.opensearch.versions import Version, Versions
from indexer.engine.opensearch.word_changes import WordChanges
from indexer.engine.opensearch.word_documents import VocabularyReader, write_words
from indexer.errors import EngineUnavailable, IndexerError

#: Marks of abandoned generations mean nothing, and are overwritten.
_BURY: Final = (
    "if (ctx._source.died == null || params.free.contains(ctx._source.died)) "
    "ctx._source.died = params.number; else ctx.op = 'none'"
)
#: Merging a large index takes longer than other requests.
_MERGE_S: Final = 3600.0


@dataclass(slots=True)
class _Pending:
    """An article added since the commit. ``sketch`` is empty if it is not compared."""

    version: Version
    sketch: str


class OpenSearchWriter:
    """See :class:`indexer.engine.base.Writer`. Created by ``OpenSearchEngine.writer``."""

    def __init__(
        self, cluster: Cluster, vocabulary: VocabularyReader, *, wait_s: float = 0.0
    ) -> None:
        self._cluster = cluster
        self._vocabulary = vocabulary
        self._state = StateIndex(cluster)
        self._written: Written | None = None
        # Taking the lease of an index that is missing would create a part of it.
        self._state.read_generation()
        self._lease = Lease(self._state)
        reserved = self._lease.acquire(wait_s)
        self._sender = Sender(self._send)
        try:
            committed = self._state.read_generation()
            self._greatest = max(reserved, committed.number)
            self._start_from(committed)
        except BaseException:
            self._sender.close()
            self._lease.release()
            raise

    def _send(self, operations: list[bytes]) -> None:
        self._lease.keep()
        self._cluster.bulk(self._data, operations)

    def _start_from(self, generation: Generation) -> None:
        """Make ``generation`` the committed one, without changes since."""
        self._committed = generation
        self._versions = Versions(self._cluster, generation)
        self._greatest = max(self._greatest, generation.number)
        self._taken: int | None = None
        self._optimize = False
        self._begin(generation.data)

    def _begin(self, data: str) -> None:
        """Start with nothing added or deleted, in the index ``data``."""
        self._data = data
        self._next_ref = self._committed.next_ref
        #: By key: what was added, and which committed versions the commit removes.
        self._pending: dict[str, _Pending] = {}
        self._gone: dict[str, Version] = {}
        #: Committed versions looked up, ``None`` where there is none.
        self._known: dict[str, Version | None] = {}
        self._touched: dict[str, tuple[bool, bool]] = {}
        self._unchanged: set[str] = set()
        self._words = WordChanges()
        #: The stems of terms that some articles may have under another.
        self._latest: dict[str, str] = {}
        self._restemmed = False

    @property
    def _number(self) -> int:
        """The next generation, which nobody else will commit; taken once something is written."""
        if self._taken is None:
            self._taken = self._greatest + 1
            self._lease.reserve(self._taken)
        return self._taken

    @property
    def _forgot_all(self) -> bool:
        return self._data != self._committed.data

    @property
    def _before(self) -> Generation:
        """What is changed: the committed generation, or nothing if all of it was deleted."""
        return _nothing(self._data) if self._forgot_all else self._committed

    @property
    def _abandoned(self) -> tuple[int, ...]:
        """Numbers whose marks the next generation ignores."""
        return (*self._before.abandoned, *range(self._committed.number + 1, self._number))

    # --- changes

    def add(self, batch: AnalysedBatch) -> None:
        stems = zip(batch.vocabulary, batch.stems, strict=True)
        if not batch.documents:
            self._latest.update(stems)
            return
        keys = [name_key(document.article.id) for document in batch.documents]
        last = {key: number for number, key in enumerate(keys)}
        standing = self._find_all(list(last))
        keep = np.zeros(len(keys), np.bool_)
        for key, number in last.items():
            before = standing.get(key)
            if before and before.fingerprint == batch.documents[number].fingerprint.hex():
                self._unchanged.add(key)
            else:
                keep[number] = True
        if not keep.any():
            return
        self._remove([before for key in last if keep[last[key]] and (before := standing.get(key))])
        for source in build_sources(batch, keep):
            self._add_one(source, stood=source["key"] in standing)
        self._words.add_batch(batch, keep)
        self._latest.update((term, stem) for term, stem in stems if term in self._latest)

    def _add_one(self, source: Source, *, stood: bool) -> None:
        ref, self._next_ref = self._next_ref, self._next_ref + 1
        version = Version(
            id=f"{ref}-{self._number}",
            key=source["key"],
            ref=ref,
            fingerprint=source["fingerprint"],
            title_length=source["title_length"],
            body_length=source["body_length"],
            story=ref,
            copied=False,
        )
        source |= {"ref": ref, "born": self._number, "story": ref}
        self._sender.add({"index": {"_id": version.id}}, source)
        self._pending[version.key] = _Pending(version, source.get("sketch", ""))
        self._touch(version.key, stood=stood, stays=True)

    def skip_unchanged(self, documents: Sequence[AnalysedDocument]) -> list[bool]:
        keys = [name_key(document.article.id) for document in documents]
        standing = self._find_all(list(dict.fromkeys(keys)))
        unchanged = []
        for key, document in zip(keys, documents, strict=True):
            before = standing.get(key)
            same = before is not None and before.fingerprint == document.fingerprint.hex()
            if same:
                self._unchanged.add(key)
            unchanged.append(same)
        return unchanged

    def _find_all(self, keys: list[str]) -> dict[str, Version]:
        """The versions that a commit would now leave of the articles with these keys."""
        self._lease.keep()
        if not self._forgot_all:
            unknown = [key for key in keys if key not in self._known]
            if unknown:
                found = self._versions.find(unknown)
                self._known.update({key: found.get(key) for key in unknown})
        standing = {}
        for key in keys:
            if key in self._pending:
                standing[key] = self._pending[key].version
            elif key not in self._gone and (version := self._known.get(key)) is not None:
                standing[key] = version
        return standing

    def _touch(self, key: str, *, stood: bool, stays: bool) -> None:
        """Record that an article was changed; ``stood``: whether it existed before. Unless
        something had touched it since the commit, it then was in the commit.
        """
        before = self._touched.get(key)
        self._touched[key] = (stood if before is None else before[0]), stays

    def _remove(self, versions: list[Version]) -> None:
        """Remove versions that would otherwise be in the next generation."""
        pending = [one for one in versions if one.key in self._pending]
        if pending:
            # Their words are already counted, and are in OpenSearch alone.
            self._sender.finish()
        for one in pending:
            del self._pending[one.key]
            told = self._cluster.request("GET", f"/{self._data}/_doc/{one.id}")["_source"]
            self._words.take_away([*told["title"].split(), *told["body"].split()])
            self._sender.add({"delete": {"_id": one.id}})
        for one in versions:
            if one.id.rpartition("-")[2] != str(self._number):
                self._gone[one.key] = one

    def delete(self, article_ids: Iterable[str]) -> int:
        keys = list(dict.fromkeys(map(name_key, article_ids)))
        standing = self._find_all(keys)
        self._remove(list(standing.values()))
        for key in standing:
            self._touch(key, stood=True, stays=False)
        return len(standing)

    def delete_all(self) -> None:
        self._sender.drop()
        if self._forgot_all:
            drop_data(self._cluster, self._data)
        self._begin(create_data(self._cluster))
        self._known = {}

    def optimize(self) -> None:
        self._optimize = True

    # --- committing

    @property
    def committed(self) -> Written | None:
        return self._written

    def commit(self, *, more: bool = False, note: str = "") -> Written:
        self._sender.finish()
        if not self._touched and not self._forgot_all and not self._is_outdated():
            written = self._written = self._count_changes(self._committed.number)
            if self._optimize:
                self._merge()
            self._start_from(self._committed)
            return written
        written = self._count_changes(self._number)
        self._settle()
        new = self._describe(note)
        try:
            new = self._state.write_generation(new, self._committed)
        except (EngineUnavailable, KeyboardInterrupt):
            # The answer may have been lost after the request arrived.
            found = self._find_committed(new)
            if found is None:
                raise
            new = found
        self._written = written
        old, optimize = self._committed, self._optimize
        self._start_from(new)
        try:
            if old.data != new.data:
                point_alias(self._cluster, new.data)
            if optimize:
                self._merge()
            if not more:
                self._forget_dead(new)
        except IndexerError as error:
            written = self._written = replace(written, put_off=str(error))
        return written

    def _is_outdated(self) -> bool:
        """Whether a committed article has a word under another stem than its latest."""
        return any(True for _ in find_outdated(self._versions, self._latest))

    def _find_committed(self, new: Generation) -> Generation | None:
        """``new``, if it was committed all the same."""
        try:
            newest = self._state.read_generation()
        except EngineUnavailable:
            return None
        return newest if newest.identity == new.identity else None

    def _settle(self) -> None:
        """Write all changes so that the next generation will show them, and none before."""
        marks = find_marks(
            Versions(self._cluster, self._before),
            {one.version.ref: one.sketch for one in self._pending.values() if one.sketch},
            list(self._gone.values()),
        )
        for one in self._pending.values():
            self._mark_pending(one.version, marks.pop(one.version.ref, None))
        self._renew_others(marks)
        gone = {one.ref for one in self._gone.values()}
        for document_id, source in self._versions.read(sorted(gone), ["title", "body"]):
            self._words.take_away([*source["title"].split(), *source["body"].split()])
            self._bury(document_id)
        self._sender.finish()
        self._cluster.refresh(self._data)
        self._restem()
        self._words.count_case_of_stems(self._latest)

    def _restem(self) -> None:
        """Give all articles that the next generation shows the latest stems."""
        shown = replace(self._before, number=self._number, abandoned=self._abandoned)
        restemming = Restemming(self._latest, self._words)
        for document_id, source in find_outdated(Versions(self._cluster, shown), self._latest):
            committed = source["ref"] < self._committed.next_ref
            self._restemmed |= committed
            self._renew(document_id, restemming.change(source, committed=committed))
        if restemming.changed:
            self._sender.finish()
            self._cluster.refresh(self._data)
        if restemming.moved:
            seen = self._vocabulary.read(self._committed).summed.terms[Form.EXACT]
            for term, (old, new) in restemming.moved.items():
                self._words.move_case(seen.get(term), old, new)

    def _mark_pending(self, version: Version, marks: Marks | None) -> None:
        if marks is not None and marks.copied:
            line = {"story": marks.story, "copied": marks.copied}
            self._sender.add({"update": {"_id": version.id}}, {"doc": line})

    def _renew_others(self, marks: dict[int, Marks]) -> None:
        """Write new versions of committed articles whose marks change."""
        for document_id, source in self._versions.read(sorted(marks)):
            mine = marks[source["ref"]]
            if mine == Marks(source["story"], source.get("copied", False)):
                continue
            self._renew(document_id, source | {"story": mine.story, "copied": mine.copied})

    def _renew(self, document_id: str, source: Source) -> None:
        """Write an article's version anew, as one of the next generation."""
        new_id = f"{source['ref']}-{self._number}"
        kept = {name: value for name, value in source.items() if name != "died"}
        self._sender.add({"index": {"_id": new_id}}, kept | {"born": self._number})
        if document_id != new_id:
            self._bury(document_id)

    def _bury(self, document_id: str) -> None:
        """Mark a committed version as removed, unless a newer writer has: one that took the lease
        while this one, or a request of it, was held up for longer.
        """
        params = {"number": self._number, "free": self._abandoned}
        script = {"source": _BURY, "params": params}
        self._sender.add({"update": {"_id": document_id}}, {"script": script})

    def _describe(self, note: str) -> Generation:
        """The next generation, whose words are written here."""
        old, now = self._committed, time.time()
        fresh, before = self._forgot_all, self._before
        pending = [one.version for one in self._pending.values()]
        gone = list(self._gone.values())
        words = write_words(
            self._state, self._number, self._words, before.words, whole=self._optimize
        )
        retired = self._drop_retired(now)
        retired += [(one, now) for one in old.words if one not in words]
        if fresh:
            retired.append((old.data, now))
        return replace(
            old,
            number=self._number,
            identity=uuid4().hex,
            data=self._data,
            note=note or old.note,
            articles=before.articles + len(pending) - len(gone),
            title_tokens=before.title_tokens
            + sum(one.title_length for one in pending)
            - sum(one.title_length for one in gone),
            body_tokens=before.body_tokens
            + sum(one.body_length for one in pending)
            - sum(one.body_length for one in gone),
            next_ref=self._next_ref,
            words=words,
            abandoned=self._abandoned,
            replaced=(*_keep_recent(old.replaced, now), (old.number, now)),
            retired=tuple(retired),
            restemmed=self._number if self._restemmed else before.restemmed,
        )

    def _count_changes(self, number: int) -> Written:
        """What this commit, as generation ``number``, changes relative to the committed one."""
        there: dict[str, Version] = {}
        if self._forgot_all:
            there = self._versions.find(list(self._touched))
        added = updated = deleted = 0
        for key, (stood, stays) in self._touched.items():
            was_there = key in there if self._forgot_all else stood
            added += stays and not was_there
            updated += stays and was_there
            deleted += was_there and not stays
        if self._forgot_all:
            deleted = self._committed.articles - updated
        unchanged = len(self._unchanged - self._touched.keys())
        return Written(number, added, updated, unchanged, deleted)

    # --- afterwards

    def _merge(self) -> None:
        self._cluster.request(
            "POST",
            f"/{self._data}/_forcemerge",
            params={"max_num_segments": 1},
            patience_s=_MERGE_S,
        )

    def _drop_retired(self, now: float) -> list[tuple[str, float]]:
        """Delete what no reader can need any more; return what must wait."""
        waiting = []
        for name, since in self._committed.retired:
            if now - since <= GRACE_S:
                waiting.append((name, since))
            elif name.startswith("words-"):
                self._cluster.request("DELETE", f"/{self._state.name}/_doc/{name}", missing=True)
            elif not drop_data(self._cluster, name):
                waiting.append((name, since))
        return waiting

    def _forget_dead(self, new: Generation) -> None:
        """Delete versions that no reader can see any more, and those that nobody ever could."""
        now = time.time()
        old = [number for number, since in new.replaced if now - since > GRACE_S]
        if not old:
            return
        later = [number for number, _ in new.replaced if number > old[-1]]
        unseen = [
            {"range": {"died": {"lte": min([*later, new.number])}}},
            {"terms": {"born": list(new.abandoned)}},
        ]
        if new.abandoned:
            # One that died in an abandoned generation is alive.
            alive = {"terms": {"died": list(new.abandoned)}}
            unseen[0] = {"bool": {"filter": [unseen[0]], "must_not": [alive]}}
        self._cluster.request(
            "POST",
            f"/{new.data}/_delete_by_query",
            {"query": {"bool": {"should": unseen, "minimum_should_match": 1}}},
            params={"conflicts": "proceed"},
            patience_s=_MERGE_S,
        )

    # --- leaving

    def __enter__(self) -> OpenSearchWriter:
        return self

    def __exit__(self, *exc_info: object) -> None:
        try:
            self._sender.close()
            # Where OpenSearch cannot be reached, that is not what went wrong first.
            with suppress(IndexerError):
                if self._forgot_all:
                    drop_data(self._cluster, self._data)
        finally:
            self._lease.release()


def _keep_recent(
    replaced: tuple[tuple[int, float], ...], now: float
) -> tuple[tuple[int, float], ...]:
    """Those generations that a reader may still see, and the last before them."""
    recent = [one for one in replaced if now - one[1] <= GRACE_S]
    return (*replaced[: len(replaced) - len(recent)][-1:], *recent)


def _nothing(data: str) -> Generation:
    """An index without articles."""
    return Generation(0, "", data)

"""What do the tasks of a batch make of an index? Changes, laid over a committed generation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Literal

from indexer.article import Article, Reject, Warned
from indexer.engine.base import Snapshot, Writer
from indexer.ingest.build_article import Draft, make_fingerprint
from indexer.ingest.habits import Habits, load_habits, read_with_habits
from indexer.own_fields.declaration import OwnFields
from searchsvc.index import Index

Change = Literal["created", "updated", "unchanged"]

#: The articles under each id that was touched, ``None`` where there is none any more.
_Touched = dict[str, Article | None]


class Changes:
    """Changes of one index that nobody sees yet; each task sees those of the tasks before it.

    The writer of ``index`` is held, so that nobody else changes it meanwhile.
    """

    def __init__(self, index: Index, snapshot: Snapshot) -> None:
        self.index = index
        #: The committed generation that is changed.
        self.snapshot = snapshot
        self._touched: _Touched = {}
        self._cleared = False
        self._before: _Touched = {}
        self._state_before: tuple[_Touched, bool] | None = None

    @property
    def folder(self) -> Path:
        """The folder of the index."""
        return self.index.path

    @property
    def fields(self) -> OwnFields:
        """The fields of its own that the site declares."""
        return self.index.engine.fields

    # --- what is there

    def get(self, article_id: str) -> Article | None:
        """The article of this id, as it is by now."""
        if article_id in self._touched:
            return self._touched[article_id]
        if self._cleared:
            return None
        ref = self.snapshot.find(article_id)
        return None if ref is None else self.snapshot.article(ref)

    def articles(self) -> Iterator[Article]:
        """Every article, as it is by now, in no particular order."""
        touched = dict(self._touched)
        if not self._cleared:
            for article in self.snapshot.articles():
                if article.id not in touched:
                    yield article
        yield from (article for article in touched.values() if article is not None)

    def count(self) -> int:
        """How many articles there are by now."""
        there = sum(article is not None for article in self._touched.values())
        if self._cleared:
            return there
        known = sum(self.snapshot.find(one) is not None for one in self._touched)
        return self.snapshot.document_count() - known + there

    # --- changing it

    def put(self, article: Article) -> Change:
        """Add the article, or replace the one of its id; what that does."""
        before = self.get(article.id)
        if before is not None and make_fingerprint(before) == make_fingerprint(article):
            return "unchanged"
        self._touch(article.id, article)
        return "created" if before is None else "updated"

    def remove(self, article_id: str) -> bool:
        """Take the article out; whether it was there."""
        there = self.get(article_id) is not None
        if there:
            self._touch(article_id, None)
        return there

    def clear(self) -> int:
        """Take all articles out; how many were there."""
        count = self.count()
        if self._state_before is None:
            self._undo_touches()
            self._state_before = (dict(self._touched), self._cleared)
        self._touched = {}
        self._cleared = True
        return count

    def _touch(self, article_id: str, article: Article | None) -> None:
        if self._state_before is None and article_id not in self._before:
            self._before[article_id] = self._touched.get(article_id, _UNTOUCHED)
        self._touched[article_id] = article

    # --- reading what a site has

    @cached_property
    def _habits(self) -> Habits:
        return load_habits(self.folder)

    def read(
        self, items: Iterable[Article | Draft | Reject | Warned]
    ) -> Iterator[Article | Reject | Warned]:
        """``items`` finished and cleaned, with what the index's publishers are known to do."""
        finished = (
            one for item in items for one in (item.finish() if isinstance(item, Draft) else (item,))
        )
        return read_with_habits(finished, self._habits)

    # --- tasks

    def keep(self) -> None:
        """The task's changes hold."""
        self._before = {}
        self._state_before = None

    def undo(self) -> None:
        """Take back what was changed since the last :meth:`keep`."""
        if self._state_before is not None:
            self._touched, self._cleared = self._state_before
        else:
            self._undo_touches()
        self.keep()

    def _undo_touches(self) -> None:
        for article_id, before in self._before.items():
            if before is _UNTOUCHED:
                del self._touched[article_id]
            else:
                self._touched[article_id] = before
        self._before = {}

    # --- committing

    def write(self, writer: Writer, *, note: str) -> None:
        """Commit them all with ``note``. Raises what the writer raises."""
        if self._cleared:
            writer.delete_all()
        writer.delete([one for one, article in self._touched.items() if article is None])
        self.index.add_to(writer, [one for one in self._touched.values() if one is not None])
        writer.commit(note=note)
        if "_habits" in self.__dict__:
            self._habits.save(self.folder)


#: Stands for "not touched before".
_UNTOUCHED = Article("", "", "")

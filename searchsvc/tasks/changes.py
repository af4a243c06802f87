"""How do the tasks of a batch change an index? Changes layered over a committed generation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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

#: The articles under each touched id, ``None`` if deleted.
_Touched = dict[str, Article | None]


class Changes:
    """Uncommitted changes of one index; each task sees those of earlier tasks.

    The writer of ``index`` is held, so that nothing else changes it meanwhile. ``pause`` is called
    between articles.
    """

    def __init__(
        self, index: Index, snapshot: Snapshot, pause: Callable[[], None] = lambda: None
    ) -> None:
        self.index = index
        self._pause = pause
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
        """The site's own declared fields."""
        return self.index.engine.fields

    # --- what is there

    def get(self, article_id: str) -> Article | None:
        """The article with this id, including uncommitted changes."""
        if article_id in self._touched:
            return self._touched[article_id]
        if self._cleared:
            return None
        ref = self.snapshot.find(article_id)
        return None if ref is None else self.snapshot.article(ref)

    def articles(self) -> Iterator[Article]:
        """Every article, including uncommitted changes, in no particular order."""
        touched = dict(self._touched)
        if not self._cleared:
            for article in self.snapshot.all_articles():
                if article.id not in touched:
                    yield article
        yield from (article for article in touched.values() if article is not None)

    def count(self) -> int:
        """The number of articles, including uncommitted changes."""
        there = sum(article is not None for article in self._touched.values())
        if self._cleared:
            return there
        known = sum(self.snapshot.find(one) is not None for one in self._touched)
        return self.snapshot.document_count() - known + there

    # --- changing it

    def put(self, article: Article) -> Change:
        """Add the article, or replace the one with its id; return the kind of change."""
        self._pause()
        before = self.get(article.id)
        if before is not None and make_fingerprint(before) == make_fingerprint(article):
            return "unchanged"
        self._touch(article.id, article)
        return "created" if before is None else "updated"

    def remove(self, article_id: str) -> bool:
        """Delete the article; return whether it existed."""
        there = self.get(article_id) is not None
        if there:
            self._touch(article_id, None)
        return there

    def clear(self) -> int:
        """Delete all articles; return their number."""
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
        """``items`` finished and cleaned, using the habits of the index's publishers."""
        finished = (
            one for item in items for one in (item.finish() if isinstance(item, Draft) else (item,))
        )
        return read_with_habits(finished, self._habits)

    # --- tasks

    def keep(self) -> None:
        """Keep the task's changes."""
        self._before = {}
        self._state_before = None

    def undo(self) -> None:
        """Undo the changes since the last :meth:`keep`."""
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
        """Commit all changes with ``note``. Raises what the writer raises."""
        if self._cleared:
            writer.delete_all()
        writer.delete([one for one, article in self._touched.items() if article is None])
        if any(self._touched.values()):
            self.index.add_to(writer, self._list_written(), alone=self._cleared)
        writer.commit(note=note)
        if "_habits" in self.__dict__:
            self._habits.save(self.folder)

    def _list_written(self) -> Iterator[Article]:
        for article in self._touched.values():
            if article is not None:
                self._pause()
                yield article


#: Marks ids that were not touched before.
_UNTOUCHED = Article("", "", "")

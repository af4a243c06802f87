"""What changed in a folder? New, modified and deleted files."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.errors import UnreadableInput
from indexer.ingest.build_article import Draft
from indexer.ingest.readers import Progress, find_inputs, read_drafts
from indexer.ingest.readers.keys import KeyMap
from searchsvc.watch.failures import NotRead
from searchsvc.watch.source import Chunk, Taken
from searchsvc.watch.state import Entry, WatchState

#: Files that are read between two records of progress.
_FILES_AT_ONCE: Final = 500
#: All files of a folder are entries of one document.
_DOCUMENT: Final = ""


class FolderSource:
    """A folder with everything in it, or one file. ``reading``: options of
    :func:`indexer.ingest.readers.read_drafts`.
    """

    def __init__(self, folder: str, state: WatchState, reading: Mapping[str, Any]) -> None:
        self.address = os.path.abspath(folder)
        self._state = state
        self._reading = reading

    def look(self) -> Iterator[Chunk]:
        """New or modified files, then deleted ones. Raises NotRead if the folder does not exist, or
        is empty although it had files: a mount point without its disk looks like this.
        """
        found, whole = self._list_files()
        known = {
            path: self._state.find_entry(self.address, _DOCUMENT, path).mark
            for path in self._state.list_entries(self.address, _DOCUMENT)
        }
        changed = [path for path, mark in found.items() if known.get(path) != mark]
        gone = [path for path in known if path not in found]
        if gone and not found:
            told = (
                "it has no file any more, so nothing is taken out; searchsvc index --sync does "
                "that where it is meant"
            )
            raise NotRead(told, passing=True)
        if any("sitemap" in os.path.basename(path).lower() for path in found):
            # Its sitemap says more about the pages than they do: read everything together.
            if changed or gone:
                settle = partial(self._settle_together, found, gone if whole else [])
                yield Chunk(self._read([self.address]), settle)
            return
        files = iter(changed)
        while some := list(islice(files, _FILES_AT_ONCE)):
            yield Chunk(self._read(some), partial(self._settle, some, found))
        if gone and whole:
            yield Chunk((), partial(self._forget, gone))

    def _list_files(self) -> tuple[dict[str, str], bool]:
        """The files with a fingerprint of their current contents, and whether the list is complete:
        an unreadable file is not deleted.
        """
        try:
            paths, told = find_inputs(
                [self.address], self._reading.get("format"), KeyMap(), Progress()
            )
        except UnreadableInput as error:
            raise NotRead(error.reason.rstrip("."), passing=True) from error
        found = {}
        for path in paths:
            try:
                about = os.stat(path)
            except OSError:  # deleted since it was listed
                continue
            found[path] = f"{about.st_size}:{about.st_mtime_ns}"
        return found, not any(isinstance(one, Reject) for one in told)

    def _read(self, paths: Sequence[str]) -> Iterator[tuple[str, Draft | Reject | Warned]]:
        for path in paths:
            try:
                for item in read_drafts([path], **self._reading):
                    yield path, item
            except UnreadableInput as error:
                yield path, Reject(path, 1, error.reason)

    def _settle(
        self, paths: Sequence[str], found: Mapping[str, str], taken: Taken
    ) -> Collection[str]:
        gone: set[str] = set()
        for path in paths:
            gone |= self._replace(path, taken)
            self._state.keep_entry(self.address, _DOCUMENT, path, Entry(found[path]))
        return gone

    def _settle_together(
        self, found: Mapping[str, str], lost: Sequence[str], taken: Taken
    ) -> Collection[str]:
        gone = self._replace(self.address, taken)
        if self.address not in taken.refused:
            for path in (*found, *lost):
                gone |= self._state.replace_given(self.address, path, (), more=False)
        for path, mark in found.items():
            self._state.keep_entry(self.address, _DOCUMENT, path, Entry(mark))
        self._state.forget_entries(self.address, _DOCUMENT, lost)
        return gone

    def _replace(self, key: str, taken: Taken) -> set[str]:
        ids = taken.given.get(key, ())
        return self._state.replace_given(self.address, key, ids, more=key in taken.refused)

    def _forget(self, paths: Sequence[str], taken: Taken) -> Collection[str]:
        gone: set[str] = set()
        for path in paths:
            gone |= self._state.replace_given(self.address, path, (), more=False)
        self._state.forget_entries(self.address, _DOCUMENT, paths)
        return gone

"""How does a dictionary file reach the analyser? Read once, or watched while a service runs."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from indexer.errors import UnreadableInput
from indexer.language.dictionary import EMPTY, Dictionary
from indexer.language.dictionary_record import RECORD_FILE, read_record
from indexer.language.dictionary_text import MAX_BYTES, Loaded, Problem, parse_dictionary

#: Seconds between two checks of a watched file.
LOOK_EVERY_S = 1.0
#: A file changed this recently may change again without its time stamp showing it.
_TIME_STAMP_DOUBT_NS = 2_000_000_000

_Stamp = tuple[int, int, int]


def load_dictionary(path: Path, *, index: Path | None = None) -> Loaded:
    """The dictionary in the file at ``path``, and its problems.

    ``index``: the folder of the index it is used with, so that queries know which stems its
    articles were analysed with. Raises UnreadableInput if the file is missing or not text.
    """
    try:
        # Reading one byte beyond the limit detects a file that is too large, however large.
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableInput(str(path), f"{error.strerror or error}.") from error
    loaded = parse_dictionary(data, str(path))
    if index is None or not loaded.dictionary.stems:
        return loaded
    everywhere = read_record(index).everywhere
    return Loaded(loaded.dictionary.after_indexing(everywhere), loaded.problems)


class DictionaryFile:
    """The current dictionary of the file at ``path``, reloaded at most once a second.

    A missing file is an empty dictionary. An unreadable one leaves the previous dictionary in
    effect. ``report`` is called once for each problem, including a missing file if ``required``.
    Safe to use from several threads.
    """

    def __init__(
        self,
        path: Path,
        *,
        index: Path | None = None,
        required: bool = False,
        report: Callable[[str], None] = lambda sentence: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self._index = index
        self._required = required
        self._report = report
        self._clock = clock
        self._looking = threading.Lock()
        self._next_look = clock()
        self._dictionary: Dictionary | None = None
        self._stamps: tuple[_Stamp | None, ...] | None = None
        self._told: list[str] = []

    def current(self, *, now: bool = False) -> Dictionary:
        """The dictionary in effect: the same object for as long as nothing changes. ``now``: check
        the file even if less than a second has passed since the last check.
        """
        dictionary = self._dictionary
        if dictionary is None:
            with self._looking:
                return self._look() if self._dictionary is None else self._dictionary
        early = not now and self._clock() < self._next_look
        if early or not self._looking.acquire(blocking=now):
            return dictionary
        try:
            return self._look()
        finally:
            self._looking.release()

    def _look(self) -> Dictionary:
        self._next_look = self._clock() + LOOK_EVERY_S
        before = self._dictionary
        stamps = (_stamp(self.path), _stamp(self._index / RECORD_FILE) if self._index else None)
        if before is not None and stamps == self._stamps:
            return before
        newest = max((stamp[0] for stamp in stamps if stamp is not None), default=0)
        self._stamps = stamps if time.time_ns() - newest > _TIME_STAMP_DOUBT_NS else None
        read = self._read(before or EMPTY, exists=stamps[0] is not None)
        if before is not None and read == before:
            return before
        self._dictionary = read
        return read

    def _read(self, before: Dictionary, *, exists: bool) -> Dictionary:
        if not exists:
            missing = f"There is no dictionary at {self.path}; going on without one."
            self._tell([missing] if self._required else [])
            return EMPTY
        try:
            dictionary, problems = load_dictionary(self.path, index=self._index)
        except UnreadableInput as error:
            self._tell([f"{error} The dictionary stays as it was."])
            return before
        self._tell([_describe(problem) for problem in problems])
        return dictionary or EMPTY

    def _tell(self, sentences: list[str]) -> None:
        if sentences != self._told:
            self._told = sentences
            for sentence in sentences:
                self._report(sentence)


def _describe(problem: Problem) -> str:
    return f"Left out of the dictionary: {problem}"


def _stamp(path: Path) -> _Stamp | None:
    """A stamp that changes when the file does; ``None`` if the file is missing."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino

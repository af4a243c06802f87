"""What can go wrong in the library? Each error carries the facts that explain it.

Every message says what was wrong, where, and what to do about it. The command line and the HTTP
service show these messages unchanged; nothing above this package writes its own.
"""

from __future__ import annotations

import os.path
import shlex
from collections.abc import Iterable
from difflib import get_close_matches


class IndexerError(Exception):
    """Base of all errors that this package raises deliberately."""


class CoreMissing(IndexerError):
    """The compiled core cannot be loaded."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The compiled part of searchsvc cannot be loaded from {path} ({reason}). "
            "Install searchsvc again: in its checkout, with 'make install' or 'pip install -e .'"
        )


class ExtraMissing(IndexerError):
    """``what`` needs packages that only the extra ``extra`` installs."""

    def __init__(self, what: str, extra: str) -> None:
        self.what = what
        self.extra = extra
        super().__init__(
            f"{what} needs packages that are not installed. "
            f"Install them with: pip install 'searchsvc[{extra}]'"
        )


class IndexNotFound(IndexerError):
    """There is no index at ``path``."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"No index at {path}. Create one with: searchsvc index FILE --index {path}"
        )


class IndexLocked(IndexerError):
    """Another writer holds the index; one may write at a time."""

    def __init__(self, path: str, holder: str) -> None:
        self.path = path
        self.holder = holder
        super().__init__(
            f"The index at {path} is being written by {holder}. "
            "Wait until it has finished, then try again."
        )


class IndexTakenOver(IndexerError):
    """Another writer got in during a run: its lock was removed, or the folder replaced."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The index at {path} was taken over by another writer: {reason}. "
            "What was committed before is whole; run the command again for the rest."
        )


class IndexOutdated(IndexerError):
    """The index was written in a format this version does not read."""

    def __init__(self, path: str, *, found: int, expected: int) -> None:
        self.path = path
        self.found = found
        self.expected = expected
        remedy = (
            "It was written by a newer version: upgrade searchsvc."
            if found > expected
            else f"Write its articles into a new one: {_advise_salvage(path)}"
        )
        super().__init__(
            f"The index at {path} has format {found}; this version reads {expected}. {remedy}"
        )


class IndexCorrupt(IndexerError):
    """A file of the index is damaged: truncated, altered, or missing. ``path`` is the file's."""

    def __init__(self, path: str, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(
            f"Index file {path} is damaged: {problem}. Restore the whole index from a backup, or "
            "save what can be read of it: " + _advise_salvage(os.path.dirname(path))
        )


class IndexSetAside(IndexerError):
    """Files that a damaged table of contents may have named were moved to the folder ``path``."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"The folder {path} holds articles that a damaged table of contents may have named. "
            "Delete it when you have what you want of it; to read it: " + _advise_salvage(path)
        )


def _advise_salvage(folder: str) -> str:
    return f"searchsvc salvage NEW_FOLDER --index {shlex.quote(folder)}"


class IndexUnreadable(IndexerError):
    """The system refused to read a file of the index: no permission, too many open files."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"Cannot read {path} of the index: {reason}. Put this right, then retry.")


class IndexNotWritten(IndexerError):
    """The system refused to write a file of the index: no space, no permission, no disk. ``new``:
    there was no index yet.
    """

    def __init__(self, path: str, reason: str, *, new: bool = False) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"Cannot create an index at {path}: {reason}. "
            "Name a folder that can be written: --index DIR, or the setting SEARCHSVC_INDEX."
            if new
            else f"Cannot write the index at {path}: {reason}. "
            "What was committed before is whole; put this right and index the rest again."
        )


class EngineUnavailable(IndexerError):
    """The server that holds the index cannot be used now; ``address`` has no password."""

    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        self.reason = reason
        super().__init__(f"The index at {address} cannot be used: {reason}.")


class QueryTooCostly(IndexerError):
    """A query exceeded its time limit."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The query took longer than {seconds:g} s and was ended. "
            "Ask with fewer words, stars or filters."
        )


class IndexNotConfirmed(IndexerError):
    """A commit succeeded, but the system did not confirm that it reached the disk."""

    def __init__(self, path: str, generation: int, reason: str) -> None:
        self.path = path
        self.generation = generation
        self.reason = reason
        super().__init__(
            f"Generation {generation} of the index at {path} is in place and searches see it, but "
            f"the system does not confirm that it has reached the disk: {reason}. Put this right, "
            "then run the command again, which makes sure of it."
        )


class ArticleNotFound(IndexerError):
    """No article with this id is in the index."""

    def __init__(self, article_id: str) -> None:
        self.article_id = article_id
        super().__init__(f"No article with id {article_id!r} in the index.")


class UnknownName(IndexerError):
    """A name given by the user (field, facet, format, ...) is unknown."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(sorted(known))
        near = get_close_matches(name, self.known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        super().__init__(f"Unknown {kind} {name!r}.{hint} Known: {', '.join(self.known)}.")


class FieldsInvalid(IndexerError):
    """The declaration of a site's own fields at ``path`` (and its line, if known) is invalid."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"The fields declared in {path} cannot be read: {reason}.")


class UnreadableInput(IndexerError):
    """A whole input (file, folder, stream) cannot be read at all."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"Cannot read {path}: {reason}")

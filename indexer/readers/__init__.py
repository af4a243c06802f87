"""Articles out of files, folders and standard input, whatever their format.

A format is one module with one function (:class:`~indexer.readers.records.Reader`) and one row
of :data:`FORMATS`. What cannot become an article is yielded as a Reject, never raised: the rest
goes in. Only an input that cannot be read at all raises.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.article import Article, Reject, Warned
from indexer.build_article import MAX_ARTICLE_BYTES, build_article, make_excerpt
from indexer.errors import UnknownName, UnreadableInput
from indexer.readers.decode import find_binary
from indexer.readers.delimited import read_delimited
from indexer.readers.input import STDIN, Input, Progress, explain, open_input
from indexer.readers.json_document import read_json_document
from indexer.readers.json_lines import read_json_lines
from indexer.readers.keys import KeyMap
from indexer.readers.records import Reader, Record
from indexer.readers.sniff import sniff_format
from indexer.readers.wire_copy import read_wire_copy

__all__ = ["FORMATS", "STDIN", "Format", "Progress", "Reader", "Record", "read_paths"]


@dataclass(frozen=True, slots=True)
class Format:
    """One input format: its name for ``--format``, its file name endings, its reader."""

    name: str
    extensions: tuple[str, ...]
    read: Reader


FORMATS: Final[dict[str, Format]] = {
    entry.name: entry
    for entry in (
        Format("text", (".txt",), read_wire_copy),
        Format("jsonl", (".jsonl", ".ndjson"), read_json_lines),
        Format("json", (".json",), read_json_document),
        Format("csv", (".csv",), read_delimited),
        Format("tsv", (".tsv", ".tab"), read_delimited),
    )
}
_BY_EXTENSION: Final[dict[str, Format]] = {
    extension: entry for entry in FORMATS.values() for extension in entry.extensions
}
_COMPRESSED: Final = ".gz"
#: Files that tell about a folder, in lower case; they are no articles, whatever their format.
_ABOUT_FOLDER: Final = ("readme", "license", "licence")
_SNIFFED_BYTES: Final = 1 << 16


def read_paths(
    paths: Iterable[str | os.PathLike[str]],
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    source: str = "",
    max_article_bytes: int = MAX_ARTICLE_BYTES,
    progress: Progress | None = None,
) -> Iterator[Article | Reject | Warned]:
    """Every article of ``paths``, in order, with what was refused and what was odd.

    A path is a file, a folder (read with its subfolders, sorted by name, hidden files, README and
    LICENSE left out) or
    ``-`` for standard input. ``format`` is a name of :data:`FORMATS`; without it, the file's ending
    says, and standard input is recognised by its first bytes. ``mapping`` renames keys, theirs
    to ours. ``source`` is the publisher of articles that name none. ``progress`` is kept up to
    date while the iterator is consumed.

    Lazy: files are opened one at a time and read in pieces. Warnings follow their article.
    Raises, before the first article: UnreadableInput where a path does not exist or its ending
    is no format's, UnknownName where ``format`` or a field of ``mapping`` is unknown.
    """
    if format is not None and format not in FORMATS:
        raise UnknownName("format", format, FORMATS)
    keys = KeyMap(mapping)
    progress = progress if progress is not None else Progress()
    inputs, warnings = _find_inputs(paths, format, progress)
    progress.inputs += inputs
    return _read_inputs(inputs, warnings, format, keys, source, max_article_bytes, progress)


def find_format(path: str | os.PathLike[str]) -> Format | None:
    """The format a file's ending names, ``.gz`` left aside; ``None`` where it names none.

    >>> find_format("arsip/2022.jsonl.gz").name
    'jsonl'
    """
    name = Path(path).name.lower().removesuffix(_COMPRESSED)
    return _BY_EXTENSION.get(Path(name).suffix)


def _find_inputs(
    paths: Iterable[str | os.PathLike[str]], format: str | None, progress: Progress
) -> tuple[list[str], list[Warned | Reject]]:
    inputs: list[str] = []
    warnings: list[Warned | Reject] = []
    known = ", ".join(_BY_EXTENSION)
    for path in [os.fspath(path) for path in paths]:
        if path == STDIN:
            inputs.append(path)
            continue
        try:
            is_folder = os.path.isdir(path)
            size = os.stat(path).st_size
        except OSError as error:
            raise UnreadableInput(path, explain(error)) from error
        if is_folder:
            before = len(inputs)
            skipped, unread = _walk_folder(path, format, inputs, progress)
            warnings += unread
            if skipped:
                count = len(skipped)
                endings = ", ".join(sorted({Path(name).suffix or name for name in skipped})[:8])
                files = "1 file" if count == 1 else f"{count:,} files"
                warnings.append(Warned(path, 1, f"skipped {files} of no known format: {endings}"))
            elif len(inputs) == before and not unread:
                warnings.append(Warned(path, 1, f"the folder has no file to read ({known})"))
        elif format is None and find_format(path) is None:
            raise UnreadableInput(
                path,
                f"its ending is none of {known} (or one of them and .gz). "
                "Name its format with --format.",
            )
        else:
            inputs.append(path)
            progress.total_bytes += size
    return inputs, warnings


def _walk_folder(
    folder: str, format: str | None, inputs: list[str], progress: Progress
) -> tuple[list[str], list[Reject]]:
    """Add the files of ``folder``, sorted; returns the names of those left out, and what is under
    it that cannot be read. Raises UnreadableInput where that is the folder itself.
    """
    skipped: list[str] = []
    unread: list[Reject] = []

    def refuse(error: OSError) -> None:
        path = os.fspath(error.filename)
        if path == folder:
            raise UnreadableInput(path, explain(error)) from error
        unread.append(Reject(path, 1, explain(error)))

    for root, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(root, name)
            if name.startswith(".") or not os.path.isfile(path) or _is_about_folder(name):
                continue
            found = find_format(name)
            if found is None or (format is not None and found.name != format):
                skipped.append(name)
                continue
            inputs.append(path)
            # A file that goes away in between is refused when it is opened.
            with suppress(OSError):
                progress.total_bytes += os.path.getsize(path)
    progress.skipped_files += len(skipped)
    return skipped, unread


def _is_about_folder(name: str) -> bool:
    return name.lower().split(".", 1)[0] in _ABOUT_FOLDER


def _read_inputs(
    inputs: list[str],
    warnings: list[Warned | Reject],
    format: str | None,
    keys: KeyMap,
    publisher: str,
    max_article_bytes: int,
    progress: Progress,
) -> Iterator[Article | Reject | Warned]:
    yield from warnings
    for path in inputs:
        try:
            source = open_input(path)
        except UnreadableInput as error:
            # It was there when the run began: refuse it, and go on with the others.
            yield Reject(path, 1, error.reason)
            continue
        progress.begin(path, source.counted)
        try:
            yield from _read_input(source, format, keys, publisher, max_article_bytes)
        except OSError as error:
            yield Reject(path, 1, f"reading it failed: {explain(error)}")
        finally:
            progress.finish()
            source.close()
    for key in keys.list_unseen() if inputs else ():
        yield Warned(inputs[-1], 1, f"no record has the key {key!r}, which --map names")


def _read_input(
    source: Input, format: str | None, keys: KeyMap, publisher: str, max_article_bytes: int
) -> Iterator[Article | Reject | Warned]:
    if not source.peek(1):
        yield Reject(source.path, 1, source.problem or "the file is empty")
        return
    binary = find_binary(source.peek(_SNIFFED_BYTES))
    if binary:
        yield Reject(source.path, 1, binary)
        return
    chosen = FORMATS[format] if format is not None else find_format(source.path)
    if chosen is None:
        chosen = FORMATS[sniff_format(source.peek(_SNIFFED_BYTES), keys)]
    found = False
    for item in chosen.read(source, max_article_bytes=max_article_bytes):
        found = True
        if isinstance(item, Record):
            yield from _build(item, source.path, keys, publisher, max_article_bytes)
        else:
            yield item
    if source.problem:
        yield Reject(source.path, 1, f"{source.problem}; what could be read went in")
    elif not found:
        yield Warned(source.path, 1, f"nothing to index: read as {chosen.name}, it has no records")


def _build(
    record: Record, path: str, keys: KeyMap, publisher: str, max_article_bytes: int
) -> Iterator[Article | Reject | Warned]:
    values = keys.rename(record.values)
    if "body" not in values and not keys.finds_text(record.values):
        names = ", ".join(make_excerpt(str(name)[:30]) for name in list(record.values)[:8])
        reason = f"no text: none of its keys ({names}) holds one; name it with --map KEY=body"
        yield Reject(path, record.line, reason, make_excerpt(values or record.values))
        return
    built = build_article(
        values,
        path=path,
        line=record.line,
        source=publisher,
        max_article_bytes=max_article_bytes,
    )
    if built.reject is not None:
        yield built.reject
    elif built.article is not None:
        yield built.article
    yield from built.warnings

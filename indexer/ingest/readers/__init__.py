"""How do files, folders and standard input of any format become articles?

A format is one module with one function (:class:`~indexer.ingest.readers.records.Reader`) and one
row of :data:`FORMATS`. What cannot become an article is yielded as a Reject, never raised, and the
rest is still read. Only an input that cannot be read at all raises.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from indexer.article import Article, Reject, Warned
from indexer.errors import UnknownName, UnreadableInput
from indexer.ingest.build_article import MAX_ARTICLE_BYTES, Draft
from indexer.ingest.readers import archive
from indexer.ingest.readers.assemble import Wanted, assemble
from indexer.ingest.readers.databases import read_parquet, read_sqlite, read_workbook
from indexer.ingest.readers.decode import find_binary
from indexer.ingest.readers.delimited import read_delimited
from indexer.ingest.readers.documents import read_document
from indexer.ingest.readers.epub import read_epub
from indexer.ingest.readers.html_page import read_html
from indexer.ingest.readers.input import (
    STDIN,
    Input,
    Progress,
    explain,
    open_input,
    open_member,
)
from indexer.ingest.readers.json_document import read_json_document
from indexer.ingest.readers.json_lines import read_json_lines
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.mail import read_mail
from indexer.ingest.readers.markdown_post import read_markdown
from indexer.ingest.readers.record_ids import RecordIds
from indexer.ingest.readers.records import Options, Reader, Record
from indexer.ingest.readers.settings_files import DATA_FORMATS, FOLDERS, SETTINGS, skip_settings
from indexer.ingest.readers.sniff import choose_format, sniff_format
from indexer.ingest.readers.sql_dump import read_sql
from indexer.ingest.readers.vertical_rows import read_vertical
from indexer.ingest.readers.wire_copy import read_wire_copy
from indexer.ingest.readers.xml_records import read_xml
from indexer.ingest.readers.yaml_records import read_yaml

__all__ = [
    "FORMATS",
    "STDIN",
    "Format",
    "Progress",
    "Reader",
    "Record",
    "draft_records",
    "find_inputs",
    "read_content",
    "read_drafts",
    "read_paths",
]


@dataclass(frozen=True, slots=True)
class Format:
    """One input format: its name for ``--format``, its file extensions, its reader; whether one
    record's columns are evidence for another's; whether it is binary; alternative names.
    """

    name: str
    extensions: tuple[str, ...]
    read: Reader
    columns: bool = True
    binary: bool = False
    aliases: tuple[str, ...] = ()


_XML_NAMES: Final = ("rss", "atom", "wxr", "feed", "sitemap")
FORMATS: Final[dict[str, Format]] = {
    entry.name: entry
    for entry in (
        Format("text", (".txt",), read_wire_copy, columns=False),
        Format("jsonl", (".jsonl", ".ndjson"), read_json_lines, aliases=("ndjson", "bulk")),
        Format("json", (".json",), read_json_document),
        Format("csv", (".csv",), read_delimited),
        Format("tsv", (".tsv", ".tab"), read_delimited),
        Format("sql", (".sql",), read_sql),
        Format("sqlite", (".sqlite", ".sqlite3", ".db"), read_sqlite, binary=True),
        Format("xlsx", (".xlsx", ".xlsm"), read_workbook, binary=True, aliases=("excel",)),
        Format("parquet", (".parquet",), read_parquet, binary=True),
        Format("xml", (".xml", ".rss", ".atom", ".rdf"), read_xml, aliases=_XML_NAMES),
        Format("html", (".html", ".htm", ".xhtml"), read_html, columns=False),
        Format(
            "markdown", (".md", ".markdown", ".mdx"), read_markdown, columns=False, aliases=("md",)
        ),
        Format("yaml", (".yaml", ".yml"), read_yaml),
        Format("vertical", (), read_vertical),
        Format("document", (".docx", ".odt"), read_document, columns=False, binary=True),
        Format("epub", (".epub",), read_epub, columns=False, binary=True),
        Format("mail", (".eml", ".mhtml", ".mht"), read_mail, columns=False),
    )
}
_BY_EXTENSION: Final[dict[str, Format]] = {
    extension: entry for entry in FORMATS.values() for extension in entry.extensions
}
_COMPRESSED: Final = (".gz", ".bz2", ".xz", ".zst", ".zstd")
_ARCHIVES: Final = (".zip",)
_ALIASES: Final = {alias: entry.name for entry in FORMATS.values() for alias in entry.aliases}
#: Files that describe a folder, in lower case; they are not articles, whatever their format.
_ABOUT_FOLDER: Final = ("readme", "license", "licence")
_SNIFFED_BYTES: Final = 1 << 16
#: For records that come one at a time: it remembers how those with the same keys are read.
_COMMON_KEYS: Final = KeyMap()


def read_paths(
    paths: Iterable[str | os.PathLike[str]], **options: Any
) -> Iterator[Article | Reject | Warned]:
    """Every article of ``paths``, in order, with rejects and warnings; warnings follow their
    article. Arguments and errors as of :func:`read_drafts`.
    """
    items = read_drafts(paths, **options)
    return (
        finished
        for item in items
        for finished in (item.finish() if isinstance(item, Draft) else (item,))
    )


def draft_records(
    records: Iterable[Mapping[str, Any] | Record],
    mapping: Mapping[str, str] | None = None,
    *,
    source: str = "",
    first: int = 1,
    path: str = "record",
    keep: Collection[str] = (),
    date_format: str = "",
    statuses: Collection[str] = (),
    id_prefix: str = "",
    id_parts: tuple[str, ...] = (),
) -> Iterator[Draft | Reject | Warned]:
    """Drafts of articles from a program's own records, attributed to ``path`` and numbered from
    ``first`` unless they give their line. The other arguments as for :func:`read_drafts`.
    """
    ids = RecordIds(id_prefix, id_parts)
    wanted = Wanted(source, date_format, statuses, MAX_ARTICLE_BYTES, ids)
    items = (
        record if isinstance(record, Record) else Record(number, record)
        for number, record in enumerate(records, first)
    )
    keys = KeyMap(mapping, keep) if mapping or keep else _COMMON_KEYS
    return assemble(items, path, keys, wanted, columns=False)


def read_content(name: str, content: bytes, keys: KeyMap) -> Iterator[Record | Reject | Warned]:
    """The records in ``content``, already read from something called ``name``. For a sitemap, its
    entries without their pages.
    """
    source = open_member(name, BytesIO(content))
    try:
        sample = source.peek(_SNIFFED_BYTES)
        ending = find_format(name.partition("?")[0])
        format = FORMATS[choose_format(sample, ending.name if ending else "", keys)]
        problem = source.problem or "it is empty" if not sample else ""
        if not problem and not format.binary:
            problem = find_binary(sample)
        if problem:
            yield Reject(name, 1, problem)
        else:
            yield from format.read(source, Options(keys=keys, pages=False))
    finally:
        source.close()


def read_drafts(
    paths: Iterable[str | os.PathLike[str]],
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    source: str = "",
    max_article_bytes: int = MAX_ARTICLE_BYTES,
    progress: Progress | None = None,
    delimiter: str = "",
    date_format: str = "",
    statuses: Collection[str] = (),
    query: str = "",
    id_prefix: str = "",
    id_parts: tuple[str, ...] = (),
    keep: Collection[str] = (),
) -> Iterator[Draft | Reject | Warned]:
    """A draft of every article of ``paths``, in order, with rejects and warnings.

    A path is a file, a folder (read with its subfolders, sorted by name, without hidden files,
    README and LICENSE) or ``-`` for standard input; a ZIP archive is read like a folder. ``format``
    is a name of :data:`FORMATS`; by default the first bytes decide, or else the file's extension.
    ``mapping`` renames keys, theirs to ours; ``keep`` are keys that are always kept in ``extra``.
    ``source`` is the publisher of articles that name none. ``progress`` is updated while the
    iterator is consumed. ``delimiter`` and ``query``: see :class:`Options`; ``date_format`` and
    ``statuses``: see :class:`Wanted`; ``id_prefix`` and ``id_parts``: see
    :class:`indexer.ingest.readers.record_ids.RecordIds`.

    Lazy: files are opened one at a time and read in pieces. Finishing a draft (:class:`Draft`) is
    most of the work, and can be done elsewhere. Raises, before the first article: UnreadableInput
    if a path does not exist or its extension belongs to no format, UnknownName if ``format`` or a
    field of ``mapping`` is unknown.
    """
    if format is not None:
        format = _ALIASES.get(format, format)
        if format not in FORMATS:
            raise UnknownName("format", format, FORMATS)
    options = Options(max_article_bytes, KeyMap(mapping, keep), delimiter, query)
    ids = RecordIds(id_prefix, id_parts)
    wanted = Wanted(source, date_format, statuses, max_article_bytes, ids)
    progress = progress if progress is not None else Progress()
    paths = list(paths)
    named = frozenset(os.fspath(path) for path in paths)
    inputs, warnings = find_inputs(paths, format, options.keys, progress)
    progress.inputs += inputs
    return _Run(format, options, wanted, progress, named).read(inputs, warnings)


def find_format(path: str | os.PathLike[str]) -> Format | None:
    """The format that a file's extension names, ignoring ``.gz`` and the like; ``None`` if it names
    none.

    >>> find_format("arsip/2022.jsonl.gz").name
    'jsonl'
    """
    name = Path(path).name.lower()
    for ending in _COMPRESSED:
        name = name.removesuffix(ending)
    return _BY_EXTENSION.get(Path(name).suffix)


def find_inputs(
    paths: Iterable[str | os.PathLike[str]], format: str | None, keys: KeyMap, progress: Progress
) -> tuple[list[str], list[Warned | Reject]]:
    """The files to be read from ``paths``, in order, and warnings and rejects about the others.
    Raises UnreadableInput if a path does not exist or has no known format.
    """
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
        elif format is None and find_format(path) is None and not _is_archive(path):
            _check_content(path, keys)
            inputs.append(path)
            progress.total_bytes += size
        else:
            inputs.append(path)
            progress.total_bytes += size
    return inputs, warnings


def _is_archive(name: str) -> bool:
    return name.lower().endswith(_ARCHIVES)


def _check_content(path: str, keys: KeyMap) -> None:
    """Raise UnreadableInput if neither the extension of ``path`` nor its first bytes name a
    format.
    """
    source = open_input(path)
    try:
        sample = source.peek(_SNIFFED_BYTES)
    finally:
        source.close()
    if not sample or sniff_format(sample, keys) or sample.startswith(archive.MAGIC):
        return
    binary = find_binary(sample)
    if binary:
        # Naming a format would not help.
        raise UnreadableInput(path, f"{binary}.")
    raise UnreadableInput(
        path,
        f"its ending is none of {', '.join(_BY_EXTENSION)}, and it looks like plain text. "
        "Name its format with --format.",
    )


def _walk_folder(
    folder: str, format: str | None, inputs: list[str], progress: Progress
) -> tuple[list[str], list[Reject]]:
    """Add the files of ``folder``, sorted; return the names of those left out, and rejects for
    anything under it that cannot be read. Raises UnreadableInput if that is the folder itself.
    """
    skipped: list[str] = []
    unread: list[Reject] = []

    def refuse(error: OSError) -> None:
        path = os.fspath(error.filename)
        if path == folder:
            raise UnreadableInput(path, explain(error)) from error
        unread.append(Reject(path, 1, explain(error)))

    for root, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name.lower() not in FOLDERS
        )
        # Sitemaps first: they say more about the pages beside them than the pages do.
        for name in sorted(names, key=lambda name: ("sitemap" not in name.lower(), name)):
            path = os.path.join(root, name)
            if name.startswith(".") or not os.path.isfile(path) or _is_about_folder(name):
                continue
            found = find_format(name)
            unwanted = found is None or (format is not None and found.name != format)
            if unwanted and not _is_archive(name):
                skipped.append(name)
                continue
            inputs.append(path)
            # A file that disappears in the meantime is refused when it is opened.
            with suppress(OSError):
                progress.total_bytes += os.path.getsize(path)
    progress.skipped_files += len(skipped)
    return skipped, unread


def _is_about_folder(name: str) -> bool:
    lowered = name.lower()
    return lowered.split(".", 1)[0] in _ABOUT_FOLDER or lowered in SETTINGS


@dataclass(frozen=True, slots=True)
class _Run:
    """One run over inputs. ``format`` is the one specified for all, if any; ``named`` are the paths
    given, rather than found in folders and archives.
    """

    format: str | None
    options: Options
    wanted: Wanted
    progress: Progress
    named: frozenset[str]

    def read(
        self, inputs: list[str], warnings: list[Warned | Reject]
    ) -> Iterator[Draft | Reject | Warned]:
        """Everything of ``inputs``."""
        yield from warnings
        claimed: set[str] = set()
        for path in inputs:
            if path in claimed:
                continue
            try:
                source = open_input(path)
            except UnreadableInput as error:
                # It existed when the run began: refuse it, and continue with the others.
                yield Reject(path, 1, error.reason)
                continue
            source.claimed = claimed
            self.progress.begin(path, source.counted)
            try:
                yield from self._read_source(source)
            except OSError as error:
                yield Reject(path, 1, f"reading it failed: {explain(error)}")
            except UnreadableInput as error:
                yield Reject(path, 1, error.reason)
            finally:
                self.progress.finish()
                source.close()
        for key in self.options.keys.list_unseen() if inputs else ():
            yield Warned(inputs[-1], 1, f"no record has the key {key!r}, which --map names")

    def _read_source(self, source: Input) -> Iterator[Draft | Reject | Warned]:
        if not source.peek(_SNIFFED_BYTES).startswith(archive.MAGIC):
            yield from self._read_one(source)
            return
        if source.path == STDIN:
            yield Reject(
                STDIN, 1, "a ZIP archive cannot be read from standard input; name its file"
            )
            return
        with source.as_file() as file:
            format, advice = archive.recognise(str(file))
            if advice:
                yield Reject(source.path, 1, f"it is {advice}")
            elif format:
                yield from self._read_one(source, format)
            else:
                yield from self._read_archive(source.path, str(file))

    def _read_archive(self, path: str, file: str) -> Iterator[Draft | Reject | Warned]:
        skipped = 0
        found = False
        for member in archive.open_members(file):
            found = True
            if isinstance(member, Reject):
                yield Reject(member.path.replace(file, path, 1), member.line, member.reason)
                continue
            member.path = member.path.replace(file, path, 1)
            name = Path(member.path).name
            try:
                if _is_about_folder(name) or find_format(name) is None:
                    skipped += 1
                elif member.peek(_SNIFFED_BYTES).startswith(archive.MAGIC):
                    yield from self._read_packed(member)
                else:
                    yield from self._read_one(member)
            except UnreadableInput as error:
                yield Reject(member.path, 1, error.reason)
            finally:
                member.close()
        if skipped:
            files = "1 file" if skipped == 1 else f"{skipped:,} files"
            yield Warned(path, 1, f"skipped {files} of no known format in the archive")
        elif not found:
            yield Warned(path, 1, "the archive has no file to read")

    def _read_packed(self, member: Input) -> Iterator[Draft | Reject | Warned]:
        """A document or workbook, which is an archive in an archive."""
        with member.as_file() as file:
            format, advice = archive.recognise(str(file))
            if format:
                yield from self._read_one(member, format)
            else:
                told = advice or "packed within an archive; unpack it once"
                yield Reject(member.path, 1, f"it is {told}")

    def _read_one(self, source: Input, known: str = "") -> Iterator[Draft | Reject | Warned]:
        """The articles of one file, whose format may be ``known`` already."""
        if known:
            yield from self._read_as(FORMATS[known], source)
            return
        sample = source.peek(_SNIFFED_BYTES)
        if not sample:
            yield Reject(source.path, 1, source.problem or "the file is empty")
            return
        ending = find_format(source.path)
        name = self.format or choose_format(
            sample, ending.name if ending else "", self.options.keys
        )
        binary = "" if FORMATS[name].binary else find_binary(sample)
        if binary:
            yield Reject(source.path, 1, binary)
            return
        yield from self._read_as(FORMATS[name], source)

    def _read_as(self, chosen: Format, source: Input) -> Iterator[Draft | Reject | Warned]:
        found = False
        items = chosen.read(source, self.options)
        if chosen.name in DATA_FORMATS and source.path not in self.named:
            items = skip_settings(items, source.path, self.options.keys)
        for item in assemble(
            items, source.path, self.options.keys, self.wanted, columns=chosen.columns
        ):
            found = True
            yield item
        if source.problem:
            yield Reject(source.path, 1, f"{source.problem}; what could be read went in")
        elif not found:
            told = f"nothing to index: read as {chosen.name}, it has no records"
            yield Warned(source.path, 1, told)

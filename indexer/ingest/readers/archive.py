"""Which files are in a ZIP archive, and which of them are read?"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator

from indexer.article import Reject
from indexer.ingest.readers.input import Input, open_member
from indexer.ingest.readers.limits import MAX_MEMBERS
from indexer.ingest.readers.settings_files import FOLDERS

MAGIC = b"PK\x03\x04"
#: Members that identify documents of Office and other programs, which are ZIP archives, too.
_DOCUMENTS = (
    ("xl/workbook", "xlsx", ""),
    ("word/document.xml", "document", ""),
    ("ppt/presentation.xml", "", "a presentation; export its text"),
    ("META-INF/container.xml", "epub", ""),
)
#: An OpenDocument has its text in one, as an archive of articles may, but also one of the others.
_OPEN_DOCUMENT = "content.xml"
_OPEN_DOCUMENT_TOO = ("mimetype", "META-INF/manifest.xml")
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"


def recognise(path: str) -> tuple[str, str]:
    """The format of the document that the ZIP archive at ``path`` is, and what to do about one that
    cannot be read; both empty for an archive of files, or a damaged one.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                with archive.open("mimetype") as told:
                    if told.read(len(_SPREADSHEET)) == _SPREADSHEET:
                        return "", "an OpenDocument spreadsheet; save it as .xlsx or CSV"
    except (
        RuntimeError,
        zlib.error,
        EOFError,
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
    ):
        return "", ""
    for part, format, advice in _DOCUMENTS:
        if any(name.startswith(part) for name in names):
            return format, advice
    if _OPEN_DOCUMENT in names and any(one in names for one in _OPEN_DOCUMENT_TOO):
        return "document", ""
    return "", ""


def open_members(path: str) -> Iterator[Input | Reject]:
    """The files of an archive, one open at a time; hidden ones are skipped, and those that an
    earlier one claims. Sorted by name, but sitemaps first: they say more about the pages beside
    them than the pages do.
    """
    claimed: set[str] = set()
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        reason = f"the ZIP archive is damaged ({error}); make it again, or unpack it"
        yield Reject(path, 1, reason)
        return
    with archive:
        entries = [one for one in archive.infolist() if not one.is_dir() and not _is_hidden(one)]
        if len(entries) > MAX_MEMBERS:
            yield Reject(
                path, 1, f"it has {len(entries):,} files; at most {MAX_MEMBERS:,} are read"
            )
            return
        for entry in sorted(entries, key=_rank):
            name = f"{path}/{entry.filename}"
            if name in claimed:
                continue
            try:
                stream = archive.open(entry)
            except RuntimeError:
                yield Reject(name, 1, "it needs a password; unpack it yourself")
            except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
                yield Reject(name, 1, f"this part of the ZIP archive is damaged ({error})")
            else:
                member = open_member(name, stream)
                member.claimed = claimed
                folder = entry.filename.rpartition("/")[0]
                member.packed_folder = zipfile.Path(archive, f"{folder}/" if folder else "")
                yield member


def _rank(entry: zipfile.ZipInfo) -> tuple[bool, str]:
    name = entry.filename.rpartition("/")[2]
    return "sitemap" not in name.lower(), entry.filename


def _is_hidden(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.split("/")
    return any(part.startswith(".") or part.lower() in FOLDERS for part in parts)

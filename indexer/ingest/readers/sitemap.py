"""Where is the page of a sitemap entry? In its folder or archive, as mirrors keep it."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from indexer.ingest.readers.html_page import read_page
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.limits import limit_record
from indexer.ingest.readers.records import Options

_ROOT: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?.{0,400}?\?>\s*|<!--.{0,4000}?-->\s*)*<(?P<name>urlset|sitemapindex)\b",
    re.DOTALL,
)
_ENDINGS: Final = ("", ".html", ".htm", "/index.html", "index.html", ".html.html")


def name_sitemap(sample: bytes) -> str:
    """``urlset`` or ``sitemapindex`` if ``sample`` begins one; otherwise empty.

    >>> name_sitemap(b'<?xml version="1.0"?><urlset xmlns="http://contoh.id">')
    'urlset'
    """
    found = _ROOT.match(sample)
    return found["name"].decode() if found is not None else ""


def add_news(values: dict[str, Any]) -> None:
    """Move a news sitemap's metadata of an entry to where other sitemaps have it."""
    inner = values.pop("news:news", None)
    if isinstance(inner, dict):
        values.update(inner)


def merge_page(values: dict[str, Any], page: Mapping[str, Any]) -> None:
    """Add the page's values to an entry; those of the sitemap take precedence."""
    for key, value in page.items():
        values.setdefault(key, value)
    if "news:title" in values:
        values["title"] = values["news:title"]


def add_page(values: dict[str, Any], source: Input, options: Options) -> str:
    """Add the contents of a sitemap entry's page to ``values``; return why that failed.

    The sitemap's values take precedence over the page's.
    """
    add_news(values)
    address = values.get("loc")
    if not isinstance(address, str):
        return "an entry of the sitemap names no address (loc)"
    folder = Path(source.folder) if source.folder else source.packed_folder
    page = find_page(address, folder) if folder is not None else None
    if page is None:
        return f"the sitemap only names {address[:200]}: put the page into the folder beside it"
    source.claimed.add(str(page))
    limit = limit_record(options.max_article_bytes)
    try:
        with page.open("rb") as file:
            data = file.read(limit + 1)
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        return f"the page {page} cannot be unpacked ({error})"
    if len(data) > limit:
        return f"the page {page} is over the limit of {limit:,} bytes"
    found = read_page(data, options.keys)
    if isinstance(found, str):
        return f"the page {page}: {found}"
    merge_page(values, found)
    return ""


def find_page(address: str, folder: Path | zipfile.Path) -> Path | zipfile.Path | None:
    """The file of a page in or below ``folder``: under its host and path, its path, or its name."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    steps = [step for step in unquote(parts.path).split("/") if step not in ("", ".", "..")]
    if any("\0" in step or "\\" in step for step in steps):
        return None
    host = (parts.hostname or "").replace("/", "")
    for under in (host, host.removeprefix("www."), "", *(["."] if steps else [])):
        tried = steps[-1:] if under == "." else steps
        *above, last = [step for step in (under, *tried) if step not in ("", ".")] or [""]
        for ending in _ENDINGS:
            candidate = folder.joinpath(*above, f"{last}{ending}".lstrip("/"))
            if candidate.is_file():
                return candidate
    return None

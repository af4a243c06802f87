"""What changed at an address? The entries of a feed, or of a sitemap with the pages it lists."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from io import BytesIO
from typing import Any, Final
from urllib.parse import urljoin

import orjson
from selectolax.lexbor import LexborHTMLParser

from indexer.article import Reject, Warned
from indexer.ingest.build_article import Draft, canonical_url
from indexer.ingest.cut_text import take_cut
from indexer.ingest.plain_text import clean_text
from indexer.ingest.readers import draft_records, read_content
from indexer.ingest.readers.html_page import read_page
from indexer.ingest.readers.input import open_member
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.records import Record
from indexer.ingest.readers.sitemap import add_news, merge_page, name_sitemap
from indexer.ingest.readers.sniff import sniff_format
from searchsvc.watch.failures import NotRead
from searchsvc.watch.fetch import MAX_DOCUMENT, Fetcher, Response
from searchsvc.watch.source import Chunk, Taken
from searchsvc.watch.state import Entry, WatchState

#: Maximum bytes of a page.
MAX_PAGE: Final = 6_000_000
#: Maximum entries of one document, as in the sitemap protocol, and nesting of sitemaps.
MAX_ENTRIES: Final = 50_000
MAX_SITEMAPS: Final = 1_000
_DEEPEST: Final = 3
#: Entries, and bytes of pages, between two records of progress.
_ENTRIES_AT_ONCE: Final = 50
_BYTES_AT_ONCE: Final = 16_000_000
#: How often a page is tried, and how many consecutive failures stop a round.
MOST_ATTEMPTS: Final = 5
_MOST_FAILURES: Final = 3
#: A summary with fewer characters than this is not a whole article.
_LONG_SUMMARY: Final = 1_000
#: Keys of a feed entry that change while its article does not.
_COUNTERS: Final = frozenset(("slash:comments", "thr:total", "comments"))
_FEED_LINKS: Final = (
    'link[rel="alternate"][type="application/rss+xml"], '
    'link[rel="alternate"][type="application/atom+xml"], '
    'link[rel="alternate"][type="application/feed+json"]'
)


@dataclass(slots=True)
class _Batch:
    """Entries of one document that were read and wait to be indexed."""

    items: list[tuple[str, Draft | Reject | Warned]] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    size: int = 0

    @property
    def full(self) -> bool:
        return len(self.entries) >= _ENTRIES_AT_ONCE or self.size >= _BYTES_AT_ONCE


@dataclass(slots=True)
class _Document:
    """One feed or sitemap in one round. ``settled``: none of its entries needs a retry."""

    address: str
    answer: Response
    seen: set[str] = field(default_factory=set)
    settled: bool = True
    failures: int = 0


class WebSource:
    """A feed or a sitemap. ``reading``: options of :func:`indexer.ingest.readers.draft_records`.
    ``pages``: read the page of an article if the feed has only a teaser.
    """

    def __init__(
        self,
        address: str,
        state: WatchState,
        fetcher: Fetcher,
        reading: Mapping[str, Any],
        *,
        pages: bool,
    ) -> None:
        self.address = address
        self._state = state
        self._fetcher = fetcher
        self._reading = reading
        self._pages = pages
        self._keys = KeyMap(reading.get("mapping"), reading.get("keep", ()))
        self._sitemaps = 0

    def look(self) -> Iterator[Chunk]:
        """New or modified entries. Raises NotRead."""
        self._sitemaps = 0
        yield from self._look_at(self.address, trusted=True, depth=0)

    def _look_at(self, address: str, *, trusted: bool, depth: int) -> Generator[Chunk, None, bool]:
        """The changes of one document; return whether all of it is settled. Raises NotRead."""
        etag, last_modified = self._state.find_document(self.address, address)
        answer = self._fetcher.get(address, trusted=trusted, etag=etag, last_modified=last_modified)
        if not answer.changed:
            return True
        content = _unpack(address, answer.body)
        document = _Document(address, answer)
        kind = name_sitemap(content[:65_536])
        if kind == "sitemapindex":
            yield from self._look_below(document, content, depth)
        else:
            if sniff_format(content[:65_536], self._keys) == "html":
                raise NotRead(_describe_page(answer.address, content), passing=False)
            yield from self._look_through(document, content, sitemap=kind == "urlset")
        return document.settled

    # --- sitemap indexes

    def _look_below(self, document: _Document, content: bytes, depth: int) -> Iterator[Chunk]:
        """The changes of the sitemaps that a sitemap index lists."""
        dated = True
        for record in read_content(document.address, content, self._keys):
            if not isinstance(record, Record):
                continue
            address = urljoin(document.answer.address, str(record.values.get("loc") or "").strip())
            mark = str(record.values.get("lastmod") or "")
            dated = dated and bool(mark)
            document.seen.add(address)
            known = self._state.find_entry(self.address, document.address, address)
            if mark and known.mark == mark:
                continue
            self._sitemaps += 1
            if depth >= _DEEPEST or self._sitemaps > MAX_SITEMAPS:
                told = (
                    f"sitemaps beyond {MAX_SITEMAPS:,}, or within {_DEEPEST} others, are not read"
                )
                yield _tell(Reject(address, 1, told))
                break
            try:
                settled = yield from self._look_at(
                    address, trusted=document.answer.private, depth=depth + 1
                )
            except NotRead as failed:
                if failed.busy:
                    raise
                yield _tell(Reject(address, 1, str(failed)))
                settled = not failed.passing
            document.settled = document.settled and settled
            if settled:
                entries = {address: Entry(mark)}
                yield Chunk((), partial(self._keep_entries, document.address, entries))
        # Undated sitemaps may change while their list stays the same.
        document.settled = document.settled and dated
        yield Chunk((), partial(self._end, document))

    # --- entries

    def _look_through(
        self, document: _Document, content: bytes, *, sitemap: bool
    ) -> Iterator[Chunk]:
        """The changes among the entries of a feed or sitemap."""
        batch = _Batch()
        failed: NotRead | None = None
        for record in read_content(document.address, content, self._keys):
            if len(document.seen) >= MAX_ENTRIES:
                told = f"entries beyond {MAX_ENTRIES:,} are not read"
                batch.items.append(("", Reject(document.address, 1, told)))
                break
            if not isinstance(record, Record):
                batch.items.append(("", record))
                continue
            try:
                self._read_entry(document, record, batch, sitemap=sitemap)
            except NotRead as error:
                failed = error
                break
            if batch.full:
                yield self._hand_on(document, batch)
                batch = _Batch()
        if batch.items or batch.entries:
            yield self._hand_on(document, batch)
        if failed is not None:
            raise failed
        yield Chunk((), partial(self._end, document))

    def _read_entry(
        self, document: _Document, record: Record, batch: _Batch, *, sitemap: bool
    ) -> None:
        """Add a changed entry to ``batch``. Raises NotRead if the site asks to be left alone."""
        values = dict(record.values)
        if sitemap:
            add_news(values)
        link = _find_link(values, self._keys, document.answer.address, sitemap=sitemap)
        key = canonical_url(link) or link or str(values.get("feed_guid") or _digest(values))
        mark = str(values.get("lastmod") or "-") if sitemap else _digest(values)
        known = self._state.find_entry(self.address, document.address, key)
        if key in document.seen or known.mark == mark:
            document.seen.add(key)
            return
        document.seen.add(key)
        problem = ""
        if link and (sitemap or (self._pages and is_teaser(values, self._keys))):
            try:
                problem = self._add_page(values, link, document, batch, sitemap=sitemap)
            except NotRead as failed:
                if failed.passing and known.attempts + 1 < MOST_ATTEMPTS:
                    self._try_again(document, key, known, failed, batch)
                    return
                problem = str(failed)
        batch.entries[key] = Entry(mark)
        place = link or document.address
        batch.items += (
            (key, item) for item in self._draft(record, values, place, problem, sitemap)
        )

    def _draft(
        self, record: Record, values: dict[str, Any], place: str, problem: str, sitemap: bool
    ) -> Iterator[Draft | Reject | Warned]:
        """The draft of an entry's article; ``problem`` says why its page was not read."""
        if problem and sitemap:
            yield Reject(place, 1, f"its page was not read: {problem}")
            return
        yield from draft_records([Record(record.line, values)], path=place, **self._reading)
        if problem:
            told = f"its page was not read ({problem}); what the feed has goes in"
            yield Warned(place, record.line, told)

    def _add_page(
        self,
        values: dict[str, Any],
        link: str,
        document: _Document,
        batch: _Batch,
        *,
        sitemap: bool,
    ) -> str:
        """Merge the page at ``link`` into the ``values`` of an entry; return why that failed.
        Raises NotRead.
        """
        page = self._read_page(link, document, batch)
        document.failures = 0
        if isinstance(page, str):
            return page
        if sitemap:
            merge_page(values, page)
            return ""
        merged = {**merge_with_page(values, page, self._keys), "url": link}
        values.clear()
        values.update(merged)
        return ""

    def _read_page(self, address: str, document: _Document, batch: _Batch) -> dict[str, Any] | str:
        """The record of a page, or why it has none. Raises NotRead."""
        answer = self._fetcher.get(address, trusted=document.answer.private, limit=MAX_PAGE)
        batch.size += len(answer.body)
        return read_page(answer.body, self._keys)

    def _try_again(
        self, document: _Document, key: str, known: Entry, failed: NotRead, batch: _Batch
    ) -> None:
        """Record that an entry must be read again. Raises NotRead if there are too many."""
        document.settled = False
        document.failures += 1
        if failed.busy:
            raise failed
        batch.entries[key] = Entry("", known.attempts + 1)
        if document.failures >= _MOST_FAILURES:
            raise NotRead(f"{document.failures} pages in a row: {failed}", passing=True)

    # --- records

    def _hand_on(self, document: _Document, batch: _Batch) -> Chunk:
        return Chunk(batch.items, partial(self._keep_entries, document.address, batch.entries))

    def _keep_entries(
        self, document: str, entries: Mapping[str, Entry], taken: Taken
    ) -> Collection[str]:
        for key, entry in entries.items():
            self._state.keep_entry(self.address, document, key, entry)
        return ()

    def _end(self, document: _Document, taken: Taken) -> Collection[str]:
        """Record that a document was processed to its end."""
        known = self._state.list_entries(self.address, document.address)
        gone = [key for key in known if key not in document.seen]
        self._state.forget_entries(self.address, document.address, gone)
        answer = document.answer
        tags = (answer.etag, answer.last_modified) if document.settled else ("", "")
        self._state.keep_document(self.address, document.address, *tags)
        return ()


def is_teaser(values: Mapping[str, Any], keys: KeyMap) -> bool:
    """Whether a feed entry has only the beginning or a summary of its article.

    >>> is_teaser({"title": "Panen", "description": "Petani memanen padi."}, KeyMap())
    True
    """
    body = keys.rename(values).values.get("body")
    text = body if isinstance(body, str) else ""
    if isinstance(body, Mapping):
        text = str(body.get("#text") or "")
    if take_cut(text)[1]:
        return True
    return keys.rank_text(values) < 2 and len(clean_text(text)) < _LONG_SUMMARY


def merge_with_page(
    values: Mapping[str, Any], page: Mapping[str, Any], keys: KeyMap
) -> dict[str, Any]:
    """A feed entry with the text of its page. The feed's values take precedence over the page's."""
    ours, theirs = keys.rename(values).values, keys.rename(page).values
    extra = {**theirs.pop("extra", {}), **ours.pop("extra", {})}
    ours.pop("body", None)
    return {**extra, **theirs, **ours}


def _find_link(values: Mapping[str, Any], keys: KeyMap, base: str, *, sitemap: bool) -> str:
    """The address of an entry's page; empty if it has none."""
    given = values.get("loc") if sitemap else keys.rename(values).values.get("url")
    if isinstance(given, Mapping):
        given = given.get("@href") or given.get("href")
    if not isinstance(given, str) or not given.strip():
        return ""
    try:
        return urljoin(base, given.strip())
    except ValueError:
        return ""


def _digest(values: Mapping[str, Any]) -> str:
    told = {key: value for key, value in values.items() if key not in _COUNTERS}
    data = orjson.dumps(told, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return blake2b(data, digest_size=12).hexdigest()


def _unpack(address: str, body: bytes) -> bytes:
    """Decompress a document if needed, as for sitemaps. Raises NotRead."""
    source = open_member(address, BytesIO(body))
    try:
        content = source.stream.read(MAX_DOCUMENT + 1)
        problem = source.problem
    finally:
        source.close()
    if len(content) > MAX_DOCUMENT:
        raise NotRead(f"unpacked it is over the limit of {MAX_DOCUMENT:,} bytes", passing=False)
    if problem or not content.strip():
        raise NotRead(problem or "the answer is empty", passing=True)
    return content


def _describe_page(address: str, content: bytes) -> str:
    told = "it is a web page, no feed and no sitemap"
    links = LexborHTMLParser(content.decode("utf-8", "replace")).css(_FEED_LINKS)
    feeds = [urljoin(address, one.attributes.get("href") or "") for one in links[:3]]
    return told + (f"; it names the feed {', '.join(feeds)}: watch that" if feeds else "")


def _tell(reject: Reject) -> Chunk:
    return Chunk([("", reject)], lambda taken: ())

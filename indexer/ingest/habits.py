"""What do a publisher's articles usually begin and end with? Learned while a run reads them.

By the hundredth article, the copy of an unlisted outlet shows its habits: the same name in the same
place, the same mark before the story, the same line below it. A run examines a few hundred articles
before it passes on the first, learns from them, and reads again what it could not read at first.
What it learns is stored beside the index (:meth:`Habits.save`), so that a single article sent later
is read as it would be among the others, and reading the same files again changes nothing.

Only two things are changed: heads that could not be read, and recurring lines that mention
channels, links or the publisher itself (:mod:`indexer.ingest.wire.furniture`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import orjson

from indexer.article import BODY_MARK, Article, Reject, Warned
from indexer.durable_file import replace_file
from indexer.errors import IndexNotWritten
from indexer.ingest.dates import parse_date, write_date
from indexer.ingest.outlets import HOST, find_outlet, shorten_host
from indexer.ingest.plain_text import join_paragraphs
from indexer.ingest.wire import make_title
from indexer.ingest.wire.dateline import Habit
from indexer.ingest.wire.furniture import LONGEST_FURNITURE, may_call, may_link, speaks_of_page
from indexer.ingest.wire.head import read_head
from indexer.ingest.wire.head_pieces import explain_piece, sketch_head
from indexer.ingest.wire.places import NOT_PLACES, is_country, is_known_place

HABITS_FILE: Final = "copy-habits.json"
#: Articles examined before the first is passed on, and their maximum total of characters.
LOOK_AHEAD: Final = 500
LOOK_AHEAD_CHARACTERS: Final = 4_000_000
#: Maximum number of articles remembered per publisher, and of publishers.
_SAMPLE: Final = 300
_MOST_SOURCES: Final = 300
#: How often something must occur, and in what fraction of the publisher's articles, to be a habit.
_FEWEST: Final = 8
_NAME_SHARE: Final = 0.4
_LABEL_SHARE: Final = 0.8
_SHAPE_SHARE: Final = 0.25
#: The fraction of heads of one shape that must name a listed place; otherwise they are not heads.
_KNOWN_SHARE: Final = 0.15
_FEWEST_LINES: Final = 5
_SHORTEST_LINE: Final = 12
_HEAD_CHARACTERS: Final = 240
#: Characters by which a body is located in its text.
_OPENING: Final = 40
_LAST: Final = re.compile(r"(?<=[.!?\"”)\]…])\s+(?=\S)|\n")
_FIGURES: Final = re.compile(r"\d+|https?://\S+")


@dataclass(frozen=True, slots=True)
class Seen:
    """Observations of one article: its publisher, the pieces of its head with their gaps, whether
    the head was read, and the lines at its end that could be boilerplate.
    """

    source: str = ""
    head: tuple[tuple[str, str], ...] = ()
    read: bool = False
    lines: tuple[str, ...] = ()


_NOTHING: Final = Seen()


@dataclass(slots=True)
class Learned:
    """A publisher's habits. ``lines`` are boilerplate, without figures and addresses."""

    names: dict[str, str] = field(default_factory=dict)
    shapes: set[tuple[str, ...]] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.names or self.shapes or self.lines)


@dataclass(slots=True)
class Counts:
    """What happened to a publisher's articles in this run."""

    articles: int = 0
    heads: int = 0
    unread: int = 0
    lines: int = 0


class Habits:
    """Everything known about every publisher, and the observations of this run. Not thread-safe."""

    def __init__(self) -> None:
        self.learned: dict[str, Learned] = {}
        self.counts: dict[str, Counts] = {}
        self._samples: dict[str, dict[int, Seen]] = {}
        #: Publishers observed since the last call of :meth:`learn`.
        self._fresh: set[str] = set()

    def observe(self, article: Article) -> Seen:
        """Record how ``article`` begins and ends, and return the observations."""
        source = name_source(article)
        seen = look_at(article, source)
        sample = self._samples.get(source)
        if sample is None:
            if len(self._samples) >= _MOST_SOURCES:
                return seen
            sample = self._samples[source] = {}
        key = crc32(article.id.encode("utf-8", "surrogatepass"))
        sample.pop(key, None)
        sample[key] = seen
        self._fresh.add(source)
        if len(sample) > _SAMPLE:
            del sample[next(iter(sample))]
        return seen

    def learn(self) -> None:
        """Draw conclusions from the observations; earlier ones remain."""
        for source in sorted(self._fresh):
            sample = self._samples[source]
            if len(sample) < _FEWEST:
                continue
            learned = self.learned.get(source, Learned())
            _learn_names(learned, sample)
            _learn_shapes(learned, sample)
            _learn_lines(learned, sample)
            if learned:
                self.learned[source] = learned
        self._fresh.clear()

    def refine(self, article: Article, seen: Seen) -> None:
        """Read again, using its publisher's habits, what could not be read of ``article`` at first.

        ``seen``: the result of :meth:`observe` for it.
        """
        source = seen.source
        counts = self.counts.setdefault(source, Counts())
        counts.articles += 1
        learned = self.learned.get(source)
        if learned is not None:
            before, original = article.body, article.original()
            counts.lines += _drop_lines(article, learned.lines) if seen.lines else 0
            if seen.head and (learned.names or learned.shapes):
                _read_again(article, original, Habit(learned.names, frozenset(learned.shapes)))
            if article.body != before:
                article.keep_original(original)
                if article.title == make_title(before):
                    article.title = make_title(article.body)
                seen = look_at(article, source)
        counts.heads += seen.read
        counts.unread += not seen.read and any(kind in ("dash", "bar") for _, kind in seen.head)

    def describe(self) -> dict[str, Any]:
        """What this run learned and could not read, by publisher, largest first."""
        told = {}
        for source, counts in sorted(
            self.counts.items(), key=lambda item: (-item[1].articles, item[0])
        ):
            learned = self.learned.get(source, Learned())
            told[source or "unknown"] = {
                "articles": counts.articles,
                "heads_read": counts.heads,
                "heads_unread": counts.unread,
                "lines_left_out": counts.lines,
                "names": sorted(learned.names.values()),
                "shapes": [" ".join(shape) for shape in sorted(learned.shapes)],
                "recurring_lines": sorted(learned.lines),
            }
        return told

    def save(self, index: Path) -> None:
        """Write what was learned to the folder ``index``. Raises IndexNotWritten."""
        known = {
            source: {
                "names": learned.names,
                "shapes": sorted(learned.shapes),
                "lines": sorted(learned.lines),
            }
            for source, learned in sorted(self.learned.items())
        }
        samples = {
            source: {str(key): [seen.head, seen.read, seen.lines] for key, seen in sample.items()}
            for source, sample in sorted(self._samples.items())
        }
        data = orjson.dumps({"learned": known, "samples": samples})
        path = index / HABITS_FILE
        try:
            if not path.exists() or path.read_bytes() != data:
                replace_file(path, data)
        except OSError as error:
            raise IndexNotWritten(str(path), error.strerror or str(error)) from error


def load_habits(index: Path) -> Habits:
    """What earlier runs learned in the folder ``index``; empty if the file is missing or damaged:
    then it is learned again.
    """
    habits = Habits()
    try:
        kept = orjson.loads((index / HABITS_FILE).read_bytes())
        for source, row in kept["learned"].items():
            habits.learned[source] = Learned(
                dict(row["names"]), set(map(tuple, row["shapes"])), set(row["lines"])
            )
        for source, sample in kept["samples"].items():
            habits._samples[source] = {
                int(key): Seen(
                    source, tuple((text, kind) for text, kind in head), read, tuple(lines)
                )
                for key, (head, read, lines) in sample.items()
            }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Habits()
    return habits


def read_with_habits(
    items: Iterable[Article | Reject | Warned], habits: Habits
) -> Iterator[Article | Reject | Warned]:
    """``items`` in order, with articles read using the habits of their publishers.

    Up to ``LOOK_AHEAD`` articles are buffered at a time, so that the first of an unknown publisher
    benefit from later ones.
    """
    held: list[tuple[Article | Reject | Warned, Seen]] = []
    articles = characters = 0
    for item in items:
        if isinstance(item, Article):
            held.append((item, habits.observe(item)))
            articles += 1
            characters += len(item.body)
        else:
            held.append((item, _NOTHING))
        if articles >= LOOK_AHEAD or characters >= LOOK_AHEAD_CHARACTERS:
            yield from _hand_on(held, habits)
            held = []
            articles = characters = 0
    yield from _hand_on(held, habits)


def _hand_on(
    held: list[tuple[Article | Reject | Warned, Seen]], habits: Habits
) -> Iterator[Article | Reject | Warned]:
    habits.learn()
    for item, seen in held:
        if isinstance(item, Article):
            habits.refine(item, seen)
        yield item


def look_at(article: Article, source: str) -> Seen:
    """How ``article`` begins and ends."""
    begin = article.raw[:_HEAD_CHARACTERS]
    if BODY_MARK in begin:
        begin = begin.replace(BODY_MARK, article.body[:_HEAD_CHARACTERS])
    # If the body does not start the text, the text before it has been read.
    read = bool(begin) and not join_paragraphs(begin).startswith(article.body[:_OPENING])
    head = sketch_head(begin or article.body)
    return Seen(source, head, read, tuple(_list_lines(article.body, article.source)))


def name_source(article: Article) -> str:
    """The publisher under which ``article`` is remembered; empty if only its copy names it."""
    if article.url:
        host = _name_host(_find_host(article.url))
        if host:
            return host
    known = find_outlet(article.source)
    if known or not article.source:
        return known
    begin = article.original()[:_HEAD_CHARACTERS].lower()
    return "" if article.source.lower() in begin else article.source.lower()


def _find_host(url: str) -> str:
    """The part of an address where its host should be."""
    return url.partition("//")[2].partition("/")[0] or url.partition("/")[0]


@lru_cache(maxsize=4096)
def _name_host(host: str) -> str:
    found = HOST.match(host)
    return shorten_host(found["host"]) if found is not None else ""


def _list_lines(body: str, source: str) -> Iterator[str]:
    """The last lines or sentences of ``body`` that could be boilerplate, normalised for
    counting.
    """
    end = body[-LONGEST_FURNITURE - 2 :]
    if not may_call(end) and not may_link(end.lower()):
        return
    starts = [found.end() for found in _LAST.finditer(end)]
    stop = len(end)
    for start in starts[:-3:-1]:
        line = end[start:stop].strip()
        if _SHORTEST_LINE <= len(line) <= LONGEST_FURNITURE and speaks_of_page(line, source=source):
            yield _fold_line(line)
        stop = start


def _fold_line(line: str) -> str:
    return _FIGURES.sub("#", line.lower())


def _learn_names(learned: Learned, sample: dict[int, Seen]) -> None:
    """Pieces shared word by word by most heads that are not places."""
    pieces = Counter(piece for seen in sample.values() for piece in {text for text, _ in seen.head})
    for piece, count in pieces.items():
        share = count / len(sample)
        if count < _FEWEST or share < _NAME_SHARE or is_known_place(piece):
            continue
        known = explain_piece(piece, bracketed=False)
        # "Video", "Laporan": a label, unless hardly any article lacks it.
        label = piece.split(" ")[0].strip(".").lower() in NOT_PLACES and share < _LABEL_SHARE
        if len(piece) > 1 and not label and not (known and known[0].sure):
            learned.names.setdefault(piece.lower(), piece)


def _learn_shapes(learned: Learned, sample: dict[int, Seen]) -> None:
    """The shapes of heads that many articles have, if enough of them name a listed place."""
    shapes: Counter[tuple[str, ...]] = Counter()
    known: Counter[tuple[str, ...]] = Counter()
    for seen in sample.values():
        shape = tuple(kind for _, kind in seen.head)
        shapes[shape] += 1
        known[shape] += any(is_known_place(text) and not is_country(text) for text, _ in seen.head)
    for shape, count in shapes.items():
        usual = shape and count >= max(_FEWEST, _SHAPE_SHARE * len(sample))
        if usual and known[shape] >= _KNOWN_SHARE * count:
            learned.shapes.add(shape)


def _learn_lines(learned: Learned, sample: dict[int, Seen]) -> None:
    lines = Counter(line for seen in sample.values() for line in set(seen.lines))
    learned.lines.update(line for line, count in lines.items() if count >= _FEWEST_LINES)


def _drop_lines(article: Article, lines: set[str]) -> int:
    """Strip recurring lines from the end of the body; return their number."""
    dropped = 0
    while lines:
        body = article.body.rstrip()
        first = max(0, len(body) - LONGEST_FURNITURE - 2)
        starts = [found.end() for found in _LAST.finditer(body, first)]
        if not starts or _fold_line(body[starts[-1] :].strip()) not in lines:
            break
        article.body = body[: starts[-1]].rstrip()
        dropped += 1
    return dropped


def _read_again(article: Article, original: str, habit: Habit) -> None:
    """Read the head of the ``original`` text using ``habit``, and correct the differences."""
    opened = not original.startswith(article.body[:_OPENING])
    if opened and not any(name in original[:_HEAD_CHARACTERS].lower() for name in habit.names):
        return
    head = read_head(original, title=article.title, habit=habit)
    story = _align(head.body, article.body) if "dateline" in head.applied else ""
    if not story:
        return
    if opened:
        # Values that the first reading took from the head are replaced; those of the export stay.
        first = read_head(original, title=article.title)
        article.place = "" if article.place == first.place else article.place
        article.source = "" if article.source == first.source else article.source
    article.body = story
    article.source = article.source or head.source
    article.place = article.place or head.place
    article.agency = article.agency or head.agency
    article.authors = article.authors or head.authors
    moment = parse_date(head.published) if head.published and not article.published_at else None
    if moment is not None:
        article.published_at = write_date(moment)


def _align(story: str, body: str) -> str:
    """The cleaned ``body`` from where ``story`` begins; empty if they do not match."""
    extra = story.find(body[:_OPENING], 0, _HEAD_CHARACTERS)
    if extra >= 0:
        return story[:extra] + body
    missing = body.find(story[:_OPENING], 0, _HEAD_CHARACTERS)
    return body[missing:] if missing >= 0 else ""

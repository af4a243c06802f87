"""Which words directly follow a row of words in the articles that contain it?

Read from a sample of articles: the newest, and the most relevant to the words. The cost does not
grow with the archive, and new articles count more.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

from indexer.engine.base import Clause, Query, Scope, Sort, Word
from indexer.language.fold import fold
from indexer.language.tokens import split_chunk
from searchsvc.query.context import SearchContext
from searchsvc.suggest.beginning import make_row
from searchsvc.suggest.memory import recall

#: Articles read, of each kind.
NEWEST = 70
BEST = 50
#: The same if only the words that belong to a word are wanted.
FEW_NEWEST = 20
FEW_BEST = 20
#: A seventh mention of its subject adds nothing to what a text says.
_MOST_PLACES = 6
#: Following words that are read together, so that a name is suggested whole.
MAX_NEXT = 4
#: This many articles must agree, or this fraction of those read if that is more: one article's
#: wording is its own, and among many some agree by chance.
LEAST_ARTICLES = 2
#: In a single article, a follower that occurs only once is ignored.
LEAST_PLACES = 2
_LEAST_PART = 0.015

#: With this many articles, the absence of a word is evidence too.
MANY_ARTICLES = 30
#: Rows whose neighbours are cached; some ten kilobytes each.
_MOST_KEPT = 500

# Adjacent words are separated by exactly one space or hyphen.
_CHUNK = r"[^\W_]+(?:[-'’.,][^\W_]+)*"
_SPACE = re.compile("[ \xa0]")
_CHUNKS = re.compile(rf"{_CHUNK}(?:[ \xa0]{_CHUNK}){{0,{MAX_NEXT}}}")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """``articles`` were read; the row occurs in ``places`` within them. ``counts``: how many of the
    articles have a row of terms directly after it, for rows that occur there at least twice.
    ``longer``: for each row its extensions by one word, the most frequent first; for ``()`` single
    words. ``titles``: how many have it in their title. ``written``: the row as most articles write
    it, including the space or hyphen before it. ``itself``: the same for the last word of the given
    row.
    """

    articles: int
    places: int
    counts: dict[Row, int]
    longer: dict[Row, list[Row]]
    titles: dict[Row, int]
    written: dict[Row, str]
    itself: str

    @property
    def least(self) -> int:
        """The number of articles that must agree."""
        return max(LEAST_ARTICLES, ceil(self.articles * _LEAST_PART))


def find_neighbours(
    context: SearchContext,
    base: Query,
    row: Row,
    scope: Scope = Scope.ANYWHERE,
    *,
    few: bool = False,
) -> Neighbours:
    """The words that directly follow ``row`` in articles matching ``base``; ``few``: read fewer
    articles.
    """
    query = replace(base, clauses=(*base.clauses, Clause((Word("", (make_row(row),), scope),))))
    return recall(
        context.knowledge,
        "neighbours",
        (query, row, scope, few),
        lambda: _read_neighbours(context, query, row, scope, few),
        most=_MOST_KEPT,
    )


def _read_neighbours(
    context: SearchContext, query: Query, row: Row, scope: Scope, few: bool
) -> Neighbours:
    counts: Counter[Row] = Counter()
    titles: Counter[Row] = Counter()
    said: Counter[Row] = Counter()
    written: Counter[tuple[Row, str]] = Counter()
    # The same tuple for every article, so that the engine looks it up once.
    words = tuple(Word("", (make_row(terms),), scope) for terms in dict.fromkeys((row, row[-1:])))
    seen: set[str] = set()
    for ref in _choose_articles(context, query, few):
        article = context.snapshot.article(ref)
        title = fold(article.title)
        if title in seen:
            continue
        # Copies of one story count once.
        seen.add(title)
        found: set[Row] = set()
        for in_title, start in _find_ends(context, ref, words):
            text = article.title if in_title else article.body
            rows = _read_after(text, start, row[-1])
            if rows and in_title:
                titles.update({terms for terms, _ in rows})
            # Letter case is uninformative WHERE ALL ARE CAPITALS.
            written.update(rows if not (in_title and text.isupper()) else ())
            found.update(terms for terms, _ in rows)
            said.update(terms for terms, _ in rows)
        counts.update(found)
    counts.pop((), None)
    counts = Counter({key: count for key, count in counts.items() if said[key] >= LEAST_PLACES})
    longer: dict[Row, list[Row]] = {}
    for key in sorted(counts, key=lambda key: (-counts[key], key)):
        longer.setdefault(key[:-1], []).append(key)
    surfaces: dict[Row, str] = {}
    for (terms, surface), _ in written.most_common():
        if terms in counts or not terms:
            surfaces.setdefault(terms, surface)
    return Neighbours(
        articles=len(seen),
        places=said[()],
        counts=dict(counts),
        longer=longer,
        titles={key: titles[key] for key in counts},
        written={key: surfaces.get(key) or "".join(f" {term}" for term in key) for key in counts},
        itself=surfaces.get((), f" {row[-1]}"),
    )


def _choose_articles(context: SearchContext, query: Query, few: bool) -> list[int]:
    search = context.snapshot.search
    newest = search(replace(query, sort=Sort.NEWEST, limit=FEW_NEWEST if few else NEWEST))
    best = newest
    if newest.total > len(newest.hits):
        best = search(replace(query, limit=FEW_BEST if few else BEST))
    return list(dict.fromkeys(hit.ref for hit in (*newest.hits, *best.hits)))


def _find_ends(context: SearchContext, ref: int, words: tuple[Word, ...]) -> list[tuple[bool, int]]:
    """(in title, character) of the first few tokens of an article that match all of ``words``: if
    the words are a row and its last word, the last token of the row.
    """
    found = context.snapshot.occurrences(ref, words)
    if len(words) == 1:
        return [(one.in_title, one.start) for one in found[:_MOST_PLACES]]
    places = Counter((one.in_title, one.start) for one in found)
    return [place for place, times in places.items() if times == len(words)][:_MOST_PLACES]


def _read_after(text: str, start: int, term: str) -> list[tuple[Row, str]]:
    """(terms, as written) of the one, two, ... tokens after the one at ``start``, including the
    space or hyphen before them; the first item, without terms, is that token itself. Nothing if
    that token is not ``term``.
    """
    match = _CHUNKS.match(text, start)
    if match is None:
        return []
    rows: list[tuple[Row, str]] = []
    terms: Row = ()
    surface = ""
    for chunk in _SPACE.split(match[0]):
        for place, (one, between, written) in enumerate(_split(chunk)):
            if place and between != "-":
                return rows
            if rows:
                terms = (*terms, one)
                surface += (between or " ") + written
                rows.append((terms, surface))
            elif one == term:
                rows.append(((), f" {written}"))
            else:
                return []
            if len(rows) > MAX_NEXT:
                return rows
    return rows


@lru_cache(maxsize=4096)
def _split(chunk: str) -> tuple[tuple[str, str, str], ...]:
    """(term, the characters before it in the chunk, as written) of each token."""
    pieces = []
    end = 0
    for token in split_chunk(chunk):
        written = recase(chunk[token.start : token.end])
        pieces.append((token.text, chunk[end : token.start], written))
        end = token.end
    return tuple(pieces)


def recase(word: str) -> str:
    """The word in lower case, unless it has inner capitals (*KTP*, *MotoGP*) or is a single letter
    (*Komisi X*, *U-23*).
    """
    return "-".join(
        part if len(part) == 1 or any(map(str.isupper, part[1:])) else part.lower()
        for part in word.split("-")
    )

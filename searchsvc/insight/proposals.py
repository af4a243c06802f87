"""Which entries of the site's dictionary would help queries that find nothing?

Searches of one reader cannot be linked, so no proposal comes from what somebody typed next. The
evidence is the engine's own (what it would correct a query to, what is similar to it) and the
queries that others searched with success. Every proposal was tried: with it, the query finds
something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from rapidfuzz.distance import DamerauLevenshtein

from indexer.errors import IndexerError
from indexer.language.dictionary import Dictionary, Row
from indexer.language.dictionary_text import MAX_ROW_WORDS
from searchsvc.insight.normal import MASK, is_plain
from searchsvc.insight.reports import Reports, Scope
from searchsvc.insight.reports import Row as ReportRow
from searchsvc.suggest.choosing import is_blocked

#: Queries without hits that are examined, the most frequent first.
MOST_EXAMINED = 100
#: Searches that a query needs.
LEAST_SEARCHES = 2
#: Successful queries that one is compared with.
_COMPARED = 1_000
#: At most this part of the letters of two similar queries differs.
_FARTHEST = 0.34
_SHORTEST = 4

#: Counts the articles that a query finds.
CountHits = Callable[[str], int]
#: Queries that the engine knows as similar, nearest first.
ListNear = Callable[[str], Iterable[str]]

#: What speaks for a proposal.
SIMILAR, POPULAR = "similar words in articles", "similar to a query that finds articles"


class ProposalNotFound(IndexerError):
    """No proposal has this id, or none any more."""

    def __init__(self, proposal_id: str) -> None:
        self.proposal_id = proposal_id
        shown = proposal_id[:40]
        super().__init__(f"There is no proposal {shown!r}; searchsvc insight proposals lists them.")


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry ``typed => meant`` under ``[synonyms]``. ``searches``: how often ``query`` was
    searched in vain; ``finds``: the articles it would find.
    """

    query: str
    searches: int
    typed: str
    meant: str
    finds: int
    evidence: str

    @property
    def id(self) -> str:
        """Short, and the same as long as the entry is."""
        return blake2b(f"{self.typed}\0{self.meant}".encode(), digest_size=4).hexdigest()

    def to_dict(self) -> dict[str, object]:
        """The JSON form."""
        return {
            "id": self.id,
            "query": self.query,
            "searches": self.searches,
            "entry": f"{self.typed} => {self.meant}",
            "finds": self.finds,
            "evidence": self.evidence,
        }


def list_proposals(
    reports: Reports,
    scope: Scope,
    *,
    dictionary: Dictionary,
    count_hits: CountHits,
    list_near: ListNear,
    limit: int = MOST_EXAMINED,
) -> Iterator[Proposal]:
    """The proposals for queries without hits, the most searched first; one for each entry. Raises
    DatabaseUnusable.
    """
    successful = _list_successful(reports.top(scope, _COMPARED))
    proposed: set[tuple[str, str]] = set()
    for row in reports.no_results(scope, MOST_EXAMINED):
        if len(proposed) >= limit:
            return
        if row["searches"] < LEAST_SEARCHES or not _may_propose(row["normal"], row["query"]):
            continue
        found = _propose(row, dictionary, count_hits, list_near, successful)
        if found is not None and (found.typed, found.meant) not in proposed:
            proposed.add((found.typed, found.meant))
            yield found


def find_proposal(proposals: Iterable[Proposal], proposal_id: str) -> Proposal:
    """The proposal with this id. Raises ProposalNotFound."""
    for one in proposals:
        if one.id == proposal_id.strip().lower():
            return one
    raise ProposalNotFound(proposal_id)


def _list_successful(rows: Iterable[ReportRow]) -> list[str]:
    """Plain queries that found something, in normal form, the most searched first."""
    return [
        row["normal"]
        for row in rows
        if row["total"] and row["searches"] > 1 and _may_propose(row["normal"], row["query"])
    ]


def _may_propose(normal: str, query: str) -> bool:
    """Whether the query is words alone, few enough, and nothing in it was masked."""
    return MASK not in query and is_plain(query) and 0 < len(normal.split()) <= MAX_ROW_WORDS


def _propose(
    row: ReportRow,
    dictionary: Dictionary,
    count_hits: CountHits,
    list_near: ListNear,
    successful: list[str],
) -> Proposal | None:
    """The likeliest entry that makes the query find something."""
    normal = row["normal"]
    if count_hits(normal):
        # Articles came meanwhile, or an entry.
        return None
    candidates = [
        *((one, POPULAR) for one in _list_similar(normal, successful)),
        *((one, SIMILAR) for one in list_near(normal)),
    ]
    for meant, evidence in candidates:
        pair = find_difference(normal.split(), meant.split())
        if pair is None or is_blocked(dictionary, meant) or _is_known(dictionary, *pair):
            continue
        finds = count_hits(meant)
        if finds:
            typed, replacement = (" ".join(words) for words in pair)
            return Proposal(row["query"], row["searches"], typed, replacement, finds, evidence)
    return None


def _list_similar(normal: str, successful: Iterable[str]) -> list[str]:
    """The successful queries that are spelt alike, nearest first."""
    if len(normal) < _SHORTEST:
        return []
    measured = [
        (DamerauLevenshtein.normalized_distance(normal, one, score_cutoff=_FARTHEST), one)
        for one in successful
    ]
    near = sorted((distance, one) for distance, one in measured if 0 < distance <= _FARTHEST)
    return [one for _, one in near[:3]]


def find_difference(typed: list[str], meant: list[str]) -> tuple[Row, Row] | None:
    """The words in which two queries differ, without those that they begin and end with alike;
    ``None`` if one of them has no words of its own there.

    >>> find_difference(["harga", "bbmm", "naik"], ["harga", "bbm", "naik"])
    (('bbmm',), ('bbm',))
    """
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    end = 0
    while end < min(len(typed), len(meant)) - start and typed[-1 - end] == meant[-1 - end]:
        end += 1
    pair = tuple(typed[start : len(typed) - end]), tuple(meant[start : len(meant) - end])
    return pair if all(pair) else None


def _is_known(dictionary: Dictionary, typed: Row, meant: Row) -> bool:
    return meant in dictionary.synonyms.get(typed, ())

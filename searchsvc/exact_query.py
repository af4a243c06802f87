"""Which articles match a query exactly? For irreversible actions, such as deleting.

An article must have every word, in any inflection but without synonyms, corrections or other
spellings. A query that cannot be applied as typed is refused: without some part, it would match
more than intended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from indexer.engine.base import Engine, Query, Snapshot
from indexer.errors import IndexerError
from indexer.language.analyzer import Analyzer
from searchsvc.query.context import open_context
from searchsvc.query.parse import DATE_NAMES, FIELD_NAMES, parse_query
from searchsvc.query.parts import read_parts
from searchsvc.query.plan import plan_query
from searchsvc.request import SearchRequest


class QueryMisread(IndexerError):
    """The query cannot be applied as typed, for these ``reasons``."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = " ".join(reasons)
        super().__init__(f"The query cannot be taken as it was typed: {self.reasons}")


@dataclass(frozen=True, slots=True)
class ExactQuery:
    """A strictly interpreted query. ``unknown`` lists its labels that no article has, which without
    words beside them find nothing.
    """

    query: Query
    unknown: list[str]

    def find_ids(self, snapshot: Snapshot) -> list[str]:
        """The ids of all matching articles. Raises QueryMisread if there are some, but not all of
        its labels exist.
        """
        total = snapshot.search(replace(self.query, limit=0)).total
        if not total:
            return []
        if self.unknown:
            raise QueryMisread(self.unknown)
        found = snapshot.search(replace(self.query, limit=total)).hits
        return [snapshot.summary(hit.ref).id for hit in found]


def read_exactly(
    request: SearchRequest, engine: Engine, snapshot: Snapshot, analyzer: Analyzer
) -> ExactQuery:
    """The strict interpretation of ``request``: its query with its filters and days. Raises
    QueryMisread if part of it would be ignored, no article has a label that is beside words, or
    nothing says which articles are meant.
    """
    fields = engine.fields
    parsed = parse_query(request.q, None, fields)
    misread = [note.message for note in parsed.notes] or find_misread(
        request.q, [field.name for field in fields.find("filter")]
    )
    chosen = request.filters or request.ranges or request.date_from or request.date_to
    if not misread and not parsed.says_anything and (request.q.strip() or not chosen):
        misread = ["Nothing in it says which articles are meant."]
    if misread:
        raise QueryMisread(misread)
    context = open_context(engine, snapshot, analyzer=analyzer, without=read_parts(["expansions"]))
    plan = plan_query(parsed, request, context)
    # A search needs only some of many words, and none of the common ones.
    clauses = tuple(replace(clause, required=True) for clause in plan.query.clauses)
    asked = replace(plan.query, clauses=clauses, minimum=None, few=0, offset=0, collapse=False)
    unknown = [note.message for note in plan.notes]
    if unknown and (asked.clauses or asked.excluded):
        raise QueryMisread(unknown)
    return ExactQuery(asked, unknown)


def find_misread(query: str, own: Iterable[str] = ()) -> list[str]:
    """The parts of ``query`` that a search silently ignores, one sentence each. ``own`` are names
    of the site's own fields.

    >>> find_misread("kopi -sebelum:2022")
    ["A date such as 'sebelum:' cannot be excluded; say which days are meant."]
    """
    found = []
    dates, names = "|".join(DATE_NAMES), "|".join((*FIELD_NAMES, *own))
    excluded = re.search(rf"(?:^|\s)(?:-|(?:BUKAN|NOT)\s+)(?P<name>{dates}):", query, re.IGNORECASE)
    if excluded:
        found.append(
            f"A date such as '{excluded['name']}:' cannot be excluded; say which days are meant."
        )
    # A colon without letters or digits after it names nothing.
    empty = re.search(
        rf"""(?:^|[\s+-])(?P<name>{names}):(?:\s|$|[^\w\s]+(?:\s|$)|"[\W_]*")""",
        query,
        re.IGNORECASE,
    )
    if empty:
        found.append(f"'{empty['name']}:' has no value right behind its colon.")
    if re.search(r"(?:^|\s)\(|\)(?:\s|$)", query):
        found.append("Parentheses group nothing; leave them out.")
    return found

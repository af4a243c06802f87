"""Which queries are offered beside an answer? Filters by labels or days that were typed as words.

Plain words are searched only in titles and texts. A person who types an author's name, or *juli
2022*, may want articles by that author, or of that month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from indexer.engine.base import Answer, LabelFilter, Query, Scope
from indexer.language.fold import fold
from indexer.language.tokens import Token, tokenize
from searchsvc.query.context import SearchContext
from searchsvc.query.label_table import NAMED_FACETS
from searchsvc.query.labels import find_labels
from searchsvc.query.parse import FACET_NAMES, ParsedQuery, TypedWord, parse_query
from searchsvc.query.pasted_titles import find_title_end
from searchsvc.query.periods import read_period
from searchsvc.query.plan import Plan, plan_query
from searchsvc.query.relative_dates import find_relative
from searchsvc.request import Note, SearchRequest

_TOLD = {
    "authors": "oleh",
    "source": "dari",
    "category": "dalam kategori",
    "tags": "dengan tag",
}
_NAMES = {facet: name for name, facet in reversed(FACET_NAMES.items())}
#: Facets worth offering even if the words find as much: no text says who wrote it.
_ALWAYS = frozenset(["authors", "source"])
#: Longer rows of words are no label, and not looked up.
_MOST_WORDS = 12
_PLAIN = re.compile(r"[\w.-]+")
#: A day with month and year, or a month with its year.
_DATE = re.compile(
    r"(?<![\w:/.-])"
    r"(?:\d{1,2}([/-])\d{1,2}\1(?:\d{4}|\d\d)|(?:\d{1,2} )?[^\W\d_]{3,9} \d{4})"
    r"(?![\w/-])"
)


def offer_labels(
    parsed: ParsedQuery,
    plan: Plan,
    answer: Answer,
    context: SearchContext,
    *,
    lacking: bool,
) -> list[Note]:
    """A note with the label that all the words name; if the hits are ``lacking`` words, also one
    for labels with those words, or with some that no article has.
    """
    if not is_plain(parsed):
        return []
    tokens = tokenize(parsed.text[: find_title_end(parsed.text, context)])
    if not tokens or len(tokens) > _MOST_WORDS:
        return []
    table = context.label_table
    found = table.find(tuple(token.text for token in tokens))
    if found and (lacking or found.facet in _ALWAYS or answer.total < found.documents):
        return list(write_offer(found.facet, (found.label,), "", plan, context))
    if not lacking:
        return []
    for row in list_rows(tokens, context):
        typed = parsed.text[row[0].start : row[-1].end]
        if not {token.text for token in row} <= table.words:
            continue
        for facet in NAMED_FACETS:
            labels = find_labels(context, facet, typed)
            if labels:
                return list(write_offer(facet, labels, typed, plan, context))
    return []


def is_plain(parsed: ParsedQuery) -> bool:
    """Whether only words were typed, without operators other than quotation marks."""
    return (
        not (parsed.excluded or parsed.filters or parsed.ranges)
        and not (parsed.first_day or parsed.last_day)
        and all(len(group) == 1 for group in parsed.groups)
        and all(
            item.scope is Scope.ANYWHERE and not (isinstance(item, TypedWord) and item.prefix)
            for group in parsed.groups
            for item in group
        )
    )


def list_rows(tokens: list[Token], context: SearchContext) -> Iterator[list[Token]]:
    """All the words; then shorter rows that are a whole label; then words that no article has."""
    yield tokens
    table = context.label_table
    for length in range(len(tokens) - 1, 1, -1):
        for start in range(len(tokens) - length + 1):
            row = tokens[start : start + length]
            if table.find(tuple(token.text for token in row)):
                yield row
    for token in tokens:
        if not context.count(token.text):
            yield [token]


def write_offer(
    facet: str, labels: tuple[str, ...], typed: str, plan: Plan, context: SearchContext
) -> Iterator[Note]:
    """The note that offers articles with any of ``labels``, which ``typed`` finds; none if the
    request's own filters exclude them all.
    """
    filters = (*plan.query.filters, LabelFilter(facet, labels))
    count = context.snapshot.search(Query(filters=filters, limit=0)).total
    value = labels[0] if len(labels) == 1 else typed
    if not count or '"' in value:
        return
    query = f"{_NAMES[facet]}:{value}" if _PLAIN.fullmatch(value) else f'{_NAMES[facet]}:"{value}"'
    yield Note("label", f"Ada {count} artikel {_TOLD[facet]} {value}: {query}", query)


def offer_days(parsed: ParsedQuery, plan: Plan, context: SearchContext) -> list[Note]:
    """A note with the articles of the days that were typed among words, as in ``banjir juli 2022``
    or ``gempa kemarin``: the words may occur in articles of other days, and not in those of the
    days themselves.
    """
    if not is_plain(parsed):
        return []
    for start, end, days in list_days(parsed.text, context):
        shown = parsed.text[start:end]
        rest = " ".join((parsed.text[:start] + parsed.text[end:]).split())
        # If no such article has the other words, all articles of the days are better than none.
        for offered in dict.fromkeys((f"{rest} {days}".strip(), days)):
            asked = parse_query(offered, context.today, context.fields)
            dated = plan_query(asked, SearchRequest(q=offered), context).query
            filters = (*plan.query.filters, *dated.filters)
            count = context.snapshot.search(replace(dated, filters=filters, few=0, limit=0)).total
            if count:
                message = f"Ada {count} artikel bertanggal {shown}: {offered}"
                return [Note("dated", message, offered)]
    return []


def list_days(text: str, context: SearchContext) -> Iterator[tuple[int, int, str]]:
    """(start, end, filter) of the days that ``text[start:end]`` names."""
    tokens = tokenize(text)
    for found in find_relative([token.text for token in tokens], context.today):
        if found.days is not None:
            start, end = tokens[found.start].start, tokens[found.end - 1].end
            named = "-".join(token.text for token in tokens[found.start : found.end])
            yield start, end, f"tanggal:{named}"
    folded = fold(text)
    for match in _DATE.finditer(folded):
        period = read_period(match[0], context.today)
        # Folding may change lengths; then the offsets are not those of the typed text.
        if period is not None and fold(text[match.start() : match.end()]) == match[0]:
            named = "%Y-%m-%d" if period.first == period.last else "%Y-%m"
            yield match.start(), match.end(), f"tanggal:{period.first:{named}}"

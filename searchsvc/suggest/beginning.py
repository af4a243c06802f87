"""What has been typed so far: the word being typed, and what stands before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from indexer.engine.base import (
    Clause,
    Form,
    Phrase,
    Prefix,
    Query,
    Scope,
    Term,
    Word,
)
from indexer.language.stopwords import load_stopwords
from indexer.language.tokens import Token, tokenize
from searchsvc.query.context import SearchContext
from searchsvc.query.parse import SCOPE_NAMES, Item, ParsedQuery, TypedPhrase, parse_query
from searchsvc.query.plan import plan_filters
from searchsvc.request import SearchRequest

#: Finished words that are looked up together with the last one; more come from a pasted text.
MAX_WORDS = 8
#: Words right before the unfinished one that are looked up as a row.
_LONGEST_ROW = 3

QUOTES = '"“”„‟«»'
_OPERATOR = re.compile(r"(?P<sign>(?<!\S)[-+]|\b(?:BUKAN|NOT)\s+)?(?:(?P<name>[^\W\d_]+):)?\Z")
ENDS_WITH_EITHER = re.compile(r"(?:\b(?:atau|or)|\|)\s*\Z", re.IGNORECASE)
_KEEPS_OPEN = re.compile(rf"(?:\s|\w-|(?<!\S)[-+]|[({QUOTES}])\Z")


@dataclass(frozen=True, slots=True)
class Beginning:
    """A query whose last word may be unfinished.

    ``lead`` is what stays as typed before what is offered. ``fragment`` is the unfinished word,
    folded; empty where the last word is finished. ``tokens`` are all words typed. ``rows`` are the
    terms right before the fragment, the longest row first; none where an operator stands between.
    ``base`` asks for the articles that what stands before the fragment finds. ``scope``: where the
    fragment must stand. ``wanted``: the words that articles should have, without those of
    operators, the fragment included. ``quoted``: a quotation mark is open. ``excludes``: a minus
    stands before the fragment. ``joins``: nothing stands behind a word that is taken for finished,
    so what comes next may be joined to it as articles join it (``covid-19``). ``shouts``: what is
    offered goes on in the capitals of the fragment.
    """

    lead: str
    fragment: str
    tokens: tuple[Token, ...]
    rows: tuple[tuple[str, ...], ...]
    base: Query
    wanted: tuple[str, ...]
    scope: Scope = Scope.ANYWHERE
    quoted: bool = False
    excludes: bool = False
    joins: bool = False
    shouts: bool = False

    @property
    def single(self) -> bool:
        """Whether a single word is wanted, rather than all of a name: a phrase is built word by
        word, and a minus stands before one.
        """
        return self.quoted or self.excludes

    @property
    def terms(self) -> tuple[str, ...]:
        """All words before the fragment."""
        terms = tuple(token.text for token in self.tokens)
        return terms[:-1] if self.fragment else terms

    def complete(self, text: str) -> str:
        """The query with ``text`` in the place of the fragment, the open quotation closed.

        ``text`` begins with the space or hyphen that articles have before it.
        """
        if self.shouts:
            text = text.upper()
        begun = self.lead.rstrip() + text if self.joins else self.lead + text[1:]
        return f'{begun}"' if self.quoted else begun


def read_beginning(q: str, context: SearchContext) -> Beginning | None:
    """The beginning that ``q`` is; ``None`` where it has no word."""
    q = " ".join(q.split()) + (" " if q[-1:].isspace() else "")
    tokens = tokenize(q)
    if not tokens:
        return None
    last = tokens[-1]
    unfinished = last.end == len(q)
    lead = q[: last.start] if unfinished else q
    if not unfinished and not _KEEPS_OPEN.search(lead):
        lead += " "
    quotes = [place for place, character in enumerate(lead) if character in QUOTES]
    quoted = len(quotes) % 2 == 1
    before = lead[: quotes[-1]] if quoted else lead
    operator = _OPERATOR.search(before)
    name = (operator["name"] or "").lower() if operator else ""
    before = before[: operator.start()] if operator else before
    either = ENDS_WITH_EITHER.search(before)
    parsed = parse_query(
        before[: either.start()] if either else before, context.today, context.fields
    )
    if either:
        # Articles need not have what the fragment is an alternative to.
        del parsed.groups[-1:]
    within = tuple(token.text for token in tokenize(lead[quotes[-1] :])) if quoted else ()
    rows = (within,) if within else () if quoted or either else list_rows(parsed)
    fragment = last.text if unfinished else ""
    wanted = list_wanted(parsed) + within
    excludes = operator is not None and operator["sign"] not in (None, "+")
    if fragment and not excludes:
        wanted += (fragment,)
    return Beginning(
        lead=lead,
        fragment=fragment,
        tokens=tuple(tokens[-MAX_WORDS - 1 :]),
        rows=rows,
        base=plan_base(parsed, within, context),
        wanted=wanted[-MAX_WORDS - 1 :],
        scope=SCOPE_NAMES.get(name, Scope.ANYWHERE),
        quoted=quoted,
        excludes=excludes,
        shouts=len(fragment) > 1 and q[last.start :].isupper() and q.isupper(),
    )


def finish(beginning: Beginning, q: str, context: SearchContext) -> Beginning | None:
    """The same with the last word taken for finished."""
    finished = read_beginning(q + " ", context)
    return finished and replace(finished, joins=not beginning.quoted)


def list_rows(parsed: ParsedQuery) -> tuple[tuple[str, ...], ...]:
    """The terms at the end of the query that stand side by side, the longest row first; none but
    function words only where there is nothing else.
    """
    row: tuple[str, ...] = ()
    end = len(parsed.text.rstrip().rstrip(QUOTES))
    for group in reversed(parsed.groups):
        item = group[-1]
        if parsed.text[item.end : end].strip(f" -{QUOTES}") or getattr(item, "prefix", False):
            break
        row = (*(token.text for token in tokenize(item.text)), *row)
        end = item.start
        if len(group) > 1 or len(row) >= _LONGEST_ROW:
            break
    row = row[-_LONGEST_ROW:]
    stopwords = load_stopwords()
    rows = [row[place:] for place in range(len(row)) if not stopwords.issuperset(row[place:])]
    return tuple(rows or [row])[: len(row)]


def list_wanted(parsed: ParsedQuery) -> tuple[str, ...]:
    """The terms of all words that every article must have."""
    items = (group[0] for group in parsed.groups if len(group) == 1)
    return tuple(token.text for item in items for token in tokenize(item.text))


def plan_base(parsed: ParsedQuery, within: tuple[str, ...], context: SearchContext) -> Query:
    """What is asked of articles besides the unfinished word: every other word as it is typed,
    function words aside, and the filters; with ``within`` in a row.
    """
    groups = parsed.groups[-MAX_WORDS:]
    wanted = [make_clause(group) for group in groups if not is_function(group)]
    if within:
        wanted.append(Clause((Word("", (make_row(within),)),)))
    filters, _ = plan_filters(parsed, SearchRequest(), context, [])
    return Query(
        clauses=tuple(wanted),
        excluded=tuple(make_clause((item,)) for item in parsed.excluded[:MAX_WORDS]),
        filters=filters,
        few=0,
        limit=0,
    )


def is_function(group: tuple[Item, ...]) -> bool:
    stopwords = load_stopwords()
    return all(
        not isinstance(item, TypedPhrase)
        and all(token.text in stopwords for token in tokenize(item.text))
        for item in group
    )


def make_clause(group: tuple[Item, ...]) -> Clause:
    """Any of the items, exactly as typed."""
    words = []
    for item in group:
        terms = tuple(token.text for token in tokenize(item.text))
        if getattr(item, "prefix", False) and len(terms) == 1:
            words.append(Word("", (Prefix(terms[0]),), item.scope))
        elif terms:
            words.append(Word("", (make_row(terms),), item.scope))
    return Clause(tuple(words))


def make_row(terms: tuple[str, ...]) -> Term | Phrase:
    """The exact terms in a row."""
    if len(terms) == 1:
        return Term(terms[0], Form.EXACT)
    return Phrase(tuple(Term(term, Form.EXACT) for term in terms))

"""What has been typed so far? The word being typed, and everything before it."""

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

#: Finished words that are looked up together with the last one; longer queries are pasted text.
MAX_WORDS = 8
#: Words directly before the unfinished one that are looked up as a phrase.
_LONGEST_ROW = 3

QUOTES = '"“”„‟«»'
_OPERATOR = re.compile(r"(?P<sign>(?<!\S)[-+]|\b(?:BUKAN|NOT)\s+)?(?:(?P<name>[^\W\d_]+):)?\Z")
ENDS_WITH_EITHER = re.compile(r"(?:\b(?:atau|or)|\|)\s*\Z", re.IGNORECASE)
_KEEPS_OPEN = re.compile(rf"(?:\s|\w-|(?<!\S)[-+]|[({QUOTES}])\Z")


@dataclass(frozen=True, slots=True)
class Beginning:
    """A query whose last word may be unfinished.

    ``lead`` is the text kept as typed before a suggestion. ``fragment`` is the unfinished word,
    folded; empty if the last word is finished. ``tokens`` are all words typed. ``rows`` are the
    terms directly before the fragment, the longest row first; none if an operator intervenes.
    ``base`` matches the articles found by everything before the fragment. ``scope``: the field in
    which the fragment must occur. ``wanted``: the words that articles should contain, without those
    of operators, including the fragment. ``quoted``: a quotation mark is open. ``excludes``: a
    minus precedes the fragment. ``joins``: nothing follows a word that is taken for finished, so
    the next one may be joined to it as articles join it (``covid-19``). ``shouts``: completions
    continue in the capitals of the fragment.
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
        """Whether to suggest a single word rather than a whole name: a phrase grows word by word,
        and a minus applies to one word.
        """
        return self.quoted or self.excludes

    @property
    def terms(self) -> tuple[str, ...]:
        """All words before the fragment."""
        terms = tuple(token.text for token in self.tokens)
        return terms[:-1] if self.fragment else terms

    def complete(self, text: str) -> str:
        """The query with ``text`` in place of the fragment, and the open quotation closed.

        ``text`` begins with the space or hyphen that articles write before it.
        """
        if self.shouts:
            text = text.upper()
        begun = self.lead.rstrip() + text if self.joins else self.lead + text[1:]
        return f'{begun}"' if self.quoted else begun


def read_beginning(q: str, context: SearchContext) -> Beginning | None:
    """The beginning that ``q`` represents, or ``None`` if it has no word."""
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
        # Articles need not contain the alternatives to the fragment.
        del parsed.groups[-1:]
    within = tuple(token.text for token in tokenize(lead[quotes[-1] :])) if quoted else ()
    rows = (within,) if within else () if quoted or either else list_final_rows(parsed)
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
    """The same with the last word treated as finished."""
    finished = read_beginning(q + " ", context)
    return finished and replace(finished, joins=not beginning.quoted)


def list_final_rows(parsed: ParsedQuery) -> tuple[tuple[str, ...], ...]:
    """The adjacent terms at the end of the query, the longest row first; a row of function words
    only as the last resort.
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
    """The terms of all words that every article must contain."""
    items = (group[0] for group in parsed.groups if len(group) == 1)
    return tuple(token.text for item in items for token in tokenize(item.text))


def plan_base(parsed: ParsedQuery, within: tuple[str, ...], context: SearchContext) -> Query:
    """The query for everything but the unfinished word: all other words as typed, function words
    aside, and the filters; with ``within``, as a phrase.
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
    """A disjunction of the items, exactly as typed."""
    words = []
    for item in group:
        terms = tuple(token.text for token in tokenize(item.text))
        if getattr(item, "prefix", False) and len(terms) == 1:
            words.append(Word("", (Prefix(terms[0]),), item.scope))
        elif terms:
            words.append(Word("", (make_row(terms),), item.scope))
    return Clause(tuple(words))


def make_row(terms: tuple[str, ...]) -> Term | Phrase:
    """The exact terms as a phrase."""
    if len(terms) == 1:
        return Term(terms[0], Form.EXACT)
    return Phrase(tuple(Term(term, Form.EXACT) for term in terms))

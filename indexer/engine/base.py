"""What must any engine do? The seam, in terms of articles, terms, filters and facets.

Language analysis happens above the seam, once, so every engine sees the same terms. Nothing
here names Whoosh; nothing above here knows which engine answers.

Two halves. **Write:** a :class:`Writer` takes :class:`AnalysedBatch` es and deletions and commits
them as a new *generation*, all or nothing. **Read:** a :class:`Snapshot` is one immutable
generation: every answer from it agrees with every other.

A *term* has two forms. ``EXACT`` is the word as written after folding (``menyerang``), ``STEM``
what the stemmer makes of it (``serang``). Every token is indexed under both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from indexer.article import Article, Summary
from indexer.own_fields.declaration import OwnFields

Int32Array = npt.NDArray[np.int32]

#: Terms with fewer or more letters are not candidates for approximate matching.
FEWEST_LETTERS, MOST_LETTERS = 3, 32
#: Occurrences in a body that a passage is chosen from; a page-long list of "Jakarta" needs no more.
MOST_IN_PASSAGE = 400

# --- write half -------------------------------------------------------------------------------


class SearchedText(NamedTuple):
    """The texts of one article in which words are found: ``appended`` continues the body, so the
    offsets of its tokens lie beyond the body's end.
    """

    title: str
    body: str
    appended: str = ""


@dataclass(slots=True)
class AnalysedDocument:
    """What an engine needs from one article besides its tokens.

    ``labels`` maps each label facet of :data:`indexer.schema.LABEL_FACETS` to its cleaned values
    (an empty tuple if the article has none), and likewise those of a site's own that it has
    (``label:…``, see :func:`indexer.schema.is_label_facet`). ``published_second`` is seconds since
    1970 UTC, ``published_day`` the day of the date *as written*, in days since 1970-01-01; both
    ``None`` if the article has no date. ``fingerprint`` is 8 bytes that change when anything about
    the article changes; an upsert of the same id and fingerprint is a no-op.

    ``values`` are finite numbers of a site's own by column
    (:func:`indexer.schema.is_value_column`); those of ``date:…`` are days since 1970-01-01 in local
    time as written, the time of day as a fraction. ``title_more`` and ``body_more`` are searched as
    continuations of title and body: offsets of their tokens lie beyond the end. ``title_searched``
    and ``body_searched``: whether the article's own title and body are searched, too.
    """

    article: Article
    labels: dict[str, tuple[str, ...]]
    published_second: int | None
    published_day: int | None
    fingerprint: bytes
    values: dict[str, float] = field(default_factory=dict)
    title_more: str = ""
    body_more: str = ""
    title_searched: bool = True
    body_searched: bool = True

    @property
    def searched_text(self) -> SearchedText:
        """What is searched of the article and in the text appended to it.

        That includes the dateline's place, which was cut from the body's front: readers who type it
        want the articles from there.
        """
        article = self.article
        title = article.title if self.title_searched else ""
        body, place = (article.body, article.place) if self.body_searched else ("", "")
        return SearchedText(
            title=f"{title}\n{self.title_more}" if self.title_more else title,
            body=body,
            appended="\n".join(filter(None, (place, self.body_more))),
        )


@dataclass(slots=True)
class AnalysedBatch:
    """Articles as terms, in columns.

    Tokens of all documents are concatenated in reading order: for each document its title tokens,
    then its body tokens. ``len(token_terms) == len(token_starts) == title_lengths.sum() +
    body_lengths.sum()``.

    ===================  =======  ============================================================
    ``vocabulary``       V str    distinct exact terms; position in the list is the term number
    ``stems``            V str    the stem of each
    ``lower_counts``     V int32  times seen in lower case inside a sentence
    ``capital_counts``   V int32  times seen capitalised inside a sentence (not at its start)
    ``token_terms``      T int32  term number of each token
    ``token_starts``     T int32  character offset of the token in its own title or body
    ``title_lengths``    D int32  tokens in the title
    ``body_lengths``     D int32  tokens in the body
    ``lead_lengths``     D int32  how many of the body's first tokens are its lead
    ===================  =======  ============================================================

    A batch without documents says what stems its ``vocabulary`` has after all batches before it.
    With the next commit that is the last (see :meth:`Writer.commit`) the articles that the writer
    added have them; an engine may give them to all others, too, and sooner.

    ``evidence`` is what the language learned from these articles (names, acronyms and their long
    forms, ...), as JSON-able rows ``[kind, key, value, count]``; engines keep it with the index and
    return it through :meth:`Snapshot.evidence`, summed by (kind, key, value).

    ``lower_counts``, ``capital_counts`` and ``evidence`` belong to the batch as a whole: they are
    summed over the batches committed, except those all of whose documents were unchanged. Deleting
    or replacing single articles does not subtract from them; an engine may forget those of a batch
    when none of its documents is left. ``delete_all`` discards all of them.
    """

    documents: list[AnalysedDocument]
    vocabulary: list[str]
    stems: list[str]
    lower_counts: Int32Array
    capital_counts: Int32Array
    token_terms: Int32Array
    token_starts: Int32Array
    title_lengths: Int32Array
    body_lengths: Int32Array
    lead_lengths: Int32Array
    evidence: list[tuple[str, str, str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """What a commit did, relative to the previous generation; every article id counts once.

    ``added``: not in that generation. ``updated``: replaced. ``unchanged``: added, but already in
    the index, byte for byte. ``deleted``: removed from it. ``put_off``: why parts that should have
    been merged were not, for people; the commit is complete without it.
    """

    generation: int
    added: int
    updated: int
    unchanged: int
    deleted: int
    put_off: str = ""


class Writer(Protocol):
    """The one writer of an index. Use as a context manager: leaving it releases the index.

    Nothing is visible, or survives a crash, before :meth:`commit`; afterwards everything is and
    does. Leaving without a commit drops what was added since the last one.
    """

    @property
    def committed(self) -> Written | None:
        """What the last commit did, or ``None`` before the first. If :meth:`commit` raises or is
        interrupted, this tells whether it succeeded all the same.
        """

    def add(self, batch: AnalysedBatch) -> None:
        """Insert or replace every document of ``batch`` by its article id; the last one wins.

        Of several documents with one id in a batch, all but the last are ignored.
        """

    def skip_unchanged(self, documents: Sequence[AnalysedDocument]) -> list[bool]:
        """For each document whether the next commit would leave this very article, by id and
        fingerprint, in the index.

        If so, adding it would change nothing, so it need not be analysed; the next commit counts it
        as unchanged. A stored article that can no longer be read does not count as the same.
        """

    def delete(self, article_ids: Iterable[str]) -> int:
        """Delete by id; return how many of them were in the index or added since."""

    def delete_all(self) -> None:
        """Delete every article so far, committed or not; those added afterwards stay.

        Afterwards no fingerprint is known: adding the same article stores it anew.

        With :meth:`add` and one :meth:`commit` this is a rebuild: readers keep the old
        generation until the commit swaps in the new one.
        """

    def commit(self, *, more: bool = False, note: str = "") -> Written:
        """Make everything so far durable and visible as a new generation.

        Generation numbers grow. If nothing changed, the generation may stay the same. The writer
        remains usable after a commit. ``more``: further commits will follow, so work that only
        speeds up later searches may wait for the last one. ``note`` becomes the new generation's
        :attr:`Snapshot.note`. Raises IndexNotWritten or IndexTakenOver if nothing was committed,
        IndexNotConfirmed if it was, but may not survive a crash of the machine.
        """

    def optimize(self) -> None:
        """Merge everything into as few parts as possible at the next commit.

        This removes all traces of deleted documents: statistics then count only existing articles.
        """

    def __enter__(self) -> Writer: ...

    def __exit__(self, *exc_info: object) -> None: ...


# --- read half: what is asked -----------------------------------------------------------------


class Form(IntEnum):
    """Which form of a token a term is matched against."""

    EXACT = 0
    STEM = 1


class Scope(IntEnum):
    """The part of an article in which a term must occur."""

    ANYWHERE = 0
    TITLE = 1
    BODY = 2


@dataclass(frozen=True, slots=True)
class Term:
    """One term. ``weight`` scales its frequency in scoring; ``rule`` names its origin (``typed``,
    ``stem``, ``typo``, ``acronym``, ...) for explanations.
    """

    text: str
    form: Form = Form.STEM
    weight: float = 1.0
    rule: str = "typed"


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every exact term that starts with ``text``, treated as one term."""

    text: str
    weight: float = 1.0
    rule: str = "prefix"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Consecutive terms, in order, within one field.

    Each position is a single term; a position may be ``None``: any one token. The terms' own
    weights are ignored. A phrase without any term matches nothing.
    """

    terms: tuple[Term | None, ...]
    weight: float = 1.0
    rule: str = "phrase"


Alternative = Term | Prefix | Phrase


@dataclass(frozen=True, slots=True)
class Word:
    """One thing the person typed, and every way it may appear in an article.

    The scorer treats alternatives as synonyms: their weighted frequencies add up before saturation,
    and the word has one inverse document frequency, that of its most frequent alternative among
    those of the greatest weight. The frequency ``df`` of an alternative is the number of documents
    that contain it within ``scope`` (a prefix: that contain any of its terms). ``boost`` multiplies
    the word's score. A word without alternatives matches nothing.
    """

    typed: str
    alternatives: tuple[Alternative, ...]
    scope: Scope = Scope.ANYWHERE
    boost: float = 1.0


#: The sum over the maximum number of clauses of this worth still fits into 16 bits.
MAX_WORTH = 1_000


@dataclass(frozen=True, slots=True)
class Clause:
    """A disjunction of ``words`` (``a OR b``), usually of a single one. Their scores add up.

    ``required``: counts towards :attr:`Query.minimum` with its ``worth``, a whole number from 1 to
    :data:`MAX_WORTH`. Other clauses only add to the score.
    """

    words: tuple[Word, ...]
    required: bool = True
    worth: int = 1


@dataclass(frozen=True, slots=True)
class LabelFilter:
    """The article has any of ``values`` (cleaned labels) in ``facet``; ``exclude``: has none."""

    facet: str
    values: tuple[str, ...]
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class DateFilter:
    """Published on a day from ``first_day`` to ``last_day``, both included, ``None`` for open.

    Days since 1970-01-01, of the date as written. Articles without a date never pass.
    """

    first_day: int | None = None
    last_day: int | None = None


@dataclass(frozen=True, slots=True)
class RangeFilter:
    """The article's value in ``column`` is from ``low`` to ``high``, both included, ``None`` for
    open. Articles without a value never pass.
    """

    column: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class HasFilter:
    """The article has any label in the facet ``column``, a value in that column, or a date."""

    column: str


@dataclass(frozen=True, slots=True)
class IdFilter:
    """The article has one of these ids."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """The article passes each of ``filters``; without any, every article does."""

    filters: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The article passes at least one of ``filters``; without any, no article does."""

    filters: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The article does not pass ``filter``; this includes articles without a value to compare."""

    filter: Filter


#: The maximum nesting depth of filter expressions.
DEEPEST_FILTER = 200

Filter = LabelFilter | DateFilter | RangeFilter | HasFilter | IdFilter | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """Counts wanted for ``facet``.

    Label facets: the ``limit`` most frequent values, most frequent first, ties by value; then those
    of ``selected`` that are not among them, each once, in the given order, even if the count is 0.
    ``published_at`` and columns of dates: every interval that has articles, oldest first; ``limit``
    and ``selected`` are ignored.
    """

    facet: str
    limit: int = 20
    interval: str = "month"
    selected: tuple[str, ...] = ()


class Sort(IntEnum):
    RELEVANCE = 0
    NEWEST = 1
    OLDEST = 2


@dataclass(frozen=True, slots=True)
class SortBy:
    """By the value in ``column``, or by the label of a facet: labels in the order of their
    case-folded text, using the first if an article has several. Articles without one come last.
    ``then``: the order among equals.
    """

    column: str
    descending: bool = False
    then: SortBy | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """BM25F (Robertson & Zaragoza 2009, section 3.6): weights and length normalisation per field.

    For one word in one document ``tf = Σ_field weight · count / (1 - b + b · length / average)``,
    multiplied by the alternative's weight and summed over the word's alternatives, and ``score =
    boost · idf · tf / (k1 + tf)``, where ``idf = ln(1 + (N - df + 0.5) / (df + 0.5))``. N, df and
    averages are those of the snapshot; an engine may count deleted documents among them until it
    has merged them away. A hit's score is the sum over all words of all clauses, optional ones too,
    that occur in it; clauses that ask for the same thing each count. ``lead_weight`` is *added* to
    ``body_weight`` for occurrences in the body's lead. A phrase counts once for each position it
    starts at, in the lead if its first token is.

    **Recency decay** (off if ``recency_half_life_days`` or ``recency_weight`` is 0): the score is
    multiplied by ``1 + recency_weight / (1 + age / half-life)``, age in days from the article's day
    to ``recency_from_day``, at least 0: half the bonus after one half-life, a third after two, so
    that of two old articles the less old still gains more. Undated articles keep their score.

    **Proximity** (off if ``proximity_weight`` is 0 or there are fewer than two required clauses):
    the best ``rescore_depth`` hits, recency included, are then multiplied by ``1 + proximity_weight
    · closeness`` and sorted again. ``closeness`` is the mean, over each pair of adjacent required
    clauses in the query, of ``1 / d``; d is the least distance between a token of the first and a
    token of the second within the same field: ``p2 - p1`` if the second follows, ``p1 - p2 + 1`` if
    it precedes, 1 if one token is both. ``1 / d`` is 0 if they share no field. A clause's tokens
    are those that :meth:`Snapshot.occurrences` returns for its words.
    """

    k1: float = 1.2
    title_weight: float = 2.5
    lead_weight: float = 0.5
    body_weight: float = 1.0
    title_b: float = 0.4
    body_b: float = 0.6
    proximity_weight: float = 0.0
    rescore_depth: int = 100
    recency_half_life_days: float = 0.0
    recency_weight: float = 0.0
    recency_from_day: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """What the engine is asked.

    A document matches when it passes all ``filters``, satisfies none of ``excluded``, and the
    required clauses that it satisfies are worth at least ``minimum`` together (``None``: it
    satisfies all of them). If fewer than ``few`` documents do, the minimum falls to the greatest
    worth that ``enough`` documents reach or, if there are not that many, to the least worth of
    those that satisfy any clause. So with ``few`` 1 and ``enough`` 1 the best available documents
    match if none satisfies all, and with ``few`` 0 the minimum stays. Without clauses, everything
    that passes the filters matches, with score 0; likewise if all clauses are optional, with their
    score.

    Facet counts of a facet, and statistics of a column, ignore its own *including* filters
    (multi-select drill-sideways; a :class:`DateFilter` belongs to ``published_at``): those among
    ``filters`` themselves, since filters inside :class:`AllOf`, :class:`AnyOf` or :class:`Not`
    narrow all counts, and so do :class:`HasFilter` and :class:`IdFilter`. They require the same
    clause worth as the hits do; without hits, ``minimum``. ``statistics`` names the columns to
    summarise.

    ``collapse``: of the matching articles that tell one story in the same words
    (:mod:`indexer.engine.copies` defines which, among all articles of the snapshot), only the first
    in the requested order is a hit; the others are in its :attr:`Hit.also`. ``offset`` and
    ``limit`` count such hits, so that no story appears on two pages. Totals, facets, scores and the
    order are those of articles, as without.
    """

    clauses: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    filters: tuple[Filter, ...] = ()
    minimum: int | None = None
    few: int = 1
    enough: int = 1
    facets: tuple[FacetRequest, ...] = ()
    statistics: tuple[str, ...] = ()
    sort: Sort | SortBy = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    collapse: bool = False
    ranking: Ranking = field(default_factory=Ranking)


# --- read half: what is answered --------------------------------------------------------------


class Hit(NamedTuple):
    """One matching document. ``ref`` identifies it within its snapshot only.

    ``score`` is 0 if hits are sorted by anything else. ``also``: if the query collapses copies, the
    other matching documents that tell the same story, the earliest first, undated last, ties by
    ref.
    """

    ref: int
    score: float
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueStatistics:
    """The values that ``count`` matching articles have in a column; all 0 if none has one."""

    count: int = 0
    least: float = 0.0
    greatest: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """``total`` and ``facets`` are exact. ``hits`` are those of the requested page, best first.

    Order: by score, or by a column, ties by newer date then by ref; or by date, undated last, ties
    by ref. Dates are compared as instants. ``satisfied`` is the minimum worth that the required
    clauses of a match had to reach, 0 if nothing matches; less than :attr:`Query.minimum` means the
    query was relaxed. ``required`` is the worth of all required clauses. ``complete`` is how many
    of the matches satisfy the query's own minimum. ``stories`` is the number of hits on all pages,
    also exact: ``total`` or, if the query collapses copies, the number of stories. ``facets`` maps
    each requested facet to (value, count) pairs; dates are ``2022-07-20``, ``2022-07`` or ``2022``.
    ``statistics`` maps each requested column to the summary of its values.
    """

    total: int
    stories: int
    hits: list[Hit]
    facets: dict[str, list[tuple[str, int]]]
    satisfied: int
    required: int
    complete: int
    statistics: dict[str, ValueStatistics] = field(default_factory=dict)


class Occurrence(NamedTuple):
    """A token of a document that a query's word matched.

    ``in_title``: title or body. ``position`` counts tokens in that field from 0; ``start`` is the
    character offset there; ``word`` indexes the requested words.
    """

    in_title: bool
    position: int
    start: int
    word: int


class PassageBounds(NamedTuple):
    """Which passage of a body, in characters. Only occurrences that start before ``end`` count, and
    only the first :data:`MOST_IN_PASSAGE` of them; the best stretch consists of some that start
    within ``width``; those are shown that start at most ``reach`` before or after its beginning.
    """

    end: int
    width: int
    reach: int


class Passage(NamedTuple):
    """Where the tokens start that a list of results marks in a document, in characters, ascending,
    each once. See :meth:`Snapshot.passages`.

    ``first`` and ``last`` are those of the first and the last occurrence of the best stretch of the
    body; -1 if it has none.
    """

    in_title: list[int]
    in_body: list[int]
    first: int
    last: int


NO_PASSAGE = Passage([], [], -1, -1)


@dataclass(frozen=True, slots=True)
class Places:
    """The positions of words in some documents, in columns: the rows of
    :meth:`Snapshot.occurrences` for one document after another.

    =============  =======  ==================================================================
    ``documents``  int32    which of the documents asked for, from 0
    ``in_title``   bool     title or body
    ``positions``  int32    token of that field, from 0
    ``words``      int32    which of the words asked for, from 0
    ``idfs``       float64  of each word asked for: its inverse document frequency, as scored with
    =============  =======  ==================================================================
    """

    documents: Int32Array
    in_title: npt.NDArray[np.bool_]
    positions: Int32Array
    words: Int32Array
    idfs: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """How often a term occurs in a snapshot; all zero if it does not."""

    documents: int
    lower: int
    capital: int


class NearTerm(NamedTuple):
    """A term within ``edits`` edits of a word: insertions, deletions, substitutions, and
    transpositions of neighbours. ``documents`` contain it.
    """

    term: str
    documents: int
    edits: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """Why a hit has its score: one alternative of one word. See ``Snapshot.explain``.

    ``term`` is the term's text, ``text*`` for a prefix, the terms separated by spaces for a phrase
    (``*`` for any token). ``form`` is that of the term, or of a phrase's first term; ``EXACT`` for
    a prefix. ``body_count`` includes ``lead_count``. ``weight`` and ``idf`` are the alternative's
    and the word's; ``score`` is its share of the word's score, by frequency. An engine may count no
    further than 65,535 in a body, 255 in a title and 127 in a lead, here and in scores.
    """

    typed: str
    term: str
    rule: str
    form: Form
    title_count: int
    body_count: int
    lead_count: int
    weight: float
    idf: float
    score: float


class Snapshot(Protocol):
    """One immutable generation. Safe to use from several threads. Close after use.

    Every method that searches the index may raise QueryTooCostly, soon after the caller's deadline
    (:mod:`indexer.deadline`); ``search`` does.
    """

    @property
    def generation(self) -> int: ...

    @property
    def identity(self) -> str:
        """A short text that two snapshots share only if they are of the same committed state.

        This holds whichever process or machine opened them. Generation numbers recur in an index
        that was deleted and created again; identities do not.
        """

    @property
    def note(self) -> str:
        """The note of the last commit that had one; empty if none did. Since the note and the
        articles became durable in one step, it tells a writer that was killed what it had done.
        """

    def document_count(self) -> int:
        """Articles in this generation."""

    def search(self, query: Query) -> Answer:
        """The answer to ``query``. Raises UnknownName for an impossible facet, column or interval;
        in a column that was never written, no article has a value.
        """

    def search_each(self, queries: Sequence[Query]) -> list[Answer]:
        """:meth:`search` for each, at once."""

    def article(self, ref: int) -> Article:
        """The stored article of a hit. Raises IndexCorrupt if its bytes are damaged."""

    def articles(self, refs: Sequence[int]) -> list[Article]:
        """Those of several hits, in less time than one by one. Raises the same."""

    def summary(self, ref: int) -> Summary:
        """What a list of results shows of a hit's article; takes a fraction of the time. Raises the
        same.
        """

    def summaries(self, refs: Sequence[int]) -> list[Summary]:
        """Those of several hits, in less time than one by one. Raises the same."""

    def find(self, article_id: str) -> int | None:
        """The ref of the article with this id, or ``None``."""

    def all_articles(self) -> Iterator[Article]:
        """Every article, in no particular order."""

    def copies(self, ref: int) -> list[int]:
        """The other articles that tell this one's story in the same words, in the order of
        :attr:`Hit.also`.
        """

    def resemblance(self, ref: int, other: int) -> float:
        """How much text two articles have in common, from 0 to 1, estimated from their sketches
        (:mod:`indexer.engine.copies`); 0 if either is excluded from comparison.
        """

    def occurrences(self, ref: int, words: Sequence[Word]) -> list[Occurrence]:
        """The document's tokens that any of ``words`` matches, title first, in reading order.

        Words of a phrase are reported only within a match of the whole phrase (without the tokens
        that match ``None``), each token once per requested word, in the order of the words.
        """

    def places(self, refs: Sequence[int], words: Sequence[Word]) -> Places:
        """The positions of any of ``words`` in the documents; for many documents at once."""

    def passages(
        self, refs: Sequence[int], words: Sequence[Word], bounds: Sequence[PassageBounds]
    ) -> list[Passage]:
        """For each document, with its own ``bounds``, where those of :meth:`occurrences` start that
        a list of results shows: all in the title, and of the body those near its best stretch.

        The best stretch is the run of occurrences with the most distinct words, then the most
        occurrences, then the earliest.
        """

    def days(self, refs: Sequence[int]) -> npt.NDArray[np.float64]:
        """The day of each document, since 1970-01-01; NaN where it has none."""

    def explain(self, ref: int, query: Query) -> list[Contribution]:
        """How each alternative that occurs in the document contributes to its score.

        In the order of the query. These contributions sum to the score from words alone. Recency
        and proximity, when on, each have a last row of their own, in this order, with ``rule``
        ``recency`` or ``proximity``, ``weight`` the relative gain and ``score`` the amount it adds,
        so that all rows sum to the score of a hit among the best ``rescore_depth``.
        """

    def statistics(self, text: str, form: Form = Form.EXACT) -> TermStatistics:
        """The statistics of one term; a stem's ``lower`` and ``capital`` are those of its exact
        terms.
        """

    def terms(self, prefix: str = "", *, form: Form = Form.EXACT) -> Iterator[tuple[str, int]]:
        """(term, document frequency) pairs of the terms with this prefix, in code point order.

        Here, and in all methods below that report on terms, an engine may count deleted documents
        until it has merged them away; :meth:`count_having` does not.
        """

    def frequent_terms(self, prefix: str, *, limit: int) -> list[tuple[str, int]]:
        """The exact terms that begin with ``prefix``, most frequent first, ties by term."""

    def near_terms(self, word: str, edits: int) -> list[NearTerm]:
        """The exact terms within one to ``edits`` edits of ``word``, nearest first, then most
        frequent, then by text. Only terms of :data:`FEWEST_LETTERS` to :data:`MOST_LETTERS` letters
        and nothing else; none if ``word`` contains anything but letters, or is longer.
        """

    def vowelled_terms(self, word: str) -> list[str]:
        """The terms that ``word`` becomes by inserting one or more of the vowels ``aiueo`` after
        its first letter, in code point order.
        """

    def known_terms(self, texts: Sequence[str]) -> list[str]:
        """Those of ``texts`` that are exact terms, in the order given; for asking about many."""

    def count_having(self, alternatives: Sequence[Term | Phrase]) -> int:
        """How many documents have all of one or more ``alternatives``."""

    @property
    def distant(self) -> bool:
        """Whether a search or a count takes a request to another machine. Then several are better
        asked for at once.
        """

    def count_having_each(
        self, asked: Sequence[Sequence[Term | Phrase]], expected: Query | None = None
    ) -> list[int]:
        """:meth:`count_having` of each, at once. ``expected``: the query that will probably be
        searched next; what a distant engine wants to know beforehand is asked for along with the
        rest.
        """

    def find_complete(self, query: Query) -> int | None:
        """How many documents satisfy the ``query``'s own minimum; ``None`` if a distant engine
        would have to ask for it, as it need not after ``expected``.
        """

    def evidence(self, kind: str) -> dict[str, list[tuple[str, int]]]:
        """Everything learned from the articles: key -> [(value, count)], greatest count first, ties
        by value.
        """

    def label_counts(self, facet: str) -> list[tuple[str, int]]:
        """Every value of a label facet with its article count, most frequent first,
        ties by value. Raises UnknownName for any other facet."""

    def close(self) -> None: ...

    def __enter__(self) -> Snapshot: ...

    def __exit__(self, *exc_info: object) -> None: ...


class Engine(Protocol):
    """A store of articles. Opening one is cheap; importing it opens nothing."""

    @property
    def fields(self) -> OwnFields:
        """The site's own fields currently declared for this index. Articles are passed to the
        writer with them; earlier articles lack them.
        """

    def writer(self, *, wait_s: float = 0.0) -> Writer:
        """The writer. Raises IndexLocked, naming the holder, if another writer is still active
        after ``wait_s`` seconds.
        """

    def snapshot(self) -> Snapshot:
        """The newest committed generation. Cheap to call for every request."""

    def check(self) -> list[str]:
        """Problems found by reading every byte of the newest generation; empty if it is intact."""

    def describe(self) -> dict[str, Any]:
        """Figures about the index for people: format, generation, parts, bytes, ..."""

    def close(self) -> None: ...

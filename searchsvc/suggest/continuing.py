"""Words to go on with: those that stand right after what is typed in several articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from indexer.engine.base import Clause, Prefix, Query, Scope, Word
from indexer.language.names import is_title
from indexer.language.stopwords import load_stopwords
from indexer.word_list import list_words
from searchsvc.query.context import SearchContext
from searchsvc.suggest.beginning import Beginning
from searchsvc.suggest.memory import recall
from searchsvc.suggest.neighbours import Neighbours, Row, find_neighbours

#: Where so many of the articles with a row go on with the same word, it belongs to the row, and is
#: offered with it; where some do, with and without.
_BELONGS = 0.6
_OFTEN = 0.25
_NEARLY_ALWAYS = 0.9
#: Fewer candidates of a sample are joined by those of another.
_ENOUGH = 3
#: Articles read for one key: no sample more.
_MOST_READ = 200
#: A word this many times as frequent as one that looks like it is what was meant.
_SLIP_TIMES = 4
_SLIP_LETTERS = 6
_TITLE_WEIGHT = 1
#: Names that stand in no title (of those who speak for an office), and verbs as sentences have them
#: (*menyatakan*), are what articles say rather than what they are about.
_UNTITLED_PART = 0.5
VERB_PART = 0.25
#: A verb that nobody has begun to type goes on from words that so many articles have it behind
#: (*cara membuat*).
_LEAST_VERBS = 0.04
_VERB_PREFIXES = ("me", "ber", "ter", "di")
#: Verbs that tell what happened, rather than of what kind something is (*bersubsidi*).
_TELLING_PREFIXES = ("me", "ter", "di")
#: So small a part of the best is not offered.
_LEAST_SCORE = 0.04
#: A function word is offered with the name it opens where so many of the articles have that.
_LEAST_LINKED = 0.05
#: Words that say nothing without the number or name behind them.
INCOMPLETE = list_words(
    "km rp no nomor pukul pasal ayat pt hari ribu juta miliar triliun persen "
    "musim pekan tahun edisi non vs asal jenis"
)
#: Words that turn to what happens.
_TURNS = list_words(
    "tidak tak bukan belum tanpa usai makin semakin kian soal langsung mendadak sebagaimana "
    "berdasarkan"
)
#: Function words inside names: *Kelautan dan Perikanan*.
_LINKS = list_words("dan dalam of the and al bin binti de la")
#: Those that open one: *(Menteri) Dalam Negeri*.
_OPENING_LINKS = list_words("dalam of the al bin binti de la")
#: What people ask for of today: *cuaca hari ini*.
_DAYS = list_words("hari malam pagi sore siang pekan minggu bulan tahun saat")
CLITICS = list_words("nya lah kah pun ku mu")
#: What stands behind a row in fewer of many articles than elsewhere says nothing of it.
_CHANCE_LIFT = 0.5
_MANY_ARTICLES = 30
#: How many times more frequent a word is behind the row than elsewhere, to be of the row's making.
_TELLING_LIFT = 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """``terms`` to go on with, ``written`` as articles write them behind the row, the space or
    hyphen before them included. The greater ``score`` is better.
    """

    terms: Row
    written: str
    score: float


def list_continuations(context: SearchContext, beginning: Beginning) -> list[Candidate]:
    """What stands right after the words typed and begins with the fragment, best first; what
    stands after all of them before what stands after the last.

    Function words are offered only where they belong to a name (*menteri dalam negeri*); no word
    that is there already, in whatever inflection.
    """
    found: dict[Row, Candidate] = {}
    read: list[Neighbours] = []
    for row, base in list_samples(context, beginning):
        if is_enough(found, read):
            return list(found.values())
        neighbours = find_neighbours(context, base, row, beginning.scope)
        read.append(neighbours)
        for one in choose_rows(context, beginning, neighbours, neighbours.least):
            found.setdefault(one.terms, one)
    if not found and beginning.fragment and read and read[-1].articles < _MANY_ARTICLES:
        # A few letters more say which word is meant: here one article that repeats it will do.
        return choose_rows(context, beginning, read[-1], 1)
    return list(found.values())


def is_enough(found: dict[Row, Candidate], read: list[Neighbours]) -> bool:
    """Whether there is enough to offer, or enough has been read."""
    articles = sum(one.articles for one in read)
    best = max((one.score for one in found.values()), default=0.0)
    return len(found) >= _ENOUGH or articles >= _MOST_READ or best > articles * _OFTEN


def list_samples(context: SearchContext, beginning: Beginning) -> Iterator[tuple[Row, Query]]:
    """Rows, the longest first, with what to ask of the articles to read; of many articles a sample
    may miss what is being typed, and those with a title that has a word begun so are asked next.
    """
    base = beginning.base
    for row in beginning.rows:
        if not beginning.fragment and load_stopwords().issuperset(row):
            continue
        yield row, base
        sample = find_neighbours(context, base, row, beginning.scope)
        if beginning.fragment and sample.articles >= _MANY_ARTICLES:
            titled = Clause((Word("", (Prefix(beginning.fragment),), Scope.TITLE),))
            yield row, replace(base, clauses=(*base.clauses, titled))


def choose_rows(
    context: SearchContext, beginning: Beginning, neighbours: Neighbours, least: int
) -> list[Candidate]:
    """The rows worth offering that ``least`` articles have, best first."""
    typed = {find_stem(context, term) for term in beginning.terms}
    last = beginning.terms[-1] if beginning.terms else ""
    weighed = [
        weigh(context, neighbours, terms, last)
        for terms in list_rows(context, beginning, neighbours, least)
        if not repeats(context, leave_doubled(context, neighbours, last, terms), typed)
    ]
    candidates = sorted(
        (
            replace(one, score=find_best_score(one, weighed))
            for one in weighed
            if one.score and (beginning.fragment or not is_told(context, neighbours, one.terms))
        ),
        key=lambda one: (-one.score, one.terms),
    )
    return [
        one
        for place, one in enumerate(candidates)
        if one.score >= candidates[0].score * _LEAST_SCORE
        and not any(is_slip(context, one, better) for better in candidates[:place])
    ]


def find_best_score(one: Candidate, others: list[Candidate]) -> float:
    """The best score of the candidate and those that go on from it: what speaks for them speaks for
    it.
    """
    length = len(one.terms)
    return max(other.score for other in others if other.terms[:length] == one.terms)


def is_slip(context: SearchContext, one: Candidate, better: Candidate) -> bool:
    """Whether the first word of ``one`` is that of ``better`` misspelt, or run together with a
    clitic or with another word.
    """
    first, other = one.terms[0], better.terms[0]
    if first.startswith(other) and first[len(other) :] in CLITICS:
        return True
    if is_run_together(context, first, other):
        return True
    rarer = first != other and one.score * _SLIP_TIMES <= better.score
    return rarer and len(first) >= _SLIP_LETTERS and OSA.distance(first, other, score_cutoff=1) == 1


def is_run_together(context: SearchContext, term: str, first: str) -> bool:
    """Whether the term is ``first`` and a far more frequent word without the space between."""
    rest = term.removeprefix(first)
    return rest != term and context.count(rest) > context.count(term) * _SLIP_TIMES


def list_rows(
    context: SearchContext, beginning: Beginning, neighbours: Neighbours, least: int
) -> Iterator[Row]:
    """The rows of terms after the row that are worth offering, each once."""
    stopwords = load_stopwords() | context.dictionary.stopwords
    before = beginning.terms[-1:]
    seen: set[Row] = set()
    for first in list_firsts(neighbours):
        if not first[0].startswith(beginning.fragment) or is_amount(neighbours, first):
            continue
        if is_title(first[0]):
            # *Polri Brigjen ...*: the one who speaks, not what people go on with.
            continue
        for row in list_longer(context, neighbours, first, beginning):
            ended = strip_end(context, row, neighbours.written[row], stopwords, before)
            if not ended or ended in seen or neighbours.counts[ended] < least:
                continue
            seen.add(ended)
            if (
                ended[0] not in stopwords
                or is_today((*before, *ended))
                or belongs(neighbours, ended)
            ):
                yield ended


def list_firsts(neighbours: Neighbours) -> Iterator[Row]:
    """The single words behind the row; of initials, what stands with them (*U-23*)."""
    for first in neighbours.longer.get((), ()):
        if is_initial(first[0]):
            joined = f"{neighbours.written[first]}-"
            longer = neighbours.longer.get(first, ())
            yield from (row for row in longer if neighbours.written[row].startswith(joined))
        else:
            yield first


def list_longer(
    context: SearchContext, neighbours: Neighbours, first: Row, beginning: Beginning
) -> list[Row]:
    """The word alone, where it is said alone or a single word is wanted, and with what belongs
    behind it.
    """
    if beginning.excludes:
        return [first]
    alone = beginning.single or not is_part(context, neighbours, first)
    return [*([first] if alone else []), *extend(neighbours, first)]


def is_part(context: SearchContext, neighbours: Neighbours, first: Row) -> bool:
    """Whether a word is never said without what stands behind it, as far as many articles tell, or
    a hyphen joins the two.
    """
    best = next(iter(neighbours.longer.get(first, ())), first)
    part = neighbours.counts[best] / neighbours.counts[first] if best != first else 0.0
    if neighbours.written[best][len(neighbours.written[first]) :].startswith("-"):
        return part >= _BELONGS
    bound = _BELONGS if context.is_name(first[0]) else _NEARLY_ALWAYS
    return part >= bound and neighbours.articles >= _MANY_ARTICLES


def is_amount(neighbours: Neighbours, first: Row) -> bool:
    """Whether a number is one of something: *2 gram*, rather than *Liga 2* or *2019*."""
    number = first[0]
    if not number[0].isdigit() or "-" in neighbours.written[first][:1] or is_year(number):
        return False
    longer = sum(neighbours.counts[row] for row in neighbours.longer.get(first, ()))
    return not number.isdigit() or longer >= neighbours.counts[first] * _OFTEN


def extend(neighbours: Neighbours, row: Row) -> Iterator[Row]:
    """The row with what belongs behind it; and itself, where that is not always there."""
    counts = neighbours.counts
    best = next(iter(neighbours.longer.get(row, ())), row)
    part = counts[best] / counts[row] if best != row else 0.0
    if part < _BELONGS:
        yield row
    if part >= _OFTEN:
        yield from extend(neighbours, best)


def strip_end(
    context: SearchContext, row: Row, written: str, stopwords: frozenset[str], before: Row = ()
) -> Row:
    """What of the row can stand as a query behind ``before``: up to a function word that links no
    name, a number that is no year or a verb that tells, and without words at its end that call for
    another.
    """
    for place in range(1, len(row)):
        if not goes_on(context, row, place, written, stopwords):
            row = row[:place]
            break
    while row and not is_today((*before, *row)):
        if not calls_for_more(row[-1], stopwords):
            break
        row = row[:-1]
    return row


def calls_for_more(term: str, stopwords: frozenset[str]) -> bool:
    """Whether nobody ends a query with the term: a function word, a unit, an initial, a title."""
    return (
        is_function(term, stopwords)
        or term in INCOMPLETE
        or term in _TURNS
        or is_initial(term)
        or is_title(term)
    )


def is_function(term: str, stopwords: frozenset[str]) -> bool:
    """Whether the term is a function word, perhaps said twice (*lagi-lagi*)."""
    first, _, second = term.partition("-")
    return term in stopwords or (first in stopwords and second.startswith(first))


def goes_on(
    context: SearchContext, row: Row, place: int, written: str, stopwords: frozenset[str]
) -> bool:
    """Whether what stands before ``place`` goes on with the word there."""
    term, before = row[place], row[place - 1]
    if before[0].isdigit():
        return False
    if term[0].isdigit():
        return is_year(term) or f"-{term}" in written
    if term in _TURNS:
        return False
    if is_function(term, stopwords):
        return term in _LINKS or (before in _DAYS and term == "ini")
    return not term.startswith(_TELLING_PREFIXES) or not is_verb(context, term)


def is_initial(term: str) -> bool:
    """Whether the term is a single letter: an initial."""
    return len(term) == 1 and term.isalpha()


def belongs(neighbours: Neighbours, row: Row) -> bool:
    """Whether a good part of what begins like the row goes on like it, and with a word."""
    often = neighbours.counts[row] >= max(
        neighbours.counts[row[:1]] * _BELONGS, neighbours.articles * _LEAST_LINKED
    )
    return often and row[0] in _OPENING_LINKS and not row[1][0].isdigit()


def weigh(context: SearchContext, neighbours: Neighbours, terms: Row, last: str) -> Candidate:
    """What stands behind ``last``: by how many of the articles have it, those with it in their
    title counting more; less, down to nothing, where its words stand as often anywhere else. Names
    say something everywhere.
    """
    count, titles = neighbours.counts[terms], neighbours.titles[terms]
    written = neighbours.written[terms]
    if is_initial(terms[0]) and "-" not in written[:3]:
        return Candidate(terms, written, 0.0)
    score = float(count + _TITLE_WEIGHT * titles)
    score *= VERB_PART if is_verb(context, terms[0]) else 1.0
    if context.is_name(terms[0]):
        score *= 1.0 if titles else _UNTITLED_PART
    elif not is_today((last, *terms)):
        everywhere = min(map(context.count, terms)) / context.snapshot.document_count()
        lift = count / neighbours.articles / everywhere if everywhere else _TELLING_LIFT
        by_chance = lift < _CHANCE_LIFT and neighbours.articles >= _MANY_ARTICLES
        score *= 0.0 if by_chance else min(1.0, lift / _TELLING_LIFT) ** 2
    return Candidate(terms, written, score)


def is_verb(context: SearchContext, term: str) -> bool:
    """Whether the term is made like a verb."""
    return (
        term.startswith(_VERB_PREFIXES)
        and not context.is_name(term)
        and find_stem(context, term) != term
    )


def is_told(context: SearchContext, neighbours: Neighbours, terms: Row) -> bool:
    """Whether the row is a verb that a few of many articles happen to have there."""
    few = neighbours.counts[terms] < neighbours.articles * _LEAST_VERBS
    return few and neighbours.articles >= _MANY_ARTICLES and is_verb(context, terms[0])


def is_year(term: str) -> bool:
    """Whether the term may be a year."""
    return len(term) == 4 and term.isdigit()


def is_today(row: Row) -> bool:
    """Whether the row ends with *hari ini* or the like."""
    return len(row) > 1 and row[-2] in _DAYS and row[-1] == "ini"


def repeats(context: SearchContext, terms: Row, typed: set[str]) -> bool:
    """Whether a word of ``terms`` has a stem that is among ``typed`` or there twice."""
    stems = [find_stem(context, term) for term in terms]
    return not typed.isdisjoint(stems) or len(set(stems)) < len(stems)


def leave_doubled(context: SearchContext, neighbours: Neighbours, last: str, terms: Row) -> Row:
    """``terms``, which stand behind ``last``, without words that belong behind themselves, as in
    *Ayu Ting Ting*.
    """
    kept: Row = ()
    for place, term in enumerate(terms):
        before = neighbours.counts[terms[:place]] if place else neighbours.articles
        often = neighbours.counts[terms[: place + 1]] >= before * _BELONGS
        if not (often and term == (terms[place - 1] if place else last) and context.is_name(term)):
            kept += (term,)
    return kept


def find_stem(context: SearchContext, term: str) -> str:
    """The stem of an exact term."""

    def find() -> str:
        analysed = context.analyzer.analyse_text(term)
        return analysed[0][1] if analysed else term

    return recall(context.knowledge, "stem", term, find)

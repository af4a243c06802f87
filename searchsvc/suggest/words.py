"""What kind of word is it? Properties of single words that suggestions depend on."""

from __future__ import annotations

from indexer.language.names import is_title
from indexer.word_list import list_words
from searchsvc.query.context import SearchContext
from searchsvc.suggest.memory import recall
from searchsvc.suggest.neighbours import Row

#: A word this many times as frequent as a similar one is the intended spelling.
SLIP_TIMES = 4
_VERB_PREFIXES = ("me", "ber", "ter", "di")
CLITICS = list_words("nya lah kah pun ku mu")
#: Words that mean little without the number or name that follows.
INCOMPLETE = list_words(
    "km rp no nomor pukul pasal ayat pt hari ribu juta miliar triliun persen "
    "musim pekan tahun edisi non vs asal jenis"
)
#: Words that introduce an event.
TURNS = list_words(
    "tidak tak bukan belum tanpa usai makin semakin kian soal langsung mendadak sebagaimana "
    "berdasarkan"
)
#: What people ask about today: *cuaca hari ini*.
DAYS = list_words("hari malam pagi sore siang pekan minggu bulan tahun saat")


def find_stem(context: SearchContext, term: str) -> str:
    """The stem of an exact term."""

    def find() -> str:
        analysed = context.analyzer.analyse_text(term)
        return analysed[0][1] if analysed else term

    return recall(context.knowledge, "stem", term, find)


def is_verb(context: SearchContext, term: str) -> bool:
    """Whether the term has the form of an inflected verb."""
    return (
        term.startswith(_VERB_PREFIXES)
        and not context.is_name(term)
        and find_stem(context, term) != term
    )


def is_run_together(context: SearchContext, term: str, first: str) -> bool:
    """Whether the term is ``first`` joined to a far more frequent word."""
    rest = term.removeprefix(first)
    return rest != term and context.count(rest) > context.count(term) * SLIP_TIMES


def calls_for_more(term: str, stopwords: frozenset[str]) -> bool:
    """Whether a query cannot sensibly end with the term: a function word, a unit, an initial, a
    title.
    """
    return (
        is_function(term, stopwords)
        or term in INCOMPLETE
        or term in TURNS
        or is_initial(term)
        or is_title(term)
    )


def is_function(term: str, stopwords: frozenset[str]) -> bool:
    """Whether the term is a function word, perhaps reduplicated (*lagi-lagi*)."""
    first, _, second = term.partition("-")
    return term in stopwords or (first in stopwords and second.startswith(first))


def is_initial(term: str) -> bool:
    """Whether the term is a single letter: an initial."""
    return len(term) == 1 and term.isalpha()


def is_year(term: str) -> bool:
    """Whether the term may be a year."""
    return len(term) == 4 and term.isdigit()


def is_today(row: Row) -> bool:
    """Whether the row ends with *hari ini* or similar."""
    return len(row) > 1 and row[-2] in DAYS and row[-1] == "ini"

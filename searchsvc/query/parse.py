"""What are the parts of a typed query? Words, phrases, exclusions, filters, dates.

The parser is lenient and total. Whatever cannot be an operator is a word, whatever was dropped or
interpreted differently than typed is said in a note, and no string raises. It knows nothing of the
index: :mod:`searchsvc.query.plan` decides what the words may match. ``docs/query-language.md``
describes the language for people.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from difflib import get_close_matches
from functools import lru_cache

from indexer.calendar import find_today
from indexer.engine.base import RangeFilter, Scope
from indexer.own_fields.declaration import NO_FIELDS, OwnFields, OwnType
from indexer.schema import FIELDS, Kind
from searchsvc.limits import MAX_PREFIXES, MAX_QUERY_CHARACTERS, MAX_QUERY_WORDS, MIN_PREFIX_LETTERS
from searchsvc.query.odd_marks import (
    EMPTY_QUOTES,
    EXCLUDED_GROUP,
    FUZZY,
    QUOTES,
    STAR_EXCLUDED,
    STAR_IN_QUOTES,
    has_star,
    is_fuzzy,
    trim_word,
)
from searchsvc.query.own_ranges import read_range
from searchsvc.query.periods import read_period
from searchsvc.query.relative_dates import Period
from searchsvc.request import Note


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A word as typed, without operators; ``[start:end]`` of the query. ``prefix``: ``kata*``."""

    text: str
    start: int
    end: int
    scope: Scope = Scope.ANYWHERE
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class TypedPhrase:
    """The text between quotation marks; ``[start:end]`` of the query without the marks."""

    text: str
    start: int
    end: int
    scope: Scope = Scope.ANYWHERE


Item = TypedWord | TypedPhrase


@dataclass(frozen=True, slots=True)
class TypedFilter:
    """``penulis:budi``: ``label`` as typed in the facet ``facet``; including its quotation marks,
    ``[start:end]`` of the query. ``others``: labels of the same facet joined to it by ``atau``, as
    alternatives.
    """

    facet: str
    label: str
    exclude: bool = False
    others: tuple[str, ...] = ()
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def labels(self) -> tuple[str, ...]:
        return (self.label, *self.others)


@dataclass(slots=True)
class ParsedQuery:
    """A query's parts, each list in the order typed.

    ``groups``: each is one required item, either a single item or several alternatives joined by
    ``atau``. ``excluded``: the article must contain none of these. ``first_day`` and ``last_day``
    are inclusive; ``None`` is open. ``ranges``: of a site's own fields.
    """

    text: str
    groups: list[tuple[Item, ...]] = field(default_factory=list)
    excluded: list[Item] = field(default_factory=list)
    filters: list[TypedFilter] = field(default_factory=list)
    first_day: date | None = None
    last_day: date | None = None
    ranges: list[RangeFilter] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def says_anything(self) -> bool:
        """Whether it says which articles are wanted, not only which are not."""
        filters = self.filters or self.ranges
        return bool(self.groups or filters or self.first_day or self.last_day)


def _read_before(period: Period) -> tuple[date | None, date | None]:
    return None, period.first - timedelta(days=1)


def _read_from(period: Period) -> tuple[date | None, date | None]:
    return period.first, None


def _read_until(period: Period) -> tuple[date | None, date | None]:
    return None, period.last


def _read_within(period: Period) -> tuple[date | None, date | None]:
    return period.first, period.last


#: Names before the colon of a date, and the (first, last) day that each sets. As in other search
#: engines ``sesudah:2022-07 sebelum:2022-08`` is July: from a period on, and up to one.
DATE_NAMES: dict[str, Callable[[Period], tuple[date | None, date | None]]] = {
    **dict.fromkeys(("sebelum", "before"), _read_before),
    **dict.fromkeys(("sesudah", "setelah", "sejak", "after", "since"), _read_from),
    **dict.fromkeys(("hingga", "sampai", "until"), _read_until),
    **dict.fromkeys(("tanggal", "date"), _read_within),
}

#: Names of text fields -> the scope of the word, and of facets -> the facet. The last of each are
#: those that search engines of the web have.
SCOPE_NAMES: dict[str, Scope] = {
    name: scope
    for spec in FIELDS
    for scope in ({"title": Scope.TITLE, "body": Scope.BODY}.get(spec.name),)
    if scope is not None
    for name in spec.query_names
} | {"intitle": Scope.TITLE, "intext": Scope.BODY}
FACET_NAMES: dict[str, str] = {
    name: spec.name
    for spec in FIELDS
    if spec.facet and spec.kind is not Kind.DATE
    for name in (*spec.query_names, spec.name)
} | {"site": "source"}
FIELD_NAMES = (*SCOPE_NAMES, *FACET_NAMES, *DATE_NAMES)

_LEXEME = r"""
    (?P<sign>[-+](?=[^\s+-]))?
    (?: (?P<name>OWN[^\W\d_]+):(?=[^\s:/]) )?
    (?: \\*[{QUOTES}](?P<quoted>[^{QUOTES}]*)[{QUOTES}]
      | \\+
      | (?P<bare>[^\s()|]+)
      | (?P<bar>\|+)
      | [()]
    )
    """.replace("{QUOTES}", QUOTES)
_HAS_WORD = re.compile(r"[^\W_]")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_EITHER = frozenset(["atau", "or"])
_BOTH = frozenset(["DAN", "AND"])
_NOT = frozenset(["BUKAN", "NOT"])


@lru_cache(8)
def _compile_lexeme(fields: OwnFields) -> re.Pattern[str]:
    """Names of a site's own fields may contain digits and underscores."""
    own = "".join(f"{re.escape(field.name)}(?=:)|" for field in fields.find("filter"))
    return re.compile(_LEXEME.replace("OWN", own), re.VERBOSE | re.IGNORECASE)


def parse_query(text: str, today: date | None = None, fields: OwnFields = NO_FIELDS) -> ParsedQuery:
    """The parts of ``text``. Total: any string has a result, and equal strings equal ones.

    Labels of ``fields``, the site's own, are typed like built-in ones, their numbers and dates as
    ranges: ``harga:1000..5000``. Dates such as ``tanggal:kemarin`` count from ``today``, by default
    the current day.

    >>> parsed = parse_query('serangan "bom bunuh diri" -hoaks lokasi:Jakarta')
    >>> [item.text for group in parsed.groups for item in group]
    ['serangan', 'bom bunuh diri']
    >>> parsed.excluded[0].text, parsed.filters[0].facet
    ('hoaks', 'place')
    """
    return _Parser(text, today or find_today(), fields).parse()


class _Parser:
    """The state of one parse, left to right."""

    def __init__(self, text: str, today: date, fields: OwnFields) -> None:
        self.today = today
        self.fields = fields
        own = {name: fields.column(name) for name in fields.label_filters}
        self.facet_names = {**FACET_NAMES, **own} if own else FACET_NAMES
        # A site may have fields of its own by the names of the web.
        self.ranges = {field.name: field for field in fields.ranges}
        self.field_names = (*FIELD_NAMES, *own, *self.ranges)
        self.parsed = ParsedQuery(text)
        self.text = text[:MAX_QUERY_CHARACTERS]
        # If everything is in capitals, BUKAN is a word like the others.
        self.shouting = sum(map(str.isupper, self.text)) > 3 and self.text == self.text.upper()
        self.words = 0
        self.prefixes = 0
        self.join_next = False
        # Whether the last item was a filter or a date; ``None`` before the first.
        self.after_filter: bool | None = None
        self.exclude_next = False
        self.noted: set[str] = set()

    def parse(self) -> ParsedQuery:
        if len(self.parsed.text) > MAX_QUERY_CHARACTERS:
            self.note_truncated()
        for match in _compile_lexeme(self.fields).finditer(self.text):
            if self.words >= MAX_QUERY_WORDS:
                self.note_truncated()
                break
            self.read_lexeme(match)
        if self.exclude_next:
            self.note("ignored_operator", "Operator BUKAN tanpa kata sesudahnya diabaikan.")
        return self.parsed

    def note(self, code: str, message: str, *, key: str = "", query: str = "") -> None:
        """Add a note, once for each ``key``."""
        if (code + key) not in self.noted:
            self.noted.add(code + key)
            self.parsed.notes.append(Note(code, message, query))

    def note_odd(self, note: Note) -> None:
        """Add a note on signs, once."""
        self.note(note.code, note.message, key=note.message)

    def note_truncated(self) -> None:
        self.note("truncated", "Pencarian terlalu panjang; hanya bagian awalnya yang dipakai.")

    def read_lexeme(self, match: re.Match[str]) -> None:
        if match["bar"]:
            self.join_next = self.after_filter is not None
            return
        sign = match["sign"] or ""
        name = (match["name"] or "").lower()
        quoted = match["quoted"]
        if quoted is None and match["bare"] is None:
            if sign == "-":
                self.note_odd(EXCLUDED_GROUP)
            return
        bare = match["bare"] or ""
        if bare and match.start() and is_fuzzy(bare, self.text[match.start() - 1]):
            self.note_odd(FUZZY)
            return
        if not name and quoted is None and not sign and self.read_operator(bare, match.end()):
            return
        exclude = (sign == "-" and self.may_exclude(match)) or self.exclude_next
        self.exclude_next = False
        if name and name not in self.field_names:
            self.note_unknown_field(name)
            self.add_word(match["name"], match.start("name"), exclude=exclude)
            name = ""
        self.add_value(match, name, exclude=exclude)

    def add_value(self, match: re.Match[str], name: str, *, exclude: bool) -> None:
        """Add a word or a phrase, after the field ``name`` unless that is empty."""
        quoted = match["quoted"]
        value = match["bare"] or "" if quoted is None else quoted
        start = match.start("bare") if quoted is None else match.start("quoted")
        if name in self.ranges:
            self.add_range(name, value, start, exclude=exclude)
        elif name in self.facet_names:
            span = match.end("name") + 1, match.end()
            self.add_filter(self.facet_names[name], value, span, exclude=exclude)
        elif name in DATE_NAMES:
            self.add_date(name, value, start)
        else:
            scope = SCOPE_NAMES.get(name, Scope.ANYWHERE)
            if quoted is None:
                self.add_word(value, start, exclude=exclude, scope=scope)
            else:
                self.add_phrase(value, start, exclude=exclude, scope=scope)

    def read_operator(self, bare: str, end: int) -> bool:
        """Whether ``bare`` is an operator here; if so, it has been applied."""
        if bare[-1:] == ":" and bare[:-1].lower() in self.field_names:
            self.note_space(bare, end)
            return False
        if bare.lower() in _EITHER:
            if self.after_filter is None or not _HAS_WORD.search(self.text, end):
                return False
            self.join_next = True
            return True
        if self.shouting:
            return False
        if bare in _BOTH:
            return bool(self.parsed.groups) and _HAS_WORD.search(self.text, end) is not None
        if bare in _NOT and _HAS_WORD.search(self.text, end):
            self.exclude_next = True
            return True
        return False

    def may_exclude(self, match: re.Match[str]) -> bool:
        """Whether a minus excludes: in ``covid -19`` and ``2 -1`` it does not."""
        named = match["quoted"] is not None or match["name"] is not None
        return named or _HAS_LETTER.search(match["bare"]) is not None

    def add_word(
        self, text: str, start: int, *, exclude: bool, scope: Scope = Scope.ANYWHERE
    ) -> None:
        trimmed = trim_word(text)
        for note in trimmed.notes:
            self.note_odd(note)
        bare, start = trimmed.text, start + trimmed.start
        letters = len(_HAS_WORD.findall(bare))
        if not letters:
            return
        stars = trimmed.stars
        prefix = stars > 0 and letters >= MIN_PREFIX_LETTERS and bare[-1].isalnum()
        if stars and not prefix:
            self.note(
                "ignored_operator",
                f"Tanda * perlu sedikitnya {MIN_PREFIX_LETTERS} huruf di depannya; diabaikan.",
            )
        elif prefix and self.prefixes == MAX_PREFIXES:
            prefix = False
            self.note(
                "ignored_operator",
                f"Paling banyak {MAX_PREFIXES} kata dengan tanda *; selebihnya kata biasa.",
                key="many",
            )
        self.prefixes += prefix
        self.add(TypedWord(bare, start, start + len(bare), scope, prefix), exclude=exclude)

    def add_phrase(self, text: str, start: int, *, exclude: bool, scope: Scope) -> None:
        if not _HAS_WORD.search(text):
            self.note_odd(EMPTY_QUOTES)
        elif has_star(text) and not exclude:
            self.note_odd(STAR_IN_QUOTES)
            for match in re.finditer(r"\S+", text):
                self.add_word(match[0], start + match.start(), exclude=False, scope=scope)
        else:
            if has_star(text):
                self.note_odd(STAR_EXCLUDED)
            self.words += text.count(" ")
            self.add(TypedPhrase(text, start, start + len(text), scope), exclude=exclude)

    def add(self, item: Item, *, exclude: bool) -> None:
        self.words += 1
        groups = self.parsed.groups
        if self.join_next and self.after_filter:
            self.note_not_joined()
            self.join_next = False
        if exclude:
            self.parsed.excluded.append(item)
        elif self.join_next and groups:
            groups[-1] = (*groups[-1], item)
        else:
            groups.append((item,))
        self.join_next = False
        self.after_filter = False

    def add_filter(self, facet: str, label: str, span: tuple[int, int], *, exclude: bool) -> None:
        label = label.strip(QUOTES).strip()
        if not _HAS_WORD.search(label):
            return
        self.words += 1
        filters = self.parsed.filters
        last = filters[-1] if self.after_filter and filters else None
        if self.join_next and last and not exclude and (last.facet, last.exclude) == (facet, False):
            filters[-1] = replace(last, others=(*last.others, label))
        else:
            if self.join_next:
                self.note_not_joined()
            filters.append(TypedFilter(facet, label, exclude, (), *span))
        self.join_next = False
        self.after_filter = True

    def note_not_joined(self) -> None:
        self.note(
            "ignored_operator",
            "“atau” hanya berlaku antara kata atau antara isi bidang yang sama "
            "(kategori:hukum atau kategori:politik); dicari artikel yang memenuhi keduanya.",
            key="joined",
        )

    def add_date(self, name: str, value: str, start: int) -> None:
        period = _read_range(value.strip(QUOTES), self.today)
        if period is None:
            self.note(
                "invalid_date",
                f"“{value}” bukan tanggal yang dikenal; tulis misalnya {name}:2022-07-20.",
                key=value,
            )
            self.add_word(value, start, exclude=False)
            return
        if self.join_next:
            self.note_not_joined()
        self.join_next = False
        self.after_filter = True
        first, last = DATE_NAMES[name](period)
        parsed = self.parsed
        if first is not None:
            parsed.first_day = first if parsed.first_day is None else max(first, parsed.first_day)
        if last is not None:
            parsed.last_day = last if parsed.last_day is None else min(last, parsed.last_day)

    def add_range(self, name: str, value: str, start: int, *, exclude: bool) -> None:
        field = self.ranges[name]
        if exclude:
            message = f"“{name}:” tidak dapat dikecualikan; tulis rentang yang dicari."
            self.note("ignored_operator", message, key=name)
            return
        found = read_range(field, value.strip(QUOTES), self.today)
        if found is None:
            wanted = "tanggal" if field.type is OwnType.DATE else "bilangan"
            example = "2022-07..2022-09" if field.type is OwnType.DATE else "1000..5000"
            message = f"“{value}” bukan {wanted}; tulis misalnya {name}:{example}."
            self.note("invalid_range", message, key=value)
            self.add_word(value, start, exclude=False)
            return
        if self.join_next:
            self.note_not_joined()
        self.join_next = False
        self.after_filter = True
        self.words += 1
        self.parsed.ranges.append(found)

    def note_space(self, name: str, end: int) -> None:
        """Note that a space separates the value of a field from its name."""
        rest = self.text[end:]
        value = rest.lstrip()
        if value != rest and _HAS_WORD.match(value.lstrip(QUOTES)):
            offered = f"{self.text[:end]}{value}"
            message = f"Sesudah titik dua tidak ada spasi. Maksud Anda {offered}?"
            self.note("ignored_operator", message, key=name, query=offered)

    def note_unknown_field(self, name: str) -> None:
        near = get_close_matches(name, self.field_names, n=1)
        hint = f" Maksud Anda {near[0]}:?" if near else ""
        self.note(
            "unknown_field", f"“{name}:” bukan nama bidang; dicari sebagai kata.{hint}", key=name
        )


def _read_range(value: str, today: date) -> Period | None:
    """The days of one date, or of two with ``..`` between them."""
    first, dots, last = value.partition("..")
    start = read_period(first, today)
    end = read_period(last, today) if dots else start
    if start is None or end is None:
        return None
    return Period(start.first, end.last)

"""What does a filter mean? Parses Meilisearch's expressions into a tree.

::

    genre = 'sci fi' AND (price < 20 OR NOT rating 1 TO 3) AND tags IN [a, b] AND cover IS NOT NULL

A recursive descent parser: ``OR`` binds loosest, then ``AND``, then ``NOT``. A word consists of
letters, digits, ``_``, ``-`` and ``.``; anything else must be quoted, with quotes inside escaped by
a backslash. Error messages are Meilisearch's, with the columns of the offending part.

Source of the grammar: Meilisearch's documentation, "Filter expression reference".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from indexer.deadline import check_deadline

#: Maximum nesting depth of expressions, counting each grammar rule entered.
_DEEPEST: Final = 150
_OPERATIONS: Final = (
    "`=`, `!=`, `>=`, `>`, `<=`, `<`, `IN`, `NOT IN`, `TO`, `EXISTS`, `NOT EXISTS`, `IS NULL`, "
    "`IS NOT NULL`, `IS EMPTY`, `IS NOT EMPTY`, `CONTAINS`, `NOT CONTAINS`, `STARTS WITH`, "
    "`NOT STARTS WITH`, `_geoRadius`, `_geoBoundingBox` or `_geoPolygon`"
)
_KEYWORDS: Final = frozenset(
    (
        *("AND", "OR", "IN", "NOT", "TO", "EXISTS", "IS", "NULL", "EMPTY", "CONTAINS", "STARTS"),
        *("WITH", "_geoRadius", "_geoBoundingBox", "_geoPolygon"),
    )
)
_GEO_OPERATIONS: Final = ("_geoRadius", "_geoBoundingBox", "_geoPolygon")
_GEO_RESERVED: Final = ("_geoPoint", "_geoDistance", "_geo")
#: Words that mean something else than themselves in some places.
_SPECIAL: Final = _KEYWORDS.union(_GEO_RESERVED, ("_foreign",))
_SPACE: Final = re.compile(r"\s*")
_WORD: Final = re.compile(r"[\w.\-]+")
#: An attribute or a value, if it is a word or has no escapes; almost all are.
_PLAIN: Final = r"""([\w.\-]+|'[^'\\]*'|"[^"\\]*")"""
_PLAIN_VALUE: Final = re.compile(rf"\s*{_PLAIN}\s*")
#: ``genre = 'sci fi'`` in one step.
_PLAIN_COMPARISON: Final = re.compile(rf"\s*{_PLAIN}\s*(<=|>=|!=|<|>|=)\s*{_PLAIN}\s*")
_ODD_WORD: Final = re.compile(r"[^\s()=<>!]*")
_COMPARISON: Final = re.compile(r"<=|>=|!=|<|>|=")
_TO: Final = re.compile(r"TO\s")
#: Whole words, with the spaces around them.
_TAKEN: Final = {
    word: re.compile(rf"\s*{word}(?![\w.\-])\s*") for word in ("OR", "AND", "NOT", "IN")
}
#: What may follow an attribute: the operator, and whether it is negated.
_BEHIND: Final = (
    (re.compile(r"(NOT\s+)?EXISTS"), "EXISTS"),
    (re.compile(r"IS\s+(NOT\s+)?NULL"), "IS NULL"),
    (re.compile(r"IS\s+(NOT\s+)?EMPTY"), "IS EMPTY"),
    (re.compile(r"(NOT\s+)?CONTAINS"), "CONTAINS"),
    (re.compile(r"(NOT\s+)?STARTS WITH"), "STARTS WITH"),
)
_WITH_VALUE: Final = ("CONTAINS", "STARTS WITH")
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,5})\}|(.))", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r"}
_FOREIGN: Final = "Using the `_foreign` filter is not supported by this server."
_GEO: Final = "The `{name}` filter is not supported by this server."
_TOO_DEEP: Final = (
    "The filter exceeded the maximum depth limit. Try rewriting the filter so that it contains "
    "fewer nested conditions."
)


class Token(NamedTuple):
    """An attribute or a value as written, ``text`` without quotes. ``start`` and ``end``: its span
    in the ``source``, in characters from 0.
    """

    text: str
    start: int
    end: int
    source: str


class Comparison(NamedTuple):
    """An attribute compared with ``values``: one, none (``EXISTS``, ``IS NULL``, ``IS EMPTY``), two
    (``TO``) or any number (``IN``).
    """

    attribute: Token
    operator: str
    values: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class And:
    """The conjunction of ``parts``."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """The disjunction of ``parts``."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Denied:
    """The negation of ``part``."""

    part: Expression


Expression = Comparison | And | Or | Denied


class FilterError(Exception):
    """The filter is malformed or not allowed; the text says why, and where."""


def fail_at(token: Token, told: str) -> FilterError:
    """The error ``told`` for a part of a filter."""
    return FilterError(f"{told}\n{token.start + 1}:{token.end + 1} {token.source}")


def parse_filter(given: Any) -> Expression | None:
    """The tree of a filter in JSON form: a text, or a list of texts that must all hold, in which a
    nested list is a disjunction. ``None`` if it is empty. Raises FilterError, QueryTooCostly.
    """
    if isinstance(given, str):
        return parse_text(given)
    if not isinstance(given, list):
        raise _unlike(given, "String", "Array")
    return _join(And, map(_parse_row, given))


def _parse_row(row: Any) -> Expression | None:
    if isinstance(row, str):
        return parse_text(row)
    if not isinstance(row, list):
        raise _unlike(row, "String", "[String]")
    for one in row:
        if not isinstance(one, str):
            raise _unlike(one, "String")
    return _join(Or, map(parse_text, row))


def _join(
    kind: Callable[[tuple[Expression, ...]], Expression], parts: Iterable[Expression | None]
) -> Expression | None:
    """The non-empty parts combined; a single one unchanged."""
    said = tuple(part for part in parts if part is not None)
    return kind(said) if len(said) > 1 else said[0] if said else None


def _unlike(given: Any, *kinds: str) -> FilterError:
    from searchsvc.meilisearch.errors import write_json

    wanted = ", ".join(kinds)
    return FilterError(
        f"Invalid syntax for the filter parameter: `expected {wanted}, found: {write_json(given)}`."
    )


def parse_text(text: str) -> Expression | None:
    """The tree of one text; ``None`` for an empty one. Raises FilterError."""
    if not text.strip():
        return None
    parser = _Parser(text)
    expression = parser.read_or(0)
    parser.expect_end()
    return expression


class _Parser:
    """Parses one text from ``at`` on."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    # --- the grammar, loosest operator first

    def read_or(self, depth: int) -> Expression:
        return self._read_joined("OR", Or, self._read_and, depth)

    def _read_and(self, depth: int) -> Expression:
        return self._read_joined("AND", And, self._read_not, depth)

    def _read_joined(
        self,
        keyword: str,
        kind: Callable[[tuple[Expression, ...]], Expression],
        read: Callable[[int], Expression],
        depth: int,
    ) -> Expression:
        self._check(depth)
        parts = [read(depth + 1)]
        while self._take_word(keyword):
            parts.append(read(depth + 1))
        return parts[0] if len(parts) == 1 else kind(tuple(parts))

    def _read_not(self, depth: int) -> Expression:
        self._check(depth)
        check_deadline()
        return self._take_comparison() or (
            deny(self._read_not(depth + 1))
            if self._take_word("NOT")
            else self._read_primary(depth + 1)
        )

    def _take_comparison(self) -> Comparison | None:
        """A comparison without escapes or special words, if it comes next."""
        found = _PLAIN_COMPARISON.match(self.source, self.at)
        if found is None or found[1] in _SPECIAL or found[3] in _SPECIAL:
            return None
        self.at = found.end()
        return Comparison(self._plain_token(found, 1), found[2], (self._plain_token(found, 3),))

    def _plain_token(self, found: re.Match[str], group: int) -> Token:
        text, (start, end) = found[group], found.span(group)
        return Token(text[1:-1] if text[0] in "'\"" else text, start, end, self.source)

    def _read_primary(self, depth: int) -> Expression:
        self._check(depth)
        start = self.at
        self._skip_space()
        if self.source.startswith("(", self.at):
            return self._read_parenthesis(start, depth)
        word = _WORD.match(self.source, self.at)
        named = word[0] if word else ""
        if named in _GEO_OPERATIONS or named == "_foreign":
            told = _FOREIGN if named == "_foreign" else _GEO.format(name=named)
            raise self._fail(told, self.at)
        if self.at == len(self.source):
            raise self._fail_operation(start)
        self._refuse_keyword(start)
        attribute = self.read_value()
        return self._read_condition(attribute, start)

    def _read_parenthesis(self, start: int, depth: int) -> Expression:
        self.at += 1
        inner = self.read_or(depth + 1)
        self._skip_space()
        if not self.source.startswith(")", self.at):
            raise self._fail_unclosed(start, ")")
        self.at += 1
        self._skip_space()
        return inner

    def _read_condition(self, attribute: Token, start: int) -> Expression:
        compared = _COMPARISON.match(self.source, self.at)
        if compared:
            self.at = compared.end()
            return Comparison(attribute, compared[0], (self.read_value(),))
        before = self.at
        denied = self._take_word("NOT")
        if self._take_word("IN"):
            condition = Comparison(attribute, "IN", self._read_list())
            return deny(condition) if denied else condition
        self.at = before
        for pattern, operator in _BEHIND:
            if found := pattern.match(self.source, self.at):
                self.at = found.end()
                values = (self.read_value(),) if operator in _WITH_VALUE else ()
                self._skip_space()
                condition = Comparison(attribute, operator, values)
                return deny(condition) if found[1] else condition
        return self._read_range(attribute, start)

    def _read_range(self, attribute: Token, start: int) -> Expression:
        """``100 TO 200`` after an attribute."""
        try:
            low = self.read_value()
        except FilterError:
            raise self._fail_operation(start) from None
        if not _TO.match(self.source, self.at):
            raise self._fail_operation(start)
        self.at += 2
        return Comparison(attribute, "TO", (low, self.read_value()))

    def _read_list(self) -> tuple[Token, ...]:
        """``[green, 'dark blue',]``"""
        if not self.source.startswith("[", self.at):
            raise self._fail("Expected `[` after `IN` keyword.", self.at)
        self.at += 1
        self._skip_space()
        values: list[Token] = []
        while not self.source.startswith("]", self.at):
            if values and not self._take(","):
                raise self._fail_in_list(self.at)
            if self.source.startswith("]", self.at) and values:
                break
            values.append(self._read_listed())
        self.at += 1
        self._skip_space()
        return tuple(values)

    def _read_listed(self) -> Token:
        check_deadline()
        start = self.at
        if self.source[start : start + 1] in ("'", '"'):
            return self.read_value()
        word = _WORD.match(self.source, start)
        if word is None or word[0] in _KEYWORDS:
            raise self._fail_in_list(start)
        return self.read_value()

    # --- values

    def read_value(self) -> Token:
        """The next attribute or value, and the spaces after it."""
        plain = _PLAIN_VALUE.match(self.source, self.at)
        if plain and plain[1] not in _SPECIAL:
            self.at = plain.end()
            return self._plain_token(plain, 1)
        self._skip_space()
        self._refuse_geo()
        start, quote = self.at, self.source[self.at : self.at + 1]
        if quote in ("'", '"') and quote:
            token = self._read_quoted(start, quote)
        else:
            word = _WORD.match(self.source, start)
            if word is None or word[0] in _KEYWORDS:
                raise self._fail_value(start, word[0] if word else "")
            self.at = word.end()
            token = Token(word[0], start, self.at, self.source)
        self._skip_space()
        return token

    def _read_quoted(self, start: int, quote: str) -> Token:
        end = start + 1
        while end < len(self.source) and self.source[end] != quote:
            end += 2 if self.source[end] == "\\" else 1
        if end >= len(self.source):
            raise self._fail_unclosed(start, quote)
        inner = _ESCAPE.sub(_unescape, self.source[start + 1 : end])
        self.at = end + 1
        return Token(inner, start, self.at, self.source)

    # --- steps

    def expect_end(self) -> None:
        """Raise FilterError if anything is left."""
        if self.at < len(self.source):
            left = escape(self.source[self.at :])
            raise self._fail(
                f"Found unexpected characters at the end of the filter: `{left}`. You probably "
                "forgot an `OR` or an `AND` rule.",
                self.at,
            )

    def _skip_space(self) -> None:
        found = _SPACE.match(self.source, self.at)
        self.at = found.end() if found else self.at

    def _take_word(self, wanted: str) -> bool:
        """Whether exactly this word comes next; if so, it is consumed, with the spaces around
        it.
        """
        found = _TAKEN[wanted].match(self.source, self.at)
        if found:
            self.at = found.end()
        return found is not None

    def _take(self, mark: str) -> bool:
        if not self.source.startswith(mark, self.at):
            return False
        self.at += len(mark)
        self._skip_space()
        return True

    # --- errors

    def _check(self, depth: int) -> None:
        if depth > _DEEPEST:
            raise self._fail(_TOO_DEEP, self.at)

    def _refuse_keyword(self, start: int) -> None:
        """Raise FilterError if a keyword is in the place of an attribute."""
        word = _WORD.match(self.source, self.at)
        if word and word[0] in _KEYWORDS:
            raise self._fail_value(self.at, word[0])
        if word is None and self.source[self.at] not in ("'", '"'):
            raise self._fail_operation(start)

    def _refuse_geo(self) -> None:
        word = _WORD.match(self.source, self.at)
        if word is None or not self.source.startswith("(", word.end()):
            return
        if word[0] in _GEO_OPERATIONS:
            raise self._fail(
                f"The `{word[0]}` filter is an operation and can't be used as a value.", self.at
            )
        if word[0] in _GEO_RESERVED:
            raise self._fail(
                f"`{word[0]}` is a reserved keyword and thus can't be used as a filter expression. "
                "Use the `_geoRadius(latitude, longitude, distance)` or "
                "`_geoBoundingBox([latitude, longitude], [latitude, longitude])` built-in rules to "
                "filter on `_geo` coordinates.",
                self.at,
            )

    def _fail_value(self, start: int, keyword: str) -> FilterError:
        odd = _ODD_WORD.match(self.source, start)
        end = odd.end() if odd else len(self.source)
        if keyword:
            told = (
                f"Was expecting a value but instead got `{keyword}`, which is a reserved keyword. "
                f"To use `{keyword}` as a field name or a value, surround it by quotes."
            )
            return self._fail(told, start, start + len(keyword))
        got = escape(self.source[start:end])
        told = f"got `{got}`." if got else "got nothing."
        return self._fail(f"Was expecting a value but instead {told}", start, end)

    def _fail_operation(self, start: int) -> FilterError:
        left = self.source[start:]
        told = f"at `{escape(left)}`." if left.strip() else "but instead got nothing."
        return self._fail(f"Was expecting an operation {_OPERATIONS} {told}", start)

    def _fail_unclosed(self, start: int, mark: str) -> FilterError:
        return self._fail(
            f"Expression `{escape(self.source[start:])}` is missing the following closing "
            f"delimiter: `{mark}`.",
            start,
        )

    def _fail_in_list(self, start: int) -> FilterError:
        left = self.source[start:]
        if not left:
            return self._fail(
                "Expected matching `]` after the list of field names given to `IN[`", start
            )
        return self._fail(
            "Expected only comma-separated field names inside `IN[..]` but instead found "
            f"`{escape(left)}`.",
            start,
        )

    def _fail(self, told: str, start: int, end: int | None = None) -> FilterError:
        end = len(self.source) if end is None else end
        return fail_at(Token("", start, end, self.source), told)


def _unescape(found: re.Match[str]) -> str:
    """The character that an escape represents: ``\\n``, ``\\x20``, ``\\u{e9}``, or itself."""
    number = found[1] or found[2]
    return chr(int(number, 16)) if number else _ESCAPED.get(found[3], found[3])


def deny(expression: Expression) -> Expression:
    """The negation, without double negation."""
    return expression.part if isinstance(expression, Denied) else Denied(expression)


def escape(text: str) -> str:
    """Text as quoted in errors, on one line."""
    return (
        text.replace("\\", "\\\\")
        .replace("'", "\\'")
        .replace('"', '\\"')
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t")
    )

"""Filters as Meilisearch writes them: read into a tree, or refused with what is wrong where."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.deadline import Deadline, until
from indexer.errors import QueryTooCostly
from searchsvc.meilisearch.filter_expression import (
    And,
    Comparison,
    Denied,
    Expression,
    FilterError,
    Or,
    Token,
    deny,
    parse_filter,
    parse_text,
)


def show(tree: Expression | None) -> str:
    """A tree as Lisp writes one."""
    if tree is None:
        return ""
    if isinstance(tree, Denied):
        return f"(not {show(tree.part)})"
    if isinstance(tree, And | Or):
        name = "and" if isinstance(tree, And) else "or"
        return f"({name} {' '.join(map(show, tree.parts))})"
    values = "".join(f" [{value.text}]" for value in tree.values)
    return f"({tree.operator} {tree.attribute.text}{values})"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kota = Bandung", "(= kota [Bandung])"),
        ("harga>=75000", "(>= harga [75000])"),
        ("harga != -1.5", "(!= harga [-1.5])"),
        ("  nilai   <  3  ", "(< nilai [3])"),
        ("'nama kota' = \"Kota Tua\"", "(= nama kota [Kota Tua])"),
        (r"""judul = "dia \"pulang\"" """, '(= judul [dia "pulang"])'),
        (r"judul = 'Jum\'at'", "(= judul [Jum'at])"),
        (r"judul = 'a\x20b\u{e9}\\'", "(= judul [a bé\\])"),
        ("judul = ''", "(= judul [])"),
        ("info.nilai 1 TO 3", "(TO info.nilai [1] [3])"),
        ("tag IN [a, 'b c',]", "(IN tag [a] [b c])"),
        ("tag IN[]", "(IN tag)"),
        ("tag NOT IN [a]", "(not (IN tag [a]))"),
        ("foto EXISTS", "(EXISTS foto)"),
        ("foto NOT EXISTS", "(not (EXISTS foto))"),
        ("foto IS NULL AND foto IS  NOT  EMPTY", "(and (IS NULL foto) (not (IS EMPTY foto)))"),
        ("judul CONTAINS panen", "(CONTAINS judul [panen])"),
        ("judul NOT STARTS WITH 'pa'", "(not (STARTS WITH judul [pa]))"),
        ("a = 1 OR b = 2 AND c = 3", "(or (= a [1]) (and (= b [2]) (= c [3])))"),
        ("(a = 1 OR b = 2) AND c = 3", "(and (or (= a [1]) (= b [2])) (= c [3]))"),
        ("NOT (a = 1 AND b = 2)", "(not (and (= a [1]) (= b [2])))"),
        ("NOT NOT a = 1", "(= a [1])"),
        ("NOT a NOT IN [1]", "(IN a [1])"),
        ("a = 1 AND b = 2 AND c = 3", "(and (= a [1]) (= b [2]) (= c [3]))"),
        ("ORang = 1 OR NOTaris = 2", "(or (= ORang [1]) (= NOTaris [2]))"),
        ('"AND" = "OR"', "(= AND [OR])"),
        ("日付 = 京都", "(= 日付 [京都])"),
        ("((((a=1))))", "(= a [1])"),
        ("   ", ""),
    ],
)
def test_texts(text: str, expected: str) -> None:
    assert show(parse_text(text)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["a = 1", "b = 2"], "(and (= a [1]) (= b [2]))"),
        ([["a = 1", "b = 2"], "c = 3"], "(and (or (= a [1]) (= b [2])) (= c [3]))"),
        ([["a = 1"]], "(= a [1])"),
        ([[], "", ["a = 1 OR b = 2", " "]], "(or (= a [1]) (= b [2]))"),
        ([], ""),
        ([[]], ""),
        ("", ""),
    ],
)
def test_lists_are_all_of_any_of(given: Any, expected: str) -> None:
    assert show(parse_filter(given)) == expected


@pytest.mark.parametrize(
    ("text", "told", "place"),
    [
        ("kota = ", "Was expecting a value but instead got nothing.", "8:8"),
        ("kota = ?", "Was expecting a value but instead got `?`.", "8:9"),
        ("kota = IN", "instead got `IN`, which is a reserved keyword. To use", "8:10"),
        ("AND", "instead got `AND`, which is a reserved keyword", "1:4"),
        ("kota Bandung", "Was expecting an operation `=`, `!=`", "1:13"),
        ("kota = a OR", "but instead got nothing.", "12:12"),
        ("kota = a b", "unexpected characters at the end of the filter: `b`", "10:11"),
        ("kota = a)", "You probably forgot an `OR` or an `AND` rule.", "9:10"),
        ("kota = 'a", r"Expression `\'a` is missing the following closing delimiter: `'`", "8:10"),
        ("x = 1 OR (kota = a", "is missing the following closing delimiter: `)`", "10:19"),
        ("kota IN a", "Expected `[` after `IN` keyword.", "9:10"),
        ("kota IN [a b]", "inside `IN[..]` but instead found `b]`", "12:14"),
        ("kota IN [a, OR]", "inside `IN[..]` but instead found `OR]`", "13:16"),
        ("kota IN [a", "Expected matching `]`", "11:11"),
        ("kota NOT ADA", "Was expecting an operation", "1:13"),
        ("harga 1 TO", "Was expecting an operation", "1:11"),
        ("_geoRadius(1, 2, 3)", "The `_geoRadius` filter is not supported", "1:20"),
        ("a = 1 AND _geoBoundingBox([1, 2], [3, 4])", "`_geoBoundingBox` filter is not", "11:42"),
        ("a = _geoPoint(1, 2)", "`_geoPoint` is a reserved keyword", "5:20"),
        ("a > _geoRadius(1, 2, 3)", "is an operation and can't be used as a value.", "5:24"),
        ("_foreign(a, b = 1)", "`_foreign` filter is not supported", "1:19"),
        ("(" * 60 + "a = 1" + ")" * 60, "exceeded the maximum depth limit", "38:126"),
        ("NOT " * 200 + "a = 1", "exceeded the maximum depth limit", "597:806"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, told: str, place: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_text(text)
    first, second = str(caught.value).split("\n")
    assert told in first
    assert second == f"{place} {text}"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (5, "`expected String, Array, found: 5`"),
        ({"a": 1}, '`expected String, Array, found: {"a":1}`'),
        ([5], "`expected String, [String], found: 5`"),
        ([["a = 1", None]], "`expected String, found: null`"),
        ([["a = 1", ["b = 1"]]], '`expected String, found: ["b = 1"]`'),
    ],
)
def test_other_kinds_of_json_are_refused(given: Any, told: str) -> None:
    with pytest.raises(FilterError, match="Invalid syntax for the filter parameter") as caught:
        parse_filter(given)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "piece", ["a = 1 OR ", "(a = 1) AND ", "a IN [{}] OR ", "NOT a EXISTS OR "]
)
def test_a_long_filter_is_read_until_the_deadline(piece: str) -> None:
    # A clock that every look at it sets forward by a second.
    text = piece.format("b, " * 50) * 20 + "a = 1"
    with until(Deadline(2_000, clock=count().__next__)):
        parse_filter([text])
    with until(Deadline(15, clock=count().__next__)), pytest.raises(QueryTooCostly):
        parse_filter([text])


# --- any tree, written and read again

NAMES = st.text(min_size=1, max_size=4)


def token(text: str) -> Token:
    return Token(text, 0, 0, "")


def draw_values(least: int, most: int) -> st.SearchStrategy[tuple[Token, ...]]:
    return st.lists(NAMES.map(token), min_size=least, max_size=most).map(tuple)


COMPARISONS = st.one_of(
    *(
        st.builds(Comparison, NAMES.map(token), st.sampled_from(operators), draw_values(*counts))
        for operators, counts in [
            (["=", "!=", ">", ">=", "<", "<=", "CONTAINS", "STARTS WITH"], (1, 1)),
            (["EXISTS", "IS NULL", "IS EMPTY"], (0, 0)),
            (["TO"], (2, 2)),
            (["IN"], (0, 3)),
        ]
    )
)
TREES = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        inner.map(deny),
    ),
    max_leaves=8,
)


def quote(one: Token) -> str:
    escaped = one.text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def write(tree: Expression) -> str:
    if isinstance(tree, Denied):
        return f"NOT ({write(tree.part)})"
    if isinstance(tree, And | Or):
        return (" AND " if isinstance(tree, And) else " OR ").join(
            f"({write(part)})" for part in tree.parts
        )
    name, values = quote(tree.attribute), list(map(quote, tree.values))
    if tree.operator == "IN":
        return f"{name} IN [{', '.join(values)}]"
    if tree.operator == "TO":
        return f"{name} {values[0]} TO {values[1]}"
    return " ".join((name, tree.operator, *values))


@given(TREES)
def test_any_tree_is_read_as_it_was_written(tree: Expression) -> None:
    assert show(parse_text(write(tree))) == show(tree)


PIECES = st.sampled_from(
    [*"()[],='\"<>\\ ", "a", "1", "AND", "OR", "NOT", "IN", "TO", "IS", "NULL", "_geo(", "EXISTS"]
)


@given(st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(FilterError):
        parse_text(text)

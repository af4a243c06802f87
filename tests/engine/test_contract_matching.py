"""What every engine must match: terms, prefixes, phrases, scopes, clauses, filters, relaxing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.asking import ask, clause, exact, find_hits, phrase, word, write
from support.batches import Draft

from indexer.engine.base import (
    Clause,
    DateFilter,
    Engine,
    Form,
    LabelFilter,
    Phrase,
    Prefix,
    Scope,
    Term,
    Word,
)

# Words like ``serang-an`` have the stem before the hyphen.
DRAFTS = [
    Draft("1", "serang-an pasar", "polisi usut serang-an di pasar kota lama"),
    Draft("2", "panen padi", "petani panen padi di kota"),
    Draft("3", "kota lama", "me-serang pasar kota"),
    Draft("4", "", "lama kota pasar serang"),
    Draft("5", "kota", "lama"),
]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    write(engine, DRAFTS[:2], DRAFTS[2:4])
    write(engine, DRAFTS[4:])
    return engine


@pytest.mark.parametrize(
    ("alternative", "expected"),
    [
        (Term("serang"), "1 4"),
        (Term("serang", Form.EXACT), "4"),
        (Term("serang-an", Form.EXACT), "1"),
        (Term("serang-an"), ""),
        (Term("kota"), "1 2 3 4 5"),
        (Term("kot"), ""),
        (Term(""), ""),
        (Term("Kota"), ""),
        (Prefix("serang"), "1 4"),
        (Prefix("serang-"), "1"),
        (Prefix("p"), "1 2 3 4"),
        (Prefix("panen"), "2"),
        (Prefix("panenan"), ""),
        (Prefix(""), "1 2 3 4 5"),
        (Prefix("z"), ""),
        (phrase("kota", "lama"), "1 3"),
        (phrase("lama", "kota"), "4"),
        (phrase("serang", "pasar"), "1"),
        (phrase("serang", None, "pasar"), "1"),
        (phrase("serang", None, None, "pasar"), ""),
        (phrase("usut", None, None, "pasar", None, "lama"), "1"),
        (phrase("serang-an", "pasar", form=Form.EXACT), "1"),
        (phrase("serang", "pasar", form=Form.EXACT), ""),
        (phrase("kota", None), "1 3 4"),
        (phrase(None, "kota"), "1 2 3 4"),
        (phrase(None, "kota", None), "1 4"),
        (phrase("panen", "padi", "petani"), ""),
        (phrase("padi", "petani"), ""),
        (phrase("lama", "panen"), ""),
        (phrase("kota"), "1 2 3 4 5"),
        (phrase("tidak", "ada"), ""),
        (phrase("kota", "ada"), ""),
        (phrase("kota", "kota"), ""),
        (phrase(None), ""),
        (phrase(None, None), ""),
        (Phrase(()), ""),
        (Phrase((Term("serang-an", Form.EXACT), Term("pasar"))), "1"),
    ],
)
def test_alternatives_match(
    filled: Engine, alternative: Term | Prefix | Phrase, expected: str
) -> None:
    assert find_hits(filled, alternative) == expected


@pytest.mark.parametrize("joined", [("a b", "c"), ("a", "b c"), ("a b c", ""), ("", "a b c")])
def test_phrases_stay_within_one_field_of_one_document(
    engine: Engine, joined: tuple[str, str]
) -> None:
    title, body = joined
    write(engine, [Draft("1", title, body), Draft("2", "a b c d", "a b c d"), Draft("3", "c")])
    expected = {"1", "2"} if "a b c" in joined else {"2"}
    assert set(find_hits(engine, phrase("a", "b", "c")).split()) == expected
    assert find_hits(engine, phrase("a", "b", "c", None)) == "2"
    assert find_hits(engine, phrase(None, "a", "b")) == ""
    assert find_hits(engine, phrase("d", "a")) == ""
    assert find_hits(engine, phrase("d", "c")) == ""


def test_phrase_of_repeated_terms(engine: Engine) -> None:
    write(engine, [Draft("1", "a a a"), Draft("2", "a b a"), Draft("3", "a a")])
    assert find_hits(engine, phrase("a", "a")) == "1 3"
    assert find_hits(engine, phrase("a", "a", "a")) == "1"
    assert find_hits(engine, phrase("a", None, "a")) == "1 2"


@pytest.mark.parametrize(
    ("alternative", "scope", "expected"),
    [
        (Term("serang"), Scope.ANYWHERE, "1 4"),
        (Term("serang"), Scope.TITLE, "1"),
        (Term("serang"), Scope.BODY, "1 4"),
        (Term("kota"), Scope.TITLE, "3 5"),
        (Term("kota"), Scope.BODY, "1 2 3 4"),
        (Prefix("ko"), Scope.TITLE, "3 5"),
        (Prefix("ko"), Scope.BODY, "1 2 3 4"),
        (phrase("kota", "lama"), Scope.TITLE, "3"),
        (phrase("kota", "lama"), Scope.BODY, "1"),
        (phrase("kota", "lama"), Scope.ANYWHERE, "1 3"),
    ],
)
def test_scope_says_where(
    filled: Engine, alternative: Term | Prefix | Phrase, scope: Scope, expected: str
) -> None:
    assert find_hits(filled, word(alternative, scope=scope)) == expected


def test_any_alternative_and_any_word_satisfies_a_clause(filled: Engine) -> None:
    assert find_hits(filled, word("padi", "usut")) == "1 2"
    assert find_hits(filled, word("padi", exact("serang"), phrase("kota", "lama"))) == "1 2 3 4"
    assert find_hits(filled, clause("padi", "usut")) == "1 2"
    assert find_hits(filled, clause(word("padi", scope=Scope.TITLE), word("tidak"))) == "2"
    assert find_hits(filled, word("padi", "padi")) == "2"


def test_what_cannot_match_satisfies_nothing(filled: Engine) -> None:
    assert find_hits(filled, Clause(())) == ""
    assert find_hits(filled, Word("kosong", ())) == ""
    assert find_hits(filled, Clause(()), "padi", few=0) == ""
    assert find_hits(filled, Clause(()), "padi") == "2"
    assert find_hits(filled, clause("padi", Word("kosong", ()))) == "2"


@pytest.mark.parametrize(
    ("clauses", "settings", "expected", "satisfied"),
    [
        (("kota", "lama"), {}, "1 3 4 5", 2),
        (("kota", "lama", "pasar"), {}, "1 3 4", 3),
        (("kota", "lama", "petani"), {"few": 0}, "", 0),
        (("kota", "lama", "petani"), {}, "1 2 3 4 5", 2),
        (("lama", "petani"), {}, "1 2 3 4 5", 1),
        (("tidak", "ada"), {}, "", 0),
        (("tidak", "padi"), {}, "2", 1),
        (("tidak", "padi"), {"few": 0}, "", 0),
        (("kota", "lama", "petani"), {"minimum": 3, "few": 0}, "", 0),
        (("kota", "lama", "petani"), {"minimum": 2, "few": 0}, "1 2 3 4 5", 2),
        (("serang", "lama", "padi"), {"minimum": 2}, "1 4", 2),
        (("serang", "lama", "padi"), {"minimum": 1}, "1 2 3 4 5", 1),
        (("serang", "padi"), {"minimum": 0}, "1 2 3 4 5", 0),
        (("serang", "padi"), {"minimum": 3, "few": 0}, "", 0),
        (("serang", "padi"), {"minimum": 3}, "1 2 4", 1),
        (("kota", "kota"), {}, "1 2 3 4 5", 2),
        (("kota", "lama", "pasar"), {"few": 3}, "1 3 4", 3),
        (("kota", "lama", "pasar"), {"few": 4, "enough": 4}, "1 3 4 5", 2),
        (("kota", "lama", "pasar"), {"few": 4, "enough": 1}, "1 3 4", 3),
        (("kota", "lama", "pasar"), {"few": 4, "enough": 99}, "1 2 3 4 5", 1),
        (("kota", "lama", "pasar"), {"few": 3, "enough": 99}, "1 3 4", 3),
        (("lama", "petani"), {"enough": 99}, "1 2 3 4 5", 1),
        (("lama", "pasar"), {"few": 99, "enough": 99, "minimum": 1}, "1 3 4 5", 1),
        (("tidak", "ada"), {"few": 99, "enough": 99}, "", 0),
    ],
)
def test_required_clauses_minimum_and_relaxing(
    filled: Engine,
    clauses: tuple[str, ...],
    settings: dict[str, Any],
    expected: str,
    satisfied: int,
) -> None:
    assert find_hits(filled, *clauses, **settings) == expected
    with filled.snapshot() as snapshot:
        answer = snapshot.search(ask(*clauses, **settings))
    assert answer.total == len(expected.split())
    assert answer.satisfied == satisfied
    assert answer.required == len(clauses)


@pytest.mark.parametrize(
    ("worths", "minimum", "expected", "satisfied"),
    [
        # kota stands in all, lama in 1 3 4 5, petani in 2.
        ((1, 1, 3), None, "2", 4),
        ((3, 4, 2), None, "1 3 4 5", 7),
        ((1, 2, 2), None, "1 2 3 4 5", 3),
        ((2, 2, 3), 4, "1 2 3 4 5", 4),
        ((2, 2, 3), 5, "2", 5),
        ((2, 2, 3), 2, "1 2 3 4 5", 2),
        ((5, 1, 1_000), 6, "1 2 3 4 5", 6),
        ((5, 1, 1_000), 7, "2", 7),
    ],
)
def test_clauses_count_by_their_worth(
    filled: Engine, worths: tuple[int, ...], minimum: int | None, expected: str, satisfied: int
) -> None:
    words = zip(("kota", "lama", "petani"), worths, strict=True)
    clauses = tuple(replace(clause(text), worth=worth) for text, worth in words)
    with filled.snapshot() as snapshot:
        answer = snapshot.search(ask(*clauses, minimum=minimum))
    assert find_hits(filled, *clauses, minimum=minimum) == expected
    assert (answer.satisfied, answer.required) == (satisfied, sum(worths))


def test_optional_clauses_neither_add_nor_drop_matches(filled: Engine) -> None:
    optional = clause("padi", required=False)
    assert find_hits(filled, "lama", optional) == "1 3 4 5"
    assert find_hits(filled, optional) == "1 2 3 4 5"
    assert find_hits(filled, "tidak", optional) == ""
    with filled.snapshot() as snapshot:
        answer = snapshot.search(ask("lama", "pasar", optional))
        assert (answer.satisfied, answer.required) == (2, 2)


def test_no_clauses_match_everything_with_score_0(filled: Engine) -> None:
    with filled.snapshot() as snapshot:
        answer = snapshot.search(ask())
    assert (answer.total, answer.satisfied, answer.required) == (5, 0, 0)
    assert [hit.score for hit in answer.hits] == [0.0] * 5


@pytest.mark.parametrize(
    ("asked", "excluded", "expected"),
    [
        ((), ("padi",), "1 3 4 5"),
        (("kota",), ("padi",), "1 3 4 5"),
        (("kota",), ("padi", "usut"), "3 4 5"),
        (("kota",), (clause("padi", "usut"),), "3 4 5"),
        (("kota",), (phrase("kota", "lama"),), "2 4 5"),
        (("kota",), (Prefix("p"),), "5"),
        (("kota",), (word("kota", scope=Scope.TITLE),), "1 2 4"),
        (("kota",), ("tidak",), "1 2 3 4 5"),
        (("padi",), ("padi",), ""),
        (("padi", "usut"), ("petani",), "1"),
    ],
)
def test_excluded_clauses_drop_matches(
    filled: Engine, asked: tuple[Any, ...], excluded: tuple[Any, ...], expected: str
) -> None:
    unwanted = tuple(one if isinstance(one, Clause) else clause(one) for one in excluded)
    assert find_hits(filled, *asked, excluded=unwanted) == expected


LABELLED = [
    Draft("1", "a", labels={"category": ("hukum",), "tags": ("x", "y")}, day=10),
    Draft("2", "a", labels={"category": ("hukum",), "place": ("kota, lama",)}, day=11),
    Draft("3", "a b", labels={"category": ("politik",), "tags": ("y",)}, day=12),
    Draft("4", "a", labels={"tags": ("y", "z")}, day=-5),
    Draft("5", "b", labels={"category": ("Hukum",), "tags": ("x y",)}),
]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ((LabelFilter("category", ("hukum",)),), "1 2"),
        ((LabelFilter("category", ("hukum", "politik")),), "1 2 3"),
        ((LabelFilter("category", ("hukum", "tidak ada")),), "1 2"),
        ((LabelFilter("category", ("tidak ada",)),), ""),
        ((LabelFilter("category", ("Hukum",)),), "5"),
        ((LabelFilter("category", ()),), ""),
        ((LabelFilter("tags", ("y",)),), "1 3 4"),
        ((LabelFilter("tags", ("x", "z")),), "1 4"),
        ((LabelFilter("tags", ("x",)), LabelFilter("tags", ("y",))), "1"),
        ((LabelFilter("tags", ("y",)), LabelFilter("category", ("hukum",))), "1"),
        ((LabelFilter("place", ("kota, lama",)),), "2"),
        ((LabelFilter("place", ("kota",)),), ""),
        ((LabelFilter("tags", ("y",), exclude=True),), "2 5"),
        ((LabelFilter("tags", ("x", "z"), exclude=True),), "2 3 5"),
        ((LabelFilter("tags", (), exclude=True),), "1 2 3 4 5"),
        ((LabelFilter("tags", ("y",)), LabelFilter("tags", ("z",), exclude=True)), "1 3"),
        ((LabelFilter("agency", ("antara",)),), ""),
        ((LabelFilter("agency", ("antara",), exclude=True),), "1 2 3 4 5"),
        ((DateFilter(),), "1 2 3 4"),
        ((DateFilter(first_day=11),), "2 3"),
        ((DateFilter(last_day=11),), "1 2 4"),
        ((DateFilter(10, 11),), "1 2"),
        ((DateFilter(11, 11),), "2"),
        ((DateFilter(12, 11),), ""),
        ((DateFilter(-5, 0),), "4"),
        ((DateFilter(-(10**7), 10**7),), "1 2 3 4"),
        ((DateFilter(first_day=10), DateFilter(last_day=11)), "1 2"),
        ((DateFilter(last_day=11), LabelFilter("tags", ("y",))), "1 4"),
    ],
)
def test_filters(
    engine: Engine, filters: tuple[LabelFilter | DateFilter, ...], expected: str
) -> None:
    write(engine, LABELLED[:3])
    write(engine, LABELLED[3:])
    assert find_hits(engine, filters=filters) == expected
    with_a = " ".join(one for one in expected.split() if one != "5")
    assert find_hits(engine, "a", filters=filters) == with_a


def test_relaxing_looks_only_at_what_passes_the_filters(engine: Engine) -> None:
    write(engine, LABELLED)
    hukum = (LabelFilter("category", ("hukum",)),)
    assert find_hits(engine, "a", "b") == "3"
    assert find_hits(engine, "a", "b", filters=hukum) == "1 2"
    assert find_hits(engine, "a", "b", filters=hukum, few=0) == ""
    without_b = (LabelFilter("tags", ("y",), exclude=True),)
    assert find_hits(engine, "a", "b", filters=without_b) == "2 5"
    assert find_hits(engine, "a", "b", excluded=(clause(phrase("a", "b")),)) == "1 2 4 5"


def test_matches_are_found_in_every_commit_and_gone_when_replaced(engine: Engine) -> None:
    for number in range(8):
        write(engine, [Draft(str(number), f"a b{number}"), Draft("all", f"a c{number}")])
    assert find_hits(engine, "a") == "0 1 2 3 4 5 6 7 all"
    assert find_hits(engine, Prefix("c")) == "all"
    assert find_hits(engine, "c3") == ""
    assert find_hits(engine, phrase("a", "c7")) == "all"
    assert find_hits(engine, excluded=(clause("c7"),)) == "0 1 2 3 4 5 6 7"

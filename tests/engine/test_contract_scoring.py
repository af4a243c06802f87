"""How every engine must score: BM25F as ``Ranking`` states it, proximity, recency, explanations.

Expected scores are worked out here from the formula, apart from the brute-force engine. No
article is deleted before scores are compared: engines may count deleted ones for a while.
"""

from __future__ import annotations

from math import log
from typing import Any

import pytest
from support.asking import ask, clause, exact, find_ref, map_scores, phrase, word, write
from support.batches import Draft

from indexer.engine.base import (
    Contribution,
    Engine,
    Form,
    Phrase,
    Prefix,
    Query,
    Ranking,
    Scope,
    Term,
)

RANKING = Ranking()


def idf(documents: int, df: int) -> float:
    return log(1 + (documents - df + 0.5) / (df + 0.5))


def saturate(tf: float, k1: float = RANKING.k1) -> float:
    return tf / (k1 + tf)


def in_title(count: float, length: int, average: float, r: Ranking = RANKING) -> float:
    return r.title_weight * count / (1 - r.title_b + r.title_b * length / average)


def in_body(
    count: float, length: int, average: float, lead: float = 0, r: Ranking = RANKING
) -> float:
    weighted = r.body_weight * count + r.lead_weight * lead
    return weighted / (1 - r.body_b + r.body_b * length / average)


# Titles have 3 tokens on average, bodies 4.
DRAFTS = [
    Draft("1", "serang-an kota", "serang kota serang-an b c d", lead=2),
    Draft("2", "kota kota lama x", "serang b", lead=2),
    Draft("3", "lama y z", "b c d lama"),
]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    write(engine, DRAFTS[:1])
    write(engine, DRAFTS[1:])
    return engine


def score(engine: Engine, query: Query) -> dict[str, float]:
    with engine.snapshot() as snapshot:
        return map_scores(snapshot, query)


def close(expected: dict[str, float]) -> Any:
    return pytest.approx(expected, rel=1e-4)


def test_one_word_by_field_length_and_lead(filled: Engine) -> None:
    assert score(filled, ask("serang")) == close(
        {
            "1": idf(3, 2) * saturate(in_title(1, 2, 3) + in_body(2, 6, 4, lead=1)),
            "2": idf(3, 2) * saturate(in_body(1, 2, 4, lead=1)),
        }
    )
    assert score(filled, ask("lama")) == close(
        {
            "2": idf(3, 2) * saturate(in_title(1, 4, 3)),
            "3": idf(3, 2) * saturate(in_title(1, 3, 3) + in_body(1, 4, 4)),
        }
    )


def test_every_weight_of_the_ranking_counts(filled: Engine) -> None:
    r = Ranking(k1=0.7, title_weight=1.5, lead_weight=2, body_weight=0.25, title_b=0.9, body_b=0.1)
    assert score(filled, ask("serang", ranking=r)) == close(
        {
            "1": idf(3, 2) * saturate(in_title(1, 2, 3, r) + in_body(2, 6, 4, lead=1, r=r), k1=0.7),
            "2": idf(3, 2) * saturate(in_body(1, 2, 4, lead=1, r=r), k1=0.7),
        }
    )


def test_scores_do_not_depend_on_the_ranking_asked_before(filled: Engine) -> None:
    first = score(filled, ask("serang"))
    score(filled, ask("serang", ranking=Ranking(title_b=0.1, body_weight=9)))
    assert score(filled, ask("serang")) == first


def test_scope_narrows_counts_and_frequency(filled: Engine) -> None:
    assert score(filled, ask(word("kota", scope=Scope.TITLE))) == close(
        {
            "1": idf(3, 2) * saturate(in_title(1, 2, 3)),
            "2": idf(3, 2) * saturate(in_title(2, 4, 3)),
        }
    )
    assert score(filled, ask(word("kota", scope=Scope.BODY))) == close(
        {"1": idf(3, 1) * saturate(in_body(1, 6, 4, lead=1))}
    )
    assert score(filled, ask(word("lama", scope=Scope.TITLE))) == close(
        {
            "2": idf(3, 2) * saturate(in_title(1, 4, 3)),
            "3": idf(3, 2) * saturate(in_title(1, 3, 3)),
        }
    )


def test_alternatives_add_up_before_saturation(filled: Engine) -> None:
    tf_stem = in_title(1, 2, 3) + in_body(2, 6, 4, lead=1)
    tf_exact = in_body(1, 6, 4, lead=1)
    both = word("serang", exact("serang", 0.5))
    assert score(filled, ask(both)) == close(
        {
            "1": idf(3, 2) * saturate(tf_stem + 0.5 * tf_exact),
            "2": idf(3, 2) * saturate(1.5 * in_body(1, 2, 4, lead=1)),
        }
    )


def test_idf_is_of_the_most_frequent_weightiest_alternative(filled: Engine) -> None:
    rare_is_weightier = word(Term("serang", weight=0.5), Term("y"), Term("z"))
    assert score(filled, ask(rare_is_weightier))["2"] == pytest.approx(
        idf(3, 1) * saturate(0.5 * in_body(1, 2, 4, lead=1)), rel=1e-4
    )
    equal_weights = word(Term("serang"), Term("y"))
    assert score(filled, ask(equal_weights))["3"] == pytest.approx(
        idf(3, 2) * saturate(in_title(1, 3, 3)), rel=1e-4
    )
    absent_is_weightier = word(Term("tidak", weight=2), Term("y"))
    assert score(filled, ask(absent_is_weightier))["3"] == pytest.approx(
        idf(3, 0) * saturate(in_title(1, 3, 3)), rel=1e-4
    )


def test_a_prefix_is_one_term(filled: Engine) -> None:
    assert score(filled, ask(Prefix("serang"))) == close(score(filled, ask("serang")))
    assert score(filled, ask(Prefix("la", weight=0.5)))["3"] == pytest.approx(
        idf(3, 2) * saturate(0.5 * (in_title(1, 3, 3) + in_body(1, 4, 4))), rel=1e-4
    )
    assert score(filled, ask(Prefix("")))["3"] == pytest.approx(
        idf(3, 3) * saturate(in_title(3, 3, 3) + in_body(4, 4, 4)), rel=1e-4
    )


@pytest.mark.parametrize("half_life", [0, 30])
def test_every_occurrence_of_a_prefix_counts_however_many_terms_begin_like_it(
    engine: Engine, half_life: int
) -> None:
    """Also those of terms that only one article has, on every page."""
    drafts = []
    for number in range(240):
        # The frequent terms and the rare ones take turns; some of either are in the lead.
        rare = [f"k{number}x{at}" for at in range(number * 7 % 12)]
        often = ["ka"] * (number % 3)
        filled = [*often, *rare, *["b"] * 20][:20]
        title = f"{rare[0]} c" if rare and number % 5 == 0 else "c d"
        body = " ".join(filled[::-1] if number % 2 else filled)
        drafts.append(Draft(f"{number:03}", title, body, lead=6, day=1000 - number % 40))
    drafts += [Draft(f"e{number}", "c d", "b " * 20, lead=6, day=1000) for number in range(240)]
    write(engine, drafts)
    ranking = Ranking(recency_half_life_days=half_life, recency_weight=0.5, recency_from_day=1000)
    df = sum("k" in draft.title + draft.body for draft in drafts)

    def measure(draft: Draft) -> float:
        tokens = draft.body.split()
        counts = [sum(one.startswith("k") for one in some) for some in (tokens, tokens[:6])]
        tf = in_title(draft.title.startswith("k"), 2, 2) + in_body(counts[0], 20, 20, counts[1])
        recent = 1 + 0.5 / (1 + (1000 - draft.day) / half_life) if half_life and draft.day else 1
        return idf(len(drafts), df) * saturate(tf) * recent

    expected = {draft.id: measure(draft) for draft in drafts if measure(draft)}
    best = sorted(expected.values(), reverse=True)
    for offset in (0, 10, 170):
        query = ask(Prefix("k"), offset=offset, limit=10, ranking=ranking)
        page = score(engine, query)
        assert page == close({one: expected[one] for one in page})
        assert list(page.values()) == pytest.approx(best[offset : offset + 10], rel=1e-4)


def test_a_phrase_counts_where_it_starts(engine: Engine) -> None:
    write(engine, [Draft("1", "a b", "a b a b x a", lead=1), Draft("2", "c", "a c b x", lead=3)])
    assert score(engine, ask(phrase("a", "b"))) == close(
        {"1": idf(2, 1) * saturate(in_title(1, 2, 1.5) + in_body(2, 6, 5, lead=1))}
    )
    assert score(engine, ask(phrase("a", None, "b", weight=2))) == close(
        {"2": idf(2, 1) * saturate(2 * in_body(1, 4, 5, lead=1))}
    )
    heavy_terms = Phrase((Term("a", weight=5), Term("b", weight=0.1)))
    assert score(engine, ask(heavy_terms)) == close(score(engine, ask(phrase("a", "b"))))


def test_overlapping_phrases_count_each(engine: Engine) -> None:
    write(engine, [Draft("1", "x", "a a a")])
    assert score(engine, ask(phrase("a", "a"))) == close(
        {"1": idf(1, 1) * saturate(in_body(2, 3, 3))}
    )


def test_words_and_clauses_add_up(filled: Engine) -> None:
    kota, lama = score(filled, ask("kota")), score(filled, ask("lama"))
    both = {"2": kota["2"] + lama["2"]}
    assert score(filled, ask("kota", "lama")) == close(both)
    either = {"1": kota["1"], "3": lama["3"], **both}
    assert score(filled, ask(clause("kota", "lama"))) == close(either)
    assert score(filled, ask("kota", "lama", minimum=1)) == close(either)
    assert score(filled, ask("kota", clause("lama", required=False))) == close(
        {"1": kota["1"], **both}
    )
    assert score(filled, ask(clause("lama", required=False))) == close({"1": 0.0, **lama})
    assert score(filled, ask("kota", "kota")) == close({k: 2 * v for k, v in kota.items()})
    assert score(filled, ask("kota", "tidak")) == close(kota)


def test_boost_multiplies_and_exclusion_adds_nothing(filled: Engine) -> None:
    plain = score(filled, ask("kota"))
    assert score(filled, ask(word("kota", boost=2.5))) == close(
        {k: 2.5 * v for k, v in plain.items()}
    )
    assert score(filled, ask(word("kota", boost=0))) == close({"1": 0.0, "2": 0.0})
    assert score(filled, ask("kota", excluded=(clause("y"),))) == close(plain)


def test_averages_and_frequencies_span_commits(engine: Engine) -> None:
    drafts = [Draft(str(n), "a " * (1 + n % 3), "b " * (n % 4) + "a") for n in range(12)]
    for n in range(0, 12, 3):
        write(engine, drafts[n : n + 3])
    apart = score(engine, ask("a", "b", minimum=1))
    with engine.writer() as writer:
        writer.optimize()
        writer.commit()
    assert score(engine, ask("a", "b", minimum=1)) == close(apart)


def test_optimized_scores_forget_the_deleted(filled: Engine) -> None:
    expected = score(filled, ask("serang", "lama", minimum=1))
    write(filled, [Draft(str(n), "serang lama", "x " * n) for n in range(10, 20)])
    with filled.writer() as writer:
        writer.delete([str(n) for n in range(10, 20)])
        writer.optimize()
        writer.commit()
    assert score(filled, ask("serang", "lama", minimum=1)) == close(expected)


# --- proximity


@pytest.mark.parametrize(
    ("body", "closeness"),
    [
        ("a b x x x", 1),
        ("a x b x x", 1 / 2),
        ("a x x x b", 1 / 4),
        ("b a x x x", 1 / 2),
        ("b x x a x", 1 / 4),
        ("a x x b a", 1 / 2),
        ("b x x a b", 1),
        ("a-b x x x x", 0),
        ("a x x x x", 0),
    ],
)
def test_proximity_multiplies_by_closeness(engine: Engine, body: str, closeness: float) -> None:
    write(engine, [Draft("1", "x", body), Draft("2", "b", "x x x x x")])
    plain = score(engine, ask("a", "b", minimum=1))["1"]
    near = ask("a", "b", minimum=1, ranking=Ranking(proximity_weight=0.5))
    assert score(engine, near)["1"] == pytest.approx(plain * (1 + 0.5 * closeness), rel=1e-4)


NEAR = Ranking(proximity_weight=0.8)


@pytest.mark.parametrize(
    ("draft", "clauses", "closeness"),
    [
        (Draft("1", "a", "b"), ("a", "b"), 0),
        (Draft("1", "a x b", "a b"), ("a", "b"), 1),
        (Draft("1", "a b", "a x b"), ("a", "b"), 1),
        (Draft("1", "", "a b x c"), ("a", "b", "c"), (1 + 1 / 2) / 2),
        (Draft("1", "a b", "b c"), ("a", "b", "c"), 1),
        (Draft("1", "", "a b x c"), ("a", "c", "b"), (1 / 3 + 1 / 3) / 2),
        (Draft("1", "", "a x"), ("a", "a"), 1),
        (Draft("1", "", "a a"), ("a", "a"), 1),
        (Draft("1", "", "a x c b"), (clause("a", "c"), "b"), 1),
        (Draft("1", "", "a x c b"), (word("a", "c"), "b"), 1),
        (Draft("1", "", "a c x b"), (phrase("a", "c"), "b"), 1 / 2),
        (Draft("1", "", "a c x b"), (phrase("a", None, "x"), "b"), 1),
        (Draft("1", "", "a c x b"), (phrase("a", None, None, "b"), "c"), 1),
        (Draft("1", "", "ab x b"), (Prefix("a"), "b"), 1 / 2),
        (Draft("1", "a b", "a x x b"), (word("a", scope=Scope.BODY), "b"), 1 / 3),
        (Draft("1", "", "a x b"), ("a", clause("x", required=False), "b"), 1 / 2),
    ],
)
def test_closeness_of_clauses_next_to_each_other(
    engine: Engine, draft: Draft, clauses: tuple[Any, ...], closeness: float
) -> None:
    write(engine, [draft, Draft("2", "lain", "lain lain")])
    plain = score(engine, ask(*clauses))
    assert plain["1"] > 0
    near = score(engine, ask(*clauses, ranking=NEAR))
    assert near["1"] == pytest.approx(plain["1"] * (1 + 0.8 * closeness), rel=1e-4)


def test_proximity_needs_two_required_clauses(engine: Engine) -> None:
    write(engine, [Draft("1", "", "a b"), Draft("2", "", "b x a")])
    for clauses in (
        ("a",),
        (phrase("a", "b"),),
        (clause("a", "b"),),
        ("a", clause("b", required=False)),
    ):
        plain = score(engine, ask(*clauses))
        assert score(engine, ask(*clauses, ranking=NEAR)) == close(plain)


def test_proximity_reorders_the_best_hits_only(engine: Engine) -> None:
    # By words alone 1 > 2 > 3 > 4 (shorter bodies); only 2 and 4 have the words together.
    write(
        engine,
        [
            Draft("1", "", "a x b"),
            Draft("2", "", "a b x x"),
            Draft("3", "", "a x b x x"),
            Draft("4", "", "a b x x x x"),
        ],
    )
    plain = score(engine, ask("a", "b"))
    assert list(plain) == ["1", "2", "3", "4"]
    for depth, gains in [
        (0, (0, 0, 0, 0)),
        (1, (0.5, 0, 0, 0)),
        (2, (0.5, 1, 0, 0)),
        (3, (0.5, 1, 0.5, 0)),
        (100, (0.5, 1, 0.5, 1)),
    ]:
        ranking = Ranking(proximity_weight=0.9, rescore_depth=depth)
        expected = {
            one: plain[one] * (1 + 0.9 * gain)
            for one, gain in zip(["1", "2", "3", "4"], gains, strict=True)
        }
        near = score(engine, ask("a", "b", ranking=ranking))
        assert near == close(expected)
        assert list(near) == sorted(expected, key=lambda one: -expected[one])
        page = score(engine, ask("a", "b", ranking=ranking, offset=1, limit=2))
        assert list(page) == list(near)[1:3]


# --- recency


def test_recency_multiplies_by_age(engine: Engine) -> None:
    days = {"today": 1000, "week": 993, "fortnight": 986, "future": 1100, "undated": None}
    write(engine, [Draft(name, "a", day=day) for name, day in days.items()])
    plain = score(engine, ask("a"))["today"]
    recent = Ranking(recency_half_life_days=7, recency_weight=0.6, recency_from_day=1000)
    assert score(engine, ask("a", ranking=recent)) == close(
        {
            "today": plain * 1.6,
            "future": plain * 1.6,
            "week": plain * 1.3,
            "fortnight": plain * 1.2,
            "undated": plain,
        }
    )


@pytest.mark.parametrize(
    "ranking",
    [
        Ranking(recency_half_life_days=0, recency_weight=0.6, recency_from_day=1000),
        Ranking(recency_half_life_days=7, recency_weight=0, recency_from_day=1000),
    ],
)
def test_recency_is_off(engine: Engine, ranking: Ranking) -> None:
    write(engine, [Draft("1", "a", day=1000), Draft("2", "a", day=0)])
    assert score(engine, ask("a", ranking=ranking)) == close(score(engine, ask("a")))
    with engine.snapshot() as snapshot:
        rows = snapshot.explain(find_ref(snapshot, "1"), ask("a", ranking=ranking))
        assert [row.rule for row in rows] == ["typed"]


def test_recency_decides_which_hits_are_rescored(engine: Engine) -> None:
    write(engine, [Draft("old", "", "a b", day=0), Draft("new", "", "a x b", day=500)])
    ranking = Ranking(
        recency_half_life_days=10,
        recency_weight=1,
        recency_from_day=500,
        proximity_weight=0.5,
        rescore_depth=1,
    )
    plain = score(engine, ask("a", "b"))
    assert score(engine, ask("a", "b", ranking=ranking)) == close(
        {"new": plain["new"] * 2 * 1.25, "old": plain["old"] * (1 + 1 / 51)}
    )


# --- explanations


def explain(engine: Engine, article_id: str, query: Query) -> list[Contribution]:
    with engine.snapshot() as snapshot:
        return snapshot.explain(find_ref(snapshot, article_id), query)


def test_explain_names_every_alternative_that_occurs(filled: Engine) -> None:
    query = ask(
        word(
            Term("serang", weight=1, rule="stem"),
            Term("serang-an", Form.EXACT, 0.5, "typed"),
            Term("lama"),
            Prefix("serang", 0.25, "unfinished"),
            phrase("serang", "kota"),
            boost=2,
        ),
        clause("kota", "tidak"),
        clause("b", required=False),
        excluded=(clause("lama"),),
    )
    rows = explain(filled, "1", query)
    assert [
        (r.term, r.rule, r.form, r.title_count, r.body_count, r.lead_count, r.weight) for r in rows
    ] == [
        ("serang", "stem", Form.STEM, 1, 2, 1, 1),
        ("serang-an", "typed", Form.EXACT, 1, 1, 0, 0.5),
        ("serang*", "unfinished", Form.EXACT, 1, 2, 1, 0.25),
        ("serang kota", "phrase", Form.STEM, 1, 1, 1, 1),
        ("kota", "typed", Form.STEM, 1, 1, 1, 1),
        ("b", "typed", Form.STEM, 0, 1, 0, 1),
    ]
    assert [row.typed for row in rows[:4]] == [query.clauses[0].words[0].typed] * 4
    assert rows[4].typed == query.clauses[1].words[0].typed
    assert [row.idf for row in rows] == pytest.approx([idf(3, 2)] * 5 + [idf(3, 3)], rel=1e-4)
    assert sum(row.score for row in rows) == pytest.approx(score(filled, query)["1"], rel=1e-4)


def test_explain_shares_a_words_score_by_frequency(filled: Engine) -> None:
    query = ask(word("serang", exact("serang", 0.5)))
    first, second = explain(filled, "2", query)
    assert first.score == pytest.approx(2 * second.score, rel=1e-4)
    assert explain(filled, "3", query) == []


def test_explain_writes_phrases_with_stars(filled: Engine) -> None:
    (row,) = explain(filled, "1", ask(phrase("kota", None, "b")))
    assert (row.term, row.rule, row.body_count, row.lead_count) == ("kota * b", "phrase", 1, 1)


def test_explain_ends_with_recency_and_proximity(engine: Engine) -> None:
    write(engine, [Draft("1", "", "a x b", day=100), Draft("2", "", "a b", day=0)])
    ranking = Ranking(
        proximity_weight=0.5, recency_half_life_days=10, recency_weight=0.4, recency_from_day=110
    )
    query = ask("a", "b", ranking=ranking)
    rows = explain(engine, "1", query)
    assert [row.rule for row in rows] == ["typed", "typed", "recency", "proximity"]
    words = rows[0].score + rows[1].score
    assert words == pytest.approx(score(engine, ask("a", "b"))["1"], rel=1e-4)
    assert rows[2].weight == pytest.approx(0.2, rel=1e-4)
    assert rows[2].score == pytest.approx(0.2 * words, rel=1e-4)
    assert rows[3].weight == pytest.approx(0.25, rel=1e-4)
    assert rows[3].score == pytest.approx(0.25 * 1.2 * words, rel=1e-4)
    assert sum(row.score for row in rows) == pytest.approx(score(engine, query)["1"], rel=1e-4)


def test_explain_of_a_query_without_clauses_is_empty(filled: Engine) -> None:
    assert explain(filled, "1", ask()) == []

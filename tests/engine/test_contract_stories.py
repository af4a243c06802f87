"""Which articles every engine must take for copies of one story, and how it collapses them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from support.asking import ask, find_ref, write
from support.batches import Draft, build_batch
from support.brute_force import BruteForceEngine
from support.random_requests import ROOTS

from indexer.engine.base import (
    DateFilter,
    Engine,
    FacetRequest,
    LabelFilter,
    Query,
    Ranking,
    Snapshot,
    Sort,
)

WORDS = " ".join(f"kata{letter}{root}" for letter in "abcdefg" for root in ROOTS)


def make_story(seed: int, words: int = 120) -> list[str]:
    """A text that is like no other."""
    return Random(seed).choices(WORDS.split(), k=words)


TEXT = make_story(1)
FIGURES = ["12", "345", "20", "rp", "1500000", "2019"]


def write_text(*parts: list[str]) -> str:
    return " ".join(word for part in parts for word in part)


def tell(engine: Engine, *drafts: Draft) -> list[str]:
    """The stories of the index, each a row of ids; written one commit a draft."""
    for draft in drafts:
        write(engine, [draft])
    with engine.snapshot() as snapshot:
        return list_stories(snapshot, Query(limit=1000, collapse=True))


def list_stories(snapshot: Snapshot, query: Query) -> list[str]:
    """For each hit its id, and those of the articles that stand under it."""
    return [
        " ".join(snapshot.article(ref).id for ref in (hit.ref, *hit.also))
        for hit in snapshot.search(query).hits
    ]


@pytest.mark.parametrize(
    ("body", "copy", "same"),
    [
        pytest.param(TEXT, TEXT, True, id="the same text"),
        pytest.param(TEXT, ["lagi", *TEXT, "demikian", "kabar", "ini"], True, id="words added"),
        pytest.param(TEXT, TEXT[:-12], True, id="the end cut off"),
        pytest.param(TEXT, [*TEXT[:40], "antara", "lain", *TEXT[41:]], True, id="edited"),
        pytest.param(TEXT, TEXT[:60], False, id="half of it"),
        pytest.param(TEXT, [*TEXT[:60], *make_story(2, 60)], False, id="another second half"),
        pytest.param(TEXT, list(reversed(TEXT)), False, id="the same words, another order"),
        pytest.param(TEXT, make_story(3), False, id="another text"),
        pytest.param(TEXT[:40], TEXT[:40], True, id="just long enough"),
        pytest.param(TEXT[:39], TEXT[:39], False, id="too short to say"),
        pytest.param([], [], False, id="nothing"),
    ],
)
def test_copies_are_told_by_the_text(
    engine: Engine, body: list[str], copy: list[str], same: bool
) -> None:
    one, other = Draft("1", "judul", write_text(body)), Draft("2", "lain", write_text(copy))
    assert tell(engine, one, other) == (["1 2"] if same else ["1", "2"])


@pytest.mark.parametrize(
    ("figures", "others", "days", "same"),
    [
        pytest.param(FIGURES, FIGURES, (5, 5), True, id="the same"),
        pytest.param(FIGURES, [], (5, 5), True, id="one has none"),
        pytest.param(FIGURES, FIGURES[:2], (5, 5), True, id="one has fewer"),
        pytest.param(["9", "9"], ["09", "09"], (5, 5), True, id="written with a zero"),
        pytest.param(["12"], ["13"], (5, 6), False, id="another one"),
        pytest.param(["12", "14"], ["12", "15"], (5, None), False, id="one of two is another"),
        pytest.param(["ke-24"], ["ke-23"], (None, None), False, id="another ordinal"),
        pytest.param(["12", "14"], ["13", "15"], (5, 5), True, id="on one day two are put right"),
        pytest.param(["1", "2", "3"], ["4"], (5, 5), False, id="on one day three are others"),
        pytest.param(FIGURES, FIGURES, (5, 6), True, id="another day, the same"),
        pytest.param(["12", "1500000"], ["1500000"], (5, 6), True, id="another day, no date"),
        pytest.param(["1500000", "7000"], ["1500000"], (5, 6), False, id="another day, an amount"),
        pytest.param(["1500000"], ["1500000", "7000"], (5, 6), False, id="the other way round"),
        pytest.param(["12", "2019"], ["12"], (5, 6), True, id="another day, no year"),
        pytest.param(["12", "2119"], ["12"], (5, 6), False, id="another day, no such year"),
        pytest.param(["1500000", "7000"], ["1500000"], (5, 5), True, id="one day, an amount"),
        pytest.param(["1500000", "7000"], ["1500000"], (5, None), True, id="no day, an amount"),
        pytest.param(["1500000", "7000"], ["1500000"], (None, None), True, id="neither has a day"),
    ],
)
def test_copies_have_the_same_figures(
    engine: Engine,
    figures: list[str],
    others: list[str],
    days: tuple[int | None, int | None],
    same: bool,
) -> None:
    one = Draft("1", "judul", write_text(TEXT, figures), day=days[0])
    other = Draft("2", "judul", write_text(TEXT, others), day=days[1])
    stories = tell(engine, one, other)
    assert sorted(map(len, stories)) == ([3] if same else [1, 1])


def test_on_one_day_another_text_may_have_no_other_figures(engine: Engine) -> None:
    one = Draft("1", "judul", write_text(TEXT, ["12"]), day=5)
    other = Draft("2", "judul", write_text(TEXT[12:], ["13"]), day=5)
    assert sorted(tell(engine, one, other)) == ["1", "2"]


def test_many_figures_are_compared_as_far_as_they_are_kept(engine: Engine) -> None:
    """Of a table the longest are; one of those that is another tells it apart."""
    table = [str(1_000_000 + number) for number in range(60)]
    long = make_story(1, 400)
    drafts = [
        Draft("1", "a", write_text(long, table)),
        Draft("2", "b", write_text(long, table, ["5"])),
        Draft("3", "c", write_text(long, [str(2_000_000 + number) for number in range(60)])),
    ]
    assert tell(engine, *drafts) == ["1 2", "3"]


def test_the_copy_of_a_copy_tells_the_same_story_while_it_is_there(engine: Engine) -> None:
    one, two, three = TEXT, TEXT[20:], TEXT[40:]
    drafts = [Draft(str(n), "judul", write_text(text)) for n, text in enumerate((one, two, three))]
    assert tell(engine, *drafts) == ["0 1 2"]
    with engine.writer() as writer:
        writer.delete(["1"])
        writer.commit()
    with engine.snapshot() as snapshot:
        assert list_stories(snapshot, Query(collapse=True)) == ["0", "2"]
    write(engine, [drafts[1]])
    with engine.snapshot() as snapshot:
        assert list_stories(snapshot, Query(collapse=True)) == ["0 2 1"]


def test_an_article_has_its_copies_whatever_the_query(engine: Engine) -> None:
    body = write_text(TEXT)
    days = {"late": 9, "early": 1, "undated": None, "middle": 5}
    for name, day in days.items():
        write(engine, [Draft(name, name, body, day=day)])
    write(engine, [Draft("other", "kata", write_text(make_story(2)))])
    with engine.snapshot() as snapshot:
        found = {
            name: [snapshot.article(ref).id for ref in snapshot.copies(find_ref(snapshot, name))]
            for name in ("middle", "late", "other")
        }
    assert found == {
        "middle": ["early", "late", "undated"],
        "late": ["early", "middle", "undated"],
        "other": [],
    }


def test_resemblance_is_the_share_of_common_text(engine: Engine) -> None:
    bodies = {"1": TEXT, "same": TEXT, "half": TEXT[:60] + make_story(2, 60), "short": TEXT[:9]}
    for article_id, body in bodies.items():
        write(engine, [Draft(article_id, "judul", write_text(body))])
    with engine.snapshot() as snapshot:
        one = find_ref(snapshot, "1")
        alike = {name: snapshot.resemblance(one, find_ref(snapshot, name)) for name in bodies}
    assert (alike["1"], alike["same"], alike["short"]) == (1, 1, 0)
    # 58 of 178 runs of three words are in both.
    assert alike["half"] == pytest.approx(58 / 178, abs=0.15)


def test_an_article_that_was_rewritten_is_no_copy_any_more(engine: Engine) -> None:
    assert tell(engine, Draft("1", "a", write_text(TEXT)), Draft("2", "b", write_text(TEXT))) == [
        "1 2"
    ]
    write(engine, [Draft("2", "b", write_text(make_story(9)))])
    with engine.snapshot() as snapshot:
        assert list_stories(snapshot, Query(collapse=True)) == ["1", "2"]


@pytest.mark.parametrize("optimized", [False, True])
def test_segments_make_no_difference(engine: Engine, optimized: bool) -> None:
    texts = [make_story(seed) for seed in range(4)]
    drafts = [
        Draft(f"{part}{n}", "judul", write_text(text), day=part)
        for part in range(3)
        for n, text in enumerate(texts)
    ]
    write(engine, drafts[:3])
    write(engine, drafts[3:8], drafts[8:10])
    with engine.writer() as writer:
        writer.add(build_batch(drafts[10:]))
        if optimized:
            writer.optimize()
        writer.commit()
    with engine.snapshot() as snapshot:
        stories = list_stories(snapshot, Query(sort=Sort.NEWEST, collapse=True))
        assert stories == [f"2{n} 0{n} 1{n}" for n in range(4)]
    assert engine.check() == []


def test_the_best_stands_for_its_story_the_others_by_date(engine: Engine) -> None:
    body = write_text(TEXT)
    drafts = [
        Draft("plain", "judul", body, day=3),
        Draft("best", "kata kata", body, day=2),
        Draft("undated", "judul", body),
        Draft("late", "judul", body, day=2, second=50_000),
        Draft("other", "kata", write_text(make_story(2)), day=9),
    ]
    for draft in drafts:
        write(engine, [draft])
    best = ask("kata", collapse=True)
    with engine.snapshot() as snapshot:
        assert list_stories(snapshot, best) == ["best", "other"]
        everything = {
            Sort.RELEVANCE: ["other", "plain best late undated"],
            Sort.NEWEST: ["other", "plain best late undated"],
            Sort.OLDEST: ["best late plain undated", "other"],
        }
        for sort, stories in everything.items():
            assert list_stories(snapshot, Query(sort=sort, collapse=True)) == stories


def test_only_matching_articles_are_told_of_and_all_are_counted(engine: Engine) -> None:
    body = write_text(TEXT)
    drafts = [
        Draft("1", "a", body, day=1, labels={"source": ("Antara",)}),
        Draft("2", "b", body, day=2, labels={"source": ("Okezone",)}),
        Draft("3", "c", body, day=3, labels={"source": ("Sindo",)}),
        Draft("4", "d", write_text(make_story(2)), day=3, labels={"source": ("Sindo",)}),
    ]
    for draft in drafts:
        write(engine, [draft])
    facets = (FacetRequest("source"), FacetRequest("published_at", interval="day"))
    query = Query(sort=Sort.NEWEST, facets=facets, collapse=True)
    with engine.snapshot() as snapshot:
        answer = snapshot.search(query)
        assert (answer.total, answer.stories, len(answer.hits)) == (4, 2, 2)
        assert answer.facets["source"] == [("Sindo", 2), ("Antara", 1), ("Okezone", 1)]
        assert [count for _, count in answer.facets["published_at"]] == [1, 1, 2]
        two = LabelFilter("source", ("Antara", "Okezone"))
        for condition, stories in (
            (two, ["2 1"]),
            (LabelFilter("source", ("Okezone",), exclude=True), ["3 1", "4"]),
            (DateFilter(2, 3), ["3 2", "4"]),
        ):
            narrowed = Query(sort=Sort.NEWEST, filters=(condition,), facets=facets, collapse=True)
            assert list_stories(snapshot, narrowed) == stories
            answer = snapshot.search(narrowed)
            plain = snapshot.search(Query(filters=(condition,), facets=facets))
            assert answer.stories == len(stories)
            assert (answer.total, answer.facets) == (plain.total, plain.facets)


def test_without_collapsing_nothing_is_told_of(engine: Engine) -> None:
    write(engine, [Draft(str(n), "a", write_text(TEXT)) for n in range(3)])
    with engine.snapshot() as snapshot:
        answer = snapshot.search(Query())
        assert (answer.total, answer.stories) == (3, 3)
        assert [hit.also for hit in answer.hits] == [(), (), ()]


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("limit", [1, 3, 10])
def test_pages_join_to_the_whole_list(engine: Engine, sort: Sort, limit: int) -> None:
    """Also where the first story has more copies than any page has hits."""
    texts = [write_text(make_story(seed)) for seed in range(5)]
    many = [Draft(f"0-{n:02}", "kata", texts[0], day=n % 3 + 9) for n in range(70)]
    few = [
        Draft(f"{seed}-{n}", "kata" if n else "kata kata", texts[seed], day=n)
        for seed in range(1, 5)
        for n in range(seed)
    ]
    write(engine, many[:30], few[:5])
    write(engine, many[30:], few[5:])
    near = Ranking(proximity_weight=0.5, rescore_depth=5)
    for clauses in ((), ("kata",), ("kata", TEXT[0]), ("kata", "kataaserang"), ("kata", "kata")):
        for minimum in (None, 1):
            query = ask(*clauses, sort=sort, minimum=minimum, ranking=near, collapse=True)
            with engine.snapshot() as snapshot:
                whole = snapshot.search(query)
                told = [ref for hit in whole.hits for ref in (hit.ref, *hit.also)]
                assert whole.stories == len(whole.hits)
                assert whole.total == len(told) == len(set(told))
                joined = []
                for offset in range(0, whole.stories + limit, limit):
                    page = snapshot.search(
                        ask(
                            *clauses,
                            sort=sort,
                            minimum=minimum,
                            ranking=near,
                            collapse=True,
                            offset=offset,
                            limit=limit,
                        )
                    )
                    assert (page.total, page.stories) == (whole.total, whole.stories)
                    joined += page.hits
            assert joined == whole.hits


def draw_drafts(seed: int) -> list[Draft]:
    """Twelve stories, told by one to six articles each, edited more or less."""
    random = Random(seed)
    drafts = []
    for story in range(12):
        text = make_story(seed * 100 + story, random.choice([45, 90, 200]))
        text += [str(random.choice([7, 12, 2019, 15_000])) for _ in range(random.randint(0, 3))]
        for number in range(random.randint(1, 6)):
            edited = list(text)
            for _ in range(random.randint(0, len(text) // 20)):
                edited[random.randrange(len(edited))] = random.choice([*ROOTS, "8", "16000"])
            cut = random.choice([0, 0, 3, 10])
            drafts.append(
                Draft(
                    f"{story}-{number}",
                    " ".join(random.choices(ROOTS, k=4)),
                    write_text(edited[cut:]),
                    labels={"source": (random.choice("abc"),)},
                    day=random.choice([None, 1, 1, 2, 3]),
                    second=random.choice([0, 100]),
                )
            )
    random.shuffle(drafts)
    return drafts


@pytest.mark.parametrize("seed", range(6))
def test_random_stories(engine: Engine, seed: int) -> None:
    """What is collapsed is the uncollapsed list, folded by the stories of the oracle."""
    drafts = draw_drafts(seed)
    oracle = BruteForceEngine()
    for one in (engine, oracle):
        for first in range(0, len(drafts), 9):
            write(one, drafts[first : first + 9])
        with one.writer() as writer:
            writer.delete([draft.id for draft in drafts[::7]])
            writer.commit()
    with engine.snapshot() as snapshot, oracle.snapshot() as expected:
        queries = [
            ask(*clauses, sort=sort, filters=filters, minimum=1 if clauses else None)
            for clauses in ((), ("serang",), ("pasar", "kota", "warga"))
            for sort in Sort
            for filters in ((), (LabelFilter("source", ("a", "b")),))
        ]
        for query in queries:
            folded: dict[int, list[str]] = {}
            for hit in snapshot.search(query).hits:
                article_id = snapshot.article(hit.ref).id
                story = expected.stories[find_ref(expected, article_id)]
                folded.setdefault(story, []).append(article_id)
            answer = snapshot.search(replace(query, collapse=True))
            assert answer.stories == len(folded)
            got = [
                [snapshot.article(ref).id for ref in (hit.ref, *hit.also)] for hit in answer.hits
            ]
            assert [ids[0] for ids in got] == [ids[0] for ids in folded.values()]
            assert [sorted(ids) for ids in got] == [sorted(ids) for ids in folded.values()]


def test_a_form_filled_in_again_and_again_tells_as_many_stories(engine: Engine) -> None:
    """Also where it has copies among them, further apart than neighbours are compared."""
    drafts = [
        Draft(f"{number:03}", "harga", write_text(TEXT, [str(1_000_000 + number % 60)]))
        for number in range(120)
    ]
    write(engine, drafts[:70])
    write(engine, drafts[70:])
    with engine.snapshot() as snapshot:
        answer = snapshot.search(Query(limit=200, collapse=True))
        assert (answer.total, answer.stories) == (120, 60)
        assert all(len(hit.also) == 1 for hit in answer.hits)

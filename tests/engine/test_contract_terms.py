"""What every engine must tell about terms: occurrences, statistics, dictionaries, evidence."""

from __future__ import annotations

from math import log
from random import Random

import pytest
from support.asking import exact, find_ref, phrase, word, write
from support.batches import Draft, build_batch
from support.brute_force import BruteForceEngine

from indexer.engine.base import (
    MOST_IN_PASSAGE,
    Engine,
    Form,
    Occurrence,
    PassageBounds,
    Phrase,
    Prefix,
    Scope,
    Term,
    TermStatistics,
    Word,
)


def list_occurrences(
    engine: Engine, article_id: str, *words: Word
) -> list[tuple[bool, int, int, int]]:
    with engine.snapshot() as snapshot:
        found = snapshot.occurrences(find_ref(snapshot, article_id), words)
    assert all(isinstance(one, Occurrence) for one in found)
    return [(one.in_title, one.position, one.start, one.word) for one in found]


DRAFTS = [
    Draft("0", "lain", "kota kota kota"),
    Draft("1", "serang-an  kota", "kota serang,\nkota lama serang-an", lead=1),
    Draft("2", "kota", "lama"),
]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    write(engine, DRAFTS[:2])
    write(engine, DRAFTS[2:])
    return engine


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([word("kota")], [(True, 1, 11, 0), (False, 0, 0, 0), (False, 2, 13, 0)]),
        ([word("serang")], [(True, 0, 0, 0), (False, 4, 23, 0)]),
        ([word(exact("serang,"))], [(False, 1, 5, 0)]),
        ([word("kota", scope=Scope.TITLE)], [(True, 1, 11, 0)]),
        ([word("kota", scope=Scope.BODY)], [(False, 0, 0, 0), (False, 2, 13, 0)]),
        ([word(Prefix("ser"))], [(True, 0, 0, 0), (False, 1, 5, 0), (False, 4, 23, 0)]),
        ([word(phrase("kota", "lama"))], [(False, 2, 13, 0), (False, 3, 18, 0)]),
        ([word(phrase("kota", None, "serang"))], [(False, 2, 13, 0), (False, 4, 23, 0)]),
        ([word(phrase("kota", None, "lama"))], []),
        (
            [word("lama"), word("kota", scope=Scope.TITLE)],
            [(True, 1, 11, 1), (False, 3, 18, 0)],
        ),
        (
            [word("lama"), word(phrase("kota", "lama"))],
            [(False, 2, 13, 1), (False, 3, 18, 0), (False, 3, 18, 1)],
        ),
        ([word("lama", exact("lama"), Prefix("l"))], [(False, 3, 18, 0)]),
        ([word("tidak")], []),
        ([Word("kosong", ())], []),
        ([], []),
    ],
)
def test_occurrences_in_reading_order(
    filled: Engine, words: list[Word], expected: list[tuple[bool, int, int, int]]
) -> None:
    assert list_occurrences(filled, "1", *words) == expected


def test_occurrences_are_of_this_document_alone(filled: Engine) -> None:
    assert list_occurrences(filled, "2", word("kota"), word("lama")) == [
        (True, 0, 0, 0),
        (False, 0, 0, 1),
    ]
    assert list_occurrences(filled, "0", word("kota"), word("serang")) == [
        (False, 0, 0, 0),
        (False, 1, 5, 0),
        (False, 2, 10, 0),
    ]


def test_occurrences_stay_right_after_merging(filled: Engine) -> None:
    before = list_occurrences(filled, "1", word("kota"), word("serang"))
    with filled.writer() as writer:
        writer.delete(["0"])
        writer.optimize()
        writer.commit()
    assert list_occurrences(filled, "1", word("kota"), word("serang")) == before


LONG = "kota " * 30 + "jauh " * 20 + "lama kota lama kota serang" + " jauh" * 20 + " kota" * 500


@pytest.mark.parametrize(
    ("wanted", "bounds", "in_body", "stretch"),
    [
        # The most words, however many occurrences are elsewhere.
        (("kota", "serang"), (9_999, 30, 30), [255, 265, 270], (255, 270)),
        (("kota", "serang", "lama"), (9_999, 30, 30), [250, 255, 260, 265, 270], (250, 270)),
        # Of one word, the first stretch that has the most of it.
        (("kota",), (9_999, 12, 6), [0, 5], (0, 10)),
        (("kota",), (9_999, 12, 7), [0, 5], (0, 10)),
        # Before the end only.
        (("serang",), (270, 30, 30), [], (-1, -1)),
        (("serang",), (271, 30, 30), [270], (270, 270)),
        (("hilang",), (9_999, 30, 30), [], (-1, -1)),
        ((), (9_999, 30, 30), [], (-1, -1)),
    ],
)
def test_a_passage_shows_the_best_stretch(
    engine: Engine,
    wanted: tuple[str, ...],
    bounds: tuple[int, int, int],
    in_body: list[int],
    stretch: tuple[int, int],
) -> None:
    write(engine, [Draft("1", "kota lain", LONG)])
    with engine.snapshot() as snapshot:
        (passage,) = snapshot.passages([0], [*map(word, wanted)], [PassageBounds(*bounds)])
    assert passage.in_body == in_body
    assert (passage.first, passage.last) == stretch
    assert len(passage.in_title) == wanted.count("kota")


def test_a_passage_is_chosen_from_the_first_occurrences(engine: Engine) -> None:
    body = "kota " * MOST_IN_PASSAGE + "lama"
    write(engine, [Draft("1", "judul", body)])
    bounds = PassageBounds(len(body), 50, 100_000)
    with engine.snapshot() as snapshot:
        (passage,) = snapshot.passages([0], [word("kota"), word("lama")], [bounds])
        (fewer,) = snapshot.passages([0], [word("lama")], [bounds])
    assert len(passage.in_body) == MOST_IN_PASSAGE
    assert fewer.first == len(body) - len("lama")


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (["2", "0", "1"], [word("kota"), word("serang"), word(phrase("kota", "lama"), "tidak")]),
        (["1"], [word(Prefix("k"), scope=Scope.TITLE)]),
        (["1", "2"], [word("tidak")]),
        (["1", "2"], [word("kota"), Word("nothing", ())]),
        (["1", "2"], []),
        ([], [word("kota")]),
    ],
)
def test_places_are_the_occurrences_of_several_documents(
    filled: Engine, ids: list[str], words: list[Word]
) -> None:
    with filled.snapshot() as snapshot:
        refs = [find_ref(snapshot, article_id) for article_id in ids]
        places = snapshot.places(refs, words)
        occurrences = [snapshot.occurrences(ref, words) for ref in refs]
    expected = [
        (number, one.in_title, one.position, one.word)
        for number, of_document in enumerate(occurrences)
        for one in of_document
    ]
    columns = (places.documents, places.in_title, places.positions, places.words)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == expected


def test_places_tell_how_rare_words_are(filled: Engine) -> None:
    words = [word("kota"), word("serang"), Word("", ()), word("serang", "kota", boost=3)]
    with filled.snapshot() as snapshot:
        idfs = snapshot.places([], words).idfs.tolist()
    # Of three documents three, one, none and three have the word.
    assert idfs == pytest.approx([log(1 + (3.5 - df) / (df + 0.5)) for df in (3, 1, 0, 3)])


def test_statistics_of_terms(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.add(build_batch([Draft("1", "lari lari-an"), Draft("2", "lari susi")]))
        writer.add(build_batch([Draft("3", "susi lari-i")], capitalised=["susi"]))
        writer.commit()
        writer.add(build_batch([Draft("4", "susi susi")], capitalised=["susi"]))
        writer.commit()
    with engine.snapshot() as snapshot:
        assert snapshot.statistics("lari") == TermStatistics(2, 2, 0)
        assert snapshot.statistics("lari", Form.STEM) == TermStatistics(3, 4, 0)
        assert snapshot.statistics("lari-an") == TermStatistics(1, 1, 0)
        assert snapshot.statistics("lari-an", Form.STEM) == TermStatistics(0, 0, 0)
        assert snapshot.statistics("susi") == TermStatistics(3, 1, 3)
        assert snapshot.statistics("susi", Form.STEM) == TermStatistics(3, 1, 3)
        assert snapshot.statistics("tidak") == TermStatistics(0, 0, 0)
        assert snapshot.statistics("") == TermStatistics(0, 0, 0)


def test_terms_in_code_point_order(engine: Engine) -> None:
    words = ["z", "a", "é", "ab", "Z", "\ufb01", "😀", "a-b", "aa", "1"]
    for part in (words[:4], words[2:]):
        write(engine, [Draft(" ".join(part), " ".join(part), part[0])])
    with engine.snapshot() as snapshot:
        expected = [(text, 2 if text in words[2:4] else 1) for text in sorted(words)]
        assert list(snapshot.terms()) == expected
        assert list(snapshot.terms("a")) == [("a", 1), ("a-b", 1), ("aa", 1), ("ab", 2)]
        assert list(snapshot.terms("a", form=Form.STEM)) == [("a", 2), ("aa", 1), ("ab", 2)]
        assert list(snapshot.terms("😀")) == [("😀", 1)]
        assert list(snapshot.terms("b")) == []


def test_terms_cover_a_whole_index(engine: Engine) -> None:
    words = [f"w{n:04}" for n in range(3000)]
    write(engine, [Draft("1", "", " ".join(words[:2000])), Draft("2", "", " ".join(words[1000:]))])
    with engine.snapshot() as snapshot:
        assert list(snapshot.terms()) == [
            (text, 2 if 1000 <= n < 2000 else 1) for n, text in enumerate(words)
        ]
        assert list(snapshot.terms("w15")) == [(f"w15{n:02}", 2) for n in range(100)]


def test_frequent_terms_by_documents_ties_by_term(engine: Engine) -> None:
    write(engine, [Draft("1", "pasar pasar pasar paku", "padi"), Draft("2", "padi", "pasar kota")])
    write(engine, [Draft("3", "padi pa", "kota")])
    with engine.snapshot() as snapshot:
        expected = [("padi", 3), ("pasar", 2), ("pa", 1), ("paku", 1)]
        for limit in (0, 1, 2, 3, 4, 50):
            assert snapshot.frequent_terms("pa", limit=limit) == expected[:limit]
        assert snapshot.frequent_terms("", limit=2) == [("padi", 3), ("kota", 2)]
        assert snapshot.frequent_terms("z", limit=5) == []


TOWNS = {"bandung": 9, "badung": 4, "bandang": 3, "bendung": 1, "rp": 5, "2022": 7, "b2andung": 1}


@pytest.fixture
def towns(engine: Engine) -> Engine:
    drafts = [
        Draft(str(n), "", " ".join(term for term, most in TOWNS.items() if n < most))
        for n in range(9)
    ]
    for part in (drafts[:5], drafts[5:]):
        write(engine, part)
    return engine


@pytest.mark.parametrize(
    ("word", "edits", "expected"),
    [
        ("badnung", 1, ["bandung", "badung"]),
        ("bandung", 1, ["badung", "bandang", "bendung"]),
        ("bandug", 1, ["bandung"]),
        ("bandug", 2, ["bandung", "badung", "bandang", "bendung"]),
        ("bandung", 0, []),
        ("xyz", 2, []),
        ("2023", 1, []),
        ("", 1, []),
        ("b" * 40, 2, []),
    ],
)
def test_near_terms(towns: Engine, word: str, edits: int, expected: list[str]) -> None:
    with towns.snapshot() as snapshot:
        found = snapshot.near_terms(word, edits)
        assert [one.term for one in found] == expected
        assert all(one.documents == TOWNS[one.term] for one in found)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("bndng", ["bandang", "bandung", "bendung"]),
        ("bndung", ["bandung", "bendung"]),
        ("bandung", []),
        ("ndng", []),
        ("", []),
    ],
)
def test_vowels_are_put_in(towns: Engine, word: str, expected: list[str]) -> None:
    with towns.snapshot() as snapshot:
        assert snapshot.vowelled_terms(word) == expected


def test_which_of_many_are_terms(towns: Engine) -> None:
    with towns.snapshot() as snapshot:
        asked = ["bendung", "bandang", "tidak", "", "bandun", "bandung"]
        assert snapshot.known_terms(asked) == ["bendung", "bandang", "bandung"]
        assert snapshot.known_terms([]) == []


def test_nothing_near_is_missed(engine: Engine) -> None:
    random = Random(1)
    words = ["".join(random.choices("abcdeéж1", k=random.randint(1, 9))) for _ in range(400)]
    words += ["".join(random.choices("ab", k=k)) for k in range(28, 36) for _ in range(4)]
    for part in (words[:200], words[150:]):
        write(engine, [Draft(part[0], "", " ".join(part))])
    oracle = BruteForceEngine()
    write(oracle, [Draft("0", "", " ".join(words))])
    with engine.snapshot() as snapshot, oracle.snapshot() as expected:
        for word in [*random.sample(words, 100), "a", "abc", "kota"]:
            assert snapshot.vowelled_terms(word) == expected.vowelled_terms(word)
            for edits in (1, 2):
                found = {(one.term, one.edits) for one in snapshot.near_terms(word, edits)}
                assert found == {(one.term, one.edits) for one in expected.near_terms(word, edits)}


def test_articles_that_have_all(engine: Engine) -> None:
    write(engine, [Draft("1", "kota lama", "serang-an"), Draft("2", "lama kota", "kota lama")])
    write(engine, [Draft("3", "kota", "lama"), Draft("4", "kota lama", "serang")])
    with engine.writer() as writer:
        writer.delete(["4"])
        writer.commit()
    with engine.snapshot() as snapshot:
        rows: list[tuple[list[Term | Phrase], int]] = [
            ([exact("kota")], 3),
            ([phrase("kota", "lama")], 2),
            ([phrase("kota", "lama"), phrase("lama", "kota")], 1),
            ([exact("kota"), exact("serang-an")], 1),
            ([exact("lama"), Term("serang", Form.STEM)], 1),
            ([exact("serang")], 0),
            ([exact("kota"), exact("tidak")], 0),
        ]
        for alternatives, expected in rows:
            assert snapshot.count_having(alternatives) == expected


ROWS = [("acronym", "kpk", "komisi pemberantasan korupsi", 3), ("name", "susi", "", 2)]


def test_evidence_is_summed_by_kind_key_and_value(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.add(build_batch([Draft("1", "a")], evidence=ROWS))
        writer.add(build_batch([Draft("2", "a")], evidence=[("acronym", "kpk", "lain", 3)]))
        writer.commit()
        more = [("acronym", "kpk", "lain", 1), ("acronym", "dpr", "dewan", 1), ROWS[1]]
        writer.add(build_batch([Draft("3", "a")], evidence=more))
        writer.commit()
    with engine.snapshot() as snapshot:
        assert snapshot.evidence("acronym") == {
            "kpk": [("lain", 4), ("komisi pemberantasan korupsi", 3)],
            "dpr": [("dewan", 1)],
        }
        assert snapshot.evidence("name") == {"susi": [("", 4)]}
        assert snapshot.evidence("tidak") == {}


def test_evidence_ties_go_by_value(engine: Engine) -> None:
    rows = [("k", "x", value, 1) for value in ("c", "a", "b")]
    with engine.writer() as writer:
        writer.add(build_batch([Draft("1", "a")], evidence=rows))
        writer.commit()
    with engine.snapshot() as snapshot:
        assert snapshot.evidence("k") == {"x": [("a", 1), ("b", 1), ("c", 1)]}


def test_an_unchanged_batch_adds_no_evidence(engine: Engine) -> None:
    batch = build_batch([Draft("1", "a susi")], evidence=ROWS, capitalised=["susi"])
    for _ in range(3):
        with engine.writer() as writer:
            writer.add(batch)
            writer.commit()
    with engine.snapshot() as snapshot:
        assert snapshot.evidence("name") == {"susi": [("", 2)]}
        assert snapshot.statistics("susi") == TermStatistics(1, 0, 1)


def test_evidence_outlives_single_articles_but_not_delete_all(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.add(build_batch([Draft("1", "a b"), Draft("2", "a")], evidence=ROWS))
        writer.commit()
        writer.delete(["1"])
        writer.optimize()
        writer.commit()
    with engine.snapshot() as snapshot:
        assert snapshot.evidence("name") == {"susi": [("", 2)]}
        assert snapshot.statistics("a") == TermStatistics(1, 2, 0)
    with engine.writer() as writer:
        writer.delete_all()
        writer.add(build_batch([Draft("1", "a c")], evidence=[("name", "budi", "", 1)]))
        writer.commit()
    with engine.snapshot() as snapshot:
        assert snapshot.evidence("name") == {"budi": [("", 1)]}
        assert snapshot.evidence("acronym") == {}
        assert snapshot.statistics("a") == TermStatistics(1, 1, 0)
        assert list(snapshot.terms()) == [("a", 1), ("c", 1)]


def test_uncommitted_evidence_is_dropped(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.add(build_batch([Draft("1", "a")], evidence=ROWS))
    with engine.snapshot() as snapshot:
        assert snapshot.evidence("name") == {}
        assert snapshot.statistics("a") == TermStatistics(0, 0, 0)

"""The engine in OpenSearch: its addresses and encodings, and its answers beside brute force.

What needs a node is skipped without one (CONTRIBUTING.md); the contract tests run against it, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from support.asking import find_ref
from support.batches import Draft, build_batch
from support.brute_force import BruteForceEngine
from support.opensearch_node import NODE, ask_node, empty_index, needs_node, open_opensearch
from support.random_requests import RandomRequests
from support.same_answers import (
    assert_same_explanation,
    assert_same_hit,
    assert_same_page,
    play,
)

from indexer.engine.base import (
    AnalysedBatch,
    Clause,
    Form,
    Phrase,
    Query,
    Snapshot,
    Term,
    Word,
)
from indexer.engine.opensearch.address import (
    PASSWORD,
    PASSWORD_FILE,
    AddressInvalid,
    is_address,
    read_address,
)
from indexer.engine.opensearch.documents import build_sources, count_intervals, write_interval
from indexer.engine.opensearch.encoding import (
    decode_forms,
    decode_label,
    encode_forms,
    encode_label,
    mark_lead,
    name_column,
)
from indexer.engine.opensearch.vocabulary import Vocabulary
from indexer.engine.opensearch.word_changes import WordChanges
from indexer.engine.opensearch.words import Words
from indexer.errors import IndexNotFound, IndexTakenOver

# --- addresses


@pytest.mark.parametrize(
    ("text", "hosts", "name", "user"),
    [
        ("http://localhost:9200/berita", (("localhost", 9200),), "berita", ""),
        ("https://a@x.example/b-1/", (("x.example", 9200),), "b-1", "a"),
        ("https://a%40b@x:1,y:2,z/n", (("x", 1), ("y", 2), ("z", 9200)), "n", "a@b"),
        ("http://[::1]:19200/n", (("::1", 19200),), "n", ""),
        (" HTTP://Host/n\n", (("host", 9200),), "n", ""),
    ],
)
def test_addresses(text: str, hosts: tuple[tuple[str, int], ...], name: str, user: str) -> None:
    address = read_address(text, {})
    assert (address.hosts, address.name, address.user) == (hosts, name, user)
    assert address.secure == text.startswith("https")
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "http://",
        "http:///name",
        "http://host",
        "http://host/",
        "http://host/Nama",
        "http://host/a/b",
        "http://host/a.b",
        "http://host:port/a",
        "http://host:99999/a",
        "http://host/_a",
        "http://host/a?b=c",
        "http://host/a#b",
        "http:/host/a",
        "htp://host/a",
        "opensearch://host/a",
        "host:9200/a",
        "10.0.0.1:9200",
        "http://user:rahasia@host/a",  # pragma: allowlist secret
    ],
)
def test_what_is_no_address_is_refused_without_a_password(text: str) -> None:
    assert is_address(text)
    with pytest.raises(AddressInvalid) as refused:
        read_address(text, {})
    assert "rahasia" not in str(refused.value)


@pytest.mark.parametrize(
    "folder", ["berita", "C:/berita", "C:\\berita", "/a:b/c", "a:b", "./h:9200"]
)
def test_folders_are_no_addresses(folder: str) -> None:
    assert not is_address(folder)


def test_passwords_come_from_the_environment_and_are_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("dari berkas\n")
    for environment, password in (
        ({PASSWORD: "rahasia"}, "rahasia"),  # pragma: allowlist secret
        ({PASSWORD: "rahasia", PASSWORD_FILE: str(file)}, "dari berkas"),
        ({}, ""),
    ):
        address = read_address("https://u@h/n", environment)
        assert address.password == password
        assert str(address) == "https://u@h:9200/n"
        assert not password or password not in repr(address)
    with pytest.raises(AddressInvalid, match=f"{PASSWORD_FILE}=.*none cannot be used"):
        read_address("https://u@h/n", {PASSWORD_FILE: str(tmp_path / "none")})


# --- encodings

TEXTS = ["serang", "a|b", "a b", "%0041", "é😀", "\ud800x", "\x00", "<=", "*", "?", "x" * 900, ""]


@pytest.mark.parametrize("exact", TEXTS)
@pytest.mark.parametrize("stem", ["serang", "a|b", ""])
def test_forms_are_one_token_and_come_back(exact: str, stem: str) -> None:
    outside = encode_forms(exact, stem)
    for group in (outside, mark_lead(outside)):
        assert " " not in group
        assert "" not in group.split("|")
        assert decode_forms(group) == (exact, stem)


@pytest.mark.parametrize("label", TEXTS)
def test_labels_come_back(label: str) -> None:
    encode_label(label).encode()
    assert decode_label(encode_label(label)) == label


def test_long_terms_and_labels_stay_apart() -> None:
    for encode in (encode_label, lambda text: encode_forms(text, "")):
        one, other = encode("x" * 10_000), encode("x" * 10_001)
        assert one != other
        assert len(one) < 8000


def test_columns_have_names_without_dots_and_stay_apart() -> None:
    names = ["label:harga", "label:harga.min", "label:harga_min", "label:harga_2e_min", "number:é"]
    encoded = [name_column(name) for name in names]
    assert len(set(encoded)) == len(names)
    assert all(name.replace("_", "").isalnum() and name.isascii() for name in encoded)


@pytest.mark.parametrize("day", [-719_162, -354_286, -1, 0, 19_193, 375_000])
def test_intervals_are_written_as_dates(day: int) -> None:
    written = write_interval(count_intervals(day, "day"), "day")
    assert write_interval(count_intervals(day, "month"), "month") == written[:7]
    assert write_interval(count_intervals(day, "year"), "year") == written[:4]


def test_an_article_becomes_a_document_with_its_lead_marked() -> None:
    batch = build_batch([Draft("1", "a-x", "b c d", lead=2), Draft("2", "z", "a")])
    (one,) = build_sources(batch, np.array([True, False]))
    assert one["title"] == "=a-x|~a|*"
    assert one["body"] == "=b|~b|*|<=b|<~b|<* =c|~c|*|<=c|<~c|<* =d|~d|*"
    assert (one["title_length"], one["body_length"]) == (1, 3)


# --- words


def test_changes_of_words_add_up_and_are_taken_away() -> None:
    drafts = [Draft("1", "lari-an susi", "lari"), Draft("2", "susi susi")]
    batch = build_batch(drafts, evidence=[("name", "susi", "", 2)], capitalised=["susi"])
    changes = WordChanges()
    changes.add_batch(batch, np.array([True, True]))
    changes.count_case_of_stems({})
    ((rows, packed),) = changes.pack()
    assert rows == len(changes)
    read = WordChanges()
    for _ in range(2):
        read.unpack(packed)
    words = Words(lambda: Vocabulary(read))
    assert words.statistics("susi", Form.EXACT).documents == 4
    assert words.statistics("lari", Form.STEM).documents == 2
    assert words.statistics("susi", Form.STEM).capital == 6
    assert words.list_evidence("name") == {"susi": [("", 4)]}
    for source in build_sources(batch, np.array([True, True])):
        for _ in range(2):
            read.take_away([*source["title"].split(), *source["body"].split()])
    assert Words(lambda: Vocabulary(read)).count_all("", Form.EXACT) == []


@pytest.mark.parametrize("seed", range(20))
def test_a_vocabulary_that_follows_another_is_as_one_made_anew(seed: int) -> None:
    """Whatever comes, goes and comes again, in both forms and in what was learned."""
    chance = Random(seed)

    def draw(number: int) -> AnalysedBatch:
        words = ["".join(chance.choices("aiskn", k=chance.randint(1, 6))) for _ in range(8)]
        learned = [("name", word, chance.choice("xy"), chance.randint(1, 2)) for word in words[:2]]
        return build_batch([Draft(str(number), " ".join(words), words[0])], evidence=learned)

    kept, summed = np.array([True]), WordChanges()
    vocabulary = Vocabulary(summed)
    added: list[AnalysedBatch] = []
    for number in range(30):
        # What is built only later is built of all that came before.
        if number > chance.randrange(10):
            assert vocabulary.orders
            assert vocabulary.learned is not None
        changes = WordChanges()
        if added and chance.random() < 0.4:
            gone = WordChanges()
            gone.add_batch(added.pop(chance.randrange(len(added))), kept)
            changes.add(gone, -1)
        else:
            added.append(draw(number))
            changes.add_batch(added[-1], kept)
        vocabulary = vocabulary.follow(changes)
    anew = WordChanges()
    for batch in added:
        anew.add_batch(batch, kept)
    for form in Form:
        words = Words(lambda: vocabulary).count_all("", form)
        assert words == Words(lambda: Vocabulary(anew)).count_all("", form)
    grown, whole = (
        [
            {key: found for key, found in groups.items() if found}
            for groups in (one.orders.by_length, one.orders.by_consonants, one.learned["name"])
        ]
        for one in (vocabulary, Vocabulary(anew))
    )
    assert grown == whole


@needs_node
def test_documents_of_words_stay_few_and_a_reader_of_any_generation_follows() -> None:
    """Also one that reads for the first time what others merged long ago."""
    engine = open_opensearch(empty_index("brute-force"))
    followed: list[list[tuple[str, int]]] = []
    documents: list[int] = []
    for number in range(24):
        with engine.writer() as writer:
            writer.add(build_batch([Draft(str(number), "satu", f"kata{number}")]))
            if number % 5 == 4:
                writer.delete([str(number - 1)])
            if number == 20:
                writer.optimize()
            writer.commit()
        documents.append(len(engine._state.read_generation().words))
        if number % 3 == 0:
            with engine.snapshot() as snapshot:
                followed.append(list(snapshot.terms()))
            anew = open_opensearch(engine._address.name)
            with anew.snapshot() as snapshot:
                assert list(snapshot.terms()) == followed[-1]
            anew.close()
    assert len(followed[-1]) == 22 - 4 + 1
    assert max(documents) <= 6
    assert documents[20] == 1
    assert engine.check() == []
    engine.close()


# --- against brute force

HISTORIES = ("added", "changed")
SEEDS = range(3)
REQUESTS = 20


@cache
def play_by_brute_force(history: str) -> Snapshot:
    engine = BruteForceEngine()
    play(engine, history)
    return engine.snapshot()


@pytest.fixture(scope="module", params=[pytest.param(one, marks=needs_node) for one in HISTORIES])
def history(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def snapshot(history: str) -> Iterator[Snapshot]:
    engine = open_opensearch(empty_index("brute-force"))
    play(engine, history)
    assert engine.check() == []
    with engine.snapshot() as opened:
        yield opened
    engine.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_random_requests_are_answered_as_by_brute_force(
    snapshot: Snapshot, history: str, seed: int
) -> None:
    """Also after deletions: the engine counts no deleted article among its statistics."""
    requests, expected, chance = RandomRequests(seed), play_by_brute_force(history), Random(seed)
    for _ in range(REQUESTS):
        query = replace(requests.draw_query(), collapse=chance.random() < 0.3)
        everything = replace(query, offset=0, limit=1000)
        for _ in range(chance.randrange(3)):
            # What is asked ahead changes nothing.
            snapshot.count_having_each([], query)
        complete = snapshot.find_complete(query)
        got, whole = snapshot.search(query), expected.search(everything)
        assert complete in (None, whole.complete)
        assert replace(got, hits=[]) == replace(whole, hits=[]), query
        if not query.collapse:
            assert_same_page(snapshot, got, expected, whole, query)
        for hit in got.hits[:2]:
            ref = find_ref(expected, snapshot.article(hit.ref).id)
            rows = snapshot.explain(hit.ref, query)
            assert_same_explanation(rows, expected.explain(ref, query))
            assert_same_hit(snapshot, expected, hit, query)


@needs_node
def test_a_search_asked_along_with_counts_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = open_opensearch(empty_index("brute-force"))
    with engine.writer() as writer:
        writer.add(build_batch([Draft("a", "satu dua", "tiga"), Draft("b", "satu", "empat lima")]))
        writer.commit()
    words = [Word(text, (Term(text, Form.EXACT),)) for text in ("satu", "tiga", "lima")]
    query = Query(tuple(Clause((word,)) for word in words), few=1, enough=2)
    rows = [[Phrase((Term("empat", Form.EXACT), Term("lima", Form.EXACT)))]]
    requests: list[int] = []
    cluster = type(engine._cluster)
    search_all = cluster.search_all

    def count(self: Any, index: str, bodies: Sequence[Any], **more: Any) -> list[dict[str, Any]]:
        requests.append(len(bodies))
        return search_all(self, index, bodies, **more)

    monkeypatch.setattr(cluster, "search_all", count)
    with engine.snapshot() as snapshot:
        found = snapshot.search(query)
        # How far the query must be relaxed, then the search.
        assert requests == [1, 1]
    engine.close()
    engine = open_opensearch(engine._address.name)
    with engine.snapshot() as snapshot:
        requests.clear()
        assert snapshot.find_complete(query) is None
        assert snapshot.count_having_each(rows, query) == [1]
        assert snapshot.find_complete(query) == 0
        assert snapshot.count_having_each([], query) == []
        assert snapshot.search(query) == found
        assert requests == [2, 1]
        assert (found.total, found.complete, len(found.hits)) == (2, 0, 2)
        # An answer is used once.
        assert snapshot.search(query) == found
        assert requests == [2, 1, 1]
    engine.close()


@needs_node
def test_many_queries_are_counted_at_once() -> None:
    """Also more than one score has bits for, some that nothing matches, and equal ones."""
    engine = open_opensearch(empty_index("brute-force"))
    drafts = [Draft(str(n), f"kata{n}", " ".join(f"ke{m}" for m in range(n))) for n in range(20)]
    with engine.writer() as writer:
        writer.add(build_batch(drafts))
        writer.commit()
    texts = [*(f"ke{n}" for n in range(19)), "tiada", "ke3", "ke18"]
    with engine.snapshot() as snapshot:
        pairs = [[Term(text, Form.EXACT), Term("ke0", Form.EXACT)] for text in texts]
        counts = snapshot.count_having_each(pairs)
    assert counts == [*range(19, 0, -1), 0, 16, 1]
    engine.close()


@needs_node
def test_a_writer_to_a_missing_index_creates_none() -> None:
    from indexer.engine.opensearch.engine import open_engine

    engine = open_engine(read_address(f"{NODE}/test-missing"))
    with pytest.raises(IndexNotFound):
        engine.writer()
    assert ask_node("GET", "/_cat/indices/test-missing*?format=json") == []
    engine.close()


@needs_node
def test_a_writer_that_was_held_up_changes_nothing_of_its_successor() -> None:
    engine = open_opensearch(empty_index("brute-force"))
    with engine.writer() as writer:
        writer.add(build_batch([Draft("a", "satu", "dua"), Draft("b", "tiga", "empat")]))
        writer.commit()
    held_up = engine.writer()
    held_up.add(build_batch([Draft("a", "satu", "lima"), Draft("b", "tiga", "enam")]))
    # Its lease expires.
    held_up._lease.release()
    with engine.writer() as writer:
        writer.delete(["a"])
        writer.commit()
    with held_up, pytest.raises(IndexTakenOver):
        held_up.commit()
    with engine.snapshot() as snapshot:
        assert {one.id: one.body for one in snapshot.all_articles()} == {"b": "empat"}
    assert engine.check() == []
    with engine.writer() as writer:
        writer.delete(["b"])
        writer.commit()
    assert list(engine.snapshot().all_articles()) == []
    engine.close()

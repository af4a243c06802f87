"""What every engine's writer must do: upserts, deletions, generations, locking, durability."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.asking import ask, exact, find_hits, find_ref, list_hits, word, write
from support.batches import Draft, build_batch, build_stems

from indexer.article import Article, Summary
from indexer.engine.base import AnalysedDocument, Engine, Form, TermStatistics, Written
from indexer.engine.embedded import open_engine
from indexer.errors import IndexLocked
from indexer.schema import LABEL_FACETS


def list_ids(engine: Engine) -> list[str]:
    with engine.snapshot() as snapshot:
        return sorted(article.id for article in snapshot.all_articles())


def read_title(engine: Engine, article_id: str) -> str:
    with engine.snapshot() as snapshot:
        return snapshot.article(find_ref(snapshot, article_id)).title


def count_written(written: Written) -> tuple[int, int, int, int]:
    return written.added, written.updated, written.unchanged, written.deleted


def test_new_index_is_empty_and_answers(engine: Engine) -> None:
    with engine.snapshot() as snapshot:
        assert snapshot.document_count() == 0
        assert list(snapshot.all_articles()) == []
        assert snapshot.find("1") is None
        assert snapshot.search(ask("a")).total == 0
        assert snapshot.search(ask()).hits == []
        assert list(snapshot.terms()) == []
        assert snapshot.label_counts("category") == []
        assert snapshot.evidence("name") == {}
    assert engine.check() == []


def test_added_documents_are_counted_and_found(engine: Engine) -> None:
    written = write(engine, [Draft("1", "a"), Draft("2", "b")])
    assert count_written(written) == (2, 0, 0, 0)
    assert list_ids(engine) == ["1", "2"]
    with engine.snapshot() as snapshot:
        assert snapshot.document_count() == 2
        assert snapshot.generation == written.generation
        assert snapshot.find("3") is None
    assert engine.check() == []


def test_every_field_of_the_article_comes_back(engine: Engine) -> None:
    article = Article(
        id="https://contoh.example/artikel?a=1&b=2",
        title="Judul “berkutip” 😀",
        body="Alinea satu.\nAlinea dua, dengan\ttab.",
        url="https://contoh.example/artikel",
        source="Contoh",
        published_at="2022-07-20T13:05:00+07:00",
        category="Hukum",
        tags=["satu", "dua, tiga"],
        authors=["M. Adil Syarif"],
        editors=["E. Ditor"],
        agency="Antara",
        place="Teheran",
        related=["Judul lain", "Judul lain lagi"],
        image="https://contoh.example/gambar.jpg",
    )
    batch = build_batch([Draft(article.id, "judul", "alinea")])
    batch.documents = [
        AnalysedDocument(article, dict.fromkeys(LABEL_FACETS, ()), None, None, b"12345678")
    ]
    with engine.writer() as writer:
        writer.add(batch)
        writer.commit()
    with engine.snapshot() as snapshot:
        assert snapshot.article(find_ref(snapshot, article.id)) == article
        assert snapshot.summary(find_ref(snapshot, article.id)) == Summary(
            article.id,
            article.title,
            article.url,
            article.source,
            article.published_at,
            article.category,
            article.tags,
            article.authors,
            article.agency,
            article.place,
            article.image,
        )
        assert list(snapshot.all_articles()) == [article]


def test_many_summaries_are_those_of_each(engine: Engine) -> None:
    for ids in ("abc", "de"):
        write(engine, [Draft(one, f"judul {one}", "isi") for one in ids])
    with engine.snapshot() as snapshot:
        refs = [find_ref(snapshot, one) for one in "dacbea"]
        assert [one.id for one in snapshot.summaries(refs)] == list("dacbea")
        assert snapshot.summaries(refs) == [snapshot.summary(ref) for ref in refs]
        assert snapshot.articles(refs) == [snapshot.article(ref) for ref in refs]
        assert (snapshot.summaries([]), snapshot.articles([])) == ([], [])


@pytest.mark.parametrize(
    "article_id", ["1", "", "ada spasi", "é", "😀", "x" * 2000, "a/b?c=d#e", "satu\ndua", "'\""]
)
def test_any_string_is_an_id(engine: Engine, article_id: str) -> None:
    write(engine, [Draft("lain", "lain"), Draft(article_id, "kata")])
    assert read_title(engine, article_id) == "kata"
    write(engine, [Draft(article_id, "diubah")])
    assert read_title(engine, article_id) == "diubah"
    with engine.writer() as writer:
        assert writer.delete([article_id]) == 1
        writer.commit()
    assert list_ids(engine) == ["lain"]


@pytest.mark.parametrize(
    ("title", "body"), [("", ""), ("kata", ""), ("", "kata")], ids=["none", "title", "body"]
)
def test_documents_may_lack_text(engine: Engine, title: str, body: str) -> None:
    write(engine, [Draft("1", title, body), Draft("2", "lain")])
    assert list_ids(engine) == ["1", "2"]
    assert find_hits(engine, "kata") == ("1" if title or body else "")
    assert find_hits(engine, "lain") == "2"


def test_a_batch_may_be_empty(engine: Engine) -> None:
    assert count_written(write(engine, [], [Draft("1", "a")], [])) == (1, 0, 0, 0)
    assert list_ids(engine) == ["1"]


def test_upsert_replaces_by_id(engine: Engine) -> None:
    write(engine, [Draft("1", "lama"), Draft("2", "tetap")])
    assert count_written(write(engine, [Draft("1", "baru"), Draft("3", "baru")])) == (1, 1, 0, 0)
    assert list_ids(engine) == ["1", "2", "3"]
    assert read_title(engine, "1") == "baru"
    assert find_hits(engine, "lama") == ""
    assert find_hits(engine, "baru") == "1 3"


def test_last_of_one_id_wins_within_a_batch(engine: Engine) -> None:
    drafts = [Draft("1", "a"), Draft("2", "b"), Draft("1", "c"), Draft("1", "d e")]
    assert count_written(write(engine, drafts)) == (2, 0, 0, 0)
    assert list_ids(engine) == ["1", "2"]
    assert read_title(engine, "1") == "d e"
    assert find_hits(engine, "a") == find_hits(engine, "c") == ""
    assert find_hits(engine, "e") == "1"


def test_last_of_one_id_wins_across_batches(engine: Engine) -> None:
    assert count_written(write(engine, [Draft("1", "a")], [Draft("1", "b")])) == (1, 0, 0, 0)
    assert read_title(engine, "1") == "b"
    assert find_hits(engine, "a") == ""


def test_last_wins_where_it_equals_the_committed_one(engine: Engine) -> None:
    write(engine, [Draft("1", "a")])
    write(engine, [Draft("1", "b"), Draft("1", "a")])
    assert read_title(engine, "1") == "a"
    assert list_ids(engine) == ["1"]
    assert find_hits(engine, "b") == ""


def test_same_fingerprint_is_a_no_op(engine: Engine) -> None:
    drafts = [Draft("1", "a"), Draft("2", "b")]
    write(engine, drafts)
    assert count_written(write(engine, drafts)) == (0, 0, 2, 0)
    changed = build_batch([Draft("1", "z")])
    changed.documents[0].fingerprint = drafts[0].to_document().fingerprint
    with engine.writer() as writer:
        writer.add(changed)
        assert count_written(writer.commit()) == (0, 0, 1, 0)
    assert find_hits(engine, "a") == "1"
    assert find_hits(engine, "z") == ""


def test_equal_articles_of_other_ids_both_stay(engine: Engine) -> None:
    write(engine, [Draft("1", "a"), Draft("2", "a")])
    assert find_hits(engine, "a") == "1 2"


def test_same_fingerprint_among_uncommitted_ones_counts_once(engine: Engine) -> None:
    assert count_written(write(engine, [Draft("1", "a")], [Draft("1", "a")])) == (1, 0, 0, 0)
    assert list_ids(engine) == ["1"]


def test_deletes_by_id(engine: Engine) -> None:
    write(engine, [Draft("1", "a"), Draft("2", "a"), Draft("3", "a")])
    with engine.writer() as writer:
        assert writer.delete(["1", "unknown", "3", "3"]) == 2
        assert writer.delete([]) == 0
        assert writer.delete(["1"]) == 0
        assert count_written(writer.commit()) == (0, 0, 0, 2)
    assert list_ids(engine) == ["2"]
    assert find_hits(engine, "a") == "2"
    with engine.snapshot() as snapshot:
        assert snapshot.document_count() == 1
        assert snapshot.find("1") is None
        assert snapshot.search(ask()).total == 1


def test_deletes_what_was_added_but_not_committed(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.add(build_batch([Draft("1", "a"), Draft("2", "a")]))
        assert writer.delete(["1"]) == 1
        assert count_written(writer.commit()) == (1, 0, 0, 0)
    assert find_hits(engine, "a") == "2"


def test_added_after_deletion_stays(engine: Engine) -> None:
    write(engine, [Draft("1", "a")])
    with engine.writer() as writer:
        writer.delete(["1"])
        writer.add(build_batch([Draft("1", "a")]))
        writer.commit()
    assert find_hits(engine, "a") == "1"
    with engine.writer() as writer:
        writer.add(build_batch([Draft("1", "b")]))
        writer.delete(["1"])
        writer.commit()
    assert list_ids(engine) == []


def test_delete_all_keeps_what_is_added_afterwards(engine: Engine) -> None:
    write(engine, [Draft("1", "a"), Draft("2", "a")])
    with engine.writer() as writer:
        writer.add(build_batch([Draft("3", "a")]))
        writer.delete_all()
        writer.add(build_batch([Draft("2", "a"), Draft("4", "a")]))
        assert count_written(writer.commit()) == (1, 1, 0, 1)
    assert list_ids(engine) == ["2", "4"]
    assert find_hits(engine, "a") == "2 4"


def test_delete_all_alone_empties_the_index(engine: Engine) -> None:
    write(engine, [Draft("1", "a"), Draft("2", "a")])
    with engine.writer() as writer:
        writer.delete_all()
        assert count_written(writer.commit()) == (0, 0, 0, 2)
    assert list_ids(engine) == []
    assert find_hits(engine) == ""


def test_rebuild_forgets_fingerprints(engine: Engine) -> None:
    write(engine, [Draft("1", "a")])
    changed = build_batch([Draft("1", "z")])
    changed.documents[0].fingerprint = Draft("1", "a").to_document().fingerprint
    with engine.writer() as writer:
        writer.delete_all()
        writer.add(changed)
        writer.commit()
    assert find_hits(engine, "z") == "1"


def test_old_snapshot_answers_while_a_rebuild_commits(engine: Engine) -> None:
    write(engine, [Draft("1", "a"), Draft("2", "a")])
    with engine.snapshot() as before:
        with engine.writer() as writer:
            writer.delete_all()
            writer.add(build_batch([Draft("3", "a")]))
            with engine.snapshot() as during:
                assert sorted(list_hits(during, ask("a"))) == ["1", "2"]
            writer.commit()
        assert sorted(list_hits(before, ask("a"))) == ["1", "2"]
        assert sorted(article.id for article in before.all_articles()) == ["1", "2"]
    assert find_hits(engine, "a") == "3"


def test_nothing_is_visible_before_commit(engine: Engine) -> None:
    write(engine, [Draft("1", "a")])
    with engine.writer() as writer:
        writer.add(build_batch([Draft("2", "a"), Draft("1", "b")]))
        assert find_hits(engine, "a") == "1"
        writer.delete(["1"])
        assert find_hits(engine, "a") == "1"
        writer.commit()
        assert find_hits(engine, "a") == "2"


def test_leaving_without_commit_drops_what_came_after_the_last(
    open_index: Callable[[], Engine],
) -> None:
    engine = open_index()
    with engine.writer() as writer:
        writer.add(build_batch([Draft("1", "a")]))
        writer.commit()
        writer.add(build_batch([Draft("2", "a")]))
        writer.delete(["1"])
    assert find_hits(engine, "a") == "1"
    write(engine, [Draft("3", "a")])
    assert find_hits(open_index(), "a") == "1 3"


def test_an_error_drops_what_was_not_committed(engine: Engine) -> None:
    def fail_while_writing() -> None:
        with engine.writer() as writer:
            writer.add(build_batch([Draft("1", "a")]))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_while_writing()
    assert list_ids(engine) == []
    write(engine, [Draft("2", "a")])
    assert find_hits(engine, "a") == "2"


def test_one_writer_commits_several_times(open_index: Callable[[], Engine]) -> None:
    engine = open_index()
    generations = []
    with engine.writer() as writer:
        for number in range(15):
            writer.add(build_batch([Draft(str(number), "a"), Draft("last", f"w{number}")]))
            written = writer.commit()
            generations.append(written.generation)
            assert (written.added, written.updated) == ((2, 0) if number == 0 else (1, 1))
            with engine.snapshot() as snapshot:
                assert snapshot.document_count() == number + 2
    assert generations == sorted(set(generations))
    again = open_index()
    assert len(list_ids(again)) == 16
    assert find_hits(again, "w14") == "last"
    assert find_hits(again, "w3") == ""
    assert again.check() == []


def test_generations_grow_with_changes_only_forward(engine: Engine) -> None:
    first = write(engine, [Draft("1", "a")]).generation
    with engine.snapshot() as snapshot:
        assert snapshot.generation == first
    assert write(engine, [Draft("1", "a")]).generation >= first
    assert write(engine, [Draft("1", "b")]).generation > first


def test_an_identity_is_of_one_committed_state(open_index: Callable[[], Engine]) -> None:
    engine = open_index()
    seen = []
    for drafts in ([Draft("1", "a"), Draft("2", "a")], [Draft("1", "b")]):
        write(engine, drafts)
        with engine.snapshot() as snapshot, open_index().snapshot() as other:
            assert snapshot.identity == other.identity
            seen.append(snapshot.identity)
    with engine.writer() as writer:
        writer.delete(["2"])
        writer.commit()
    with engine.snapshot() as snapshot:
        seen.append(snapshot.identity)
    assert len(set(seen)) == 3


def test_an_index_made_anew_shares_a_generation_but_no_identity(tmp_path: Path) -> None:
    seen = set()
    for name in ("one", "other"):
        engine = open_engine(tmp_path / name, create=True)
        write(engine, [Draft("1", "a")])
        with engine.snapshot() as snapshot:
            seen.add((snapshot.generation, snapshot.identity))
    assert len({generation for generation, _ in seen}) == 1
    assert len(seen) == 2


def test_snapshot_is_held_still(engine: Engine) -> None:
    write(engine, [Draft("1", "a x", labels={"category": ("k",)}), Draft("2", "a")])
    with engine.snapshot() as snapshot:
        refs = {article_id: find_ref(snapshot, article_id) for article_id in ("1", "2")}
        generation = snapshot.generation
        write(engine, [Draft("1", "b"), Draft("3", "a")])
        with engine.writer() as writer:
            writer.delete(["2"])
            writer.optimize()
            writer.commit()
        assert snapshot.generation == generation
        assert snapshot.document_count() == 2
        assert sorted(list_hits(snapshot, ask("a"))) == ["1", "2"]
        assert {article_id: snapshot.find(article_id) for article_id in refs} == refs
        assert snapshot.article(refs["1"]).title == "a x"
        assert list(snapshot.terms()) == [("a", 2), ("x", 1)]
        assert snapshot.label_counts("category") == [("k", 1)]
    assert find_hits(engine, "a") == "3"


def test_snapshot_answers_the_same_from_several_threads(engine: Engine) -> None:
    write(engine, *([Draft(f"{n}-{m}", f"w{n % 7} w{m}") for m in range(20)] for n in range(10)))
    queries = [ask(clause_of, f"w{n % 7}") for n, clause_of in enumerate(["w1", "w2", "w3"] * 20)]
    with engine.snapshot() as snapshot:
        alone = [snapshot.search(query) for query in queries]
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(snapshot.search, queries))
    assert together == alone


def test_second_writer_is_refused_and_told_who_writes(open_index: Callable[[], Engine]) -> None:
    engine, other = open_index(), open_index()
    with engine.writer() as writer:
        for second in (engine, other):
            with pytest.raises(IndexLocked) as refused:
                second.writer()
            assert refused.value.holder
            assert refused.value.holder in str(refused.value)
        writer.add(build_batch([Draft("1", "a")]))
        writer.commit()
        with pytest.raises(IndexLocked):
            other.writer()
    write(other, [Draft("2", "a")])
    assert find_hits(engine, "a") == "1 2"


def test_commit_is_durable_and_seen_by_engines_already_open(
    open_index: Callable[[], Engine],
) -> None:
    engine, other = open_index(), open_index()
    written = write(engine, [Draft("1", "a", labels={"tags": ("t", "u")}, day=10)])
    for one in (other, open_index()):
        with one.snapshot() as snapshot:
            assert snapshot.generation == written.generation
            assert list_hits(snapshot, ask("a")) == ["1"]
            assert snapshot.label_counts("tags") == [("t", 1), ("u", 1)]


def test_optimize_keeps_every_answer_and_forgets_the_deleted(engine: Engine) -> None:
    for number in range(6):
        write(engine, [Draft(f"{number}-{m}", f"a w{number} w{m}") for m in range(8)])
    gone = [f"{n}-{m}" for n in range(6) for m in range(0, 8, 2)]
    with engine.writer() as writer:
        writer.delete(gone)
        writer.optimize()
        writer.commit()
    with engine.snapshot() as snapshot:
        assert snapshot.document_count() == 24
        assert snapshot.search(ask("a")).total == 24
        assert snapshot.statistics("a").documents == 24
        assert dict(snapshot.terms("w")) == count_live_terms(gone)
    assert engine.check() == []


def count_live_terms(gone: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for number in range(6):
        for m in range(8):
            if f"{number}-{m}" not in gone:
                for term in {f"w{number}", f"w{m}"}:
                    counts[term] = counts.get(term, 0) + 1
    return counts


def test_articles_have_the_stems_that_were_told_last(engine: Engine) -> None:
    with engine.writer() as writer:
        first = Draft("1", "lari-an", "ia lari-an dan lari-an", lead=2)
        writer.add(build_batch([first, Draft("2", "lari")], capitalised=["lari-an"]))
        writer.commit(more=True)
        with engine.snapshot() as snapshot:
            assert find_hits(engine, "lari") == "1 2"
            assert len(snapshot.occurrences(find_ref(snapshot, "1"), [word("lari")])) == 3
        writer.add(build_batch([Draft("3", "lari-an lari")]))
        writer.add(build_stems({"lari-an": "lari-an"}))
        written = writer.commit()
    assert count_written(written) == (1, 0, 0, 0)
    with engine.snapshot() as snapshot:
        assert find_hits(engine, "lari") == "2 3"
        assert find_hits(engine, "lari-an") == "1 3"
        assert snapshot.statistics("lari", Form.STEM) == TermStatistics(2, 2, 0)
        assert snapshot.statistics("lari-an", Form.STEM) == TermStatistics(2, 1, 3)
        ref = find_ref(snapshot, "1")
        assert snapshot.occurrences(ref, [word("lari")]) == []
        found = snapshot.occurrences(ref, [word("lari-an")])
        assert [(one.in_title, one.position) for one in found] == [
            (True, 0),
            (False, 1),
            (False, 3),
        ]
    assert engine.check() == []


def test_long_documents_keep_every_token(engine: Engine) -> None:
    many = " ".join(["isi"] * 70_000 + ["akhir", "kata"])
    write(engine, [Draft("1", "judul", many), Draft("2", "judul", "akhir")])
    assert find_hits(engine, word(exact("kata"))) == "1"
    with engine.snapshot() as snapshot:
        ref = find_ref(snapshot, "1")
        (last,) = snapshot.occurrences(ref, [word("kata")])
        assert (last.position, last.start) == (70_001, len(many) - len("kata"))
        rows = snapshot.explain(ref, ask("isi"))
        # An engine may cut a count that no article in earnest reaches; see Contribution.
        assert [row.body_count for row in rows] in ([70_000], [65_535])


@pytest.mark.parametrize("term", ["é", "😀", "x" * 300, "a.b@c-d", "1,5", "\x00", "ۀ", "a\u200db"])
def test_terms_are_any_text(engine: Engine, term: str) -> None:
    write(engine, [Draft("1", f"{term} kata"), Draft("2", "kata")])
    assert find_hits(engine, word(exact(term))) == "1"
    with engine.snapshot() as snapshot:
        assert snapshot.statistics(term).documents == 1
        assert list(snapshot.terms(term)) == [(term, 1)]


def test_describe_gives_figures_for_people(engine: Engine) -> None:
    write(engine, [Draft("1", "a")])
    figures = engine.describe()
    assert all(isinstance(name, str) for name in figures)
    assert "generation" in figures


def test_a_note_lasts_until_another_commit_has_one(engine: Engine) -> None:
    def read_note() -> str:
        with engine.snapshot() as snapshot:
            return snapshot.note

    assert read_note() == ""
    with engine.writer() as writer:
        writer.add(build_batch([Draft("1", "a")]))
        assert read_note() == ""
        writer.commit(note="kiriman 7 \N{LATIN SMALL LETTER E WITH ACUTE}")
        assert read_note() == "kiriman 7 \N{LATIN SMALL LETTER E WITH ACUTE}"
        writer.add(build_batch([Draft("2", "b")]))
        writer.commit()
    assert read_note() == "kiriman 7 \N{LATIN SMALL LETTER E WITH ACUTE}"
    with engine.writer() as writer:
        writer.delete_all()
        writer.add(build_batch([Draft("1", "c")]))
        writer.commit(note="8")
    assert read_note() == "8"
    assert engine.check() == []

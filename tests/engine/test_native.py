"""The compiled core: what it is given is looked at, and it is of the sources beside it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.asking import ask, clause
from support.batches import Draft, build_batch
from support.random_requests import RandomArticles

from indexer.deadline import Deadline, until
from indexer.engine.base import (
    Clause,
    Engine,
    FacetRequest,
    LabelFilter,
    Prefix,
    Query,
    Ranking,
)
from indexer.engine.embedded import open_engine, search
from indexer.engine.embedded.native import address_of, compile, core, pack, pack_numbers
from indexer.engine.embedded.packed_posting import pack_few
from indexer.engine.embedded.room import Room
from indexer.errors import QueryTooCostly
from indexer.schema import OWN_LABEL

NATIVE = Path(compile.__file__).parent
POSTINGS = pack_few(np.array([1 << 32], np.int64)).packed


def test_an_array_of_another_type_never_reaches_it() -> None:
    postings, out = np.zeros(4, np.int64), np.zeros(4, np.int64)
    with pytest.raises(TypeError, match="postings: an array of int64 in one piece is needed"):
        core.sum_positions(np.zeros(1, np.int64), 0, postings.astype(np.int32), out)
    with pytest.raises(TypeError, match="postings"):
        core.sum_positions(np.zeros(1, np.int64), 0, postings[::2], out)
    with pytest.raises(TypeError, match="postings: a Postings is needed, not a ndarray"):
        core.count_in_scope(postings, 0, 4, 0)
    with pytest.raises(TypeError, match="an array of i4 in one piece"):
        address_of(postings, "i4")


def test_an_array_that_must_not_be_written_is_refused() -> None:
    gate = np.zeros(4, np.int8)
    gate.flags.writeable = False
    with pytest.raises(TypeError, match="gate: an array of int8 in one piece that can be written"):
        core.close_gate(POSTINGS, 0, 1, 0, gate, 127)
    assert not gate.any()


def test_a_call_with_too_few_arguments_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        core.count_in_scope(POSTINGS, 0, 1)


def test_a_structure_needs_all_its_members() -> None:
    with pytest.raises(KeyError, match="by_stem"):
        pack("Slot", low=0, high=1)


def test_the_library_is_of_these_sources() -> None:
    assert compile.is_current(NATIVE / compile.LIBRARY)
    assert core.name_sources().decode() in (NATIVE / compile.LIBRARY).read_bytes().decode("latin-1")


def test_an_edited_source_makes_the_library_old(tmp_path: Path) -> None:
    copied = tmp_path / "native"
    shutil.copytree(NATIVE, copied)
    (copied / "check.c").write_text((copied / "check.c").read_text("utf-8") + "\n", "utf-8")
    assert not _is_current(copied)
    subprocess.run([sys.executable, copied / "compile.py"], check=True)
    assert _is_current(copied)


def _is_current(folder: Path) -> bool:
    code = "import compile; print(compile.is_current(compile.HERE / compile.LIBRARY))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    return ran.stdout == "True\n"


@pytest.mark.parametrize("compiler", ["no-such-compiler", f"{sys.executable} -c exit(3)"])
def test_without_a_compiler_one_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiler: str
) -> None:
    monkeypatch.setenv("SEARCHSVC_CC", compiler)
    with pytest.raises(compile.NoCompiler, match=r"cannot be run|failed"):
        compile.compile_core(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_the_library_a_command_says_so_in_one_sentence(tmp_path: Path) -> None:
    repository = NATIVE.parents[3]
    for package in ("indexer", "searchsvc"):
        shutil.copytree(repository / package, tmp_path / package)
    (tmp_path / NATIVE.relative_to(repository) / compile.LIBRARY).unlink()
    code = "from searchsvc.cli import main; main(['check', '--index', 'nowhere'])"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("Error: The compiled part of searchsvc cannot be loaded from ")
    assert "pip install -e ." in ran.stderr
    assert "Traceback" not in ran.stderr


def test_stopped_by_the_clock_it_leaves_its_room_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own clock: the deadline of others counts looks, which a loop in C does not."""
    articles = RandomArticles(5)
    engine: Engine = open_engine(tmp_path, create=True)
    with engine.writer() as writer:
        for part in range(6):
            drafts = [articles.draw_article(f"{part}-{number}") for number in range(60)]
            writer.add(build_batch(drafts))
            writer.commit()
    facets = (FacetRequest("tags"), FacetRequest("published_at"))
    queries = [
        ask("a", "b", facets=facets),
        ask(Prefix(""), "c", Prefix("d"), minimum=2),
        ask(clause("a", "b", "c"), clause("d"), minimum=1, limit=3),
        ask(),
    ]
    ended = 0
    with engine.snapshot() as snapshot:
        expected = [snapshot.search(query) for query in queries]
        for step in range(60):
            seconds = 1e-7 * 1.2**step
            monkeypatch.setattr(search, "measure_time_left", lambda seconds=seconds: seconds)
            for query, answer in zip(queries, expected, strict=True):
                try:
                    with until(Deadline(3600)):
                        assert snapshot.search(query) == answer
                except QueryTooCostly:
                    ended += 1
        monkeypatch.setattr(search, "measure_time_left", lambda: None)
        assert [snapshot.search(query) for query in queries] == expected
    assert ended > 0


def test_what_a_structure_is_for_is_looked_at() -> None:
    slot = pack("Slot", low=0, high=1, by_stem=0)
    with pytest.raises(TypeError, match="slots: a Slot is needed, not a int64_t"):
        pack(
            "SlotTable",
            slots=pack_numbers([1]),
            slot_ends=pack_numbers([1]),
            scopes=pack_numbers([0]),
            alternative_ends=pack_numbers([1]),
            groups=1,
        )
    with pytest.raises(TypeError, match="query: a Query is needed, not a Slot"):
        core.search(slot, slot, slot, np.empty(0), np.empty(6, np.int64))


def test_a_library_of_other_sources_is_refused(tmp_path: Path) -> None:
    repository = NATIVE.parents[3]
    shutil.copytree(repository / "indexer", tmp_path / "indexer")
    header = tmp_path / NATIVE.relative_to(repository) / "core.h"
    header.write_text(header.read_text("utf-8").replace("int64_t wanted;", "int64_t wished;"))
    ran = subprocess.run(
        [sys.executable, "-c", "import indexer.engine.embedded.native"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "(it was compiled from other sources)" in ran.stderr


def test_a_room_that_could_not_be_made_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()
    small = room.for_search(10, 10, 1)

    def fail(*args: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(np, "full", fail)
        with pytest.raises(MemoryError):
            room.for_search(1000, 1000, 1)
    assert room.for_search(1000, 1000, 1) is not small
    assert room.for_search(10, 10, 1) is room.for_search(900, 1000, 1)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        (Query(ranking=Ranking(title_b=1.5)), "must be 0 to 1"),
        (Query(tuple(Clause((), worth=1000) for _ in range(66))), "worth 65535 together"),
        (
            Query(filters=tuple(LabelFilter(f"{OWN_LABEL}f{n}", ("x",)) for n in range(127))),
            "At most 126",
        ),
    ],
)
def test_what_the_core_cannot_count_is_refused(tmp_path: Path, query: Query, problem: str) -> None:
    with (
        open_engine(tmp_path, create=True).snapshot() as snapshot,
        pytest.raises(ValueError, match=problem),
    ):
        snapshot.search(query)


def test_a_minimum_beyond_everything_is_never_reached(tmp_path: Path) -> None:
    engine = open_engine(tmp_path, create=True)
    with engine.writer() as writer:
        writer.add(build_batch([Draft("1", "a", "b")]))
        writer.commit()
    with engine.snapshot() as snapshot:
        assert snapshot.search(ask("a", minimum=2**70, few=0)).total == 0

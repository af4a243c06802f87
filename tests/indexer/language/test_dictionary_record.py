"""Which stems and names all articles have, and which some may have, after any run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import IndexNotWritten
from indexer.language.dictionary import EMPTY, Dictionary, Entry
from indexer.language.dictionary_record import (
    RECORD_FILE,
    Changes,
    Record,
    find_changes,
    read_record,
    record_additions,
    record_rebuild,
)

UNGGAH = Dictionary(stems={"ngaplod": "unggah"}, names=frozenset(["maluku"]))
APLOD = Dictionary(stems={"ngaplod": "aplod"}, names=frozenset(["maluku"]))
NGAPLOD_UNGGAH = Entry("stem", "ngaplod", "unggah")
NGAPLOD_APLOD = Entry("stem", "ngaplod", "aplod")


def test_without_a_record_nothing_is_known_of_the_articles(tmp_path: Path) -> None:
    assert read_record(tmp_path) == Record()
    changes = find_changes(UNGGAH, read_record(tmp_path))
    assert changes == Changes([Entry("name", "maluku"), NGAPLOD_UNGGAH], [])
    assert changes.count_words() == 2


def test_no_dictionary_leaves_no_file(tmp_path: Path) -> None:
    record_additions(tmp_path, EMPTY, had_articles=False)
    record_additions(tmp_path, EMPTY, had_articles=True)
    record_rebuild(tmp_path, EMPTY)
    assert list(tmp_path.iterdir()) == []


def test_the_first_articles_have_all_of_it(tmp_path: Path) -> None:
    record_additions(tmp_path, UNGGAH, had_articles=False)
    assert find_changes(UNGGAH, read_record(tmp_path)) == Changes([], [])


def test_later_articles_do_not_change_those_before(tmp_path: Path) -> None:
    record_additions(tmp_path, UNGGAH, had_articles=False)
    record_additions(tmp_path, APLOD, had_articles=True)
    changes = find_changes(APLOD, read_record(tmp_path))
    assert changes == Changes([NGAPLOD_APLOD], [NGAPLOD_UNGGAH])
    assert changes.count_words() == 1
    assert find_changes(UNGGAH, read_record(tmp_path)).added == [NGAPLOD_UNGGAH]


def test_a_rebuild_settles_it(tmp_path: Path) -> None:
    record_additions(tmp_path, UNGGAH, had_articles=True)
    record_rebuild(tmp_path, APLOD)
    assert find_changes(APLOD, read_record(tmp_path)) == Changes([], [])
    record_rebuild(tmp_path, EMPTY)
    assert find_changes(EMPTY, read_record(tmp_path)) == Changes([], [])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"everywhere": 1}', '{"everywhere": [[]]}'])
def test_a_damaged_record_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORD_FILE).write_text(text)
    assert read_record(tmp_path) == Record()
    record_rebuild(tmp_path, UNGGAH)
    assert read_record(tmp_path).everywhere == UNGGAH.list_entries()


def test_a_record_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexNotWritten, match=r"dictionary-indexed\.json"):
        record_rebuild(tmp_path / "gone", UNGGAH)


_DICTIONARIES = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy")).map(
    lambda stems: Dictionary(stems=stems)
)


@given(st.lists(st.tuples(_DICTIONARIES, st.booleans())))
def test_what_the_record_says_is_true_of_every_article(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[Dictionary, bool]]
) -> None:
    """Each run adds an article, or analyses all of them again."""
    folder = tmp_path_factory.mktemp("index")
    articles: list[frozenset[Entry]] = []
    for dictionary, again in runs:
        record_additions(folder, dictionary, had_articles=bool(articles))
        if again:
            articles = [dictionary.list_entries()] * max(1, len(articles))
            record_rebuild(folder, dictionary)
        else:
            articles.append(dictionary.list_entries())
        record = read_record(folder)
        assert record.everywhere == frozenset.intersection(*articles)
        assert record.somewhere == frozenset.union(*articles)

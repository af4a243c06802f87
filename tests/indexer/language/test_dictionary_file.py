"""The dictionary of a running service: seen anew when its file changes, and only then."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from indexer.errors import UnreadableInput
from indexer.language.dictionary import EMPTY
from indexer.language.dictionary_file import LOOK_EVERY_S, DictionaryFile, load_dictionary
from indexer.language.dictionary_record import record_rebuild


class Watch:
    """A dictionary file with a clock that a test moves, and all that was reported."""

    def __init__(self, folder: Path, *, required: bool = False) -> None:
        self.path = folder / "kamus.txt"
        self.now = 100.0
        self.reports: list[str] = []
        self.file = DictionaryFile(
            self.path,
            index=folder,
            required=required,
            report=self.reports.append,
            clock=lambda: self.now,
        )

    def write(self, text: str, *, second: int = 1) -> None:
        """Write the file as of a second long ago, so that its time stamp is beyond doubt."""
        self.path.write_text(text, encoding="utf-8")
        os.utime(self.path, (second, second))

    def wait(self) -> None:
        self.now += LOOK_EVERY_S

    @property
    def names(self) -> set[str]:
        return set(self.file.current().names)


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


def test_a_file_that_is_not_there_is_an_empty_dictionary(watch: Watch) -> None:
    assert watch.file.current() is EMPTY
    watch.wait()
    assert watch.file.current() is EMPTY
    assert watch.reports == []


def test_changes_are_seen_after_a_second_and_not_before(watch: Watch) -> None:
    assert watch.names == set()
    watch.write("[nama]\nmaluku")
    assert watch.names == set()
    watch.wait()
    assert watch.names == {"maluku"}
    watch.write("[nama]\nmaluku\nbali", second=2)
    watch.now += LOOK_EVERY_S / 2
    assert watch.names == {"maluku"}
    watch.wait()
    assert watch.names == {"maluku", "bali"}
    watch.path.unlink()
    watch.wait()
    assert watch.file.current() is EMPTY


def test_it_is_the_same_object_until_it_changes(watch: Watch) -> None:
    watch.write("[nama]\nmaluku")
    seen = watch.file.current()
    watch.wait()
    assert watch.file.current() is seen
    watch.write("[nama]\n\nmaluku # touched", second=2)
    watch.wait()
    assert watch.file.current() is seen


def test_a_file_changed_twice_within_its_time_stamp_is_read_again(watch: Watch) -> None:
    now = 2**33  # a time stamp that is not behind the clock
    watch.write("[nama]\nmaluku", second=now)
    assert watch.names == {"maluku"}
    watch.write("[nama]\nbekasi", second=now)
    watch.wait()
    assert watch.names == {"bekasi"}


def test_bad_lines_are_told_once_and_the_others_count(watch: Watch) -> None:
    watch.write("[nama]\nmaluku\n[stems]\nsalah")
    for _ in range(3):
        assert watch.names == {"maluku"}
        watch.wait()
    (report,) = watch.reports
    assert report.startswith(f"Left out of the dictionary: {watch.path}:4: “salah” has no =.")
    watch.write("[nama]\nmaluku", second=2)
    watch.wait()
    assert watch.names == {"maluku"}
    assert len(watch.reports) == 1
    watch.write("[nama]\nmaluku\n[stems]\nsalah", second=3)
    watch.wait()
    assert watch.names == {"maluku"}
    assert len(watch.reports) == 2


def test_what_cannot_be_read_leaves_the_dictionary_as_it_was(watch: Watch) -> None:
    watch.write("[nama]\nmaluku")
    assert watch.names == {"maluku"}
    watch.path.write_bytes("[nama]\nbali".encode("utf-16"))
    watch.wait()
    assert watch.names == {"maluku"}
    assert watch.reports == [
        f"Cannot read {watch.path}: it is not a text in UTF-8. Save it as UTF-8. "
        "The dictionary stays as it was."
    ]
    watch.path.unlink()
    watch.path.mkdir()
    watch.wait()
    assert watch.names == {"maluku"}
    assert "Is a directory" in watch.reports[-1]


def test_a_file_that_was_named_should_be_there(tmp_path: Path) -> None:
    watch = Watch(tmp_path, required=True)
    assert watch.file.current() is EMPTY
    watch.wait()
    assert watch.file.current() is EMPTY
    assert watch.reports == [f"There is no dictionary at {watch.path}; going on without one."]
    watch.write("[nama]\nmaluku")
    watch.wait()
    assert watch.names == {"maluku"}
    with pytest.raises(UnreadableInput, match=r"^Cannot read .*nowhere: No such file"):
        load_dictionary(tmp_path / "nowhere")


def test_a_rebuild_is_seen(watch: Watch, tmp_path: Path) -> None:
    watch.write("[stems]\nngaplod = unggah")
    before = watch.file.current()
    assert before.unindexed == {"ngaplod"}
    record_rebuild(tmp_path, before)
    watch.wait()
    after = watch.file.current()
    assert after.unindexed == set()
    assert after.fingerprint != before.fingerprint
    assert load_dictionary(watch.path, index=tmp_path).dictionary == after


def test_many_threads_see_whole_dictionaries(watch: Watch) -> None:
    texts = ["[nama]\n" + "\n".join(f"{letter}{n}x" for n in range(20)) for letter in "pq"]
    watch.write(texts[0])
    whole = [set(load_dictionary(watch.path).dictionary.names)]
    watch.write(texts[1])
    whole.append(set(load_dictionary(watch.path).dictionary.names))
    wrong: list[set[str]] = []

    def look() -> None:
        for _ in range(200):
            names = watch.names
            if names not in whole:
                wrong.append(names)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    other = watch.path.with_name("other.txt")
    for second in range(20):
        other.write_text(texts[second % 2], encoding="utf-8")
        os.replace(other, watch.path)
        watch.wait()
    for thread in threads:
        thread.join()
    assert wrong == []

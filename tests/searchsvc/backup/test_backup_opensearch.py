"""Backups of an index in OpenSearch: whole, restored at once, and never half of anything.

Skipped without a node (CONTRIBUTING.md).
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from uuid import uuid4

import pytest
from support.commands import run, run_json
from support.opensearch_node import NODE, ask_node, needs_node, remove_index
from support.word_index import add, list_titles

from searchsvc.access.keys import KeyStore
from searchsvc.access.new_key import read_key
from searchsvc.engines import locate, open_engine
from searchsvc.index import Index
from searchsvc.tasks.queue import TaskQueue
from searchsvc.web.open_index import OpenIndex

pytestmark = needs_node

MASTER = "kunci-induk-untuk-uji-coba"
RECORD = "searchsvc-snapshot.json"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where the commands run, below which folders of addresses are."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def repository() -> Iterator[str]:
    """The only snapshot repository of the cluster."""
    name = f"test-{uuid4().hex[:8]}"
    register(name)
    yield name
    for snapshot in list_snapshots(name):
        ask_node("DELETE", f"/_snapshot/{name}/{snapshot}")
    ask_node("DELETE", f"/_snapshot/{name}")


@pytest.fixture
def news(home: Path) -> Iterator[str]:
    """The address of an index with two articles, a dictionary, a key and a waiting task."""
    address = f"{NODE}/test-backup-{uuid4().hex[:8]}"
    add(address, "padi", "cabai")
    folder = locate(address)
    (folder / "dictionary.txt").write_text("[synonyms]\ncabai = lombok\n")
    TaskQueue(folder.parent).add("articlesDeletion", index=folder.name, payload=b'["padi"]')
    KeyStore(folder.parent, MASTER).create(read_key({"actions": ["search"]}))
    yield address
    remove_index(folder.name)


def locate_repository(name: str) -> Path:
    [node] = ask_node("GET", "/_nodes/settings")["nodes"].values()
    return Path(node["settings"]["path"]["repo"][0]) / name


def register(name: str) -> None:
    settings = {"location": str(locate_repository(name))}
    ask_node("PUT", f"/_snapshot/{name}", {"type": "fs", "settings": settings})


def list_snapshots(repository: str) -> list[str]:
    found = ask_node("GET", f"/_snapshot/{repository}/_all")["snapshots"]
    return sorted(one["snapshot"] for one in found)


def list_indices(address: str) -> list[str]:
    return sorted(ask_node("GET", f"/{locate(address).name}.*/_alias"))


def find(address: str, text: str) -> list[str]:
    with Index.open(address) as index:
        return [hit.title for hit in index.search(text).hits]


def back_up(address: str, *options: str) -> Path:
    return Path(run_json("backup", "backups", "--index", address, *options)["backup"])


def restore(address: str, *options: str | Path) -> Any:
    done = run("restore", "--index", address, "--json", *(options or ("backups",)))
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def fail(*arguments: str | Path) -> str:
    """What a command says that fails, in one sentence or two of ours."""
    done = run(*arguments)
    assert done.exit_code == 1, done.output
    return done.stderr


def read_record(backup: Path, address: str) -> Any:
    return json.loads((backup / locate(address).name / RECORD).read_text())


# --- there and back


def test_a_backup_is_restored_after_everything_was_deleted(
    news: str, repository: str, home: Path
) -> None:
    told = run_json("backup", "backups", "--index", news)
    name = locate(news).name
    snapshot = read_record(Path(told["backup"]), news)["snapshot"]
    assert list_snapshots(repository) == [snapshot]
    assert told["articles"] == 2
    assert told["indexes"] == {name: 1}
    assert told["bytes"] > 0
    assert read_record(Path(told["backup"]), news)["repository"] == repository
    remove_index(name)
    shutil.rmtree("index_data")
    told = restore(news)
    assert told["files"] == ["keys.sqlite", "tasks.sqlite"]
    assert told["articles"] == 2
    assert list_titles(news) == ["cabai", "padi"]
    folder = locate(news)
    assert (folder / "dictionary.txt").read_text() == "[synonyms]\ncabai = lombok\n"
    assert find(news, "lombok") == ["cabai"]
    assert not (folder / RECORD).exists()
    [task] = TaskQueue(folder.parent).find()[0]
    assert TaskQueue(folder.parent).payload(task.uid) == b'["padi"]'
    assert len(KeyStore(folder.parent, MASTER).list()) == 1
    engine = open_engine(folder)
    assert engine.check() == []
    engine.close()
    assert len(list_indices(news)) == 2
    # It is written to as before.
    add(news, "gula")
    assert list_titles(news) == ["cabai", "gula", "padi"]


def test_a_service_goes_on_with_what_was_restored_over_its_index(
    news: str, repository: str
) -> None:
    back_up(news)
    add(news, "gula", "garam")
    served = OpenIndex(locate(news))
    before = served.snapshot()
    refs = [ref for word in ("gula", "padi") if (ref := before.find(word)) is not None]
    titles = [before.summary(ref).title for ref in refs]
    assert titles == ["gula", "padi"]
    told = fail("restore", "backups", "--index", news)
    assert "already. Nothing was changed; --force replaces" in told
    assert served.snapshot().identity == before.identity
    restore(news, "backups", "--force")
    after = served.snapshot()
    assert after.identity != before.identity
    assert after.document_count() == 2
    assert after.find("gula") is None
    add(news, "jagung")
    newest = served.snapshot()
    assert newest.find("jagung") == refs[0]
    assert newest.summary(refs[0]).title == "jagung"
    # What was read before stays readable for a while.
    assert [before.summary(ref).title for ref in refs] == titles
    assert before.document_count() == 4


def test_where_the_articles_are_is_told(news: str, repository: str) -> None:
    told = run("backup", "backups", "--index", news).stdout
    [snapshot] = list_snapshots(repository)
    name = locate(news).name
    assert told.splitlines()[1:] == [
        f"The articles of {name} are in the snapshot {snapshot} of the repository {repository}."
    ]


def test_an_index_that_is_there_without_its_folder_is_not_replaced(
    news: str, repository: str
) -> None:
    back_up(news)
    shutil.rmtree("index_data")
    assert f"has {news} already" in fail("restore", "backups", "--index", news)
    assert not Path("index_data").exists()


def test_another_name_is_given_to_one_index_alone(news: str, repository: str) -> None:
    back_up(news)
    other = f"{news}-lain"
    try:
        name = locate(news).name
        told = fail("restore", "backups", "--index", other)
        assert f"add --only {name}." in told
        assert not locate(other).exists()
        told = restore(other, "backups", "--only", name)
        assert (told["files"], list(told["indexes"])) == ([], [f"{name}-lain"])
        add(news, "gula")
        assert list_titles(other) == ["cabai", "padi"]
        assert find(other, "lombok") == ["cabai"]
        assert list_titles(news) == ["cabai", "gula", "padi"]
        assert len(list_indices(other)) == 2
    finally:
        remove_index(f"{name}-lain")


def test_a_name_that_an_index_of_others_has_is_refused(news: str, repository: str) -> None:
    back_up(news)
    name, other = locate(news).name, f"{news}-lain"
    ask_node("PUT", f"/{name}-lain", {"settings": {"number_of_replicas": 0}})
    try:
        told = fail("restore", "backups", "--only", name, "--index", other)
        assert f"it has another index of the name {name}-lain" in told
        told = fail("index", "backups", "--index", other)
        assert f"it has another index of the name {name}-lain" in told
        assert list_indices(other) == []
    finally:
        ask_node("DELETE", f"/{name}-lain")
        remove_index(f"{name}-lain")


def test_a_restore_that_fails_between_two_indexes_says_so(
    news: str, repository: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indexer.engine.opensearch.restoring import Restoration
    from indexer.errors import EngineUnavailable

    other = f"{news}-lain"
    add(other, "kopi")
    try:
        back_up(news)
        for address in (news, other):
            add(address, "gula")
        show = Restoration.show
        shown: list[int] = []

        def show_one(self: Restoration) -> int:
            if shown:
                raise EngineUnavailable(other, "it did not answer within 30 s")
            shown.append(show(self))
            return shown[0]

        with monkeypatch.context() as patched:
            patched.setattr(Restoration, "show", show_one)
            told = fail("restore", "backups", "--force", "--index", news)
        assert "was not restored completely" in told
        assert "it did not answer within 30 s. What was not reached" in told
        assert list_titles(other) == ["gula", "kopi"]
        restore(news, "backups", "--force")
        assert [list_titles(one) for one in (news, other)] == [["cabai", "padi"], ["kopi"]]
    finally:
        remove_index(locate(other).name)


def test_an_index_that_cannot_be_read_any_more_is_replaced(news: str, repository: str) -> None:
    back_up(news)
    name = locate(news).name
    ask_node("PUT", f"/{name}.state/_doc/generation?refresh=true", {"format": 1, "words": 7})
    restore(news, "backups", "--force")
    assert list_titles(news) == ["cabai", "padi"]
    assert len(list_indices(news)) == 2


def test_numbers_go_on_from_what_was_restored(news: str, repository: str) -> None:
    """The number of a generation is compared with each article: no search may have to leave out
    thousands that were lost.
    """
    back_up(news)
    for word in ("satu", "dua", "tiga"):
        add(news, word)
    told = restore(news, "backups", "--force")
    assert list(told["indexes"].values()) == [2]
    add(news, "gula")
    generation = ask_node("GET", f"/{locate(news).name}.state/_doc/generation")["_source"]
    assert generation["number"] == 3
    assert generation["abandoned"] == []


# --- while others write


def overtake(patch: pytest.MonkeyPatch, commit: Callable[[], object]) -> None:
    """Let a backup be overtaken by a commit after the generation was read, and before OpenSearch
    takes the shards.
    """
    from indexer.engine.opensearch import saving

    plan = saving.plan_snapshot

    def plan_and_be_overtaken(*given: Any) -> Any:
        planned = plan(*given)
        commit()
        return planned

    patch.setattr(saving, "plan_snapshot", plan_and_be_overtaken)


def test_what_is_committed_meanwhile_is_not_in_the_backup(
    news: str, repository: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete_and_add() -> None:
        with Index.open(news) as index:
            index.delete(["padi"])
        add(news, "gula")

    with monkeypatch.context() as patched:
        overtake(patched, delete_and_add)
        back_up(news)
    assert list_titles(news) == ["cabai", "gula"]
    restore(news, "backups", "--force")
    assert list_titles(news) == ["cabai", "padi"]
    assert find(news, "gula") == []
    add(news, "jagung")
    assert list_titles(news) == ["cabai", "jagung", "padi"]
    engine = open_engine(locate(news))
    assert engine.check() == []
    engine.close()


def test_a_snapshot_begun_too_late_is_refused(
    news: str, repository: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    overtake(monkeypatch, lambda: add(news, "gula"))
    monkeypatch.setattr("indexer.engine.opensearch.saving.GRACE_S", -1.0)
    assert "the generation to be saved had been replaced" in fail(
        "backup", "backups", "--index", news
    )
    assert list_snapshots(repository) == []
    assert [path.name for path in Path("backups").iterdir()] == [".searchsvc-backup.lock"]


def test_a_shard_that_waits_for_another_snapshot_is_not_in_this_one_yet(
    news: str, repository: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenSearch takes one snapshot of a shard after the other in a repository."""
    from indexer.engine.opensearch import saving

    slow = f"{repository}-lambat"
    settings = {"location": str(locate_repository(slow)), "max_snapshot_bytes_per_sec": "1kb"}
    ask_node("PUT", f"/_snapshot/{slow}", {"type": "fs", "settings": settings})
    ask_node("PUT", f"/_snapshot/{slow}/satu", {"indices": f"{locate(news).name}.*"})
    looks: list[bool] = []
    look = saving._has_all_shards

    def look_and_go_on(*given: Any) -> bool:
        looks.append(look(*given))
        if len(looks) == 3:
            ask_node("DELETE", f"/_snapshot/{slow}/satu")
        return looks[-1]

    monkeypatch.setattr(saving, "_has_all_shards", look_and_go_on)
    try:
        made = back_up(news, "--repository", slow)
        assert looks[:3] == [False] * 3
        assert looks[-1]
        restore(news, made, "--force")
    finally:
        for snapshot in list_snapshots(slow):
            ask_node("DELETE", f"/_snapshot/{slow}/{snapshot}")
        ask_node("DELETE", f"/_snapshot/{slow}")


def test_writers_go_on_and_each_backup_is_of_one_generation(news: str, repository: str) -> None:
    stop = threading.Event()
    problems: list[BaseException] = []

    def write() -> None:
        try:
            number = 0
            while not stop.is_set():
                number += 1
                add(news, f"nomor-{number}")
                with Index.open(news) as index:
                    index.delete([f"nomor-{number - 3}"])
        except BaseException as error:
            problems.append(error)

    writing = threading.Thread(target=write)
    writing.start()
    try:
        made = [back_up(news) for _ in range(3)]
    finally:
        stop.set()
        writing.join()
    assert problems == []
    name = locate(news).name
    other = f"{news}-lain"
    try:
        for backup in made:
            restore(other, backup, "--only", name, "--force")
            engine = open_engine(locate(other))
            assert engine.check() == []
            engine.close()
            manifest = json.loads((backup / "backup.json").read_text())
            assert len(list_titles(other)) == manifest["indexes"][name]["articles"]
    finally:
        remove_index(f"{name}-lain")


def test_nobody_writes_while_an_index_is_restored(news: str, repository: str) -> None:
    back_up(news)
    with open_engine(locate(news)).writer():
        told = fail("restore", "backups", "--force", "--wait", "0", "--index", news)
    assert "is being written by process" in told
    assert len(list_indices(news)) == 2
    restore(news, "backups", "--force", "--wait", "0")


# --- what is kept


def test_older_backups_are_removed_with_their_snapshots(news: str, repository: str) -> None:
    ask_node("PUT", f"/_snapshot/{repository}/milik-lain?wait_for_completion=true")
    made = [back_up(news) for _ in range(2)]
    told = run_json("backup", "backups", "--keep", "2", "--index", news)
    assert told["removed"] == [str(made[0])]
    mine = [read_record(path, news)["snapshot"] for path in (made[1], Path(told["backup"]))]
    assert list_snapshots(repository) == sorted(["milik-lain", *mine])


def test_a_snapshot_whose_repository_is_away_is_deleted_later(news: str, repository: str) -> None:
    back_up(news)
    other = f"{repository}-b"
    register(other)
    ask_node("DELETE", f"/_snapshot/{repository}")
    try:
        options = ("--keep", "1", "--repository", other)
        back_up(news, *options)
        register(repository)
        assert len(list_snapshots(repository)) == 1
        back_up(news, *options)
        assert list_snapshots(repository) == []
        assert len(list_snapshots(other)) == 1
    finally:
        for snapshot in list_snapshots(other):
            ask_node("DELETE", f"/_snapshot/{other}/{snapshot}")
        ask_node("DELETE", f"/_snapshot/{other}")


_KILLED = """
import os, signal, sys
from indexer.engine.opensearch import saving
from searchsvc.cli import main

def verify(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

saving.verify_snapshot = verify
main(["backup", "backups", "--index", sys.argv[1]])
"""


def test_a_backup_that_was_killed_is_cleared_away_with_its_snapshot(
    news: str, repository: str
) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, news], check=False)
    assert killed.returncode == -signal.SIGKILL
    [left] = list_snapshots(repository)
    assert "There is no backup in" in fail("restore", "backups", "--force", "--index", news)
    made = back_up(news)
    assert list_snapshots(repository) == [read_record(made, news)["snapshot"]] != [left]


def test_what_a_restore_that_was_killed_left_is_cleared_away(news: str, repository: str) -> None:
    back_up(news)
    before = list_indices(news)
    name = locate(news).name
    for left in (f"{name}.data-000000000000", f"{name}.state-000000000000"):
        ask_node("PUT", f"/{left}", {"settings": {"number_of_replicas": 0}})
    assert list_titles(news) == ["cabai", "padi"]
    restore(news, "backups", "--force")
    # The index that was replaced stays for those who read it.
    assert len(list_indices(news)) == 3
    assert set(before) < set(list_indices(news))


# --- what is in the way


def test_without_a_repository_one_sentence_says_what_to_do(news: str) -> None:
    told = fail("backup", "backups", "--index", news)
    assert "has no snapshot repository; register one, as docs/engines.md says." in told
    assert [path.name for path in Path("backups").iterdir()] == [".searchsvc-backup.lock"]


def test_one_of_several_repositories_is_chosen(news: str, repository: str) -> None:
    other = f"{repository}-b"
    register(other)
    try:
        told = fail("backup", "backups", "--index", news)
        assert f"several snapshot repositories, {repository}, {other}; choose one" in told
        told = fail("backup", "backups", "--repository", "tiada", "--index", news)
        assert f"no snapshot repository tiada, but {repository}, {other}; choose one" in told
        back_up(news, "--repository", other)
        assert len(list_snapshots(other)) == 1
        # Under another name, as in another cluster.
        told = fail("restore", "backups", "--force", "--repository", repository, "--index", news)
        assert f"in the repository {repository} cannot be used: it is not there." in told
        restore(news, "backups", "--force", "--repository", other)
    finally:
        for snapshot in list_snapshots(other):
            ask_node("DELETE", f"/_snapshot/{other}/{snapshot}")
        ask_node("DELETE", f"/_snapshot/{other}")


def test_an_index_in_a_folder_has_no_repository(home: Path) -> None:
    add("data/berita", "padi")
    told = fail("backup", "backups", "--repository", "x", "--index", "data/berita")
    assert "--repository is for one" in told


def test_a_missing_snapshot_replaces_nothing(news: str, repository: str) -> None:
    made = back_up(news)
    add(news, "gula")
    [snapshot] = list_snapshots(repository)
    ask_node("DELETE", f"/_snapshot/{repository}/{snapshot}")
    told = fail("restore", made, "--force", "--index", news)
    assert f"The snapshot {snapshot} in the repository {repository} cannot be used" in told
    assert list_titles(news) == ["cabai", "gula", "padi"]
    assert len(list_indices(news)) == 2


def test_a_partial_snapshot_is_refused(news: str, repository: str) -> None:
    """One of the same name that has only a part of what is needed."""
    made = back_up(news)
    [snapshot] = list_snapshots(repository)
    ask_node("DELETE", f"/_snapshot/{repository}/{snapshot}")
    name = locate(news).name
    ask_node(
        "PUT",
        f"/_snapshot/{repository}/{snapshot}?wait_for_completion=true",
        {"indices": f"{name}.state"},
    )
    assert f"it does not have {name}.data-" in fail("restore", made, "--force", "--index", news)


@pytest.mark.parametrize("there", [True, False], ids=["over an index", "where there is none"])
def test_a_damaged_snapshot_leaves_nothing_of_itself(
    news: str, repository: str, there: bool
) -> None:
    made = back_up(news)
    add(news, "gula")
    files = [one for one in locate_repository(repository).rglob("__*") if one.is_file()]
    assert files
    for file in files:
        file.unlink()
    name = locate(news).name
    if not there:
        remove_index(name)
    before = list_indices(news)
    told = fail("restore", made, "--force", "--index", news)
    assert "cannot be used: a shard of it cannot be restored (NoSuchFileException" in told
    assert list_indices(news) == before
    if there:
        assert list_titles(news) == ["cabai", "gula", "padi"]
        add(news, "garam")
    else:
        assert before == []
        assert "No index at" in run("check", "--index", news).output


def test_a_changed_record_is_refused(news: str, repository: str) -> None:
    made = back_up(news)
    file = made / locate(news).name / RECORD
    file.write_text(file.read_text().replace(repository, "lain"))
    assert "does not match its checksum" in fail("restore", made, "--force", "--index", news)


def test_a_backup_of_an_address_is_not_restored_to_a_folder(news: str, repository: str) -> None:
    back_up(news)
    told = fail("restore", "backups", "--index", "lain/berita")
    assert "name the address of the index to restore them to with --index" in told
    assert not Path("lain").exists()


def test_a_mistyped_address_is_not_backed_up(news: str, repository: str) -> None:
    assert "No index at" in fail("backup", "backups", "--index", f"{news}-tiada")
    assert not locate(f"{news}-tiada").exists()


def test_an_index_replaced_long_ago_waits_while_it_is_in_a_snapshot(
    news: str, repository: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenSearch lets none be deleted of which it takes a snapshot: a commit does not fail for
    it.
    """
    from indexer.engine.opensearch import writer
    from indexer.engine.opensearch.cluster import Cluster
    from indexer.errors import EngineUnavailable

    old = [one for one in list_indices(news) if ".data-" in one]
    with open_engine(locate(news)).writer() as mine:
        mine.delete_all()
        mine.commit()
    request = Cluster.request

    def refuse(self: Cluster, method: str, path: str, *given: Any, **named: Any) -> Any:
        if method == "DELETE" and path == f"/{old[0]}":
            raise EngineUnavailable(news, "Cannot delete indices that are being snapshotted: …")
        return request(self, method, path, *given, **named)

    monkeypatch.setattr(writer, "GRACE_S", -1.0)
    with monkeypatch.context() as patched:
        patched.setattr(Cluster, "request", refuse)
        add(news, "gula")
    assert old[0] in list_indices(news)
    add(news, "garam")
    assert old[0] not in list_indices(news)
    assert list_titles(news) == ["garam", "gula"]


def test_the_node_itself_refuses_so(news: str, repository: str) -> None:
    """The words by which :func:`drop_data` knows that it must wait."""
    data = next(one for one in list_indices(news) if ".data-" in one)
    slow = f"{repository}-lambat"
    settings = {"location": str(locate_repository(slow)), "max_snapshot_bytes_per_sec": "1kb"}
    ask_node("PUT", f"/_snapshot/{slow}", {"type": "fs", "settings": settings})
    try:
        ask_node("PUT", f"/_snapshot/{slow}/satu", {"indices": data})
        with pytest.raises(HTTPError) as refused:
            ask_node("DELETE", f"/{data}")
        assert "being snapshotted" in refused.value.read().decode()
    finally:
        ask_node("DELETE", f"/_snapshot/{slow}/satu")
        ask_node("DELETE", f"/_snapshot/{slow}")

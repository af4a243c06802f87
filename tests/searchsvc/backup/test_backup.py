"""Backups are whole, verified, and restored to the same answers; nothing else is touched."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from support.commands import run, run_json
from support.word_index import add, list_titles

from indexer.engine.embedded import open_engine
from indexer.errors import IndexLocked
from searchsvc.access.keys import KeyStore
from searchsvc.access.new_key import read_key
from searchsvc.index import Index
from searchsvc.tasks.queue import TaskQueue
from searchsvc.tasks.task import Status

MASTER = "kunci-induk-untuk-uji-coba"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks and links of POSIX")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two indexes, a dictionary, fields, a key and a waiting task."""
    folder = tmp_path / "data"
    add(folder / "berita", "padi", "cabai")
    (folder / "berita" / "dictionary.txt").write_text("[synonyms]\ncabai = lombok\n")
    (folder / "berita" / "fields.toml").write_text('[harga]\ntype = "number"\n')
    add(folder / "arsip", "jagung")
    TaskQueue(folder).add("articlesDeletion", index="berita", payload=b'["padi"]')
    KeyStore(folder, MASTER).create(read_key({"actions": ["search"]}))
    return folder


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def back_up(data: Path, backups: Path, *options: str) -> Path:
    return back_up_index(data / "berita", backups, *options)


def back_up_index(index: Path, backups: Path, *options: str) -> Path:
    return Path(run_json("backup", backups, "--index", index, *options)["backup"])


def test_a_backup_is_restored_with_everything(data: Path, backups: Path, tmp_path: Path) -> None:
    told = run_json("backup", backups, "--index", data / "berita")
    [made] = [path for path in backups.iterdir() if path.name[0] != "."]
    size = sum(path.stat().st_size for path in data.rglob("*.pack"))
    assert told == {
        "backup": str(made),
        "indexes": {"arsip": 1, "berita": 1},
        "articles": 3,
        "bytes": size,
        "own_bytes": 0,
        "removed": [],
    }
    new = tmp_path / "new"
    told = run_json("restore", backups, "--index", new / "berita")
    assert told["files"] == ["keys.sqlite", "tasks.sqlite"]
    assert (told["articles"], told["indexes"]) == (3, {"arsip": 1, "berita": 1})
    assert list_titles(new / "berita") == ["cabai", "padi"]
    assert list_titles(new / "arsip") == ["jagung"]
    for name in ("dictionary.txt", "fields.toml"):
        assert (new / "berita" / name).read_text() == (data / "berita" / name).read_text()
    [task] = TaskQueue(new).find()[0]
    assert (task.kind, task.status) == ("articlesDeletion", Status.ENQUEUED)
    assert TaskQueue(new).payload(task.uid) == b'["padi"]'
    assert len(KeyStore(new, MASTER).list()) == 1
    assert open_engine(new / "berita").check() == []
    modes = {path.stat().st_mode & 0o777 for path in new.rglob("*") if path.is_file()}
    assert modes == {0o640}


def test_one_index_alone_leaves_the_rest_as_it_is(data: Path, backups: Path) -> None:
    made = back_up(data, backups, "--only", "arsip")
    assert sorted(path.name for path in made.iterdir()) == ["arsip", "backup.json"]
    add(data / "arsip", "kedelai")
    add(data / "berita", "gula")
    queue = TaskQueue(data)
    queue.add("articlesDeletion", index="berita")
    done = run("restore", made, "--only", "arsip", "--force", "--index", data / "berita")
    assert done.exit_code == 0, done.output
    assert list_titles(data / "arsip") == ["jagung"]
    assert list_titles(data / "berita") == ["cabai", "gula", "padi"]
    assert queue.find()[1] == 2


def test_an_older_state_is_restored_over_a_newer_one(data: Path, backups: Path) -> None:
    back_up(data, backups)
    index = Index.open(data / "berita")
    store = KeyStore(data, MASTER)
    assert len(index) == 2
    add(data / "berita", "gula", "garam")
    Index.open(data / "baru", create=True).close()
    store.create(read_key({"actions": ["*"]}))
    newer = TaskQueue(data).add("articlesDeletion", index="berita")
    done = run("restore", backups, "--index", data / "berita")
    assert done.exit_code == 1
    assert "has arsip, berita, keys.sqlite … already. Nothing was changed" in done.output
    assert list_titles(data / "berita") == ["cabai", "garam", "gula", "padi"]
    done = run("restore", backups, "--force", "--index", data / "berita")
    assert done.exit_code == 0, done.output
    assert list_titles(data / "berita") == ["cabai", "padi"]
    # What was open before sees it: as does a service.
    assert len(store.list()) == 1
    assert len(index) == 2
    # An index that is not in the backup stays, and numbers of tasks are not given twice.
    assert list_titles(data / "baru") == []
    assert TaskQueue(data).add("articlesDeletion").uid > newer.uid
    assert sorted(path.name for path in data.iterdir() if path.name.startswith(".")) == []


def test_only_the_newest_are_kept_and_other_files_are_left_alone(data: Path, backups: Path) -> None:
    made = [back_up(data, backups) for _ in range(3)]
    (backups / "catatan").mkdir()
    (backups / "catatan" / "baca.txt").write_text("milik orang lain")
    (backups / "20200101T000000.000Z").mkdir()
    told = run_json("backup", backups, "--keep", "2", "--index", data / "berita")
    assert told["removed"] == [str(made[1]), str(made[0])]
    left = sorted(path.name for path in backups.iterdir())
    assert left == [
        ".searchsvc-backup.lock",
        "20200101T000000.000Z",
        made[2].name,
        Path(told["backup"]).name,
        "catatan",
    ]
    assert run("restore", backups, "--index", data / "berita", "--force").exit_code == 0


def test_an_index_that_the_backup_lacks_is_told(data: Path, backups: Path) -> None:
    back_up(data, backups)
    done = run("restore", backups, "--only", "lain", "--force", "--index", data / "berita")
    assert (done.exit_code, "has no index 'lain', but arsip, berita." in done.output) == (1, True)


def test_what_others_keep_in_the_folder_is_neither_removed_nor_restored(
    data: Path, backups: Path, tmp_path: Path
) -> None:
    kept = back_up(data, backups)
    kept = kept.rename(backups / "0-sebelum-pindah")
    for name in (".partial-rsync", "arsip-mongo"):
        (backups / name).mkdir()
        (backups / name / "backup.json").write_text("{}")
    (backups / ".searchsvc-partial-file").write_text("")
    other = tmp_path / "other"
    add(other / "lain", "rambutan")
    theirs = back_up_index(other / "lain", backups)
    linked = tmp_path / "disk-lain"
    back_up(data, backups).rename(linked)
    (backups / "20200101T000000.000Z").symlink_to(linked)
    made = [back_up(data, backups, "--keep", "1") for _ in range(2)]
    assert sorted(path.name for path in backups.iterdir()) == sorted(
        [
            ".searchsvc-backup.lock",
            ".partial-rsync",
            ".searchsvc-partial-file",
            "arsip-mongo",
            "20200101T000000.000Z",
            *(one.name for one in (kept, theirs, made[1])),
        ]
    )
    assert run_json("restore", backups, "--force", "--index", data / "berita")["backup"] == str(
        made[1]
    )


def test_backups_of_one_index_take_no_place_of_those_of_everything(
    data: Path, backups: Path
) -> None:
    whole = back_up(data, backups)
    one = [back_up(data, backups, "--only", "arsip", "--keep", "1") for _ in range(2)]
    assert (whole.exists(), one[0].exists(), one[1].exists()) == (True, False, True)
    told = run_json("restore", backups, "--force", "--index", data / "berita")
    assert told["backup"] == str(whole)
    twice = ("--only", "arsip", "--only", "arsip")
    told = run_json("restore", backups, *twice, "--force", "--index", data / "berita")
    assert (told["backup"], told["indexes"]) == (str(one[1]), {"arsip": 1})


@pytest.mark.parametrize("content", [b"not a database, but something else" * 200, b""])
def test_a_damaged_file_of_tasks_is_replaced(data: Path, backups: Path, content: bytes) -> None:
    back_up(data, backups)
    # Connections of what ran before would hold locks in the file that is damaged here.
    gc.collect()
    (data / "tasks.sqlite").write_bytes(content)
    for ending in ("-wal", "-shm"):
        (data / f"tasks.sqlite{ending}").unlink(missing_ok=True)
    told = run_json("restore", backups, "--force", "--index", data / "berita")
    assert told["renewed"] == (["tasks.sqlite"] if content else [])
    assert [task.status for task in TaskQueue(data).find()[0]] == [Status.ENQUEUED]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_root_gives_nothing_away_and_takes_nothing_from_the_service(
    data: Path, backups: Path, tmp_path: Path
) -> None:
    private = tmp_path / "private"
    private.write_text("milik root")
    private.chmod(0o600)
    backups.mkdir()
    os.chown(backups, 12_345, 12_345)
    made = back_up(data, backups)
    owners = {path.stat().st_uid for path in backups.rglob("*") if path.suffix != ".pack"}
    assert owners == {12_345}
    assert {path.stat().st_uid for path in data.rglob("*.pack")} == {0}
    (made / "berita" / "catatan.txt").symlink_to(private)
    done = run("restore", backups, "--force", "--index", data / "berita")
    assert (done.exit_code, "catatan.txt" in done.output) == (1, True)
    link = data / "berita" / "catatan.txt"
    link.symlink_to(private)
    os.chown(link, 12_345, 12_345, follow_symlinks=False)
    done = run("backup", backups, "--index", data / "berita")
    assert (done.exit_code, "a link to a file of another user" in done.output) == (1, True)


def test_unchanged_segments_are_stored_once_also_as_copies(data: Path, backups: Path) -> None:
    back_up(data, backups, "--copy")
    add(data / "berita", "gula")
    before = {path.stat().st_ino for path in backups.rglob("*.pack")}
    made = back_up(data, backups, "--copy")
    live = {path.stat().st_ino for path in data.rglob("*.pack")}
    files = {path.stat().st_ino for path in made.rglob("*.pack")}
    assert not files & live
    [unchanged] = (made / "arsip").glob("*.pack")
    assert unchanged.stat().st_ino in before
    assert files - before


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_another_file_system_is_copied_to_and_restored_from(data: Path, tmp_path: Path) -> None:
    if Path("/dev/shm").stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("needs a second file system")
    shared = Path(f"/dev/shm/searchsvc-test-{os.getpid()}")
    try:
        told = run_json("backup", shared, "--index", data / "berita")
        assert told["own_bytes"] == told["bytes"] > 0
        told = run_json("backup", shared, "--index", data / "berita")
        assert told["own_bytes"] == 0
        run_json("restore", shared, "--index", tmp_path / "new" / "berita")
        assert list_titles(tmp_path / "new" / "berita") == ["cabai", "padi"]
    finally:
        subprocess.run(["rm", "-rf", shared], check=True)


# --- an operator's cases


def test_a_backup_is_not_made_inside_what_it_is_a_backup_of(data: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(data / "berita")
    for target in (data, data / "backups", data / "berita" / "x", tmp_path / "link" / "x"):
        done = run("backup", target, "--index", data / "berita")
        assert (done.exit_code, "and would be lost with it" in done.output) == (1, True)
    assert not (data / "backups").exists()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: path.write_text("x"), "is not a folder. Name one for backups."),
        (lambda path: path.symlink_to(path / "x"), "No backup was made in"),
    ],
)
def test_a_target_that_is_no_folder_is_refused(
    data: Path, tmp_path: Path, make: Callable[[Path], object], told: str
) -> None:
    make(tmp_path / "target")
    done = run("backup", tmp_path / "target", "--index", data / "berita")
    assert done.exit_code == 1
    assert told in done.output


def test_nothing_to_back_up_is_told(tmp_path: Path, backups: Path) -> None:
    done = run("backup", backups, "--index", tmp_path / "data" / "berita")
    assert done.exit_code == 1
    assert "There is no index in" in done.output
    done = run("backup", backups, "--only", "x", "--index", tmp_path / "data" / "berita")
    assert done.exit_code == 1
    assert "No index at" in done.output
    assert not list(backups.glob("*")) or not list(backups.glob("2*"))


_HOLD = """
import fcntl, sys, time
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_two_backups_at_once_do_not_meet(data: Path, backups: Path) -> None:
    back_up(data, backups)
    lock = backups / ".searchsvc-backup.lock"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()
        done = run("backup", backups, "--index", data / "berita")
        other.stdin.close()
    assert done.exit_code == 1
    assert "Another process is making a backup in" in done.output
    assert len(list(backups.glob("2*"))) == 1


_KILLED = """
import os, signal, sys
from pathlib import Path
from searchsvc.backup import make
from searchsvc.data_folder import DataFolder

def verify(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

make.verify_backup = verify
make.make_backup(DataFolder(Path(sys.argv[1])), Path(sys.argv[2]), dictionary=Path("x"))
"""


def test_a_backup_that_was_killed_is_never_taken_for_one_and_is_cleared_away(
    data: Path, backups: Path
) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, data, backups], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [path.name[:19] for path in backups.glob(".*p*-*")][:1] == [".searchsvc-partial-"]
    done = run("restore", backups, "--index", data / "berita")
    assert done.exit_code == 1
    assert "There is no backup in" in done.output
    back_up(data, backups)
    assert list(backups.glob(".searchsvc-partial-*")) == []


_FULL = """
import resource, sys
from searchsvc.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
main(["backup", sys.argv[2], "--copy", "--index", sys.argv[1] + "/berita"])
"""


def test_a_backup_that_finds_no_room_leaves_nothing(data: Path, backups: Path) -> None:
    """Files may not grow beyond 2,000 bytes: the system refuses as it does on a full disk."""
    kept = back_up(data, backups)
    done = subprocess.run(
        [sys.executable, "-c", _FULL, data, backups], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: No backup was made in {backups}: ")
    assert done.stderr.endswith(". Earlier backups are intact.\n")
    assert sorted(path.name for path in backups.iterdir()) == [
        ".searchsvc-backup.lock",
        kept.name,
    ]


def damage(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.unlink()
    path.write_bytes(content)


def test_nothing_is_restored_to_another_server(data: Path, backups: Path) -> None:
    back_up(data, backups)
    done = run("restore", backups, "--index", "https://localhost:9200/berita")
    assert (done.exit_code, "Take and restore its snapshots" in done.stderr) == (1, True)


def test_a_damaged_index_is_not_backed_up(data: Path, backups: Path) -> None:
    [segment] = (data / "arsip").glob("*.pack")
    damage(segment, 200)
    done = run("backup", backups, "--index", data / "berita")
    assert done.exit_code == 1
    assert segment.name in done.output
    assert list(backups.glob("2*")) == []
    # The others can be, by name.
    back_up(data, backups, "--only", "berita")


def test_a_damaged_earlier_copy_is_not_linked_again(data: Path, backups: Path) -> None:
    made = back_up(data, backups, "--copy")
    [segment] = (made / "arsip").glob("*.pack")
    damage(segment, 200)
    made = back_up(data, backups, "--copy")
    run_json("restore", made, "--force", "--index", data / "berita")
    assert open_engine(data / "arsip").check() == []


@pytest.mark.parametrize(
    "name", ["backup.json", "tasks.sqlite", "berita/dictionary.txt", "arsip/*.pack", "arsip/*.toc"]
)
def test_a_damaged_backup_replaces_nothing(data: Path, backups: Path, name: str) -> None:
    made = back_up(data, backups, "--copy")
    [file] = made.glob(name)
    damage(file, 9)
    before = {path: path.stat().st_ino for path in data.rglob("*") if path.is_file()}
    done = run("restore", made, "--force", "--index", data / "berita")
    assert done.exit_code == 1
    assert "The backup cannot be used: " in done.output
    assert file.name in done.output
    assert {path: path.stat().st_ino for path in data.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        '{"format": 2}',
        '{"format": 1, "version": "1", "made_at": "", "indexes": {"../x": {}}, "files": {}}',
        '{"format": 1, "version": "1", "made_at": "", "indexes": {}, "files": {"../x": "0"}}',
        '{"format": 1, "version": "1", "made_at": "", "indexes": {}, "files": {"/etc/x": "0"}}',
    ],
)
def test_a_description_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "backup.json").write_text(content)
    done = run("restore", tmp_path, "--index", tmp_path / "new" / "berita")
    assert done.exit_code == 1
    assert "it is not the description of a backup" in done.output
    assert not (tmp_path / "new").exists()


def test_a_foreign_folder_is_not_restored_from_nor_over(
    data: Path, backups: Path, tmp_path: Path
) -> None:
    for source in (data, tmp_path / "missing", data / "berita" / "fields.toml"):
        done = run("restore", source, "--index", data / "berita")
        assert (done.exit_code, "There is no backup in" in done.output) == (1, True)
    back_up(data, backups)
    new = tmp_path / "new"
    (new / "berita").mkdir(parents=True)
    (new / "berita" / "foto.jpg").write_text("foto")
    done = run("restore", backups, "--force", "--index", new / "berita")
    assert done.exit_code == 1
    assert "The name 'berita' is taken" in done.output
    assert (new / "berita" / "foto.jpg").read_text() == "foto"


def test_an_index_that_is_a_link_stays_one(data: Path, backups: Path, tmp_path: Path) -> None:
    (data / "arsip").rename(tmp_path / "disk-lain")
    (data / "arsip").symlink_to(tmp_path / "disk-lain")
    back_up(data, backups)
    add(data / "arsip", "kedelai")
    run_json("restore", backups, "--force", "--index", data / "berita")
    assert (data / "arsip").is_symlink()
    assert list_titles(tmp_path / "disk-lain") == ["jagung"]


def test_a_writer_is_waited_for(data: Path, backups: Path) -> None:
    back_up(data, backups)
    with open_engine(data / "berita").writer():
        done = run("restore", backups, "--force", "--wait", "0", "--index", data / "berita")
    assert done.exit_code == 1
    assert "is being written by" in done.output


def list_waiting(data: Path) -> list[bytes]:
    queue = TaskQueue(data)
    return [queue.payload(task.uid) for task in reversed(queue.find()[0])]


def test_tasks_are_kept_until_every_index_is_in_place(
    data: Path, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(data, backups)
    add(data / "berita", "gula")
    TaskQueue(data).add("articlesDeletion", index="berita", payload=b'["gula"]')
    monkeypatch.setattr("searchsvc.backup.restore._PATIENCE_SECONDS", 0.05)
    with closing(sqlite3.connect(data / "tasks.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = run("restore", made, "--force", "--index", data / "berita")
        other.execute("ROLLBACK")
    assert done.exit_code == 1
    assert "database is locked" in done.stderr
    assert "run the same command again" in done.stderr
    assert list_titles(data / "berita") == ["cabai", "padi"]
    assert list_waiting(data) == [b'["padi"]', b'["gula"]']
    assert run("restore", made, "--force", "--index", data / "berita").exit_code == 0
    assert list_waiting(data) == [b'["padi"]']
    assert not list(data.glob(".searchsvc-*"))


def test_nobody_writes_to_what_was_restored_before_its_tasks_are(data: Path, backups: Path) -> None:
    made = back_up(data, backups)
    add(data / "berita", "gula")
    restoring = threading.Thread(
        target=run, args=("restore", made, "--force", "--index", data / "berita")
    )
    with closing(sqlite3.connect(data / "tasks.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        restoring.start()
        while "gula" in list_titles(data / "berita"):
            assert restoring.is_alive()
        for name in ("arsip", "berita"):
            with pytest.raises(IndexLocked):
                open_engine(data / name).writer()
        other.execute("ROLLBACK")
    restoring.join()
    add(data / "berita", "kopi")
    assert list_titles(data / "berita") == ["cabai", "kopi", "padi"]


def test_a_folder_in_the_place_of_an_index_is_met_before_anything_is_replaced(
    data: Path, backups: Path
) -> None:
    made = back_up(data, backups)
    shutil.rmtree(data / "arsip")
    (data / "arsip").mkdir()
    add(data / "berita", "gula")
    done = run("restore", made, "--force", "--index", data / "berita")
    assert (done.exit_code, "arsip" in done.stderr) == (1, True)
    assert list_titles(data / "berita") == ["cabai", "gula", "padi"]


def test_a_dictionary_elsewhere_is_saved_and_left_where_it_is(
    data: Path, backups: Path, tmp_path: Path
) -> None:
    own = tmp_path / "kamus.txt"
    own.write_text("[synonyms]\ncabai = cabe\n")
    env = {"SEARCHSVC_DICTIONARY": str(own)}
    made = Path(run_json("backup", backups, "--index", data / "berita", env=env)["backup"])
    own.write_text("[synonyms]\n")
    done = run("restore", made, "--force", "--index", data / "berita", env=env)
    assert f"The dictionary of berita was not replaced: it was at {own}" in done.output
    assert (made / "dictionary-berita.txt").read_text() == "[synonyms]\ncabai = cabe\n"
    assert own.read_text() == "[synonyms]\n"


def test_what_watch_has_seen_is_saved(data: Path, backups: Path, tmp_path: Path) -> None:
    db = sqlite3.connect(data / "berita" / "watch-state.sqlite")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE seen (id)")
    db.execute("INSERT INTO seen VALUES (7)")
    db.commit()
    back_up(data, backups)
    db.close()
    run_json("restore", backups, "--index", tmp_path / "new" / "berita")
    db = sqlite3.connect(tmp_path / "new" / "berita" / "watch-state.sqlite")
    assert db.execute("SELECT id FROM seen").fetchall() == [(7,)]
    db.close()

"""A SQLite file shared by threads and processes."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from searchsvc.database import Database, DatabaseUnusable

SCHEMA = "CREATE TABLE IF NOT EXISTS numbers (number INTEGER);"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "berkas.sqlite", SCHEMA)
    yield made
    made.close()


def count_connections(database: Database) -> int:
    """Descriptors of the file; it has others beside it."""
    return sum(
        one.is_symlink() and os.readlink(one) == str(database.path)
        for one in Path("/proc/self/fd").iterdir()
    )


needs_linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="files as on Linux")


@needs_linux
def test_threads_that_come_one_after_another_share_a_connection(database: Database) -> None:
    def write() -> None:
        with database.change() as db:
            db.execute("INSERT INTO numbers VALUES (1)")

    for _ in range(20):
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    with database.read() as db:
        assert db.execute("SELECT count(*) FROM numbers").fetchone() == (20,)
        assert count_connections(database) == 1


@needs_linux
def test_one_rush_after_another_opens_no_more(database: Database) -> None:
    for _ in range(3):
        with ExitStack() as rush:
            used = {id(rush.enter_context(database.read())) for _ in range(30)}
            assert len(used) == 30
            assert count_connections(database) == 30
    database.close()
    assert count_connections(database) == 0


def write_and_fail(db: sqlite3.Connection) -> None:
    db.execute("INSERT INTO numbers VALUES (1)")
    db.execute("INSERT INTO missing VALUES (1)")


def test_a_change_that_fails_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(DatabaseUnusable, match="no such table"), database.change() as db:
        write_and_fail(db)
    with database.change() as db:
        assert db.execute("SELECT count(*) FROM numbers").fetchone() == (0,)


def write_and_cannot_go_back(db: sqlite3.Connection) -> None:
    db.set_authorizer(refuse_to_roll_back)
    write_and_fail(db)


def refuse_to_roll_back(action: int, name: str | None, *_: str | None) -> int:
    refused = action == sqlite3.SQLITE_TRANSACTION and name == "ROLLBACK"
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


def test_a_change_that_cannot_be_rolled_back_is_nobody_elses(database: Database) -> None:
    with pytest.raises(DatabaseUnusable, match="no such table"), database.change() as db:
        write_and_cannot_go_back(db)
    with database.change() as db:
        assert db.execute("SELECT count(*) FROM numbers").fetchone() == (0,)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes of POSIX")
def test_a_forked_process_opens_connections_of_its_own(database: Database) -> None:
    with database.read() as db:
        parents = id(db)
    child = os.fork()
    if not child:
        with database.read() as db:
            os._exit(int(id(db) == parents))
    assert os.waitpid(child, 0)[1] == 0
    with database.read() as db:
        assert id(db) == parents

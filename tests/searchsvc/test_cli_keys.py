"""The commands about keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.commands import run

from searchsvc.access.keys import KeyStore
from searchsvc.cli.serving import is_open_to_all
from searchsvc.index import Index
from searchsvc.settings import load
from searchsvc.tasks.queue import TaskQueue
from searchsvc.tasks.task import Status

MASTER = "kunci-induk-untuk-uji-coba"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEARCHSVC_MASTER_KEY", MASTER)
    return tmp_path / "default"


def test_a_key_is_made_listed_and_revoked(index: Path, tmp_path: Path) -> None:
    assert run("keys", "list", "--index", index).stdout.startswith("There are no keys. Create one")
    made = run("keys", "create", "--action", "search", "--name", "Situs", "--index", index)
    assert made.exit_code == 0
    secret = made.stdout.strip()
    (key,) = KeyStore(tmp_path, MASTER).list()
    assert KeyStore(tmp_path, MASTER).secret_of(key) == secret
    listed = run("keys", "list", "--index", index)
    assert "Situs" in listed.stdout
    assert secret not in listed.stdout
    assert secret in run("keys", "list", "--secrets", "--index", index).stdout
    assert run("keys", "revoke", secret, "--index", index).stdout == "Revoked Situs.\n"
    again = run("keys", "revoke", key.uid, "--index", index)
    assert (again.exit_code, "There is no key" in again.stderr) == (1, True)


def test_a_key_may_be_limited(index: Path) -> None:
    options = ("--action", "search", "--action", "documents.get", "--for", "berita-*")
    more = (
        "--origin",
        "https://a.example",
        "--filter",
        "category=Hukum",
        "--expires",
        "2999-01-01",
    )
    made = run("keys", "create", *options, *more, "--json", "--index", index)
    key = json.loads(made.stdout)
    assert key["actions"] == ["search", "documents.get"]
    assert key["indexes"] == ["berita-*"]
    assert key["origins"] == ["https://a.example"]
    assert key["filters"] == {"category": ["Hukum"]}
    assert key["expires_at"] == "2999-01-01T00:00:00Z"
    (listed,) = json.loads(run("keys", "list", "--json", "--index", index).stdout)["keys"]
    assert "key" not in listed
    assert listed["uid"] == key["uid"]


@pytest.mark.parametrize(
    ("options", "exit_code", "told"),
    [
        ((), 2, "Missing option '--action'"),
        (("--action", "cari"), 1, "'cari', which is none of"),
        (("--action", "search", "--for", "a/b"), 1, "'a/b', which is no name"),
        (("--action", "search", "--expires", "kapan"), 1, "must be a time"),
        (("--action", "search", "--filter", "hukum"), 2, "is not facet=label"),
    ],
)
def test_what_no_key_can_be_is_one_sentence(
    index: Path, options: tuple[str, ...], exit_code: int, told: str
) -> None:
    result = run("keys", "create", *options, "--index", index)
    assert result.exit_code == exit_code
    assert told in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("master_key", ["", "pendek"])
def test_keys_want_a_master_key(
    index: Path, monkeypatch: pytest.MonkeyPatch, master_key: str
) -> None:
    monkeypatch.setenv("SEARCHSVC_MASTER_KEY", master_key)
    result = run("keys", "list", "--index", index)
    assert result.exit_code == 2
    assert "at least 16 characters" in result.stderr
    assert "pendek" not in result.stderr


@pytest.mark.parametrize(
    ("host", "reads", "warns"),
    [
        ("127.0.0.1", "auto", False),
        ("0.0.0.0", "auto", True),
        ("0.0.0.0", "open", False),
        ("::", "auto", True),
    ],
)
def test_a_service_that_is_open_to_all_says_so(host: str, reads: str, warns: bool) -> None:
    settings = load({"host": host, "reads": reads}, environ={})
    assert is_open_to_all(settings) is warns


def test_what_waits_is_done_by_command(index: Path, tmp_path: Path) -> None:
    details = {"format": "json", "clean": True}
    task = TaskQueue(tmp_path).add(
        "articlesAddition", index="default", payload=b'{"id": "a", "body": "Isi."}', details=details
    )
    assert run("drain", "--once", "--index", index).exit_code == 0
    assert TaskQueue(tmp_path).get(task.uid).status is Status.SUCCEEDED
    with Index.open(index) as opened:
        assert "a" in opened

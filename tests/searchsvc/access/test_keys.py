"""Keys come from the master key, and allow what they were made for."""

from __future__ import annotations

import hmac
import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
import pytest

from searchsvc.access.gate import Access, KeyMissing, KeyRefused, NotAllowed, are_reads_open
from searchsvc.access.keys import Key, KeyExists, KeyNotFound, KeyStore, make_uid
from searchsvc.access.new_key import exceeds
from searchsvc.access.rights import Rights, matches
from searchsvc.setting import InvalidSetting
from searchsvc.settings import load

MASTER = "kunci-induk-untuk-uji-coba"


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path, MASTER)


@pytest.fixture
def access(tmp_path: Path) -> Access:
    return Access(load({"index": tmp_path / "default", "master_key": MASTER}, environ={}))


def make_key(**values: Any) -> Key:
    return Key(**{"uid": make_uid(), "actions": ("search",), "indexes": ("*",), **values})


def test_a_key_is_made_of_its_uid_and_is_nowhere_on_the_disk(
    store: KeyStore, tmp_path: Path
) -> None:
    key = store.create(make_key(name="Situs"))
    secret = store.secret_of(key)
    assert secret == hmac.new(MASTER.encode(), key.uid.encode(), sha256).hexdigest()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert key.uid.encode() in kept
    assert secret.encode() not in kept
    assert MASTER.encode() not in kept


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_only_owner_and_group_read_the_keys(store: KeyStore, tmp_path: Path) -> None:
    store.begin()
    assert [path.name for path in tmp_path.iterdir() if path.stat().st_mode & 0o007] == []


def test_what_one_process_changes_the_others_know_at_once(store: KeyStore, tmp_path: Path) -> None:
    other = KeyStore(tmp_path, MASTER)
    assert other.list() == []
    key = store.create(
        make_key(expires_at="2999-01-01T00:00:00Z", filters={"category": ("Hukum",)})
    )
    assert other.get(key.uid) == key
    assert other.find(store.secret_of(key)) == key
    renamed = other.rename(store.secret_of(key), {"name": "Baru", "actions": "*"})
    assert (renamed.name, renamed.actions) == ("Baru", ("search",))
    assert store.get(key.uid) == renamed
    store.delete(key.uid)
    assert other.find(store.secret_of(key)) is None
    with pytest.raises(KeyNotFound):
        other.get(key.uid)
    with pytest.raises(KeyNotFound):
        other.rename(key.uid, {})


def test_a_uid_is_given_once(store: KeyStore) -> None:
    key = store.create(make_key())
    with pytest.raises(KeyExists):
        store.create(key)


def test_the_first_keys_are_made_once(store: KeyStore) -> None:
    store.begin()
    names = [key.name for key in store.list()]
    assert names == ["Default Admin API Key", "Default Search API Key"]
    for key in store.list():
        store.delete(key.uid)
    store.begin()
    assert store.list() == []


def test_another_master_key_makes_other_keys(store: KeyStore, tmp_path: Path) -> None:
    key = store.create(make_key())
    assert KeyStore(tmp_path, "kunci-induk-yang-lain").find(store.secret_of(key)) is None


@pytest.mark.parametrize(
    ("patterns", "text", "expected"),
    [
        (("*",), "documents.add", True),
        (("documents.*",), "documents.add", True),
        (("documents.*",), "document", False),
        (("documents.add",), "documents.add", True),
        (("documents.add",), "documents.additional", False),
        (("search",), "documents.get", False),
        ((), "search", False),
        (("berita-*", "arsip"), "arsip", True),
        (("berita-*", "arsip"), "berita", False),
    ],
)
def test_patterns(patterns: tuple[str, ...], text: str, expected: bool) -> None:
    assert matches(patterns, text) is expected


@pytest.mark.parametrize("credential", [None, ""])
def test_nothing_is_no_key(access: Access, credential: str | None) -> None:
    with pytest.raises(KeyMissing):
        access.rights_of(credential)


@pytest.mark.parametrize(
    "credential",
    [
        MASTER[:-1],
        MASTER + "x",
        "x" * 64,
        "a.b.c",
        "\ud800",
        "é" * 40,
        "x" * 100_000,
        "\x00",
        "...",
    ],
)
def test_a_key_that_is_none_is_refused(access: Access, credential: str) -> None:
    with pytest.raises(KeyRefused):
        access.rights_of(credential)


def test_the_master_key_may_everything(access: Access) -> None:
    rights = access.rights_of(MASTER)
    assert rights.may("keys.create")
    assert rights.may("documents.add", "berita")


def test_a_key_may_what_it_was_made_for(access: Access) -> None:
    key = access.keys.create(
        make_key(actions=("search", "documents.*"), indexes=("berita-*", "arsip"))
    )
    rights = access.rights_of(access.keys.secret_of(key))
    assert rights.may("documents.add", "berita-2026")
    assert rights.may("search")
    assert not rights.may("search", "lain")
    assert not rights.may("keys.get")
    assert not rights.may_all_indexes()


def test_an_expired_key_is_no_key(access: Access) -> None:
    key = access.keys.create(make_key(expires_at="2020-01-01T00:00:00Z"))
    with pytest.raises(KeyRefused):
        access.rights_of(access.keys.secret_of(key))


def test_a_key_for_a_page_is_for_no_other(access: Access) -> None:
    key = access.keys.create(make_key(origins=("https://www.contoh.example",)))
    secret = access.keys.secret_of(key)
    assert access.rights_of(secret, origin="https://WWW.contoh.example/").may("search")
    for origin in ("", "https://contoh.example", "null"):
        with pytest.raises(NotAllowed):
            access.rights_of(secret, origin=origin)


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ({}, {}, False),
        ({}, {"expires_at": "2999-01-01T00:00:00Z"}, False),
        ({}, {"origins": ("https://a.example",)}, False),
        ({}, {"actions": ("*",)}, True),
        ({"actions": ("documents.*",)}, {"actions": ("documents.get", "documents.*")}, False),
        ({"indexes": ("berita-*",)}, {"indexes": ("berita-*", "berita-2026")}, False),
        ({"indexes": ("berita-*",)}, {"indexes": ("berita*",)}, True),
        ({"expires_at": "2999-01-01T00:00:00Z"}, {}, True),
        ({"expires_at": "2999-01-01T00:00:00Z"}, {"expires_at": "2999-01-01T00:00:00Z"}, False),
        (
            {"expires_at": "2999-01-01T00:00:00Z"},
            {"expires_at": "2999-01-01T00:00:00.000000Z"},
            False,
        ),
        (
            {"expires_at": "2999-01-01T00:00:00Z"},
            {"expires_at": "2999-01-01T00:00:00.000001Z"},
            True,
        ),
        ({"origins": ("https://a.example", "https://b.example")}, {}, True),
        (
            {"origins": ("https://a.example", "https://b.example")},
            {"origins": ("https://A.example/",)},
            False,
        ),
        (
            {"origins": ("https://a.example",)},
            {"origins": ("https://a.example", "https://c.example")},
            True,
        ),
    ],
)
def test_a_key_gives_no_more_than_it_has(
    mine: dict[str, Any], theirs: dict[str, Any], expected: bool
) -> None:
    key = make_key(**mine)
    assert exceeds(make_key(**theirs), Rights(key, actions=key.actions)) is expected


def test_the_master_key_gives_anything() -> None:
    assert not exceeds(make_key(actions=("*",)), Rights(is_master=True, actions=("*",)))


# --- tenant tokens


def sign(access: Access, key: Key, *, secret: str = "", **claims: Any) -> str:
    values = {"apiKeyUid": key.uid, "searchRules": ["*"], **claims}
    return jwt.encode(values, secret or access.keys.secret_of(key), algorithm="HS256")


@pytest.mark.parametrize(
    ("rules", "index", "allowed", "rule"),
    [
        (["*"], "berita", True, None),
        (["berita"], "berita", True, None),
        (["berita"], "arsip", False, None),
        ({"*": {}}, "berita", True, {}),
        ({"berita*": {"filter": "a = 1"}, "*": None}, "berita-2", True, {"filter": "a = 1"}),
        (
            {"*": {"filter": "a = 1"}, "berita": {"filter": "a = 2"}},
            "berita",
            True,
            {"filter": "a = 2"},
        ),
    ],
)
def test_a_token_limits_searches(
    access: Access, rules: Any, index: str, allowed: bool, rule: Any
) -> None:
    key = access.keys.create(make_key(actions=("*",)))
    rights = access.rights_of(sign(access, key, searchRules=rules))
    assert rights.may("search", index) is allowed
    assert not rights.may("documents.add", index)
    assert rights.rule_for(index) == rule


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1_000_000_000},
        {"searchRules": "berita"},
        {"searchRules": {"*": {"limit": 3}}},
        {"searchRules": [1]},
        {"searchRules": ["\ud800"]},
        {"searchRules": {"*": {"filter": 2**64}}},
        {"searchRules": {"*": {"filter": ["a = 1", "b = \ud800"]}}},
        {"apiKeyUid": None},
        {"apiKeyUid": "6f5aa3b0-54d1-4fd5-9d3c-1f6e9f1c2b7d"},
        {"secret": "x" * 64},
    ],
    ids=str,
)
def test_a_token_that_proves_nothing_is_refused(access: Access, claims: dict[str, Any]) -> None:
    key = access.keys.create(make_key())
    with pytest.raises(KeyRefused):
        access.rights_of(sign(access, key, **claims))


def test_a_token_without_a_signature_is_refused(access: Access) -> None:
    key = access.keys.create(make_key())
    claims = {"apiKeyUid": key.uid, "searchRules": ["*"]}
    with pytest.raises(KeyRefused):
        access.rights_of(jwt.encode(claims, None, algorithm="none"))


def test_a_token_of_a_key_that_may_not_search_is_refused(access: Access) -> None:
    key = access.keys.create(make_key(actions=("documents.add",)))
    with pytest.raises(KeyRefused):
        access.rights_of(sign(access, key))


@pytest.mark.parametrize(
    ("host", "reads", "master_key", "is_open"),
    [
        ("127.0.0.1", "auto", "", True),
        ("127.0.0.1", "auto", MASTER, True),
        ("0.0.0.0", "auto", "", True),
        ("0.0.0.0", "auto", MASTER, False),
        ("::1", "auto", MASTER, True),
        ("::", "auto", MASTER, False),
        ("localhost", "auto", MASTER, True),
        ("0.0.0.0", "open", MASTER, True),
        ("127.0.0.1", "key", MASTER, False),
    ],
)
def test_who_may_read(host: str, reads: str, master_key: str, is_open: bool) -> None:
    settings = load({"host": host, "reads": reads, "master_key": master_key}, environ={})
    assert are_reads_open(settings) is is_open


def test_without_a_master_key_everybody_only_reads(tmp_path: Path) -> None:
    access = Access(load({"index": tmp_path / "default"}, environ={}))
    for credential in (None, "x"):
        rights = access.rights_of(credential)
        assert rights.may("search", "berita")
        assert not rights.may("documents.add", "berita")
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_was_replaced_is_compared_whole(access: Access) -> None:
    key = access.keys.create(make_key())
    with pytest.raises(KeyRefused):
        access.rights_of(access.keys.secret_of(replace(key, uid=make_uid())))


def test_keys_are_not_asked_for_where_there_can_be_none(tmp_path: Path) -> None:
    settings = load({"index": tmp_path / "default", "reads": "key"}, environ={})
    with pytest.raises(InvalidSetting, match="no keys without a master key"):
        Access(settings)

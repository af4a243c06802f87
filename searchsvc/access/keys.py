"""Which keys exist? What each allows is stored, the keys themselves are not.

A key is the HMAC-SHA256 of its uid under the master key, in hexadecimal, as in Meilisearch: clients
that know a key can sign tokens with it, while reading the file reveals none.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson

from indexer.errors import IndexerError
from searchsvc.database import Database
from searchsvc.tasks.task import read_clock

FILE = "keys.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS keys (
    number INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, content TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value INTEGER);
INSERT OR IGNORE INTO facts VALUES ('revision', 0);
INSERT OR IGNORE INTO facts VALUES ('begun', 0);
"""

#: What precedes a key in an address, and how many characters of the key are logged.
_BEFORE_KEY = "/keys/"
_LOGGED_CHARACTERS = 8

#: More than anyone manages; all of them are held in memory.
MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Key:
    """What a key allows.

    ``actions`` and ``indexes`` may end in ``*``. ``expires_at`` is a time in UTC, or empty for
    never. With ``origins`` it is only valid for pages of these. ``filters``: labels of facets; the
    key sees only articles that have one of each.
    """

    uid: str
    actions: tuple[str, ...]
    indexes: tuple[str, ...]
    name: str | None = None
    description: str | None = None
    expires_at: str = ""
    origins: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    created_at: str = ""
    updated_at: str = ""

    @property
    def expiry(self) -> datetime | None:
        """When it becomes invalid; ``None`` for never."""
        ends = self.expires_at.replace("Z", "+00:00")
        return datetime.fromisoformat(ends) if ends else None

    def is_for(self, origin: str) -> bool:
        """Whether pages of this origin may send it."""
        return not self.origins or _fold(origin) in map(_fold, self.origins)


class KeyNotFound(IndexerError):
    """There is no such key."""

    def __init__(self, uid: str) -> None:
        self.uid = uid
        shown = uid if len(uid) <= 80 else uid[:79] + "…"
        super().__init__(f"There is no key {shown!r}.")


class KeyExists(IndexerError):
    """A key with this uid already exists."""

    def __init__(self, uid: str) -> None:
        self.uid = uid
        super().__init__(f"There is a key with the uid {uid!r} already.")


class TooManyKeys(IndexerError):
    """The maximum number of keys exists already."""

    def __init__(self) -> None:
        super().__init__(f"There are {MOST_KEYS:,} keys, and no more may be made.")


def make_uid() -> str:
    """The uid of a new key."""
    return str(uuid4())


#: The keys created with the first master key.
_FIRST_KEYS = (
    ("Default Search API Key", "Use it to search from the frontend", ("search",)),
    (
        "Default Admin API Key",
        "Use it for anything that is not a search operation. Caution! Do not expose it on a public "
        "frontend",
        ("*",),
    ),
)


class KeyStore:
    """The keys of the data folder ``folder``, derived from ``master_key``. Safe for threads and
    processes. Every method raises DatabaseUnusable.
    """

    def __init__(self, folder: Path, master_key: str) -> None:
        self._database = Database(folder / FILE, _SCHEMA)
        self._master_key = master_key.encode()
        self._known = _Known(-1, {}, {})

    def secret_of(self, key: Key) -> str:
        """The key itself, as sent by a client."""
        return hmac.new(self._master_key, key.uid.encode(), sha256).hexdigest()

    # --- asking

    def list(self) -> list[Key]:
        """All keys, the newest first."""
        return list(reversed(self._read().by_uid.values()))

    def get(self, uid_or_key: str) -> Key:
        """The key with this uid, or the given key itself. Raises KeyNotFound."""
        uid = _read_uid(uid_or_key)
        found = self.find(uid_or_key) if uid is None else self._read().by_uid.get(uid)
        if found is None:
            raise KeyNotFound(uid_or_key)
        return found

    def find(self, secret: str) -> Key | None:
        """The key that a client sent, expired or not, or ``None``."""
        return self._read().by_digest.get(_digest(secret))

    def _read(self) -> _Known:
        """All current keys."""
        with self._database.read() as db:
            (revision,) = db.execute("SELECT value FROM facts WHERE name = 'revision'").fetchone()
            known = self._known
            if revision == known.revision:
                return known
            # Later changes are included, and read again by the next request.
            rows = db.execute("SELECT content FROM keys ORDER BY number").fetchall()
        keys = [_read_key(content) for (content,) in rows]
        known = self._known = _Known(
            revision,
            {key.uid: key for key in keys},
            {_digest(self.secret_of(key)): key for key in keys},
        )
        return known

    # --- changing

    def create(self, key: Key) -> Key:
        """Store a new key; return it with its times. Raises KeyExists, TooManyKeys."""
        now = read_clock()
        made = replace(key, created_at=now, updated_at=now)
        with self._database.change() as db:
            if db.execute("SELECT 1 FROM keys WHERE uid = ?", (key.uid,)).fetchone():
                raise KeyExists(key.uid)
            if db.execute("SELECT count(*) FROM keys").fetchone()[0] >= MOST_KEYS:
                raise TooManyKeys
            db.execute("INSERT INTO keys (uid, content) VALUES (?, ?)", (key.uid, _write_key(made)))
            db.execute(_NEXT_REVISION)
        return made

    def rename(self, uid_or_key: str, changes: Mapping[str, str | None]) -> Key:
        """Change the key's ``name`` or ``description``, the only mutable fields; return the changed
        key. Raises KeyNotFound.
        """
        key = self.get(uid_or_key)
        allowed = {name: changes[name] for name in ("name", "description") if name in changes}
        changed = replace(key, updated_at=read_clock(), **allowed)  # type: ignore[arg-type]
        with self._database.change() as db:
            found = db.execute(
                "UPDATE keys SET content = ? WHERE uid = ?", (_write_key(changed), key.uid)
            )
            if not found.rowcount:
                raise KeyNotFound(uid_or_key)
            db.execute(_NEXT_REVISION)
        return changed

    def delete(self, uid_or_key: str) -> Key:
        """Revoke the key, immediately and permanently. Raises KeyNotFound."""
        key = self.get(uid_or_key)
        with self._database.change() as db:
            if not db.execute("DELETE FROM keys WHERE uid = ?", (key.uid,)).rowcount:
                raise KeyNotFound(uid_or_key)
            db.execute(_NEXT_REVISION)
        return key

    def begin(self) -> None:
        """Create the first keys, one to search and one for everything, unless that was done."""
        with self._database.change() as db:
            if db.execute("SELECT value FROM facts WHERE name = 'begun'").fetchone()[0]:
                return
            db.execute("UPDATE facts SET value = 1 WHERE name = 'begun'")
            now = read_clock()
            for name, description, actions in _FIRST_KEYS:
                key = Key(make_uid(), actions, ("*",), name, description)
                key = replace(key, created_at=now, updated_at=now)
                db.execute(
                    "INSERT INTO keys (uid, content) VALUES (?, ?)", (key.uid, _write_key(key))
                )
            db.execute(_NEXT_REVISION)


@dataclass(frozen=True, slots=True)
class _Known:
    """The keys at a revision of the file, the oldest first: by uid, and by digest, so that every
    lookup takes the same time.
    """

    revision: int
    by_uid: dict[str, Key]
    by_digest: dict[bytes, Key]


_NEXT_REVISION = "UPDATE facts SET value = value + 1 WHERE name = 'revision'"


def _fold(origin: str) -> str:
    return origin.lower().rstrip("/")


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def hide_key(address: str) -> str:
    """``address`` as it may be logged, with only the beginning of a key: Meilisearch's clients may
    name a key by its secret.

    >>> hide_key("/keys/d0552b41536279a0"), hide_key("/keys")
    ('/keys/d0552b41...', '/keys')
    """
    before, found, key = address.partition(_BEFORE_KEY)
    if len(key) <= _LOGGED_CHARACTERS:
        return address
    return f"{before}{found}{key[:_LOGGED_CHARACTERS]}..."


def _read_uid(text: str) -> str | None:
    """The normalised uid, or ``None`` if ``text`` is not one."""
    if len(text) != 36:
        return None
    try:
        return str(UUID(text))
    except ValueError:
        return None


def _write_key(key: Key) -> str:
    return orjson.dumps(key).decode()


def _read_key(content: str) -> Key:
    values: dict[str, Any] = orjson.loads(content)
    for name in ("actions", "indexes", "origins"):
        values[name] = tuple(values[name])
    values["filters"] = {name: tuple(labels) for name, labels in values["filters"].items()}
    return Key(**values)

"""What may whoever asks do?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from searchsvc.access.keys import Key

#: What there is to allow: Meilisearch's actions, those of what is not here as well, so that its
#: clients can make their keys.
ACTIONS: tuple[str, ...] = (
    "*",
    "search",
    *("documents.*", "documents.add", "documents.get", "documents.delete"),
    *("indexes.*", "indexes.create", "indexes.get", "indexes.update", "indexes.delete"),
    "indexes.swap",
    *("tasks.*", "tasks.get", "tasks.cancel", "tasks.delete"),
    *("settings.*", "settings.get", "settings.update"),
    *("stats.*", "stats.get"),
    *("metrics.*", "metrics.get"),
    *("dumps.*", "dumps.create", "snapshots.*", "snapshots.create"),
    "version",
    *("keys.*", "keys.get", "keys.create", "keys.update", "keys.delete"),
    *("experimental.*", "experimental.get", "experimental.update"),
    *("network.*", "network.get", "network.update"),
    *("chatCompletions", "chats.*", "chats.get", "chats.delete"),
    *("chatsSettings.*", "chatsSettings.get", "chatsSettings.update"),
)


@dataclass(frozen=True, slots=True)
class Rights:
    """What one request may do.

    ``key`` is the one that it came with, ``None`` where it came with the master key, or with none
    where none is asked for. ``rules`` are those of a tenant token, by patterns of indexes: what a
    search there is limited to; ``None`` where it came with the key itself.
    """

    key: Key | None = None
    is_master: bool = False
    actions: tuple[str, ...] = ()
    rules: Mapping[str, Any] | None = None

    def may(self, action: str, index: str = "") -> bool:
        """Whether that is allowed, on this index or, where it is empty, at all."""
        if self.is_master:
            return True
        return matches(self.actions, action) and self.may_index(index)

    def may_index(self, index: str) -> bool:
        """Whether anything is allowed on this index; an empty one is none in particular."""
        if self.is_master or not index:
            return True
        return (self.key is None or matches(self.key.indexes, index)) and (
            self.rules is None or matches(self.rules, index)
        )

    def may_all_indexes(self) -> bool:
        """Whether no index is kept from it."""
        return self.is_master or (
            (self.key is None or "*" in self.key.indexes) and self.rules is None
        )

    def rule_for(self, index: str) -> Any:
        """What the token limits searches of the index to: the rule that names it most exactly;
        ``None`` for nothing.
        """
        patterns = [one for one in self.rules or () if matches((one,), index)]
        best = max(patterns, key=lambda one: (one == index, len(one)), default=None)
        return None if best is None or self.rules is None else self.rules[best]

    @property
    def filters(self) -> Mapping[str, tuple[str, ...]]:
        """Labels of which an article must have one of each facet, to be seen."""
        return {} if self.key is None else self.key.filters


#: Those of whoever comes without a key where none is asked for.
READER = Rights(actions=("search", "documents.get", "indexes.get", "stats.get", "version"))
MASTER = Rights(is_master=True, actions=("*",))


def matches(patterns: Iterable[str], text: str) -> bool:
    """Whether one of ``patterns`` is the text, or with ``*`` at its end the beginning of it.

    >>> [matches(("berita*", "x"), text) for text in ("berita-2026", "x", "xy")]
    [True, True, False]
    """
    return any(text.startswith(one[:-1]) if one.endswith("*") else text == one for one in patterns)

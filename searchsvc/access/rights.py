"""What is the caller of a request allowed to do?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from searchsvc.access.keys import Key

#: All actions: Meilisearch's, including those of features missing here, so that its clients can
#: create their keys, and our own.
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
    "insight",
    *("pins.*", "pins.get", "pins.update"),
)


@dataclass(frozen=True, slots=True)
class Rights:
    """What one request may do.

    ``key`` is the key that the request used, ``None`` for the master key, or if none was required.
    ``rules`` are those of a tenant token, by index patterns: the limits of searches there; ``None``
    if the key itself was used.
    """

    key: Key | None = None
    is_master: bool = False
    actions: tuple[str, ...] = ()
    rules: Mapping[str, Any] | None = None

    def may(self, action: str, index: str = "") -> bool:
        """Whether the action is allowed, on this index or, if empty, at all."""
        if self.is_master:
            return True
        return matches(self.actions, action) and self.may_index(index)

    def may_index(self, index: str) -> bool:
        """Whether anything is allowed on this index; empty for no particular one."""
        if self.is_master or not index:
            return True
        return (self.key is None or matches(self.key.indexes, index)) and (
            self.rules is None or matches(self.rules, index)
        )

    def may_all_indexes(self) -> bool:
        """Whether all indexes are allowed."""
        return self.is_master or (
            (self.key is None or "*" in self.key.indexes) and self.rules is None
        )

    def may_see_tasks(self, index: str) -> bool:
        """Whether the tasks of this index are visible; empty for those that may concern several,
        like swaps.
        """
        return self.may_all_indexes() or (bool(index) and self.may_index(index))

    def rule_for(self, index: str) -> Any:
        """The token's limit for searches of the index, from the most specific matching rule;
        ``None`` for no limit.
        """
        patterns = [one for one in self.rules or () if matches((one,), index)]
        best = max(patterns, key=lambda one: (one == index, len(one)), default=None)
        return None if best is None or self.rules is None else self.rules[best]

    @property
    def only_read(self) -> bool:
        """Whether they allow no more than reading, as those of a key in a public page do."""
        return set(self.actions) <= set(READER.actions)

    @property
    def filters(self) -> Mapping[str, tuple[str, ...]]:
        """Labels that an article must have, at least one per facet, to be visible."""
        return {} if self.key is None else self.key.filters


#: The rights without a key, if none is required.
READER = Rights(actions=("search", "documents.get", "indexes.get", "stats.get", "version"))
MASTER = Rights(is_master=True, actions=("*",))


def matches(patterns: Iterable[str], text: str) -> bool:
    """Whether one of ``patterns`` is the text, or its prefix followed by ``*``.

    >>> [matches(("berita*", "x"), text) for text in ("berita-2026", "x", "xy")]
    [True, True, False]
    """
    return any(text.startswith(one[:-1]) if one.endswith("*") else text == one for one in patterns)

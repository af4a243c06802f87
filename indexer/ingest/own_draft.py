"""Which keys of their records could a site declare, judging by its articles? A draft of
fields.toml.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from indexer.article import Article
from indexer.ingest.own_values import read_day, read_number, write_label
from indexer.own_fields.declaration import LONGEST_NAME, MOST_FIELDS, NAME, OwnType, has_meaning

_DEEPEST: Final = 3
_MOST_KEYS: Final = 500
_MOST_VALUES: Final = 1_000
#: A key has a type if at least this fraction of its values does; the others are mistakes.
_MOSTLY: Final = 0.7
#: Maximum average length of labels.
_LONGEST_LABELS: Final = 40


@dataclass(slots=True)
class FoundKey:
    """Statistics of ``path``: how many ``articles`` have it, and the first values seen."""

    path: str
    articles: int = 0
    values: list[Any] = field(default_factory=list)

    @property
    def type(self) -> OwnType:
        """The apparent type of its values."""
        if self._share(is_number) >= _MOSTLY:
            return OwnType.NUMBER
        if self._share(is_day) >= _MOSTLY:
            return OwnType.DATE
        characters = sum(len(str(value)) for value in self.values)
        long = characters > _LONGEST_LABELS * max(len(self.values), 1)
        return OwnType.TEXT if long else OwnType.LABEL

    @property
    def example(self) -> str:
        """The most frequent value."""
        return Counter(map(write_label, self.values)).most_common(1)[0][0] if self.values else ""

    def _share(self, fits: Callable[[Any], bool]) -> float:
        return sum(map(fits, self.values)) / max(len(self.values), 1)


def is_number(value: Any) -> bool:
    return not isinstance(value, bool) and read_number(value, ",") is not None


def is_day(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 40 and read_day(value) is not None


def find_keys(articles: Iterable[Article]) -> list[FoundKey]:
    """The keys in ``extra`` of ``articles``, most frequent first, ties by path."""
    found: dict[str, FoundKey] = {}
    for article in articles:
        values: dict[str, list[Any]] = {}
        for path, value in _walk(article.extra, "", 0):
            values.setdefault(path, []).append(value)
        for path, several in values.items():
            full = path not in found and len(found) >= _MOST_KEYS
            if full or not (path.isprintable() and path.strip(" .")):
                continue
            key = found.setdefault(path, FoundKey(path))
            key.articles += 1
            key.values.extend(several[: _MOST_VALUES - len(key.values)])
    return sorted(found.values(), key=lambda key: (-key.articles, key.path))


def _walk(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    """(path, value) of everything that is neither an object nor a list."""
    if isinstance(value, Mapping):
        for key, inner in value.items() if depth < _DEEPEST else ():
            yield from _walk(inner, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _walk(one, path, depth)
    elif value is not None and value != "":
        yield path, value


def write_draft(keys: Sequence[FoundKey]) -> str:
    """A fields.toml that declares ``keys``, up to the maximum number, each with its apparent
    type.
    """
    names: set[str] = set()
    parts = []
    for key in keys[:MOST_FIELDS]:
        name = _choose_name(key.path, names)
        names.add(name)
        example = json.dumps(key.example, ensure_ascii=False) if key.example.isprintable() else "…"
        lines = [f"# in {key.articles} articles, as {example}"]
        lines += [f"[{name}]", f'type = "{key.type.value}"']
        if name != key.path:
            lines.append(f"path = {json.dumps(key.path, ensure_ascii=False)}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _choose_name(path: str, taken: set[str]) -> str:
    """A name for the field: the last step of its path if free, otherwise more steps."""
    words = re.findall(r"[a-z0-9]+", path.lower())
    last = re.findall(r"[a-z0-9]+", path.rpartition(".")[2].lower())
    candidates = ["_".join(last), "_".join(words), f"nilai_{'_'.join(words)}"]
    candidates += [f"nilai_{number}" for number in range(len(taken) + 1)]
    return next(name for name in candidates if _is_free(name, taken))


def _is_free(name: str, taken: set[str]) -> bool:
    usable = NAME.fullmatch(name) and len(name) <= LONGEST_NAME
    return bool(usable) and not has_meaning(name) and name not in taken

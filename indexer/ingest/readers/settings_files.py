"""Which data files beside articles are not meant to be articles? They set up the site, or hold what
its templates show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.ingest.build_article import make_excerpt
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.records import Record
from indexer.ingest.readers.unnamed_text import find_unnamed_text

#: Files with which generators of sites and their tools are set up, though they have a title.
SETTINGS: Final = frozenset(
    (
        *("_config.yml", "_config.yaml", "config.yml", "config.yaml", "config.json", "hugo.yaml"),
        *("hugo.yml", "mkdocs.yml", "netlify.yml", "docker-compose.yml", "package.json"),
        *("package-lock.json", "composer.json", "tsconfig.json", "manifest.json", "vercel.json"),
    )
)
#: Folders of generators of sites without articles, in lower case.
FOLDERS: Final = frozenset(("_data", "_includes", "_layouts", "_sass", "node_modules", "__macosx"))
#: Formats that such files have.
DATA_FORMATS: Final = ("json", "jsonl", "yaml")
#: Records without a text after which a file counts as an export that was not understood.
_MOST_RECORDS: Final = 100
#: What records tell of themselves that are articles.
_TOLD: Final = frozenset(("title", "published_at", "body"))


def skip_settings(
    items: Iterable[Record | Reject | Warned], path: str, keys: KeyMap
) -> Iterator[Record | Reject | Warned]:
    """``items`` of a file, or one warning if it has a few records that could not be articles."""
    held: list[Record | Reject | Warned] = []
    records = iter(items)
    for item in records:
        held.append(item)
        article = isinstance(item, Record) and _may_be_article(item.values, keys)
        if isinstance(item, Reject) or article or len(held) > _MOST_RECORDS:
            yield from held
            yield from records
            return
    first = next((item for item in held if isinstance(item, Record)), None)
    if first is not None:
        named = ", ".join(make_excerpt(str(key)[:30]) for key in list(first.values)[:8])
        told = f"skipped: it has no articles, only {named}"
        yield Warned(path, first.line, told, "name its texts with --map KEY=body if it has some")
    else:
        yield from held


def _may_be_article(values: Mapping[str, Any], keys: KeyMap) -> bool:
    told = keys.rename(values).values
    return not _TOLD.isdisjoint(told) or bool(find_unnamed_text(values)[0])

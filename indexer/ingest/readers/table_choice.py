"""Which tables of a database hold articles? Those with columns for a title and a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.paths import fold_key

_OTHERS: Final = re.compile(
    r"komentar|comment|pesan|message|kontak|contact|tamu|guest|user|pengguna|admin|log$|logs|session|"
    r"option|setting|menu|cache|revision|history|backup|iklan|banner|album|galer|gallery|polling|"
    r"kategori|categor|(?:^|_)tags?$|terms?$|taxonomy|meta$|_meta",
    re.IGNORECASE,
)
_ARTICLES: Final = re.compile(
    r"berita|artikel|article|news|post|content|konten|node|stor(?:y|ies)|tulisan|page|halaman|"
    r"kabar|warta|opini|blog|dokumen|document|entri|entries",
    re.IGNORECASE,
)
#: Tables of events around articles.
_NO_PART: Final = re.compile(
    r"komentar|comment|pesan|message|log$|logs|session|cache|revision|history|riwayat|backup|search|"
    r"watchdog|queue|counter|statistic|visit|vote|access|permission|draft|lock|menu",
    re.IGNORECASE,
)
#: Columns that name a person as often as an article.
_VAGUE_TITLES: Final = frozenset(("name", "nama", "subject"))


def holds_articles(table: str, columns: Sequence[str], keys: KeyMap) -> bool:
    """Whether the rows of ``table`` are articles.

    >>> keys = KeyMap()
    >>> holds_articles("berita", ["id", "judul", "isi"], keys)
    True
    >>> holds_articles("komentar", ["id", "nama", "isi"], keys)
    False
    """
    row = dict.fromkeys(columns, "x")
    if keys.rank_text(row) < 2 or (_OTHERS.search(table) and not _ARTICLES.search(table)):
        return False
    if _ARTICLES.search(table) and not _OTHERS.search(table):
        return True
    named = keys.rename({column: column for column in columns}).values.get("title")
    return isinstance(named, str) and fold_key(named) not in _VAGUE_TITLES


def holds_titles(table: str, columns: Sequence[str], keys: KeyMap) -> bool:
    """Whether the rows of ``table`` are articles whose texts must be in another table.

    >>> holds_titles("node", ["nid", "title", "uid", "created"], KeyMap())
    True
    """
    row = dict.fromkeys(columns, "x")
    if keys.rank_text(row) == 2 or _OTHERS.search(table) or not _ARTICLES.search(table):
        return False
    named = keys.rename({column: column for column in columns}).values.get("title")
    return isinstance(named, str) and fold_key(named) not in _VAGUE_TITLES


def is_revision(table: str) -> bool:
    """Whether the rows of ``table`` are versions, of which an article has several."""
    return bool(re.search(r"revision|history|version|riwayat", table, re.IGNORECASE))


def is_about_something_else(table: str) -> bool:
    """Whether ``table`` only has what is not part of an article: comments, visits, logs."""
    return bool(_NO_PART.search(table))


def tell_choice(taken: Sequence[str], left: Sequence[str], joined: Sequence[str] = ()) -> str:
    """A sentence about the tables that were left out, and those whose rows were ``joined`` to
    articles; empty if there are none.
    """
    if not left and not joined:
        return ""
    names = ", ".join(" ".join(name.split())[:60] for name in left[:8]) + (
        f" and {len(left) - 8} more" if len(left) > 8 else ""
    )
    if not taken:
        return (
            f"none of its tables ({names}) has columns for a title and a text; name them with "
            "--map COLUMN=title and --map COLUMN=body"
        )
    told = [f"read as articles: {', '.join(taken)}"]
    told += [f"with what these say of them: {', '.join(joined)}"] if joined else []
    told += [f"left out: {names}"] if left else []
    return "; ".join(told)

"""Which words are roots: PySastrawi's list, with our additions, removals and corrections.

The list that PySastrawi ships (``kata-dasar.txt``, drawn from Kateglo) is read from the installed
package, never copied; ``docs/stemming.md`` says under which licence it stands. Our own files in
``indexer/language/data`` each hold one word a line, with reasons.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the stemmer knows of single words.

    ``roots``: words that are not taken apart. ``rare``: those of them that lose to a reading with
    an everyday root. ``exceptions``: word -> stem, where rules go wrong. ``aliases``: root ->
    the root under which it is found (another spelling).
    """

    roots: frozenset[str]
    rare: frozenset[str]
    exceptions: dict[str, str]
    aliases: dict[str, str]


def read_rows(name: str) -> list[tuple[str, ...]]:
    """Rows of a language data file: cells split at tabs; blank and ``#`` lines left out."""
    text = files("indexer.language").joinpath(f"data/{name}").read_text(encoding="utf-8")
    lines = (line.split("#", 1)[0].rstrip() for line in text.splitlines())
    return [tuple(line.split("\t")) for line in lines if line.strip()]


def read_words(name: str) -> list[str]:
    """Words of a language data file that holds several words a line."""
    return [word for row in read_rows(name) for cell in row for word in cell.split()]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon, read once a process (about 20 ms)."""
    listed = files("Sastrawi.Stemmer").joinpath("data/kata-dasar.txt").read_text("utf-8")
    exceptions = {row[0]: row[1] for row in read_rows("stem_exceptions.tsv")}
    aliases = {row[0]: row[1] for row in read_rows("root_spellings.tsv")}
    rare = frozenset(row[0] for row in read_rows("roots_rare.tsv"))
    derived = {row[0] for row in read_rows("roots_derived.tsv")}
    roots = {word for word in listed.split("\n") if word.isalpha() and len(word) > 1}
    roots |= set(read_words("roots_extra.txt"))
    roots |= set(aliases)
    roots -= derived
    return Lexicon(frozenset(roots), rare, exceptions, aliases)

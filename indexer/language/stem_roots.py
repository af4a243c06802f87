"""Which words are roots? PySastrawi's list, with our additions, removals and corrections.

The list that PySastrawi ships (``kata-dasar.txt``, drawn from Kateglo) is read from the installed
package, never copied; ``docs/stemming.md`` states its licence. Our own files in
``indexer/language/data`` each hold one word a line, with reasons.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import Sastrawi

from indexer.language.data_file import read_data
from indexer.language.stem_rules import LOAN_SUFFIXES, loan_bases, strip_loan_suffix
from indexer.loading import loaded_once


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the stemmer knows about single words.

    ``roots``: words that are not decomposed. ``weak``: roots that lose to any other reading when
    affixed. ``exceptions``: word -> stem, where the rules fail. ``aliases``: root -> the root it is
    indexed as (another spelling, or without a loan suffix).
    """

    roots: frozenset[str]
    weak: frozenset[str]
    exceptions: dict[str, str]
    aliases: dict[str, str]


def read_rows(name: str) -> list[tuple[str, ...]]:
    """Rows of a language data file: cells split at tabs; blank and ``#`` lines skipped."""
    lines = (line.split("#", 1)[0].rstrip() for line in read_data(name).splitlines())
    return [tuple(line.split("\t")) for line in lines if line.strip()]


def read_words(name: str) -> list[str]:
    """Words of a language data file that holds several words a line."""
    return [word for row in read_rows(name) for cell in row for word in cell.split()]


@loaded_once
def load_lexicon() -> Lexicon:
    """The lexicon, read once per process (about 30 ms)."""
    listed = (Path(Sastrawi.__path__[0]) / "Stemmer/data/kata-dasar.txt").read_text("utf-8")
    distrusted = read_rows("roots_distrusted.tsv")
    aliases = {row[0]: row[1] for row in read_rows("root_aliases.tsv")}
    spellings = {word for row in read_rows("root_spellings.tsv") for word in row}
    roots = {word for word in listed.split("\n") if word.isalpha() and len(word) > 1}
    roots -= {row[0] for row in distrusted if row[1] == "removed"}
    roots.update(read_words("roots_extra.txt"), spellings, aliases)
    aliases = _loan_aliases(roots) | aliases
    # A loan may lead to one of our rows: regionalisme to regionalis, which leads to regional.
    aliases = {root: aliases.get(target, target) for root, target in aliases.items()}
    return Lexicon(
        roots=frozenset(roots),
        weak=frozenset(row[0] for row in distrusted if row[1] == "weak"),
        exceptions={row[0]: row[1] for row in read_rows("stem_exceptions.tsv")},
        aliases={root: target for root, target in aliases.items() if root != target},
    )


@loaded_once
def _spellings() -> dict[str, tuple[str, ...]]:
    rows = read_rows("root_spellings.tsv")
    return {word: tuple(other for other in row if other != word) for row in rows for word in row}


def find_spellings(stem: str) -> tuple[str, ...]:
    """Spellings of ``stem`` that are in use and are stems themselves, the standard one first.

    >>> find_spellings("praktek"), find_spellings("izin"), find_spellings("rumah")
    (('praktik',), ('ijin',), ())
    """
    return _spellings().get(stem, ())


def _loan_aliases(roots: set[str]) -> dict[str, str]:
    """Listed words with a loan suffix whose base is also listed: modernisasi -> modern."""
    endings = tuple(rule.text for rule in LOAN_SUFFIXES)
    found = {}
    for word in roots:
        if not word.endswith(endings):
            continue
        for rule in LOAN_SUFFIXES:
            base = strip_loan_suffix(word, rule)
            if base is None:
                continue
            base = next((b for b in loan_bases(base, rule) if b in roots), None)
            if base is not None:
                found[word] = base
                break
    return {word: found.get(base, base) for word, base in found.items()}

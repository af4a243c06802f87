"""How good is a stemmer, on a table of words with their roots or on a list of names?

Two kinds of error trade off against each other. Understemming keeps a form from its root
(*agreement* falls); overstemming conflates unrelated roots (*shared stems* rise) or mutilates a
name (*altered*).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import UnreadableInput
from searchsvc.text_lines import read_lines

Stem = Callable[[str], str]

_HEADERS = frozenset({("form", "root"), ("form", "lemma"), ("word", "stem")})


@dataclass(frozen=True, slots=True)
class StemTable:
    """Forms with their roots in file order or, if ``roots`` is empty, words to leave whole."""

    forms: list[str]
    roots: list[str]


@dataclass(frozen=True, slots=True)
class PairFigures:
    """How well forms are conflated with their roots.

    ``agreement`` is the fraction of rows whose form and root get the same stem. ``shared_stems``
    counts stems given to forms of more than one root, ``forms_there`` those forms. ``failures`` are
    the rows that do not agree: (form, its stem, root, its stem).
    """

    rows: int
    agreement: float
    shared_stems: int
    forms_there: int
    failures: list[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class NameFigures:
    """How many words that should stay whole a stemmer changes.

    ``altered`` is their fraction of all words; ``failures`` are (word, its stem).
    """

    rows: int
    altered: float
    failures: list[tuple[str, str]]


def read_stem_table(path: Path) -> StemTable:
    """Read the table in ``path``: tab-separated form and root, further columns ignored, or one word
    a line. A header line and empty lines are skipped. Words are lower-cased.

    Raises UnreadableInput if both formats are mixed or there are no rows.
    """
    rows: list[list[str]] = []
    for number, line in read_lines(path):
        columns = [column.strip().lower() for column in line.split("\t")]
        if not any(columns) or tuple(columns[:2]) in _HEADERS:
            continue
        if rows and (len(columns) > 1) != (len(rows[0]) > 1):
            raise UnreadableInput(
                str(path), f"line {number} has {len(columns)} columns, the others {len(rows[0])}."
            )
        if not all(columns[:2]):
            raise UnreadableInput(str(path), f"line {number} lacks a form or a root.")
        rows.append(columns)
    if not rows:
        raise UnreadableInput(str(path), "it has no words.")
    roots = [row[1] for row in rows] if len(rows[0]) > 1 else []
    return StemTable([row[0] for row in rows], roots)


def measure_pairs(table: StemTable, stem: Stem) -> PairFigures:
    """The figures of ``stem`` on forms and roots."""
    failures = []
    roots_by_stem: dict[str, set[str]] = defaultdict(set)
    forms_by_stem: dict[str, int] = defaultdict(int)
    for form, root in zip(table.forms, table.roots, strict=True):
        form_stem, root_stem = stem(form), stem(root)
        if form_stem != root_stem:
            failures.append((form, form_stem, root, root_stem))
        roots_by_stem[form_stem].add(root)
        forms_by_stem[form_stem] += 1
    shared = [one for one, roots in roots_by_stem.items() if len(roots) > 1]
    rows = len(table.forms)
    return PairFigures(
        rows=rows,
        agreement=round(1 - len(failures) / rows, 4),
        shared_stems=len(shared),
        forms_there=sum(forms_by_stem[one] for one in shared),
        failures=failures,
    )


def measure_names(words: Sequence[str], stem: Stem) -> NameFigures:
    """The figures of ``stem`` on words that should stay whole."""
    failures = [(word, stem(word)) for word in words if stem(word) != word]
    return NameFigures(len(words), round(len(failures) / len(words), 4), failures)


def load_pysastrawi() -> Stem:
    """PySastrawi's stemmer as published, the baseline."""
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    stem: Stem = StemmerFactory().create_stemmer().stem
    return stem

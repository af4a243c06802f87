"""What does a site's own dictionary say, and is it valid? The command dictionary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searchsvc.cli.opening import index_option, open_index
from searchsvc.cli.output import format_count, json_option, print_json, print_table

if TYPE_CHECKING:
    from indexer.language.dictionary import Dictionary
    from indexer.language.dictionary_record import Changes
    from indexer.language.dictionary_text import Loaded

_NAMED = 5  # words named in the sentence about changes


@click.command(epilog="Example: searchsvc dictionary kamus.txt && cp kamus.txt index_data/default/")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@json_option
@index_option
@click.pass_context
def dictionary(ctx: click.Context, index: Path, file: Path | None, as_json: bool) -> None:
    """Check the site's own words (synonyms, stems, stop words, names, labels, blocked words) and
    print what is in effect.

    Reads FILE, or else the dictionary of the index. Exits with 1 if a line cannot be understood,
    and says which and what to do; the other lines remain in effect.
    """
    from indexer.language.dictionary_file import load_dictionary
    from searchsvc.own_dictionary import (
        choose_setting,
        is_chosen,
        list_doubts,
        locate_dictionary,
    )

    setting = choose_setting()
    path = locate_dictionary(setting, index) if file is None else file
    loaded = None
    if file is not None or is_chosen(setting) or path.exists():
        loaded = load_dictionary(path, index=index)
    waiting = find_waiting(loaded, index)
    doubts = list_doubts(loaded.dictionary) if loaded is not None else []
    if as_json:
        print_json(_describe(path, loaded, waiting, doubts))
    else:
        _print(path, loaded, waiting, doubts)
    if loaded is not None and loaded.problems:
        ctx.exit(1)


def _describe(
    path: Path, loaded: Loaded | None, waiting: Changes, doubts: list[str]
) -> dict[str, Any]:
    from indexer.language.dictionary import EMPTY

    read = EMPTY if loaded is None else loaded.dictionary
    return {
        "path": None if loaded is None else str(path),
        "synonyms": {
            " ".join(row): [" ".join(other) for other in others]
            for row, others in read.synonyms.items()
        },
        "stems": _find_stems(read),
        "stop_words": sorted(read.stopwords),
        "names": sorted(read.names),
        "labels": dict(read.labels),
        "blocked_words": sorted(map(" ".join, read.blocked)),
        "pinned": {" ".join(row): list(ids) for row, ids in read.pinned.items()},
        "hidden": {" ".join(row): list(ids) for row, ids in read.hidden.items()},
        "problems": [
            {"line": problem.line, "message": problem.message}
            for problem in (loaded.problems if loaded is not None else ())
        ],
        "doubts": doubts,
        "waiting": {
            "added": [entry._asdict() for entry in waiting.added],
            "removed": [entry._asdict() for entry in waiting.removed],
        },
    }


def _print(path: Path, loaded: Loaded | None, waiting: Changes, doubts: list[str]) -> None:
    if loaded is None:
        click.echo(f"There is no dictionary at {path}. docs/dictionary.md says how to write one.")
    else:
        for problem in loaded.problems:
            click.echo(str(problem))
        for doubt in doubts:
            click.echo(f"{path}: {doubt}")
        if loaded.problems or doubts:
            click.echo()
        _print_entries(path, loaded)
    if waiting.count_words():
        click.echo()
        click.echo(describe_waiting(waiting))


def _print_entries(path: Path, loaded: Loaded) -> None:
    read = loaded.dictionary
    left_out = ""
    if loaded.problems:
        left_out = f"; {format_count(len(loaded.problems), 'problem')}, told above"
    click.secho(f"{path}: {count_entries(read)}{left_out}.", bold=True)
    rows = [
        *(
            ("synonyms", " ".join(row), ", ".join(map(" ".join, others)))
            for row, others in read.synonyms.items()
        ),
        *(("stems", form, stem) for form, stem in _find_stems(read).items()),
        *(("stop words", word, "") for word in sorted(read.stopwords)),
        *(("names", word, "") for word in sorted(read.names)),
        *(("labels", alias, label) for alias, label in read.labels.items()),
        *(("blocked words", " ".join(row), "") for row in sorted(read.blocked)),
        *(("pinned", " ".join(row), ", ".join(ids)) for row, ids in read.pinned.items()),
        *(("hidden", " ".join(row), ", ".join(ids)) for row, ids in read.hidden.items()),
    ]
    if rows:
        click.echo()
        print_table([("section", "typed or written", "counts as"), *rows])


def _find_stems(read: Dictionary) -> dict[str, str]:
    """Each form with its stem."""
    from indexer.language.dictionary import make_stemmer

    stemmer = make_stemmer(read)
    return {form: stemmer.stem(form) for form in read.stems}


def find_waiting(loaded: Loaded | None, index: Path) -> Changes:
    """The changes that a rebuild would make to the index; none if it is missing or empty."""
    from indexer.errors import IndexNotFound
    from indexer.language.dictionary import EMPTY
    from indexer.language.dictionary_record import Changes, find_changes, read_record

    changes = find_changes(EMPTY if loaded is None else loaded.dictionary, read_record(index))
    if changes.count_words():
        try:
            with open_index(index) as opened, opened.engine.snapshot() as snapshot:
                if snapshot.document_count():
                    return changes
        except IndexNotFound:
            pass
    return Changes([], [])


def count_entries(read: Dictionary) -> str:
    """``2 words with synonyms, 1 stem, 0 stop words, 0 names, 0 labels, 0 blocked words``."""
    counts = (
        (len(read.synonyms), "word with synonyms", "words with synonyms"),
        (len(read.stems), "stem", "stems"),
        (len(read.stopwords), "stop word", "stop words"),
        (len(read.names), "name", "names"),
        (len(read.labels), "label", "labels"),
        (len(read.blocked), "blocked word", "blocked words"),
        *_count_curated(read),
    )
    return ", ".join(format_count(*count) for count in counts)


def _count_curated(read: Dictionary) -> Iterator[tuple[int, str, str]]:
    """Queries with pinned or hidden articles, if there are any."""
    curated = len({*read.pinned, *read.hidden})
    if curated:
        yield curated, "query with chosen articles", "queries with chosen articles"


def describe_waiting(waiting: Changes) -> str:
    """One sentence about the stems, names and labels that not all articles were indexed with."""
    words = list(dict.fromkeys(entry.word for entry in (*waiting.added, *waiting.removed)))
    named = ", ".join(words[:_NAMED]) + (", …" if len(words) > _NAMED else "")
    count = format_count(
        waiting.count_words(),
        "stem, name or label has changed",
        "stems, names or labels have changed",
    )
    return (
        f"{count} since articles were indexed ({named}). Queries use the dictionary as it is; "
        "run searchsvc rebuild to bring the articles to it."
    )

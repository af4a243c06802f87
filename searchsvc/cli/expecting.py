"""How are a target's expectations run and printed?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from searchsvc.cli.output import print_table
from searchsvc.cli.progress import ProgressLine
from searchsvc.settings import load

if TYPE_CHECKING:
    from searchsvc.evaluation.expectations.judge import Verdict
    from searchsvc.evaluation.expectations.rows import Expectation
    from searchsvc.index import Index


def judge_expectations(opened: Index, expectations: Sequence[Expectation]) -> list[Verdict]:
    """A verdict on each, with the recency decay and the number of suggestions of the settings.
    Raises InvalidSetting.
    """
    from searchsvc.evaluation.expectations.asking import Searcher
    from searchsvc.evaluation.expectations.judge import judge

    settings = load()
    searcher = Searcher(
        opened.engine,
        opened.analyzer,
        half_life_days=settings.recency_half_life_days,
        recency_weight=settings.recency_weight,
        suggest_limit=settings.suggest_limit,
    )
    with ProgressLine("rows", find_part=lambda: line.count / len(expectations)) as line:
        return judge(expectations, searcher, each=line.advance)


def print_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Print the rows met out of all, by kind; then a line for every row that is not met."""
    from searchsvc.evaluation.expectations.judge import count_by_kind

    tallies = count_by_kind(verdicts)
    right = sum(tally.right for tally in tallies.values())
    rows = [("", "right", "rows")]
    rows += [(kind or "-", f"{one.right:,}", f"{one.rows:,}") for kind, one in tallies.items()]
    print_table([*rows, ("all", f"{right:,}", f"{len(verdicts):,}")], right=(1, 2))
    for verdict in verdicts:
        if verdict.misses:
            click.echo(str(verdict))


def describe_verdicts(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The JSON form of the verdicts."""
    from searchsvc.evaluation.expectations.judge import count_by_kind

    tallies = count_by_kind(verdicts)
    return {
        "right": sum(tally.right for tally in tallies.values()),
        "rows": len(verdicts),
        "by_kind": {kind: tally._asdict() for kind, tally in tallies.items()},
        "missed": [verdict.to_dict() for verdict in verdicts if verdict.misses],
    }

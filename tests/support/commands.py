"""Running the command line inside the test process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from searchsvc.cli import main


def run(*arguments: str | Path, input: str = "", env: Mapping[str, str] | None = None) -> Result:
    """The result of ``searchsvc ARGUMENTS``; an unexpected exception fails the test."""
    clean: dict[str, str | None] = {
        "SEARCHSVC_INDEX": None,
        "SEARCHSVC_CONFIG": None,
        **(env or {}),
    }
    result = CliRunner().invoke(
        main, [str(argument) for argument in arguments], input=input, env=clean
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run_json(*arguments: str | Path, **options: Any) -> Any:
    """What ``searchsvc ARGUMENTS --json`` prints, which must be all of standard output."""
    return json.loads(run(*arguments, "--json", **options).stdout)


def write_jsonl(path: Path, *rows: Mapping[str, object] | str) -> Path:
    """``path``, holding a line for each row; a text is written as it is."""
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path

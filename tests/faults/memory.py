"""Too little memory, in many sizes: python -m faults.memory (from ``tests/``).

``index`` runs under ``ulimit -v``, from too little to load the program to enough. Each run must end
by itself, with one sentence or all done, and leave an index that is whole, or none. Libraries below
us (LLVM, libc) may end the program where they find no room: that is counted. Prints the figures as
JSON; exits with 1 where anything is otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from indexer.engine.embedded import open_engine

MEGABYTE = 1 << 20
SECONDS = 60
#: What libraries of others say as they end the program, which none of us is asked about.
LIBRARY_ENDS = (
    "std::bad_alloc",
    "cannot allocate memory for thread-local data",
    "OpenBLAS error: Memory allocation still failed",
)
COMMAND = "from searchsvc.cli import main; main(prog_name='searchsvc')"


def write_input(path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        for number in range(3000):
            body = f"Petani memanen padi di sawah nomor {number} desa{number % 97}. " * 12
            out.write(json.dumps({"id": f"a{number}", "title": f"Panen {number}", "body": body}))
            out.write("\n")


def try_limit(folder: Path, megabytes: int) -> tuple[str, str]:
    """(how the run ended, what is wrong with that)."""
    index = folder / "index"
    shutil.rmtree(index, ignore_errors=True)
    command = [sys.executable, "-c", COMMAND, "index", str(folder / "input.jsonl")]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, megabytes * MEGABYTE))

    try:
        done = subprocess.run(
            [*command, "--index", str(index), "--processes", "1"],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            preexec_fn=limit,
            env=os.environ,
        )
    except subprocess.TimeoutExpired:
        return "hung", "it did not end"
    told = f"exit {done.returncode}"
    if index.exists() and any(index.glob("*.toc")):
        engine = open_engine(index)
        if problems := engine.check():
            return told, problems[0]
        count = engine.snapshot().document_count()
        if done.returncode == 0 and count != 3000:
            return told, f"said that it is done, and has {count} articles"
    if any(words in done.stderr for words in LIBRARY_ENDS):
        return "ended by a library", ""
    if done.returncode not in (0, 1) or "Traceback" in done.stderr:
        return told, done.stderr[-800:]
    if done.returncode == 1 and "rror" not in done.stderr:
        return told, f"no sentence: {done.stderr[-800:]}"
    return told, ""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--least", type=int, default=100, help="megabytes")
    parser.add_argument("--most", type=int, default=900)
    parser.add_argument("--step", type=int, default=20)
    options = parser.parse_args()
    figures: dict[str, int] = {}
    missed = []
    with tempfile.TemporaryDirectory(prefix="faults-") as scratch:
        write_input(Path(scratch) / "input.jsonl")
        for megabytes in range(options.least, options.most + 1, options.step):
            told, wrong = try_limit(Path(scratch), megabytes)
            figures[told] = figures.get(told, 0) + 1
            if wrong:
                missed.append(f"{megabytes} MB, {told}: {wrong}")
                print(missed[-1], file=sys.stderr, flush=True)
    print(json.dumps({"trials": sum(figures.values()), **figures, "missed": missed}, indent=2))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

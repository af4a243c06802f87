"""Commands that get less memory than they need: a sentence, whatever was loaded when it ran out."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.engine.embedded import open_engine
from indexer.ingest.build_article import document
from indexer.language.analyzer import Analyzer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux keeps them")
_COMMAND = (
    "import resource; resource.setrlimit(resource.RLIMIT_AS, ({0}, {0}));"
    "from searchsvc.cli import main; main()"
)
LONGEST_S = 120


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("indeks")
    with open_engine(path, create=True).writer() as writer:
        articles = [Article(f"a{number}", f"Harga Emas {number}", "Naik.") for number in range(50)]
        writer.add(Analyzer().analyse([document(article) for article in articles]))
        writer.commit()
    return path


SEARCH, SERVE = ("search", "emas"), ("serve", "--port", "0")


@pytest.mark.parametrize(
    ("command", "megabytes"),
    [*((SEARCH, size) for size in (60, 140, 220, 300, 380, 460)), (SERVE, 140), (SERVE, 300)],
)
def test_too_little_memory_is_said_in_one_sentence(
    index: Path, command: tuple[str, ...], megabytes: int
) -> None:
    limited = _COMMAND.format(megabytes << 20)
    with subprocess.Popen(
        [sys.executable, "-c", limited, *command, "--index", str(index)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        if "Serving" in first:
            process.terminate()
        _, more = process.communicate(timeout=LONGEST_S)
    assert "Traceback" not in first + more
    assert process.returncode in (0, 1, -signal.SIGTERM)
    assert process.returncode == 0 or first

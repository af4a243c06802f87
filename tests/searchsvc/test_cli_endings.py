"""How the command line starts and ends: help, exit codes, interruptions, a terminal."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from support.commands import run, write_jsonl

import searchsvc
from indexer.errors import IndexerError, UnknownName
from searchsvc.cli import main
from searchsvc.cli.group import CommandGroup
from searchsvc.query.parameters import ParameterError
from searchsvc.setting import InvalidSetting

SEARCHSVC = (sys.executable, "-c", "from searchsvc.cli import main; main(prog_name='searchsvc')")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], *([name, "-h"] for name in main.commands)]
)
def test_help_is_there_with_an_example(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    assert "Example: searchsvc " in result.stdout


def test_the_list_of_commands_is_not_cut_short() -> None:
    listed = run("--help").stdout.partition("Commands:")[2]
    for name in set(main.commands) - {"evaluate", "evaluate-stems", "dictionary"}:
        assert main.commands[name].short_help
        assert f"{main.commands[name].short_help}\n" in listed


def test_version() -> None:
    assert run("--version").stdout == f"searchsvc, version {searchsvc.__version__}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["search", "--help"], ["serve", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys\n"
        "from searchsvc.cli import main\n"
        f"main({arguments!r}, standalone_mode=False)\n"
        "heavy = {'numpy', 'whoosh', 'flask', 'granian', 'orjson', 'Sastrawi'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_search_loads_nothing_that_only_writers_and_servers_need(tmp_path: Path) -> None:
    index = tmp_path / "index"
    source = tmp_path / "a.jsonl"
    source.write_text(json.dumps({"id": "1", "title": "Serangan", "body": "Kabar."}))
    run("index", source, "--index", index)
    script = (
        "import sys\n"
        "from searchsvc.cli import main\n"
        f"main(['search', 'serangan', '--index', {str(index)!r}], standalone_mode=False)\n"
        "heavy = {'whoosh', 'flask', 'granian', 'tomllib', 'urllib.request', 'http.client'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_misspelt_command_is_a_usage_error() -> None:
    result = run("serch")
    assert result.exit_code == 2
    assert "No such command 'serch'" in result.stderr


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (IndexerError("It is broken. Mend it."), 1, "Error: It is broken. Mend it.\n"),
        (UnknownName("facet", "sauce", ["source"]), 2, "Did you mean 'source'?"),
        (ParameterError("page", "0", "give 1 or more."), 2, "Parameter 'page' cannot be '0'"),
        (InvalidSetting("port", "abc", "it must be a whole number."), 2, "Setting port cannot be"),
        (BrokenPipeError(), 141, ""),
        (PermissionError(errno.EACCES, "No", "a.txt"), 1, "Error: Cannot use a.txt: No.\n"),
        (OSError(errno.ENOSPC, "Full"), 1, "Error: Cannot write the output: Full.\n"),
        (OSError(errno.ESTALE, "Stale", "a.txt"), 1, "Error: Cannot use a.txt: Stale.\n"),
        (NotADirectoryError(errno.ENOTDIR, "No", "a/b"), 1, "Error: Cannot use a/b: No.\n"),
        (MemoryError(), 1, "Error: There is not enough memory."),
        (ImportError("x.so: failed to map"), 1, "Error: A part of the program cannot be loaded: x"),
        (OSError("Could not load x.so"), 1, "Error: A part of the program cannot be loaded: Co"),
        (RuntimeError("can't start new thread"), 1, "Error: There is not enough memory."),
        (KeyboardInterrupt(), 130, "Stopped."),
    ],
)
def test_expected_failures_end_in_one_sentence(error: BaseException, code: int, told: str) -> None:
    @click.group(cls=CommandGroup)
    def group() -> None: ...

    @group.command()
    def fail() -> None:
        raise error

    from click.testing import CliRunner

    result = CliRunner().invoke(group, ["fail"])
    assert result.exit_code == code
    assert told in result.stderr
    assert result.stdout == ""


def test_a_wrong_value_shows_the_usage_of_its_command(tmp_path: Path) -> None:
    result = run("search", "--from", "pasar", "--index", tmp_path)
    assert result.exit_code == 2
    assert "Usage: searchsvc search [OPTIONS]" in result.stderr
    assert "Try 'searchsvc search --help' for help." in result.stderr


@pytest.mark.parametrize("error", [ZeroDivisionError(), FileNotFoundError(errno.ENOENT, "No")])
def test_unexpected_failures_keep_their_traceback(error: Exception) -> None:
    @click.group(cls=CommandGroup)
    def group() -> None: ...

    @group.command()
    def fail() -> None:
        raise error

    with pytest.raises(type(error)):
        group(["fail"])


@pytest.fixture
def index(tmp_path: Path) -> Path:
    rows = [
        {"id": f"a{number}", "title": f"Panen {number}", "body": "Petani memanen padi. " * 40}
        for number in range(300)
    ]
    path = tmp_path / "index"
    assert run("index", write_jsonl(tmp_path / "many.jsonl", *rows), "--index", path).exit_code == 0
    return path


@pytest.mark.skipif(os.name != "posix", reason="pipes and signals of POSIX")
def test_a_reader_that_goes_away_is_no_error(index: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as gone:
        command = [*SEARCHSVC, "search", "padi", "--per-page", "100", "--index", str(index)]
        done = subprocess.run(command, stdout=gone, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8:strict"])
def test_output_is_written_whatever_the_terminal_can_show(index: Path, encoding: str) -> None:
    command = [*SEARCHSVC, "search", "padi … \udcff", "--json", "--index", str(index)]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run(command, capture_output=True, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    answer = json.loads(done.stdout.decode(encoding.partition(":")[0]))
    assert answer["query"] == "padi … \udcff"


@pytest.mark.skipif(os.name != "posix", reason="names of files as bytes")
def test_refused_files_may_have_names_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"kabar\xff.jsonl")
    path.write_text("{rusak\n")
    rejects = tmp_path / "rejects.jsonl"
    done = run("index", path, "--rejects", rejects, "--index", tmp_path / "index")
    assert done.exit_code == 1
    assert json.loads(rejects.read_text("utf-8"))["path"] == str(path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
@pytest.mark.parametrize("arguments", [["search", "padi"], ["stats", "--json"]])
def test_output_that_cannot_be_written_is_told(index: Path, arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        command = [*SEARCHSVC, *arguments, "--index", str(index)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr == "Error: Cannot write the output: No space left on device.\n"


@pytest.mark.skipif(os.name != "posix", reason="pipes and signals of POSIX")
def test_an_interrupted_run_says_what_stays(tmp_path: Path) -> None:
    command = [*SEARCHSVC, "index", "-", "--format", "jsonl", "--index", str(tmp_path / "index")]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # What runs the tests in the background may have it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin is not None
        # More than a pipe holds: once all of it is written, the command is reading.
        process.stdin.write(b'{"id": "a", "title": "Panen", "body": "Padi."}\n' * 20_000)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate()
    assert process.returncode == 130
    assert stdout == b""
    assert b"Nothing of this run is in the index." in stderr
    assert stderr.endswith(b"Stopped.\n")
    assert b"Traceback" not in stderr


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
@pytest.mark.parametrize(
    ("answer", "code", "left"),
    [(b"n\n", 1, 300), (b"y\n", 0, 0)],
)
def test_a_person_is_asked_before_a_query_deletes(
    index: Path, answer: bytes, code: int, left: int
) -> None:
    import pty

    person, terminal = pty.openpty()
    command = [*SEARCHSVC, "delete", "--query", "padi", "--index", str(index)]
    with subprocess.Popen(
        command, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        os.write(person, answer)
        _, stderr = process.communicate()
    os.close(person)
    os.close(terminal)
    assert process.returncode == code, stderr
    assert b"and 290 more\nDelete 300 articles? [y/N]: " in stderr
    assert (b"Nothing was deleted." in stderr) == (code == 1)
    assert f"articles            {left}\n" in run("stats", "--index", index).stdout


def test_the_package_runs_as_the_command() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "searchsvc", "--version"], capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("searchsvc, version ")

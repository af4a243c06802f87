"""How does the command line end? Which failures are expected, what they print, and their exit
codes.

==== ============================================================================================
0    done
1    an expected failure, told in one sentence on stderr; or done, with something to look at:
     articles rejected, problems found by ``check``
2    the command was typed wrongly
130  stopped by Ctrl-C
141  whoever read our output went away (``searchsvc search … | head``)
==== ============================================================================================

A full disk or an unreadable file is an expected failure wherever it occurs. Anything else is a bug
of ours and keeps its traceback.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any

import click

from indexer.errors import IndexerError, UnknownName
from searchsvc.memory import lacks_memory
from searchsvc.query.parameters import ParameterError
from searchsvc.setting import InvalidSetting
from searchsvc.settings_file import SettingsFileInvalid

INTERRUPTED = 130
READER_GONE = 141

#: Refusals by the system that are not the program's fault: permissions, space, disks, networks.
_REFUSALS = frozenset(
    getattr(errno, name)
    for name in (
        *("EACCES", "EPERM", "EROFS", "EISDIR", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "ETXTBSY"),
        *("ENOSPC", "EDQUOT", "EFBIG", "EMFILE", "ENFILE", "ENOLCK", "ENOMEM", "EAGAIN", "EBUSY"),
        *("EIO", "ENXIO", "ENODEV", "EUCLEAN", "EREMOTEIO", "EINTR", "EDEADLK", "ENOTSUP"),
        *("ESTALE", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH"),
        *("ECONNRESET", "ECONNABORTED", "ENOTCONN", "ESHUTDOWN", "EOPNOTSUPP"),
    )
    if hasattr(errno, name)
)
_NO_MEMORY = (
    "There is not enough memory. Give the command more, or a smaller input; with --processes 1 it "
    "needs less."
)


def describe_failure(error: BaseException) -> str | None:
    """The sentence for an expected failure, or ``None`` for a bug of ours."""
    if isinstance(error, IndexerError):
        return str(error)
    if lacks_memory(error):
        return _NO_MEMORY
    if isinstance(error, ImportError) or (isinstance(error, OSError) and error.errno is None):
        # Modules are loaded when a command runs; their libraries may be missing or fail to allocate
        # memory.
        told = str(error).strip().partition("\n")[0].rstrip(".")
        return f"A part of the program cannot be loaded: {told}. Is there enough memory?"
    if isinstance(error, OSError) and error.errno in _REFUSALS:
        if error.filename:
            return f"Cannot use {error.filename}: {error.strerror}."
        # Errors on opening a file name it; one without a name comes from writing to an open file.
        return f"Cannot write the output: {error.strerror}."
    return None


class CommandGroup(click.Group):
    """A click group that lists its commands in the order they were added and ends as described
    above.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        _write_what_cannot_be_encoded()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except (UnknownName, ParameterError, InvalidSetting, SettingsFileInvalid) as error:
            raise click.UsageError(str(error), ctx=self._find_context(ctx)) from error
        except BrokenPipeError:
            _discard_stdout()
            ctx.exit(READER_GONE)
        except (IndexerError, OSError, MemoryError, RuntimeError, ImportError) as error:
            told = describe_failure(error)
            if told is None:
                raise
            if isinstance(error, OSError) and not error.filename:
                _discard_stdout()
            raise click.ClickException(told) from error
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nStopped.", err=True)
            ctx.exit(INTERRUPTED)

    def _find_context(self, ctx: click.Context) -> click.Context:
        """The context of the command that was called, so that its own usage is shown."""
        name = ctx.invoked_subcommand or ""
        command = self.commands.get(name)
        return click.Context(command, parent=ctx, info_name=name) if command else ctx


def _write_what_cannot_be_encoded() -> None:
    """Escape characters that the terminal's encoding lacks, as ``\\u2026``, and file names that are
    not text. In JSON the escape is the same character.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _discard_stdout() -> None:
    """Let the interpreter flush at exit without hitting the closed pipe again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # stdout is not a real file: a test runner, an embedding program
        return

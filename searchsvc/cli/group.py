"""How the command line ends: which failures are expected, what they print, which code they leave.

==== ============================================================================================
0    done
1    an expected failure, told in one sentence on stderr; or done, with something to look at:
     articles rejected, problems found by ``check``
2    the command was typed wrongly
130  stopped by Ctrl-C
141  whoever read our output went away (``searchsvc search … | head``)
==== ============================================================================================

A disk that is full or a file that may not be read is an expected failure wherever it is met.
Anything else is a bug of ours and keeps its traceback.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any

import click

from indexer.errors import IndexerError, UnknownName
from searchsvc.query.parameters import ParameterError
from searchsvc.settings import InvalidSetting

INTERRUPTED = 130
READER_GONE = 141

#: What the system refuses through no fault of the program.
_REFUSALS = frozenset(
    (
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
    )
)


class CommandGroup(click.Group):
    """A click group that lists its commands in the order they were added and ends as above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        _write_what_cannot_be_encoded()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except (UnknownName, ParameterError, InvalidSetting) as error:
            raise click.UsageError(str(error), ctx=self._find_context(ctx)) from error
        except IndexerError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            _discard_stdout()
            ctx.exit(READER_GONE)
        except OSError as error:
            if error.errno not in _REFUSALS:
                raise
            if error.filename:
                told = f"Cannot use {error.filename}: {error.strerror}."
            else:
                # Opening a file names it; what fails without a name is writing what is open.
                _discard_stdout()
                told = f"Cannot write the output: {error.strerror}."
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
    """Let the output write out, as ``\\u2026``, what the terminal's encoding lacks, and names of
    files that are no text. In JSON that is the same character.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _discard_stdout() -> None:
    """Let the interpreter flush at exit without meeting the closed pipe again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # stdout is not a real file: a test runner, an embedding program
        return

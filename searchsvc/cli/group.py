"""How the command line ends: which failures are expected, what they print, which code they leave.

==== ============================================================================================
0    done
1    an expected failure, told in one sentence on stderr; or done, with something to look at:
     articles rejected, problems found by ``check``
2    the command was typed wrongly
130  stopped by Ctrl-C
141  whoever read our output went away (``searchsvc search … | head``)
==== ============================================================================================

Anything else is a bug of ours and keeps its traceback.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from indexer.errors import IndexerError, UnknownName
from searchsvc.query.parameters import ParameterError

INTERRUPTED = 130
READER_GONE = 141


class CommandGroup(click.Group):
    """A click group that lists its commands in the order they were added and ends as above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except (UnknownName, ParameterError) as error:
            raise click.UsageError(str(error), ctx=ctx) from error
        except IndexerError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            _discard_stdout()
            ctx.exit(READER_GONE)
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nStopped.", err=True)
            ctx.exit(INTERRUPTED)


def _discard_stdout() -> None:
    """Let the interpreter flush at exit without meeting the closed pipe again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # stdout is not a real file: a test runner, an embedding program
        return

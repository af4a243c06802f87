"""When a run fails, how much of it is in the index?

A run commits along the way, so part of its work survives a failure. The error message has to say
how much, and to be right: the index itself is what counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from searchsvc.cli.group import describe_failure
from searchsvc.cli.opening import Function
from searchsvc.cli.output import format_count


def wait_option(command: Function) -> Function:
    """Add the parameter ``wait``, in seconds, to ``command``."""
    return click.option(
        "--wait",
        type=click.FloatRange(min=0),
        default=60.0,
        show_default=True,
        metavar="SECONDS",
        help="Wait this long for another writer to finish before failing.",
    )(command)


def describe_committed(count: int, commits: int, read_since: int = 0) -> str:
    """How many articles of a run are in the index, and how many were read after its last commit.

    >>> describe_committed(0, 0), describe_committed(20, 3)
    ('Nothing of this run is in the index.', '20 articles of this run are in the index.')
    >>> describe_committed(20, 3, 1)
    '20 articles of this run are in the index. 1 more was read and is not: run it again.'
    """
    if not commits:
        return "Nothing of this run is in the index."
    are = "is" if count == 1 else "are"
    done = f"{format_count(count, 'article')} of this run {are} in the index."
    if not read_since:
        return done
    were = "was read and is" if read_since == 1 else "were read and are"
    return f"{done} {read_since:,} more {were} not: run it again."


@contextmanager
def telling_what_is_done(describe: Callable[[], str]) -> Iterator[None]:
    """End an expected failure with what has been done nevertheless, as described by ``describe``.

    ``describe`` is called only on failure; it may return nothing. Raises ClickException.
    """
    try:
        yield
    except (BrokenPipeError, click.ClickException, click.exceptions.Exit):
        raise
    except KeyboardInterrupt:
        if done := describe():
            click.echo(f"\n{done}", err=True)
        raise
    except Exception as error:
        done = describe()
        told = describe_failure(error)
        if told is None:
            if done:
                click.echo(done, err=True)
            raise
        raise click.ClickException(" ".join(filter(None, (told, done)))) from error

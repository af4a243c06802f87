"""How is the progress of a long command shown? A bar on a terminal, an occasional line elsewhere.

Progress goes to standard error, so that standard output holds results only.
click's own bar has no rate, no second figure, and nothing to say where there is no terminal.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from indexer.ingest.readers import Progress

#: Seconds between two updates of the bar, and between two plain lines.
BAR_EVERY_S = 0.1
LINE_EVERY_S = 10.0

_BAR_CELLS = 24


class ProgressLine:
    """Shows a count, the fraction done and the rate. Use as a context manager.

    ``find_part`` returns the fraction done, from 0 to 1, or ``None`` if unknown.
    """

    def __init__(
        self,
        unit: str,
        *,
        find_part: Callable[[], float | None] = lambda: None,
        clock: Callable[[], float] = monotonic,
        terminal: bool | None = None,
    ) -> None:
        self._unit = unit
        self._find_part = find_part
        self._clock = clock
        self._terminal = sys.stderr.isatty() if terminal is None else terminal
        self._began = clock()
        self._shown = self._began
        self._drawn = False
        self.count = 0

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.clear()

    def advance(self, count: int = 1) -> None:
        """Add ``count``, and update the display if due."""
        self.show(self.count + count)

    def show(self, count: int, *, detail: str = "", at_once: bool = False) -> None:
        """Set the count, and update the display if due, or on a terminal ``at_once``."""
        self.count = count
        now = self._clock()
        due = now - self._shown >= (BAR_EVERY_S if self._terminal else LINE_EVERY_S)
        if not due and not (at_once and self._terminal):
            return
        self._shown = now
        if self._terminal:
            self._draw(self.describe(now) + detail)
        else:
            click.echo(self.describe(now) + detail, err=True)

    def clear(self) -> None:
        """Remove the bar from the terminal."""
        if self._drawn:
            click.echo("\r\x1b[K", nl=False, err=True, color=True)
            self._drawn = False

    def describe(self, now: float) -> str:
        """The line: bar and per cent if the end is known, count, rate, time left."""
        elapsed = max(now - self._began, 1e-9)
        rate = self.count / elapsed
        words = f"{self.count:,} {self._unit}, {format_rate(rate)}/s"
        part = self._find_part()
        if part is None:
            return words
        part = min(max(part, 0.0), 1.0)
        left = f", {format_seconds(elapsed / part - elapsed)} left" if 0.01 <= part < 1 else ""
        if not self._terminal:
            return f"{part:4.0%}  {words}{left}"
        filled = round(part * _BAR_CELLS)
        return f"{'█' * filled}{'░' * (_BAR_CELLS - filled)} {part:4.0%}  {words}{left}"

    def _draw(self, line: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        click.echo(f"\r\x1b[K{line[:width]}", nl=False, err=True, color=True)
        self._drawn = True


def find_part_read(reading: Progress) -> float | None:
    """The fraction of the input that has been read; ``None`` for standard input, whose end is
    unknown.
    """
    return reading.read_bytes / reading.total_bytes if reading.total_bytes else None


def format_rate(rate: float) -> str:
    """A rate for people: ``3.2`` or ``1,840``.

    >>> format_rate(3.21), format_rate(1839.6)
    ('3.2', '1,840')
    """
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


def format_seconds(seconds: float) -> str:
    """A duration for people.

    >>> format_seconds(4.26), format_seconds(75), format_seconds(7300)
    ('4.3 s', '1 min 15 s', '2 h 1 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"

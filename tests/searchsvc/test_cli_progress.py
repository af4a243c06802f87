"""The progress line, against a clock of our own."""

from __future__ import annotations

import pytest

from searchsvc.cli.progress import BAR_EVERY_S, LINE_EVERY_S, ProgressLine


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_plain_lines_come_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with ProgressLine("articles", find_part=lambda: 0.25, clock=clock, terminal=False) as line:
        for _ in range(1000):
            line.advance(4)
        assert capsys.readouterr().err == ""
        clock.now += LINE_EVERY_S
        line.show(5_000, detail=", 3 rejected")
    captured = capsys.readouterr()
    assert captured.err == " 25%  5,000 articles, 500/s, 30.0 s left, 3 rejected\n"
    assert captured.out == ""


def test_a_bar_is_drawn_over_itself_and_cleared(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with ProgressLine("queries", find_part=lambda: 0.5, clock=clock, terminal=True) as line:
        clock.now += 2 * BAR_EVERY_S
        line.show(7)
        drawn = capsys.readouterr().err
        assert drawn.startswith("\r\x1b[K" + "█" * 12 + "░" * 12 + "  50%  7 queries, 35/s")
        assert "\n" not in drawn
    assert capsys.readouterr().err == "\r\x1b[K"


def test_an_unknown_end_shows_count_and_rate(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    line = ProgressLine("articles", clock=clock, terminal=False)
    clock.now += LINE_EVERY_S
    line.show(12)
    assert capsys.readouterr().err == "12 articles, 1.2/s\n"


@pytest.mark.parametrize("part", [-0.5, 0.0, 1.0, 1.7])
def test_any_part_makes_a_bar_of_full_width(part: float) -> None:
    line = ProgressLine("articles", find_part=lambda: part, clock=Clock(), terminal=True)
    bar = line.describe(200.0).split()[0]
    assert len(bar) == 24

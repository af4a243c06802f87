"""Whose turn is it? Requests of one process that compute at once, wait, or are sent away."""

from __future__ import annotations

import threading

import pytest

from searchsvc.turns import TooBusy, Turns

LONGEST_S = 60


class Holder(threading.Thread):
    """Takes a turn in a thread of its own, and has it until told to let go."""

    def __init__(self, turns: Turns) -> None:
        super().__init__(daemon=True)
        self.turns = turns
        self.has_it = threading.Event()
        self.let_go = threading.Event()
        self.start()

    def run(self) -> None:
        with self.turns.take():
            self.has_it.set()
            assert self.let_go.wait(LONGEST_S)


def test_as_many_as_there_are_turns_compute_at_once() -> None:
    turns = Turns(2)
    first, second = Holder(turns), Holder(turns)
    assert first.has_it.wait(LONGEST_S)
    assert second.has_it.wait(LONGEST_S)
    third = Holder(turns)
    assert not third.has_it.is_set()
    first.let_go.set()
    assert third.has_it.wait(LONGEST_S)
    for holder in (second, third):
        holder.let_go.set()
        holder.join(LONGEST_S)


class Observed(Turns):
    """Tells when somebody has queued up."""

    def __init__(self) -> None:
        super().__init__(1)
        self.queued = threading.Semaphore(0)

    def _queue_up(self) -> threading.Lock | None:
        place = super()._queue_up()
        self.queued.release()
        return place


def test_turns_are_given_in_the_order_of_coming() -> None:
    turns = Observed()
    waiting: list[Holder] = []
    with turns.take():
        assert turns.queued.acquire(timeout=LONGEST_S)
        for _ in range(3):
            waiting.append(Holder(turns))
            assert turns.queued.acquire(timeout=LONGEST_S)
    # This one comes when the turn was just given back, and whose it is may not know yet.
    waiting.append(Holder(turns))
    assert turns.queued.acquire(timeout=LONGEST_S)
    for place, holder in enumerate(waiting):
        assert holder.has_it.wait(LONGEST_S)
        assert not any(later.has_it.is_set() for later in waiting[place + 1 :])
        holder.let_go.set()


def test_who_waits_too_long_is_sent_away() -> None:
    turns = Turns(1, longest_wait_seconds=0.001)
    told = pytest.raises(TooBusy, match="More requests come than can be answered")
    with turns.take(), told, turns.take():
        pytest.fail("two had the only turn")
    with turns.take():
        pass


def test_who_comes_when_enough_wait_is_sent_away() -> None:
    turns = Turns(1, longest_wait_seconds=LONGEST_S, most_waiting=0)
    with turns.take(), pytest.raises(TooBusy), turns.take():
        pytest.fail("there was no room to wait")
    with turns.take():
        pass


def test_a_turn_is_given_back_by_who_fails() -> None:
    turns = Turns(1, most_waiting=0)
    for _ in range(3):
        with pytest.raises(KeyError), turns.take():
            raise KeyError

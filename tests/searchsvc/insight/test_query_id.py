"""Ids of searches: issued here, dated, and not to be made up."""

from __future__ import annotations

import pytest

from searchsvc.insight.query_id import ID_CHARACTERS, VALID_SECONDS, QueryIds

NOW = 1_800_000_000.0
SECRET = b"s" * 32


def at(moment: float, secret: bytes = SECRET) -> QueryIds:
    return QueryIds(secret, clock=lambda: moment)


def test_an_issued_id_is_valid_for_a_day_everywhere_with_the_secret() -> None:
    issued = at(NOW).issue()
    assert len(issued) == ID_CHARACTERS
    assert at(NOW).is_valid(issued)
    assert at(NOW + VALID_SECONDS).is_valid(issued)
    assert at(NOW - 30).is_valid(issued)
    assert not at(NOW + VALID_SECONDS + 1).is_valid(issued)
    assert not at(NOW - 3600).is_valid(issued)


def test_no_two_ids_are_alike() -> None:
    ids = at(NOW)
    assert len({ids.issue() for _ in range(1_000)}) == 1_000


def test_an_id_of_another_secret_is_not_valid() -> None:
    assert not at(NOW).is_valid(at(NOW, b"t" * 32).issue())


@pytest.mark.parametrize("place", range(0, ID_CHARACTERS, 5))
def test_an_id_with_another_letter_is_not_valid(place: int) -> None:
    issued = at(NOW).issue()
    other = "B" if issued[place] == "A" else "A"
    assert not at(NOW).is_valid(issued[:place] + other + issued[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "A" * ID_CHARACTERS,
        "=" * ID_CHARACTERS,
        "é" * ID_CHARACTERS,
        "A" * 10_000,
        "\0" * 32,
    ],
)
def test_anything_else_is_not_valid(text: str) -> None:
    assert not at(NOW).is_valid(text)

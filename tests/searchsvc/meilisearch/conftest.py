"""A small index of films, filled as the protocol fills one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.films import Films, MakeFilms

FILTERABLE = ("genre", "tahun", "nilai", "sutradara", "sampul", "id")


@pytest.fixture
def make_films(tmp_path: Path) -> Iterator[MakeFilms]:
    made: list[Films] = []

    def make(**settings: Any) -> Films:
        made.append(Films(tmp_path / str(len(made)), settings))
        return made[-1]

    yield make
    for films in made:
        films.index.close()


@pytest.fixture
def films(make_films: MakeFilms) -> Films:
    return make_films(
        filterableAttributes=list(FILTERABLE), sortableAttributes=["tahun", "nilai", "judul"]
    )

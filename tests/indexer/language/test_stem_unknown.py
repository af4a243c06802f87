"""Words that lead to no listed root."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.stem_unknown import strip_unknown


@pytest.mark.parametrize(
    ("word", "rest"),
    [
        ("ponselnya", "ponsel"),
        ("diviralkan", "viral"),
        ("memviralkan", "viral"),
        ("mengupload", "upload"),
        ("mendownload", "download"),
        ("menyortirkan", "sortir"),
        ("memopulerkan", "populer"),
        ("ketidaklogisan", "logis"),
        ("berselfie", "selfie"),
        ("terfragmentasi", "fragmentasi"),
        ("memonetisasi", "monetisasi"),
        ("memutakhirkan", "putakhir"),
        ("mengeblur", "blur"),
        ("pengeprintan", "print"),
        ("ngeblur", "blur"),
        ("mengeksplor", "eksplor"),
        # what could be the word itself stays
        ("ngemplak", "ngemplak"),
        ("dimension", "dimension"),
        ("mentorship", "mentorship"),
        ("sekuel", "sekuel"),
        ("kernel", "kernel"),
        ("director", "rector"),
        ("distribution", "distribution"),
        ("taliban", "taliban"),
        ("kenya", "kenya"),
        ("mercedes", "mercedes"),
        ("melbourne", "melbourne"),
        ("dili", "dili"),
        ("", ""),
    ],
)
def test_only_sure_affixes_go(word: str, rest: str) -> None:
    assert strip_unknown(word)[0] == rest


@given(st.text(alphabet="abdegikmnprstuy", min_size=1, max_size=25))
def test_something_is_always_left(word: str) -> None:
    rest, rules = strip_unknown(word)
    assert rest
    assert bool(rules) == (rest != word)

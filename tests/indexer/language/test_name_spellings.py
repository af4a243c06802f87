"""One name in its several spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.name_spellings import MAX_TRIED, list_variants, name_key

SAME = [
    "soeharto suharto",
    "soekarno sukarno",
    "tjahjo cahyo",
    "djarot jarot",
    "djoko joko",
    "tjipto cipto",
    "soesilo susilo",
    "widjaja wijaya",
    "sjahrir syahrir",
    "hasjim hasyim",
    "kartosoewirjo kartosuwiryo",
    "jusuf yusuf",
    "muhammad mohamad mohammad moh muh mochamad",
    "achmad ahmad akhmad",
    "abdullah abdulah",
    "bachtiar bakhtiar bahtiar",
    "arief arif",
    "taufiq taufik",
    "rizky rizki riski",
    "thohir tohir",
    "ridho rido",
    "jogjakarta yogyakarta",
    "sumatra sumatera",
]


@pytest.mark.parametrize("group", SAME)
def test_spellings_of_one_name_meet(group: str) -> None:
    names = group.split()
    assert len({name_key(name) for name in names}) == 1
    for name in names:
        assert set(list_variants(name)) & set(names) == set(names) - {name}


@pytest.mark.parametrize(
    ("one", "other"),
    [("budi", "rudi"), ("jokowi", "yoko"), ("joko", "yoko"), ("susi", "sinta"), ("ani", "ana")],
)
def test_different_names_keep_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=20))
def test_variants_are_few_and_different(word: str) -> None:
    listed = list_variants(word)
    assert len(listed) <= MAX_TRIED
    assert word not in listed
    assert len(set(listed)) == len(listed)


@given(st.text(max_size=15))
def test_a_key_is_found_for_anything(word: str) -> None:
    assert isinstance(name_key(word), str)

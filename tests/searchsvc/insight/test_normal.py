"""Which searches are the same, and what of them is not written down."""

from __future__ import annotations

import pytest

from searchsvc.insight.normal import LONGEST_QUERY, mask_filters, mask_personal, normalise


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Harga BBM", "harga bbm"),
        ("  harga   bbm ", "harga bbm"),
        ("harga bbm?", "harga bbm"),
        ("Jum'at", "jumat"),
        ("café", "cafe"),
        ("COVID-19", "covid 19"),
        ("", ""),
        ("   ", ""),
        ("?!", "?!"),
        # Operators make another search.
        ("harga -bbm", "harga -bbm"),
        ("kategori:Olahraga persib", "kategori:olahraga persib"),
        ("presid*", "presid*"),
        ('"Harga BBM"', '"harga bbm"'),
        ("anak-anak", "anak-anak"),
        ("persib ATAU persija", "persib atau persija"),
    ],
)
def test_equal_searches_have_one_form(typed: str, normal: str) -> None:
    assert normalise(typed) == normal
    assert normalise(normal) == normal


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("surat ke budi.santosa+x@mail.contoh.co.id hari ini", "surat ke … hari ini"),
        ("0812-3456-7890", "…"),
        ("+62 812 3456 7890 penipu", "… penipu"),
        ("3174012345678901", "…"),
        ("(021) 7654 3210 kantor", "(… kantor"),
        ("021/76543210", "…"),
        ("0812\u20133456\u20137890", "…"),
        ("budi＠contoh.id", "…"),
        (" " * 390 + "budi@contoh.co.id", "…"),
        # Not of a person.
        ("pemilu 2019-2024", "pemilu 2019-2024"),
        ("tanggal:2022-07-20..2022-08-01", "tanggal:2022-07-20..2022-08-01"),
        ("20/07/2022 21/07/2022", "20/07/2022 21/07/2022"),
        ("20.07.2022 - 01.08.2022", "20.07.2022 - 01.08.2022"),
        ("APBN 2.750.000", "APBN 2.750.000"),
        ("gempa 6,5 SR 12 km", "gempa 6,5 SR 12 km"),
        ("@jokowi", "@jokowi"),
        ("a" * 500, "a" * LONGEST_QUERY),
    ],
)
def test_addresses_and_numbers_of_persons_are_not_kept(typed: str, kept: str) -> None:
    assert mask_personal(typed) == kept


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({}, ""),
        ({"category": ["ekonomi"], "from": "2022-01-02"},
         '{"category": ["ekonomi"], "from": "2022-01-02"}'),
        ({"filter": [["email = 'budi@contoh.id'", "hp = 081234567890"], "a = 1"]},
         '{"filter": [["email = …", "hp = …"], "a = 1"]}'),
        ({"harga": [1.5, None]}, '{"harga": [1.5, null]}'),
        ({"filter": ["label = x"] * 1_000}, '{"filter": "…"}'),
    ],
)  # fmt: skip
def test_filters_are_kept_within_the_same_bounds(filters: dict[str, object], kept: str) -> None:
    assert mask_filters(filters) == kept

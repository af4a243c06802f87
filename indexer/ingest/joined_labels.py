"""Which labels are one section or place under two names?

Outlets name their sections in Indonesian and in English, and places appear with and without their
initials. Under one label they are counted and selected together. Only names that every newsroom
would translate alike are listed: ``bisnis`` stays separate from ``ekonomi``.
"""

from __future__ import annotations

from typing import Final


def _join(table: str) -> dict[str, str]:
    """Alias -> label, from lines ``label: alias, alias``."""
    rows = [line.partition(":") for line in table.strip().splitlines()]
    return {
        alias.strip(): label.strip() for label, _, aliases in rows for alias in aliases.split(",")
    }


#: By facet: alternative name, as cleaning leaves it (sections in lower case), -> the label.
JOINED_LABELS: Final[dict[str, dict[str, str]]] = {
    "category": _join(
        """
        bisnis: business
        budaya: culture
        daerah: regional
        ekonomi: economy
        gaya hidup: lifestyle, life style, life & style
        hiburan: entertainment
        internasional: international
        kesehatan: health
        kuliner: food
        metropolitan: metro, megapolitan
        nasional: national
        olahraga: sport, sports, olah raga
        opini: opinion
        otomotif: automotive, oto, auto
        pendidikan: education, edukasi
        politik: politics
        sains: science
        selebriti: celebrity, celebrities, celeb, seleb, selebritas, selebritis
        sepak bola: football, soccer, sepakbola
        teknologi: technology, techno, tech, tekno
        berita: news
        """
    ),
    "place": _join(
        """
        New York: New York City
        Singapura: Singapore
        Washington: Washington DC, Washington D.C, Washington D.C.
        Yogyakarta: Jogjakarta, Jogja, Yogya
        """
    ),
}


def join_label(facet: str, label: str) -> str:
    """The label that ``label`` counts under: itself, unless it is an alternative name of another.

    >>> join_label("category", "sport"), join_label("place", "Jogja"), join_label("tags", "sport")
    ('olahraga', 'Yogyakarta', 'sport')
    """
    joined = JOINED_LABELS.get(facet)
    return joined.get(label, label) if joined else label

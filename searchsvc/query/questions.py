"""Questions: words that tell what sort of answer is wanted."""

from __future__ import annotations

#: Stems of nouns that name the answer in a question (``kota mana``, ``siapa nama``, ``berapa
#: jumlah``). The article that answers says *Bandung*, seldom *kota*, and just the number: they
#: weigh less than the rest of the question, and no less anywhere else.
ANSWER_NOUNS = frozenset(
    [
        *("nama", "sebut", "julukan", "istilah", "singkat", "arti", "erti", "maksud"),
        *("tahun", "tanggal", "hari", "bulan", "lama"),
        *("jumlah", "banyak", "kali", "orang"),
        *("negara", "kota", "daerah", "provinsi", "propinsi", "tempat", "lokasi", "letak"),
    ]
)

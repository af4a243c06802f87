"""Which words say what type of answer a question wants?"""

from __future__ import annotations

#: Stems of nouns that name the answer in a question (``kota mana``, ``siapa nama``, ``berapa
#: jumlah``). The article that answers says *Bandung*, seldom *kota*, and only the number: they
#: weigh less than the rest of the question, but no less anywhere else.
ANSWER_NOUNS = frozenset(
    [
        *("nama", "sebut", "julukan", "istilah", "singkat", "arti", "erti", "maksud"),
        *("tahun", "tanggal", "hari", "bulan", "lama"),
        *("jumlah", "banyak", "kali", "orang"),
        *("negara", "kota", "daerah", "provinsi", "propinsi", "tempat", "lokasi", "letak"),
    ]
)

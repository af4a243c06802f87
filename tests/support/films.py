"""A small index of films, filled as the protocol fills one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from indexer.own_fields.file import keep_attributes
from searchsvc.index import Index
from searchsvc.meilisearch.documents import make_article
from searchsvc.meilisearch.index_settings import (
    DEFAULTS,
    IndexRecord,
    list_attributes,
    list_settings,
    read_settings,
)
from searchsvc.meilisearch.search import answer_search
from searchsvc.meilisearch.search_parameters import make_parameters, read_search
from searchsvc.meilisearch.searched import Searched
from searchsvc.query.ranking import DEFAULT_RANKING

FILMS: list[dict[str, Any]] = [
    {"id": 1, "judul": "Laskar Pelangi", "genre": ["Drama", "Keluarga"], "tahun": 2008,
     "nilai": 7.8, "isi": "Anak-anak Belitung belajar di sekolah yang hampir roboh."},
    {"id": 2, "judul": "Pengabdi Setan", "genre": "Horor", "tahun": 2017, "nilai": 6.6,
     "isi": "Sebuah keluarga diganggu arwah ibu mereka.", "sutradara": {"nama": "Joko Anwar"}},
    {"id": 3, "judul": "Gundala", "genre": ["Aksi", "drama"], "tahun": [2019, 2020],
     "nilai": None, "isi": "Seorang anak mencari ayahnya dan menjadi pahlawan.",
     "sutradara": {"nama": "Joko Anwar"}},
    {"id": 4, "judul": "Ada Apa dengan Cinta", "genre": [], "tahun": "2002", "nilai": 7.6,
     "isi": "Kisah anak sekolah di Jakarta.", "sutradara": None},
    {"id": 5, "judul": "Siksa Kubur", "genre": "Horor", "tahun": 2024, "nilai": 6.6, "sampul": "",
     "sutradara": {"nama": "Joko Anwar", "lahir": 1976}},
]  # fmt: skip


class Films:
    """The index, and questions to it."""

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.record = IndexRecord("id").change(read_settings(dict(settings)))
        self.index = Index.open(folder, create=True)
        keep_attributes(list_attributes({**DEFAULTS, **self.record.settings}), folder)
        self.index.add([make_article(film, str(film["id"])) for film in FILMS])

    def searched(self, **also: Any) -> Searched:
        engine = self.index.engine
        settings = list_settings(self.record, engine.fields)
        return Searched(
            engine.snapshot(), engine, engine.fields, settings, self.index.analyzer,
            DEFAULT_RANKING, **also,
        )  # fmt: skip

    def search(self, q: str = "", *, contains: bool = False, **parameters: Any) -> dict[str, Any]:
        read = make_parameters(read_search({"q": q, **parameters}))
        return answer_search(self.searched(contains=contains), read)[0]

    def ids(self, q: str = "", **parameters: Any) -> list[int]:
        return [hit["id"] for hit in self.search(q, **parameters)["hits"]]


MakeFilms = Callable[..., Films]

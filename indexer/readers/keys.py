"""What exports call the fields of an article, and the keys people map themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from indexer.errors import UnknownName
from indexer.schema import FIELDS

#: Our field -> keys it comes under, best first. Case, spaces and punctuation do not matter:
#: ``publishedAt``, ``published_at`` and ``Published At`` are one key.
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "id": (
        *("id", "_id", "article_id", "articleid", "id_artikel", "id_berita", "news_id", "post_id"),
        *("doc_id", "docid", "uuid", "guid", "kode"),
    ),
    "title": (
        *("title", "judul", "headline", "judul_berita", "judul_artikel", "news_title"),
        *("post_title", "article_title", "og:title", "name", "nama"),
    ),
    "body": (
        *("body", "isi", "content", "text", "teks", "isi_berita", "isi_artikel", "konten"),
        *("article_body", "article_text", "full_text", "post_content", "content:encoded"),
        *("content_text", "main_text", "maintext", "news_content", "naskah", "berita", "artikel"),
        *("article", "paragraphs", "paragraf", "body_text", "contents", "description", "deskripsi"),
        *("summary", "ringkasan"),
    ),
    "url": (
        *("url", "link", "permalink", "canonical", "canonical_url", "article_url", "tautan"),
        *("source_url", "og:url", "href", "alamat"),
    ),
    "source": (
        *("source", "sumber", "publisher", "media", "penerbit", "nama_media", "site", "situs"),
        *(
            "site_name",
            "og:site_name",
            "portal",
            "outlet",
            "source_name",
            "website",
            "source_domain",
        ),
    ),
    "published_at": (
        *("published_at", "published", "date", "tanggal", "publish_date", "publication_date"),
        *("pub_date", "date_published", "date_publish", "tanggal_terbit", "tanggal_publikasi"),
        *("tgl", "tgl_terbit", "waktu", "waktu_terbit", "publish_time", "post_date", "datetime"),
        *("created_at", "created", "date_created", "timestamp", "dc:date", "terbit", "time"),
    ),
    "category": (
        *(
            "category",
            "kategori",
            "section",
            "rubrik",
            "kanal",
            "channel",
            "desk",
            "topic_category",
        ),
        *("categories", "article_section", "subkanal", "sub_category"),
    ),
    "tags": (
        "tags",
        "tag",
        "keywords",
        "keyword",
        "topik",
        "topics",
        "topic",
        "kata_kunci",
        "label",
    ),
    "authors": (
        *("authors", "author", "penulis", "reporter", "byline", "wartawan", "pewarta", "creator"),
        *("dc:creator", "author_name", "nama_penulis", "jurnalis", "oleh", "kontributor"),
    ),
    "editors": ("editors", "editor", "redaktur", "penyunting", "editor_name"),
    "agency": ("agency", "kantor_berita", "agensi", "wire", "news_agency"),
    "place": ("place", "lokasi", "dateline", "location", "kota", "tempat", "city"),
    "related": ("related", "terkait", "baca_juga", "related_titles", "berita_terkait"),
}
#: Keys under which exports wrap the whole record.
_WRAPPERS: Final = ("_source", "attributes", "fields", "node", "properties")
_WRAPPER_NAMES: Final = frozenset(_WRAPPERS)
#: Sets of keys whose plan is remembered, and keys of such a set.
_MOST_PLANS: Final = 1_000
_MOST_KEYS: Final = 256
_PUNCTUATION: Final = re.compile(r"[\W_]+")


def fold_key(key: str) -> str:
    """``key`` without case, spaces and punctuation.

    >>> fold_key("Published At"), fold_key("_id")
    ('publishedat', 'id')
    """
    return _PUNCTUATION.sub("", key).casefold()


_FOLDED: Final[dict[str, tuple[str, ...]]] = {
    name: tuple(dict.fromkeys(fold_key(key) for key in keys)) for name, keys in KEYS.items()
}


class KeyMap:
    """Renames the keys of records to our fields; remembers how, one set of keys at a time.

    ``mapping`` is theirs -> ours and goes before the common names. Raises UnknownName where
    "ours" is no field.
    """

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        names = [field.name for field in FIELDS]
        self._mapped: dict[str, str] = {}
        self._unseen: dict[str, str] = {}
        for theirs, ours in (mapping or {}).items():
            if ours not in names:
                raise UnknownName("field", ours, names)
            self._mapped[fold_key(theirs)] = ours
            self._unseen[fold_key(theirs)] = theirs
        self._plans: dict[tuple[str, ...], list[tuple[str, list[str]]]] = {}

    def rename(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The values of ``record`` under our names; other keys are dropped.

        Of several keys for one field the first that has a value counts.
        """
        record = _unwrap(record)
        keys = tuple(record)
        plan = self._plans.get(keys)
        if plan is None:
            for key in keys if self._unseen else ():
                self._unseen.pop(fold_key(key), None)
            plan = self._make_plan(keys)
            if len(self._plans) < _MOST_PLANS and len(keys) <= _MOST_KEYS:
                self._plans[keys] = plan
        renamed: dict[str, Any] = {}
        for name, theirs in plan:
            for key in theirs:
                value = record[key]
                if value is not None and value != "" and value != []:
                    renamed[name] = value
                    break
        return renamed

    def list_unseen(self) -> list[str]:
        """The keys of the mapping that no record renamed so far has, as they were given."""
        return list(self._unseen.values())

    def finds_text(self, keys: Iterable[str]) -> bool:
        """Whether any of ``keys`` holds an article's text."""
        plan = dict(self._make_plan(tuple(keys)))
        return "body" in plan

    def _make_plan(self, keys: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        folded: dict[str, str] = {}
        for key in keys:
            folded.setdefault(fold_key(key), key)
        plan: list[tuple[str, list[str]]] = []
        for name, common in _FOLDED.items():
            wanted = [theirs for theirs, ours in self._mapped.items() if ours == name]
            wanted += [key for key in common if key not in self._mapped]
            found = [folded[key] for key in wanted if key in folded]
            if found:
                plan.append((name, found))
        return plan


def _unwrap(record: Mapping[str, Any]) -> Mapping[str, Any]:
    if _WRAPPER_NAMES.isdisjoint(record):
        return record
    for wrapper in _WRAPPERS:
        inner = record.get(wrapper)
        if isinstance(inner, Mapping):
            outer = {key: value for key, value in record.items() if key != wrapper}
            return {**outer, **inner}
    return record

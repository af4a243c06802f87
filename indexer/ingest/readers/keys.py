"""What do exports call the fields of an article? The known keys, and those that users map
themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from indexer.errors import UnknownName
from indexer.ingest.body_text import has_text
from indexer.ingest.readers.flags import is_flag
from indexer.ingest.readers.nothing import is_nothing
from indexer.ingest.readers.paths import Step, fold_key, follow, parse_path
from indexer.schema import FIELDS
from indexer.word_list import list_words

#: Our field -> keys and paths that it appears under, best first. Case, spaces and punctuation are
#: ignored: ``publishedAt``, ``published_at`` and ``Published At`` are one key. ``a.b`` is a path
#: (:mod:`indexer.ingest.readers.paths`); ``a+b`` are two keys whose texts are joined.
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "id": (
        *("id", "_id", "article_id", "articleid", "id_artikel", "id_berita", "news_id", "post_id"),
        *("wp:post_id", "nid", "pk", "doc_id", "docid", "object_id", "uuid", "uri", "guid", "kode"),
        "sys.id",
    ),
    "title": (
        *("title", "judul", "jdl", "headline", "judul_berita", "judul_artikel", "news_title"),
        *("post_title", "article_title", "og:title", "headlines", "hl1", "name", "nama"),
        *("twitter:title", "news:title", "DC.title"),
    ),
    "body": (
        *("body", "isi", "content", "text", "teks", "isi_berita", "isi_artikel", "konten"),
        *(
            "article_body",
            "article_text",
            "introtext+fulltext",
            "hometext+bodytext",
            "full_text",
            "post_content",
        ),
        *("content:encoded", "body_html", "content_html", "body_text"),
        *(
            "content_text",
            "main_text",
            "maintext",
            "news_content",
            "naskah",
            "tulisan",
            "html",
            "berita",
        ),
        *(
            "artikel",
            "article",
            "clean_article",
            "paragraphs",
            "paragraf",
            "contents",
            "story",
            "main",
        ),
        *("markdown", "raw_content", "full_content", "body_value", "field_body", "body_content"),
        *(
            "content_elements",
            "lexical",
            "mobiledoc",
            "blocks",
            "content_blocks",
            "dynamic_zone",
            "uraian",
        ),
        "lead_paragraph",
        *(
            "description",
            "deskripsi",
            "summary",
            "ringkasan",
            "excerpt",
            "desc",
            "abstract",
            "itunes:summary",
        ),
    ),
    "url": (
        *("url", "link[rel=alternate].href", "link.href", "links[rel=alternate].href", "link"),
        *(
            "permalink",
            "permalink_url",
            "canonical",
            "canonical_url",
            "article_url",
            "web_url",
            "webUrl",
            "tautan",
        ),
        *("source_url", "og:url", "href", "alamat", "loc", "mainEntityOfPage", "links.self.href"),
        "meta.html_url",
    ),
    "source": (
        *("source", "sumber", "publisher", "media", "penerbit", "nama_media", "site", "situs"),
        *("site_name", "og:site_name", "portal", "outlet", "source_name", "website"),
        *("source_domain", "source_hostname", "hostname", "sitename", "news:publication.news:name"),
    ),
    "published_at": (
        *("published_at", "published", "date", "tanggal", "publish_date", "publication_date"),
        *("pub_date", "date_published", "date_publish", "tanggal_terbit", "tanggal_publikasi"),
        *("tgl", "tgl_terbit", "waktu", "waktu_terbit", "publish_time", "post_date", "datetime"),
        *("tayang", "diterbitkan", "ditayangkan", "dipublikasikan", "terbit"),
        *(
            "article:published_time",
            "wp:post_date",
            "news:publication_date",
            "publish_up",
            "hari_tanggal",
            "date_gmt",
        ),
        *(
            "first_published_at",
            "first_publication_date",
            "publish.date",
            "published_on",
            "posted_at",
            "posted_on",
            "authored_on",
            "published_time",
            "published_date",
            "first_publish_date",
            "webPublicationDate",
            "firstcreated",
            "versioncreated",
        ),
        *(
            "display_date",
            "taken_at",
            "date_issue",
            "date_iso8601",
            "post_date_gmt",
            "wp:post_date_gmt",
        ),
        *(
            "created_at",
            "created_on",
            "created",
            "date_created",
            "tanggal_dibuat",
            "tgl_posting",
            "timestamp",
        ),
        *("ts", "epoch", "unix_time", "unixtime", "time_unix", "time_ms", "timestamp_ms"),
        *("posted_ts", "pub_ts"),
        *("dc:date", "DC.date.issued", "dcterms:created", "time", "tstamp"),
        *("dimuat", "dirilis", "dibuat"),
        *("sys.published_at", "sys.created_at", "updated"),
        *("modified", "updated_at", "date_modified", "changed", "lastmod", "diperbarui", "diubah"),
    ),
    "category": (
        *("category[domain=category]", "_embedded.wp:term[taxonomy=category]", "primary_tag"),
        *("category", "kategori", "section", "rubrik", "kanal", "channel", "desk"),
        *("topic_category", "categories", "article_section", "article:section", "sectionName"),
        *(
            "section_name",
            "nama_kategori",
            "kategori_nama",
            "category_name",
            "category_title",
            "catid",
            "subkanal",
        ),
        *("sub_category", "dc:subject", "primary_category"),
    ),
    "tags": (
        *("category[domain=post_tag]", "_embedded.wp:term[taxonomy=post_tag]"),
        *("tags", "tag", "keywords", "keyword", "topik", "topics", "topic", "kata_kunci"),
        *("label", "labels", "news_keywords", "article:tag", "news:keywords", "media:keywords"),
        *("tag_list", "tag_names", "tagging", "hashtags", "subject", "metakey", "meta_keywords"),
    ),
    "authors": (
        *("_embedded.author", "posts_authors", "authors", "author", "penulis", "reporter"),
        *("byline", "wartawan", "pewarta", "creator", "dc:creator", "author_name", "nama_penulis"),
        *("jurnalis", "oleh", "kontributor", "article:author", "created_by_alias", "DC.creator"),
        *("by", "writer", "writers", "journalist", "journalists", "ditulis_oleh", "user_created"),
        *(
            "itunes:author",
            "primary_author",
            "field_author",
            "credits.by",
            "user.name",
            "users.name",
            "byline.original",
            "parsely-author",
        ),
    ),
    "editors": ("editors", "editor", "redaktur", "penyunting", "editor_name", "nama_editor"),
    "agency": ("agency", "kantor_berita", "agensi", "wire", "news_agency"),
    "place": ("place", "lokasi", "dateline", "location", "kota", "tempat", "city", "located"),
    "related": ("related", "terkait", "baca_juga", "related_titles", "berita_terkait"),
    "image": (
        *("_embedded.wp:featuredmedia", "image", "gambar", "foto", "image_url", "img_url", "img"),
        *("gambar_url", "url_gambar", "foto_url", "link_gambar", "url_to_image", "feature_image"),
        *("featured_image", "featured_media_url", "jetpack_featured_media_url", "featuredImage"),
        *("top_image", "lead_image", "main_image", "hero_image", "header_image", "cover_image"),
        *("cover", "banner_image", "og:image", "yoast_head_json.og_image", "media:content"),
        *("link[type=image/jpeg].href", "link[type=image/png].href", "link[type=image/webp].href"),
        *("media:group.media:content", "enclosure[type=image/jpeg]", "enclosure[type=image/png]"),
        *("enclosure[type=image/webp]", "enclosure", "itunes:image", "image:image"),
        *("thumbnail", "thumb", "thumbnail_url", "media:thumbnail", "twitter:image", "images"),
        *("photo", "photos", "picture", "multimedia", "associations.featuremedia"),
        *("associations", "field_image", "fields.thumbnail", "attachments", "media_url"),
    ),
    "image_caption": (
        *("image_caption", "feature_image_caption", "keterangan_foto", "caption_foto"),
        *("caption_gambar", "keterangan_gambar", "foto_caption", "gambar_caption", "photo_caption"),
        *("cover_caption", "media:description", "media:content.media:description", "caption"),
        *("keterangan_gbr", "image_alt", "og:image:alt", "feature_image_alt"),
    ),
}
#: Other metadata of a record: whether it is published, what it is, and the time if the date has a
#: separate column.
ABOUT: Final[dict[str, tuple[str, ...]]] = {
    "status": (
        *("status", "post_status", "wp:status", "published", "is_published", "publish"),
        *(
            "status_berita",
            "blogger:status",
            "status_artikel",
            "status_publikasi",
            "workflow_state",
        ),
        *("state", "publish_status", "visibility", "_status", "aktif", "is_aktif", "is_active"),
        *("active", "is_publish", "publish_flag", "published_flag", "flag_publish", "is_public"),
        *("terbit", "is_terbit", "status_terbit", "diterbitkan", "tayang", "is_tayang"),
        *("status_tayang", "ditayangkan", "dipublikasikan", "publikasi", "is_visible", "visible"),
        *("draft", "is_draft", "isdraft", "draf", "is_draf", "konsep", "unpublished"),
        *("deleted", "is_deleted", "dihapus", "hidden", "is_hidden", "disembunyikan"),
        *("sudah_terbit", "sudah_tayang", "tampil", "is_tampil", "ditampilkan", "sts_publish"),
    ),
    "kind": ("post_type", "wp:post_type", "blogger:type", "type", "@type"),
    "clock": ("time", "jam", "waktu", "pukul", "clock", "jam_terbit", "publish_time", "jam_tayang"),
}
#: Body keys that hold an article's text only if nothing better does.
_WEAK: Final = list_words(
    """
    description deskripsi summary ringkasan excerpt desc abstract itunessummary leadparagraph
    """
)
#: Words that add nothing to a key's meaning: ``berita_judul`` is ``judul``.
_ENTITY_WORDS: Final = list_words(
    """
    news berita artikel article post posting node entry item field story doc document wp blog dc
    og tbl tb str txt t s ss dt
    """
)
#: The same, by field: ``content_html`` is ``content``, ``tgl_tayang`` is ``tgl``.
_EMPTY_WORDS: Final = {
    "body": list_words(
        "html text raw rich plain clean full main markdown md rendered lengkap asli cleaned copy"
    ),
    "published_at": list_words(
        "terbit tayang publish publikasi rilis posting upload input muat dibuat online release at "
        "creation pub time stamp timestamp pada text teks raw str string ts ms epoch unix"
    ),
    "title": list_words("web full main original rendered"),
    "authors": list_words("nama name lengkap full display"),
    "category": list_words("nama name title judul label"),
    "image": list_words("url src href link path original full utama main featured teaser lead"),
    "url": list_words("page web full original public final main html"),
}
_RELEASES: Final = list_words("terbit tayang publish publikasi rilis release")
#: What programs of search put before a field's name: Elasticsearch's tables, Drupal's Solr.
_PREFIX: Final = re.compile(r"^(?:_source\.|(?:[tsdi]|bs|it|its|tos|tw)[sm]_(?:X3b_[a-z]{2,3}_)?)")
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
#: What is left of the name of a column with the time of day: "jam_post".
_CLOCKS: Final = ("jam", "pukul")
#: Columns for the two names of an author, folded.
_FULL_NAME: Final = ("authorfirstname", "authorlastname")
#: Maximum number of key sets whose plan is cached, and of keys in such a set.
_MOST_PLANS: Final = 1_000
_MOST_KEYS: Final = 256
_FEW_KEYS: Final = 3


@dataclass(frozen=True, slots=True)
class Nested:
    """A path, with the record's key where it begins."""

    key: str
    steps: tuple[Step, ...]


#: How a value is found in a record: by its key; by a path; by several keys whose texts are joined.
Place = str | Nested | list[str]
#: The same in a table of keys, before a record is known.
Known = str | tuple[Step, ...] | list[str]


def reduce_key(key: str, field: str, shared: str = "") -> str:
    """``key``, folded, without words that add nothing for ``field``, and without the word shared by
    the keys of its record.

    >>> reduce_key("tgl_tayang", "published_at"), reduce_key("rawContent", "body")
    ('tgl', 'content')
    """
    words = [word.lower() for word in _WORD.findall(_PREFIX.sub("", key))]
    empty = {*_ENTITY_WORDS, *_EMPTY_WORDS.get(field, ())}
    kept = [word for word in words if word not in empty and word != shared]
    if not kept and len(words) > 1:
        if field == "body":
            return "body"
        # "terbit_pada": the verb says what the moment is of.
        if field == "published_at" and not _RELEASES.isdisjoint(words):
            return "published"
    return "".join(kept)


def _is_label(value: Any) -> bool:
    """Whether ``value`` is a name, not just an id from another table."""
    if isinstance(value, list):
        return any(_is_label(item) for item in value)
    if isinstance(value, str):
        return not value.strip().isdigit()
    return isinstance(value, Mapping)


def _is_name(value: Any) -> bool:
    return not isinstance(value, bool | int | float)


def _may_be_image(value: Any) -> bool:
    """Whether ``value`` is not audio or video, which enclosures of feeds may be."""
    if isinstance(value, dict):
        kind = str(value.get("@type") or value.get("@medium") or value.get("type") or "")
        return not kind.startswith(("audio", "video", "application"))
    return _is_name(value)


_ACCEPT: Final[dict[str, Callable[[Any], bool]]] = {
    "body": has_text,
    "published_at": lambda value: not is_flag(value),
    "category": _is_label,
    "authors": _is_label,
    "tags": lambda value: _is_label(value) or (isinstance(value, list) and _are_texts(value)),
    "source": _is_name,
    "image": _may_be_image,
    "title": lambda value: _is_no_flag(value) and not _is_slug(value),
}
#: The same for a field that would remain empty.
_ACCEPT_RATHER: Final[dict[str, Callable[[Any], bool]]] = {
    "title": lambda value: _is_no_flag(value)
}
#: The address of a page, rather than of a publisher.
_PAGE: Final = re.compile(r"https?://[^/\s]+/[^\s]+")
_SLUG: Final = re.compile(r"[a-z\d]{1,60}(?:[-_][a-z\d]{1,60}){1,30}")


def _is_no_flag(value: Any) -> bool:
    return not isinstance(value, bool)


def _is_slug(value: Any) -> bool:
    """Whether ``value`` is a title as addresses have it: ``banjir-di-demak``."""
    return isinstance(value, str) and _SLUG.fullmatch(value) is not None


def _are_texts(value: list[Any]) -> bool:
    return any(isinstance(item, str) for item in value)


@dataclass(slots=True)
class Renamed:
    """A record under our names. ``values`` are those of fields, including ``extra``, which holds
    everything else. ``about``: see :data:`ABOUT`; the statuses under their keys. ``date_key`` is
    the key that provided the date.
    """

    values: dict[str, Any]
    about: dict[str, Any] = field(default_factory=dict)
    date_key: str = ""


@dataclass(slots=True)
class _Plan:
    fields: list[tuple[str, list[Place]]]
    about: list[tuple[str, list[Place]]]
    #: Places where an article's text may be.
    texts: list[Place]
    #: The keys of an author's first and last name, if each has its own.
    names: tuple[str, ...]


class KeyMap:
    """Renames the keys of records to our fields; caches the plan for each set of keys.

    ``mapping`` is theirs -> ours and takes precedence over the common names; theirs may be a path.
    ``keep`` are keys that are also kept in ``extra`` if they are read as a field. Raises
    UnknownName if "ours" is not a field.
    """

    def __init__(self, mapping: Mapping[str, str] | None = None, keep: Iterable[str] = ()) -> None:
        self._kept = frozenset(map(fold_key, keep))
        names = [spec.name for spec in FIELDS if spec.name != "extra"]
        self._mapped: dict[str, list[str]] = {}
        self._taken: set[str] = set()
        self._unseen: dict[str, str] = {}
        for theirs, ours in (mapping or {}).items():
            if ours not in names:
                raise UnknownName("field", ours, names)
            self._mapped.setdefault(ours, []).append(theirs)
            self._taken.add(fold_key(theirs))
            self._unseen[theirs] = theirs
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def rename(self, record: Mapping[str, Any]) -> Renamed:
        """The values of ``record`` under our names, and those of other keys in ``extra``.

        Of several keys for one field, the first with a value counts.
        """
        plan = self._find_plan(record)
        renamed = Renamed({})
        values = renamed.values
        used: set[str] = set()
        for name, places in plan.fields:
            place, value = _find_value(record, places, _ACCEPT.get(name))
            if place is None and name in _ACCEPT_RATHER:
                place, value = _find_value(record, places, _ACCEPT_RATHER[name])
            if place is None:
                continue
            values[name] = value
            if isinstance(place, str):
                used.add(place)
            elif isinstance(place, list):
                used.update(place)
            if name == "published_at":
                renamed.date_key = place if isinstance(place, str) else ""
        _complete(values, record, plan)
        if plan.about:
            renamed.about = _read_about(record, plan.about, renamed.date_key)
        if extra := self._list_extra(record, used):
            values["extra"] = extra
        return renamed

    def _list_extra(self, record: Mapping[str, Any], used: set[str]) -> dict[str, Any]:
        """The values of ``record`` that became no field, and those that are always kept."""
        if self._kept:
            used = {key for key in used if fold_key(key) not in self._kept}
        if len(used) == len(record):
            return {}
        return {
            key: value for key, value in record.items() if key not in used and not is_nothing(value)
        }

    def list_unseen(self) -> list[str]:
        """The keys of the mapping that no record so far has had, as given."""
        return list(self._unseen.values())

    def finds_text(self, keys: Iterable[str]) -> bool:
        """Whether any of ``keys`` may hold an article's text."""
        return bool(self._make_plan(tuple(keys)).texts)

    def rank_text(self, record: Mapping[str, Any]) -> int:
        """How certainly ``record`` contains an article's text: 2 if under a key for texts, 1 if
        only under one for summaries, otherwise 0.
        """
        for place in self._find_plan(record).texts:
            value = _read_place(record, place)
            if not is_nothing(value) and has_text(value):
                return 1 if _is_weak(place) else 2
        return 0

    def stands_alone(self, record: Mapping[str, Any]) -> bool:
        """Whether ``record`` has its own title, address or date."""
        return not {"title", "url", "published_at"}.isdisjoint(self.rename(record).values)

    def _find_plan(self, record: Mapping[str, Any]) -> _Plan:
        keys = tuple(record)
        plan = self._plans.get(keys)
        if plan is None:
            self._see(keys)
            plan = self._make_plan(keys)
            if len(self._plans) < _MOST_PLANS and len(keys) <= _MOST_KEYS:
                self._plans[keys] = plan
        return plan

    def _see(self, keys: tuple[str, ...]) -> None:
        if not self._unseen:
            return
        folded = {fold_key(str(key)) for key in keys}
        for theirs in list(self._unseen):
            if fold_key(theirs) in folded or parse_path(theirs)[0].key in folded:
                del self._unseen[theirs]

    def _make_plan(self, keys: tuple[str, ...]) -> _Plan:
        folded: dict[str, str] = {}
        for key in keys:
            plain = fold_key(str(key))
            if plain == key:
                # "id" rather than "@id" beside it.
                folded[plain] = key
            else:
                folded.setdefault(plain, key)
        fields = []
        texts: list[Place] = []
        shared = _find_shared_word(keys)
        for name, common in _COMPILED.items():
            places = [self._place_mapped(theirs, folded) for theirs in self._mapped.get(name, ())]
            found = [place for place in places if place]
            ranked = self._place_common(common, folded, len(found) > 0)
            taken = [*found, *(place for _, place in ranked)]
            ranked += _place_reduced(name, folded, taken, self._taken, shared)
            ranked.sort(key=lambda one: one[0])
            found += [place for _, place in ranked]
            if name == "body":
                # Summaries come last, however their key was recognised.
                found.sort(key=_is_weak)
                texts = found
            if found:
                fields.append((name, found))
        about = [
            (name, found)
            for name, common in _COMPILED_ABOUT.items()
            if (found := [place for _, place in self._place_common(common, folded, False)])
        ]
        statuses = [
            key
            for key in keys
            if fold_key(str(key)) not in _EXACT and reduce_key(str(key), "status") in _STATUSES
        ]
        if statuses:
            about.append(("status", [*statuses]))
        clocks = [key for key in keys if reduce_key(str(key), "published_at") in _CLOCKS]
        if clocks and not any(name == "clock" for name, _ in about):
            about.append(("clock", [*clocks]))
        names = tuple(folded[key] for key in _FULL_NAME if key in folded)
        return _Plan(fields, about, texts, names if len(names) == len(_FULL_NAME) else ())

    def _place_mapped(self, theirs: str, folded: Mapping[str, str]) -> Place:
        """The place of a mapped key among ``folded``; empty if it is missing."""
        key = folded.get(fold_key(theirs))
        if key is not None:
            return key
        steps = parse_path(theirs)
        first = folded.get(steps[0].key) if len(steps) > 1 else None
        return Nested(first, steps) if first is not None else ""

    def _place_common(
        self, common: Sequence[Known], folded: Mapping[str, str], mapped: bool
    ) -> list[tuple[float, Place]]:
        """The places of ``common`` among ``folded``, with their rank: the best is the lowest."""
        found: list[tuple[float, Place]] = []
        for rank, place in enumerate(common):
            if isinstance(place, str):
                if place in folded and place not in self._taken:
                    found.append((rank, folded[place]))
            elif isinstance(place, list):
                present = [folded[key] for key in place if key in folded and key not in self._taken]
                if len(present) > 1 or (present and not mapped):
                    found.append((rank, present))
            elif place[0].key in folded:
                found.append((rank, Nested(folded[place[0].key], place)))
        return found


def _place_numbered(
    folded: Mapping[str, str], plain: Mapping[str, int]
) -> Iterator[tuple[float, Place]]:
    """Columns with one value each of a list, in order: ``tags[0]``, ``tag_2``."""
    found: dict[str, list[str]] = {}
    for whole, key in folded.items():
        base = whole.rstrip("0123456789")
        if base != whole and base in plain:
            found.setdefault(base, []).append(key)
    for base, keys in found.items():
        yield plain[base] + 0.5, keys


def _make_singular(key: str) -> str:
    """``key`` without an English plural: ``bylines`` is ``byline``, ``bodies`` is ``body``."""
    return f"{key[:-3]}y" if key.endswith("ies") else key.removesuffix("s")


def _find_shared_word(keys: Sequence[str]) -> str:
    """The word with which most keys begin, as the columns of one table do: ``tulisan_judul``."""
    if len(keys) < _FEW_KEYS or len(keys) > _MOST_KEYS:
        return ""
    first = Counter(words[0].lower() for key in keys if len(words := _WORD.findall(str(key))) > 1)
    word, count = first.most_common(1)[0] if first else ("", 0)
    return word if count * 2 > len(keys) else ""


def _place_reduced(
    name: str, folded: Mapping[str, str], found: Sequence[Place], taken: set[str], shared: str
) -> list[tuple[float, Place]]:
    """Keys that mean the field in the plural, or once uninformative words are removed, with the
    rank of the key that they mean, behind that key itself.
    """
    more: list[tuple[float, Place]] = []
    plain = _PLAIN[name]
    for whole, key in folded.items():
        if key in found or whole in _EXACT or whole in taken:
            continue
        reduced = reduce_key(str(key), name, shared) if name in _REDUCED else whole
        meant = reduced if reduced != whole and reduced in plain else ""
        if not meant and name in _PLURAL:
            meant = _make_singular(whole)
        if meant in plain:
            # A word that only names a kind of text is worth less than any that names the text.
            vague = meant == "body" and "body" not in whole
            more.append((len(plain) if vague else plain[meant] + 0.5, key))
    if name == "tags":
        more += _place_numbered(folded, plain)
    return more


def _read_about(
    record: Mapping[str, Any], plan: Sequence[tuple[str, list[Place]]], date_key: str
) -> dict[str, Any]:
    about: dict[str, Any] = {}
    for name, places in plan:
        told = {
            place: record[place]
            for place in places
            if isinstance(place, str) and place != date_key and not is_nothing(record[place])
        }
        if told:
            if name == "status":
                about[name] = {**about.get(name, {}), **told}
            else:
                about[name] = next(iter(told.values()))
    return about


def _complete(values: dict[str, Any], record: Mapping[str, Any], plan: _Plan) -> None:
    """Add to ``values`` what is written in an unusual place."""
    if plan.names and "authors" not in values:
        names = (str(record[key]).strip() for key in plan.names if not is_nothing(record[key]))
        values["authors"] = " ".join(names)
    if "source" in values and "url" not in values:
        _settle_address(values, record, plan)


def _settle_address(values: dict[str, Any], record: Mapping[str, Any], plan: _Plan) -> None:
    """Make the address of a page that is given as its source the article's, and another key's
    value its source.
    """
    given = values["source"]
    if not isinstance(given, str) or _PAGE.fullmatch(given) is None:
        return
    values["url"] = values.pop("source")
    places = next((places for name, places in plan.fields if name == "source"), [])
    for place in places:
        value = _read_place(record, place)
        if value != given and _is_name(value) and not is_nothing(value):
            values["source"] = value
            return


def _is_weak(place: Place) -> bool:
    if not isinstance(place, str):
        return False
    folded = fold_key(place)
    return folded in _WEAK or _make_singular(folded) in _WEAK


def _find_value(
    record: Mapping[str, Any], places: Iterable[Place], accept: Callable[[Any], bool] | None
) -> tuple[Place | None, Any]:
    """The first of ``places`` with a value that ``accept`` allows, and the value."""
    for place in places:
        value = _read_place(record, place)
        if not is_nothing(value) and (accept is None or accept(value)):
            return place, value
    return None, None


def _read_place(record: Mapping[str, Any], place: Place) -> Any:
    if isinstance(place, str):
        return record[place]
    if isinstance(place, list):
        texts = [record[key] for key in place if not is_nothing(record[key])]
        return texts if len(texts) > 1 else (texts[0] if texts else None)
    inner = record[place.key]
    return follow(record, place.steps) if isinstance(inner, dict | list) else None


def _compile(key: str) -> Known:
    if "+" in key:
        return [fold_key(one) for one in key.split("+")]
    # Dublin Core names contain a dot.
    if ("." in key or "[" in key) and not key.startswith("DC."):
        return parse_path(key)
    return fold_key(key)


_COMPILED: Final = {name: [_compile(key) for key in keys] for name, keys in KEYS.items()}
_COMPILED_ABOUT: Final = {name: [_compile(key) for key in keys] for name, keys in ABOUT.items()}
_STATUSES: Final = frozenset(one for one in _COMPILED_ABOUT["status"] if isinstance(one, str))
#: The keys that are no paths, with their ranks.
_PLAIN: Final = {
    name: {place: rank for rank, place in enumerate(places) if isinstance(place, str)}
    for name, places in _COMPILED.items()
}
_EXACT: Final = {
    *(place for places in _PLAIN.values() for place in places),
    *(fold_key(key) for keys in ABOUT.values() for key in keys),
    *("postname", "fieldname", "itemname", "documentname", "newsname"),
}
#: Fields whose keys may be in the plural: several "links" are not the article's own.
_PLURAL: Final = frozenset(
    ("body", "category", "tags", "authors", "editors", "place", "image", "image_caption")
)
#: Fields whose keys are recognised by their informative words.
_REDUCED: Final = (
    *("id", "title", "body", "published_at", "category", "tags", "authors", "image", "url"),
)

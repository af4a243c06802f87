"""Which records are published articles? Exports also contain drafts, menus and pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.ingest.readers.flags import NO, YES
from indexer.ingest.readers.keys import Renamed, reduce_key
from indexer.ingest.readers.paths import fold_key
from indexer.ingest.readers.record_dates import Held
from indexer.word_list import list_words

#: ``--status`` with this name accepts everything.
ANY: Final = "any"
_UNPUBLISHED: Final = list_words(
    """
    draft drafts auto-draft trash trashed pending private inherit future scheduled deleted konsep
    draf nonaktif unpublished inactive rejected ditolak hidden spam password
    """
)
_PUBLISHED: Final = list_words(
    """
    publish published live active aktif terbit tayang public approved archived usable final
    diterbitkan ditayangkan dipublikasikan dimuat publikasi
    """
)
#: What means "not published": certain under keys for the purpose, doubtful under others. Joomla
#: numbers what it archived or threw away.
_NO: Final = NO | {"-2", "-1"}
#: Before a word for "published": "belum tayang", "tidak aktif".
_NEGATIONS: Final = ("belum", "tidak", "not", "non")
_FLAGS: Final = list_words(
    """
    published ispublished publish ispublish publishflag publishedflag flagpublish state poststatus
    statuspublikasi publikasi dipublikasikan aktif isaktif active isactive ispublic terbit isterbit
    statusterbit diterbitkan tayang istayang statustayang ditayangkan visible isvisible
    sudahterbit sudahtayang tampil istampil ditampilkan stspublish
    """
)
#: Keys whose flags mean the opposite, and the status that a yes means.
_OPPOSITES: Final = {
    **dict.fromkeys(list_words("draft isdraft draf isdraf konsep unpublished"), "draft"),
    **dict.fromkeys(list_words("deleted isdeleted dihapus"), "deleted"),
    **dict.fromkeys(list_words("hidden ishidden disembunyikan"), "hidden"),
}
#: Pages of a site (about us, contact) as programs name them: under keys of their own, or under keys
#: with which other programs call every record a page, or number a newspaper's.
PAGE: Final = "page"
_PAGE_KINDS: Final = ("post_type", "wp:post_type", "blogger:type", "entry_class")
#: What else the records of such a program have: WordPress, Ghost, Drupal. One of these keys may be
#: anybody's, two are not.
_MARKS: Final = tuple(
    frozenset(list_words(keys))
    for keys in (
        "_links ping_status comment_status menu_order wordpress_id wordpress_url",
        "mobiledoc lexical comment_id feature_image",
        "nid promote sticky",
    )
)
_GHOST: Final = _MARKS[1]
_LEAST_MARKS: Final = 2
_PAGE_KEYS: Final = frozenset((*_PAGE_KINDS, "kind", "type", "__typename", PAGE))
#: With this, Sanity's ids of unpublished versions begin.
_DRAFT_ID: Final = "drafts."
#: Record types of WordPress and others that are not articles.
_OTHER_KINDS: Final = list_words(
    """
    attachment nav_menu_item revision wp_block wp_template wp_template_part wp_navigation
    wp_global_styles wp_font_family wp_font_face custom_css customize_changeset oembed_cache
    user_request acf-field acf-field-group amp_validated_url elementor_library wpcf7_contact_form
    comment template settings shop_order product_variation feedback jp_img_sitemap
    """
)


def _name_key(key: str) -> str:
    """``key``, folded, without the name of its table unless it is known with it."""
    folded = fold_key(key)
    return folded if folded in _FLAGS else reduce_key(key, "status")


def _is_page(record: Mapping[str, Any]) -> bool:
    """Whether ``record`` is a page of the site, not one of its posts.

    >>> _is_page({"wp:post_type": "page"}), _is_page({"type": "page", "url": "/kabar"})
    (True, False)
    """
    if _PAGE_KEYS.isdisjoint(record):
        return False
    for key in _PAGE_KINDS:
        kind = record.get(key)
        if isinstance(kind, str):
            return kind.lower() == PAGE
    if record.get("kind") == "blogger#page":
        return True
    if str(record.get("__typename")).lower() == PAGE and "databaseId" in record:
        return True
    if str(record.get("type")).lower() == PAGE:
        return any(_has_marks(record, marks) for marks in _MARKS)
    return str(record.get(PAGE)).lower() in YES and _has_marks(record, _GHOST)


def _has_marks(record: Mapping[str, Any], marks: frozenset[str]) -> bool:
    return sum(mark in record for mark in marks) >= _LEAST_MARKS


def _is_negated(text: str) -> bool:
    first, *rest = text.replace("-", " ").split() or [""]
    return first in _NEGATIONS and bool(rest) and rest[-1] in _PUBLISHED


@dataclass(slots=True)
class Publication:
    """Keeps published articles, and counts the others. ``wanted``: the values of ``--status``."""

    path: str
    wanted: Collection[str] = ()
    _takes_pages: bool = False
    _pages: int = 0
    _left_out: Counter[str] = field(default_factory=Counter)
    _doubtful: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._takes_pages = not {ANY, PAGE}.isdisjoint(self.wanted)
        self.wanted = frozenset(self.wanted) - {PAGE}

    def keep(self, items: Iterator[Held | Reject | Warned]) -> Iterator[Held | Reject | Warned]:
        """``items`` without unpublished records and pages; at the end warnings with counts."""
        for item in items:
            if not isinstance(item, Held):
                yield item
            elif not self._takes_pages and _is_page(item.original):
                self._pages += 1
            elif self._wants(item.renamed):
                yield item
        yield from self._tell()

    def _wants(self, record: Renamed) -> bool:
        about = record.about
        if str(record.values.get("id", "")).startswith(_DRAFT_ID) and ANY not in self.wanted:
            self._left_out["draft"] += 1
            return False
        if not about:
            return True
        kind = about.get("kind")
        if isinstance(kind, str) and kind.lower() in _OTHER_KINDS:
            self._left_out[kind.lower()] += 1
            return False
        statuses = about.get("status")
        if not statuses or ANY in self.wanted:
            return True
        for key, value in statuses.items():
            named = self._name_refused(_name_key(key), value)
            if named:
                self._left_out[named] += 1
                return False
        return True

    def _name_refused(self, key: str, value: Any) -> str:
        """What to report about an unwanted status; empty if it is wanted."""
        text = str(value).strip().lower()
        if key in _OPPOSITES and text in YES | NO:
            text = _OPPOSITES[key] if text in YES else "publish"
        refused = text in _UNPUBLISHED or _is_negated(text)
        if self.wanted:
            known = refused or text in _NO or text in _PUBLISHED or text in YES
            if self._is_named(text) or (key in _FLAGS and text in NO and "draft" in self.wanted):
                return ""
            return text if known or "status" in key else ""
        if refused:
            return text
        if text in _NO and (key in _FLAGS or value is False):
            return f"{key} {text}"
        if text in _NO:
            self._doubtful[text] += 1
        return ""

    def _is_named(self, text: str) -> bool:
        """Whether ``--status`` names ``text`` or a synonym of it."""
        if text in self.wanted:
            return True
        published = {*_PUBLISHED, *YES}
        return text in published and not published.isdisjoint(self.wanted)

    def _tell(self) -> Iterator[Warned]:
        if self._left_out:
            counts = ", ".join(f"{count:,} {name}" for name, count in self._left_out.most_common(6))
            told = f"left out, because they are not published: {counts}"
            statuses = [name for name in self._left_out if name not in _OTHER_KINDS]
            yield Warned(self.path, 1, told, f"--status {ANY} takes drafts in" if statuses else "")
        if self._pages:
            pages = "1 page" if self._pages == 1 else f"{self._pages:,} pages"
            told = f"left out {pages} of the site, as only its posts are articles"
            yield Warned(self.path, 1, told, f"--status {PAGE} takes pages in")
        for text, count in self._doubtful.items():
            records = "1 record has" if count == 1 else f"{count:,} records have"
            yield Warned(
                self.path,
                1,
                f"{records} the status {text!r}, which may mean that it is not published",
                "--status 1 leaves it out",
            )

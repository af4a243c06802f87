"""How does an exported record become an :class:`~indexer.article.Article`, and an article what an
engine needs?

What the record says always wins; its text (:mod:`indexer.ingest.wire`) only fills gaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import orjson

from indexer.article import Article, Reject, Warned
from indexer.calendar import count_days, localize
from indexer.engine.base import AnalysedDocument
from indexer.ingest import wire
from indexer.ingest.attribute_values import read_attribute_values
from indexer.ingest.body_text import read_body
from indexer.ingest.cut_text import take_cut
from indexer.ingest.dates import count_seconds, parse_date, write_date
from indexer.ingest.extra import read_extra
from indexer.ingest.facet_values import EMPTY_TABLE, clean_label, join_own, list_labels
from indexer.ingest.image import (
    find_among,
    find_in_blocks,
    find_in_markup,
    read_caption,
    read_image,
)
from indexer.ingest.outlets import HOST, shorten_host
from indexer.ingest.own_values import OwnValues, read_own
from indexer.ingest.plain_text import clean_line, clean_text, normalise_characters
from indexer.ingest.value_list import parse_list
from indexer.own_fields.declaration import NO_FIELDS, OwnFields

#: Maximum size of an article's text in bytes of UTF-8: the longest reportage has a tenth of it.
MAX_ARTICLE_BYTES: Final = 2_000_000
#: Titles that even in their shortest form are a whole sentence are truncated for display, not here.
_LONGEST_TITLE: Final = 500
_LONGEST_ID: Final = 512
#: Maximum length of an address and of another field's value in characters, and of lists in values;
#: no article has more.
LONGEST_URL: Final = 8_192
LONGEST_VALUE: Final = 1_000
MOST_VALUES: Final = 1_000
_CUT_FIELDS: Final = ("source", "category", "agency", "place")
_CUT_LISTS: Final = ("tags", "authors", "editors", "related")
_EXCERPT: Final = 80
_FINGERPRINT_BYTES: Final = 8
_LIST_SEPARATOR: Final = re.compile(
    r"[;\n|]|,(?!\s*(?:(?:S|M|A|Ph|Sp|Dr|Ir)\.|(?:SH|MH|MM|MA|SE|ST|Lc)\b))"
)
_TRACKING: Final = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|igshid|mc_[ce]id|_ga|ref|amp|jxconn|jxrecoid|jxsessid|"
    r"tag_from|page=(?:all|\d+)|single=1|source=\w*(?:nav|home|terkini|terkait|search))",
    re.IGNORECASE,
)
#: A scheme other than the web's. ``contoh.id:8080/berita`` has none: that is a host and its port.
_OTHER_SCHEME: Final = re.compile(r"(?!https?:|[\w-]+(?:\.[\w-]+)+:\d)[^/?#]*?:", re.IGNORECASE)
#: Characters that no host name contains: two values in one field, or running text, are not an
#: address.
_NO_HOST: Final = re.compile(r"[\s,;|<>\"]")
_FULL_DATE: Final = re.compile(r"\d{4}")
#: Keys under which nested values keep the value itself: WordPress, schema.org, MongoDB, XML
#: converters.
_INNER_KEYS: Final = (
    "rendered",
    "name",
    "person",
    "nama",
    "title",
    "value",
    "text",
    "#text",
    "$t",
    "$date",
    "$oid",
    "$numberLong",
    "$numberInt",
    "$uuid",
    "plain_text",
    "start",
    "iso",
    "displayName",
    "display_name",
    "full_name",
    "fullname",
    "label",
    "@term",
    "term",
    "qcode",
    "@url",
    "main",
    "basic",
    "data",
    "attributes",
    "fields",
    "node",
    "nodes",
    "edges",
    "und",
    "@key",
    "slug",
    "original",
    "display",
)
#: Under which of these an object has a list of values.
_LISTS_INSIDE: Final = ("nodes", "edges", "data", "values", "items")
_PERSON_KEYS: Final = (
    *("first_name", "firstName", "firstname", "given_name", "givenName", "nama_depan"),
    *("last_name", "lastName", "lastname", "family_name", "familyName", "nama_belakang"),
)
#: Other keys under which an object keeps its name: ``nama_kategori``.
_NAMING_KEY: Final = re.compile(
    r"(?i:nama|name|judul|title|label)(?=_|[A-Z]|$)|(?i:\w+_(?:nama|name|judul|title|label)$)"
)
#: Maximum nesting depth searched for a value.
_DEEPEST_VALUE: Final = 20
#: The same for an address.
_ADDRESS_KEYS: Final = ("href", "@href", "url", "@url", "@id", "rendered", "value", "link")
#: Bodies up to this many characters are examined closely.
_SHORT_BODY: Final = 300
#: Separators after which a title may name its publisher: ``Satu Kabar - JPNN.com``.
_TITLE_ENDS: Final = re.compile(r"\s+(?:[-|–—»·•]|::)\s+(?P<name>[^|»]{2,60})$")
_ROLE_LABEL: Final = re.compile(
    r"[A-Za-z]{2,15}\s?:(?!//)\s*|\A(?:[Oo]leh|OLEH|[Bb]y|BY|[Dd]itulis oleh)\s+(?=[A-Z])"
)
_OBJECT_ID: Final = re.compile(r"ObjectId\([\"']?(?P<id>\w{1,64})[\"']?\)")
_FRONT_PAGE: Final = ("home", "beranda", "homepage", "halaman depan", "halaman utama")
_LIST_TEXTS: Final = ("[", "{", "(", "a:")
_WORDS_ONLY_HASHTAGS: Final = re.compile(r"\s*(?:#\w+\s*){2,}")


@dataclass(slots=True)
class Built:
    """The result of one record: an article with its warnings, or a rejection."""

    article: Article | None
    warnings: list[Warned] = field(default_factory=list)
    reject: Reject | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as read, and everything needed to make an article of it; see
    :func:`build_article`.
    """

    record: Mapping[str, Any]
    path: str
    line: int
    source: str = ""
    max_article_bytes: int = MAX_ARTICLE_BYTES

    def finish(self) -> Iterator[Article | Reject | Warned]:
        """The article, then its warnings; or the rejection."""
        built = build_article(
            self.record,
            path=self.path,
            line=self.line,
            source=self.source,
            max_article_bytes=self.max_article_bytes,
        )
        if built.reject is not None:
            yield built.reject
        elif built.article is not None:
            yield built.article
        yield from built.warnings


class _Unusable(Exception):
    """The record cannot become an article; the text says why."""


def build_article(
    record: Mapping[str, Any],
    *,
    path: str,
    line: int,
    source: str = "",
    max_article_bytes: int = MAX_ARTICLE_BYTES,
) -> Built:
    """The article of one ``record``, whose keys are our field names.

    Values may be strings, numbers, lists, ``None`` or small nested objects. ``source`` is the
    publisher if neither the record nor its text names one. ``path`` and ``line`` only appear in
    warnings and rejections. Never raises for anything in the record.
    """
    warnings: list[Warned] = []
    try:
        article = _build(record, source, max_article_bytes, warnings, path, line)
    except _Unusable as problem:
        return Built(None, reject=Reject(path, line, str(problem), make_excerpt(record)))
    return Built(article, warnings)


def _build(
    record: Mapping[str, Any],
    source: str,
    max_article_bytes: int,
    warnings: list[Warned],
    path: str,
    line: int,
) -> Article:
    raw_body, cut = take_cut(_read_raw_body(record.get("body")))
    title = clean_line(_read_text(record.get("title")))
    if not raw_body.strip():
        reason = "no text: it has a title only" if title else "no text"
        raise _Unusable(reason)
    # A character has at most 4 bytes in UTF-8, so only long texts need counting.
    if len(raw_body) * 4 > max_article_bytes and len(_encode(raw_body)) > max_article_bytes:
        raise _Unusable(f"its text is over the limit of {max_article_bytes:,} bytes")
    given_source = clean_line(_read_text(record.get("source")))
    text = clean_text(raw_body)
    parts = wire.parse(text, title=title, source=given_source)
    if not parts.body:
        if not text.strip():
            raise _Unusable("no text: nothing is left of its markup")
        # Only boilerplate: keep it, so that the article can be found by its title.
        warnings.append(Warned(path, line, "its text is nothing but boilerplate"))
        parts = wire.WireParts(body=" ".join(text.split()), title=title, text=parts.text)
        parts.title = title or wire.make_title(parts.body)
    if not parts.title:
        raise _Unusable("no text: it has no word, and no title")
    if len(parts.body) < _SHORT_BODY and _is_hollow(parts.body):
        warnings.append(Warned(path, line, "its text is hardly more than punctuation"))
    if cut:
        told = f"its text is cut: where it goes on its record has {make_excerpt(cut)!r}"
        warnings.append(Warned(path, line, told))
    url = _read_url(record.get("url") or parts.url, warnings, path, line)
    published = _read_published(record.get("published_at"), parts, warnings, path, line)
    article = Article(
        id=_read_id(record.get("id")),
        title=parts.title[:_LONGEST_TITLE],
        body=parts.body,
        url=url,
        source=given_source or parts.source or source or _host_of(url),
        published_at=write_date(published) if published is not None else "",
        category=_join_sections(record.get("category")),
        tags=_read_list(record.get("tags")),
        authors=_read_people(record.get("authors")) or parts.authors,
        editors=_read_people(record.get("editors")) or parts.editors,
        agency=clean_line(_read_text(record.get("agency"))) or parts.agency,
        place=clean_line(_read_text(record.get("place"))) or parts.place,
        related=_read_list(record.get("related"), whole=True) or parts.related,
    )
    article.title = _drop_publisher(article)
    article.extra = read_extra(record.get("extra"), warnings, path, line)
    _add_image(article, record, raw_body)
    article.keep_original(parts.text)
    warnings += (Warned(path, line, told) for told in _cut_fields(article))
    if not article.id:
        article.id = make_id(article)
    return article


def _is_hollow(text: str) -> bool:
    """Whether there are at least as many marks as words, the remains of lost links and pictures."""
    marks = [piece for piece in text.split() if not any(map(str.isalnum, piece))]
    return len(marks) * 2 >= len(text.split())


def _drop_publisher(article: Article) -> str:
    """The title without the publisher's name at its end."""
    title = article.title
    found = _TITLE_ENDS.search(title[-80:])
    if found is None or len(found[0]) >= len(title):
        return title
    publishers = {clean_label("source", name) for name in (article.source, _host_of(article.url))}
    named = clean_label("source", found["name"])
    if named in publishers or any(named == name.split(".")[0] for name in publishers if name):
        return title[: len(title) - len(found[0])].rstrip()
    return title


def _add_image(article: Article, record: Mapping[str, Any], raw_body: str) -> None:
    """The picture named by the record, or else the first one in its text."""
    given = record.get("image")
    image, caption = read_image(given, article.url)
    if not image and not isinstance(record.get("body"), str):
        image, caption = find_in_blocks(record.get("body"), article.url)
    if not image and article.extra:
        image, caption = find_among(article.extra, article.url)
    if not image:
        image, caption = (
            find_in_markup(raw_body, article.url)
            if "<" in raw_body or "![" in raw_body
            else ("", "")
        )
        if given and "image" not in article.extra:
            # A file name in an unknown folder.
            article.extra.update(read_extra({"image": given}, [], "", 1))
    article.image = image
    given_caption = read_caption(record.get("image_caption"))
    if image:
        article.image_caption = given_caption or caption
    elif given_caption:
        article.extra["image_caption"] = given_caption


def _cut_fields(article: Article) -> Iterator[str]:
    """Truncate values that are longer than any article's; yields a sentence for each."""
    for name in _CUT_FIELDS:
        value = getattr(article, name)
        if len(value) > LONGEST_VALUE:
            setattr(article, name, value[:LONGEST_VALUE].strip())
            yield f"its {name} is over {LONGEST_VALUE:,} characters and was cut"
    for name in _CUT_LISTS:
        values = getattr(article, name)
        if len(values) > MOST_VALUES:
            yield f"it has {len(values):,} {name}; the first {MOST_VALUES:,} are kept"
        if len(values) > MOST_VALUES or any(len(value) > LONGEST_VALUE for value in values):
            setattr(article, name, [value[:LONGEST_VALUE] for value in values[:MOST_VALUES]])


def make_id(article: Article) -> str:
    """An id for an article that came without one: its canonical URL, or else a hash of source, date
    and title (and of the body, if it has no title of its own).

    >>> make_id(Article("", "Judul", "Isi", url="https://www.Contoh.id/a/?utm_source=x#y"))
    'https://contoh.id/a'
    """
    url = canonical_url(article.url)
    if url:
        return url
    digest = blake2b(digest_size=12)
    for value in (article.source, article.published_at, article.title):
        digest.update(value.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def canonical_url(url: str) -> str:
    """The canonical form of ``url``, or an empty string if it is not a web address.

    Scheme https, host in lower case without ``www.``, no fragment, no trailing slash, no parameters
    that only track visitors or select a page.

    >>> canonical_url("http://www.contoh.id/berita/12/?page=all&utm_medium=fb&b=2")
    'https://contoh.id/berita/12?b=2'
    """
    if not url.lower().startswith(("http://", "https://", "//")):
        return ""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return ""
    if not host or _NO_HOST.search(host):
        return ""
    query = ""
    if parts.query:
        kept = [
            (key, value)
            for key, value in parse_qsl(parts.query, keep_blank_values=True)
            if not (_TRACKING.fullmatch(key) or _TRACKING.fullmatch(f"{key}={value}"))
        ]
        query = "?" + urlencode(kept) if kept else ""
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._").rstrip("/")
    canonical = f"https://{host}{port}{path}{query}"
    return canonical if len(canonical) <= _LONGEST_ID else ""


def document(
    article: Article,
    *,
    joined_labels: Mapping[str, str] = EMPTY_TABLE,
    fields: OwnFields = NO_FIELDS,
    problems: list[str] | None = None,
) -> AnalysedDocument:
    """``article`` with everything an engine needs except its tokens: labels, date, fingerprint.

    ``joined_labels``: see :func:`indexer.ingest.facet_values.list_labels`. ``fields`` are the
    site's own; values that do not fit them are added to ``problems``.
    """
    moment = parse_date(article.published_at) if article.published_at else None
    labels = list_labels(article, joined=joined_labels)
    own = read_own(article, fields) if fields.fields else OwnValues()
    if fields.attributes is not None:
        read_attribute_values(article, fields.attributes, own)
    for column, found in own.labels.items():
        labels[column] = join_own(column, found, joined_labels) if joined_labels else found
    if problems is not None:
        problems.extend(own.problems)
    return AnalysedDocument(
        article=article,
        labels=labels,
        published_second=count_seconds(moment) if moment is not None else None,
        published_day=count_days(localize(moment)) if moment is not None else None,
        fingerprint=make_fingerprint(article),
        values=own.values,
        title_more=own.title_more,
        body_more=own.body_more,
        title_searched=own.title_searched,
        body_searched=own.body_searched,
    )


def make_fingerprint(article: Article) -> bytes:
    """Eight bytes that change when anything about ``article`` changes."""
    values = orjson.dumps(article)
    return blake2b(values, digest_size=_FINGERPRINT_BYTES).digest()


def make_excerpt(record: Mapping[str, Any] | str) -> str:
    """At most 80 characters that identify a record to a person."""
    if isinstance(record, str):
        text = record[: _EXCERPT * 4]
    else:
        named = [record.get(key) for key in ("title", "url", "id", "body")]
        text = next((str(value) for value in named if value), str(dict(record)))
    text = " ".join(text[: _EXCERPT * 4].split())
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…"


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _read_text(value: Any, depth: int = 0) -> str:
    """A value as text: the first of a list, the inner value of an object; otherwise empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        # Lone surrogates, from broken escapes in JSON, cannot be stored as UTF-8.
        return value if value.isascii() else _drop_surrogates(value)
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        # pandas writes NaN for "nothing".
        return "" if value != value else str(value)
    if depth > _DEEPEST_VALUE:
        return ""
    if isinstance(value, Mapping):
        return _read_object(value, depth)
    if isinstance(value, Sequence) and value:
        return _read_text(value[0], depth + 1)
    return ""


def _read_object(value: Mapping[str, Any], depth: int) -> str:
    """What an object says under the key for its value or name."""
    for key in _INNER_KEYS:
        if value.get(key) and (text := _read_text(value[key], depth + 1)):
            return text
    person = [value.get(key) for key in _PERSON_KEYS]
    if any(person):
        return " ".join(one for one in person if isinstance(one, str) and one)
    named = (one for key, one in value.items() if _NAMING_KEY.match(str(key)))
    found = next((one for one in named if isinstance(one, str)), "")
    inner = [one for one in value.values() if isinstance(one, Mapping)]
    # A link to another table, with its row: {"tags_id": {"name": "banjir"}}.
    return _read_text(inner[0], depth + 1) if not found and len(inner) == 1 else found


def _drop_surrogates(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _read_raw_body(value: Any) -> str:
    """A body as given, including markup."""
    if isinstance(value, str):
        if value[:1] in ("[", "{") and value[1:2] in ("'", '"', "[", "{"):
            value = parse_list(value)
        if isinstance(value, str):
            return value if value.isascii() else _drop_surrogates(value)
    return _drop_surrogates(read_body(value))


def _read_url(value: Any, warnings: list[Warned], path: str, line: int) -> str:
    """The address, unless its scheme is not one of the web's.

    Sites link hits to their address: a ``javascript:`` address would run in their readers'
    browsers.
    """
    if not isinstance(value, str) and isinstance(value, Mapping):
        value = next((value[key] for key in _ADDRESS_KEYS if value.get(key)), "")
    url = clean_line(_read_text(value))
    if len(url) > LONGEST_URL:
        told = f"its address is over {LONGEST_URL:,} characters; it is left out"
    elif _OTHER_SCHEME.match(url):
        told = f"{make_excerpt(url)!r} is no address of the web; it is left out"
    else:
        return url
    warnings.append(Warned(path, line, told))
    return ""


def _read_id(value: Any) -> str:
    text = unwrap_call(" ".join(_read_text(value).split()))
    if isinstance(value, str) and not value.isascii() and _drop_surrogates(value) != value:
        # Broken escapes can make different ids look alike.
        return blake2b(_encode(value), digest_size=12).hexdigest()
    if not text.isprintable():
        text = normalise_characters(text)
    if len(text) > _LONGEST_ID:
        return blake2b(_encode(text), digest_size=12).hexdigest()
    return text


def unwrap_call(text: str) -> str:
    """``text`` without what MongoDB writes around ids in tables.

    >>> unwrap_call("ObjectId(64b7f1c2e4b0a1a2b3c4d5e6)")
    '64b7f1c2e4b0a1a2b3c4d5e6'
    """
    found = _OBJECT_ID.fullmatch(text) if text.startswith("ObjectId") else None
    return found["id"] if found is not None else text


def _read_list(value: Any, *, whole: bool = False) -> list[str]:
    """The values of a list, or of a string that separates them by commas, semicolons or bars.

    ``whole``: a string is one value.
    """
    if value is None or value == "":
        return []
    if isinstance(value, str) and value.startswith(_LIST_TEXTS):
        value = parse_list(value)
    if isinstance(value, str):
        text = _read_text(value)
        if "#" in text and _WORDS_ONLY_HASHTAGS.fullmatch(text):
            pieces = text.split()
        else:
            pieces = [text] if whole else _LIST_SEPARATOR.split(text)
    elif isinstance(inner := _find_list_inside(value), Sequence):
        # Numbers in a list are keys of another table; texts may be titles with commas.
        pieces = [_read_text(item) for item in inner if not isinstance(item, int | float)]
    else:
        pieces = [_read_text(value)]
    cleaned = [text for text in map(clean_line, pieces) if text]
    return list(dict.fromkeys(cleaned))


def _read_people(value: Any) -> list[str]:
    """People of a list, without what pages write before their names: ``Penulis: Rina``."""
    names = (_ROLE_LABEL.sub("", name, count=1) for name in _read_list(value))
    return list(dict.fromkeys(filter(None, names)))


def _find_list_inside(value: Any) -> Any:
    """The list that an object holds, as GraphQL and REST interfaces wrap it; else ``value``."""
    if isinstance(value, Mapping):
        return next(
            (value[key] for key in _LISTS_INSIDE if isinstance(value.get(key), list)), value
        )
    return value


def _join_sections(value: Any) -> str:
    """A section; of a list, the first: sites list the main one first."""
    if isinstance(value, str) and value.startswith(_LIST_TEXTS):
        value = parse_list(value)
    if isinstance(value, list) and len(value) > 1 and _is_front_page(value[0]):
        # The trail of links above an article: Home, Ekonomi.
        value = value[1:]
    return clean_line(_read_text(value))


def _is_front_page(value: Any) -> bool:
    return isinstance(value, str) and value.strip().lower() in _FRONT_PAGE


def _read_published(
    value: Any, parts: wire.WireParts, warnings: list[Warned], path: str, line: int
) -> datetime | None:
    if not isinstance(value, str) and isinstance(value, Mapping):
        value = next((value[key] for key in _INNER_KEYS if value.get(key)), None)
    if isinstance(value, list):
        value = value[0] if value else None
    unreadable = ""
    if value is not None and value != "":
        moment = parse_date(value) if isinstance(value, str | int | float) else None
        if moment is not None:
            return moment
        unreadable = str(value)
    if parts.published:
        moment = parse_date(parts.published)
        # "Jakarta, 20/7 (ANTARA)" is a day without its year: uninformative, but not a mistake.
        if moment is None and not unreadable and _FULL_DATE.search(parts.published):
            unreadable = parts.published
    else:
        moment = None
    if unreadable:
        excerpt = make_excerpt(unreadable)
        warnings.append(Warned(path, line, f"{excerpt!r} is no date we can read; it is left out"))
    return moment


def _host_of(url: str) -> str:
    match = HOST.match(url)
    return shorten_host(match["host"]) if match else ""

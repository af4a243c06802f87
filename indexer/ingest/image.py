"""Which picture does an article have, and what is its caption?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urljoin

import orjson

from indexer.ingest.plain_text import clean_line

_LONGEST: Final = 2_048
_DEEPEST: Final = 6
_URL_KEYS: Final = (
    "sourceUrl",
    *("url", "src", "href", "contentUrl", "source_url", "@url", "@href", "image:loc", "loc"),
    *(
        "original_url",
        "originalUrl",
        "secure_url",
        "download_url",
        "original",
        "full",
        "large",
        "image_intro",
        "image_fulltext",
        "link",
        "uri",
        "path",
    ),
    *("baseImage", "viewImage", "file", "data", "#text", "filename"),
)
_CAPTION_KEYS: Final = (
    *("caption", "image:caption", "media:description", "image_intro_caption", "keterangan"),
    *("image_fulltext_caption", "body_text", "description_text", "description", "image:title"),
    *("media:title", "alt_text", "alt", "title"),
)
_KIND_KEYS: Final = ("@type", "@medium", "type", "mime_type", "mimetype", "media_type")
_NO_IMAGE: Final = re.compile(r"(?:audio|video|text|application)\b", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(?:https?:)?//[^\s\"'<>]+", re.IGNORECASE)
_PATH: Final = re.compile(r"/[^\s\"'<>]+")
_TAG: Final = re.compile(r"<img\b([^<>]{1,2000})>", re.IGNORECASE)
_TAG_SOURCE: Final = re.compile(
    r"\b(?P<name>data-(?:lazy-)?src|data-original|src)\s*=\s*[\"']?(?P<url>[^\"'\s>]{4,})",
    re.IGNORECASE,
)
#: Pictures that are not photographs of the story: tracking pixels, smileys, logos.
_ORNAMENT: Final = re.compile(
    r"s\.w\.org/images/core/emoji|feedburner|/pixel|[?&]blank|doubleclick|gravatar|"
    r"\bwidth\s*=\s*[\"']?1\b",
    re.IGNORECASE,
)
_CAPTION_TAG: Final = re.compile(
    r"<figcaption[^<>]{0,400}>(?P<text>.{1,1500}?)</figcaption>", re.IGNORECASE | re.DOTALL
)
_MARKDOWN: Final = re.compile(r"!\[(?P<alt>[^\[\]\n]{0,300})\]\((?P<url>[^()\s]{4,2000})")
_CAPTION_WITHIN: Final = 800
_IMAGE_BLOCK: Final = re.compile(r"image|picture|photo|figure", re.IGNORECASE)
_MOST_BLOCKS: Final = 500
_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)(?:[?#]|$)", re.IGNORECASE)
#: Keys of pictures that show the publisher or a person instead of the story.
_OF_OTHERS: Final = re.compile(r"logo|icon|ikon|avatar|profil|author|user|penulis", re.IGNORECASE)


def read_image(value: Any, page: str = "") -> tuple[str, str]:
    """Address and caption of a picture as records give it: an address, an object, a list, a tag.

    ``page`` is the article's address, against which a path is resolved. Empty if there is no
    picture.

    >>> read_image({"url": "//a.id/x.jpg", "caption": "Banjir"})
    ('https://a.id/x.jpg', 'Banjir')
    """
    return _read(value, page, 0)


def _read(value: Any, page: str, depth: int) -> tuple[str, str]:
    if depth > _DEEPEST or not value:
        return "", ""
    if isinstance(value, str):
        return _read_text(value.strip(), page, depth)
    if isinstance(value, list):
        found = (_read(one, page, depth + 1) for one in value[:20])
        return next((one for one in found if one[0]), ("", ""))
    if isinstance(value, Mapping):
        return _read_object(value, page, depth)
    return "", ""


def _read_text(text: str, page: str, depth: int) -> tuple[str, str]:
    if text[:1] in "{[" and len(text) < 20_000:
        try:
            return _read(orjson.loads(text), page, depth + 1)
        except orjson.JSONDecodeError:
            return "", ""
    if "|http" in text:
        # A table's list of pictures.
        text = text.partition("|")[0].strip()
    if text[:4].lower() == "<img":
        return find_in_markup(text, page)
    return complete_address(text, page), ""


def complete_address(text: str, page: str) -> str:
    """``text`` as a web address, resolved against that of the page; otherwise empty."""
    text = text.strip()
    if len(text) > _LONGEST:
        return ""
    if _ADDRESS.fullmatch(text):
        return f"https:{text}" if text.startswith("//") else text
    if page.startswith("http") and _PATH.fullmatch(text):
        try:
            return urljoin(page, text)
        except ValueError:
            return ""
    return ""


def _read_object(value: Mapping[str, Any], page: str, depth: int) -> tuple[str, str]:
    if any(_NO_IMAGE.match(str(value.get(key) or "")) for key in _KIND_KEYS):
        return "", ""
    url = caption = ""
    for key in _URL_KEYS:
        url, caption = _read(value.get(key), page, depth + 1)
        if url:
            break
    else:
        inner = (
            _read(one, page, depth + 1) for one in value.values() if isinstance(one, dict | list)
        )
        url, caption = next((one for one in inner if one[0]), ("", ""))
    own = next((text for key in _CAPTION_KEYS if (text := read_caption(value.get(key)))), "")
    return (url, own or caption) if url else ("", "")


def read_caption(value: Any) -> str:
    """A caption on one line, from any type of value."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("rendered", "#text", "value") if value.get(key)), "")
    if isinstance(value, list):
        value = value[0] if value else ""
    return clean_line(value)[:1_000] if isinstance(value, str) else ""


def find_in_blocks(value: Any, page: str = "", depth: int = 0) -> tuple[str, str]:
    """Address and caption of the first picture among the blocks of a body; empty if it has none.

    >>> find_in_blocks([{"type": "text"}, {"type": "image", "url": "https://a.id/b.jpg"}])
    ('https://a.id/b.jpg', '')
    """
    if depth > _DEEPEST:
        return "", ""
    if isinstance(value, Mapping):
        kind = next((value[key] for key in ("type", "_type", "nodeType") if value.get(key)), "")
        if isinstance(kind, str) and _IMAGE_BLOCK.search(kind):
            return _read(value, page, 0)
        for key, one in value.items():
            if _IMAGE_BLOCK.fullmatch(str(key)) and (own := _read(one, page, 0))[0]:
                return own
        value = [one for one in value.values() if isinstance(one, list | dict)]
    if isinstance(value, list):
        found = (find_in_blocks(one, page, depth + 1) for one in value[:_MOST_BLOCKS])
        return next((one for one in found if one[0]), ("", ""))
    return "", ""


def find_among(values: Mapping[str, Any], page: str = "") -> tuple[str, str]:
    """Address and caption of the first of a record's other values that is a picture, by the ending
    of its address; empty if none is.

    >>> find_among({"video": "https://a.id/b.mp4", "sampul": {"url": "https://a.id/b.jpg"}})
    ('https://a.id/b.jpg', '')
    """
    for key, value in values.items():
        if isinstance(value, str | dict) and not _OF_OTHERS.search(key):
            url, caption = _read(value, page, _DEEPEST - 1)
            if url and _PICTURE.search(url):
                return url, caption
    return "", ""


def find_in_markup(text: str, page: str = "") -> tuple[str, str]:
    """Address and caption of the first picture in HTML or Markdown; empty if it has none.

    >>> find_in_markup('<p>A</p><figure><img src="https://a.id/b.jpg"><figcaption>Ini</figcaption>')
    ('https://a.id/b.jpg', 'Ini')
    """
    for tag in _TAG.finditer(text):
        sources = {one["name"].lower(): one["url"] for one in _TAG_SOURCE.finditer(tag[1])}
        url = ""
        for name in sorted(sources, key=lambda name: name == "src"):
            url = url or complete_address(sources[name].replace("&amp;", "&"), page)
        if url and not _ORNAMENT.search(tag[0]):
            behind = text[tag.end() : tag.end() + _CAPTION_WITHIN]
            caption = _CAPTION_TAG.search(behind)
            return url, clean_line(caption["text"]) if caption else ""
    if "![" in text:
        for image in _MARKDOWN.finditer(text):
            url = complete_address(image["url"], page)
            if url:
                return url, clean_line(image["alt"])
    return "", ""

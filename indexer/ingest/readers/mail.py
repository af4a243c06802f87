"""How are e-mails and saved pages read? Both are messages: ``.eml``, and ``.mhtml`` of browsers.

A saved page is read like any page. An e-mail is an article with its subject as the title, or else
the documents attached to it are.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.ingest.plain_text import html_to_text
from indexer.ingest.readers.decode import decode
from indexer.ingest.readers.documents import read_text
from indexer.ingest.readers.html_page import limit_nesting, read_page
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.limits import MAX_MESSAGE
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.readers.unnamed_text import is_prose
from indexer.ingest.readers.wire_copy import read_copy
from indexer.ingest.readers.zip_damage import Unreadable

_FORWARDED: Final = re.compile(r"(?:(?:re|fwd?|tr|bls|trs)\s?:\s*)+", re.IGNORECASE)
#: What follows two dashes and a space is the sender's signature, by convention. Without the space
#: the line may also separate two parts of a text.
_SIGNATURE: Final = re.compile(r"^-- \n", re.MULTILINE)
_DASHES: Final = re.compile(r"^--\n", re.MULTILINE)
#: The line that begins a message of a mailbox.
_MAILBOX: Final = re.compile(rb"^From [^\n]*\n(?=[A-Za-z-]{1,60}:)", re.MULTILINE)
#: How many times longer the version with markup is than one that says nothing.
_MOST_LONGER: Final = 2
_DOCUMENTS: Final = (".docx", ".odt")
_MOST_PARTS: Final = 1_000
#: Containers of parts, which may contain each other, and characters of a header; parsing takes time
#: that grows with the square of either.
_CONTAINERS: Final = re.compile(rb"(?i:multipart|message)/")
_MOST_CONTAINERS: Final = 40
_LONGEST_HEADER: Final = 10_000


def read_mail(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """The record of a saved page; or of an e-mail; or of each document attached to it."""
    data = source.stream.read(MAX_MESSAGE + 1)
    if len(data) > MAX_MESSAGE:
        yield Reject(source.path, 1, f"the message is over the limit of {MAX_MESSAGE:,} bytes")
        return
    line = 1
    for piece in _MAILBOX.split(data) if data.startswith(b"From ") else [data]:
        if piece.strip():
            yield from _read_one(source.path, line, piece, options)
        # The one that begins a message was cut off.
        line += piece.count(b"\n") + 1


def _read_one(path: str, line: int, data: bytes, options: Options) -> Iterator[Record | Reject]:
    """The records of one message."""
    if len(_CONTAINERS.findall(data)) > _MOST_CONTAINERS:
        yield Reject(path, line, "its parts are nested too deeply")
        return
    message = BytesParser(policy=policy.compat32).parsebytes(data)
    parts = [part for part in message.walk() if _is_readable(part)][:_MOST_PARTS]
    pages = [part for part in parts if part.get_content_type() == "text/html"]
    address = _header(message, "Snapshot-Content-Location") or (
        _header(pages[0], "Content-Location") if pages else ""
    )
    if address and pages:
        yield _read_saved(path, pages[0], address, options)
        return
    attached = [part for part in parts if _is_document(part)]
    for part in attached:
        yield _read_attached(path, line, part, message, options)
    if not attached:
        yield _read_message(path, line, parts, message)


def _is_document(part: Message) -> bool:
    name = (part.get_filename() or "").lower()
    return name.endswith(_DOCUMENTS) or (name.endswith(".txt") and not _is_shown(part))


def _read_saved(path: str, part: Message, address: str, options: Options) -> Record | Reject:
    found = read_page(_payload(part), options.keys)
    if isinstance(found, str):
        return Reject(path, 1, found)
    if not found.get("url") and address.startswith("http"):
        found["url"] = address
    return Record(1, found)


def _read_attached(
    path: str, line: int, part: Message, message: Message, options: Options
) -> Record | Reject:
    try:
        if part.get_content_maintype() == "text":
            text = _decode(part) or ""
        else:
            text = read_text(io.BytesIO(_payload(part)), options.max_article_bytes)
    except Unreadable as problem:
        return Reject(f"{path}/{part.get_filename()}", 1, str(problem))
    return Record(line, {"published_at": _header(message, "Date"), **read_copy(text)})


def _read_message(path: str, line: int, parts: list[Message], message: Message) -> Record | Reject:
    shown = [part for part in parts if _is_shown(part)]
    # Clients write the text on both sides of a picture as parts of their own.
    plain = _join(_read_plain(part) for part in shown)
    pages = [_decode(part) or "" for part in shown if part.get_content_type() == "text/html"]
    flat = [one for page in pages if (one := limit_nesting(page)) is not None]
    if not plain and len(flat) < len(pages):
        return Reject(path, line, "its elements are nested too deeply")
    marked = _join(_cut_signature(html_to_text(page)) for page in flat)
    # Some write into the plain version only that there is another.
    text = marked if len(marked) > len(plain) * _MOST_LONGER else plain
    if not text:
        return Reject(path, line, "the message has no text")
    values: dict[str, Any] = read_copy(text)
    title = _FORWARDED.sub("", _header(message, "Subject"), count=1)
    return Record(line, {"published_at": _header(message, "Date"), **values, **_named(title)})


def _join(texts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, texts))


def _read_plain(part: Message) -> str:
    """The text of a part that has no markup, without a signature; empty for any other."""
    is_plain = part.get_content_type() == "text/plain"
    return _cut_signature((_decode(part) or "").replace("\r\n", "\n")) if is_plain else ""


def _cut_signature(text: str) -> str:
    signature = _SIGNATURE.search(text)
    if signature is not None:
        return text[: signature.start()].strip()
    *_, dashes = (None, *_DASHES.finditer(text))
    if dashes is not None and not is_prose(text[dashes.end() :]):
        return text[: dashes.start()].strip()
    return text.strip()


def _named(title: str) -> dict[str, str]:
    return {"title": title} if title else {}


def _is_readable(part: Message) -> bool:
    """Whether ``part`` is no container, and its headers can be parsed in little time."""
    return not part.is_multipart() and all(
        len(str(value)) <= _LONGEST_HEADER for value in part.values()
    )


def _is_shown(part: Message) -> bool:
    return part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"


def _header(part: Message, name: str) -> str:
    """A header as text; empty if it is missing, or so broken that it cannot be parsed."""
    given = str(part.get(name, ""))[:_LONGEST_HEADER]
    try:
        return " ".join(str(make_header(decode_header(given))).split())
    except (HeaderParseError, ValueError, LookupError):
        # Not base64, an unknown encoding, or bytes that are not in the one named.
        return ""


def _payload(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _decode(part: Message) -> str | None:
    """The text of a part, in its declared encoding unless it is UTF-8."""
    data = _payload(part)
    decoded = decode(data)
    if decoded is None or decoded[1].startswith("utf"):
        return decoded[0] if decoded is not None else None
    try:
        return data.decode(str(part.get_content_charset() or decoded[1]), "replace")
    except LookupError:
        return decoded[0]

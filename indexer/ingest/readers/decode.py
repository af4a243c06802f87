"""How do bytes of undeclared encoding become text?

UTF-8 first, with or without a byte order mark; UTF-16 by its mark, or by its zero bytes; then the
best guess of charset-normalizer among the encodings that Indonesian exports actually use.
"""

from __future__ import annotations

import codecs
import io
from typing import Final

from charset_normalizer import from_bytes

#: Bytes examined to choose an encoding for a whole file.
SAMPLE_BYTES: Final = 256 * 1024
_DETECTED_BYTES: Final = 32 * 1024
_CANDIDATES: Final = ("cp1252", "latin_1", "mac_roman", "cp850", "utf_16_le", "utf_16_be")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # Before UTF-16, whose mark it begins with.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_RECODED_BYTES: Final = 64 * 1024
_FALLBACK: Final = "cp1252"
#: One zero byte in this many is an accident; more mean a picture or a program.
_FEW_ZEROS: Final = 50
ERRORS: Final = "indexer.cp1252"
#: Why a file in no encoding is refused.
NOT_TEXT: Final = "it is not text: it has zero bytes"
#: The first bytes of file types that most often carry the wrong extension.
_MAGICS: Final = (
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF87a", "a picture (GIF)"),
    (b"GIF89a", "a picture (GIF)"),
    (b"%PDF-", "a PDF; export its text"),
    (b"PK\x03\x04", "a ZIP archive or an Office document; unpack it, or export it as CSV"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Office document; save it as .docx or .xlsx",
    ),
    (b"{\\rtf", "rich text (RTF); save it as .docx or as plain text"),
    (b"SQLite format 3\0", "a database (SQLite)"),
    (b"\x1f\x8b", "gzip within gzip; unpack it once"),
    (b"BZh", "a bzip2 archive; unpack it, or use gzip"),
    (b"\xfd7zXZ\0", "an xz archive; unpack it, or use gzip"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it, or use gzip"),
    (b"WARC/", "a web archive (WARC); unpack its pages, with warcio say"),
    (b"PAR1", "a Parquet file; export it as JSON Lines or CSV"),
)
#: Control characters that no text needs; one byte in this many may still be one.
_CONTROLS: Final = bytes(
    code for code in (*range(32), 127) if code not in (*b"\t\n\v\f\r\x1a\x1b", 0x1E, 0x1F)
)
_FEW_CONTROLS: Final = 30
_LEAST_CONTROLS: Final = 4


def _decode_bytes_alone(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: decodes bytes that are not UTF-8 as cp1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error(ERRORS, _decode_bytes_alone)


def find_binary(sample: bytes) -> str:
    """Why a file that begins with ``sample`` is not text in any encoding; empty if it is text.

    Text has no control characters except tabs, line breaks and a few strays. Pictures and programs
    are full of them, and so is compressed data, whose bytes are practically random.

    >>> find_binary(b"\\x89PNG\\r\\n\\x1a\\n\\x00\\x00"), find_binary("Jum’at".encode())
    ('it is no text but a picture (PNG)', '')
    """
    for magic, what in _MAGICS:
        if sample.startswith(magic):
            return f"it is no text but {what}"
    if any(sample.startswith(mark) for mark, _ in _MARKS) or _choose_without_mark(sample):
        return ""
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls * _FEW_CONTROLS > len(sample) and controls >= _LEAST_CONTROLS:
        return "it is no text: too many of its bytes are control characters"
    return ""


def choose_encoding(sample: bytes) -> str | None:
    """The encoding of a file that begins with ``sample``, or ``None`` if it is not text.

    >>> choose_encoding("Jum’at".encode()), choose_encoding(b"\\x89PNG\\x00\\x00")
    ('utf-8', None)
    """
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        return _choose_without_mark(sample) or _choose_despite_zeros(sample)
    if _is_utf8(sample):
        return "utf-8"
    best = from_bytes(sample[:_DETECTED_BYTES], cp_isolation=list(_CANDIDATES)).best()
    if best is None or best.encoding.startswith("utf_16"):
        return _FALLBACK
    # charset-normalizer cannot tell the two apart without the characters only cp1252 has.
    return _FALLBACK if best.encoding in ("latin_1", "ascii") else str(best.encoding)


def decode(data: bytes) -> tuple[str, str] | None:
    """``data`` as text and the encoding it was in, or ``None`` if it is not text."""
    try:
        if b"\0" not in data:
            return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    encoding = choose_encoding(data)
    if encoding is None:
        return None
    text = data.decode(encoding, choose_errors(encoding))
    return text.removeprefix("\ufeff"), encoding


def open_text(
    stream: io.BufferedReader, encoding: str, newline: str | None = None
) -> io.TextIOWrapper:
    """``stream`` as text in ``encoding``, without a byte order mark; wrong bytes of UTF-8 are
    read as cp1252. ``newline`` is as for :func:`open`.
    """
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    return io.TextIOWrapper(stream, encoding, choose_errors(encoding), newline=newline)


def choose_errors(encoding: str) -> str:
    """The codec error handler for files in ``encoding``."""
    return ERRORS if encoding.startswith("utf-8") else "replace"


class Recoded(io.RawIOBase):
    """The bytes of ``stream``, recoded from ``encoding`` to UTF-8, with line breaks as ``\\n``."""

    def __init__(self, stream: io.BufferedIOBase, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        decoder = codecs.getincrementaldecoder(encoding)(choose_errors(encoding))
        self._decode = io.IncrementalNewlineDecoder(decoder, translate=True).decode
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._pending:
            data = self._stream.read(_RECODED_BYTES)
            self._pending = self._decode(data, not data).encode("utf-8", "surrogatepass")
            if not data:
                break
        size = min(len(buffer), len(self._pending))
        buffer[:size] = self._pending[:size]
        self._pending = self._pending[size:]
        return size


def _is_utf8(sample: bytes) -> bool:
    """Whether ``sample`` is UTF-8, apart from a few wrong bytes or a character truncated at its
    end.
    """
    text = sample.decode("utf-8", "surrogateescape")
    if text.isascii():
        return True
    wrong = sum("\udc80" <= char <= "\udcff" for char in text)
    right = sum(char > "\x7f" for char in text) - wrong
    return wrong == 0 or right > wrong or (len(sample) >= SAMPLE_BYTES and wrong <= 3)


def _choose_despite_zeros(sample: bytes) -> str | None:
    """UTF-8 if text contains a few stray zero bytes, which readers skip."""
    few = sample.count(0) * _FEW_ZEROS <= len(sample)
    return "utf-8" if few and _is_utf8(sample.replace(b"\0", b"")) else None


def _choose_without_mark(sample: bytes) -> str | None:
    pairs = len(sample) // 2
    if pairs < 2:
        return None
    low, high = sample[1::2].count(0) / pairs, sample[0::2].count(0) / pairs
    if low > 0.6 and high < 0.05:
        return "utf-16-le"
    if high > 0.6 and low < 0.05:
        return "utf-16-be"
    return None

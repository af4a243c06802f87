"""How large may the parts of an input be? Anything larger is refused, or truncated with a warning,
and never held in memory.

docs/articles.md lists these for users; a test compares the two.
"""

from __future__ import annotations

from typing import Final

#: Characters of a record allowed per byte of its text: escapes, markup and other keys.
_RECORD_PER_TEXT: Final = 3
#: Maximum length of a table's header line in characters, and maximum number of columns.
MAX_HEADER: Final = 256 * 1024
MAX_COLUMNS: Final = 1_000
#: Maximum nesting of objects searched for the list of articles.
MAX_WRAPPERS: Final = 16
#: Characters that a reader may read a second time, if the input itself is smaller.
MAX_REREAD: Final = 64 * 1024 * 1024

#: Bytes of a packed file that must be unpacked whole before it can be read: databases, workbooks;
#: and characters of the tables of a dump, which are put together on the disk.
MAX_SPOOLED: Final = 1_000_000_000
#: Maximum decompressed size in bytes of a workbook's parts, and of one row group of Parquet.
MAX_WORKBOOK: Final = 300_000_000
MAX_ROW_GROUP: Final = 1_000_000_000
#: Maximum decompressed size in bytes of a document's text with its markup; and of an e-mail, with
#: its attachments.
MAX_DOCUMENT: Final = 50_000_000
MAX_MESSAGE: Final = 25_000_000
#: Maximum decompressed size in bytes of the pages of an e-book together.
MAX_BOOK: Final = 100_000_000
#: Maximum number of files in one archive.
MAX_MEMBERS: Final = 100_000
#: Pictures of a WordPress export that are remembered for the posts that refer to them.
MAX_ATTACHMENTS: Final = 200_000
#: Names of one table (sections, tags, users) that are remembered for the articles that refer to it.
MAX_NAMES: Final = 200_000
#: Maximum nesting of elements in a page or in XML.
MAX_NESTING: Final = 500
#: Maximum length of front matter above a Markdown text, in characters.
MAX_FRONT_MATTER: Final = 100_000
#: Short ids remembered in order to detect two articles with the same one.
MAX_REMEMBERED_IDS: Final = 1_000_000
#: Maximum number of records, and of characters in their texts, that wait until a column reveals its
#: date order.
MAX_HELD_RECORDS: Final = 2_000
MAX_HELD_CHARACTERS: Final = 8_000_000


def limit_record(max_article_bytes: int) -> int:
    """Maximum length of a line, row or element whose text may have ``max_article_bytes``."""
    return max_article_bytes * _RECORD_PER_TEXT

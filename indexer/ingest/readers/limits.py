"""How large may the parts of an input be? What is beyond is refused, or cut with a warning, and
never held in memory.

docs/articles.md lists these for users; a test compares.
"""

from __future__ import annotations

from typing import Final

#: Characters of a record for each byte its text may have: escapes, markup and other keys.
_RECORD_PER_TEXT: Final = 3
#: Characters of the line that names a table's columns, and how many it may name.
MAX_HEADER: Final = 256 * 1024
MAX_COLUMNS: Final = 1_000
#: Objects within objects that are searched for the list of articles.
MAX_WRAPPERS: Final = 16
#: Characters that a reader may go over a second time, where the input's own size is less.
MAX_REREAD: Final = 64 * 1024 * 1024

#: Bytes of a packed file that must be unpacked whole before it can be read: databases, workbooks;
#: and characters of the tables of a dump, which are put together on the disk.
MAX_SPOOLED: Final = 1_000_000_000
#: Bytes of a workbook's parts, unpacked, and of one row group of Parquet.
MAX_WORKBOOK: Final = 300_000_000
MAX_ROW_GROUP: Final = 1_000_000_000
#: Files of one archive.
MAX_MEMBERS: Final = 100_000
#: Pictures of a WordPress export that are remembered for the posts that name them.
MAX_ATTACHMENTS: Final = 200_000
#: Names of one table (sections, tags, users) that are remembered for the articles that refer to it.
MAX_NAMES: Final = 200_000
#: Elements within elements of a page or of XML.
MAX_NESTING: Final = 500
#: Characters of the values above a Markdown text.
MAX_FRONT_MATTER: Final = 100_000
#: Short ids that are remembered, to tell of two articles under one.
MAX_REMEMBERED_IDS: Final = 1_000_000
#: Records, and characters of their texts, that wait until a column shows its order of dates.
MAX_HELD_RECORDS: Final = 2_000
MAX_HELD_CHARACTERS: Final = 8_000_000


def limit_record(max_article_bytes: int) -> int:
    """How long a line, a row or an element may be whose text may have ``max_article_bytes``."""
    return max_article_bytes * _RECORD_PER_TEXT

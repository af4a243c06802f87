"""What is wrong with a file that is a ZIP archive of XML? One sentence for whatever is raised."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException

_DAMAGE: Final = (
    *(ParseError, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(OSError, EOFError, KeyError, OverflowError),
)


class Unreadable(Exception):
    """The file, or a part of it, cannot be read; the text says why."""


@contextmanager
def explain_damage(what: str) -> Iterator[None]:
    """Raise Unreadable for what zipfile, its decompressors and defusedxml raise about ``what``."""
    try:
        yield
    except DefusedXmlException as error:
        raise Unreadable("its XML declares entities, which are not read") from error
    except RecursionError as error:
        raise Unreadable(f"{what} is nested too deeply") from error
    except MemoryError as error:
        raise Unreadable(f"{what} needs more memory to be unpacked than there is") from error
    except NotImplementedError as error:
        told = f"{what} is packed in a way that is not read ({_tell(error)}); save it again"
        raise Unreadable(told) from error
    except RuntimeError as error:
        raise Unreadable(f"{what} needs a password; save it without one") from error
    except _DAMAGE as error:
        raise Unreadable(f"{what} is damaged ({_tell(error)})") from error
    except (ValueError, LookupError) as error:
        told = f"{what} is damaged, or in an encoding that is not read ({_tell(error)})"
        raise Unreadable(told) from error


def _tell(error: Exception) -> str:
    return " ".join(str(error).split())

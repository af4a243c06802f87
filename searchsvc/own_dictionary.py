"""Which dictionary belongs to an index? A site's own words, in the file that a setting names.

The setting may contain ``{index}``, the index folder. By default the file is ``dictionary.txt`` in
that folder, and optional.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from indexer.language.dictionary import EMPTY, Dictionary, make_stemmer
from indexer.language.dictionary_file import DictionaryFile, load_dictionary
from indexer.language.dictionary_text import Loaded
from searchsvc.settings import BY_NAME, Settings, load_one

SETTING = BY_NAME["dictionary"]


def locate_dictionary(setting: Path, index: Path) -> Path:
    """The dictionary file for this index, according to the setting."""
    return Path(str(setting).replace("{index}", str(index)))


def is_shared(setting: Path) -> bool:
    """Whether all indexes have one dictionary."""
    return "{index}" not in str(setting)


def is_chosen(setting: Path) -> bool:
    """Whether a file was named explicitly, and so must exist."""
    return bool(setting != SETTING.default)


def choose_setting(environ: Mapping[str, str] | None = None) -> Path:
    """The setting from the environment, or the file that it names, or else the default. Raises
    InvalidSetting, SettingsFileInvalid.
    """
    path: Path = load_one(SETTING.name, environ=environ)
    return path


def load_own_dictionary(index: Path) -> Loaded:
    """The dictionary for the index according to the environment's setting, and its problems.

    Raises UnreadableInput if it is not text, or was named explicitly and is missing.
    """
    setting = choose_setting()
    path = locate_dictionary(setting, index)
    if not is_chosen(setting) and not path.exists():
        return Loaded(EMPTY, [])
    return load_dictionary(path, index=index)


def watch_dictionary(settings: Settings, report: Callable[[str], None]) -> DictionaryFile:
    """The dictionary of a service, reloaded when its file changes. ``report`` is called with its
    problems.
    """
    return DictionaryFile(
        locate_dictionary(settings.dictionary, settings.index),
        index=settings.index,
        required=is_chosen(settings.dictionary),
        report=report,
    )


def list_doubts(dictionary: Dictionary) -> list[str]:
    """One sentence for each stem that may do less than intended."""
    plain = make_stemmer()
    return [
        f"“{form}” is a root: words made of it keep it, and only the word itself becomes “{word}”. "
        "To find either by the other, write them under [synonyms]."
        for form, word in dictionary.stems.items()
        if form != word and plain.is_root(form) and plain.stem(form) == form
    ]

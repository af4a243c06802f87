"""Are there other files where an index would be created?"""

from __future__ import annotations

import os
import re
from pathlib import Path

from indexer.own_fields.declaration import FIELDS_FILE
from searchsvc.dictionary_editing import LOCK_SUFFIX
from searchsvc.own_dictionary import choose_setting, locate_dictionary

#: Files that identify the folder of an index, complete or damaged.
INDEX_FILE = re.compile(r"^searchsvc-|MAIN_|^set-aside-|\.toc$|\.seg$|\.packed$")


def list_other_files(folder: Path) -> list[str]:
    """The names in ``folder``, sorted, except the files that a site keeps there before there is an
    index. Raises OSError, InvalidSetting.
    """
    dictionary = locate_dictionary(choose_setting(), folder).name
    own = (dictionary, f"{dictionary}{LOCK_SUFFIX}", FIELDS_FILE)
    return [name for name in sorted(os.listdir(folder)) if name not in own]

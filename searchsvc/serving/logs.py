"""Where does the server write its log? As the settings say, the same in each of its processes."""

from __future__ import annotations

import logging.config
import os
from typing import Any

from indexer.durable_file import FILE_MODE
from searchsvc.monitoring.log_lines import configure_logs
from searchsvc.setting import InvalidSetting
from searchsvc.settings import Settings


def list_log_settings(settings: Settings) -> dict[str, Any]:
    """The configuration of the log. Raises InvalidSetting if its file cannot be written."""
    if settings.log_file:
        try:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            os.close(os.open(settings.log_file, flags, FILE_MODE))
        except OSError as error:
            told = f"it cannot be written ({error.strerror})."
            raise InvalidSetting("log_file", settings.log_file, told) from error
    return configure_logs(
        format=settings.log_format, file=settings.log_file, queries=settings.log_queries
    )


def start_log(settings: Settings) -> None:
    """Write the log of this process as the settings say. Raises InvalidSetting."""
    logging.config.dictConfig(list_log_settings(settings))

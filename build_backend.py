"""How pip builds searchsvc: as setuptools does, with the C compiler that ``ziglang`` brings.

Where ``SEARCHSVC_CC`` names a compiler, that package, which some machines have no wheel of, is not
asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    build_sdist,
    get_requires_for_build_sdist,
    prepare_metadata_for_build_editable,
)

#: What no wheel is made of.
_NOT_BUILT = ignore_patterns(".*", "__pycache__", "build", "*.egg-info", "index_data", "tests")

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]


def get_requires_for_build_wheel(settings: dict[str, Any] | None = None) -> list[str]:
    with _in_writable_folder():
        return [*build_meta.get_requires_for_build_wheel(settings), *_list_compilers()]


def prepare_metadata_for_build_wheel(
    metadata_directory: str, config_settings: dict[str, Any] | None = None
) -> str:
    with _in_writable_folder():
        found: str = build_meta.prepare_metadata_for_build_wheel(
            metadata_directory, config_settings
        )
    return found


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    with _in_writable_folder():
        built: str = build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
    return built


def get_requires_for_build_editable(settings: dict[str, Any] | None = None) -> list[str]:
    return [*build_meta.get_requires_for_build_editable(settings), *_list_compilers()]


@contextmanager
def _in_writable_folder() -> Iterator[None]:
    """Where setuptools, which writes beside what it builds, can: here, or else in a copy."""
    here = Path.cwd()
    if os.access(here, os.W_OK):
        yield
        return
    with TemporaryDirectory(prefix="searchsvc-build-") as folder:
        os.chdir(copytree(here, Path(folder, "source"), ignore=_NOT_BUILT))
        try:
            yield
        finally:
            os.chdir(here)


def _list_compilers() -> list[str]:
    return [] if os.environ.get("SEARCHSVC_CC") else ["ziglang>=0.13"]

"""How pip builds searchsvc: as setuptools does, with the C compiler that ``ziglang`` brings.

Where ``SEARCHSVC_CC`` names a compiler, that package, which some machines have no wheel of, is not
asked for.
"""

from __future__ import annotations

import os
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    build_sdist,
    build_wheel,
    get_requires_for_build_sdist,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

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
    return [*build_meta.get_requires_for_build_wheel(settings), *_list_compilers()]


def get_requires_for_build_editable(settings: dict[str, Any] | None = None) -> list[str]:
    return [*build_meta.get_requires_for_build_editable(settings), *_list_compilers()]


def _list_compilers() -> list[str]:
    return [] if os.environ.get("SEARCHSVC_CC") else ["ziglang>=0.13"]

"""Compiles the core while searchsvc is built; everything else about the package is in setup.cfg."""

from __future__ import annotations

import platform
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from setuptools import Command, Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build import build

NATIVE = Path("indexer/engine/embedded/native")


def load_compile() -> ModuleType:
    """The module that compiles; the package cannot be imported before it is built."""
    spec = spec_from_file_location("native_compile", NATIVE / "compile.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class BuildCore(Command):
    """A step of ``build``: the core, into the package that is built, or into this checkout."""

    user_options: list[Any] = []  # noqa: RUF012  setuptools reads it of the class

    def initialize_options(self) -> None:
        self.editable_mode = False
        self.build_lib: str | None = None

    def finalize_options(self) -> None:
        self.set_undefined_options("build_py", ("build_lib", "build_lib"))

    def run(self) -> None:
        compile_ = load_compile()
        folder = NATIVE if self.editable_mode else Path(self.build_lib or "") / NATIVE
        try:
            compile_.compile_core(folder)
        except (compile_.NoCompiler, OSError) as error:
            sys.exit(f"error: {error}")

    def get_source_files(self) -> list[str]:
        return [str(path) for path in NATIVE.glob("*.[ch]")]

    def get_outputs(self) -> list[str]:
        return [str(Path(self.build_lib or "") / NATIVE / load_compile().LIBRARY)]

    def get_output_mapping(self) -> dict[str, str]:
        return {}


class WheelForAnyPython(bdist_wheel):
    """The core knows nothing of Python: one wheel for each kind of machine."""

    def get_tag(self) -> tuple[str, str, str]:
        # The compiler makes code for this machine, also where Python itself is of two in one.
        return "py3", "none", super().get_tag()[2].replace("universal2", platform.machine())


class WithCore(Distribution):
    def has_ext_modules(self) -> bool:
        return True


build.sub_commands = [*build.sub_commands, ("build_core", None)]

setup(
    distclass=WithCore,
    cmdclass={"build_core": BuildCore, "bdist_wheel": WheelForAnyPython},
)

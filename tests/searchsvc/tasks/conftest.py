"""A data folder with a queue, and one who works on it in this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.simple_kinds import KINDS

from searchsvc.data_folder import DataFolder
from searchsvc.tasks.drain import Drain
from searchsvc.tasks.queue import TaskQueue


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.fixture
def queue(folder: DataFolder) -> TaskQueue:
    return TaskQueue(folder.path)


@pytest.fixture
def drain(queue: TaskQueue, folder: DataFolder) -> Drain:
    return Drain(queue, folder, KINDS)

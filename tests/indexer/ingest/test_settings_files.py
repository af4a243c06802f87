"""What sets up a site beside its articles is no broken article; what was not understood is told."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from indexer.article import Article, Reject, Warned
from indexer.ingest.readers import read_paths
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.settings_files import skip_settings

POST = "---\ntitle: Satu\n---\nAir surut sejak pagi.\n"
BESIDE = {
    "posts/posts.json": '{"layout": "post", "permalink": "/x/"}',
    "data/penulis.json": '{"rina": {"nama": "Rina Widi"}}',
    "data/menu.yaml": "- weight: 1\n- weight: 2\n",
    "_config.yml": "title: Blog\nurl: https://a.id\n",
    "posts/_index.md": "---\ntitle: Semua\n---\n",
    "_drafts/nanti.md": "---\ntitle: Nanti\n---\nBelum jadi.\n",
}


@pytest.mark.parametrize("packed", [False, True])
def test_what_sets_up_a_site_is_skipped(tmp_path: Path, packed: bool) -> None:
    files = {"posts/satu.md": POST, **BESIDE}
    if packed:
        given = tmp_path / "situs.zip"
        with zipfile.ZipFile(given, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
    else:
        given = tmp_path / "situs"
        for name, text in files.items():
            (given / name).parent.mkdir(parents=True, exist_ok=True)
            (given / name).write_text(text, "utf-8")
    found = list(read_paths([given]))
    assert [item.title for item in found if isinstance(item, Article)] == ["Satu"]
    assert [item for item in found if isinstance(item, Reject)] == []
    told = "\n".join(str(item) for item in found if isinstance(item, Warned))
    assert "penulis.json:1: skipped: it has no articles, only rina" in told
    assert "1 draft" in told


def test_a_file_that_is_named_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "penulis.json"
    path.write_text(BESIDE["data/penulis.json"], "utf-8")
    (refused,) = read_paths([path])
    assert isinstance(refused, Reject)


@pytest.mark.parametrize(
    "rows",
    [
        [{"judul": "Satu", "uraian_lain": 7}],
        [{"tanggal": "2025-06-10", "kode": "a"}],
        [{"kode": number} for number in range(200)],
    ],
)
def test_an_export_that_was_not_understood_is_refused(tmp_path: Path, rows: object) -> None:
    (tmp_path / "a.json").write_text(json.dumps(rows), "utf-8")
    assert any(isinstance(item, Reject) for item in read_paths([tmp_path]))


def test_what_a_file_without_records_tells_is_told() -> None:
    told = [Warned("a.json", 1, "the file is not UTF-8")]
    assert list(skip_settings(told, "a.json", KeyMap())) == told

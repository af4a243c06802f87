"""Entries of Movable Type's export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article, Warned
from indexer.ingest.readers import read_paths

TEXT = "Air sungai surut sejak subuh.\n\nWarga Kudus membersihkan rumah."
HEAD = "AUTHOR: Sri Wahyuni\nTITLE: Air Sungai Surut\nDATE: 04/03/2021 09:30:00 PM\n"
COMMENT = "COMMENT:\nAUTHOR: Pembaca\nDATE: 04/03/2021 10:00:00 PM\nTerima kasih.\n-----\n"


def entry(head: str = HEAD, body: str = TEXT, behind: str = "") -> str:
    return f"{head}-----\nBODY:\n{body}\n-----\n{behind}--------\n"


def read(folder: Path, text: str) -> tuple[list[dict[str, Any]], list[str]]:
    path = folder / "arsip.txt"
    path.write_bytes(text.encode())
    items = list(read_paths([path]))
    assert all(isinstance(item, Article | Warned) for item in items)
    return (
        [item.to_dict() for item in items if isinstance(item, Article)],
        [item.reason for item in items if isinstance(item, Warned)],
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (entry(), {"authors": ["Sri Wahyuni"], "published_at": "2021-04-03T21:30:00+07:00"}),
        (entry().replace("\n", "\r\n"), {"title": "Air Sungai Surut"}),
        (entry(behind=COMMENT), {"authors": ["Sri Wahyuni"]}),
        (
            entry(HEAD.replace("09:30:00 PM", "21:30:00")),
            {"published_at": "2021-04-03T21:30:00+07:00"},
        ),
        (
            entry(HEAD + "PRIMARY CATEGORY: Daerah\nCATEGORY: Daerah\nCATEGORY: Banjir\n"),
            {"category": "Daerah", "tags": ["Banjir"]},
        ),
        (
            entry(HEAD + 'TAGS: kudus, "banjir bandang",sungai\n'),
            {"tags": ["kudus", "banjir bandang", "sungai"]},
        ),
        (entry(HEAD + 'TAGS: ,"\n'), {"tags": []}),
        (entry(behind="KEYWORDS:\nkudus, sungai\n-----\n"), {"tags": ["kudus", "sungai"]}),
        (
            entry(
                body="Air sungai surut sejak subuh.",
                behind="EXTENDED BODY:\nWarga Kudus membersihkan rumah.\n-----\n",
            ),
            {},
        ),
    ],
)
def test_an_entry_is_an_article(tmp_path: Path, text: str, wanted: dict[str, Any]) -> None:
    (article,), _ = read(tmp_path, text)
    body = TEXT.replace("\n\n", "\n")
    assert article["title"] == "Air Sungai Surut"
    assert {key: article[key] for key in ("body", *wanted)} == {"body": body, **wanted}


def test_entries_are_separate_and_drafts_left_out(tmp_path: Path) -> None:
    draft = entry("TITLE: Konsep\nSTATUS: Draft\n")
    other = entry("TITLE: Pasar Buka\n", "Pasar Kliwon buka lagi pagi ini.")
    articles, told = read(tmp_path, entry(behind=COMMENT) + draft + other)
    assert [article["title"] for article in articles] == ["Air Sungai Surut", "Pasar Buka"]
    assert told == ["left out, because they are not published: 1 draft"]


def test_rules_alone_are_no_export(tmp_path: Path) -> None:
    (article,), _ = read(tmp_path, f"Air Sungai Surut\n-----\n{TEXT}\n--------\n")
    assert article["title"] == "Air Sungai Surut"
    assert "Warga Kudus" in article["body"]

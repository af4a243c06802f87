"""Ids: what they are made of, and two articles under one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article, Warned
from indexer.ingest.readers import read_paths
from indexer.ingest.readers.record_ids import read_parts

ONE = {"id": 1, "judul": "Kabar Pasar", "isi": "Pasar ramai sejak pagi.", "sumber": "Situs A"}
OTHER = {"id": 1, "judul": "Kabar Sawah", "isi": "Sawah mulai dipanen warga.", "sumber": "Situs B"}


def read(folder: Path, files: dict[str, list[Any]], **options: Any) -> tuple[list[str], list[str]]:
    for name, rows in files.items():
        (folder / name).write_text(json.dumps(rows), encoding="utf-8")
    items = list(read_paths([folder / name for name in files], **options))
    return (
        [item.id for item in items if isinstance(item, Article)],
        [str(item) for item in items if isinstance(item, Warned)],
    )


def test_one_id_for_two_articles_is_told_with_both_places(tmp_path: Path) -> None:
    many = [{**OTHER, "id": number, "judul": f"Lain {number}"} for number in range(9)]
    files = {"a.json": [ONE, {**ONE, "id": 2}], "b.json": [OTHER, *many]}
    _, warnings = read(tmp_path, files)
    assert len(warnings) == 1
    assert f"{tmp_path / 'b.json'}:1: the id '1' stands for another article in" in warnings[0]
    assert f"{tmp_path / 'a.json'}:1" in warnings[0]
    assert "--id-prefix" in warnings[0]


LONG = ("123456789012345678901", "123456789012345678902", "-9223372036854775809", "9" * 40)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_long_numbers_are_ids_to_the_last_digit(tmp_path: Path, name: str) -> None:
    rows = [json.dumps({**OTHER, "judul": f"Kabar {one}", "id": int(one)}) for one in LONG]
    (tmp_path / name).write_text(
        f"[{','.join(rows)}]" if name == "a.json" else "\n".join(rows), encoding="utf-8"
    )
    items = list(read_paths([tmp_path / name]))
    assert [item.id for item in items if isinstance(item, Article)] == list(LONG)
    assert len(items) == len(LONG)


def test_a_clash_of_ids_that_are_fractions_is_told(tmp_path: Path) -> None:
    _, warnings = read(tmp_path, {"a.json": [{**ONE, "id": 1.5}], "b.json": [{**OTHER, "id": 1.5}]})
    assert ["the id '1.5' stands for another" in one for one in warnings] == [True]


def test_a_clash_of_articles_without_titles_is_told(tmp_path: Path) -> None:
    one, other = ({key: row[key] for key in ("id", "isi")} for row in (ONE, {**OTHER, "id": 1}))
    _, warnings = read(tmp_path, {"a.json": [one], "b.json": [other]})
    assert ["the id '1' stands for another" in told for told in warnings] == [True]


@pytest.mark.parametrize(
    "later",
    [
        {**OTHER, "judul": ONE["judul"]},
        {**OTHER, "isi": ONE["isi"]},
        {**OTHER, "id": 2},
        {key: value for key, value in OTHER.items() if key != "id"},
    ],
)
def test_a_later_version_of_an_article_is_no_clash(tmp_path: Path, later: dict[str, Any]) -> None:
    _, warnings = read(tmp_path, {"a.json": [ONE], "b.json": [later]})
    assert warnings == []


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({}, ["1", "1"]),
        ({"id_prefix": "a-"}, ["a-1", "a-1"]),
        ({"id_parts": ("source", "id")}, ["Situs A:1", "Situs B:1"]),
        ({"id_parts": ("file", "id")}, ["a:1", "b:1"]),
        ({"id_parts": ("url",)}, ["https://a.id/x", "https://b.id/x"]),
    ],
)
def test_what_ids_are_made_of(tmp_path: Path, options: dict[str, Any], ids: list[str]) -> None:
    files = {
        "a.json": [{**ONE, "url": "http://www.a.id/x/?utm_source=b"}],
        "b.json": [{**OTHER, "url": "https://b.id/x#y"}],
    }
    found, warnings = read(tmp_path, files, **options)
    assert found == ids
    assert bool(warnings) == (len(set(ids)) == 1)


def test_parts_are_read_and_others_refused() -> None:
    assert read_parts("") == ()
    assert read_parts("source + id") == ("source", "id")
    with pytest.raises(ValueError, match="'judul' is none of id, source, url, file"):
        read_parts("judul+id")

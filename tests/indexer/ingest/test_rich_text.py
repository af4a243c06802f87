"""Bodies that editors store as trees are read by their structure, whatever the editor."""

from __future__ import annotations

from typing import Any

import pytest

from indexer.ingest.body_text import has_text, read_body

ONE, TWO = "Air naik di Sungai Deli.", "Warga pindah ke balai desa."


def node(kind: str, *children: Any, key: str = "type", below: str = "children") -> dict[str, Any]:
    return {key: kind, below: list(children)}


#: Editor -> the body that it stores for the two paragraphs.
BODIES: dict[str, Any] = {
    "Quill": {
        "ops": [
            {"insert": ONE[:8], "attributes": {"bold": True}},
            {"insert": f"{ONE[8:]}\n"},
            {"insert": {"image": "https://k.example/a.jpg"}},
            {"insert": TWO},
            {"insert": "\n", "attributes": {"header": 2}},
        ]
    },
    "Quill, the list alone": [{"insert": f"{ONE}\n{TWO}\n"}],
    "Lexical": {
        "root": node(
            "root",
            node("paragraph", {"type": "text", "text": ONE[:8]}, {"type": "text", "text": ONE[8:]}),
            node("list", node("listitem", {"type": "text", "text": TWO, "format": 0})),
        )
    },
    "Slate": [
        {"children": [{"text": ONE[:8]}, {"text": ONE[8:], "bold": True}]},
        node("p", {"text": TWO}),
    ],
    "Slate, version 0.47": {
        "object": "value",
        "document": {
            "nodes": [
                {
                    "object": "block",
                    "nodes": [{"object": "text", "leaves": [{"object": "leaf", "text": ONE}]}],
                },
                {"object": "block", "nodes": [{"object": "text", "text": TWO, "marks": []}]},
            ]
        },
    },
    "Draft.js": {
        "blocks": [
            {"key": "a", "text": ONE, "type": "unstyled", "entityRanges": []},
            {"key": "b", "text": TWO, "type": "blockquote", "entityRanges": []},
        ],
        "entityMap": {},
    },
    "Editor.js": {
        "blocks": [
            {"type": "paragraph", "data": {"text": ONE}},
            {
                "type": "image",
                "data": {"file": {"url": "https://k.example/a.jpg"}, "caption": "Sungai"},
            },
            {
                "type": "list",
                "data": {"style": "unordered", "items": [{"content": TWO, "items": []}]},
            },
        ]
    },
    "Gutenberg, parsed": [
        {"blockName": "core/paragraph", "innerBlocks": [], "innerHTML": ONE},
        {
            "blockName": "core/columns",
            "innerHTML": "<div></div>",
            "innerBlocks": [{"blockName": "core/paragraph", "innerHTML": TWO}],
        },
    ],
    "Notion": [
        {
            "type": "paragraph",
            "paragraph": {
                "rich_text": [
                    {"type": "text", "text": {"content": ONE[:8]}, "plain_text": ONE[:8]},
                    {"type": "text", "text": {"content": ONE[8:]}, "plain_text": ONE[8:]},
                ]
            },
        },
        {"type": "quote", "quote": {"rich_text": [{"type": "text", "text": {"content": TWO}}]}},
    ],
    "Strapi's dynamic zone": [
        {"__component": "shared.rich-text", "body": ONE},
        {"__component": "shared.media", "file": {"url": "/uploads/a.jpg"}},
        {"__component": "shared.rich-text", "body": TWO},
    ],
    "texts that are paragraphs": [
        {"type": "text", "content": ONE},
        {"type": "text", "content": TWO},
    ],
    "an editor nobody knows": {
        "kind": "doc",
        "lines": [
            {"type": "baris", "runs": [{"type": "text", "text": ONE}]},
            {"type": "baris", "runs": [{"type": "text", "text": TWO}]},
        ],
    },
}


@pytest.mark.parametrize("editor", BODIES)
def test_trees_of_editors(editor: str) -> None:
    assert has_text(BODIES[editor])
    lines = read_body(BODIES[editor]).split("\n")
    assert [line for line in lines if line] == [ONE, TWO]


def test_nested_lists_stay_below_their_item() -> None:
    items = [{"content": "Beras", "items": [{"content": "Beras merah", "items": []}]}]
    assert read_body({"type": "list", "items": items}) == "Beras\nBeras merah"


def test_a_line_break_separates_lines() -> None:
    broken = node("p", {"text": "Satu"}, {"type": "hardBreak"}, {"text": "dua"})
    assert read_body(broken) == "Satu\ndua"


@pytest.mark.parametrize(
    "value",
    [
        {"type": "image", "attrs": {"src": "https://k.example/a.jpg", "alt": "Sungai"}},
        {"type": "doc", "children": []},
        [{"insert": {"video": "https://k.example/a.mp4"}}],
        [1, 2, None, True],
    ],
)
def test_what_is_no_text(value: Any) -> None:
    assert read_body(value).strip() in ("", "1\n2")
    assert not has_text(value)


def test_many_nodes_without_a_text_are_no_text() -> None:
    wide = [node("p", *([{"type": "text"}] * 100))] * 200
    assert not has_text(wide)
    assert read_body(wide) == ""

"""Elements with thousands of attributes, wherever they hide."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from indexer.ingest.many_attributes import MOST_ATTRIBUTES, drop_many_attributes
from indexer.ingest.plain_text import html_to_text

MANY = " ".join(f"a{number}=1" for number in range(4_000))
STORY = "<div>Petani memanen padi.</div>"


@pytest.mark.parametrize(
    "page",
    [
        f"<p {MANY}>Air surut.</p>",
        f'<p x="<" {MANY}>Air surut.</p>',
        f"<p x='<' {MANY}>Air surut.</p>",
        f'<p x="<b>" {MANY}>Air surut.</p>',
        f'<p x=">" {MANY}>Air surut.</p>',
        f"<p x='>' y=\">\" z=< {MANY}>Air surut.</p>",
        f'<p a"b {MANY}>Air surut.</p>',
        f'<p a\' ="x>" {MANY}>Air surut.</p>',
        f"<p ={MANY}>Air surut.</p>",
        f"<p/{MANY.replace(' ', '/ ')}>Air surut.</p>",
        f"<p\n{MANY.replace('=1', '')}>Air surut.</p>",
        "<p " + MANY.replace("=1 ", '=">"') + ">Air surut.</p>",
        "<p " + MANY.replace("=1", " = '<q>'") + ">Air surut.</p>",
        f'<!-- <p a=" --><p {MANY}>Air surut.</p>"',
        f"<script>x = \"<p a='\"</script><p {MANY}>Air surut.</p>'",
        f"<style><b a=' </style><p {MANY}>Air surut.</p>'",
        f"<textarea><p a='</textarea><p {MANY}>Air surut.</p>'",
        f"<svg><![CDATA[<p a='>]]></svg><p {MANY}>Air surut.</p>'",
        f"<!-- <script> --><p {MANY}>Air surut.</p>",
        f"<p x='<i {MANY}>' {MANY}>Air surut.</p>",
        f"<P {MANY}>Air surut.</P><p {MANY}>Air pasang.</p>",
    ],
)
def test_no_element_has_more_than_the_first(page: str) -> None:
    short = drop_many_attributes(STORY + page + STORY)
    parsed = LexborHTMLParser(short)
    assert max(len(node.attributes) for node in parsed.css("*")) <= MOST_ATTRIBUTES + 1
    assert "Air surut." in html_to_text(STORY + page + STORY)
    assert html_to_text(STORY + page).count("Petani memanen padi.") == 1


@pytest.mark.parametrize(
    "page",
    [
        f'<img src=/foto.jpg alt="{"Warga menanam padi di sawah. " * 300}"><p>Air surut.</p>',
        f"<p data-x='{'<b>a</b> ' * 2_000}'>Air surut.</p>",
        f"<p title=\"{'a=1 ' * 9_000}\" class='b'>Air surut.</p>",
        f"<script>for(i=0;i<n;i++){{{'a = b ; ' * 300}}}</script><p>Air surut.</p>",
        "<p " + "a=1 " * (MOST_ATTRIBUTES - 1) + "b=2>Air surut.</p>",
        "<p class=a>Air <b>surut</b>.</p>\n" * 500,
        "Harga x<y dan y>z. " * 500,
    ],
)
def test_other_elements_keep_what_they_have(page: str) -> None:
    assert drop_many_attributes(page) == page


def test_a_script_that_looks_like_an_element_ends_where_it_did() -> None:
    page = f"<script>if (i<n) {{ {'a b ' * 3_000} }}</script><p>Air surut.</p>"
    assert html_to_text(page).strip() == "Air surut."


@pytest.mark.parametrize(
    "page",
    [
        "<a" + " x='><a'" * 60_000,
        "<a" + ' x="><a"' * 60_000 + ">Air</a>",
        "<a x='<a x=\"" * 60_000,
        '<a="' * 100_000,
        "<a " * 200_000,
        "<a" + "/" * 500_000 + ">",
        "<a" + " " * 500_000 + "b>",
    ],
)
def test_whatever_hides_them_is_read_in_linear_time(page: str) -> None:
    parsed = LexborHTMLParser(drop_many_attributes(page))
    assert max(len(node.attributes) for node in parsed.css("*")) <= MOST_ATTRIBUTES + 1

"""How do HTML and Markdown become plain paragraphs?

This does not make HTML safe to show: the result is text, which must be escaped for display. Every
function takes time linear in its input.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from indexer.ingest.many_attributes import drop_many_attributes
from indexer.word_list import list_words

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_TAG: Final = re.compile(
    r"<(?:/?(?:p|br|div|span|a|b|i|em|strong|u|ul|ol|li|h[1-6]|img|figure|table|tr|td|blockquote|"
    r"section|article|html|body|script|style|iframe|center|font)"
    r"(?:\s+[a-z-]{1,40}\s*=[^<>]{0,2000})?\s*/?>|!--|!doctype)",
    re.IGNORECASE,
)
_ANY_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
#: Control characters, soft hyphens, bidirectional marks, zero-width spaces and joiners.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_ODD_SPACES: Final = ("\xa0", "\u202f", "\u2007", "\u2009", "\u200a", "\u3000", "\t")
_ODD_BREAKS: Final = ("\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c")

#: Letters that result from reading UTF-8 as Latin-1, and hardly occur otherwise.
_MOJIBAKE: Final = re.compile("[ÂÃâÅÄ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|ï¿½|ï»¿")
_MOJIBAKE_BEGINS: Final = "ÂÃâÅÄï"
_MOST_ESCAPES: Final = 4
#: WordPress shortcodes that enclose something outside the story.
_ENCLOSING: Final = ("caption", "embed", "video", "audio", "playlist", "youtube", "gallery")
#: Tags of Joomla's plugins: those that enclose an address or a folder, and those that stand alone.
_PLUGIN_PAIR: Final = re.compile(
    r"\{([a-z][a-z0-9_]{1,30})(?:[ =][^{}]{0,300})?\}[^{}\s]{0,300}\{/\1\}", re.IGNORECASE
)
_PLUGIN: Final = re.compile(
    r"\{(?:(?:load(?:position|module|moduleid)|rsform|igallery|jce|"
    r"module(?:id|pos)?|article|modal|phoca[a-z]{2,20}) "
    r"[^{}\n]{1,300}|/?(?:gallery|youtube|vimeo|audio|video|mp[34]|tabs?|sliders?|accordions?)"
    r"(?:[ =][^{}\n]{1,300})?|(?:jcomments|emailcloak|googlemap|attachments|pdf)"
    r"[ =]?[^{}\n]{0,300})\}",
    re.IGNORECASE,
)
#: A shortcode with attributes, a closing one, or a standalone one.
_SHORTCODE: Final = re.compile(
    r"\[(?:[a-z][a-z0-9_-]{1,30}\s[^\[\]=]{0,60}=[^\[\]]{0,1000}|/[a-z][a-z0-9_-]{1,30}|"
    r"(?:gallery|embed|video|audio|playlist|vc_[a-z_]{1,30}|et_pb_[a-z_]{1,30})/?)\]"
)

_BLOCKS: Final = list_words(
    """
    address article aside blockquote body center dd div dl dt figcaption figure footer form h1
    h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody td tfoot th thead tr
    ul
    """
)
_SKIPPED: Final = list_words(
    """
    button figcaption form head iframe noscript object script select style svg template textarea
    """
)
#: What plugins of WordPress and others add below a story: buttons, counters, other stories. By
#: class, with what all of these classes contain.
_ADDED: Final = (
    ".sharedaddy, .sd-sharing, .sd-block, .sd-like, .jp-relatedposts,"
    ".addtoany_share_save_container,"
    ".addtoany_content, .a2a_kit, .addthis_toolbox, .addthis_inline_share_toolbox, .yarpp,"
    ".yarpp-related, .ssba, .essb_links, .mashsb-container, .crp_related, .rp4wp-related-posts,"
    ".heateor_sss_sharing_container, .sharethis-inline-share-buttons,"
    ".wp-block-jetpack-sharing-buttons"
)
_ADDED_MARKS: Final = (
    *("sd-", "shar", "jp-related", "addtoany", "a2a_", "addthis", "yarpp", "ssba", "essb"),
    *("mashsb", "crp_", "rp4wp"),
)
#: Parsing takes time quadratic in the nesting depth; no article has this many tags.
_MOST_TAGS: Final = 10_000
#: Elements that end lines. Without them, the author's line breaks do.
_ENDS_LINES: Final = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)
_BLANK_LINES: Final = re.compile(r"\n\s*\n")
_LINE_BREAK: Final = re.compile(r"\n")
_LINK_LABEL: Final = re.compile(r"\b(?:baca|lihat|simak)\b[^\n]{0,24}$", re.IGNORECASE)


def clean_text(text: str) -> str:
    """``text`` as plain text: HTML and Markdown resolved, odd characters normalised (NFC).

    Line breaks and runs of spaces are kept, since they show where flattened paragraphs ended;
    :func:`join_paragraphs` removes them once :mod:`indexer.ingest.wire` has read the text.
    """
    text = normalise_characters(repair_encoding(text))
    if "[" in text:
        text = remove_shortcodes(text)
    if "{" in text:
        text = _PLUGIN.sub("", _PLUGIN_PAIR.sub("", text))
    # Markup that was escaped once or twice only appears after unescaping.
    for _ in range(_MOST_ESCAPES):
        if "<" in text and _TAG.search(text):
            text = normalise_characters(html_to_text(text, typed=True))
            break
        if "&" not in text or not _ENTITY.search(text):
            break
        text = normalise_characters(html.unescape(text))
    if _looks_like_markdown(text):
        text = markdown_to_text(text)
    return text


def repair_encoding(text: str) -> str:
    """``text`` with mojibake repaired: UTF-8 that was decoded with another encoding.

    >>> repair_encoding("Jumâ€™at")
    'Jum’at'
    """
    # Searching for single characters is far faster than a regular expression.
    if text.isascii() or not any(mark in text for mark in _MOJIBAKE_BEGINS):
        return text
    if not _MOJIBAKE.search(text):
        return text
    # Loaded only when needed: a search reads labels, which hardly ever need repair.
    import ftfy

    return str(ftfy.fix_encoding(text))


def remove_shortcodes(text: str) -> str:
    """``text`` without WordPress shortcodes, and without the contents of some of them.

    >>> remove_shortcodes('Satu [gallery ids="1,2"][caption id="a"]Foto[/caption]dua [sic]')
    'Satu dua [sic]'
    """
    if "[/" in text:
        for name in _ENCLOSING:
            text = _remove_enclosed(text, name)
    if "]" not in text:
        return text
    return _SHORTCODE.sub("", text)


def _remove_enclosed(text: str, name: str) -> str:
    opening, closing = f"[{name}", f"[/{name}]"
    pieces: list[str] = []
    position = 0
    while (start := text.find(opening, position)) >= 0:
        end = text.find(closing, start)
        if end < 0 or text[start + len(opening)] not in " ]":
            break
        pieces.append(text[position:start])
        position = end + len(closing)
    return "".join(pieces) + text[position:] if pieces else text


def _looks_like_markdown(text: str) -> bool:
    # Searching for one character is far faster than for two.
    return (
        ("[" in text and "](" in text)
        or ("*" in text and "**" in text)
        or "\\" in text
        or ("#" in text and "\n#" in text)
    )


def clean_line(text: str) -> str:
    """``text`` on one line, with entities, tags and invisible characters resolved.

    >>> clean_line("  Harga <b>Beras</b> &amp;\\xa0Gula\\n Naik ")
    'Harga Beras & Gula Naik'
    """
    if not text:
        return text
    text = repair_encoding(text)
    if "<" in text and _TAG.search(text):
        text = html_to_text(text)
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    if not text.isprintable() or not text.isascii():
        text = normalise_characters(text)
    return " ".join(text.split())


def join_paragraphs(text: str) -> str:
    """Paragraphs of ``text``, trimmed, joined by one newline; single spaces within them.

    >>> join_paragraphs(" Satu  dua \\n\\n  tiga")
    'Satu dua\\ntiga'
    """
    while "  " in text:
        text = text.replace("  ", " ")
    return "\n".join([line for line in map(str.strip, text.split("\n")) if line])


def normalise_characters(text: str) -> str:
    """``text`` in NFC, with plain spaces and newlines, without invisible characters."""
    # A single fast test for the common case without anything to replace or remove: odd spaces and
    # breaks are not printable either.
    if text.replace("\n", "").isprintable():
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    for wrong in _ODD_BREAKS:
        if wrong in text:
            text = text.replace(wrong, "\n")
    for wrong in _ODD_SPACES:
        if wrong in text:
            text = text.replace(wrong, " ")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _INVISIBLE.sub("", text)


def html_to_text(source: str, *, typed: bool = False) -> str:
    """The text of an HTML fragment, one line per block element.

    ``typed``: outside block elements, paragraphs may also end as they were typed, which is how
    WordPress stores posts and Markdown mixes with HTML: at blank lines, or at every line break if
    no element ends a line.

    >>> html_to_text("Air <b>surut</b>.\\nPasar buka.", typed=True).strip()
    'Air surut.\\nPasar buka.'

    Scripts, styles, forms and captions are dropped. A link that completes a "Baca juga:" label ends
    its line, so that the linked title is separated from the sentence after it.
    """
    if source.count("<") > _MOST_TAGS:
        return html.unescape(_ANY_TAG.sub("\n", source))
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(drop_many_attributes(source)).body
    if root is None:
        return ""
    if any(mark in source for mark in _ADDED_MARKS):
        for added in root.css(_ADDED):
            added.decompose()
    pieces: list[str] = []
    breaks = None
    if typed and "\n" in source:
        breaks = _BLANK_LINES if _ENDS_LINES.search(source) else _LINE_BREAK
    _collect(root, pieces, breaks)
    return "".join(pieces)


def _collect(root: LexborNode, pieces: list[str], breaks: re.Pattern[str] | None) -> None:
    # Iterative, because a malicious page can be nested deeper than Python's stack. An entry is a
    # node to enter, or text to append once everything pushed after it is done.
    pending: list[LexborNode | str] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            pieces.append(node)
            continue
        tag = node.tag
        if tag == "-text":
            pieces.append(_join_lines(node, breaks))
            continue
        if tag in _SKIPPED or tag is None or tag[:1] in "-!_":
            continue
        if tag == "br":
            pieces.append("\n")
            continue
        if tag in _BLOCKS:
            pieces.append("\n")
            pending.append("\n")
        elif tag == "a" and _LINK_LABEL.search("".join(pieces[-3:])):
            pending.append("\n")
        children = []
        child = node.child
        while child is not None:
            children.append(child)
            child = child.next
        pending.extend(reversed(children))


def _join_lines(node: LexborNode, breaks: re.Pattern[str] | None) -> str:
    """The text of a text node on one line, except for ``breaks`` if it is outside every element."""
    text = node.text_content or ""
    outside = node.parent is not None and node.parent.tag == "body"
    lines = breaks.split(text) if breaks is not None and outside else [text]
    return "\n".join([line.replace("\n", " ") for line in lines])


# Patterns for line beginnings start with the line break, which the matcher finds at once;
# :func:`markdown_to_text` puts one before the text.
_MD_LABELLED_LINK: Final = re.compile(
    r"\n([ \t>*_]*(?:baca|lihat|simak)\s+(?:juga|pula)\s*[*_]*\s*:?[\s*_]*)"
    r"\[([^\[\]\n]{1,300}(?:\[[^\[\]\n]{0,80}\][^\[\]\n]{0,200})?)\]\([^()\s]{0,1000}\)[*_]*",
    re.IGNORECASE,
)
#: A list item consisting of a bold link, as Kompas links to other articles.
_MD_LISTED_LINK: Final = re.compile(
    r"\n[-*•] \*{2,12}\[([^\[\]\n ]{1,40}(?: [^\[\]\n ]{1,40}){3,30})\]\([^()\s]{1,1000}\)"
    r"(?:\{[^{}\n]{0,120}\})?\*{2,12}[ \t]*(?=\n|\Z)"
)
_MD_IMAGE: Final = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,1000}\)")
_MD_LINK: Final = re.compile(r"\[([^\[\]\n]{0,300})\]\([^()\s]{0,1000}\)(?:\{[^{}\n]{0,120}\})?")
_MD_PLACEHOLDER: Final = re.compile(
    r"\[(?:img|video|embed|gallery|image|foto)\.\d{1,3}\]", re.IGNORECASE
)
_MD_ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~\"'$@^&:;,/=%?])")
_MD_UNDERLINED: Final = re.compile(r"(?<!\w)__|__(?!\w)")
_MD_EMPHASIS: Final = re.compile(r"\*(?<![\w*]\*)([^\s*][^*\n]{0,400}?)\*(?![\w*])")
_MD_HEADING: Final = re.compile(r"\n {0,3}#{1,6} +")
_MD_RULE: Final = re.compile(r"\n[ \t]*(?:(?:[-*_][ \t]*){3,}|:{3,}.*)(?=\n|\Z)")
#: Masked letters inside a word, as in "b****t" and "na**rioka".
_MD_MASKED: Final = re.compile(r"\*(?<=\w\*)\*{1,8}(?=\w)")
_MD_BREAK: Final = re.compile(r"\\[ \t]*$", re.MULTILINE)


def markdown_to_text(text: str) -> str:
    """``text`` without Markdown: links become their text, emphasis and headings become plain.

    >>> markdown_to_text("## Harga\\n**Baca juga:** [Beras Naik](https://a.id/1) Pemerintah")
    'Harga\\nBaca juga: Beras Naik\\n Pemerintah'
    """
    text = "\n" + text
    if "](" in text:
        text = _MD_IMAGE.sub("", text)
        text = _MD_LABELLED_LINK.sub(r"\n\1\2\n", text)
        text = _MD_LISTED_LINK.sub(r"\nBaca juga: \1", text)
        text = _MD_LINK.sub(r"\1", text)
    if "\\" in text:
        text = _MD_BREAK.sub("", text)
        text = _MD_ESCAPE.sub(r"\1", text)
    if "[" in text:
        text = _MD_PLACEHOLDER.sub("", text)
    text = _MD_RULE.sub("\n", text)
    if "**" in text:
        text = _remove_strong(text)
    if "__" in text:
        text = _MD_UNDERLINED.sub("", text)
    if "*" in text:
        text = _MD_EMPHASIS.sub(r"\1", text)
    if "#" in text:
        text = _MD_HEADING.sub("\n", text)
    return text[1:]


def _remove_strong(text: str) -> str:
    if _MD_MASKED.search(text) is None:
        return text.replace("**", "")
    return "\n".join(map(_remove_strong_from_line, text.split("\n")))


def _remove_strong_from_line(line: str) -> str:
    """``line`` without double asterisks, except those that mask letters of a word."""
    # Emphasis comes in pairs: two asterisks inside a word without a partner mask letters.
    paired = line.count("**") % 2 == 0
    kept: list[str] = []
    position = 0
    for masked in _MD_MASKED.finditer(line):
        if len(masked[0]) == 2 and paired:
            continue
        kept += line[position : masked.start()].replace("**", ""), masked[0]
        position = masked.end()
    return "".join(kept) + line[position:].replace("**", "")

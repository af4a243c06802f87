"""How is Markdown with front matter read? One article a file (``.md``), as Jekyll and Hugo keep
them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, Final

import yaml

from indexer.article import Reject, Warned
from indexer.ingest.build_article import make_excerpt
from indexer.ingest.readers.decode import NOT_TEXT, decode
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.limits import MAX_FRONT_MATTER
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.readers.wire_copy import split_labelled
from indexer.toml_text import parse_toml

#: The folder in which Jekyll keeps what is not published.
_DRAFTS: Final = "_drafts"
_FENCES: Final = {"---": "YAML", "+++": "TOML"}
_HEADING: Final = re.compile(r"\s*#\s+(?P<title>[^\n]+)\n")
_DATED_NAME: Final = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)[-_]")
#: ``{{< figure src="x" >}}`` of Hugo, ``{% include x %}`` of Jekyll, ``{: .class}`` of kramdown.
_TEMPLATES: Final = re.compile(
    r"\{\{[<%].{0,1000}?[>%]\}\}|\{%.{0,1000}?%\}|\{:[^{}\n]{0,200}\}", re.S
)
#: What MDX adds: modules, and components without a text of their own.
_COMPONENTS: Final = re.compile(
    r"^(?:import|export)\s[^\n]{0,500}\sfrom\s+[\"'][^\"'\n]+[\"'];?[ \t]*$|"
    r"</?[A-Z][\w.]{0,60}(?:\s[^<>]{0,2000})?/?>",
    re.MULTILINE,
)
_FENCED_CODE: Final = re.compile(r"^```[^\n]*$", re.MULTILINE)
_QUOTE: Final = re.compile(r"^ {0,3}> ?", re.MULTILINE)
#: Keys under which front matter nests further values, as Hugo does.
_NESTED: Final = ("taxonomies", "params", "extra", "cover", "header")


#: libyaml reads nine times as fast as Python, and is part of the usual packages of PyYAML.
_Yaml: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Yaml):  # type: ignore[misc]
    """YAML in which every scalar is a text."""

    def flatten_mapping(self, node: Any) -> None:
        """Leave a merge key (``<<``) as it is: merges within merges multiply."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """The value of ``node``."""
        if isinstance(node, yaml.ScalarNode):
            return self.construct_scalar(node)
        return super().construct_object(node, deep)


def read_markdown(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """The one record of a Markdown file."""
    limit = options.max_article_bytes
    data = source.stream.read(limit + 1)
    if len(data) > limit:
        yield Reject(source.path, 1, f"the file is over the limit of {limit:,} bytes")
        return
    decoded = decode(data)
    if decoded is None:
        yield Reject(source.path, 1, NOT_TEXT)
        return
    text = decoded[0].replace("\r\n", "\n").lstrip("\n")
    try:
        values, body = split_front_matter(text)
    except ValueError as problem:
        yield Reject(source.path, 1, f"broken front matter: {problem}", make_excerpt(text[:400]))
        return
    for name in _NESTED:
        inner = values.get(name)
        if isinstance(inner, dict):
            values = {**inner, **values}
    if not values:
        # As Pelican writes them, and Notion below the heading.
        values, body = _read_labelled(body)
    values, body = _take_heading(values, body)
    name = PurePath(source.path).name
    if _DRAFTS in PurePath(source.path).parts:
        values["draft"] = "true"
    if not body.strip() and name.startswith("_index."):
        # Hugo's page about a folder.
        return
    dated = _DATED_NAME.match(name)
    if dated is not None:
        values.setdefault("date", dated["date"])
    yield Record(1, {**values, "body": clean_markdown(body)})


def _take_heading(values: dict[str, Any], body: str) -> tuple[dict[str, Any], str]:
    """``values`` and ``body`` with the heading above the text as the title, if it is none already;
    any other heading stays.
    """
    heading = _HEADING.match(body)
    title = values.get("title") or values.get("judul")
    if heading is None or (title and heading["title"].strip(" #") != title):
        return values, body
    below, body = _read_labelled(body[heading.end() :].lstrip())
    return {**below, **values, "title": heading["title"].strip(" #")}, body


def _read_labelled(text: str) -> tuple[dict[str, Any], str]:
    """The fields that at least two lines with labels name, and the text below them."""
    values, body = split_labelled(text)
    return (dict(values), body) if len(values) > 1 else ({}, text)


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The values of the front matter, and the text below it. Raises ValueError if it is broken.

    >>> split_front_matter("---\\ntitle: Satu\\n---\\nIsi.")
    ({'title': 'Satu'}, 'Isi.')
    """
    if text.startswith("{\n"):
        try:
            values, end = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"no JSON ({error})") from error
        return values, text[end:].lstrip("\n")
    first, _, rest = text.partition("\n")
    kind = _FENCES.get(first.rstrip())
    if kind is None:
        return {}, text
    closing = re.search(
        rf"^{re.escape(first.rstrip())}[ \t]*$", rest[:MAX_FRONT_MATTER], re.MULTILINE
    )
    if closing is None:
        if kind == "YAML" and ":" not in rest[:200]:
            # A horizontal rule above the text.
            return {}, rest
        raise ValueError(f"its end ({first.rstrip()}) is missing")
    body = rest[closing.end() :].lstrip("\n")
    return _parse(rest[: closing.start()], kind), body


def _parse(text: str, kind: str) -> dict[str, Any]:
    try:
        values = parse_toml(text.encode()) if kind == "TOML" else parse_yaml(text)
    except RecursionError as error:
        raise ValueError(_explain(error)) from error
    return {str(key): one for key, one in values.items()} if isinstance(values, dict) else {}


def parse_yaml(text: str) -> Any:
    """The value of a YAML document. Raises ValueError if it is broken, or has aliases."""
    try:
        if "*" in text and any(isinstance(one, yaml.AliasEvent) for one in _list_events(text)):
            # A few of them can expand to gigabytes.
            raise yaml.YAMLError("it refers to itself (an alias)")
        return yaml.load(text, _Loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(_explain(error)) from error


def _list_events(text: str) -> Iterator[Any]:
    return yaml.parse(text, _Yaml)


def _explain(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f", line {mark.line + 2}" if mark is not None else ""
    told = getattr(error, "problem", None) or str(error) or "nested too deeply"
    return f"no YAML ({' '.join(str(told).split())}{where})"


def clean_markdown(text: str) -> str:
    """``text`` without what only its site's generator understands, and without quotation bars."""
    text = _COMPONENTS.sub("", _TEMPLATES.sub("", text))
    text = _FENCED_CODE.sub("", text)
    return _QUOTE.sub("", text)

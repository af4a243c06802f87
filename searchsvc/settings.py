"""Which settings does the service have? One row each, read by environment, command line, docs and
tests.

A row is a field of :class:`Settings`; :data:`SETTINGS` lists them with their descriptions. Later
sources take precedence: default, then the file that ``SEARCHSVC_CONFIG`` names, then environment
(``SEARCHSVC_PORT=9000``), then the caller's values.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

from indexer.errors import UnknownName
from searchsvc.setting import ENVIRONMENT_PREFIX, Setting
from searchsvc.settings_file import CONFIG_VARIABLE, find_settings_file, read_settings_file

_DEFAULT_INDEX = Path("index_data/default")
_DEFAULT_DICTIONARY = Path("{index}/dictionary.txt")


def _setting(
    default: Any,
    help: str,
    *,
    at_least: float = 0,
    at_most: float | None = None,
    choices: tuple[str, ...] = (),
    secret: bool = False,
    shape: str = "",
    must: str = "",
) -> Any:
    """``at_least`` and ``at_most``: bounds of a number, or of a secret's length. A secret is no
    option of a command, because process lists show these. A text must match the regular
    expression ``shape``; ``must`` describes it to people. One whose default is empty may be empty.
    """
    told = {"help": help, "at_least": at_least, "at_most": at_most, "shape": shape, "must": must}
    return field(
        default=default, repr=not secret, metadata={**told, "choices": choices, "secret": secret}
    )


_FONT_SHAPE = r"[\w \"',.-]*"
_FONT_MUST = "it must be names of fonts with commas between."


@dataclass(frozen=True, slots=True)
class Settings:
    """Validated values of all settings. Build with :func:`load`."""

    index: Path = _setting(_DEFAULT_INDEX, "Folder of the index that is searched.")  # noqa: RUF009
    dictionary: Path = _setting(  # noqa: RUF009
        _DEFAULT_DICTIONARY,
        "File of your own synonyms, stems, stop words and names; {index} is the index folder.",
    )
    host: str = _setting("127.0.0.1", "Address to listen on; 0.0.0.0 for every network interface.")
    port: int = _setting(8000, "Port to listen on; 0 picks a free one.", at_most=65535)
    workers: int = _setting(
        0, "Processes that answer; 0 starts one for each processor core.", at_most=256
    )
    threads: int = _setting(
        1, "Requests one process works on at the same time.", at_least=1, at_most=64
    )
    query_deadline_seconds: float = _setting(
        2.0, "How long one query may take; 0 lets it take as long as it takes.", at_most=600
    )
    max_connections: int = _setting(
        4096, "Connections one process holds at the same time.", at_least=1, at_most=65_536
    )
    connection_timeout_seconds: int = _setting(
        10,
        "How long a connection may stay open without a whole request.",
        at_least=1,
        at_most=600,
    )
    stop_timeout_seconds: int = _setting(
        10, "How long a stopping server lets running requests finish.", at_least=1, at_most=600
    )
    slow_query_ms: float = _setting(
        1000.0, "Milliseconds after which a search is counted as slow; 0 counts none."
    )
    metrics: str = _setting(
        "auto",
        "Who may read /metrics: open (anybody), key (who has a key that allows metrics.get), auto "
        "(programs on this machine, others with a key), off (nobody).",
        choices=("auto", "open", "key", "off"),
    )
    access_log: bool = _setting(False, "Write one line for each request to the log.")
    log_format: str = _setting(
        "text",
        "Lines of the log: text for people, json for programs, an object a line.",
        choices=("text", "json"),
    )
    log_file: str = _setting(
        "", "File of the log, opened anew when it was moved away; empty for standard error."
    )
    log_queries: bool = _setting(
        False, "Write what readers search for into the log: addresses with their parameters."
    )
    site_name: str = _setting("Cari Berita", "Name at the top of the search page.")
    language: str = _setting(
        "id",
        "Language of the search page: id for Indonesian, en for English.",
        choices=("id", "en"),
    )
    site_logo: str = _setting(
        "", "File of a logo (SVG, PNG, JPEG, WebP) to show at the top instead of ours and the name."
    )
    accent_color: str = _setting(
        "",
        "Colour of buttons, marks and bars on the search page, as #0b5f55; empty for ours.",
        shape="(#[0-9A-Fa-f]{6})?",
        must="it must be a colour as #0b5f55.",
    )
    text_font: str = _setting(
        "",
        "Fonts of the search page, as CSS lists them; empty for those of the reader's system.",
        shape=_FONT_SHAPE,
        must=_FONT_MUST,
    )
    heading_font: str = _setting(
        "",
        "Fonts of large headings and articles, as CSS lists them; empty for serifs of the reader's "
        "system.",
        shape=_FONT_SHAPE,
        must=_FONT_MUST,
    )
    site_css: str = _setting("", "File of your own CSS, loaded after ours.")
    template_folder: str = _setting(
        "", "Folder whose templates, and files in static/, take the place of ours of the same name."
    )
    images: bool = _setting(
        True, "Show pictures of articles, which readers load from where the articles have them."
    )
    live_results: bool = _setting(True, "Show results on the search page while one types.")
    per_page: int = _setting(
        10, "Hits on a page where the request does not say.", at_least=1, at_most=100
    )
    collapse: bool = _setting(
        True,
        "Show articles that tell one story in the same words as one hit where the request does "
        "not say.",
    )
    suggest_limit: int = _setting(
        8, "Suggestions where the request does not say.", at_least=1, at_most=20
    )
    related_limit: int = _setting(
        5, "Related articles where the request does not say.", at_least=1, at_most=20
    )
    cors_origins: tuple[str, ...] = _setting(
        ("*",),
        "Origins whose pages may call the API, with commas between; * for all, empty for none.",
    )
    meilisearch: bool = _setting(
        True, "Serve the protocol of Meilisearch's clients at the root of the address."
    )
    cache_bytes: int = _setting(
        32_000_000, "Memory of each process for answers given before; 0 keeps none."
    )
    cache_seconds: int = _setting(
        0,
        "How long browsers and proxies may reuse an answer without asking; 0 asks every time.",
        at_most=86_400,
    )
    recency_half_life_days: float = _setting(
        30.0, "Days after which an article's bonus for being new has halved; 0 gives none."
    )
    recency_weight: float = _setting(
        0.15, "Bonus of an article published today, as a part of its score.", at_most=10
    )
    trusted_proxies: int = _setting(
        0, "Proxies in front whose X-Forwarded headers are believed.", at_most=10
    )
    trusted_hosts: tuple[str, ...] = _setting(
        (),
        "Host names the service is asked under, with commas between; .example.id for all below "
        "it, empty for any.",
    )

    master_key: str = _setting(
        "",
        "Secret from which keys are made; without one nothing is written over HTTP.",
        at_least=16,
        secret=True,
    )
    reads: str = _setting(
        "auto",
        "Who may search: open (anybody), key (who has a key), auto (anybody where host is an "
        "address of this machine alone, or there is no master key).",
        choices=("auto", "open", "key"),
    )
    rate_limit: str = _setting(
        "",
        "Requests that one key or address may send, as in 20/second;600/minute; empty for any "
        "number.",
    )
    rate_limit_storage: str = _setting(
        "memory://",
        "Where requests are counted: memory:// in each process, redis://host:6379 for all of them.",
    )
    max_payload_bytes: int = _setting(
        32_000_000, "Size of what one request may send to be written.", at_least=1_000
    )
    queue_tasks: int = _setting(10_000, "Tasks that may wait to be done.", at_least=1)
    queue_bytes: int = _setting(
        1_000_000_000, "Size of all that may wait to be written.", at_least=1_000
    )
    tasks_kept: int = _setting(10_000, "Finished tasks that are remembered.", at_least=1)

    insight: bool = _setting(
        False, "Record what readers search for and open, without who they are."
    )
    insight_days: int = _setting(
        90, "Days after which a recorded search is deleted.", at_least=1, at_most=3_650
    )
    insight_rows: int = _setting(
        1_000_000, "Searches that are kept at most; the oldest are deleted.", at_least=1_000
    )
    popular_hours: int = _setting(
        5,
        "Different hours, on two days or more, in which a recorded query must have been searched "
        "before it is suggested; 0 suggests none.",
        at_most=720,
    )
    insight_bytes: int = _setting(
        500_000_000, "Size of what is recorded, roughly, at most.", at_least=1_000_000
    )

    @property
    def data_folder(self) -> Path:
        """The folder that contains the index, and others beside it."""
        return Path(os.path.abspath(self.index)).parent


def _describe_rows() -> tuple[Setting, ...]:
    hints = get_type_hints(Settings)

    def describe(row: Field[Any]) -> Setting:
        assert row.default is not MISSING
        hint = hints[row.name]
        return Setting(
            name=row.name,
            default=row.default,
            type=getattr(hint, "__origin__", hint),
            help=row.metadata["help"],
            at_least=row.metadata["at_least"],
            at_most=row.metadata["at_most"],
            choices=row.metadata["choices"],
            secret=row.metadata["secret"],
            shape=row.metadata["shape"],
            must=row.metadata["must"],
        )

    return tuple(describe(row) for row in fields(Settings))


#: One row per setting, in the order of the docs.
SETTINGS: tuple[Setting, ...] = _describe_rows()
BY_NAME: dict[str, Setting] = {row.name: row for row in SETTINGS}


class Origin(NamedTuple):
    """Where the value of a setting comes from: ``kind`` is default, file, environment or option;
    ``place`` is the path of the file, or the name of the variable.
    """

    kind: str
    place: str = ""


def load(
    overrides: Mapping[str, object] | None = None, *, environ: Mapping[str, str] | None = None
) -> Settings:
    """The settings: defaults, overridden by the file that the environment names, by the
    environment itself, and by ``overrides``.

    An override of ``None`` is ignored, so that a command line can pass every option on. Raises
    UnknownName for an unknown name (with the nearest setting), InvalidSetting for an invalid value,
    SettingsFileInvalid. Variables of other programs are ignored; see
    :func:`find_unknown_variables` for misspelt ones.
    """
    return load_with_origins(overrides, environ=environ)[0]


def load_with_origins(
    overrides: Mapping[str, object] | None = None, *, environ: Mapping[str, str] | None = None
) -> tuple[Settings, dict[str, Origin]]:
    """Like :func:`load`, with where each value comes from."""
    environment = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    origins = {row.name: Origin("default") for row in SETTINGS}
    file = find_settings_file(environment)
    if file:
        values |= read_settings_file(file, BY_NAME)
        origins |= dict.fromkeys(values, Origin("file", file))
    for row in SETTINGS:
        text = environment.get(row.environment)
        if text is not None:
            values[row.name] = row.read(text)
            origins[row.name] = Origin("environment", row.environment)
    for name, value in (overrides or {}).items():
        if name not in BY_NAME:
            raise UnknownName("setting", name, BY_NAME)
        if value is not None:
            values[name] = BY_NAME[name].read(value)
            origins[name] = Origin("option")
    return Settings(**values), origins


def load_one(name: str, *, environ: Mapping[str, str] | None = None) -> Any:
    """The value of one setting, according to the environment and the file that it names. Raises
    InvalidSetting, SettingsFileInvalid.
    """
    environment = os.environ if environ is None else environ
    row = BY_NAME[name]
    text = environment.get(row.environment)
    if text is not None:
        return row.read(text)
    file = find_settings_file(environment)
    return read_settings_file(file, BY_NAME).get(name, row.default) if file else row.default


def find_unknown_variables(environ: Mapping[str, str] | None = None) -> list[str]:
    """One sentence for each ``SEARCHSVC_…`` variable that resembles a setting's but is none."""
    environment = os.environ if environ is None else environ
    known = [CONFIG_VARIABLE, *(row.environment for row in SETTINGS)]
    problems = []
    for name in sorted(environment):
        if not name.startswith(ENVIRONMENT_PREFIX) or name in known:
            continue
        near = get_close_matches(name, known, n=1, cutoff=0.8)
        if near:
            problems.append(f"{name} is not a setting and is ignored. Did you mean {near[0]}?")
    return problems

"""Commands that read an index: search, suggest, show, stats, check, analyze."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.commands import run, run_json, write_jsonl

from indexer.article import Article
from searchsvc.query.ranking import EXACT_BOOST, TITLE_BOOST
from searchsvc.request import SearchRequest


@pytest.fixture
def index(tmp_path: Path, sample_articles: list[Article]) -> Path:
    """An index of the six sample articles."""
    path = tmp_path / "index"
    rows = [article.to_dict() for article in sample_articles]
    result = run("index", write_jsonl(tmp_path / "six.jsonl", *rows), "--index", path)
    assert result.exit_code == 0, result.stderr
    return path


def test_hits_are_printed_for_people(index: Path) -> None:
    result = run("search", "menyerang", "pasar", "--index", index)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("1 article (")
    assert lines[2] == "1. Polisi Usut Serangan di Pasar Kota Lama"
    assert "Contoh Kabar · 20 Jul 2022 · Semarang" in lines[3]
    assert lines[3].endswith("serangan-pasar")
    assert "https://contoh.example/serangan-pasar" in lines[-1]


def test_notes_are_told_in_the_language_of_the_commands(index: Path) -> None:
    result = run("search", "serangan", "xyzqqw", "--index", index)
    assert result.stdout.startswith("Few or no articles have all the words.")
    (note,) = run_json("search", "serangan", "xyzqqw", "--index", index)["notes"]
    assert note["message"].startswith("Tidak ada artikel yang memuat semua kata")
    assert run("facets", "source", '"pasar', "--index", index).stdout.startswith(
        "A quotation mark without its partner was ignored.\n"
    )


def test_similar_queries_are_offered_where_nothing_is_found(tmp_path: Path) -> None:
    """In a small index a root that no article has may be the word that is meant: gemap."""
    index = tmp_path / "index"
    row = {"id": "a", "title": "Gempa di Ambon", "body": "Warga Ambon merasakan gempa kemarin."}
    run("index", write_jsonl(tmp_path / "a.jsonl", row), "--index", index)
    lines = run("search", "gemap", "--index", index).stdout.splitlines()
    assert lines[0].startswith("0 articles")
    assert lines[1:] == ["", "Similar queries:", "        1   gempa"]
    nothing = run("suggest", "xyzqqw", "--index", index)
    assert (nothing.stdout, nothing.stderr) == ("", "No suggestions.\n")


def test_json_is_the_body_of_the_api(index: Path) -> None:
    body = run_json("search", "kerja sama iran", "--facets", "agency", "--index", index)
    assert list(body) == [
        *("query", "total", "stories", "page", "per_page", "pages", "took_ms"),
        *("hits", "facets", "notes"),
    ]
    assert body["hits"][0]["id"] == "kerja-sama-iran"
    assert "<mark>" in body["hits"][0]["title_html"]
    assert body["facets"]["agency"][0]["count"] == 1


def test_values_of_a_facet_are_listed_within_a_query(index: Path) -> None:
    result = run("facets", "authors", "pasar", "--prefix", "les", "--index", index)
    assert result.stdout == "1 value\n        1   Rina Lestari\n"
    assert run_json("facets", "source", "--filter", "source=Suara Warga", "--index", index) == {
        "facet": "source",
        "query": "",
        "total": 3,
        "values": [
            {"value": "Contoh Kabar", "count": 2, "selected": False},
            {"value": "Harian Ladang", "count": 2, "selected": False},
            {"value": "Suara Warga", "count": 2, "selected": True},
        ],
        "notes": [],
    }
    assert run("facets", "published_at", "--index", index).exit_code == 2


def test_a_story_is_printed_once_with_where_else_it_stands(tmp_path: Path) -> None:
    body = " ".join(f"kata{number}" for number in range(50))
    rows = [
        {"id": f"a{n}", "title": "Banjir", "body": body, "source": f"Situs {n}"} for n in range(14)
    ]
    index = tmp_path / "copies"
    run("index", write_jsonl(tmp_path / "a.jsonl", *rows), "--index", index)
    lines = run("search", "banjir", "--index", index).stdout.splitlines()
    assert lines[0].startswith("14 articles telling 1 story (")
    assert [line for line in lines if "also: " in line] == [
        "   also: " + ", ".join(f"Situs {n} (a{n})" for n in range(1, 11)) + ", 3 more"
    ]
    for arguments, env, stories in (
        ([], {}, 1),
        (["--no-collapse"], {}, 14),
        ([], {"SEARCHSVC_COLLAPSE": "false"}, 14),
        (["--collapse"], {"SEARCHSVC_COLLAPSE": "false"}, 1),
    ):
        result = run("search", "banjir", "--json", "--index", index, *arguments, env=env)
        body_of = json.loads(result.stdout)
        assert (body_of["total"], body_of["stories"]) == (14, stories)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--filter", "category=Hukum"], {"serangan-pasar", "kpk-periksa"}),
        (
            ["--filter", "source=Suara Warga", "--filter", "source=Harian Ladang"],
            {"kpk-periksa", "resep-tanpa-tanggal", "panen-padi", "bekasi-menang"},
        ),
        (["--filter", "place=Jakarta", "--filter", "agency=Antara"], {"kerja-sama-iran"}),
        (["--from", "2023"], {"kpk-periksa", "bekasi-menang"}),
        (["--to", "2022-07"], {"serangan-pasar", "panen-padi"}),
        (["--from", "2022-07-21", "--to", "2022-08-02"], {"panen-padi", "kerja-sama-iran"}),
    ],
)
def test_filters_narrow(index: Path, arguments: list[str], expected: set[str]) -> None:
    body = run_json("search", "", *arguments, "--index", index)
    assert {hit["id"] for hit in body["hits"]} == expected
    assert body["total"] == len(expected)


def test_pages_and_order(index: Path) -> None:
    options = ("--sort", "oldest", "--per-page", "2", "--page", "2", "--index", index)
    body = run_json("search", "", *options)
    assert [hit["id"] for hit in body["hits"]] == ["kerja-sama-iran", "kpk-periksa"]
    assert "6 articles, page 2 of 3" in run("search", "", *options).stdout


def test_facets_are_counted(index: Path) -> None:
    result = run("search", "", "--facets", "*", "--interval", "year", "--index", index)
    counted = [line.split() for line in result.stdout.splitlines()]
    assert ["3", "2022"] in counted
    assert ["2", "2023"] in counted


def test_scores_are_explained(index: Path) -> None:
    hit = run_json("search", "serangan", "--explain", "--index", index)["hits"][0]
    assert hit["explain"][0]["typed"] == "serangan"
    assert "typed" in run("search", "serangan", "--explain", "--index", index).stdout


def test_newer_articles_rank_higher_where_the_settings_want_it(index: Path) -> None:
    arguments = ("search", "serangan", "--explain", "--index", index)
    env = {"SEARCHSVC_RECENCY_HALF_LIFE_DAYS": "100000", "SEARCHSVC_RECENCY_WEIGHT": "0.8"}
    rules = [row["rule"] for row in run_json(*arguments, env=env)["hits"][0]["explain"]]
    assert rules[-1] == "recency"
    off = {"SEARCHSVC_RECENCY_HALF_LIFE_DAYS": "0"}
    assert "recency" not in run(*arguments, env=off).stdout
    refused = run(*arguments, env={"SEARCHSVC_RECENCY_WEIGHT": "much"})
    assert refused.exit_code == 2
    assert "Error: Setting recency_weight cannot be 'much'" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--filter", "category"], "'category' is not facet=value"),
        (["--filter", "kategory=x"], "Unknown facet 'kategory'"),
        (["--filter", "published_at=2022"], "For dates use --from and --to."),
        (["--sort", "best"], "give one of relevance, newest, oldest"),
        (["--per-page", "101"], "101 is not in the range"),
        (["--page", "2000"], "narrow the search instead"),
        (["--from", "kemarin-kemarin"], "give a date, a month or a year"),
        (["--facets", "sauce"], "give * or some of source,"),
        (["--nonsense"], "No such option"),
    ],
)
def test_wrong_options_are_usage_errors(index: Path, arguments: list[str], message: str) -> None:
    result = run("search", "padi", *arguments, "--index", index)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


def test_suggestions_one_a_line(index: Path) -> None:
    result = run("suggest", "panen", "--index", index)
    assert result.exit_code == 0
    assert "panenan" in result.stdout.splitlines()
    assert all({"text", "kind"} <= set(row) for row in run_json("suggest", "p", "--index", index))


def test_an_article_is_shown_whole(index: Path, sample_articles: list[Article]) -> None:
    article = run_json("show", "kerja-sama-iran", "--index", index)
    assert article["authors"] == ["Rina Lestari", "Adi Nugroho"]
    assert set(article) == set(sample_articles[0].to_dict())
    shown = run("show", "kerja-sama-iran", "--index", index).stdout
    assert "authors       Rina Lestari; Adi Nugroho\n" in shown
    assert shown.endswith("energi, kesehatan dan pendidikan.\n")


def test_figures_of_the_index(index: Path) -> None:
    figures = run_json("stats", "--index", index)
    assert figures["articles"] == 6
    assert figures["facet_values"]["place"] == 4
    assert figures["most_frequent"]["agency"] == {"Antara": 2}
    shown = run("stats", "--index", index).stdout
    assert "articles            6\n" in shown


def test_a_whole_index_checks_clean(index: Path) -> None:
    result = run("check", "--index", index)
    assert (result.exit_code, result.stdout) == (0, f"The index at {index} is whole.\n")
    assert run_json("check", "--index", index) == {"index": str(index), "problems": []}


def test_a_damaged_index_is_reported_by_file(index: Path) -> None:
    victim = max(index.iterdir(), key=lambda path: path.stat().st_size)
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 0xFF
    victim.write_bytes(content)
    result = run("check", "--index", index)
    assert result.exit_code == 1
    assert victim.name in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_words_are_taken_apart(index: Path) -> None:
    analysis = run_json("analyze", "Menteri memperluas", "--index", index)
    token = analysis["tokens"][1]
    assert token.pop("rules")
    assert token == {
        "start": 8,
        "end": 18,
        "text": "memperluas",
        "exact": "memperluas",
        "stem": "luas",
    }
    typed = [(word["typed"], word["boost"]) for word in analysis["query"]]
    assert typed == [
        *(("menteri", 1), ("menteri", EXACT_BOOST)),
        *(("memperluas", 1), ("memperluas", EXACT_BOOST)),
        ("menteri memperluas", TITLE_BOOST),
    ]
    shown = run("analyze", "memperluas", "--index", index).stdout
    assert shown.splitlines()[0].split() == ["start", "end", "text", "exact", "stem", "rules"]
    assert run_json("analyze", "yang", "--index", index)["tokens"][0]["rules"] == ["common word"]
    assert "As a query:" in shown


def test_words_are_taken_apart_without_an_index(tmp_path: Path) -> None:
    result = run("analyze", "memperluas", "--index", tmp_path / "none")
    assert result.exit_code == 0
    assert "luas" in result.stdout
    assert "No index at" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "padi"],
        ["suggest", "padi"],
        ["show", "x"],
        ["stats"],
        ["check"],
        ["rebuild"],
        ["delete", "x"],
    ],
)
def test_without_an_index_each_command_says_so(tmp_path: Path, arguments: list[str]) -> None:
    missing = tmp_path / "none"
    result = run(*arguments, "--index", missing)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: No index at {missing}. Create one with: ")
    assert not missing.exists()


def test_an_unknown_article_is_an_error(index: Path) -> None:
    result = run("show", "nope", "--index", index)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: No article with id 'nope' in the index.\n"


def test_the_index_is_found_in_four_ways(index: Path) -> None:
    expected = run("search", "padi", "--index", index, "--json").stdout
    ways = [
        run("--index", index, "search", "padi", "--json"),
        run("search", "padi", "--json", env={"SEARCHSVC_INDEX": str(index)}),
        run("--index", "nowhere", "search", "padi", "--json", "--index", index),
    ]
    for result in ways:
        got, wanted = json.loads(result.stdout), json.loads(expected)
        got.pop("took_ms"), wanted.pop("took_ms")
        assert got == wanted


def test_defaults_are_those_of_the_api(index: Path) -> None:
    body, defaults = run_json("search", "padi", "--index", index), SearchRequest()
    assert (body["page"], body["per_page"]) == (defaults.page, defaults.per_page)


def test_hits_and_figures_are_written_as_on_the_page(tmp_path: Path) -> None:
    article = {"id": "a", "title": "Roti", "body": "Roti baru.", "source": "LAYAR INDONESIA"}
    index = tmp_path / "shown"
    run("index", write_jsonl(tmp_path / "a.jsonl", article), "--index", index)
    assert "Layar Indonesia" in run("search", "roti", "--index", index).stdout
    assert "source: 1 value\n" in run("stats", "--index", index).stdout


def test_an_article_is_shown_as_it_came(tmp_path: Path) -> None:
    text = "SOLO, KABARKITA.COM - Air sungai surut.\nWarga pulang ke rumah. (adt)"
    source = tmp_path / "artikel.jsonl"
    source.write_text(json.dumps({"id": "a", "judul": "Air Surut", "isi": text}), "utf-8")
    index = tmp_path / "index"
    run("index", source, "--index", index)
    assert run("show", "a", "--raw", "--index", index).stdout.rstrip("\n") == text
    shown = run_json("show", "a", "--raw", "--index", index)
    assert shown["raw"] == text
    assert shown["body"] == "Air sungai surut.\nWarga pulang ke rumah."
    assert "raw" not in run_json("show", "a", "--index", index)

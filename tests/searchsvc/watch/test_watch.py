"""``searchsvc watch`` against a real server on loopback, and folders. Nothing waits."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from support.commands import run, write_jsonl
from support.site import STORY, Site, make_feed, make_page, make_sitemap, run_site
from support.word_index import list_titles

from indexer.article import Reject, Warned
from searchsvc.index import Index
from searchsvc.watch.backoff import choose_wait
from searchsvc.watch.fetch import Clock, Fetcher, Manners
from searchsvc.watch.folder import FolderSource
from searchsvc.watch.robots import Robots
from searchsvc.watch.source import Source
from searchsvc.watch.state import STATE_FILE, WatchState
from searchsvc.watch.watcher import Change, Telling, Watcher
from searchsvc.watch.web import MOST_ATTEMPTS, WebSource

LONG = " ".join([STORY] * 6)


@pytest.fixture
def site() -> Iterator[Site]:
    with run_site() as site:
        yield site


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@dataclass
class Round:
    """What one look at the sources did."""

    changes: list[tuple[str, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    failed: int = 0
    slept: list[float] = field(default_factory=list)


@dataclass
class Time:
    """A clock that only moves when somebody sleeps, or is told to."""

    now: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds

    def make_clock(self) -> Clock:
        return Clock(lambda: self.now, lambda: self.now, self.sleep)


def look(
    index: Path, *sources: str, time: Time | None = None, pages: bool = True, **manners: Any
) -> Round:
    """What ``searchsvc watch SOURCES --once`` does, told in parts."""
    time = time or Time()
    done = Round()

    def note(notice: Reject | Warned) -> None:
        done.notices.append(notice.reason)

    telling = Telling(
        lambda change: done.changes.append((change.kind, change.title)),
        note,
        lambda address, reason, wait: done.failures.append(reason),
    )
    time.slept.clear()
    clock = time.make_clock()
    with Index.open(index, create=True) as opened, WatchState(index) as state:
        manners.setdefault("delay_s", 0.0)
        fetcher = Fetcher(Manners("searchsvc/test", **manners), Robots(state, clock.today), clock)
        made: list[Source] = [
            WebSource(source, state, fetcher, {}, pages=pages)
            if source.startswith("http")
            else FolderSource(source, state, {})
            for source in sources
        ]
        done.failed = Watcher(opened, state, made, telling, every_s=300, clock=clock).run_once()
        fetcher.close()
    done.slept = list(time.slept)
    return done


# --- folders


def test_a_folder_is_kept_as_it_is(tmp_path: Path, index: Path) -> None:
    folder = tmp_path / "arsip"
    folder.mkdir()
    rows = [{"id": name, "title": f"Kabar {name}", "body": STORY} for name in "abc"]
    write_jsonl(folder / "1.jsonl", *rows[:2])
    write_jsonl(folder / "2.jsonl", rows[2])
    assert look(index, str(folder)).changes == [
        ("new", "Kabar a"),
        ("new", "Kabar b"),
        ("new", "Kabar c"),
    ]
    assert look(index, str(folder)).changes == []
    write_jsonl(folder / "1.jsonl", {**rows[0], "title": "Kabar Lain"})
    (folder / "2.jsonl").unlink()
    assert look(index, str(folder)).changes == [
        ("changed", "Kabar Lain"),
        ("gone", "Kabar b"),
        ("gone", "Kabar c"),
    ]
    assert list_titles(index) == ["Kabar Lain"]


def test_an_article_that_moves_to_another_file_stays(tmp_path: Path, index: Path) -> None:
    folder = tmp_path / "arsip"
    folder.mkdir()
    write_jsonl(folder / "1.jsonl", {"id": "a", "title": "Kabar", "body": STORY})
    look(index, str(folder))
    (folder / "1.jsonl").rename(folder / "2.jsonl")
    assert look(index, str(folder)).changes == []
    assert list_titles(index) == ["Kabar"]


def test_what_cannot_be_read_is_not_gone(tmp_path: Path, index: Path) -> None:
    folder = tmp_path / "arsip"
    folder.mkdir()
    row = {"id": "a", "title": "Kabar", "body": STORY}
    write_jsonl(folder / "1.jsonl", row, {**row, "id": "b"})
    look(index, str(folder))
    write_jsonl(folder / "1.jsonl", row, '{"id": "b", "title": ')
    done = look(index, str(folder))
    assert (done.changes, len(done.notices)) == ([], 1)
    assert list_titles(index) == ["Kabar", "Kabar"]


@pytest.mark.parametrize("emptied", [True, False])
def test_a_folder_that_is_suddenly_empty_or_away_takes_nothing_out(
    tmp_path: Path, index: Path, emptied: bool
) -> None:
    """So looks the place of a disk that is not mounted."""
    folder = tmp_path / "arsip"
    folder.mkdir()
    write_jsonl(folder / "1.jsonl", {"id": "a", "title": "Kabar", "body": STORY})
    look(index, str(folder))
    (folder / "1.jsonl").unlink()
    if not emptied:
        folder.rmdir()
    done = look(index, str(folder))
    assert (done.failed, done.changes, len(done.failures)) == (1, [], 1)
    assert list_titles(index) == ["Kabar"]


def test_a_folder_with_its_sitemap_is_read_as_one(tmp_path: Path, index: Path) -> None:
    folder = tmp_path / "situs"
    folder.mkdir()
    pages = {name: f"https://contoh.id/{name}.html" for name in ("satu", "dua")}
    for name in pages:
        (folder / f"{name}.html").write_text(make_page(name.title()), "utf-8")
    sitemap = make_sitemap(*((loc, "2026-01-02") for loc in pages.values()))
    (folder / "sitemap.xml").write_text(sitemap, "utf-8")
    assert look(index, str(folder)).changes == [("new", "Satu"), ("new", "Dua")]
    assert look(index, str(folder)).changes == []
    (folder / "dua.html").unlink()
    (folder / "sitemap.xml").write_text(make_sitemap((pages["satu"], "2026-01-02")), "utf-8")
    assert look(index, str(folder)).changes == [("gone", "Dua")]


# --- feeds


def test_a_feed_is_asked_only_whether_it_changed(site: Site, index: Path) -> None:
    feed = f"{site.address}/feed"
    site.put("/feed", make_feed((f"{site.address}/a", "Satu", LONG)), ETag='"1"')
    assert look(index, feed).changes == [("new", "Satu")]
    assert look(index, feed).changes == []
    assert site.asked[-1][1]["If-None-Match"] == '"1"'
    assert site.asked[-1][1]["User-Agent"] == "searchsvc/test"
    items = [(f"{site.address}/a", "Satu Lagi", LONG), (f"{site.address}/b", "Dua", LONG)]
    site.put("/feed", make_feed(*items), ETag='"2"')
    assert look(index, feed).changes == [("changed", "Satu Lagi"), ("new", "Dua")]
    site.put("/feed", make_feed(items[1]), ETag='"3"')
    # An entry leaves a feed because others came, not because its article is gone.
    assert look(index, feed).changes == []
    assert list_titles(index) == ["Dua", "Satu Lagi"]


def test_an_article_of_which_a_feed_has_a_teaser_is_read_from_its_page(
    site: Site, index: Path
) -> None:
    feed = f"{site.address}/feed"
    site.put("/feed", make_feed((f"{site.address}/a", "Satu", "Warga berharap")))
    site.put("/a", make_page("Judul Halaman", LONG))
    assert look(index, feed).changes == [("new", "Satu")]
    with Index.open(index) as opened:
        (article,) = opened
    assert article.body.startswith("Warga berharap keadaan")
    assert (article.url, article.id) == (f"{site.address}/a", article.id)
    assert site.list_paths() == ["/feed", "/a"]
    look(index, feed)
    assert site.list_paths() == ["/feed"]


def test_without_pages_the_teaser_goes_in(site: Site, index: Path) -> None:
    site.put("/feed", make_feed((f"{site.address}/a", "Satu", "Warga berharap.")))
    assert look(index, f"{site.address}/feed", pages=False).changes == [("new", "Satu")]
    assert site.list_paths() == ["/feed"]


def test_a_page_that_is_not_there_leaves_the_teaser(site: Site, index: Path) -> None:
    site.put("/feed", make_feed((f"{site.address}/a", "Satu", "Warga berharap.")))
    done = look(index, f"{site.address}/feed")
    assert done.changes == [("new", "Satu")]
    assert done.notices == [
        "its page was not read (the server answers 404); what the feed has goes in"
    ]


def test_a_page_that_fails_is_tried_again_and_then_given_up(site: Site, index: Path) -> None:
    feed = f"{site.address}/feed"
    site.put("/feed", make_feed((f"{site.address}/a", "Satu", "Warga.")), ETag='"1"')
    site.put("/a", "", status=500)
    for _ in range(MOST_ATTEMPTS - 1):
        assert look(index, feed).changes == []
    assert look(index, feed).changes == [("new", "Satu")]
    assert site.list_paths() == ["/feed", "/a"] * MOST_ATTEMPTS
    assert look(index, feed).changes == []
    assert site.list_paths() == ["/feed"]


# --- sitemaps


def test_a_sitemap_is_read_with_the_pages_that_changed(site: Site, index: Path) -> None:
    at = site.address
    site.put("/satu", make_page("Satu"))
    site.put("/dua", make_page("Dua"))
    site.put("/map.xml", make_sitemap((f"{at}/satu", "2026-01-02"), (f"{at}/dua", "")))
    assert look(index, f"{at}/map.xml").changes == [("new", "Satu"), ("new", "Dua")]
    assert site.list_paths() == ["/map.xml", "/satu", "/dua"]
    site.put("/satu", make_page("Satu Baru"))
    site.put("/map.xml", make_sitemap((f"{at}/satu", "2026-01-03"), (f"{at}/dua", "")))
    assert look(index, f"{at}/map.xml").changes == [("changed", "Satu Baru")]
    assert site.list_paths() == ["/map.xml", "/satu"]


def test_sitemaps_of_a_sitemap_are_read_where_they_changed(site: Site, index: Path) -> None:
    at = site.address

    def put_index(first: str, second: str) -> None:
        told = "".join(
            f"<sitemap><loc>{at}/{name}.xml</loc><lastmod>{day}</lastmod></sitemap>"
            for name, day in (("a", first), ("b", second))
        )
        site.put("/map.xml", f"<sitemapindex>{told}</sitemapindex>")

    put_index("2026-01-01", "2026-01-01")
    for name in "ab":
        site.put(f"/{name}.xml", make_sitemap((f"{at}/{name}", "2026-01-01")))
        site.put(f"/{name}", make_page(f"Kabar {name.upper()}"))
    assert look(index, f"{at}/map.xml").changes == [("new", "Kabar A"), ("new", "Kabar B")]
    site.list_paths()
    put_index("2026-01-01", "2026-01-02")
    site.put("/b.xml", make_sitemap((f"{at}/b", "2026-01-01"), (f"{at}/c", "2026-01-02")))
    site.put("/c", make_page("Kabar C"))
    assert look(index, f"{at}/map.xml").changes == [("new", "Kabar C")]
    assert site.list_paths() == ["/map.xml", "/b.xml", "/c"]


# --- manners


def test_robots_is_heard_and_asked_for_once_a_day(site: Site, index: Path) -> None:
    time = Time()
    site.put("/robots.txt", "User-agent: *\nDisallow: /*?rahasia\nCrawl-delay: 7\n")
    site.put(
        "/map.xml", make_sitemap((f"{site.address}/a?rahasia=1", ""), (f"{site.address}/b", ""))
    )
    site.put("/b", make_page("Dua"))
    done = look(index, f"{site.address}/map.xml", time=time)
    assert done.changes == [("new", "Dua")]
    assert done.notices[0].startswith("its page was not read: robots.txt of 127.0.0.1 keeps")
    assert done.slept == [7.0]
    look(index, f"{site.address}/map.xml", time=time)
    assert [path for path, _ in site.asked].count("/robots.txt") == 1
    time.now += 90_000
    look(index, f"{site.address}/map.xml", time=time)
    assert [path for path, _ in site.asked].count("/robots.txt") == 2


def test_requests_to_one_host_keep_their_distance(site: Site, index: Path) -> None:
    site.put("/map.xml", make_sitemap((f"{site.address}/a", ""), (f"{site.address}/b", "")))
    site.put("/a", make_page("Satu"))
    site.put("/b", make_page("Dua"))
    assert look(index, f"{site.address}/map.xml", delay_s=2.0).slept == [2.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("status", "headers", "least"),
    [
        (500, {}, 30),
        (429, {"Retry-After": "900"}, 900),
        (503, {"Retry-After": "600"}, 600),
        (404, {}, 30),
    ],
)
def test_a_source_that_fails_is_left_alone(
    site: Site, index: Path, status: int, headers: dict[str, str], least: float
) -> None:
    time = Time()
    feed = f"{site.address}/feed"
    site.put("/feed", "", status=status, **{k.replace("-", "_"): v for k, v in headers.items()})
    done = look(index, feed, time=time)
    assert (done.failed, done.failures) == (1, [f"the server answers {status}"])
    site.list_paths()
    time.now += least - 1
    assert look(index, feed, time=time).failures == ["it failed before"]
    assert site.list_paths() == []
    time.now += 1_000
    site.put("/feed", make_feed((f"{site.address}/a", "Satu", LONG)))
    done = look(index, feed, time=time)
    assert (done.failed, done.changes) == (0, [("new", "Satu")])


def test_a_site_that_is_busy_while_pages_are_read_is_left_alone(site: Site, index: Path) -> None:
    at = site.address
    site.put("/map.xml", make_sitemap(*((f"{at}/{name}", "") for name in "abc")))
    site.put("/a", make_page("Satu"))
    site.put("/b", "", status=429)
    done = look(index, f"{at}/map.xml")
    # What was read before is in.
    assert (done.changes, done.failed) == ([("new", "Satu")], 1)
    assert site.list_paths() == ["/map.xml", "/a", "/b"]


def test_waits_grow_and_are_not_all_the_same() -> None:
    for failures, longest in ((1, 60), (2, 120), (5, 960), (50, 21_600)):
        waits = {choose_wait(failures, draw=random.Random(seed)) for seed in range(20)}
        assert longest / 2 <= min(waits) < max(waits) <= longest
        assert len(waits) > 10
    assert choose_wait(1, 1_000) == 1_000
    assert choose_wait(1, 1e9) == 86_400


# --- what is refused


def test_private_networks_are_not_reached_through_public_sites(
    site: Site, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.0.0.1 counts as public here, so that a loopback server can play the public site."""
    from searchsvc.watch import fetch

    monkeypatch.setattr(fetch, "is_private", lambda peer: peer != "127.0.0.1")
    with ExitStack() as stack:
        try:
            inside = stack.enter_context(run_site("127.0.0.2"))
        except OSError:
            pytest.skip("the machine has one loopback address")
        secret = f"{inside.address}/rahasia"
        inside.put("/rahasia", make_page("Rahasia"))
        site.put("/feed", "", status=302, Location=secret)
        site.put("/map.xml", make_sitemap((secret, "")))
        sources = (f"{site.address}/feed", f"{site.address}/map.xml")
        done = look(index, *sources)
        assert inside.asked == []
        told = "127.0.0.2 is in a private network (127.0.0.2), and a public site named it: "
        assert done.failures[0].startswith(told)
        assert done.notices[0].startswith(f"its page was not read: {told}")
        assert (done.changes, done.failed) == ([], 1)
        # Where it is asked for, or is itself what is watched, it is read.
        done = look(tmp_path / "allowed", f"{site.address}/map.xml", allow_private=True)
        assert done.changes == [("new", "Rahasia")]
        inside.put("/map.xml", make_sitemap((secret, "")))
        done = look(tmp_path / "named", f"{inside.address}/map.xml")
        assert done.changes == [("new", "Rahasia")]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "only http and https are fetched"),
        ("ftp://contoh.id/a", "only http and https are fetched"),
        ("/feed", "it redirects more than 5 times"),
        ("http://u:p@contoh.id/", "it has a name or password in it, which would be kept and shown"),
    ],
)
def test_redirects_lead_only_through_the_web(
    site: Site, index: Path, location: str, reason: str
) -> None:
    site.put("/feed", "", status=301, Location=location)
    assert look(index, f"{site.address}/feed").failures == [reason]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "the answer is empty"),
        (
            '<html><link rel="alternate" type="application/rss+xml" href="/feed"></html>',
            "it is a web page, no feed and no sitemap; it names the feed {}/feed: watch that",
        ),
    ],
)
def test_what_is_no_feed_is_said(site: Site, index: Path, body: str, reason: str) -> None:
    site.put("/x", body)
    assert look(index, f"{site.address}/x").failures == [reason.format(site.address)]


@pytest.mark.parametrize(
    "body",
    [
        "<rss><channel><item><title>A</title>",
        '<!DOCTYPE r [<!ENTITY a "b">]><rss><item><title>&a;</title></item></rss>',
        "\0\1\2\3" * 100,
        "{",
        "kabar tanpa bentuk",
        "<urlset><url></url><url><loc>nanti</loc></url></urlset>",
        "<sitemapindex><sitemap><loc>javascript:1</loc></sitemap></sitemapindex>",
    ],
)
def test_odd_documents_end_in_a_sentence(site: Site, index: Path, body: str) -> None:
    site.put("/x", body)
    done = look(index, f"{site.address}/x")
    assert done.notices or done.failures or done.changes
    assert all("Traceback" not in told for told in (*done.notices, *done.failures))


def test_an_answer_without_end_is_cut(
    site: Site, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from searchsvc.watch import web

    monkeypatch.setattr(web, "MAX_PAGE", 1_000)
    site.put("/map.xml", make_sitemap((f"{site.address}/a", "")))
    site.put("/a", make_page("Satu", LONG))
    done = look(index, f"{site.address}/map.xml")
    assert done.notices == ["its page was not read: the answer is over the limit of 1,000 bytes"]


# --- killed at any moment


class Killed(BaseException):
    """As SIGKILL: nothing catches it."""


@pytest.mark.parametrize("at", range(1, 12, 2))
def test_whoever_is_killed_loses_and_doubles_nothing(
    tmp_path: Path, index: Path, site: Site, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    folder = tmp_path / "arsip"
    folder.mkdir()
    row = {"id": "a", "title": "Kabar", "body": STORY}
    write_jsonl(folder / "1.jsonl", row)
    write_jsonl(folder / "2.jsonl", {**row, "id": "b"})
    feed = f"{site.address}/feed"
    site.put("/feed", make_feed((f"{site.address}/x", "Satu", LONG)), ETag='"1"')
    look(index, str(folder), feed)
    (folder / "2.jsonl").unlink()
    write_jsonl(folder / "1.jsonl", {**row, "title": "Kabar Lain"}, {**row, "id": "c"})
    site.put("/feed", make_feed((f"{site.address}/y", "Dua", LONG)), ETag='"2"')
    steps = 0

    def die(name: str, call: Any) -> Any:
        def called(*arguments: Any, **options: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == at:
                raise Killed
            return call(*arguments, **options)

        return called

    with monkeypatch.context() as patch:
        for owner, name in (
            (Index, "add_items"),
            (Index, "delete"),
            (WatchState, "keep_entry"),
            (WatchState, "replace_given"),
            (WatchState, "keep_standing"),
            (WatchState, "keep_document"),
        ):
            patch.setattr(owner, name, die(name, getattr(owner, name)))
        with suppress(Killed):
            look(index, str(folder), feed)
    look(index, str(folder), feed)
    assert list_titles(index) == ["Dua", "Kabar", "Kabar Lain", "Satu"]
    assert look(index, str(folder), feed).changes == []


def test_a_damaged_state_is_told_with_what_to_do(index: Path, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", {"id": "a", "title": "A", "body": STORY})
    assert run("watch", path, "--once", "--index", index).exit_code == 0
    (index / STATE_FILE).write_bytes(b"rusak" * 1_000)
    result = run("watch", path, "--once", "--index", index)
    assert result.exit_code == 1
    assert "delete it: everything is read again" in result.stderr
    (index / STATE_FILE).unlink()
    assert run("watch", path, "--once", "--index", index).stdout == ""


# --- the command


def test_the_command_prints_a_line_a_change(tmp_path: Path, site: Site, index: Path) -> None:
    site.put("/feed", make_feed(("https://contoh.id/a", "Satu  Kabar", LONG)))
    path = write_jsonl(tmp_path / "a.jsonl", {"id": "7", "title": "Kabar", "body": STORY})
    arguments = ("watch", f"{site.address}/feed", path, "--once", "--delay", "0", "--index", index)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (
        0,
        "new\thttps://contoh.id/a\tSatu Kabar\nnew\t7\tKabar\n",
    )
    assert result.stderr == "2 sources: 2 new, 0 changed, 0 gone. The index has 2 articles.\n"
    write_jsonl(tmp_path / "a.jsonl", {"id": "7", "title": "Kabar Lain", "body": STORY})
    result = run(*arguments, "--json")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"change": "changed", "id": "7", "title": "Kabar Lain"}
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ftp://contoh.id/feed"], "only http and https are fetched"),
        (["https://a:b@contoh.id/feed"], "it has a name or password in it"),
        (["tidak-ada"], "there is no such file or folder"),
        (["-"], "Standard input cannot be watched"),
        (["."], "has the index itself in it"),
        (["https://contoh.id/", "--every", "nanti"], "no duration"),
        (["https://contoh.id/", "--every", "1s"], "less than 5 seconds"),
        (["https://contoh.id/", "https://contoh.id/"], "given twice"),
        (["https://contoh.id/", "--user-agent", "é"], "ASCII"),
    ],
)
def test_what_cannot_be_watched_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("watch", *arguments, "--once", "--index", "index")
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (tmp_path / "index").exists()


def test_a_source_that_cannot_be_read_ends_with_one(index: Path, site: Site) -> None:
    result = run("watch", f"{site.address}/feed", "--once", "--index", index)
    assert result.exit_code == 1
    assert result.stderr.startswith(
        f"failed: {site.address}/feed: the server answers 404; a check in "
    )
    assert " s or later asks again\n" in result.stderr


def test_two_watches_of_one_index_do_not_meet(index: Path, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", {"id": "a", "title": "A", "body": STORY})
    assert run("watch", path, "--once", "--index", index).exit_code == 0
    with WatchState(index):
        result = run("watch", path, "--once", "--index", index)
    assert result.exit_code == 1
    assert "Another searchsvc watch works" in result.stderr


def test_sources_are_looked_at_again_when_they_are_due(tmp_path: Path, index: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", {"id": "a", "title": "A", "body": STORY})
    time = Time()
    changes: list[Change] = []

    class Enough(BaseException):
        pass

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if len(time.slept) == 3:
            raise Enough
        write_jsonl(path, {"id": "a", "title": f"A{len(time.slept)}", "body": STORY})

    clock = Clock(lambda: time.now, lambda: time.now, sleep)
    telling = Telling(changes.append, lambda notice: None, lambda *told: None)
    with Index.open(index, create=True) as opened, WatchState(index) as state:
        source = FolderSource(str(path), state, {})
        with pytest.raises(Enough):
            Watcher(opened, state, [source], telling, every_s=300, clock=clock).run()
    assert [change.title for change in changes] == ["A", "A1", "A2"]
    assert time.slept == [300, 300, 300]

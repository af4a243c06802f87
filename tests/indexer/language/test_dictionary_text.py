"""Reading a dictionary: what each line says, and what is told of a line that says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import UnreadableInput
from indexer.language.dictionary import EMPTY, Dictionary
from indexer.language.dictionary_text import (
    MAX_BYTES,
    MAX_ROW_WORDS,
    MAX_WAYS,
    SECTION_NAMES,
    Loaded,
    find_section,
    parse_dictionary,
    write_ids,
)


def read(text: str) -> Loaded:
    return parse_dictionary(text.encode(), "kamus.txt")


def read_whole(text: str) -> Dictionary:
    """The dictionary of a text that has no problems."""
    loaded = read(text)
    assert loaded.problems == []
    return loaded.dictionary


BBM = ("bahan", "bakar", "minyak")


@pytest.mark.parametrize(
    ("line", "synonyms"),
    [
        ("bbm = bensin", {("bbm",): (("bensin",),), ("bensin",): (("bbm",),)}),
        ("BBM => Bahan Bakar Minyak", {("bbm",): (BBM,)}),
        ("bbm=>bensin,  solar ,", {("bbm",): (("bensin",), ("solar",))}),
        ("bbm, bensin => solar", {("bbm",): (("solar",),), ("bensin",): (("solar",),)}),
        ("bbm => bbm, bensin", {("bbm",): (("bensin",),)}),
        ("bbm => bensin  # kata warga", {("bbm",): (("bensin",),)}),
        ("covid19 => corona", {("covid", "19"): (("corona",),)}),
    ],
)
def test_synonyms(line: str, synonyms: object) -> None:
    assert read_whole(f"[synonyms]\n{line}\n").synonyms == synonyms


def test_of_synonyms_both_ways_each_says_the_same_as_every_other() -> None:
    synonyms = read_whole("[synonyms]\nbbm = bahan bakar minyak, bensin\n").synonyms
    assert synonyms == {
        ("bbm",): (BBM, ("bensin",)),
        BBM: (("bbm",), ("bensin",)),
        ("bensin",): (("bbm",), BBM),
    }


def test_lines_about_one_word_add_up() -> None:
    synonyms = read_whole("[synonyms]\nbbm => bensin\nbbm => solar\nbbm => bensin").synonyms
    assert synonyms == {("bbm",): (("bensin",), ("solar",))}


@pytest.mark.parametrize(
    ("line", "stems"),
    [
        ("mengunggah = unggah", {"mengunggah": "unggah"}),
        ("Mengunggah, DIUNGGAH = Unggah", {"mengunggah": "unggah", "diunggah": "unggah"}),
        ("gawai = gawai", {"gawai": "gawai"}),
        ("jum'at = jumat", {"jumat": "jumat"}),
        ("anak-anak = anak", {"anak-anak": "anak"}),
    ],
)
def test_stems(line: str, stems: object) -> None:
    assert read_whole(f"[stems]\n{line}\n").stems == stems


def test_a_root_may_have_a_root_itself() -> None:
    assert read_whole("[stems]\na = b\nb = c\nc = c\nz = c").stems.keys() == {"a", "b", "c", "z"}


def test_stop_words_and_names() -> None:
    dictionary = read_whole("[stop words]\ngan\nSIST\n[names]\nSri Mulyani\nPT 99 Sukabumi\n")
    assert dictionary.stopwords == {"gan", "sist"}
    assert dictionary.names == {"sri", "mulyani", "pt", "sukabumi"}


def test_blocked_words_may_stand_in_a_row() -> None:
    dictionary = read_whole("[blocked words]\nmesum\nJudi Online, slot\n")
    assert dictionary.blocked == {("mesum",), ("judi", "online"), ("slot",)}
    assert dictionary.fingerprint
    loaded = read("[tidak diusulkan]\nmesum = x\n")
    assert loaded.dictionary.blocked == frozenset()
    assert str(loaded.problems[0]).startswith(
        "kamus.txt:2: A blocked word stands alone on its line"
    )


@pytest.mark.parametrize("name", SECTION_NAMES)
def test_sections_have_names_in_two_languages(name: str) -> None:
    alone = ("names", "stop words", "blocked words")
    line = "kata" if find_section(f"[{name}]") in alone else "kata = dasar"
    for spelling in (name, name.upper(), f" {name.replace(' ', '-')} "):
        assert read_whole(f"[{spelling}]\n{line}\n")


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf[nama]\r\nMaluku\r\n",
        b"[nama]\rMaluku",
        b"# kamus kami\n\n  [nama]  # tokoh dan tempat\n\tMaluku # bukan malu\n\n",
    ],
)
def test_marks_line_ends_and_comments_do_not_matter(data: bytes) -> None:
    assert parse_dictionary(data) == (Dictionary(names=frozenset(["maluku"])), [])


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", "[synonyms]\n[names]\n"])
def test_a_file_without_entries_is_the_empty_dictionary(text: str) -> None:
    assert read_whole(text) == EMPTY
    assert not read_whole(text)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("bbm = bensin\nx = y", 1, "This stands before any section. Write [synonyms], [stems]"),
        ("[namez]\nMaluku", 1, "There is no section [namez]; did you mean [names]?"),
        ("[qqq]\nx", 1, "There is no section [qqq]. There are [synonyms], [stems], [stop words]"),
        ("[names\nMaluku", 1, "“[names” has no closing ]. The lines below it are left out."),
        ("[synonyms]\n\nbbm bensin", 3, "“bbm bensin” has no =. Write, for instance: bbm = "),
        ("[synonyms]\na = b = c", 2, "“a = b = c” has more than one =. Put commas"),
        ("[synonyms]\na => b = c", 2, "“a => b = c” has more than one =. Put commas"),
        ("[synonyms]\n= bensin", 2, "Nothing stands left of the =. Write, for instance: bbm"),
        ("[synonyms]\nbbm =>", 2, "Nothing stands right of the =>. Write, for instance: bbm"),
        ("[synonyms]\nbbm = ??", 2, "“??” has no letter or digit. Write a word, or delete it."),
        ("[synonyms]\nbbm = ,", 2, "“,” has no letter or digit."),
        ("[synonyms]\nBBM = bbm", 2, "“BBM = bbm” says the same on both sides."),
        (
            f"[synonyms]\nx = {'kata ' * (MAX_ROW_WORDS + 1)}",
            2,
            f"has {MAX_ROW_WORDS + 1} words; at most {MAX_ROW_WORDS} may stand in a row.",
        ),
        (
            f"[synonyms]\nx = {', '.join(f'kata{n}x' for n in range(MAX_WAYS))}",
            2,
            f"{MAX_WAYS + 1} ways to say the same are more than {MAX_WAYS}",
        ),
        ("[stems]\nmengunggah unggah", 2, "has no =. Write, for instance: mengunggah = unggah"),
        ("[stems]\nmengunggah => unggah", 2, "A stem is written with =, not =>."),
        ("[stems]\nkerja sama = kerja", 2, "“kerja sama” is 2 words; one is wanted here. Words"),
        ("[stems]\nx = y, z", 2, "“y, z” is 2 words; one is wanted here."),
        ("[stems]\n123 = y", 2, "“123” has no letters. Write a word"),
        ("[stems]\nx = y\nx = z", 3, "“x” has the stem “y” by line 2. Keep one"),
        ("[stems]\nx = y\ny = x", 3, "“y” and “x” lead to each other. Decide which"),
        ("[stems]\nx = y\ny = z\nz = x", 4, "“z” and “x” lead to each other."),
        ("[names]\nx\n[stems]\nx = y", 4, "“x” is a name by line 2, and names have no stem."),
        ("[stems]\nx = y\n[names]\nx z", 4, "“x” has a stem by line 2, and names have none."),
        ("[names]\n2022", 2, "“2022” has no letters. Write a name"),
        ("[names]\nx = y", 2, "A name stands alone on its line, without =."),
        ("[stop words]\nx = y", 2, "A stop word stands alone on its line, without =."),
        ("[stop words]\nterima kasih", 2, "“terima kasih” is 2 words; one is wanted here. Write"),
    ],
)
def test_a_line_nobody_can_understand_is_told(text: str, line: int, message: str) -> None:
    (problem,) = read(text).problems
    assert (problem.path, problem.line) == ("kamus.txt", line)
    assert message in problem.message
    assert str(problem) == f"kamus.txt:{line}: {problem.message}"


def test_what_is_wrong_takes_nothing_else_with_it() -> None:
    loaded = parse_dictionary(
        b"[names]\nMaluku\nMal\xe9\nTernate\n[namez]\nHalmahera\n[stems]\nx = y\nx, z = q\n"
    )
    assert loaded.dictionary.names == {"maluku", "ternate"}
    assert loaded.dictionary.stems == {"x": "y", "z": "q"}
    assert [(problem.line, problem.message.split(".")[0]) for problem in loaded.problems] == [
        (3, "Byte 0xe9 is not UTF-8"),
        (5, "There is no section [namez]; did you mean [names]? There are [synonyms], [stems], "
         "[stop words], [names], [labels], [blocked words], [pinned] and [hidden]"),
        (9, "“x” has the stem “y” by line 8"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("[names]\nMaluku".encode("utf-16"), "it is not a text in UTF-8. Save it as UTF-8."),
        (b"PK\x03\x04\x00\x00", "it is not a text in UTF-8."),
        (b"#" * (MAX_BYTES + 1), "a dictionary has at most 8,000,000 bytes."),
    ],
)
def test_what_is_no_text_is_refused_whole(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableInput, match=r"^Cannot read kamus\.txt: ") as caught:
        parse_dictionary(data, "kamus.txt")
    assert reason in str(caught.value)


_LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["[stems]", "[sinonim]", "[nama]", "[kata umum]", "a = b", "b = a", "a=>b"]
        ),
        st.text(alphabet="abc =>,#[]é1 ", max_size=12),
    ),
    max_size=12,
)


@given(_LINES)
def test_any_text_has_an_answer_that_holds_together(lines: list[str]) -> None:
    dictionary, problems = read("\n".join(lines))
    assert not dictionary.names & dictionary.stems.keys()
    assert all(row not in others for row, others in dictionary.synonyms.items())
    assert all(1 <= problem.line <= max(1, len(lines)) for problem in problems)
    for form in dictionary.stems:
        seen = [form]
        while (word := dictionary.stems.get(seen[-1], seen[-1])) != seen[-1]:
            assert word not in seen
            seen.append(word)


@pytest.mark.parametrize(
    ("text", "labels", "problem"),
    [
        ("olahraga = Bola, futsal", {"bola": "olahraga", "futsal": "olahraga"}, ""),
        ("Washington  DC = D.C.", {"d.c.": "Washington DC"}, ""),
        ("a = b\nA = c, b", {"b": "a", "c": "A"}, ""),
        ("olahraga", {}, "“olahraga” has no =. Write, for instance: olahraga = bola, futsal"),
        ("a = a, b", {"b": "a"}, "“a” is the label itself."),
        ("a = b\nc = b", {"b": "a"}, "“b” counts under “a” already. Keep one of the two."),
        ("a = b\nb = c", {"b": "a"}, "“b” or “c” is joined with another label."),
        ("b = c\na = b", {"c": "b"}, "“a” or “b” is joined with another label."),
    ],
)
def test_labels(text: str, labels: dict[str, str], problem: str) -> None:
    loaded = parse_dictionary(f"[labels]\n{text}\n".encode(), "kamus.txt")
    assert loaded.dictionary.labels == labels
    assert [problem in str(one) for one in loaded.problems] == [True] * bool(problem)
    entries = {("label", alias, label) for alias, label in labels.items()}
    assert loaded.dictionary.list_entries() == entries


def test_articles_of_a_query() -> None:
    dictionary = read_whole(
        "[pinned]\n"
        'Pemilu 2024, pilpres = a, https://contoh.id/?p=1#x ,"b, c"  # why\n'
        "pilpres = d, a\n"
        '[disembunyikan]\nharga bbm = "q\\"r", "\\u0023"\n'
    )
    first = ("a", "https://contoh.id/?p=1#x", "b, c")
    assert dictionary.pinned == {("pemilu", "2024"): first, ("pilpres",): (*first, "d")}
    assert dictionary.hidden == {("harga", "bbm"): ('q"r', "#")}
    assert dictionary.fingerprint
    assert not dictionary.list_entries()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("pemilu", "is not a query, = and ids of articles"),
        ("= a", "is not a query, = and ids of articles"),
        ("pemilu =", "is not a query, = and ids of articles"),
        ("?! = a", "has no letter or digit"),
        ('pemilu = "a', "is no list of ids"),
        ('pemilu = a"b"', "is no list of ids"),
        ('pemilu = "\\x"', "is not written as JSON writes a text"),
        ("a " * 17 + "= a", "has 17 words; at most 16"),
        ("a = " + ",".join(map(str, range(21))), "has 21 articles here; at most 20"),
    ],
)
def test_what_are_no_articles_of_a_query(line: str, told: str) -> None:
    loaded = read(f"[pinned]\n{line}\n")
    assert not loaded.dictionary
    assert told in str(loaded.problems[0])


@given(st.lists(st.text(min_size=1).filter(lambda one: one.isprintable()), min_size=1, max_size=5))
def test_ids_are_read_as_they_were_written(ids: list[str]) -> None:
    unique = tuple(dict.fromkeys(ids))
    assert read_whole(f"[pinned]\nq = {write_ids(unique)}\n").pinned == {("q",): unique}

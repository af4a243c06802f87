"""Which words of a text are marked? The same as if every token of it were analysed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.base import Form, Phrase, Prefix, Term, Word
from indexer.language.analyzer import Analyzer
from searchsvc.meilisearch.marking import Marker

ANALYZER = Analyzer()
WORDS = (
    Word("menanam", (Term("tanam", Form.STEM),)),
    Word("padi", (Term("padi", Form.EXACT),)),
    Word("ber", (Prefix("kar"),)),
    Word("kereta api", (Phrase((Term("kereta", Form.EXACT), Term("api", Form.EXACT))),)),
    Word("jumat", (Phrase((Term("jumat", Form.EXACT), None, Term("tanam", Form.STEM))),)),
)
PIECES = st.sampled_from(
    (
        *("menanam", "Penanaman", "padi", "PADI-nya", "Karawang", "kereta", "api", "kereta-api"),
        *(
            "Jum’at",
            "jum'at",
            "“padi”",
            "café",
            "ß",
            "padi\u200b",
            "20/7",
            "KA.",
            "𝐩adi",
            "，",
            "—",
        ),
    )
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=12).flatmap(
    lambda pieces: st.sampled_from((" ", "", "-", ", ")).map(lambda between: between.join(pieces))
)


def mark_each(text: str) -> list[tuple[int, int]]:
    """The spans by the definition."""
    tokens = ANALYZER.analyse_text(text)
    terms = [(token.text, stem) for token, stem in tokens]
    found = {
        number
        for number, (term, stem) in enumerate(terms)
        if stem == "tanam" or term == "padi" or term.startswith("kar")
    }
    for number, (term, _) in enumerate(terms):
        if term == "kereta" and [one for one, _ in terms[number + 1 : number + 2]] == ["api"]:
            found |= {number, number + 1}
        if term == "jumat" and [one for _, one in terms[number + 2 : number + 3]] == ["tanam"]:
            found |= {number, number + 1, number + 2}
    return [(tokens[number][0].start, tokens[number][0].end) for number in sorted(found)]


@given(st.lists(TEXTS, max_size=4))
def test_marks_are_those_of_all_tokens(texts: list[str]) -> None:
    marker = Marker.of(WORDS, ANALYZER)
    for text in texts:
        assert marker.find(text) == mark_each(text)


def test_a_marker_without_words_marks_nothing() -> None:
    assert Marker.of((), ANALYZER).find("menanam padi") == []

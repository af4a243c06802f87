"""Which clauses do the parts of a query become? What an article must contain, and in which
forms.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from indexer.engine.base import (
    Alternative,
    Clause,
    Form,
    Phrase,
    Prefix,
    Query,
    Scope,
    Term,
    Word,
)
from indexer.language.stopwords import load_common_words, load_question_words
from indexer.language.tokens import Token
from searchsvc.query.context import AnalysedToken, SearchContext
from searchsvc.query.coverage import measure_worth
from searchsvc.query.expand import (
    QueryTerm,
    Variant,
    find_sure,
    find_variants,
    list_spellings,
)
from searchsvc.query.expand.own_synonyms import FORM_WEIGHT
from searchsvc.query.expand.prefixes import is_word
from searchsvc.query.parse import Item, ParsedQuery, TypedPhrase, TypedWord
from searchsvc.query.pasted_titles import find_title_end
from searchsvc.query.quantities import find_quantities
from searchsvc.query.questions import ANSWER_NOUNS
from searchsvc.query.ranking import (
    ALONE_BOOST,
    ANSWER_NOUN_BOOST,
    DATED_BOOST,
    EXACT_BOOST,
    EXACT_WEIGHT,
    QUANTITY_BOOST,
    TITLE_BOOST,
    TITLE_WORDS,
    weigh_common,
)
from searchsvc.query.relative_dates import NEW_WORDS, find_relative

#: The rule for the extra weight of an exact match.
EXACT_RULE = "exact"
#: The group of common words that only say that news is wanted.
NEWS_GROUP = "kabar"
#: The rule for words that are in a title as typed.
TITLE_RULE = "title"

_JOINTS = re.compile("[-/–—&+]")
_YEAR = re.compile("(19|20)[0-9]{2}")
_SHORTEST_OF_PAIR = 2
_SHORTEST_BESIDE_SLASH = 3
#: The weight of a variant that is the typed word, written out.
_SAME_WEIGHT = 1.0


@dataclass(slots=True)
class Wanted:
    """One item of a group with its tokens and variants. ``optional``: a part that means nothing
    without the others, like the number of ``Covid-19``. ``quantity``: several words that are one
    amount or measure.
    """

    item: Item
    tokens: list[AnalysedToken]
    variants: list[Variant] = field(default_factory=list)
    optional: bool = False
    quantity: bool = False

    @property
    def expandable(self) -> bool:
        """Whether rules may expand it: not if it was typed with an operator."""
        return isinstance(self.item, TypedWord) and not self.item.prefix


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the words of a query become: the clauses ``wanted`` and ``excluded``.

    ``typed`` are the required words that rules may expand, in the order typed, ``phrases`` those of
    each phrase. ``question``: one of the words is an interrogative, like ``siapa``. ``fresh``: new
    articles are wanted; ``only_news``: and nothing else is. ``names_year``: a year is named, so
    that its articles are wanted and no newer ones. ``words_of_dates``: how many words dates have
    beyond their first; ``20 juli 2022`` is one thing, in three.
    """

    wanted: tuple[Clause, ...]
    excluded: tuple[Clause, ...]
    typed: tuple[QueryTerm, ...]
    phrases: tuple[tuple[QueryTerm, ...], ...]
    question: bool
    fresh: bool
    only_news: bool
    names_year: bool
    words_of_dates: int


def find_meaning(parsed: ParsedQuery, context: SearchContext) -> Meaning:
    """What the words of ``parsed`` become; remembered for requests that differ in filters, page or
    order alone.
    """

    def build() -> Meaning:
        builder = ClauseBuilder(parsed, context)
        wanted = builder.build_wanted()
        if builder.joined and not is_answered(wanted, context):
            builder = ClauseBuilder(parsed, context, joins=False)
            wanted = builder.build_wanted()
        return Meaning(
            wanted,
            builder.build_excluded(),
            tuple(builder.typed),
            tuple(builder.phrases),
            builder.question,
            builder.fresh,
            builder.only_news,
            builder.names_year,
            builder.words_of_dates,
        )

    words = (tuple(parsed.groups), tuple(parsed.excluded))
    return context.recall_query(parsed.text, ("meaning", *words), build)


def is_answered(clauses: tuple[Clause, ...], context: SearchContext) -> bool:
    """Whether any article has all that is required. Taken for granted as long as counts are guessed
    (:mod:`searchsvc.query.foresight`).
    """
    if context.knowledge.guessed:
        return True
    return context.snapshot.search(Query(clauses, few=0, limit=0)).total > 0


class ClauseBuilder:
    """Builds the clauses of one query. ``joins``: words that are one quantity are one word."""

    def __init__(self, parsed: ParsedQuery, context: SearchContext, *, joins: bool = True) -> None:
        self.parsed = parsed
        self.joins = joins
        #: Whether any were.
        self.joined = False
        self.context = context
        self.dictionary = context.dictionary
        self.typed: list[QueryTerm] = []
        self.phrases: list[tuple[QueryTerm, ...]] = []
        # All at once, because the analyser's cost is per call rather than per word.
        self.tokens = context.analyse(parsed.text) if parsed.groups or parsed.excluded else []
        if self.tokens and (end := find_title_end(parsed.text, context)) < len(parsed.text):
            self.tokens = [analysed for analysed in self.tokens if analysed[0].start < end]
        self.starts = [token.start for token, _ in self.tokens]
        #: Slots of the words by where they start, made when first asked for.
        self.described: dict[int, QueryTerm] = {}
        self.question = any(token.text in load_question_words() for token, _ in self.tokens)
        #: The positions of words that name days relative to today: ``hari ini``.
        self.dated = {
            self.starts[place]
            for found in find_relative([token.text for token, _ in self.tokens], context.today)
            for place in range(found.start, found.end)
        }
        self.fresh = bool(self.dated) or any(token.text in NEW_WORDS for token, _ in self.tokens)
        self.names_year = any(_YEAR.fullmatch(token.text) for token, _ in self.tokens)
        news = [load_common_words().get(token.text) == NEWS_GROUP for token, _ in self.tokens]
        self.only_news = (
            self.fresh
            and any(news)
            and all(isinstance(item, TypedWord) for group in parsed.groups for item in group)
            and all(
                said or start in self.dated for said, start in zip(news, self.starts, strict=True)
            )
        )
        self.words_of_dates = 0
        #: Whether the query has only common words, which then count like others.
        self.only_common = False
        self.weakens_answers = self.question and "common_words" not in context.without

    def build_wanted(self) -> tuple[Clause, ...]:
        """A clause for each required item, in order. Common words are optional, unless there is
        nothing else.
        """
        groups = [
            [wanted for item in group for wanted in self.take_apart(item, pairs=len(group) == 1)]
            for group in self.parsed.groups
        ]
        # A word that the analyser splits, and that no article has as a phrase, becomes several.
        divided: list[list[Wanted]] = []
        for group, typed in zip(groups, self.parsed.groups, strict=True):
            if len(typed) == 1:
                divided.extend([wanted] for wanted in group)
            elif group:
                divided.append(group)
        divided = self.join_quantities(divided)
        self.find_variants(divided)
        self.phrases = [
            self.describe_phrase(wanted)
            for group in divided
            for wanted in group
            if isinstance(wanted.item, TypedPhrase)
        ]
        self.only_common = all(self.is_common(wanted) for group in divided for wanted in group)
        clauses = tuple(map(self.build_clause, divided))
        if len({stem for _, stem in self.tokens}) < len(self.tokens):
            clauses = drop_repeated(clauses)
        return (*clauses, *self.build_title(divided))

    def build_title(self, groups: list[list[Wanted]]) -> Iterator[Clause]:
        """The weight of a title that has the words as a phrase, exactly as typed."""
        words = [group[0] for group in groups if len(group) == 1 and group[0].expandable]
        terms = [token.text for wanted in words for token, _ in wanted.tokens]
        plain = all(wanted.item.scope is Scope.ANYWHERE for wanted in words)
        if (
            plain
            and len(words) == len(groups)
            and not self.dated
            and 2 <= len(terms) <= TITLE_WORDS
            and "title" not in self.context.without
        ):
            phrase = Phrase(tuple(Term(term, Form.EXACT) for term in terms), rule=TITLE_RULE)
            word = Word(" ".join(terms), (phrase,), Scope.TITLE, TITLE_BOOST)
            yield Clause((word,), required=False)

    def build_excluded(self) -> tuple[Clause, ...]:
        """A clause for each excluded item. Exclusions are literal: the word in every inflection,
        but nothing that only resembles it.
        """
        return tuple(
            Clause((self.build_word(wanted, 1.0),))
            for item in self.parsed.excluded
            for wanted in self.take_apart(item)
            if not wanted.optional
        )

    def take_apart(self, item: Item, *, pairs: bool = False) -> list[Wanted]:
        """The item with its tokens; one item per token if no article has them as a phrase, as in
        ``20/7/2022``, and, with ``pairs``, for words with separate meanings and no fixed order,
        such as ``bandung-jakarta``; empty if it has no tokens.
        """
        first = bisect_left(self.starts, item.start)
        tokens = self.tokens[first : bisect_left(self.starts, item.end, first)]
        if len(tokens) > 1 and isinstance(item, TypedWord) and not item.prefix:
            stems = tuple(stem for _, stem in tokens)
            if pairs and self.may_change_places(item.text, stems):
                return [Wanted(item, [token]) for token in tokens]
            if not self.context.count_row(stems, Form.STEM):
                is_word = [not token.text.isdecimal() for token, _ in tokens]
                return [
                    Wanted(item, [token], optional=any(is_word) and not word)
                    for token, word in zip(tokens, is_word, strict=True)
                ]
        return [Wanted(item, tokens)] if tokens else []

    def may_change_places(self, text: str, stems: tuple[str, ...]) -> bool:
        """Whether the parts of ``text`` are words in no fixed order: articles also have them in the
        reverse order, or a slash joins them. ``soekarno-hatta`` is not.
        """
        if not is_pair(text):
            return False
        longer = min(map(len, stems)) >= _SHORTEST_BESIDE_SLASH
        return ("/" in text and longer) or self.context.count_row(stems[::-1], Form.STEM) > 0

    def join_quantities(self, groups: list[list[Wanted]]) -> list[list[Wanted]]:
        """The groups, with words that are one amount or measure together (``Rp 1,5 T``) as one."""
        if not self.joins or not any(token.text[0].isdecimal() for token, _ in self.tokens):
            return groups
        whole: dict[int, list[Wanted]] = {}
        for row in list_rows(groups):
            owners = [wanted for wanted in row for _ in wanted.tokens]
            typed = [token for wanted in row for token, _ in wanted.tokens]
            texts = [token.text for token in typed]
            between = [self.parsed.text[one.end : two.start] for one, two in pairwise(typed)]
            for start, end in find_quantities(texts, between, self.context):
                parts = list({id(one): one for one in owners[start:end]}.values())
                tokens = [token for part in parts for token in part.tokens]
                if len(parts) > 1 and len(tokens) == end - start:
                    first, last = tokens[0][0].start, tokens[-1][0].end
                    text, scope = self.parsed.text[first:last], parts[0].item.scope
                    joined = Wanted(TypedWord(text, first, last, scope), tokens, quantity=True)
                    whole.update({id(part): [] for part in parts})
                    whole[id(parts[0])] = [joined]
        self.joined = bool(whole)
        replaced = (whole.get(id(group[0]), group) for group in groups)
        return [group for group in replaced if group]

    def find_variants(self, groups: list[list[Wanted]]) -> None:
        """Add variants to every required item. Rules see rows of words: those typed consecutively
        without operators; the operands of ``atau`` are rows of their own.
        """
        operands = {id(wanted) for group in groups if len(group) > 1 for wanted in group}
        for row in list_rows(groups):
            typed = [(wanted, token, stem) for wanted in row for token, stem in wanted.tokens]
            owners = [wanted for wanted, _, _ in typed]
            words = [self.describe_term(token, stem) for _, token, stem in typed]
            variants = find_variants(words, self.context)
            sure, spellings = find_sure(variants), list_spellings(variants)
            self.words_of_dates += count_words_of_dates(variants)
            for place, wanted in enumerate(owners):
                understood = place in sure or len(wanted.tokens) > 1
                found = spellings.get(place, ())
                bound = wanted.item.scope is not Scope.ANYWHERE or id(wanted) in operands
                self.typed.append(
                    replace(words[place], bound=bound, understood=understood, spellings=found)
                )
            for variant in variants:
                touched = owners[variant.start : variant.end]
                around = owners[: variant.start] + owners[variant.end :]
                # Half of "20/7/2022" has no variants.
                if any(one is other for one in touched for other in around):
                    continue
                for wanted in {id(one): one for one in touched}.values():
                    wanted.variants.append(variant)

    def describe_phrase(self, phrase: Wanted) -> tuple[QueryTerm, ...]:
        return tuple(self.describe_term(token, stem) for token, stem in phrase.tokens)

    def describe_term(self, token: Token, stem: str) -> QueryTerm:
        word = self.described.get(token.start)
        if word is None:
            word = self.described[token.start] = self.count_term(token, stem)
        return word

    def count_term(self, token: Token, stem: str) -> QueryTerm:
        count = self.context.count
        unindexed = self.context.analyzer.find_unindexed(stem)
        return QueryTerm(
            token.text,
            stem,
            count(token.text),
            count(stem, Form.STEM) + sum(count(form) for form in unindexed),
            unfinished=token.end == len(self.parsed.text),
            start=token.start,
            end=token.end,
        )

    def build_clause(self, group: list[Wanted]) -> Clause:
        """The disjunction of the group; required unless it consists of common words, or of optional
        parts.
        """
        common = [self.is_common(wanted) for wanted in group]
        boost = 1.0
        if all(common):
            boost = max(self.weigh_common(token) for one in group for token, _ in one.tokens)
        elif self.weakens_answers and any(
            stem in ANSWER_NOUNS for w in group for _, stem in w.tokens
        ):
            boost = ANSWER_NOUN_BOOST
        elif any(wanted.quantity for wanted in group):
            boost = QUANTITY_BOOST
        words: list[Word] = []
        for wanted in group:
            begun = build_begun(wanted)
            if not begun or self.is_known(wanted):
                words.append(self.build_word(wanted, boost))
            words.extend(begun)
        exact = list(filter(None, map(build_exact_word, words)))
        if len(self.parsed.groups) == 1 and len(group) == 1:
            exact.extend(self.build_alone(group[0], boost))
        optional = all(common) or all(wanted.optional for wanted in group)
        worth = max((self.measure_worth(wanted) for wanted in group), default=1)
        return Clause((*words, *exact), required=not optional, worth=worth)

    def measure_worth(self, wanted: Wanted) -> int:
        """The worth of a required item relative to the others, from the number of articles that
        have it, or the most frequent word it is searched as (*kec*, *kecamatan*), and from whether
        that is a name.
        """
        context = self.context
        terms = tuple(token.text for token, _ in wanted.tokens)
        documents = min(self.describe_term(*token).stem_documents for token in wanted.tokens)
        for variant in wanted.variants:
            if not variant.guess and (not documents or variant.weight >= _SAME_WEIGHT):
                found = context.count_row(variant.terms)
                if found > documents:
                    documents, terms = found, variant.terms
        return measure_worth(
            documents,
            context.snapshot.document_count(),
            is_name=any(map(context.is_name, terms)),
            is_number=all(token.text.isdecimal() for token, _ in wanted.tokens),
        )

    def build_alone(self, wanted: Wanted, boost: float) -> Iterator[Word]:
        """The typed word again without its variants, if nothing else was typed: so that no article
        with only a variant precedes those that have the word.
        """
        if not any(not variant.guess for variant in wanted.variants) or not self.is_typed(wanted):
            return
        typed = self.build_word(replace(wanted, variants=[]), boost * ALONE_BOOST)
        alternatives = tuple(replace(one, rule=EXACT_RULE) for one in typed.alternatives)
        yield replace(typed, alternatives=alternatives)

    def is_typed(self, wanted: Wanted) -> bool:
        """Whether articles have the typed word, in any inflection."""
        stems = tuple(stem for _, stem in wanted.tokens)
        return self.context.count_row(stems, Form.STEM) > 0

    def weigh_common(self, token: Token) -> float:
        """The weight of a common word in its position."""
        return DATED_BOOST if token.start in self.dated else weigh_common(token.text)

    def is_common(self, wanted: Wanted) -> bool:
        return (
            wanted.expandable
            and "common_words" not in self.context.without
            and not self.only_common
            and all(
                token.text in load_common_words()
                or token.text in self.dictionary.stopwords
                or token.start in self.dated
                for token, _ in wanted.tokens
            )
        )

    def is_known(self, wanted: Wanted) -> bool:
        """Whether articles have the typed word, or an exact synonym of it."""
        if len(wanted.tokens) > 1 or any(not variant.guess for variant in wanted.variants):
            return True
        ((token, stem),) = wanted.tokens
        return is_word(self.describe_term(token, stem), self.context)

    def build_word(self, wanted: Wanted, boost: float) -> Word:
        """The typed word with its synonyms."""
        item, tokens = wanted.item, wanted.tokens
        if isinstance(item, TypedPhrase):
            return Word(item.text, (build_exact(tokens),), item.scope, boost)
        if item.prefix:
            # The last part of ``Jawa-Ba*`` is a prefix.
            return Word(item.text + "*", (Prefix(tokens[-1][0].text),), item.scope, boost)
        alternatives: list[Alternative] = []
        if len(tokens) > 1:
            alternatives.append(Phrase(tuple(Term(stem, Form.STEM) for _, stem in tokens)))
        else:
            alternatives.extend(self.build_typed(*tokens[0]))
        for variant in wanted.variants:
            if not variant.guess:
                alternatives.extend(self.build_variant(variant))
        typed = item.text if len(tokens) > 1 else tokens[0][0].text
        return Word(typed, tuple(alternatives), item.scope, boost)

    def build_typed(self, token: Token, stem: str) -> Iterator[Alternative]:
        """A word in all its inflections and, in addition, as typed. A name is matched exactly in
        the first place: it has no inflections, and articles indexed before it was known as a name
        have it under another stem. The same applies to forms that the dictionary has since given
        this stem.
        """
        text = token.text
        if "stems" in self.context.without:
            yield Term(text, Form.EXACT, 1.0, "typed")
            return
        if self.context.is_name(text):
            rule = "dictionary" if text in self.dictionary.names else "name"
            yield Term(text, Form.EXACT, 1.0, rule)
            yield Term(stem, Form.STEM, EXACT_WEIGHT, rule)
        elif text in self.dictionary.unindexed:
            yield Term(text, Form.EXACT, 1.0, "typed")
            yield Term(stem, Form.STEM, EXACT_WEIGHT, "dictionary")
        else:
            rule = "dictionary" if text in self.dictionary.stems else "stem"
            yield Term(stem, Form.STEM, 1.0, rule)
            yield Term(text, Form.EXACT, EXACT_WEIGHT, "typed")
        for form in self.context.analyzer.find_unindexed(stem):
            if form != text:
                yield Term(form, Form.EXACT, FORM_WEIGHT, "dictionary")

    def build_variant(self, variant: Variant) -> Iterator[Alternative]:
        """A variant: a single word in all its inflections, several as an exact phrase.

        Of words joined to one whose stem has lost a part, only the whole: ``pascagempa`` for
        ``pasca gempa`` must not let any *gempa* match *pasca*.
        """
        if len(variant.terms) > 1:
            terms = tuple(Term(term, Form.EXACT) for term in variant.terms)
            yield Phrase(terms, variant.weight, variant.rule)
            return
        (text,) = variant.terms
        parts = {stem for _, stem in self.tokens} if variant.end - variant.start > 1 else set()
        for stem in self.context.stems(text):
            if stem in parts:
                yield Term(text, Form.EXACT, variant.weight, variant.rule)
                return
            yield Term(stem, Form.STEM, variant.weight, variant.rule)
        yield Term(text, Form.EXACT, variant.weight * EXACT_WEIGHT, variant.rule)


def count_words_of_dates(variants: Iterable[Variant]) -> int:
    """The words of dates, except the first of each."""
    return len(
        {place for one in variants if one.rule == "date" for place in range(one.start + 1, one.end)}
    )


def build_begun(wanted: Wanted) -> list[Word]:
    """A word for the completions of the typed one."""
    typed = wanted.tokens[0][0].text
    return [
        Word(typed, (Prefix(one.terms[0], rule=one.rule),), wanted.item.scope, one.weight)
        for one in wanted.variants
        if one.guess
    ]


def is_pair(text: str) -> bool:
    """Whether ``text`` is words joined by a hyphen or a slash. Not if a part is a single letter,
    which belongs to the other: ``e-ktp``.

    >>> is_pair("bandung-jakarta"), is_pair("marcus/kevin"), is_pair("e-ktp")
    (True, True, False)
    """
    parts = [part.replace("'", "").replace("’", "") for part in _JOINTS.split(text)]
    return len(parts) > 1 and all(
        len(part) >= _SHORTEST_OF_PAIR and part.isalpha() for part in parts
    )


def drop_repeated(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """The clauses without duplicates of an earlier one, apart from how it was typed: a repeated
    word is required once.
    """
    kept: dict[object, Clause] = {}
    for clause in clauses:
        meant = tuple(
            (word.scope, one)
            for word in clause.words
            for one in word.alternatives
            if not (isinstance(one, Term) and one.form is Form.EXACT)
        )
        kept.setdefault(meant or clause, clause)
    return tuple(kept.values())


def list_rows(groups: list[list[Wanted]]) -> Iterator[list[Wanted]]:
    """The rows of words that rules see together."""
    row: list[Wanted] = []
    for group in groups:
        if len(group) == 1 and group[0].expandable and same_scope(row, group[0]):
            row.append(group[0])
            continue
        if row:
            yield row
            row = []
        if len(group) == 1 and group[0].expandable:
            row.append(group[0])
        elif len(group) > 1:
            yield from ([wanted] for wanted in group if wanted.expandable)
    if row:
        yield row


def same_scope(row: list[Wanted], wanted: Wanted) -> bool:
    return not row or row[0].item.scope is wanted.item.scope


def build_exact_word(word: Word) -> Word | None:
    """The terms and phrases of a word in exact form, without its inflections; ``None`` if it has no
    others.
    """
    exact: list[Alternative] = []
    for one in word.alternatives:
        if isinstance(one, Phrase):
            exact.append(replace(one, rule=EXACT_RULE))
        elif isinstance(one, Term) and one.form is Form.EXACT:
            exact.append(replace(one, weight=min(1.0, one.weight / EXACT_WEIGHT), rule=EXACT_RULE))
    if not exact or len(exact) == len(word.alternatives):
        return None
    return Word(word.typed, tuple(exact), word.scope, word.boost * EXACT_BOOST)


def build_exact(tokens: list[AnalysedToken]) -> Alternative:
    """The words as a phrase, exactly as typed."""
    terms = tuple(Term(token.text, Form.EXACT) for token, _ in tokens)
    return terms[0] if len(terms) == 1 else Phrase(terms)

"""How does the page read in English?"""

from __future__ import annotations

from searchsvc.english_notes import ENGLISH_NOTES
from searchsvc.errors import ErrorCode
from searchsvc.web.wording.insight_words import ENGLISH_INSIGHT
from searchsvc.web.wording.wording import Wording

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_CHECK_ADDRESS = "Check the address, or start again from the search box above."
_TRY_AGAIN = "Please try again in a moment."
#: Advice for errors with neither of these two causes.
_ADVICE = {
    "invalid_from": "Write dates like 2022-07-20.",
    "invalid_to": "Write dates like 2022-07-20.",
    "article_not_found": "This article may have been deleted. Try to search for its title.",
    "query_too_costly": "Try again with fewer words, stars or filters.",
    "internal": "The error was logged. Please try again in a moment.",
}


def _describe_problem(row: ErrorCode) -> tuple[str, str]:
    """The heading and the advice for an error. Titles of error codes are English."""
    general = _TRY_AGAIN if row.status == 429 or row.status >= 500 else _CHECK_ADDRESS
    return row.title, _ADVICE.get(row.code, general)


ENGLISH = Wording(
    tag="en",
    locale="en_GB",
    months=_MONTHS,
    short_months=tuple(name[:3] for name in _MONTHS),
    separators=(",", ".", ":"),
    facets={
        "category": "Section",
        "source": "Source",
        "place": "Place",
        "authors": "Author",
        "tags": "Topic",
        "agency": "News agency",
        "published_at": "Published",
    },
    notes=ENGLISH_NOTES,
    problems=_describe_problem,
    messages={
        **ENGLISH_INSIGHT,
        # Time
        "milliseconds": "{value} milliseconds",
        "seconds": "{value} seconds",
        "just_now": "just now",
        "minutes_ago": ("{count} minute ago", "{count} minutes ago"),
        "hours_ago": ("{count} hour ago", "{count} hours ago"),
        "days_ago": ("{count} day ago", "{count} days ago"),
        "today": "today",
        "yesterday": "yesterday",
        # Frame
        "skip": "Skip to content",
        "search": "Search",
        "search_articles": "Search articles",
        "api": "API",
        # Front page
        "front_title": "{site}: search articles",
        "front_description": ("Search {count} article.", "Search {count} articles."),
        "front_heading": "Search the news, find what you mean.",
        "front_count": (
            "{count} article. Typing errors, abbreviations and inflections are no matter.",
            "{count} articles. Typing errors, abbreviations and inflections are no matter.",
        ),
        "front_count_sources": "{count} articles from {sources} sources. "
        "Typing errors, abbreviations and inflections are no matter.",
        "front_empty": "There are no articles in this index yet. The search works as soon as "
        "there are.",
        "sections": "Sections",
        "newest": "Newest",
        # Results
        "all_articles": "All articles",
        "page_title": "{title}, page {page}",
        "results": ("<b>{count}</b> result", "<b>{count}</b> results"),
        "results_for": (
            "<b>{count}</b> result for <q>{query}</q>",
            "<b>{count}</b> results for <q>{query}</q>",
        ),
        "no_results": "No results",
        "no_results_for": "No results for <q>{query}</q>",
        "skip_to_results": "Skip to results",
        "order": "Sort",
        "sort_relevance": "Relevance",
        "sort_newest": "Newest",
        "sort_oldest": "Oldest",
        "filter": "Filter",
        "told_once": (
            "{count} article with the same text is grouped.",
            "{count} articles with the same text are grouped.",
        ),
        "show_copies": "Show each",
        "hide_copies": "Group articles with the same text",
        "active_filters": "Active filters",
        "remove_filter": "Remove filter",
        "remove_all": "Remove all",
        "took": "Found in {time}.",
        "also": "Also at:",
        "pinned": "Editors' choice",
        "also_more": ("and {count} other", "and {count} others"),
        "by": "By {names}",
        "past_last_page": "The results of this search end with page {page}.",
        "to_first_page": "To the first page",
        "pages": "Pages",
        "page": "Page {page}",
        "previous": "Previous",
        "next": "Next",
        # Nothing found
        "too_narrow": "The chosen filters may be too narrow.",
        "without_filters": "Search without filters",
        "nearest": "You may be looking for",
        "try": "Try this",
        "tip_spelling": "Check the spelling, or use another word that means the same.",
        "tip_fewer": "Use fewer words: <kbd>banjir semarang</kbd> instead of a whole sentence.",
        "tip_phrase": 'Quotation marks find the exact phrase: <kbd>"kerja sama dagang"</kbd>',
        "tip_minus": "A minus excludes a word: <kbd>bali -united</kbd>",
        "or_sections": "Or look through the sections",
        # Filters
        "filter_results": "Filter results",
        "see_results": ("See {count} result", "See {count} results"),
        "done": "Done",
        "apply": "Apply",
        "articles": ("{count} article", "{count} articles"),
        "any_time": "Any time",
        "last_day": "24 hours",
        "last_week": "7 days",
        "last_month": "30 days",
        "last_year": "One year",
        "all_dates": "All dates",
        "count_by_date": "Number of articles by date",
        "set_dates": "Set dates",
        "from": "From",
        "to": "To",
        "since": "since {day}",
        "until": "until {day}",
        "at_least": "from {value}",
        "at_most": "up to {value}",
        "date": "Date",
        "more_values": "See {count} more",
        "all_values": "All choices",
        "search_values": "Search in {facet}",
        "values_title": "{facet}: choose",
        "values_of": ("{count} choice", "{count} choices"),
        "no_values": "Nothing begins like this.",
        "back_to_results": "Back to the results",
        "other_orders": "Other orders",
        "smallest": "smallest",
        "largest": "largest",
        "earliest": "earliest",
        "latest": "latest",
        "a_to_z": "A–Z",
        "z_to_a": "Z–A",
        # Articles
        "results_of": "Results for “{query}”",
        "search_other": "Search other articles",
        "read_at": "Read at {source}",
        "its_site": "its own site",
        "editors": "Editors",
        "more_to_read": "More to read",
        "related": "Related articles",
        "mentioned": "Mentioned in the article",
        # Problems
        "to_front": "To the front page",
        # Texts that browsers show for the search
        "search_of": "{site}: search articles",
    },
)

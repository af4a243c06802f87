"""Which other words may an article use for what was typed?

One module for each family of rules; each variant carries the name of its rule, which explanations
show. *Synonyms* express the same thing differently (``kpk`` and its long form, ``kerjasama`` and
``kerja sama``), *guesses* are completions of the last word. Rules consult the index for evidence: a
variant that no article has is not worth searching. No variant weighs as much as the typed word.
Corrections of misspelt words are in :mod:`searchsvc.query.correct`.
"""

from searchsvc.query.expand.query_term import QueryTerm, Variant
from searchsvc.query.expand.variants import find_sure, find_variants, list_spellings

__all__ = ["QueryTerm", "Variant", "find_sure", "find_variants", "list_spellings"]

"""Other ways in which what was typed may stand in an article.

One module for each family of rules; each variant carries the name of its rule, which explanations
show. *Synonyms* say the same thing otherwise (``kpk`` and its long form, ``kerjasama`` and ``kerja
sama``), *guesses* are words that the last one may be the beginning of. Rules ask the index for
evidence: a variant that no article has is not worth asking for. Nothing here weighs as much as what
was typed. What a word was meant to be that is misspelt is for :mod:`searchsvc.query.correct`.
"""

from searchsvc.query.expand.slots import Slot, TypedSlot, Variant
from searchsvc.query.expand.variants import find_sure, find_variants, list_spellings

__all__ = ["Slot", "TypedSlot", "Variant", "find_sure", "find_variants", "list_spellings"]

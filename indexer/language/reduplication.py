"""Is ``a-b`` one word said twice (``anak-anak``, ``berlari-larian``) or two words joined?

A reduplication stays one token, since its halves alone mean something else; anything else is split,
so that ``bali`` finds ``Jawa-Bali``. Forms after Moeliono et al., *Tata Bahasa Baku Bahasa
Indonesia* (2017), chapter on reduplication: whole, with affixes, reciprocal (``pukul- memukul``),
with the infix -em- (``tali-temali``) and with changed sounds (``bolak-balik``).
"""

from __future__ import annotations

from indexer.language.data_file import read_data
from indexer.loading import loaded_once
from indexer.word_list import list_words

_PREFIXES = list_words(
    "ber be ter te se ke di per pe me mem men meng meny menge memper pem pen peng peny "
    "diper keber seke menge bel"
)
_SUFFIXES = list_words(
    "an i kan nya ku mu lah kah pun annya kannya inya anku anmu anlah kanlah ilah nyalah "
    "nyakah nyapun in"
)
#: First letters that meN- swallows: pukul-memukul, tawar-menawar, surat-menyurat.
_SWALLOWED = {"p": "mem", "t": "men", "s": "meny", "k": "meng"}
_VOWELS = str.maketrans("", "", "aiueo")


@loaded_once
def _sound_pairs() -> frozenset[tuple[str, str]]:
    text = read_data("reduplications.txt")
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return frozenset((a, b) for line in lines if line for a, b in [line.split("-")])


@loaded_once
def _separate_pairs() -> frozenset[tuple[str, str]]:
    """Male and female forms: two words that only look like one with changed vowels."""
    men = "putra siswa mahasiswa pemuda dewa saudara mahadewa"
    women = "putri siswi mahasiswi pemudi dewi saudari mahadewi"
    return frozenset(zip(men.split(), women.split(), strict=True))


def is_reduplication(first: str, second: str) -> bool:
    """Whether ``first-second`` is one word; both halves folded, letters only.

    >>> is_reduplication("berlari", "larian"), is_reduplication("sayur", "mayur")
    (True, True)
    >>> is_reduplication("jawa", "bali")
    False
    """
    if len(first) < 2 or len(second) < 2:
        return False
    if first == second:
        return True
    if min(len(first), len(second)) < 3 or max(len(first), len(second)) > 64:
        return False
    return _shares_core(first, second) or _is_reciprocal(first, second) or _is_listed(first, second)


def _shares_core(first: str, second: str) -> bool:
    """prefix + core - core + suffix: kemerah-merahan, buku-bukunya, berwarna-warni."""
    for size in range(min(len(first), len(second)), 2, -1):
        cut = len(first) - size
        if (cut and first[:cut] not in _PREFIXES) or (
            len(second) > size and second[size:] not in _SUFFIXES
        ):
            continue
        left, right = first[cut:], second[:size]
        if left == right or _differ_in_vowels(left, right):
            return True
    return False


def _differ_in_vowels(left: str, right: str) -> bool:
    """The same consonants with other vowels: bolak-balik, mondar-mandir, warna-warni."""
    if len(left) < 4 or (left, right) in _separate_pairs():
        return False
    consonants = left.translate(_VOWELS)
    return len(consonants) >= 2 and consonants == right.translate(_VOWELS)


def _is_reciprocal(first: str, second: str) -> bool:
    """core - prefix + core: tolong-menolong, balas-berbalas, jari-jemari."""
    second = _without_suffix(second, len(first))
    rest = len(second) - len(first)
    if rest >= 2 and second.endswith(first) and second[:rest] in _PREFIXES:
        return True
    if second == first[0] + "em" + first[1:]:
        return True
    swallowing = _SWALLOWED.get(first[0])
    return swallowing is not None and second == swallowing + first[1:]


def _without_suffix(word: str, at_least: int) -> str:
    if word.endswith("kan") and len(word) - 3 > at_least:
        return word[:-3]
    if word.endswith("i") and len(word) - 1 > at_least + 3:
        return word[:-1]
    return word


def _is_listed(first: str, second: str) -> bool:
    """Changed consonants follow no rule, so they are listed: sayur-mayur, lauk-pauk."""
    pairs = _sound_pairs()
    if (first, second) in pairs:
        return True
    for suffix in ("nya", "an", "kan"):
        if second.endswith(suffix) and (first, second[: -len(suffix)]) in pairs:
            return True
    return any(
        first.startswith(prefix) and (first[len(prefix) :], second) in pairs
        for prefix in ("ber", "di", "ter", "se")
    )

"""Which affixes does Indonesian have? One table of rules, each with its reason.

What may precede a root (:data:`PREFIXES`), what may follow it (:data:`SUFFIXES`, :data:`CLITICS`,
:data:`PARTICLES`), and which of them combine (:data:`FAMILIES`). :mod:`indexer.language.stem` tries
them against the root list and takes the cheapest reading. No rule here knows a root.

Sources: Sneddon, Adelaar, Djenar and Ewing, *Indonesian: A Comprehensive Grammar* (2nd ed., 2010),
chapter 1; Alwi and others, *Tata Bahasa Baku Bahasa Indonesia* (3rd ed., 2003), chapters 5 to 7.
Costs are relative: 10 is an ordinary affix; rarer or looser ones cost more.
"""

from __future__ import annotations

from dataclasses import dataclass

VOWELS = "aeiou"
CONSONANTS = "bcdfghjklmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class PrefixRule:
    """One written form of a prefix.

    The word must begin with ``surface``, followed by a letter of ``before`` (empty: any letter),
    and the remainder must fit ``shape``: ``one_vowel`` (a monosyllable), ``er`` (a letter and
    ``er``), ``long`` (a root of five letters or more, not a weak one), ``same`` (it begins as the
    word does), a literal remainder, or empty (anything). ``restore`` is then prepended: the root's
    first letter, which a nasal prefix swallows.
    """

    name: str
    family: str
    surface: str
    before: str
    restore: str
    cost: int
    reason: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class SuffixRule:
    """A derivational suffix. At least ``least`` letters must remain, ending in ``after`` (a tuple
    of endings; empty: anything).
    """

    name: str
    text: str
    kind: str
    cost: int
    least: int
    reason: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """What a prefix combines with: which kinds of suffix, and which prefixes inside it.

    ``suffixes`` maps a suffix kind ('' for none) to the extra cost of the pair; other kinds do not
    combine with the prefix. ``inner`` names the families that may follow it directly.
    """

    name: str
    suffixes: dict[str, int]
    inner: tuple[str, ...]


# --- before the root ----------------------------------------------------------------------------

PREFIXES: tuple[PrefixRule, ...] = (
    # meN-: verbs. The nasal replaces k, p, s and t.
    PrefixRule("me-", "meN", "me", "lrwymn", "", 10, "melihat, merasa, memakan, menanti, menyala"),
    PrefixRule("mem-", "meN", "mem", "bfvp", "", 10, "membaca, memfitnah, memproses"),
    PrefixRule("mem- (p)", "meN", "mem", VOWELS, "p", 10, "memukul = pukul"),
    PrefixRule("mem- (p) cluster", "meN", "mem", "rl", "p", 11, "memroses = proses"),
    PrefixRule("men-", "meN", "men", "cdjz", "", 10, "mencari, mendengar, menjual, menziarah"),
    PrefixRule("men- before s, t", "meN", "men", "st", "", 12, "loans: mentransfer, mensyaratkan"),
    PrefixRule("men- (t)", "meN", "men", VOWELS, "t", 10, "menulis = tulis"),
    PrefixRule("men- (t) cluster", "meN", "men", "r", "t", 11, "menraktir = traktir"),
    PrefixRule("meng-", "meN", "meng", VOWELS + "ghq", "", 10, "mengambil, menggali, menghitung"),
    PrefixRule("meng- before k", "meN", "meng", "k", "", 11, "mengkritik, mengkhawatirkan"),
    PrefixRule("meng- (k)", "meN", "meng", VOWELS, "k", 10, "mengirim = kirim"),
    PrefixRule("meng- (k) cluster", "meN", "meng", "rl", "k", 11, "mengritik = kritik"),
    PrefixRule("meny- (s)", "meN", "meny", VOWELS, "s", 10, "menyapu = sapu"),
    PrefixRule("meny- (c)", "meN", "meny", VOWELS, "c", 24, "spoken: menyoblos = coblos"),
    PrefixRule("menge-", "meN", "menge", "", "", 11, "one syllable: mengebom = bom", "one_vowel"),
    # peN-: who or what does it; with -an, the act of doing it. Same nasals as meN-.
    PrefixRule("pe-", "peN", "pe", "lrwymn", "", 10, "pelari, perasa, pewarna, pemakan, penyanyi"),
    PrefixRule("pem-", "peN", "pem", "bfvp", "", 10, "pembaca, pemfitnah, pemprosesan"),
    PrefixRule("pem- (p)", "peN", "pem", VOWELS, "p", 10, "pemukul = pukul"),
    PrefixRule("pem- (p) cluster", "peN", "pem", "rl", "p", 10, "pemrograman = program"),
    PrefixRule("pen-", "peN", "pen", "cdjz", "", 10, "pencari, pendengar, penjual, penziarah"),
    PrefixRule("pen- before s, t", "peN", "pen", "st", "", 12, "loans: penstabilan"),
    PrefixRule("pen- (t)", "peN", "pen", VOWELS, "t", 10, "penulis = tulis"),
    PrefixRule("pen- (t) cluster", "peN", "pen", "r", "t", 11, "penransferan = transfer"),
    PrefixRule("peng-", "peN", "peng", VOWELS + "ghq", "", 10, "pengambil, penggali, penghitung"),
    PrefixRule("peng- before k", "peN", "peng", "k", "", 11, "pengkaji, pengkhianat"),
    PrefixRule("peng- (k)", "peN", "peng", VOWELS, "k", 10, "pengirim = kirim"),
    PrefixRule("peng- (k) cluster", "peN", "peng", "rl", "k", 11, "pengritik = kritik"),
    PrefixRule("peng- before l, r", "peN", "peng", "lr", "", 13, "penglihatan, pengrusakan"),
    PrefixRule("peny- (s)", "peN", "peny", VOWELS, "s", 10, "penyapu = sapu"),
    PrefixRule("peny- (c)", "peN", "peny", VOWELS, "c", 24, "spoken: penyoblos = coblos"),
    PrefixRule("penge-", "peN", "penge", "", "", 11, "one syllable: pengebom = bom", "one_vowel"),
    # pe-: who does it for a living, or is so; no nasal (verbs with ber-).
    PrefixRule("pe- (no nasal)", "pe", "pe", "bcdfghjkpstvz", "", 13, "petani, pedagang, pegolf"),
    PrefixRule("pel-", "pe", "pel", "a", "", 8, "pelajar, only of ajar", "ajar"),
    # per-: make more so; with -an, the result of a ber- verb. The r merges with a root's r.
    PrefixRule("per-", "per", "per", "", "", 10, "perbesar, pertemuan, perairan"),
    PrefixRule("pe- (er)", "per", "pe", CONSONANTS, "", 12, "pekerja: r is dropped", "er"),
    PrefixRule("pe- before r", "per", "pe", "r", "", 11, "memperagakan = raga"),
    # ber-: verbs of having, being, doing. The r is dropped before r and before -er-.
    PrefixRule("ber-", "ber", "ber", "", "", 10, "berlari, beranak"),
    PrefixRule("be- before r", "ber", "be", "r", "", 11, "berambut = rambut"),
    PrefixRule("be- (er)", "ber", "be", CONSONANTS, "", 10, "bekerja, becermin", "er"),
    PrefixRule("bersi-", "ber", "bersi", "", "", 12, "bersikeras, bersitegang"),
    PrefixRule("bel-", "ber", "bel", "a", "", 8, "belajar, only of ajar", "ajar"),
    # ter-: was done, can be done, most. Same r as ber-.
    PrefixRule("ter-", "ter", "ter", "", "", 10, "terbesar, teranjur"),
    PrefixRule("te- before r", "ter", "te", "r", "", 11, "terasa = rasa"),
    PrefixRule("te- (er)", "ter", "te", CONSONANTS, "", 11, "tepercaya, tepergok", "er"),
    PrefixRule("tel-", "ter", "tel", "a", "", 12, "tel- of a few: telanjur, telantar"),
    # The others keep their form.
    PrefixRule("di-", "di", "di", "", "", 10, "dibaca"),
    PrefixRule("ke-", "ke", "ke", "", "", 10, "keadilan, kedua"),
    PrefixRule("ketidak-", "ketidak", "ketidak", "", "", 5, "ketidakadilan"),
    PrefixRule("se-", "se", "se", "", "", 11, "sehari, sebesar"),
    PrefixRule("ku-", "ku", "ku", "", "", 14, "kubaca: I"),
    PrefixRule("kau-", "ku", "kau", "", "", 13, "kaubaca: you"),
    PrefixRule("non-", "non", "non", "", "", 14, "nonaktif, nonmuslim"),
    PrefixRule("antar-", "non", "antar", "", "", 14, "antarnegara"),
    PrefixRule("anti-", "non", "anti", "", "", 14, "antikorupsi"),
    PrefixRule("pasca-", "non", "pasca", "", "", 14, "pascabanjir"),
    PrefixRule("pra-", "non", "pra", "", "", 15, "praperadilan"),
    PrefixRule("sub-", "non", "sub", "", "", 15, "subsektor, subtropis", "long"),
    # The first syllable repeated, its vowel weakened.
    *(
        PrefixRule(f"{letter}e- (doubled)", "re", f"{letter}e", letter, "", 16, reason, "same")
        for letter, reason in (
            ("b", "bebatuan"),
            ("d", "dedaunan"),
            ("g", "gegara"),
            ("k", "kekacang"),
            ("l", "leluhur"),
            ("p", "pepohonan"),
            ("r", "reruntuhan"),
            ("s", "sesama"),
            ("t", "tetumbuhan"),
            ("w", "wewangian"),
        )
    ),
    # Colloquial: the nasal without me-. Before p only with -in, or foreign words and names would
    # match (market, Mulan); common verbs without -in (motret) are in root_aliases.tsv. Before t and
    # h also if the root is long.
    PrefixRule("nge-", "ngo", "nge", "", "", 24, "ngebom, ngelawan"),
    PrefixRule("ng-", "ngo", "ng", VOWELS, "", 22, "ngambil = ambil"),
    PrefixRule("ng- (k)", "ngo", "ng", VOWELS, "k", 22, "ngirim = kirim"),
    PrefixRule("ng- (h)", "ngolong", "ng", VOWELS, "h", 24, "ngitung = hitung", "long"),
    PrefixRule("ny- (s)", "ngo", "ny", VOWELS, "s", 22, "nyapu = sapu"),
    PrefixRule("ny- (c)", "ngo", "ny", VOWELS, "c", 23, "nyari = cari"),
    PrefixRule("n- (t)", "ngoin", "n", VOWELS, "t", 24, "nulis = tulis"),
    PrefixRule("n- (t) long", "ngolong", "n", VOWELS, "t", 26, "nerima = terima", "long"),
    PrefixRule("n-", "ngo", "n", "cdj", "", 23, "ndengerin, njual"),
    PrefixRule("m- (p)", "ngoin", "m", VOWELS, "p", 25, "mikir = pikir"),
    PrefixRule("m-", "ngo", "m", "b", "", 23, "mbaca = baca"),
)

# --- after the root -----------------------------------------------------------------------------

SUFFIXES: tuple[SuffixRule, ...] = (
    SuffixRule("-kan", "kan", "kan", 10, 3, "bacakan"),
    SuffixRule("-an", "an", "an", 10, 3, "bacaan"),
    SuffixRule("-i", "i", "i", 11, 3, "datangi"),
    SuffixRule("-wan", "wan", "wan", 8, 4, "ilmuwan, sukarelawan"),
    SuffixRule("-wati", "wati", "wan", 8, 4, "olahragawati"),
    SuffixRule("-awan", "awan", "wan", 12, 5, "rohaniawan", ("i",)),
    SuffixRule("-in", "in", "in", 18, 4, "spoken for -kan and -i: beliin"),
)

# Loan suffixes. Stripped only if a listed root remains, from roots themselves.
LOAN_SUFFIXES: tuple[SuffixRule, ...] = (
    SuffixRule("-isasi", "isasi", "loan", 6, 4, "modernisasi = modern"),
    SuffixRule("-isme", "isme", "loan", 6, 4, "sosialisme = sosialis; ekstremisme = ekstrem"),
    SuffixRule("-itas", "itas", "loan", 6, 4, "totalitas = total; kreativitas = kreatif"),
    SuffixRule("-isir", "isir", "loan", 6, 4, "legalisir = legal"),
    SuffixRule("-nisasi", "nisasi", "loan", 6, 4, "pipanisasi = pipa", tuple(VOWELS)),
    SuffixRule("-wi", "wi", "loan", 6, 5, "duniawi = dunia; Betawi is not of beta", ("a", "i")),
)

CLITICS: tuple[SuffixRule, ...] = (
    SuffixRule("-nya", "nya", "clitic", 5, 2, "bukunya"),
    SuffixRule("-ku", "ku", "clitic", 11, 3, "bukuku"),
    SuffixRule("-mu", "mu", "clitic", 11, 3, "bukumu"),
)

PARTICLES: tuple[SuffixRule, ...] = (
    SuffixRule("-lah", "lah", "particle", 9, 2, "bacalah"),
    SuffixRule("-kah", "kah", "particle", 12, 2, "benarkah"),
    SuffixRule("-tah", "tah", "particle", 12, 3, "apatah"),
    SuffixRule("-pun", "pun", "particle", 7, 2, "siapapun"),
)

# --- what goes with what ------------------------------------------------------------------------

_VERB = {"": 0, "kan": 0, "i": 0, "an": 23, "in": 0}
# -kan with peN- is a misspelling: penunjukkan for penunjukan.
_NOUN = {"": 0, "an": 0, "wan": 4, "kan": 25}

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family("meN", _VERB, ("per", "ber", "ter", "ke", "se", "peN", "pe", "non")),
        Family("di", _VERB, ("per", "ber", "ter", "ke", "se", "peN", "pe", "ngo")),
        Family("ku", {"": 0, "kan": 0, "i": 0}, ("per", "ber", "ke")),
        Family("ter", {"": 0, "kan": 1, "i": 2, "an": 14}, ("per", "ke", "se", "ber", "peN", "pe")),
        Family(
            "ber",
            {"": 0, "an": 2, "kan": 3, "wan": 3},
            ("ke", "peN", "pe", "per", "se", "ketidak", "ter"),
        ),
        Family("peN", _NOUN, ("ber", "ter", "se", "ke", "per", "pe", "non")),
        Family("pe", _NOUN, ("ber", "se", "ke")),
        Family("per", {"": 6, "an": 0, "kan": 3, "i": 3}, ("se", "ke", "ber", "ter", "ketidak")),
        Family(
            "ke",
            {"": 6, "an": 0, "kan": 14, "i": 14},
            ("ber", "ter", "se", "peN", "pe", "per", "ke", "ketidak"),
        ),
        Family("ketidak", {"an": 0}, ("ber", "ter", "se", "peN", "pe", "per", "ke", "meN")),
        Family("se", {"": 0, "an": 8, "i": 30}, ("peN", "pe", "ke", "ber", "ter", "per", "meN")),
        Family("non", {"": 0, "an": 4}, ("ke", "peN", "pe", "per", "ber")),
        Family("re", {"": 6, "an": 0}, ()),
        Family("ngoin", {"in": 0}, ()),
        Family("ngolong", {"": 0, "in": 0}, ()),
        Family("ngo", {"": 0, "in": 0, "an": 8, "i": 6, "kan": 6}, ()),
    )
}


def strip_loan_suffix(word: str, rule: SuffixRule) -> str | None:
    """``word`` without the loan suffix of ``rule``, or ``None`` if it does not match."""
    base = word[: -len(rule.text)]
    if not word.endswith(rule.text) or len(base) < rule.least:
        return None
    if rule.after and not base.endswith(rule.after):
        return None
    return base


def loan_bases(base: str, rule: SuffixRule) -> tuple[str, ...]:
    """Possible roots for the base of a loan suffix, most likely first: final v becomes f, and a
    doctrine is related to its followers (sosialis) rather than to the everyday adjective in -al
    (sosial), which means something else.
    """
    if rule.text == "isme" and base.endswith("al"):
        return base + "is", base
    return (base[:-1] + "f",) if base.endswith("v") else (base,)

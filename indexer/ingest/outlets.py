"""Who publishes and who supplies news? Outlets, wire agencies, and how copy spells them.

One table each. :mod:`indexer.ingest.wire` recognises datelines and credits with them,
:mod:`indexer.ingest.facet_values` gives each outlet and agency one label. An outlet that is not in
the table is still recognised if it is written as a site (``NAMA.COM``, ``nama.co.id``).
"""

from __future__ import annotations

import re
from typing import Final

#: Site of an outlet -> alternative spellings in copy, in lower case. Only spellings that a rule
#: cannot derive are listed: the site itself and the site without its ending need no row unless the
#: latter is also an ordinary word (``tempo``, ``republika`` are safe as datelines).
OUTLETS: Final[dict[str, tuple[str, ...]]] = {
    "akurat.co": ("akurat",),
    "alinea.id": ("alinea",),
    "antaranews.com": ("antaranews", "antara news.com"),
    "balipost.com": ("bali post", "balipost"),
    "bbc.com": ("bbc indonesia", "bbc news indonesia"),
    "beritajatim.com": ("beritajatim",),
    "beritasatu.com": ("beritasatu", "berita satu"),
    "bisnis.com": ("bisnis", "bisnis indonesia"),
    "bola.net": (),
    "bolasport.com": ("bolasport",),
    "cnbcindonesia.com": ("cnbc indonesia", "cnbc"),
    "cnnindonesia.com": ("cnn indonesia", "cnn"),
    "dailysocial.id": ("dailysocial",),
    "detik.com": (
        "detik",
        "detikcom",
        "detikfinance",
        "detikfood",
        "detikhealth",
        "detikhot",
        "detikinet",
        "detiknews",
        "detikoto",
        "detiksport",
        "detiktravel",
    ),
    "dream.co.id": ("dream",),
    "dw.com": ("dw indonesia", "deutsche welle"),
    "fajar.co.id": (),
    "gatra.com": ("gatra",),
    "goal.com": ("goal indonesia",),
    "harianjogja.com": ("harian jogja", "harianjogja"),
    "hukumonline.com": ("hukumonline",),
    "idntimes.com": ("idn times",),
    "idxchannel.com": ("idxchannel", "idx channel"),
    "inews.id": ("inews",),
    "inilah.com": ("inilahcom", "inilah"),
    "infopublik.id": ("infopublik",),
    "investor.id": ("investor daily",),
    "jawapos.com": ("jawa pos", "jawapos"),
    "jpnn.com": ("jpnn",),
    "jubi.id": ("jubi",),
    "kapanlagi.com": ("kapanlagi",),
    "katadata.co.id": ("katadata",),
    "kbr.id": ("kbr", "kbr68h"),
    "kompas.com": ("kompas", "harian kompas"),
    "kompas.tv": ("kompas tv",),
    "kompasiana.com": ("kompasiana",),
    "kontan.co.id": ("kontan",),
    "kumparan.com": ("kumparan",),
    "liputan6.com": ("liputan6",),
    "mediaindonesia.com": ("media indonesia",),
    "medcom.id": ("medcom",),
    "merdeka.com": ("merdeka.com",),
    "metrotvnews.com": ("metro tv", "metrotv", "metrotvnews"),
    "mongabay.co.id": ("mongabay", "mongabay indonesia"),
    "nu.or.id": ("nu online",),
    "okezone.com": ("okezone",),
    "parapuan.co": ("parapuan",),
    "pikiran-rakyat.com": ("pikiran rakyat", "prlm"),
    "republika.co.id": ("republika", "republika online"),
    "rimanews.com": ("rimanews",),
    "rm.id": ("rakyat merdeka",),
    "rmol.id": ("rmol",),
    "rri.co.id": ("rri", "kbrn"),
    "sindonews.com": ("sindonews", "koran sindo"),
    "solopos.com": ("solopos",),
    "suara.com": ("suara.com",),
    "suaramerdeka.com": ("suara merdeka",),
    "suarapembaruan.com": ("suara pembaruan",),
    "tempo.co": ("tempo", "tempo interaktif", "koran tempo", "majalah tempo"),
    "tirto.id": ("tirto",),
    "tribunnews.com": ("tribunnews", "tribun", "tribunnetwork"),
    "tvonenews.com": ("tvone", "tvonenews"),
    "viva.co.id": ("viva", "vivanews", "vivabola", "vivalife"),
    "voaindonesia.com": ("voa", "voa indonesia"),
    "voi.id": ("voi",),
    "wartaekonomi.co.id": ("warta ekonomi",),
    "wartakotalive.com": ("warta kota", "wartakota"),
    "wowkeren.com": ("wowkeren",),
}

#: Wire agency -> its names in datelines and credits, in lower case.
AGENCIES: Final[dict[str, tuple[str, ...]]] = {
    "AFP": ("afp", "agence france-presse"),
    "Anadolu": ("anadolu", "anadolu agency"),
    "Antara": (
        "antara",
        "ant",
        "antara news",
        "antaranews",
        "kantor berita antara",
        "lkbn antara",
        "antara/reuters",
    ),
    "AP": ("associated press",),
    "Bernama": ("bernama",),
    "Bloomberg": ("bloomberg",),
    "dpa": ("dpa",),
    "EFE": ("efe",),
    "IRNA": ("irna",),
    "Kyodo": ("kyodo", "kyodo news"),
    "Reuters": ("reuters", "rtr", "thomson reuters"),
    "RIA Novosti": ("ria novosti",),
    "Sputnik": ("sputnik",),
    "TASS": ("tass", "itar-tass"),
    "UPI": ("upi",),
    "WAFA": ("wafa",),
    "Xinhua": ("xinhua", "kantor berita xinhua"),
    "Yonhap": ("yonhap",),
}

#: A host as outlets write theirs, also with capitals or followed by a path.
HOST: Final = re.compile(
    r"(?:https?://)?(?P<host>(?:[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.){1,4}"
    r"(?:com|net|org|id|co|tv|news|info|asia|io|me|online|media|my|sg|au|uk|example))\b(?P<path>[/?#]\S*)?",
    re.IGNORECASE,
)

_OUTLET_NAMES: Final[dict[str, str]] = {
    name: host for host, names in OUTLETS.items() for name in (host, *names)
}
_AGENCY_NAMES: Final[dict[str, str]] = {
    name: agency for agency, names in AGENCIES.items() for name in (agency.lower(), *names)
}
_SUBDOMAINS: Final = ("www.", "m.", "amp.", "mobile.", "wap.")


def find_outlet(text: str) -> str:
    """The site of the outlet that ``text`` as a whole names, or an empty string.

    >>> find_outlet("KOMPAS.com"), find_outlet("CNN Indonesia"), find_outlet("Jakarta")
    ('kompas.com', 'cnnindonesia.com', '')
    """
    name = text.strip().lower()
    known = _OUTLET_NAMES.get(name)
    if known:
        return known
    match = HOST.fullmatch(name)
    return shorten_host(match["host"]) if match else ""


def list_outlet_names() -> list[str]:
    """Every spelling of an outlet in the table, in lower case."""
    return list(_OUTLET_NAMES)


def is_known_outlet(host: str) -> bool:
    """Whether ``host`` (as :func:`find_outlet` returns it) has a row in the table."""
    return host in OUTLETS


def find_agency(text: str) -> str:
    """The wire agency that ``text`` as a whole names, or an empty string.

    Bare ``AP`` and ``AA`` are reporters' initials as often as agencies, so they count only in
    capitals.

    >>> find_agency("ANTARA News"), find_agency("rtr"), find_agency("dil")
    ('Antara', 'Reuters', '')
    """
    name = text.strip()
    if name == "AP":
        return "AP"
    if name.lower() == "ap":
        return ""
    return _AGENCY_NAMES.get(name.lower(), "")


def shorten_host(host: str) -> str:
    """``host`` in lower case without ``www.`` and the like; a section's host becomes its outlet's.

    >>> [shorten_host(host) for host in ("WWW.Contoh.id", "regional.kompas.com")]
    ['contoh.id', 'kompas.com']
    """
    host = host.lower()
    for prefix in _SUBDOMAINS:
        if host.startswith(prefix):
            host = host[len(prefix) :]
    parts = host.split(".")
    for start in range(1, len(parts) - 1):
        outlet = ".".join(parts[start:])
        if outlet in OUTLETS:
            return outlet
    return host

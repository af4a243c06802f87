"""The seeds of fuzzing, and how others are made of them."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent / "corpus"
#: What inputs are made of: signs of the formats, labels of copy, operators of queries.
TOKENS: Final = (
    *(b'{"isi": "', b'"judul": ', b"[", b"]", b"{", b"}", b'"', b"\\", b"\\u00e9", b"\\ud83d"),
    *(b",", b":", b"\n", b"\r", b"\r\n", b"\t", b";", b"|", b'""', b"judul,isi\n", b"null", b"NaN"),
    *(b"<p>", b"</p>", b"<br>", b"<a href='", b"<!--", b"&amp;", b"&#0;", b"**", b"](", b"\n# "),
    *(b"BACA JUGA: ", b"Baca juga:", b"JAKARTA, KOMPAS.com - ", b"(ANTARA)", b"(adt/ugo)", b" - "),
    *(b"Editor: ", b"Penulis: ", b"SCROLL TO CONTINUE WITH CONTENT", b"ADVERTISEMENT", b"[Gambas:"),
    *(
        b"20/7/2022",
        b"Rabu (20/7)",
        b"20 Juli 2022",
        b"pukul 13.05 WIB",
        b"1658296800",
        b"31/2/2022",
    ),
    *(b"atau ", b"-", b"+", b"*", b"(", b")", b"penulis:", b"kategori:", b"sebelum:", b"judul:"),
    *(b"bukan ", b"anak-anak", b"ke-2", b"1.000.000", b"Rp", b"e-KTP", b" ", b"a", b"kata "),
    *"\ufeff \u200b \u0301 𝒜 ﬁ İ \u202e \ufdfa ß ȺȾ \U0010ffff".encode().split(),
    *("\u2028".encode(), "\xa0".encode(), b"\x00", b"\xff", b"\xff\xfe", b"\x00\x00\xfe\xff"),
    *(b"\xed\xa0\x80", b"\x1f\x8b\x08", b"\x80"),
)
_MOST_CHANGES: Final = 6
_LONGEST_RUN: Final = 3_000
#: Bytes of an input, at most.
LONGEST: Final = 1 << 16


def read_seeds(target: str) -> list[bytes]:
    """The seeds of a target, sorted by file. Of a ``.lines`` file each line is one; for readers the
    ending of the file's name goes before its contents.
    """
    seeds: list[bytes] = []
    for path in sorted((FOLDER / target).iterdir()):
        data = path.read_bytes()
        if path.suffix == ".lines":
            seeds += data.splitlines()
        elif path.suffix == ".input" or target != "readers":
            seeds.append(data)
        else:
            ending = path.suffix.removeprefix(".").encode()
            seeds += [ending + b"\n" + data, ending + b".gz\n" + gzip.compress(data, mtime=0)]
    return seeds


def mutate(seed: bytes, other: bytes, random: Random) -> bytes:
    """``seed`` changed in a few places: cut, doubled, spliced with ``other``, run on."""
    data = bytearray(seed)
    for _ in range(random.randint(1, _MOST_CHANGES)):
        random.choice(_CHANGES)(data, other, random)
    return bytes(data[:LONGEST])


def _choose_slice(data: bytes | bytearray, random: Random) -> slice:
    start = random.randint(0, len(data))
    length = random.choice((1, 2, 4, 16, 64, 512))
    return slice(start, min(start + length, len(data)))


def _insert_token(data: bytearray, other: bytes, random: Random) -> None:
    place = random.randint(0, len(data))
    data[place:place] = random.choice(TOKENS)


def _replace_by_token(data: bytearray, other: bytes, random: Random) -> None:
    data[_choose_slice(data, random)] = random.choice(TOKENS)


def _drop(data: bytearray, other: bytes, random: Random) -> None:
    del data[_choose_slice(data, random)]


def _cut_off(data: bytearray, other: bytes, random: Random) -> None:
    del data[random.randint(0, len(data)) :]


def _repeat(data: bytearray, other: bytes, random: Random) -> None:
    part = _choose_slice(data, random)
    data[part] = bytes(data[part]) * random.choice((2, 3, 20, 300))


def _run_on(data: bytearray, other: bytes, random: Random) -> None:
    place = random.randint(0, len(data))
    data[place:place] = random.choice(TOKENS) * random.choice((10, 200, _LONGEST_RUN))


def _splice(data: bytearray, other: bytes, random: Random) -> None:
    place = random.randint(0, len(data))
    data[place:place] = other[_choose_slice(other, random)]


def _flip(data: bytearray, other: bytes, random: Random) -> None:
    if data:
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)


_CHANGES: Final = (
    *(_insert_token, _insert_token, _replace_by_token, _drop, _cut_off, _repeat, _run_on, _splice),
    _flip,
)

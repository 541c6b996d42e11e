"""Text whose letters are exchanged or whose order is reversed: rot13 and its kin, mirrored words.

Looked for by words that every English letter has, and by those of banners and of heads of columns,
in each of their turned spellings: one pass over the letters finds them all. A text is turned back
only where that makes words of lines that have hardly any.
"""

from __future__ import annotations

import re
from collections import Counter
from string import ascii_lowercase, ascii_uppercase
from typing import Iterator

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

# Words that each text of some length has, and words that one is enough of.
_OFTEN = ("the", "and")
_OF_BANNERS = (
    "embargo", "restricted", "confidential", "statistic", "publish", "publication", "release",
    "sperrfrist", "circulat",
)  # fmt: skip
_OF_COLUMNS = (
    "gender", "female", "income", "region", "marital", "household", "occupation", "education",
    "postcode", "surname", "turnover", "employees", "respondent", "birth", "address", "weight",
)  # fmt: skip
_SURE = _OF_BANNERS + _OF_COLUMNS
_KNOWN = frozenset(
    """the and of to in is for on that with by from at this not be are as it will you have please
    until before under strict embargo embargoed official final table tables data figures
    id age sex male status name date year area
    und der die das den von zu mit auf ist nicht bis vor für ein eine vertraulich
    le la les des et du en pour que est dans el los las del para una con het een van""".split()
)
_FORM = re.compile("|".join(_SURE))
_FEWEST_OFTEN = 3
_FEWEST = 3
_LEAST = 12
# Everyday words and abbreviations that turn into one of the words.
_EVERYDAY = frozenset(("aol", "esp", "max", "pda", "rfc", "pcs", "ret", "dna"))
_LOWER = bytes(
    code | 32 if 65 <= code <= 90 else code if 97 <= code <= 122 or code > 127 else 32
    for code in range(256)
)
_WORD = re.compile(r"[^\W\d_]{2,}")
MOST_TURNS = 6
REVERSED = 0
_ATBASH = 26


def _alphabet(turn: int) -> bytes:
    """What turns letters back that were turned so; no byte of UTF-8 beyond ASCII is a letter."""
    table = bytearray(range(256))
    for letters in (ascii_lowercase, ascii_uppercase):
        turned = letters[::-1] if turn == _ATBASH else letters[-turn:] + letters[:-turn]
        table[ord(letters[0]) : ord(letters[-1]) + 1] = turned.encode()
    return bytes(table)


_BACK = {turn: _alphabet(turn) for turn in range(1, _ATBASH + 1)}


def _spellings() -> Iterator[tuple[int, bool, bytes]]:
    """(turn, whether one is enough, letters)"""
    for turn in range(_ATBASH + 1):
        # To turn a letter forth is to turn it back by the rest of the alphabet.
        forth = _BACK.get(turn if turn in (13, _ATBASH) else 26 - turn)
        for word in (*_OFTEN, *_SURE):
            turned = word.encode().translate(forth).decode() if turn and forth else word[::-1]
            if turned not in _EVERYDAY:
                sure = word in _SURE
                yield turn, sure, (turned if sure else f" {turned} ").encode()


_SPELLINGS = tuple(_spellings())
_FINDER = BytesAhoCorasick(
    [letters for _, _, letters in _SPELLINGS],
    implementation=Implementation.DFA,
    matchkind=MatchKind.LeftmostFirst,
)


def turned_back(text: str) -> Iterator[tuple[str, bool]]:
    """The lines that were turned, turned back, and whether rows may be looked for in them; nothing
    for ordinary text. An empty text says that there are more ways of turning than are tried."""
    if len(text) < _LEAST:
        return
    found = _FINDER.find_matches_as_indexes(text.encode("utf-8", "replace").translate(_LOWER))
    if not found:
        return
    often: Counter[int] = Counter()
    for index, _, _ in found:
        turn, sure, _ = _SPELLINGS[index]
        often[turn] += _FEWEST_OFTEN if sure else 1
    turns = [turn for turn, count in often.most_common() if count >= _FEWEST_OFTEN]
    if len(turns) > MOST_TURNS:
        yield "", False
    for turn in turns[:MOST_TURNS]:
        if turn != REVERSED:
            whole = text.encode("utf-8", "replace").translate(_BACK[turn]).decode()
            if back := _lines(text, whole):
                yield back, True
        elif back := _lines(text, "\n".join(line[::-1] for line in text.split("\n"))):
            yield back, True
            # As a whole, and word by word: nobody can tell in which order it was meant.
            yield "\n".join(reversed(back.split("\n"))), False
            yield "\n".join(" ".join(reversed(line.split(" "))) for line in back.split("\n")), False


def _lines(text: str, back: str) -> str:
    """Those lines that are no worse when they are turned, if words come out of them."""
    kept: list[str] = []
    words = before = 0
    sure = False
    for line, turned in zip(text.split("\n"), back.split("\n"), strict=True):
        now, then = _known(turned), _known(line)
        if now >= then and turned.strip():
            kept.append(turned)
            words, before = words + now, before + then
            sure = sure or _FORM.search(turned.lower()) is not None
    enough = words >= _FEWEST or (sure and words > before)
    return "\n".join(kept) if enough and words >= 3 * before else ""


def _known(line: str) -> int:
    return sum(
        word in _KNOWN or _FORM.match(word) is not None for word in _WORD.findall(line.lower())
    )

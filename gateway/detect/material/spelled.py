"""Reads the figures that a text states in words: "twelve thousand three hundred", "a quarter".

Looked for only where a word that such figures need stands in the text at all; numbers below a
hundred count where they are percentages, for nobody could tell them from a way of speaking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ahocorasick_rs import AhoCorasick, Implementation

from gateway.detect.material.claims import Claim, Hedge, Unit
from gateway.detect.material.numbers_words import HEDGES, TAILS

_ONES = {
    word: number
    for number, word in enumerate(
        "nought one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
} | {"zero": 0}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2
    )
} | {"fourty": 40}
_POWERS = {
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12,
}  # fmt: skip
_NUMBER = "|".join(sorted((*_ONES, *_TENS), key=len, reverse=True))
_POWER = "|".join(_POWERS)
_GAP = r"[ \n-]{1,2}"
_RUN = re.compile(
    rf"\b(?:(?P<few>a|an|{_NUMBER})\b)(?:(?:,?{_GAP}(?:and{_GAP}(?:a{_GAP})?)?|,)"
    rf"(?:{_NUMBER}|{_POWER}|point|half)\b){{0,24}}"
)
_UNIT = re.compile(r"[ \n]{0,2}(%|per ?cent\b(?! ?age)|percentage[ \n-]points?\b|pp\b)")
_WORD = re.compile(r"[a-z]+")
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twentieth": 20,
}  # fmt: skip
_OF = {
    word: number for number, word in enumerate("two three four five six seven eight nine ten".split(), 2)
} | {"twelve": 12, "twenty": 20, "fifty": 50, "hundred": 100}  # fmt: skip
_FEW = {"a": 1, "an": 1} | {word: _ONES[word] for word in "one two three four five six seven eight nine".split()}  # fmt: skip
_FRACTION = re.compile(
    r"\b(?:(?P<part>a|an|one|two|three|four|five|seven|nine)[ \n-](?P<of>third|quarter|fifth|sixth"
    r"|seventh|eighth|ninth|tenth|twentieth)s?\b"
    r"(?![ \n]+(?:party|parties|person|on|results?|end|time|option|draft|version|review|reading|day"
    r"|year|quarter|reason|way|thing|place|round|attempt|phase|of[ \n]+(?:an[ \n]+)?(?:hour|the[ \n]+year)))"
    r"|(?P<half>(?<!\ba )(?<!and a )\bhalf)(?=[ \n]+(?:of|the|a[ \n]+(?:million|billion)|all|as)\b|[,.;)]|$)"
    r"|(?P<few>one|two|three|four|five|six|seven|eight|nine)[ \n]+(?:in|out[ \n]+of)(?:[ \n]+every)?"
    r"[ \n]+(?P<many>two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|(?:a[ \n]+)?hundred)\b)"
)
_ANCHORS = (
    *_POWERS, " point ", "per cent", "percent", *_PARTS, "one in ", "two in ", "three in ", "four in ",
    "five in ", "six in ", "seven in ", "eight in ", "nine in ", " out of ", "in every",
)  # fmt: skip
_FIRST_OF_FRACTIONS = _ANCHORS.index("half")
_SOUGHT = AhoCorasick(_ANCHORS, implementation=Implementation.DFA)
_BEFORE, _BEHIND = 48, 64


def spelled_claims(text: str) -> list[Claim]:
    """The figures in words in a text that is folded and in lower case, in their order."""
    anchors = _SOUGHT.find_matches_as_indexes(text)
    if not anchors:
        return []
    claims: list[Claim] = []
    for start, end in _around(
        text, [at for which, at, _ in anchors if which < _FIRST_OF_FRACTIONS]
    ):
        claims += _numbers(text, start, end)
    for start, end in _around(
        text, [at for which, at, _ in anchors if which >= _FIRST_OF_FRACTIONS]
    ):
        claims += _fractions(text, start, end)
    return claims


def _around(text: str, anchors: list[int]) -> Iterator[tuple[int, int]]:
    """The stretches of a text where one of the words stands near: looking there alone costs far
    less than looking everywhere."""
    begin = end = -1
    for at in anchors:
        if at - _BEFORE > end:
            if end >= 0:
                yield begin, end
            begin = max(0, at - _BEFORE)
            while begin and text[begin - 1].isalpha():
                begin -= 1
        end = min(len(text), at + _BEHIND)
        while end < len(text) and text[end].isalpha():
            end += 1
    if end >= 0:
        yield begin, end


def _numbers(text: str, begin: int, end: int) -> Iterator[Claim]:
    for run in _RUN.finditer(text, begin, end):
        words = _WORD.findall(run[0])
        unit_found = _UNIT.match(text, run.end())
        if unit_found is None and not any(w in _POWERS or w == "point" for w in words):
            continue
        value = _value(words)
        if value is None or value[0] == 0:
            continue
        unit: Unit = "number"
        until = run.end()
        if unit_found is not None:
            unit = "points" if unit_found[1].startswith(("percentage", "pp")) else "percent"
            until = unit_found.end()
        digits, exponent = value
        hedge = hedge_before(text, run.start())
        yield Claim(digits, exponent, unit, run.start(), until, exponent < 0, hedge)


def _value(words: list[str]) -> tuple[int, int] | None:
    """The number that words spell: digits and exponent; None where they spell none."""
    if words[0] in ("a", "an") and (len(words) < 2 or words[1] not in _POWERS):
        return None
    total = group = 0
    halves = False
    for at, word in enumerate(words):
        if word in ("a", "an", "and"):
            group += word != "and" and at == 0
        elif word in _ONES:
            group += _ONES[word]
        elif word in _TENS:
            group += _TENS[word]
        elif word == "hundred":
            group = max(group, 1) * 100
        elif word == "half":
            halves = True
        elif word == "point":
            decimals = [w for w in words[at + 1 :] if w in _ONES]
            scale = sum(_POWERS[w] for w in words[at + 1 :] if w in _POWERS)
            if not decimals or any(_ONES[w] > 9 for w in decimals):
                return None
            tail = "".join(str(_ONES[w]) for w in decimals)
            return int(f"{total + group}{tail}"), scale - len(tail)
        elif halves:  # two and a half million
            return 10 * (total + group) + 5, _POWERS[word] - 1
        else:
            total += max(group, 1) * 10 ** _POWERS[word]
            group = 0
    return (10 * (total + group) + 5, -1) if halves else (total + group, 0)


def _fractions(text: str, begin: int, end: int) -> Iterator[Claim]:
    for found in _FRACTION.finditer(text, begin, end):
        if found["half"]:
            part, of = 1, 2
        elif found["part"]:
            part, of = _FEW[found["part"]], _PARTS[found["of"]]
        else:
            part, of = _FEW.get(found["few"], 0), _OF[found["many"].split()[-1]]
        if 0 < part < of:
            hedge = hedge_before(text, found.start())
            yield share(part, of, hedge, found.start(), found.end())


def share(part: int, of: int, hedge: Hedge, start: int, end: int) -> Claim:
    """A fraction as percentages, as wide as people take it: about a point to either side."""
    percent = 100 * part // of
    low = max(1, percent - (3 if hedge == "under" else 1))
    high = percent + (3 if hedge == "over" else 1)
    return Claim(low, 0, "fraction", start, end, True, "", high)


def hedge_before(text: str, start: int) -> Hedge:
    """What the words before a number say of it."""
    words = text[max(0, start - 30) : start].replace("(", " ").split()
    if not words:
        return ""
    last = words[-1]
    return HEDGES.get(last) or (TAILS.get(f"{words[-2]} {last}", "") if len(words) > 1 else "")

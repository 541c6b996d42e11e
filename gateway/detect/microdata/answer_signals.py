"""Signals of questionnaires: headers that ask, and cells that answer.

Each yields (name, strength between 0 and 1, sentence); the sentences name columns by letter and
kind only (law 8).
"""

from __future__ import annotations

import re
from typing import Iterator

from gateway.detect.microdata.column import Column, number
from gateway.detect.microdata.facts import Facts
from gateway.detect.microdata.languages import ANSWERS, SCALES
from gateway.detect.microdata.vocabulary import QUESTION_CODE, folded

Observation = tuple[str, float, str]

CLASSED = frozenset({"binary", "code", "category"})
_QUESTION = re.compile(
    r"(?i)\?|^(?:do|did|does|have|has|how|what|which|who|when|where|why|please|are|is|was|were|would|should|in your|on a scale|to what extent)\b.{12}|\b(?:open-ended )?response\b"
)
_SCALE = frozenset(
    """strongly agree|agree|somewhat agree|neither agree nor disagree|neutral|disagree|somewhat disagree|strongly disagree|very satisfied|satisfied|fairly satisfied|dissatisfied
    very dissatisfied|very likely|likely|unlikely|very unlikely|always|often|usually|sometimes|rarely|seldom|never|too little|about right|too much|excellent|very good|good|fair|poor|very poor
    not at all|a little|a lot|some|somewhat|very much|very important|important|not important|don't know|dont know|do not know|refused|prefer not to say|prefer not to answer|not applicable|no answer
    once a week|once a month|every day|daily|weekly|monthly|very favorably|somewhat favorably|very unfavorably|not sure|undecided|definitely|probably|mild|moderate|severe|none""".replace("\n", "|").split("|")
)  # fmt: skip
SCALE = frozenset(word.strip() for word in _SCALE | SCALES) - {""}
PERSON_WORDS = frozenset(
    """male female m f man woman men women boy girl boys girls married single divorced widowed separated cohabiting white black
    hispanic asian latino caucasian employed unemployed retired student homemaker fulltime parttime full-time
    part-time catholic protestant muslim jewish hindu graduate postgraduate bachelor masters phd
    alive dead deceased treated control placebo treatment employee smoker non-smoker""".split()
) | ANSWERS  # fmt: skip
_REFUSED = frozenset(
    {
        "refused",
        "don't know",
        "dont know",
        "dk",
        "not answered",
        "no answer",
        "prefer not to say",
        "not stated",
        "missing",
    }
)
_AMOUNT_STEM = re.compile(r"(?i)^(?:q|qu|question|var|v|box|item|cell)[ _.]?\d")


def _plain(value: str) -> str:
    value = value.strip().lower()
    return value if value.isascii() else folded(value)


def ramp(count: int, full: int) -> float:
    return min(1.0, count / full)


def counted(positions: list[int], noun: str) -> str:
    return f"{len(positions)} {noun}{'s' if len(positions) != 1 else ''}"


def question_signals(facts: Facts) -> Iterator[Observation]:
    asked = [
        p
        for p, c in facts.each
        if not c.measure and (_QUESTION.search(c.header) or _QUESTION.search(c.label))
    ]
    if asked:
        yield (
            "question-headers",
            ramp(len(asked), 3),
            f"{counted(asked, 'header')} ({facts.letters(asked)}) worded as questions or responses",
        )
    coded = [p for p, c in facts.each if QUESTION_CODE.match(c.header)]
    stems: dict[str, list[int]] = {}
    for p, c in facts.each:
        if c.words and c.words[-1].isdigit() and len(c.words) > 1:
            stems.setdefault(" ".join(c.words[:-1]), []).append(p)
    series = [p for run in stems.values() if len(run) >= 3 for p in run]
    numbered = sorted(set(coded) | set(series))
    classed = [p for p in numbered if facts.columns[p].kind in CLASSED]
    amounts = [p for p in numbered if _AMOUNT_STEM.match(facts.columns[p].header)]
    strong = classed if len(classed) >= 0.5 * len(numbered) else amounts
    if len(strong) >= 3:
        yield (
            "question-codes",
            ramp(len(strong), 5),
            f"{counted(strong, 'header')} ({facts.letters(strong)}) numbered like the questions of a form",
        )


def answer_signals(facts: Facts) -> Iterator[Observation]:
    rest = [(p, c) for p, c in facts.each if p not in facts.in_key or len(facts.key.columns) == 1]
    binary = [p for p, c in rest if c.kind == "binary"]
    if binary:
        yield (
            "yes-no-columns",
            ramp(len(binary), 4),
            f"{counted(binary, 'column')} ({facts.letters(binary)}) with two answers only",
        )
    classed = [p for p, c in rest if c.kind in CLASSED]
    if len(classed) >= 2 and facts.rows >= 5:
        share = len(classed) / max(1, len(facts.used))
        yield (
            "coded-columns",
            min(1.0, share / 0.6),
            f"{round(100 * share)} % of the columns ({facts.letters(classed)}) hold few different codes or answers",
        )
    rated = _rated(rest)
    if len(rated) >= 5:
        yield (
            "rating-columns",
            ramp(len(rated), 8),
            f"{counted(rated, 'column')} ({facts.letters(rated)}) of marks on one and the same short scale",
        )
    scale, person, missing, ticks = [], [], [], []
    for p, c in rest:
        if c.kind in ("binary", "category") or len(c.distinct) <= 12:
            lowered = {_plain(v) for v in c.distinct[:30]}
            if len(lowered & SCALE) >= 2:
                scale.append(p)
            if (
                len(lowered) <= 15
                and len(lowered & PERSON_WORDS) >= 2
                and 2 * len(lowered & PERSON_WORDS) >= len(lowered) - 1
            ):
                person.append(p)
            if lowered & _REFUSED or _coded_missing(c):
                missing.append(p)
            if (
                len(lowered) == 1
                and c.blank >= 0.05 * (c.filled + c.blank)
                and c.filled >= 3
                and not c.numeric
            ):
                ticks.append(p)
    if scale:
        yield (
            "answer-scale",
            ramp(len(scale), 2),
            f"{facts.say(scale, 'holds')} answers on a scale",
        )
    if person:
        yield (
            "person-answers",
            ramp(len(person), 2),
            f"{facts.say(person, 'says')} row by row what a person is",
        )
    if missing:
        yield (
            "missing-codes",
            ramp(len(missing), 2),
            f"{facts.say(missing, 'holds')} codes for refused or missing answers",
        )
    if len(ticks) >= 3:
        yield (
            "exclusive-ticks",
            ramp(len(ticks), 6),
            f"{counted(ticks, 'column')} ({facts.letters(ticks)}) ticked or left blank",
        )


def _rated(rest: list[tuple[int, Column]]) -> list[int]:
    """The columns whose whole numbers lie within the same few: 1 to 5, 0 to 10."""
    ranges: dict[int, list[int]] = {}
    for p, c in rest:
        if c.kind != "code" or not 3 <= len(c.distinct) <= 11 or c.filled < 10:
            continue
        values = [number(v) for v in c.distinct]
        known = [v for v in values if v is not None]
        if len(known) == len(values) and 0 <= min(known) <= 1 and max(known) <= 10:
            ranges.setdefault(round(max(known)), []).append(p)
    return max(ranges.values(), key=len, default=[])


def _coded_missing(column: Column) -> bool:
    """−1 … −9 or 99, 999 beside small codes."""
    if column.kind != "code":
        return False
    values = sorted(n for n in map(number, column.distinct) if n is not None)
    if len(values) < 3:
        return False
    negative = [v for v in values if v < 0]
    if negative:
        return all(v in (-1, -2, -3, -4, -5, -6, -7, -8, -9, -99, -999) for v in negative) and len(
            negative
        ) <= 3 < len(values)
    return (values[-1] in (99.0, 98.0, 999.0, 9999.0) and values[-2] < values[-1] / 2) or (
        values[-1] in (8.0, 9.0) and values[-2] <= 5
    )

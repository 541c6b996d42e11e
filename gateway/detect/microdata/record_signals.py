"""Signals that rows are units: identifiers, attributes of persons and firms, answers, repetition.

Each yields (name, strength between 0 and 1, sentence); the sentences name columns by letter and
kind only (law 8).
"""

from __future__ import annotations

import re
from typing import Iterator

from gateway.detect.microdata.column import Column, number
from gateway.detect.microdata.facts import Facts
from gateway.detect.microdata.vocabulary import QUESTION_CODE

Observation = tuple[str, float, str]

OF_UNITS = frozenset(
    """official-identifiers contact-identifiers personal-names birth-dates record-key person-attributes person-measures
    firm-attributes survey-weight follow-up question-headers question-codes answer-scale person-answers exclusive-ticks
    key-value-records unit-panel missing-codes""".split()
)
"""Signals that say what the rows are units *of*; the others only say that they are rows of units."""

CONTACT = frozenset({"e-mail address", "telephone number", "postcode"})
_CLASSED = frozenset({"binary", "code", "category"})
_QUESTION = re.compile(
    r"(?i)\?|^(?:do|did|does|have|has|how|what|which|who|when|where|why|please|are|is|was|were|would|should|in your|on a scale|to what extent)\b.{12}|\b(?:open-ended )?response\b"
)
_SCALE = frozenset(
    """strongly agree|agree|somewhat agree|neither agree nor disagree|neutral|disagree|somewhat disagree|strongly disagree|very satisfied|satisfied|fairly satisfied|dissatisfied
    very dissatisfied|very likely|likely|unlikely|very unlikely|always|often|usually|sometimes|rarely|seldom|never|too little|about right|too much|excellent|very good|good|fair|poor|very poor
    not at all|a little|a lot|some|somewhat|very much|very important|important|not important|don't know|dont know|do not know|refused|prefer not to say|prefer not to answer|not applicable|no answer
    once a week|once a month|every day|daily|weekly|monthly|very favorably|somewhat favorably|very unfavorably|not sure|undecided|definitely|probably|mild|moderate|severe|none""".replace("\n", "|").split("|")
)  # fmt: skip
SCALE = frozenset(word.strip() for word in _SCALE)
PERSON_WORDS = frozenset(
    """male female m f man woman men women boy girl boys girls married single divorced widowed separated cohabiting white black
    hispanic asian latino caucasian employed unemployed retired student homemaker fulltime parttime full-time
    part-time catholic protestant muslim jewish hindu graduate postgraduate bachelor masters phd
    alive dead deceased treated control placebo treatment employee smoker non-smoker""".split()
)  # fmt: skip
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


def record_signals(facts: Facts) -> Iterator[Observation]:
    """Everything that speaks for records."""
    yield from _identifiers(facts)
    yield from _attributes(facts)
    yield from _follow_up(facts)
    yield from _questions(facts)
    yield from _answers(facts)
    yield from _relations(facts)


def _identifiers(facts: Facts) -> Iterator[Observation]:
    found = {c.letter: (p, c) for p, c in facts.each() if c.identifier}
    official = [
        p
        for p, c in found.values()
        if c.identifier not in CONTACT | {"personal name", "date of birth"}
    ]
    contact = [
        p
        for p, c in found.values()
        if c.identifier in CONTACT and not c.groups & {"place", "measure"}
    ]
    names = [
        p
        for p, c in found.values()
        if c.identifier == "personal name" and not c.groups & {"place", "thing"}
    ]
    births = [p for p, c in found.values() if c.identifier == "date of birth"]
    if official:
        kinds = ", ".join(sorted({facts.columns[p].identifier or "" for p in official}))
        yield (
            "official-identifiers",
            1.0,
            f"column {facts.letters(official)} holds valid identifiers ({kinds})",
        )
    if contact:
        kinds = ", ".join(sorted({facts.columns[p].identifier or "" for p in contact}))
        yield (
            "contact-identifiers",
            min(1.0, 0.7 + 0.15 * len(contact)),
            f"column {facts.letters(contact)} holds contact details ({kinds})",
        )
    if names:
        yield (
            "personal-names",
            max(0.5, *(facts.columns[p].share for p in names)),
            f"column {facts.letters(names)} holds what look like personal names",
        )
    if births:
        yield "birth-dates", 1.0, f"column {facts.letters(births)} holds dates of birth"


def _attributes(facts: Facts) -> Iterator[Observation]:
    placed = any(
        facts.columns[p].groups & {"place"} or facts.columns[p].kind == "gss"
        for p in facts.key.columns
    )
    keys = [
        (p, c) for p, c in facts.each()
        if "key" in c.groups and not c.groups & {"place", "measure"} and c.kind in ("count", "label", "name", "text", "decimal")
    ]  # fmt: skip
    unique = [p for p, c in keys if c.share >= 0.95]
    again = [p for p, c in keys if 0.1 <= c.share < 0.95]
    if unique or (again and not placed):
        among_places = placed or any(
            "place" in c.groups and c.share >= 0.5 and c.kind == "label" for _, c in facts.each()
        )
        what = "a different value in every row" if unique else "a value that returns"
        yield (
            "record-key",
            (1.0 if unique else 0.8) * (0.3 if among_places else 1.0),
            f"column {facts.letters(unique or again)} is headed as a record key and has {what}",
        )
    crossed = facts.in_key if len(facts.key.columns) > 1 else frozenset()
    person = [
        p
        for p, c in facts.each()
        if "person" in c.groups and "measure" not in c.groups and p not in crossed
    ]
    attributes = [
        p
        for p in person
        if facts.columns[p].kind in _CLASSED | {"name", "label", "year", "date"}
        or _age(facts.columns[p])
    ]
    amounts = [p for p in person if facts.columns[p].measure and p not in attributes]
    if attributes:
        yield (
            "person-attributes",
            _ramp(len(attributes), 4),
            f"{_count(attributes, 'column')} ({facts.letters(attributes)}) headed and coded as attributes of persons or households",
        )
    if amounts:
        yield (
            "person-measures",
            _ramp(len(amounts), 3),
            f"{_count(amounts, 'column')} ({facts.letters(amounts)}) headed as amounts that persons have",
        )
    firm = [p for p, c in facts.each() if "firm" in c.groups and not c.groups & {"measure"}]
    if firm and not placed:
        yield (
            "firm-attributes",
            _ramp(len(firm), 4),
            f"{_count(firm, 'column')} ({facts.letters(firm)}) headed as attributes or accounts of firms",
        )
    weights = [
        p for p, c in facts.each()
        if {"wt", "wgt", "pweight", "finalwt", "finalweight", "grossing", "weight", "weights"} & set(c.words) and c.measure
    ]  # fmt: skip
    if weights and (len(attributes) >= 2 or keys):
        yield (
            "survey-weight",
            1.0,
            f"column {facts.letters(weights)} is headed as a weight beside attributes of units",
        )


def _age(column: Column) -> bool:
    return bool(
        {"age", "ages", "ageyrs", "kids", "children", "hours", "education", "educ", "schooling"}
        & set(column.words)
    ) and column.kind in ("count", "code", "decimal")


_DURATION = frozenset(
    {
        "time",
        "days",
        "months",
        "weeks",
        "futime",
        "survtime",
        "duration",
        "dtime",
        "lenfol",
        "survival",
        "ttodead",
        "week",
        "t",
    }
)
_EVENT = frozenset(
    {
        "status",
        "event",
        "death",
        "died",
        "dead",
        "fstat",
        "delta",
        "censor",
        "censored",
        "cens",
        "arrest",
        "relapse",
        "outcome",
        "d",
        "observed",
    }
)


def _follow_up(facts: Facts) -> Iterator[Observation]:
    """A duration beside an event indicator: the form in which patients are followed."""
    durations = [
        p for p, c in facts.each() if _DURATION & set(c.words) and c.numeric and c.kind != "year"
    ]
    events = [p for p, c in facts.each() if _EVENT & set(c.words) and c.kind in ("binary", "code")]
    if durations and events and facts.key.columns[:1] != tuple(durations[:1]):
        yield (
            "follow-up",
            1.0,
            f"column {facts.letters(durations)} and {facts.letters(events)} are a duration and an event, as units under observation have",
        )


def _questions(facts: Facts) -> Iterator[Observation]:
    asked = [
        p for p, c in facts.each() if c.header and _QUESTION.search(c.header) and not c.measure
    ]
    if asked:
        yield (
            "question-headers",
            _ramp(len(asked), 3),
            f"{_count(asked, 'header')} ({facts.letters(asked)}) worded as questions or responses",
        )
    coded = [p for p, c in facts.each() if QUESTION_CODE.match(c.header)]
    stems: dict[str, list[int]] = {}
    for p, c in facts.each():
        if c.words and c.words[-1].isdigit() and len(c.words) > 1:
            stems.setdefault(" ".join(c.words[:-1]), []).append(p)
    series = [p for run in stems.values() if len(run) >= 3 for p in run]
    numbered = sorted(set(coded) | set(series))
    classed = [p for p in numbered if facts.columns[p].kind in _CLASSED]
    amounts = [p for p in numbered if _AMOUNT_STEM.match(facts.columns[p].header)]
    strong = classed if len(classed) >= 0.5 * len(numbered) else amounts
    if len(strong) >= 3:
        yield (
            "question-codes",
            _ramp(len(strong), 5),
            f"{_count(strong, 'header')} ({facts.letters(strong)}) numbered like the questions of a form",
        )


def _answers(facts: Facts) -> Iterator[Observation]:
    rest = [(p, c) for p, c in facts.each() if p not in facts.in_key or len(facts.key.columns) == 1]
    binary = [p for p, c in rest if c.kind == "binary"]
    if binary:
        yield (
            "yes-no-columns",
            _ramp(len(binary), 4),
            f"{_count(binary, 'column')} ({facts.letters(binary)}) with two answers only",
        )
    classed = [p for p, c in rest if c.kind in _CLASSED]
    if len(classed) >= 2 and facts.rows >= 5:
        share = len(classed) / max(1, len(facts.used))
        yield (
            "coded-columns",
            min(1.0, share / 0.6),
            f"{round(100 * share)} % of the columns ({facts.letters(classed)}) hold few different codes or answers",
        )
    scale, person, missing, ticks = [], [], [], []
    for p, c in rest:
        if c.kind in ("binary", "category") or len(c.distinct) <= 12:
            lowered = {v.strip().lower() for v in c.distinct[:30]}
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
            _ramp(len(scale), 2),
            f"column {facts.letters(scale)} holds answers on a scale",
        )
    if person:
        yield (
            "person-answers",
            _ramp(len(person), 2),
            f"column {facts.letters(person)} says row by row what a person is",
        )
    if missing:
        yield (
            "missing-codes",
            _ramp(len(missing), 2),
            f"column {facts.letters(missing)} holds codes for refused or missing answers",
        )
    if len(ticks) >= 3:
        yield (
            "exclusive-ticks",
            _ramp(len(ticks), 6),
            f"{_count(ticks, 'column')} ({facts.letters(ticks)}) ticked or left blank",
        )


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


def _relations(facts: Facts) -> Iterator[Observation]:
    key, rows, columns = facts.key, facts.rows, len(facts.used)
    if key.repeats > 0.03 and rows >= 8:
        yield (
            "repeated-combinations",
            min(1.0, key.repeats / 0.3),
            f"{round(100 * key.repeats)} % of the rows repeat a combination of all categories ({facts.letters(sorted(key.candidates))}), as records do and cells of a table do not",
        )
    elif not key.columns and rows >= 8 and len(key.candidates) >= 3:
        yield (
            "no-small-key",
            1.0,
            "no four columns tell the rows apart, as the dimensions of a table would",
        )
    kinds = {
        "class"
        if c.kind in _CLASSED
        else "amount"
        if c.measure
        else "time"
        if c.kind in ("date", "year", "period")
        else "text"
        for _, c in facts.each()
    }
    if columns >= 8 and len(kinds) >= 3:
        yield (
            "wide-mixed",
            min(1.0, columns / 20),
            f"{columns} columns of {len(kinds)} different natures side by side",
        )
    if rows <= 80 and columns >= 20 and columns >= rows and len(kinds) >= 2:
        yield "few-rows-many-variables", 1.0, f"{columns} variables on only {rows} rows"
    if 2 <= columns <= 3 and rows >= 20:
        first = facts.columns[facts.used[0]]
        second = facts.columns[facts.used[1]]
        labels = sum(1 for v in first.distinct if v.rstrip().endswith((":", "=")))
        if (
            first.kind == "category"
            and second.kind in ("label", "text", "mixed", "name")
            and len(first.distinct) >= 3
            and labels >= 2
        ):
            yield (
                "key-value-records",
                1.0,
                f"column {first.letter} repeats the same field names, column {second.letter} holds their contents",
            )
    if len(key.columns) >= 2:
        units = [
            p
            for p in key.columns
            if facts.columns[p].groups & {"firm", "key"} and not facts.columns[p].groups & {"place"}
        ]
        if units:
            yield (
                "unit-panel",
                1.0,
                f"column {facts.letters(units)} names a unit that returns over column {facts.letters([p for p in key.columns if p not in units])}",
            )
    if facts.layout.header_rows == 0 and columns >= 4 and {"class", "amount"} <= kinds:
        yield "headerless-records", 1.0, "no header row above columns of different natures"


def _ramp(count: int, full: int) -> float:
    return min(1.0, count / full)


def _count(positions: list[int], noun: str) -> str:
    return f"{len(positions)} {noun}{'s' if len(positions) != 1 else ''}"

"""Signals that rows are units: identifiers, attributes of persons and firms, answers, repetition.

Each yields (name, strength between 0 and 1, sentence); the sentences name columns by letter and
kind only (law 8).
"""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from typing import Iterator

from gateway.detect.microdata.answer_signals import (
    CLASSED,
    Observation,
    answer_signals,
    counted,
    question_signals,
    ramp,
)
from gateway.detect.microdata.column import Column, coded, in_order, keys_persons, stamped
from gateway.detect.microdata.facts import Facts
from gateway.detect.microdata.vocabulary import REPLICATE_WEIGHT, names_category

OF_UNITS = frozenset(
    """official-identifiers contact-identifiers personal-names birth-dates record-key person-attributes person-measures
    firm-attributes survey-weight follow-up question-headers question-codes answer-scale person-answers exclusive-ticks
    rating-columns key-value-records pseudonyms unit-panel missing-codes""".split()
)
"""Signals that say what the rows are units *of*; the others only say that they are rows of units."""

CONTACT = frozenset({"e-mail address", "telephone number", "postcode"})
_WORKS = frozenset({"film", "films", "movie", "movies", "imdb", "album", "song", "runtime", "isbn"})
_YEARS_LIVED = frozenset(
    {"age", "ages", "ageyrs", "kids", "children", "hours", "education", "educ", "schooling"}
)


def record_signals(facts: Facts) -> Iterator[Observation]:
    """Everything that speaks for records."""
    yield from _identifiers(facts)
    yield from _attributes(facts)
    yield from _follow_up(facts)
    yield from question_signals(facts)
    yield from answer_signals(facts)
    yield from _relations(facts)


def _identifiers(facts: Facts) -> Iterator[Observation]:
    found = {c.letter: (p, c) for p, c in facts.each if c.identifier}
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
    if _WORKS & {word for _, c in facts.each for word in c.words}:
        names = []  # the credits of films, books and songs
    births = [p for p, c in found.values() if c.identifier == "date of birth"]
    if official:
        kinds = ", ".join(sorted({facts.columns[p].identifier or "" for p in official}))
        yield (
            "official-identifiers",
            1.0,
            f"{facts.say(official, 'holds')} valid identifiers ({kinds})",
        )
    if contact:
        kinds = ", ".join(sorted({facts.columns[p].identifier or "" for p in contact}))
        yield (
            "contact-identifiers",
            min(1.0, 0.7 + 0.15 * len(contact)),
            f"{facts.say(contact, 'holds')} contact details ({kinds})",
        )
    if names:
        yield (
            "personal-names",
            max(0.5, *(facts.columns[p].share for p in names)),
            f"{facts.say(names, 'holds')} what look like personal names",
        )
    if births:
        yield "birth-dates", 1.0, f"{facts.say(births, 'holds')} dates of birth"


def _attributes(facts: Facts) -> Iterator[Observation]:
    placed = any(
        facts.columns[p].groups & {"place"} or facts.columns[p].kind == "gss"
        for p in facts.key.columns
    )
    keys = [
        (p, c) for p, c in facts.each
        if (("key" in c.groups and not c.groups & {"place", "measure"}) or keys_persons(c)) and c.kind in ("count", "label", "name", "text")
    ]  # fmt: skip
    unique = [p for p, c in keys if c.share >= 0.95]
    again = [p for p, c in keys if 0.1 <= c.share < 0.95]
    if unique or (again and not placed):
        among_places = not any(keys_persons(c) for _, c in keys) and (
            placed
            or any(
                "place" in c.groups and c.share >= 0.5 and c.kind == "label" for _, c in facts.each
            )
        )
        what = "a different value in every row" if unique else "a value that returns"
        yield (
            "record-key",
            (1.0 if unique else 0.8) * (0.3 if among_places or len(unique) > 2 else 1.0),
            f"{facts.say(unique or again, 'is')} headed as a record key, with {what}",
        )
    crossed = facts.in_key if len(facts.key.columns) > 1 else frozenset()
    person = [
        p
        for p, c in facts.each
        if "person" in c.groups and "measure" not in c.groups and p not in crossed
    ]
    attributes = [
        p
        for p in person
        if facts.columns[p].kind in CLASSED | {"name", "label", "year", "date"}
        or _age(facts.columns[p])
    ]
    amounts = [
        p
        for p in person
        if facts.columns[p].measure
        and p not in attributes
        and not names_category(facts.columns[p].header, facts.columns[p].words)
    ]
    if attributes:
        yield (
            "person-attributes",
            ramp(len(attributes), 4),
            f"{counted(attributes, 'column')} ({facts.letters(attributes)}) headed and coded as attributes of persons or households",
        )
    if amounts:
        yield (
            "person-measures",
            ramp(len(amounts), 3),
            f"{counted(amounts, 'column')} ({facts.letters(amounts)}) headed as amounts that persons have",
        )
    firm = [p for p, c in facts.each if "firm" in c.groups and not c.groups & {"measure"}]
    if firm and not placed:
        yield (
            "firm-attributes",
            ramp(len(firm), 4),
            f"{counted(firm, 'column')} ({facts.letters(firm)}) headed as attributes or accounts of firms",
        )
    weights = [
        p for p, c in facts.each
        if {"wt", "wgt", "fnlwgt", "perwt", "hhwt", "pweight", "finalwt", "finalweight", "grossing", "weight", "weights"} & set(c.words) and c.measure
    ]  # fmt: skip
    replicates = [p for p, c in facts.each if c.measure and REPLICATE_WEIGHT.match(c.header)]
    if len(replicates) >= 10:
        yield (
            "survey-weight",
            2.0,
            f"{counted(replicates, 'column')} ({facts.letters(replicates)}) of replicate weights, which only survey records have",
        )
    elif weights and (len(attributes) >= 2 or keys):
        yield (
            "survey-weight",
            1.0,
            f"{facts.say(weights, 'is')} headed as a weight beside attributes of units",
        )


def _age(column: Column) -> bool:
    named = not _YEARS_LIVED.isdisjoint(column.words)
    return named and (
        column.kind in ("count", "code") or (column.kind == "decimal" and len(column.words) <= 2)
    )


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
        p for p, c in facts.each if _DURATION & set(c.words) and c.numeric and c.kind != "year"
    ]
    events = [p for p, c in facts.each if _EVENT & set(c.words) and c.kind in ("binary", "code")]
    if durations and events and facts.key.columns[:1] != tuple(durations[:1]):
        yield (
            "follow-up",
            1.0,
            f"column {facts.letters(durations)} and {facts.letters(events)} are a duration and an event, as units under observation have",
        )


def _relations(facts: Facts) -> Iterator[Observation]:
    key, rows, columns = facts.key, facts.rows, len(facts.used)
    if key.repeats > 0.03 and rows >= 8:
        yield (
            "repeated-combinations" if len(key.candidates) > 1 else "repeated-category",
            min(1.0, key.repeats / 0.3) * ramp(rows, 12),
            f"{round(100 * key.repeats)} % of the rows repeat a combination of all categories ({facts.letters(sorted(key.candidates))}), as records do and cells of a table do not",
        )
    elif not key.columns and rows >= 8 and len(key.candidates) >= 3:
        yield (
            "no-small-key",
            1.0,
            "no few columns tell the rows apart, as the dimensions of a table would",
        )
    if not key.columns and len(key.candidates) >= 3 and rows >= 12:
        share = _uniques(facts)
        if share >= 0.05:
            yield (
                "sample-uniques",
                min(1.0, share / 0.25),
                f"{round(100 * share)} % of the rows are the only ones with their combination of column {facts.letters(sorted(key.candidates)[:4])}: enough to find a unit again",
            )
    kinds = {
        "class"
        if c.kind in CLASSED
        else "amount"
        if c.measure
        else "time"
        if c.kind in ("date", "year", "period")
        else "text"
        for _, c in facts.each
    }
    if columns >= 8 and len(kinds) >= 3 and rows >= 5:
        yield (
            "wide-mixed",
            min(1.0, columns / 20),
            f"{columns} columns of {len(kinds)} different natures side by side",
        )
    if (
        rows <= 80
        and columns >= 20
        and columns >= rows
        and len(kinds) >= 2
        and facts.layout.header_rows
    ):
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
        placed = [p for p in key.columns if facts.columns[p].groups & {"place"}]
        firms = [p for p, c in facts.each if "firm" in c.groups]
        units = [
            p
            for p in key.columns
            if p not in placed
            and (
                facts.columns[p].groups & {"firm", "key"}
                or (len(firms) >= 2 and not placed and facts.columns[p].kind == "count")
            )
        ]
        if units:
            yield (
                "unit-panel",
                1.0,
                f"{facts.say(units, 'names')} a unit that returns over column {facts.letters([p for p in key.columns if p not in units])}",
            )
    dated = [
        p
        for p, c in facts.each
        if c.kind == "date" and p not in key.columns and c.share > 0.05 and not in_order(c.distinct)
    ]
    if dated and rows >= 8:
        yield (
            "event-dates",
            1.0,
            f"{facts.say(dated, 'holds')} days in no order, as events have",
        )
    entered = [p for p, c in facts.each if stamped(c)]
    if entered and not dated and rows >= 5:
        yield (
            "event-dates",
            1.0,
            f"{facts.say(entered, 'holds')} moments to the second, as entries and answers have",
        )
    pseudonyms = [
        p
        for p, c in facts.each
        if c.kind == "label"
        and c.share >= 0.9
        and not c.groups & {"place", "thing", "time"}
        and coded(c)
    ]
    if pseudonyms and not any("place" in c.groups and c.share >= 0.5 for _, c in facts.each):
        yield (
            "pseudonyms",
            1.0,
            f"{facts.say(pseudonyms, 'holds')} a different code of one length in every row",
        )
    if (
        facts.layout.header_rows == 0
        and columns >= 4
        and rows >= 10
        and {"class", "amount"} <= kinds
    ):
        yield "headerless-records", 1.0, "no header row above columns of different natures"


def _uniques(facts: Facts) -> float:
    """The share of rows that nobody shares the values of up to four categories with."""
    chosen = sorted(facts.key.candidates)[:4]
    rows = facts.sample[:250]
    seen = Counter(map(itemgetter(*chosen), rows))
    return sum(1 for times in seen.values() if times == 1) / max(1, len(rows))

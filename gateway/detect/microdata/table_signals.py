"""Signals that rows are cells of a statistical table, or not about units at all.

Each yields (name, strength between 0 and 1, sentence); the sentences name columns by letter and
kind only (law 8).
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from math import prod
from typing import Iterator, Sequence

from gateway.detect.microdata.answer_signals import Observation, counted
from gateway.detect.microdata.column import (
    Column,
    coded,
    in_order,
    keys_persons,
    number,
    stamped,
)
from gateway.detect.microdata.facts import Facts
from gateway.detect.microdata.structure import (
    SUMMED,
    counts_upwards,
    rounding_base,
    rows_add_up,
    sums_hold,
    total_labels,
)
from gateway.detect.microdata.vocabulary import REPLICATE_WEIGHT, names_category
from gateway.detect.microdata.work_list import work_list

_TIME_KINDS = frozenset({"year", "period", "date"})
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_TIME_HEADER = re.compile(
    rf"(?i)^(?:\D{{0,16}}\b)?(?:X?(?:1[89]|20)\d\d(?:[ /-]?\d{{2,4}})?(?:\D{{0,3}}Q[1-4])?|Q[1-4]\b\D{{0,3}}(?:(?:19|20)\d\d)?"
    rf"|{_MONTH}[ -]?(?:\d\d|\d{{4}})?)(?:[ *\[(].{{0,8}})?$"
)
_BARE_Q = re.compile(r"(?i)q ?[1-4]$")
_LATER_QUESTION = re.compile(r"(?i)q ?(?:[05-9]|[1-9]\d)[a-z]?$")
_STEPS = frozenset(
    {"age", "hour", "week", "day", "month", "rank", "decile", "percentile", "quintile", "band"}
)
_BAND = re.compile(r"\d{1,3} ?(?:[-–+]|to\b)")
_RUNNING = re.compile(r"^\D{0,6}\d{1,3}\+?$")
_FREQUENCY = frozenset(
    "freq frequency count counts n number value values obs total population pop percent percentage pct rate estimate persons people".split()
) | {"obs value"}
_TALLIES = frozenset({"freq", "frequency", "frequencies", "count", "counts"})
_PERCENT_WORDS = frozenset(
    {
        "percent",
        "percentage",
        "pct",
        "share",
        "rate",
        "proportion",
        "ratio",
        "index",
        "average",
        "mean",
        "median",
    }
)


def table_signals(facts: Facts) -> Iterator[Observation]:
    """Everything that speaks against records."""
    yield from _axes(facts)
    yield from _every_combination(facts)
    yield from _headers(facts)
    yield from _sums(facts)
    yield from _marks(facts)
    yield from _neither(facts)


def _axes(facts: Facts) -> Iterator[Observation]:
    key = facts.key
    members = [facts.columns[p] for p in key.columns]
    unit = any(
        (c.groups & {"firm", "key"} and not c.groups & {"place"}) or c.kind == "name"
        for c in members
    )
    placed = [
        p
        for p in key.columns
        if (facts.columns[p].kind == "gss" or "place" in facts.columns[p].groups)
        and not keys_persons(facts.columns[p])
    ]
    timed = [
        p
        for p in key.columns
        if facts.columns[p].kind in _TIME_KINDS or "time" in facts.columns[p].groups
    ]
    if len(key.columns) >= 2 and not unit:
        of_persons = any(keys_persons(c) for _, c in facts.each)
        keyed = of_persons or any(
            "key" in c.groups and c.share >= 0.95 and c.kind == "count" for _, c in facts.each
        )
        # Under chance about rows × completeness / 2 rows would collide: none did.
        surprise = min(1.0, facts.rows * key.completeness / 8)
        if key.completeness >= 0.15 and facts.rows >= 4:
            yield (
                "crossed-grid",
                min(1.0, key.completeness / 0.6) * surprise * (0.3 if keyed else 1.0),
                f"columns {facts.letters(key.columns)} cross: each combination stands once, and {round(100 * key.completeness)} % of all combinations are there",
            )
        if placed and timed and not of_persons:
            yield (
                "place-and-time",
                1.0,
                f"each row is one place (column {facts.letters(placed)}) at one time (column {facts.letters(timed)})",
            )
    steps = [
        c
        for c in (facts.columns[p] for p in facts.used[:2])
        if _STEPS & set(c.words)
        and (counts_upwards(c.distinct[:50]) or (c.share == 1.0 and _evenly(c.distinct[:50])))
    ]
    if not key.columns and steps:
        yield (
            "running-axis",
            1.0,
            f"column {steps[0].letter} runs through ages, hours or ranks, one a row",
        )
    elif not key.columns and facts.rows >= 12:
        steady = [
            p for p, c in facts.each
            if "time" in c.groups and c.measure and c.share == 1.0 and _evenly(c.distinct[:40])
        ]  # fmt: skip
        if steady:
            yield (
                "time-key",
                1.0,
                f"column {facts.letters(steady)} runs through time in equal steps",
            )
    if len(key.columns) == 1 and facts.rows >= 4:
        column = members[0]
        if stamped(column) or (column.kind == "date" and not in_order(column.distinct)):
            pass  # entries and events, not points of a series
        elif timed and column.kind != "label":
            yield "time-key", 1.0, f"each row is one point in time (column {column.letter})"
        elif placed:
            yield "place-key", 1.0, f"each row is one place (column {column.letter})"
        elif (
            column.kind in ("label", "category", "mixed")
            and not unit
            and ("person" not in column.groups or _banded(column))
            and not coded(column)
        ):
            measures = sum(1 for _, c in facts.each if c.measure)
            if measures >= 0.5 * (len(facts.used) - 1):
                yield (
                    "label-key",
                    1.0,
                    f"each row is one label (column {column.letter}) with quantities beside it",
                )
    headed = [
        p
        for p, c in facts.each
        if c.header and len(c.header) <= 40 and c.numeric and _TIME_HEADER.match(c.header)
    ]
    if any(_LATER_QUESTION.match(c.header) for _, c in facts.each):
        # Q5 is no quarter, so Q1 to Q4 beside it are none either.
        headed = [p for p in headed if not _BARE_Q.match(facts.columns[p].header)]
    running = [
        p
        for p, c in facts.each
        if c.measure and _RUNNING.match(c.header) and not REPLICATE_WEIGHT.match(c.header)
    ]
    # Numbers of an axis belong to one stem; those of waves and items to several.
    stems = Counter(facts.columns[p].header.rstrip("0123456789+") for p in running)
    if stems and max(stems.values()) < 0.7 * len(running):
        running = []
    if len(headed) >= 3:
        yield (
            "time-axis-headers",
            min(1.0, len(headed) / 4),
            f"{counted(headed, 'column')} ({facts.letters(headed)}) headed by points in time",
        )
    elif len(running) >= 8 and len(running) >= 0.5 * len(facts.used):
        yield (
            "time-axis-headers",
            0.8,
            f"{counted(running, 'quantity column')} ({facts.letters(running)}) headed by a running number, such as single years of age",
        )


def _banded(column: Column) -> bool:
    """Bands such as 25-29 and 85+, one a row."""
    return sum(map(bool, map(_BAND.match, column.distinct))) >= 0.8 * len(column.distinct)


def _evenly(values: Sequence[str]) -> bool:
    """Numbers in equal steps upwards, as days or months counted from a fixed one are."""
    known = [value for value in map(number, values) if value is not None]
    if len(known) < len(values) or len(known) < 8:
        return False
    step = (known[-1] - known[0]) / (len(known) - 1)
    return step > 0 and all(abs(b - a - step) <= 0.15 * step for a, b in pairwise(known))


def _every_combination(facts: Facts) -> Iterator[Observation]:
    """One quantity for each of all combinations of the other columns, however many these are."""
    if facts.key.columns or not 4 <= len(facts.used) <= 12 or facts.rows > len(facts.sample):
        return
    across = list(zip(*facts.sample, strict=True))
    sizes = {p: len(set(across[p])) for p in facts.used}
    for quantity in facts.used:
        if not facts.columns[quantity].numeric:
            continue
        dimensions = [p for p in facts.used if p != quantity]
        possible = prod(sizes[p] for p in dimensions)
        if not 0.97 * possible <= len(facts.sample) <= possible:
            continue
        if len(set(zip(*(across[p] for p in dimensions), strict=True))) == len(facts.sample):
            yield (
                "crossed-grid",
                1.0,
                f"column {facts.columns[quantity].letter} is one value for each combination of all other columns",
            )
            return


def _headers(facts: Facts) -> Iterator[Observation]:
    measured = [
        p for p, c in facts.each if c.numeric and ("measure" in c.groups or "%" in c.header)
    ]
    candidates = [p for p, c in facts.each if p not in facts.in_key]
    if measured and candidates:
        share = len(measured) / len(candidates)
        yield (
            "measure-headers",
            min(1.0, share / 0.5),
            f"{counted(measured, 'column')} ({facts.letters(measured)}) headed as totals, rates, averages or populations",
        )
    heads = [p for p, c in facts.each if c.measure and names_category(c.header, c.words)]
    if len(heads) >= 2:
        yield (
            "category-heads",
            min(1.0, len(heads) / 4),
            f"{counted(heads, 'quantity column')} ({facts.letters(heads)}) headed by categories of persons",
        )
    single = [
        p
        for p, c in facts.each
        if c.numeric and " ".join(c.words) in _FREQUENCY and p not in facts.in_key
    ]
    of_units = any(
        c.kind == "label" and (coded(c) or c.groups & {"firm", "key"}) and not c.groups & {"place"}
        for c in (facts.columns[p] for p in facts.key.columns)
    )
    if len(single) == 1 and not of_units and facts.key.repeats <= 0.03 and len(facts.used) >= 2:
        dims = [p for p, c in facts.each if p not in single and not c.measure]
        if len(dims) >= len(facts.used) - 2:
            yield (
                "frequency-column",
                1.0,
                f"{facts.say(single, 'is')} a count or value for the combination of the others",
            )
    elif len(single) == 1 and _tally(facts, single[0]):
        yield (
            "frequency-column",
            1.0,
            f"{facts.say(single, 'is')} the frequency of each combination of the others",
        )
    percent = [
        p for p, c in facts.each
        if c.percent or (c.kind == "decimal" and ("%" in c.header or _PERCENT_WORDS & set(c.words)))
    ]  # fmt: skip
    if percent:
        yield (
            "percentages",
            min(1.0, 2 * len(percent) / len(facts.used)),
            f"{facts.say(percent, 'holds')} percentages, rates or averages",
        )


def _tally(facts: Facts, quantity: int) -> bool:
    """A frequency beside numbers that return by themselves and never together: a grid of classes."""
    others = [(p, c) for p, c in facts.each if p != quantity]
    if not _TALLIES & set(facts.columns[quantity].words) or len(others) < 2:
        return False
    if any(c.share > 0.5 for _, c in others):
        return False
    across = list(zip(*facts.sample, strict=True))
    together = set(zip(*(across[p] for p, _ in others), strict=True))
    return len(together) >= 0.97 * len(facts.sample)


def _sums(facts: Facts) -> Iterator[Observation]:
    labels = total_labels(facts.columns, facts.sample)
    if labels:
        yield (
            "total-labels",
            1.0,
            f"{facts.say(labels, 'has')} rows labelled as totals or whole countries",
        )
    # A sample of a long table adds up to nothing.
    held = sums_hold(facts.columns, facts.sample) if facts.rows <= SUMMED else 0
    if held:
        yield "sums-hold", min(1.0, held / 2), f"in {held} columns one row is the sum of the others"
    if rows_add_up(facts.columns, facts.sample):
        yield (
            "row-sums-hold",
            1.0,
            "a column headed as a total is the sum of its neighbours in every row",
        )


def _marks(facts: Facts) -> Iterator[Observation]:
    short = [p for p, c in facts.each if c.shorthand]
    suppressed = [p for p, c in facts.each if c.suppressed and c.measure]
    if short:
        yield (
            "shorthand",
            min(1.0, 0.3 + len(short) / max(1, sum(c.measure for _, c in facts.each))),
            f"{facts.say(short, 'uses')} the shorthand of statistical releases, such as [c]",
        )
    elif len(suppressed) >= 2:
        yield (
            "shorthand",
            0.4,
            f"{facts.say(suppressed, 'marks')} suppressed or unavailable values",
        )
    base = rounding_base([c for _, c in facts.each])
    if base > 1:
        yield (
            "rounded-counts",
            1.0 if base in (5, 10) else 0.6,
            f"all larger counts are multiples of {base}",
        )
    grouped = [p for p, c in facts.each if c.grouped and not c.money]
    if grouped:
        yield (
            "grouped-thousands",
            1.0,
            f"{facts.say(grouped, 'writes')} thousands with separators, as tables for readers do",
        )
    layout = facts.layout
    strength = min(1.0, 0.5 * layout.titles + 0.5 * min(layout.notes, 1))
    if strength:
        yield (
            "titles-and-notes",
            strength,
            f"{layout.titles} title rows above and {layout.notes} note rows below the table",
        )


def _neither(facts: Facts) -> Iterator[Observation]:
    things = [p for p, c in facts.each if "thing" in c.groups and not c.groups & {"person", "firm"}]
    human = [p for p, c in facts.each if c.groups & {"person", "firm"} or c.identifier]
    if len(things) > len(human):
        share = (len(things) - len(human)) / len(facts.used)
        yield (
            "things",
            min(1.0, share / 0.4),
            f"{counted(things, 'column')} ({facts.letters(things)}) headed as properties of things, products or nature",
        )
    yield from work_list(facts)
    numbers = [p for p, c in facts.each if c.measure]
    texts = [p for p, c in facts.each if c.kind in ("text", "label")]
    listed = any(c.share >= 0.95 for p, c in facts.each if c.kind in ("label", "count", "text"))
    if (
        texts
        and listed
        and not human
        and not _field_names(facts)
        and len(numbers) <= 1
        and len(texts) + len(numbers) >= 0.5 * len(facts.used)
    ):
        yield (
            "code-list",
            1.0,
            f"codes and texts (column {facts.letters(texts)}) without quantities, like a classification",
        )
    long = [
        p
        for p, c in facts.each
        if c.kind == "text" and sum(map(len, c.distinct)) > 70 * len(c.distinct)
    ]
    if long:
        yield "long-texts", 1.0, f"{facts.say(long, 'holds')} sentences"


def _field_names(facts: Facts) -> bool:
    """The first column repeats a few words that end in a colon."""
    first = facts.columns[facts.used[0]]
    return first.kind == "category" and any(v.rstrip().endswith((":", "=")) for v in first.distinct)

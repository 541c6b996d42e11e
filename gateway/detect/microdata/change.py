"""What would change a verdict: the fewest strongest signals without which it would be another.

Sentences name signals by kind only, never headers or values (law 8). They describe the judge's own
margins; leaving out columns does not by itself make records anonymous, and the sentences say so.
"""

from __future__ import annotations

from typing import Final, Mapping, Sequence

from gateway.detect.microdata.verdict import Signal, TableVerdictName
from gateway.detect.microdata.weights import Weights

CLOSE = 1.0
MOST = 4
FEW = 2

PHRASES: Final[Mapping[str, str]] = {
    "official-identifiers": "columns of valid identifiers",
    "contact-identifiers": "contact details",
    "personal-names": "personal names",
    "birth-dates": "dates of birth",
    "record-key": "a record key",
    "person-attributes": "attributes of persons or households",
    "person-measures": "amounts that persons have",
    "firm-attributes": "attributes of firms",
    "survey-weight": "a weight",
    "follow-up": "durations and events of units under observation",
    "question-headers": "headers worded as questions",
    "question-codes": "question codes as headers",
    "yes-no-columns": "yes-or-no columns",
    "coded-columns": "columns of codes",
    "answer-scale": "answers on a scale",
    "rating-columns": "marks on one scale",
    "missing-codes": "codes for missing answers",
    "exclusive-ticks": "ticked boxes",
    "person-answers": "what a person is, row by row",
    "repeated-combinations": "rows that repeat the same categories",
    "repeated-category": "rows that repeat the same category",
    "sample-uniques": "rows with a combination of their own",
    "no-small-key": "rows that no few columns tell apart",
    "wide-mixed": "many columns of different natures",
    "few-rows-many-variables": "many variables on few rows",
    "key-value-records": "records stacked as names and contents",
    "unit-panel": "units that return over time",
    "event-dates": "days in no order",
    "pseudonyms": "a pseudonym in every row",
    "headerless-records": "columns without names",
    "statistical-file": "a file of a statistics program",
    "value-labels": "value labels",
    "crossed-grid": "dimensions that cross",
    "time-axis-headers": "columns headed by points in time",
    "time-key": "one point in time a row",
    "place-key": "one place a row",
    "running-axis": "a running axis",
    "label-key": "one label a row",
    "place-and-time": "one place at one time a row",
    "measure-headers": "headers of totals, rates or averages",
    "total-labels": "rows labelled as totals",
    "sums-hold": "sums that hold",
    "row-sums-hold": "totals of neighbouring columns",
    "shorthand": "the shorthand of releases",
    "rounded-counts": "rounded counts",
    "grouped-thousands": "separated thousands",
    "percentages": "percentages",
    "titles-and-notes": "titles and notes",
    "separate-blocks": "blocks that are tables by themselves",
    "category-heads": "columns headed by categories of persons",
    "frequency-column": "a column of counts",
    "nothing-about-units": "the absence of anything about persons, households or firms",
    "things": "properties of things",
    "work-list": "columns headed as those of tasks, tests or logs",
    "code-list": "codes and texts without quantities",
    "long-texts": "sentences in cells",
}
"""Signals as a statistician would name them."""

_DIRECT = frozenset(
    {"official-identifiers", "contact-identifiers", "personal-names", "birth-dates"}
)


def changes(
    verdict: TableVerdictName, score: float, signals: Sequence[Signal], weights: Weights
) -> tuple[str, ...]:
    """A few sentences on what would turn the verdict."""
    for_records = [s for s in signals if s.weight > 0]
    against = [s for s in signals if s.weight < 0]
    if verdict == "microdata":
        return tuple(_from_microdata(score, for_records, weights))
    if verdict == "unsure":
        return tuple(_from_unsure(score, for_records, against, weights))
    if verdict == "aggregate":
        return tuple(_from_aggregate(score, against, weights))
    return ()


def _from_microdata(score: float, for_records: list[Signal], weights: Weights) -> list[str]:
    said = []
    needed = _needed(for_records, score - weights.aggregate)
    less = _needed(for_records, score - weights.microdata + 0.01)
    if len(less) > FEW:
        less = []
    if needed:
        said.append(f"it would be a table of figures without {_listed(needed)}")
    elif not less:
        said.append(
            "leaving out one or two columns would not change this: many signs speak for records"
            if len(for_records) > MOST
            else f"it would stay microdata without {_listed(for_records[:1])}"
        )
    if any(s.name in _DIRECT for s in for_records):
        said.append("leaving out the identifying columns alone does not make records anonymous")
    said.append(
        "what may leave instead: counts or sums over the categories, checked for small cells"
    )
    if less:
        close = "a close call: " if score - weights.microdata < CLOSE else ""
        said.append(f"{close}without {_listed(less)} it would be unsure")
    return said


def _from_unsure(
    score: float, for_records: list[Signal], against: list[Signal], weights: Weights
) -> list[str]:
    up, down = weights.microdata - score, score - weights.aggregate
    said = [
        "a close call: one more sign that rows are units, such as a key, a name or answers of "
        f"persons, worth {up:.1f}, would make it microdata"
    ]
    needed = _needed(for_records, down)
    if needed:
        said.append(f"it would be a table of figures without {_listed(needed)}")
    needed = _needed(against, up)
    if needed:
        said.append(f"it would be microdata but for {_listed(needed)}")
    return said


def _from_aggregate(score: float, against: list[Signal], weights: Weights) -> list[str]:
    needed = _needed(against, weights.microdata - score)
    if not needed:
        return []
    said = [f"it would be microdata but for {_listed(needed)}"]
    if weights.aggregate - score < CLOSE:
        first = _needed(against, weights.aggregate - score + 0.01) or against[:1]
        said.append(f"a close call: without {_listed(first)} it would be unsure")
    return said


def _needed(signals: Sequence[Signal], margin: float) -> list[Signal]:
    """The fewest strongest whose weights together reach `margin`; none where `MOST` do not."""
    ranked = sorted(signals, key=lambda signal: -abs(signal.weight))[:MOST]
    taken: list[Signal] = []
    for signal in ranked:
        taken.append(signal)
        margin -= abs(signal.weight)
        if margin <= 0:
            return taken
    return []


def _listed(signals: Sequence[Signal]) -> str:
    """ "a, b and c"."""
    names = [PHRASES[signal.name] for signal in signals]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

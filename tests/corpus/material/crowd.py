"""Other releases of the same week, with thousands of random figures: nothing of them is in a letter.

What is recognised must not depend on how much else is registered, and neither may false alarms.
"""

from __future__ import annotations

import random

from corpus.material.files import csv_file
from corpus.material.packs import Pack

_AREAS = (
    "North East,North West,Yorkshire and The Humber,East Midlands,West Midlands,East of England,"
    "London,South East,South West,Wales,Scotland,Northern Ireland"
).split(",")
_SUBJECTS = (
    "Births,Deaths,Divorces,Road casualties,Rail passengers,Bus journeys,Dental treatments,"
    "Prescriptions,Apprenticeships,Benefit claims,Tax receipts,Court cases,Prison population,"
    "Reoffending,Electricity,Gas,Recycling,Air quality,Forestry,Fishing,Insolvencies,Retail sales,"
    "Tourism,Museums,Libraries,Broadband,Research,Patents"
).split(",")
_MEASURES = ("number", "rate (%)", "change on year (%)", "per 1000 people", "cost (£ million)")
_YEARS = range(2014, 2027)


def crowd(releases: int) -> tuple[Pack, ...]:
    """That many releases of two tables, 780 figures each."""
    return tuple(_pack(number) for number in range(releases))


def _pack(number: int) -> Pack:
    subject = _SUBJECTS[number % len(_SUBJECTS)]
    source = random.Random(number)
    files = tuple((f"{subject}-{table}.csv", _table(subject, source)) for table in (1, 2))
    return Pack(f"other-{number}", f"{subject}: annual statistics, part {number}", False, files, ())


def _table(subject: str, source: random.Random) -> bytes:
    rows = [["Area", "Year", *(f"{subject} {measure}" for measure in _MEASURES)]]
    rows += [[area, str(year), *_figures(source)] for year in _YEARS for area in _AREAS]
    return csv_file(rows)


def _figures(source: random.Random) -> list[str]:
    """Sizes as they are in tables: leading digits by Benford's law, rates with one decimal."""
    return [
        str(int(10 ** source.uniform(3, 6.3))), f"{source.uniform(1, 95):.1f}",
        f"{source.gauss(1, 4):.1f}", f"{source.uniform(1, 60):.1f}",
        str(int(10 ** source.uniform(1.5, 4.5))),
    ]  # fmt: skip

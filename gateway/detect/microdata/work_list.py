"""Tells lists of tasks, tests, risks and events of programs, which have keys and owners as records do."""

from __future__ import annotations

from typing import Iterator

from gateway.detect.microdata.answer_signals import Observation, counted
from gateway.detect.microdata.facts import Facts

# Heads of lists of work and of logs; and heads that no such list has.
WORK = frozenset(
    """task tasks action due priority assignee owner status test result ms duration version build
    risk likelihood impact mitigation severity sprint milestone bug level host path module timestamp""".split()
)
PERSONAL = frozenset(
    """age sex gender dob birth surname forename postcode address income wage wages salary pay ethnicity
    patient pupil diagnosis marital religion respondent household turnover employment""".split()
)


def work_list(facts: Facts) -> Iterator[Observation]:
    """Lists of tasks, tests, risks and events of programs; never where persons are described."""
    work = [p for p, c in facts.each if WORK.intersection(c.words)]
    kinds = {word for p in work for word in facts.columns[p].words} & WORK
    described = [c for _, c in facts.each if PERSONAL.intersection(c.words)]
    if len(kinds) < 3 or 2 * len(work) < len(facts.used) or described:
        return
    if any(c.identifier and c.identifier != "personal name" for c in facts.columns):
        return
    yield (
        "work-list",
        1.0,
        f"{counted(work, 'column')} ({facts.letters(work)}) headed as of tasks or tests",
    )

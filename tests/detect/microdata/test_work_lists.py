"""Trackers, test results and logs are no records of persons; heads of work clear no records."""

from __future__ import annotations

import random
from typing import Callable

from gateway.detect.microdata import judge
from gateway.model.content import Table

Rows = list[list[str]]
FIRST = ["Amy", "Ben", "Cara", "Dev", "Ewa", "Finn"]


def tracker(dice: random.Random) -> Rows:
    rows = [["ID", "Task", "Owner", "Status", "Due", "Priority"]]
    for number in range(25):
        due = f"2026-0{dice.randint(1, 9)}-{dice.randint(10, 28)}"
        state, urgent = dice.choice(["Open", "Done"]), dice.choice(["High", "Low"])
        rows.append(
            [str(number + 1), f"Draft table {number}", dice.choice(FIRST), state, due, urgent]
        )
    return rows


def test_a_tracker_of_tasks_is_none(as_table: Callable[[Rows], Table], dice: random.Random) -> None:
    assert judge(as_table(tracker(dice))).verdict == "aggregate"


def test_results_of_software_tests_are_none(
    as_table: Callable[[Rows], Table], dice: random.Random
) -> None:
    rows = [["Test", "Result", "Time (ms)", "Version"]]
    for number in range(60):
        result = dice.choice(["PASS", "PASS", "FAIL"])
        rows.append([f"test_read_{number}", result, str(dice.randint(1, 900)), "1.2.0"])
    assert judge(as_table(rows)).verdict == "aggregate"


def test_heads_of_work_clear_no_persons(
    as_table: Callable[[Rows], Table], person_rows: Callable[[int], Rows]
) -> None:
    rows = person_rows(40)
    words = ["task", "status", "priority", "due", "risk", "impact", "owner", "severity", "level"]
    rows[0] += words
    rows[1:] = [
        [*row, *(["1", "2"][(at + n) % 2] for n in range(9))] for at, row in enumerate(rows[1:])
    ]
    assert judge(as_table(rows)).verdict == "microdata"


def test_records_far_below_a_table_of_counts_are_found(
    as_table: Callable[[Rows], Table], person_rows: Callable[[int], Rows], dice: random.Random
) -> None:
    for above in (300, 2000, 5000):
        rows = [["Year", "Area", "Employment", "Hours"]]
        rows += [
            [str(1950 + at // 100), f"Area {at % 100}", str(dice.randint(100, 99999)), str(dice.randint(100, 99999))]
            for at in range(above)
        ]  # fmt: skip
        assert judge(as_table([*rows, *person_rows(40)])).verdict == "microdata"

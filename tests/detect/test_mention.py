"""A release is named by exact words, wherever they stand, and by nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest

from gateway.detect import Context, Detectors
from gateway.detect.figure import AT_MOST, count_figures
from gateway.model.content import Table
from gateway.model.message import Location

CONTEXT = Context(datetime(2026, 11, 20, 10, tzinfo=UTC), None, "Europe/London")


def named(detected: Any) -> set[tuple[str, str]]:
    return {(m.release, m.how) for m in detected.mentions}


@pytest.mark.parametrize(
    "text",
    [
        "the Looked-After Children tables",
        "LOOKED AFTER CHILDREN",
        "looked\nafter children",
        "> looked after\n> children",
        "Looked–after children’s services: looked–after children",
    ],
)
def test_subject_words_match_whatever_the_case_hyphens_and_line_wraps(
    inspect: Any, text: str
) -> None:
    assert named(inspect(text)) == {("looked-after-2018", "subject-words")}


def test_a_plural_s_may_come_or_go(inspect: Any) -> None:
    assert ("prices", "subject-words") in named(inspect("the latest house price figure"))
    assert ("looked-after-2018", "subject-words") in named(inspect("one fostering statistic"))


def test_words_are_whole_words(inspect: Any) -> None:
    assert named(inspect("the HPI rose")) == {("prices", "subject-words")}
    assert not named(inspect("a whpippet; hpis2"))


def test_nothing_fuzzy(inspect: Any) -> None:
    assert not named(inspect("looked over children; foster statistics; hose prices"))


def test_title_and_banner_are_told_apart(inspect: Any) -> None:
    assert ("looked-after-2018", "title") in named(
        inspect("Children Looked After in Scotland 2018")
    )
    text = "RESTRICTED UNTIL PUBLISHED AT\n9:30AM ON WEDNESDAY 28 MARCH 2018"
    assert ("looked-after-2018", "banner") in named(inspect(text))


def test_a_header_names_a_release_by_its_id_alone(inspect: Any) -> None:
    where = "header X-Statistical-Release"
    assert named(inspect("Looked-After-2018, prices", where=where)) == {
        ("looked-after-2018", "header"), ("prices", "header"),
    }  # fmt: skip
    assert not named(inspect("looked-after-2018", where="header Comments"))


def test_a_mention_tells_how_many_figures_stand_beside_it(inspect: Any) -> None:
    (mention,) = inspect("House prices rose 4.3% to 271,000, 2.5 per cent in May.").mentions
    assert mention.figures == 3
    (mention,) = inspect("Meeting on house prices, 28.03.2018 at 9.30am").mentions
    assert mention.figures == 0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("up 4.3%, 12 per cent, 1.2 percentage points", 3),
        ("14,897 children, 1 234 567 rows, 3.2 million", 3),
        ("a rate of 10.4 and -0.3", 2),
        ("28 March 2018 at 9.30am, 28/03/2018, 09:30:00, 2018-03-28", 0),
        ("call 020 7946 0018 or +44 20 7946 0018", 0),
        ("version 3.11, Section 4.2, 10.0.0.1, SW1A 1AA, COVID-19, 12 people", 0),
        ("Invoice no. 12,345; total due £1,250.00", 0),
    ],
)
def test_what_counts_as_a_figure(text: str, count: int) -> None:
    assert count_figures(text) == count


@pytest.mark.parametrize("unit", ["1,", "1", "1.", "1,,", "0 ", "(0", "+1 ", "invoice 1.1 ", "v1."])
def test_counting_figures_costs_no_more_than_in_proportion(unit: str) -> None:
    before = process_time()
    count_figures(unit * (262_144 // len(unit)))
    assert process_time() - before < 1


def test_no_figure_is_too_far_down_to_count() -> None:
    assert count_figures("words " * 200_000 + "up 4.3%, 12,345 and 9.1") == 3


def test_of_very_many_figures_it_is_said_that_they_are_many() -> None:
    assert count_figures("12.5% " * 5000) == AT_MOST


def test_figures_count_also_where_no_release_is_named(inspect: Any) -> None:
    found = inspect("44,450 households (+2%), down 25% and 10,145 applications")
    assert (found.mentions, found.figures) == ((), 4)
    assert inspect("12.5", where="header X-Spam-Score").figures == 0


def test_numbers_in_the_cells_of_a_table_count_as_figures(detectors: Detectors) -> None:
    rows = [["Region", "2017", "2018"], ["North East", "4410", "4530"], ["London", "9910", "9940"],
            ["England", "14320", "14470"]]  # fmt: skip
    table = Table(Location("2", "t.csv"), rows)
    assert detectors.inspect([table], CONTEXT).figures == 6
    named = [["Fostering statistics", "", ""], *rows]
    found = detectors.inspect([Table(Location("2", "t.csv"), named)], CONTEXT)
    assert [m.figures for m in found.mentions] == [6]


@pytest.mark.parametrize(
    "name",
    ["FosteringStatistics2020.xlsx", "fostering-statistics-2020.xlsx", "Fostering_Statistics_v2.docx",
     "FOSTERING%20STATISTICS.pdf", "2020-11-12_fosteringStatistics.csv"],
)  # fmt: skip
def test_a_file_names_a_release_however_its_words_are_joined(inspect: Any, name: str) -> None:
    assert ("looked-after-2018", "subject-words") in named(inspect(name, where="file name"))
    assert ("looked-after-2018", "subject-words") in named(inspect(name, where="sheet names"))

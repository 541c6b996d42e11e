"""When the figures of a message are those of a release, and when they are not."""

from __future__ import annotations

import itertools
import random

import pytest
from support.registered_figures import found, registered, shown, table, text

from gateway.detect.material.conclude import conclude
from gateway.detect.material.figures import FigureMatcher
from gateway.model.material import Document

AREAS = "Northshire Eastvale Kirkham Dunmore Ashby Wexcombe Torrin Marlow Halden Brackley".split()
KINDS = ("Approved fostering households", "Vacant places", "Deregistered carers")
YEARS = range(2016, 2021)


def _rows(years: range, seed: int = 7) -> list[str]:
    """A table of a release: five years, three kinds, ten areas; numbers are invented by a seed."""
    rng = random.Random(seed)
    rows = [
        "Table 1: Fostering households and places by area",
        "Kind | Area | " + " | ".join(map(str, YEARS)),
    ]
    for kind in KINDS:
        bases = [int(rng.lognormvariate(8, 0.8)) for _ in AREAS]
        grid = [[int(base * rng.uniform(0.9, 1.1)) for _ in YEARS] for base in bases]
        totals = [sum(column) for column in zip(*grid, strict=True)]
        for area, numbers in [("Total", totals), *zip(AREAS, grid, strict=True)]:
            cells = [f"{n:,}" for year, n in zip(YEARS, numbers, strict=True) if year in years]
            rows.append(f"{kind} | {area} | " + " | ".join(cells))
    if len(years) < len(YEARS):
        rows[1] = "Kind | Area | " + " | ".join(map(str, years))
    return rows


TABLE = table(_rows(YEARS))
BEFORE = table(_rows(range(2016, 2020)))
BRIEFING = text(
    "The number of approved fostering households fell to 43,212 on 31 March 2020, down 4.3% on a "
    "year earlier. There were 12,876 vacant places. Of all placements 17.8% were with relatives, "
    "up 0.8 percentage points, and one in five children moved home.",
    "page 1",
)
RELEASE = "fostering-2020"


@pytest.fixture(scope="module")
def matcher() -> FigureMatcher:
    return registered(
        (Document(RELEASE, "tables.xlsx"), [TABLE]),
        (Document(RELEASE, "briefing.docx"), [BRIEFING]),
        (Document(RELEASE, "last year.xlsx", public=True), [BEFORE]),
    )


def cell(row: int, column: int) -> str:
    return TABLE.rows[row][column]


@pytest.mark.parametrize(
    "message",
    [
        "Heads up: approved households 43,212.",
        "fostering households now down to 43,212 :(",
        "There are forty-three thousand two hundred and twelve approved households.",
        "placements with relatives 17.8%, vacant places 12.9k",
        "households fell to 43.2 thousand, relatives 17.8%",
        "Just under 43,300 households, and 17.8 per cent of placements are with relatives",
        "vacant places just shy of 12,900 and approved households about 43,200",
        "> > households: 43,212\n> > vacant: 12,876",
        "Aelwydydd maethu: 43,212; lleoedd gwag: 12,876",
    ],
)
def test_headlines_are_found_however_they_are_told(matcher: FigureMatcher, message: str) -> None:
    assert [finding.facts["release"] for finding in found(matcher, message)] == [RELEASE]


def test_one_exact_figure_of_a_table_is_found_beside_its_words(matcher: FigureMatcher) -> None:
    assert found(matcher, f"households in total: {cell(2, 6)}")


def test_a_pasted_column_is_found_without_any_word(matcher: FigureMatcher) -> None:
    assert found(matcher, "\n".join(row[6] for row in TABLE.rows[3:9]))
    assert found(matcher, "\n".join(f"{row[6].replace(',', '')}" for row in TABLE.rows[3:9]))


def test_a_pasted_piece_with_its_stubs_is_found(matcher: FigureMatcher) -> None:
    assert found(matcher, "\n".join(f"{row[1]}\t{row[6]}" for row in TABLE.rows[4:7]))


def test_a_table_that_is_attached_is_found(matcher: FigureMatcher) -> None:
    rows = [["Area", "Households"], *([row[1], row[6]] for row in TABLE.rows[3:8])]
    assert found(matcher, table([" | ".join(row) for row in rows], "sheet Sheet1"))


def test_a_table_in_thousands_is_that_of_single_ones(matcher: FigureMatcher) -> None:
    def thousands(number: str) -> str:
        return f"{int(number.replace(',', '')) / 1000:.2f}"

    rows = ["Fostering, thousands", "Area | Households"]
    rows += [f"{row[1]} | {thousands(row[6])}" for row in TABLE.rows[2:10]]
    assert found(matcher, table(rows, "sheet Sheet1"))


def test_figures_spread_over_parts_count_together(matcher: FigureMatcher) -> None:
    parts = text("vacant places: 13 thousand"), text("relatives: 17.8% of placements", "note")
    assert not found(matcher, parts[0])
    assert found(matcher, *parts)


def test_the_order_of_parts_changes_nothing(matcher: FigureMatcher) -> None:
    parts = [
        text("households fell to 43.2 thousand"), text("relatives: 17.8%", "subject"),
        table(["Area | Households", f"Northshire | {cell(3, 6)}", f"Eastvale | {cell(4, 6)}"]),
    ]  # fmt: skip
    facts = [
        conclude(shown(matcher, *order), {})[0].facts for order in itertools.permutations(parts)
    ]
    assert all(fact == facts[0] for fact in facts)


def test_a_figure_counts_once_however_often_it_is_told(matcher: FigureMatcher) -> None:
    once = found(matcher, "Approved households: 43,212")[0].facts
    often = found(matcher, "Approved households: 43,212", "Approved households: 43,212. " * 3)
    assert often[0].facts["matches"] == once["matches"] == 1


@pytest.mark.parametrize(
    "message",
    [
        "4.3%",
        "approved fostering households fell 4.3%",
        "The numbers fell 4.3% and we are 20 people.",
        "Our budget is £12,300, of which 45% is spent; 8,120 remain.",
        "We sold 43,311 tickets at the match, 4.5% more than in 2019.",
        "Fostering households in other countries: 39,127, of which 12.1% with friends.",
        "Invoice 4711: £1,234.50, VAT £246.90, due on 12 November 2020.",
        "Fostering statistics come out on 12 November 2020 at 9.30am, see page 43 or call 020 7946 0018.",
    ],
)
def test_other_figures_are_not_found(matcher: FigureMatcher, message: str) -> None:
    assert found(matcher, message) == ()


def test_what_is_public_proves_nothing(matcher: FigureMatcher) -> None:
    lines = [f"{row[0]} in {row[1]}: {row[5]} in 2019" for row in TABLE.rows[2:8]]
    assert found(matcher, "\n".join(lines)) == ()
    assert found(matcher, "\n".join(row[5] for row in TABLE.rows[2:12])) == ()


def test_where_nothing_is_registered_before_its_figures_are_not_public() -> None:
    alone = registered((Document(RELEASE, "tables.xlsx"), [TABLE]))
    assert found(alone, "\n".join(f"{row[1]}: {row[6]}" for row in TABLE.rows[2:8]))


def test_earlier_periods_are_out_only_if_somebody_registered_that_they_are() -> None:
    last_year = "\n".join(f"{row[1]}: {row[5]}" for row in TABLE.rows[2:8])
    assert found(registered((Document(RELEASE, "tables.xlsx"), [TABLE])), last_year)


def test_figures_of_the_same_size_and_unit_are_hardly_ever_found(matcher: FigureMatcher) -> None:
    rng = random.Random(3)
    subjects = [
        "households",
        "vacant places",
        "carers",
        "placements with relatives",
        "tickets",
        "staff",
    ]
    flagged = 0
    for _ in range(1000):
        told = [
            f"{rng.choice(subjects)}: "
            + rng.choice([f"{rng.randint(1_000, 60_000):,}", f"{rng.uniform(0.5, 30):.1f}%"])
            for _ in range(rng.randint(1, 4))
        ]
        if "17.8%" not in "".join(told):  # which is the figure itself
            flagged += bool(found(matcher, "; ".join(told)))
    assert flagged <= 10


def test_of_many_releases_one_matches_by_chance_sooner() -> None:
    def bits(releases: int) -> int:
        others = [(Document(f"r{n}", "x"), [text("nothing 98,765 of it")]) for n in range(releases)]
        finding = found(
            registered((Document(RELEASE, "b"), [BRIEFING]), *others), "carers 43,212 12,876"
        )
        return int(str(finding[0].facts["bits"]))

    assert bits(100) < bits(1)


def test_findings_name_cells_and_never_figures(matcher: FigureMatcher) -> None:
    finding = found(matcher, f"households in total: {cell(2, 6)}")[0]
    assert finding.facts["places"] == ["sheet Table_1, G3"]
    assert finding.facts["documents"] == ["tables.xlsx"]
    assert cell(2, 6) not in repr(finding)
    assert cell(2, 6).replace(",", "") not in repr(finding)


def test_another_release_with_the_same_subject_is_told_apart() -> None:
    matcher = registered(
        (Document("fostering-2020", "a.xlsx"), [table(_rows(YEARS, 1))]),
        (Document("fostering-2021", "b.xlsx"), [table(_rows(YEARS, 2))]),
    )
    rows = table(_rows(YEARS, 2)).rows
    message = "\n".join(f"{row[0]} {row[1]} {row[6]}" for row in rows[2:6])
    assert [finding.facts["release"] for finding in found(matcher, message)] == ["fostering-2021"]


def test_a_registered_table_among_thousands_of_rows_is_found(matcher: FigureMatcher) -> None:
    rng = random.Random(11)
    other = [f"Place {n} | Visits | {rng.randint(1000, 60000):,}" for n in range(2000)]
    own = [" | ".join((row[1], row[0], row[6])) for row in TABLE.rows[2:35]] * 1
    head = ["Area | Kind | Number"]
    assert found(matcher, table([*head, *own * 1, *other[:150]], "sheet Mixed"))
    assert not found(matcher, table([*head, *other], "sheet Visits"))


def test_a_subject_says_what_bare_figures_are_about(matcher: FigureMatcher) -> None:
    subject = text("fostering households and places", "subject")
    assert not found(matcher, "vacant: 12.9k")
    assert not found(matcher, subject)
    assert found(matcher, subject, "43.2k, 17.8%")


def test_a_column_deep_in_a_text_of_many_numbers_is_found(matcher: FigureMatcher) -> None:
    rng = random.Random(5)
    noise = [f"{rng.randint(1000, 60000)}" for _ in range(25_000)]
    own = [row[6].replace(",", "") for row in TABLE.rows[2:35]] * 60
    assert found(matcher, "\n".join([*noise[:12_000], *own, *noise[12_000:]]))

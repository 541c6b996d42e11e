"""An export is known by its columns, whatever their order and whatever numbers stand below."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.detect.material.template import Templates
from gateway.model.series import Series

COLUMNS = (
    "establishment_code", "establishment", "measure_code", "measure", "month", "incidents",
    "incidents_serious", "data_quality_flag",
)  # fmt: skip
TEMPLATES = Templates([Series("hub", "Incidents hub", columns=COLUMNS)])


def sure(*heads: str) -> bool:
    return any(match.sure for match in TEMPLATES.match([list(heads), ["1"] * len(heads)]))


@given(st.permutations(COLUMNS))
def test_the_order_of_columns_does_not_count(heads: list[str]) -> None:
    assert sure(*heads)


@given(st.lists(st.sampled_from(COLUMNS), unique=True, min_size=7), st.booleans())
def test_a_column_may_be_missing_and_two_may_be_new(heads: list[str], more: bool) -> None:
    assert sure(*heads, *(("region_grouping", "checked_by") if more else ()))


def test_spelling_of_columns_does_not_count() -> None:
    assert sure(*(name.replace("_", " ").title() for name in COLUMNS))
    assert sure(*(name.replace("_", "").upper() for name in COLUMNS))


def test_a_selection_of_its_columns_is_still_that_export() -> None:
    assert sure("establishment", "establishment_code", "incidents", "incidents_serious", "measure")


def test_ordinary_columns_prove_nothing() -> None:
    assert not sure("area", "month", "measure", "value")
    assert not sure("code", "name", "month", "measure", "measure_code", "value")
    assert not TEMPLATES.match([["invoice", "amount", "month", "supplier"]])


def test_another_export_with_some_of_its_columns_is_another_export() -> None:
    assert not sure(
        "establishment", "establishment_code", "staff_in_post", "leavers", "joiners", "sickness_days",
        "vacancies", "month", "grade",
    )  # fmt: skip


def test_heads_are_found_below_titles_and_months_beside_them_are_no_columns() -> None:
    rows = [["Incidents hub"], [], [*list(COLUMNS)[:4], "incidents", "incidents_serious", "Aug-16"]]
    (match,) = TEMPLATES.match(rows)
    assert (match.series, match.row, match.sure) == ("hub", 2, True)

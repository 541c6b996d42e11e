"""Figures that a formula keeps to itself are not passed over in silence."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from gateway.extract.office.unstored_results import UnstoredResults


def written(formulas: list[str]) -> bytes:
    """As programs write workbooks that nobody has opened: no result is stored."""
    book = openpyxl.Workbook()
    for formula in formulas:
        book.active.append([formula])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_figures_in_formulas_without_results_are_a_gap(read: Any) -> None:
    [gap] = read(written([f"={1234 + n}" for n in range(20)])).gaps
    assert gap.reason == "unreadable" and "1234" not in gap.detail


def test_words_in_formulas_without_results_are_a_gap_too(read: Any) -> None:
    assert read(written(['="Alder Bakery"'] * 9)).reasons == {"unreadable"}


def test_sums_of_cells_show_nothing_that_is_not_read(read: Any) -> None:
    assert not read(written(["=SUM(A1:A99)", "=ROUND(B2/B3,1)", "=$C$10+AA77"] * 5)).gaps


def test_a_stored_result_is_no_lack() -> None:
    row = b'<c r="A1"><f>1234</f><v>1234</v></c><c r="B1" t="str"><f>"ab"&amp;C99</f><v></v></c>'
    watched = UnstoredResults()
    assert b"".join(watched.watch([row * 9])) == row * 9
    assert not watched.matter


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_each_formula_is_counted_once_wherever_the_bytes_are_cut(size: int) -> None:
    sheet = b'<x:c r="A1"><x:f>1234</x:f><x:v/></x:c>' * 25
    watched = UnstoredResults()
    assert b"".join(watched.watch(sheet[i : i + size] for i in range(0, len(sheet), size))) == sheet
    assert watched.count == 25

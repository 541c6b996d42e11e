"""Cells of several lines are texts; of a macro only what it remarks is looked at for tables."""

from __future__ import annotations

from gateway.extract.text.cell_lines import CellLines, remarks

LINES = "\n".join(f"{number},a,b" for number in range(6))


def test_cells_of_several_lines_are_given_once() -> None:
    cells = CellLines()
    rows = [["x", LINES], [LINES, "two\nlines"]]
    assert list(cells.cells(rows)) == [LINES]
    assert list(cells.cells(rows[1:])) == []


def test_instructions_of_a_macro_are_no_rows() -> None:
    code = "Sub A()\r\n  Range(1, 2, 3).Copy\r\n' 7,8,9\r\n  Rem 10,11\r\nremark = 1\r\n"
    assert remarks(code) == "\n\n7,8,9\n10,11\n\n"

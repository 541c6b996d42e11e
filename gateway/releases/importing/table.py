"""Rows of a sheet -> lines of a list, with every fault of every row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

from gateway.model.fault import Fault, Faults
from gateway.releases.entries import Unfit
from gateway.releases.importing.cells import CELLS
from gateway.releases.importing.entry import Line, Listing
from gateway.releases.importing.heads import SPELLINGS, find_heads

MAX_ROWS = 10_000
"""More than any list has, and few enough to be looked through."""
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file. `name` is how people find it: the file, and the sheet where there are
    several. Rows (from 1) and columns (by letter) are named that hold something nobody sees, and
    cells in which whoever opens the file sees something that is not in it."""

    name: str
    rows: Sequence[Sequence[str]]
    hidden: bool = False
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[str] = ()
    formulas: Sequence[str] = ()


def read_sheets(sheets: Sequence[Sheet]) -> Listing:
    """The lines of every sheet that has a column of roles. Raises Faults."""
    faults: list[Fault] = []
    lines: list[Line] = []
    notes: list[str] = []
    told: set[str] = set()
    read = 0
    for sheet in sheets:
        found = find_heads(sheet.rows)
        if found is None:
            notes.append(f"{sheet.name}: no column of roles or titles, so it was left out")
            continue
        read += 1
        if sheet.hidden:
            hint = "show the sheet if it belongs to the list, or delete it"
            faults.append(Fault(sheet.name, 0, 0, "a hidden sheet has a list of roles", hint))
        elif len(sheet.rows) > MAX_ROWS:
            message = f"more than {MAX_ROWS} rows: no pre-release list is so long"
            faults.append(Fault(sheet.name, 0, 0, message, "bring in one list at a time"))
        elif sheet.hidden_rows or sheet.hidden_columns or sheet.formulas:
            faults += _unseen(sheet)
        else:
            first, columns = found
            told |= set(columns.values())
            notes += _left_out(sheet, first, columns)
            faults += _twice(sheet, first, columns)
            for number, row in enumerate(sheet.rows[first + 1 :], first + 2):
                if any(cell.strip() for cell in row):
                    place = (sheet.name, number)
                    lines += _line(place, row, sheet.rows[first], columns, faults)
    if not read:
        heads = ", ".join(SPELLINGS["title"][:6])
        where = sheets[0].name if sheets else "the file"
        faults.append(Fault(where, 0, 0, "no column of roles", f"give one of these heads: {heads}"))
    elif not lines and not faults:
        faults.append(Fault(sheets[0].name, 0, 0, "there is nothing below the heads"))
    if faults:
        raise Faults(faults)
    return Listing(tuple(lines), frozenset(told), tuple(notes))


def _unseen(sheet: Sheet) -> list[Fault]:
    """Whoever sends a list has looked through what they saw of it."""
    faults = []
    for what, names in (
        ("rows", [_run(*run) for run in _runs(sheet.hidden_rows)]),
        ("columns", list(sheet.hidden_columns)),
    ):
        if names:
            some = ", ".join(names[:_NAMED]) + (" and more" if len(names) > _NAMED else "")
            hint = f"show the {what} (and clear filters) if they belong to the list, or delete them"
            faults.append(Fault(sheet.name, 0, 0, f"hidden {what} are filled: {some}", hint))
    if sheet.formulas:
        some = ", ".join(sheet.formulas[:_NAMED])
        more = " and more" if len(sheet.formulas) > _NAMED else ""
        message = f"formulas without their results: {some}{more}"
        hint = "write the words in their place, or save the file in a spreadsheet program"
        faults.append(Fault(sheet.name, 0, 0, message, hint))
    return faults


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _run(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _left_out(sheet: Sheet, first: int, columns: dict[int, str]) -> list[str]:
    unknown = [
        cell.strip()
        for i, cell in enumerate(sheet.rows[first])
        if i not in columns and cell.strip()
    ]
    return [f"{sheet.name}: left out: {', '.join(unknown)}"] if unknown else []


def _twice(sheet: Sheet, first: int, columns: dict[int, str]) -> list[Fault]:
    held = list(columns.values())
    return [
        Fault(sheet.name, first + 1, 0, f"two columns both say '{what}'", "keep one of the two")
        for what in dict.fromkeys(held)
        if held.count(what) > 1
    ]


def _line(
    place: tuple[str, int], row: Sequence[str], heads: Sequence[str], columns: dict[int, str],
    faults: list[Fault],
) -> list[Line]:  # fmt: skip
    values: dict[str, Any] = {}
    sound = True
    for i, what in columns.items():
        cell = row[i] if i < len(row) else ""
        if not cell.strip():
            continue
        try:
            values[what] = CELLS[what](cell)
        except Unfit as unfit:
            message = f"{heads[i].strip()}: {unfit}"
            faults.append(Fault(*place, i + 1, message, unfit.hint))
            sound = False
    if "title" not in values and sound:
        hint = "write it in every row, also where the cell above is the same"
        faults.append(Fault(*place, 0, "no role or title", hint))
        sound = False
    if sound and values.get("expires") and not values.get("signed"):
        message = "a declaration expires that nobody signed"
        faults.append(Fault(*place, 0, message, "add the day on which it was signed"))
        sound = False
    for first, last, what in (("starts", "ends", "the end"), ("signed", "expires", "the expiry")):
        if values.get(first) and values.get(last) and values[last] < values[first]:
            hint = "both days are included"
            faults.append(Fault(*place, 0, f"{what} comes before the beginning", hint))
            sound = False
    return [Line(**values, place=place)] if sound else []

"""Records are found whose cells follow one another, whatever stands between them."""

from __future__ import annotations

import random
import time

import pytest

from gateway.extract.text.named_cells import without_names
from gateway.extract.text.pasted import tables_in_text
from gateway.extract.text.repeating_cells import rows_of_cells
from gateway.model.message import Part

HEAD = ["ref", "surname", "born", "sex", "pay"]
_source = random.Random(11)
ROWS = [
    [str(500_000 + _source.randrange(400_000)), _source.choice(("Ash", "Birch", "Oak")),
     f"19{_source.randrange(40, 99)}-0{_source.randrange(1, 9)}-1{_source.randrange(9)}",
     _source.choice("MF"), str(_source.randrange(9_000, 99_000))]
    for _ in range(12)
]  # fmt: skip


def _found(text: str) -> list[list[list[str]]]:
    part = Part("1", "text/plain", "body", text.encode())
    return [[list(row) for row in table.rows] for table in tables_in_text(part, text, "")]  # type: ignore[union-attr]


def test_every_fifth_item_of_a_list_begins_a_record() -> None:
    items = [cell for row in ROWS for cell in row]
    assert rows_of_cells(items) == (0, len(items), ROWS)


def test_the_names_in_front_of_the_first_record_are_its_head() -> None:
    found = rows_of_cells([*HEAD, *(cell for row in ROWS for cell in row)])
    assert found is not None and found[2] == [HEAD, *ROWS]


def test_columns_may_stand_one_below_the_other() -> None:
    table = [HEAD, *ROWS]
    found = rows_of_cells([row[at] for at in range(5) for row in table])
    assert found is not None and found[2] == table


def test_words_and_figures_in_turn_are_no_records() -> None:
    assert rows_of_cells([x for n in range(40) for x in (f"item{'s' * (n % 2)}", str(n))]) is None


def test_no_more_time_is_taken_for_a_list_that_never_repeats() -> None:
    kinds = ["abc", "12", "two words", "x1", "2020-01-01", "1.5"]
    taken = []
    for many in (20_000, 80_000):
        items = [_source.choice(kinds) for _ in range(many)]
        begun = time.process_time()
        assert rows_of_cells(items) is None
        taken.append(time.process_time() - begun)
    assert taken[1] < 12 * taken[0] + 0.3


PROSE = ("We met on Monday and spoke of lunch.", "Nobody minded the rain at all there.",
         "The soup was very good this time, too.", "There will be cake again on Friday.",
         "Please bring your own cups and plates.", "Thanks to all of those who helped us.")  # fmt: skip
DELIMITERS = (",", ";", "|", "\t", " / ", "~", "^")
WRITTEN = {
    "one cell a line": "\n".join("\n".join(row) for row in ROWS),
    "one cell a line, rules between": "\n---\n".join("\n".join(row) for row in ROWS),
    "bullets in bullets": "\n".join(f"* {r[0]}\n" + "\n".join(f"  - {c}" for c in r[1:]) for r in ROWS),
    "another delimiter in each line": "\n".join(DELIMITERS[i % 7].join(r) for i, r in enumerate(ROWS)),
    "six lines of prose between": "\n".join(",".join(r) + "\n" + "\n".join(PROSE) for r in ROWS),
    "all in one line": " | ".join(",".join(row) for row in ROWS),
    "two lines a record": "\n".join(",".join(r[:3]) + "\n" + ",".join(r[3:]) for r in ROWS),
}  # fmt: skip


@pytest.mark.parametrize("where", WRITTEN)
def test_rows_are_the_same_however_they_are_laid_out(where: str) -> None:
    text = f"Dear all,\n\nas agreed.\n\n{WRITTEN[where]}\n\nKind regards,\nA. Field\n"
    cells = {cell for table in _found(text) if len(table) >= 11 for row in table for cell in row}
    assert {cell for row in ROWS[1:-1] for cell in row} <= cells


def test_names_before_the_values_become_the_head() -> None:
    for sign in (": ", " "):
        rows = [[f"{h}{sign}{c}" for h, c in zip(HEAD, row, strict=True)] for row in ROWS]
        assert [list(row) for row in without_names(rows)] == [HEAD, *ROWS]


def test_a_line_for_each_variable_is_parted_from_its_name() -> None:
    across = [[f"{name}: {first}", *rest] for name, (first, *rest) in zip(HEAD, zip(*ROWS, strict=True), strict=True)]  # fmt: skip
    assert [row[0] for row in without_names(across)] == HEAD


def test_cells_without_names_stay_as_they_are() -> None:
    assert without_names(ROWS) is ROWS


def test_prose_with_dates_and_figures_is_no_table() -> None:
    text = "\n".join(
        f"Output rose {n}.{n % 7} per cent in {2000 + n}, after {n + 3} in the year before."
        for n in range(1, 12)
    )
    assert not [table for table in _found(f"Dear all,\n\n{text}\n") if len(table[0]) > 4]

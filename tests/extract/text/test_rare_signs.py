"""Rows are a table whatever stands between their cells; prose with the same signs is none."""

from __future__ import annotations

from typing import Any, Callable

import pytest

Read = Callable[..., Any]
HEAD = ["person", "born", "postcode", "income"]
ROWS = [[f"P{i}", str(1950 + i), f"AB{i} 1CD", str(20000 + 37 * i)] for i in range(15)]
TABLE = [HEAD, *ROWS]
PROSE = "Dear all,\n\nplease find the figures, as agreed, below.\n\n"


def rows_of(read: Read, text: str, kind: str = "text/plain") -> list[list[str]]:
    found = read(text.encode(), kind, role="body")
    return [[cell.strip() for cell in row] for table in found.tables for row in table.rows]


@pytest.mark.parametrize("blank", ["\xa0\xa0\xa0", "\u2003\u2003", "\u3000 "])
def test_columns_of_blanks_of_any_kind_are_columns(read: Read, blank: str) -> None:
    text = PROSE + "\n".join(blank.join(row) for row in TABLE)
    assert ROWS[3] in rows_of(read, text)


def test_columns_that_outlook_writes_with_no_break_blanks_are_columns(read: Read) -> None:
    html = "<br>".join("&nbsp;&nbsp;&nbsp;".join(row) for row in TABLE)
    assert ROWS[3] in rows_of(read, f"<div>{html}</div>", "text/html")


@pytest.mark.parametrize("sign", ["，", "、", "；", "،", "؛"])
def test_commas_and_semicolons_of_other_scripts_divide_cells(read: Read, sign: str) -> None:
    assert ROWS[3] in rows_of(read, PROSE + "\n".join(sign.join(row) for row in TABLE))


def test_letters_of_full_width_are_letters(read: Read) -> None:
    wide = "\n".join(",".join(row) for row in TABLE).translate(
        {c: c + 0xFEE0 for c in range(33, 127)}
    )
    assert ROWS[3] in rows_of(read, PROSE + wide)


@pytest.mark.parametrize("end", ["\u2028", "\x0b", "\x85"])
def test_rows_on_lines_that_a_word_processor_ends_are_rows(read: Read, end: str) -> None:
    assert ROWS[3] in rows_of(read, PROSE + end.join(",".join(row) for row in TABLE))


@pytest.mark.parametrize(
    "sign",
    [" · ", " • ", "‖", "→", " → ", "😀", "\u2028", "\u200b", "\x0b", " – ", " - ", "->", ".....",
     " / ", "/", "#", "@", "*", " :: ", " = ", "_", "-", "¬"],
)  # fmt: skip
def test_any_sign_that_stands_equally_often_in_every_line_divides_cells(
    read: Read, sign: str
) -> None:
    assert ROWS[3] in rows_of(read, PROSE + "\n".join(sign.join(row) for row in TABLE))


@pytest.mark.parametrize("between", ["", " "])
@pytest.mark.parametrize("pair", ["()", "[]", "{}", "<>", "''", '""'])
def test_cells_each_in_brackets_are_cells(read: Read, pair: str, between: str) -> None:
    lines = (between.join(pair[0] + cell + pair[1] for cell in row) for row in TABLE)
    assert ROWS[3] in rows_of(read, PROSE + "\n".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        "The team – what is left of it – met on Monday.\nAll agreed – at last.\nThe plan – a new one – "
        "was read – twice – by all.\nNothing – as ever – was decided.\nWe met – or most of us – and "
        "left – late – on day 3 – a Friday.\nOthers – few – came.\n- Done -\n",
        "".join(f"- item {i}: https://www.example.org/a-b/c-d/{i}/e_f_g\n" for i in range(20)),
        "".join(f"Met on 2024-01-{i:02d} (in London), see notes.\n" for i in range(1, 20)),
        "".join(f"Contents, part {i} ................ {i}\n" for i in range(1, 20)),
        "".join(f"* \"Well,\" she said: \"it's {i}.\" (So it was.)\n" * (i % 3) for i in range(20)),
        "".join(f"a.b{i}@example.org\n" for i in range(20)),
    ],
)  # fmt: skip
def test_prose_and_lists_with_such_signs_are_no_table(read: Read, text: str) -> None:
    assert rows_of(read, text) == []


@pytest.mark.parametrize(
    ("opened", "cell", "closed"),
    [
        ("add(", "'{value}'", ");"),
        ("Person(", "{name}='{value}'", ")"),
        ("UPDATE people SET ", "{name}='{value}'", ";"),
        ("SELECT ", "'{value}' AS {name}", " UNION ALL"),
    ],
)
def test_rows_that_a_program_writes_one_a_line_are_rows_of_values(
    read: Read, opened: str, cell: str, closed: str
) -> None:
    lines = [
        ", ".join(cell.format(name=n, value=v) for n, v in zip(HEAD, row, strict=True))
        for row in ROWS
    ]
    found = rows_of(read, PROSE + "\n".join(f"{opened}{line}{closed}" for line in lines))
    assert ROWS[3] in found
    assert HEAD in found or "{name}" not in cell


def test_values_that_all_rows_share_stay(read: Read) -> None:
    text = "\n".join(f"add('F', {i}, 'Leeds ({i})', 'M');" for i in range(10))
    assert ["F", "3", "Leeds (3)", "M"] in rows_of(read, text)

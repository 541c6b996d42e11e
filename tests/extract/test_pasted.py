"""Tables in running text are tables, however they were put there; prose is not."""

from __future__ import annotations

from typing import Any, Callable

import pytest

Read = Callable[..., Any]
HEAD = ["person", "born", "postcode", "income"]
ROWS = [[f"P{i}", str(1950 + i), f"AB{i} 1CD", str(20000 + 37 * i)] for i in range(15)]
TABLE = [HEAD, *ROWS]
PROSE = "Dear all,\n\nplease find the figures, as agreed, below.\n\n"


def lines(delimiter: str) -> str:
    return "\n".join(delimiter.join(row) for row in TABLE) + "\n"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", ", ", " | "])
@pytest.mark.parametrize("before", ["", PROSE])
def test_rows_pasted_into_a_message_are_a_table(read: Read, delimiter: str, before: str) -> None:
    found = read((before + lines(delimiter)).encode(), "text/plain", role="body")
    assert [[cell.strip() for cell in row] for row in found.tables[0].rows] == TABLE
    assert found.tables[0].location.where.startswith("body, lines ")


def test_quoted_rows_are_a_table(read: Read) -> None:
    text = "Anna wrote:\n" + "".join(f"> > {line}\n" for line in lines(",").split("\n"))
    found = read(text.encode(), "text/plain", role="body")
    assert found.tables[0].rows == TABLE


def test_rows_with_notes_and_blank_lines_between_are_one_table(read: Read) -> None:
    text = "".join(f"{','.join(row)}\n\nsee note\n" for row in TABLE)
    assert read(text.encode(), "text/plain", role="body").tables[0].rows == TABLE


def test_aligned_columns_are_a_table(read: Read) -> None:
    text = PROSE + "\n".join("".join(cell.ljust(14) for cell in row) for row in TABLE)
    assert read(text.encode(), "text/plain", role="body").tables[0].rows == TABLE


def test_rows_behind_many_notes_of_an_attached_text_are_a_table(read: Read) -> None:
    text = "This is a note about nothing\n" * 100 + lines(",")
    assert read(text.encode(), "text/plain").tables[0].rows == TABLE


@pytest.mark.parametrize(
    "html",
    [
        f"<pre>{lines(',')}</pre>",
        f"<pre>{lines(chr(9))}</pre>",
        "".join(f"<div>{','.join(row)}</div>" for row in TABLE),
        "".join(f"<div>{''.join(f'<span>{c}</span>' for c in row)}</div>" for row in TABLE),
        "".join(
            f"<table><tr>{''.join(f'<td>{c}</td>' for c in row)}</tr></table>" for row in TABLE
        ),
        "<table>" + "".join(f"<tr><td>{','.join(row)}</td></tr>" for row in TABLE) + "</table>",
    ],
)
def test_rows_drawn_in_html_are_a_table(read: Read, html: str) -> None:
    found = read(f"<html><body><p>Hi</p>{html}</body></html>".encode(), "text/html", role="body")
    assert [[cell for cell in row if cell] for row in found.tables[0].rows] == TABLE


def test_a_table_in_html_is_given_once(read: Read) -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in TABLE)
    assert len(read(f"<table>{rows}</table>".encode(), "text/html", role="body").tables) == 1


def test_spans_inside_a_word_do_not_break_it(read: Read) -> None:
    assert read(b"<html><p><span>EMB</span><span>ARGO</span>", "text/html").text == "EMBARGO"


def test_prose_is_no_table(read: Read) -> None:
    text = (
        "The survey, as you know, covers persons, households and firms.\n"
        "In the spring, it is said, there will be a review.\n"
        "Costs, which were high, fell.\n"
        "Anna, Ben, Carla and Dora, with regrets, cannot come.\n"
        "Yours, with thanks, and best wishes, to all.\n"
    )
    assert not read(text.encode() * 3, "text/plain", role="body").tables


def test_a_wide_cell_is_one_value(read: Read) -> None:
    html = "<table>" + "<tr><td colspan=100>a<td colspan=100>b" * 2000 + "</table>"
    found = read(html.encode(), "text/html", role="body")
    assert sum(map(len, found.tables[0].rows)) < 10_000


@pytest.mark.parametrize("kind", ["text/html", "text/calendar", "image/svg+xml"])
@pytest.mark.parametrize("before", ["", "<b>x</b>\n", "BEGIN:VEVENT\n"])
def test_rows_under_a_false_label_are_a_table(read: Read, kind: str, before: str) -> None:
    found = read((before + lines(",")).encode(), kind, name="a.html")
    assert ["P3", "1953", "AB3 1CD", "20111"] in found.tables[0].rows


@pytest.mark.parametrize("blank", ["\n", ",,\n,,\n"])
def test_records_behind_blank_rows_are_judged_by_themselves(read: Read, blank: str) -> None:
    counts = "".join(f"Region {i},{i * 10},{i * 20}\n" for i in range(200))
    found = read((counts + blank + lines(",")).encode(), "text/csv", name="a.csv")
    assert found.tables[-1].rows == TABLE
    assert found.tables[-1].location.where.startswith("rows 20")


def test_records_behind_very_many_notes_are_found(read: Read) -> None:
    text = "This is a note about nothing\n" * 200 + lines(",")
    assert read(text.encode(), "text/csv", name="a.csv").tables[-1].rows == TABLE

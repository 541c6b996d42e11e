"""Delimited files are a sane table whatever divides their cells and whatever is broken."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from gateway.model.limits import ReadLimits

Read = Callable[..., Any]
TABLE = [["person", "born", "income", "area"]]
TABLE += [[f"P{i}", str(1950 + i), str(20000 + 37 * i), f"North East {i}"] for i in range(12)]


def lines(delimiter: str, rows: list[list[str]] = TABLE) -> list[str]:
    return [delimiter.join(row) for row in rows]


@pytest.mark.parametrize(
    "delimiter",
    [",", "\t", ";", "|", "^", "~", ":", "||", ";;", "~|~", "@", "#", "!", "§", "þ", "/", "\x01"],
)
@pytest.mark.parametrize("kind", ["text/csv", "text/plain"])
def test_any_delimiter_is_found(read: Read, delimiter: str, kind: str) -> None:
    found = read("\n".join(lines(delimiter)).encode(), kind, name="a.dat")
    assert TABLE in [table.rows for table in found.tables]


def test_blanks_divide_too(read: Read) -> None:
    rows = [[cell.replace(" ", "_") for cell in row] for row in TABLE]
    assert read("\n".join(lines(" ", rows)).encode(), "text/csv").tables[0].rows == rows


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\n" + "\n".join(lines(";")), '"sep=\t"\n' + "\n".join(lines("\t")),
        "\r".join(lines(",")), "\n\n".join(lines(",")), "\n".join(f"'{line}'" for line in lines("','")),
        "\n".join(f'"{line}"' for line in lines(",")), "\n".join(f'"{line}"' for line in lines('", "')),
        "\n".join('"' + line.replace('"', '""') + '"' for line in (f'"{x}"' for x in lines('","'))),
        "\n".join(lines(",")[:5]) + "\n\ufeff" + "\n".join(lines(",")[5:]),
        "\n".join(lines(",")) + "\0\0",
    ],
)  # fmt: skip
def test_odd_ways_to_write_the_same_rows(read: Read, text: str) -> None:
    rows = read(text.encode(), "text/csv").tables[0].rows
    assert [[cell.lstrip("\ufeff") for cell in row] for row in rows] == TABLE


@pytest.mark.parametrize("bad", ['"open,1,2,3', '5" pipe,1,2,3', 'a,"b,1,2'])
def test_a_quote_that_never_ends_swallows_no_rows(read: Read, bad: str) -> None:
    text = "\n".join([*lines(",")[:6], bad, *lines(",")[6:]])
    rows = read(text.encode(), "text/csv").tables[0].rows
    assert [row for row in rows if row[0].startswith("P")] == TABLE[1:]


def test_numbers_that_excel_was_told_are_texts(read: Read) -> None:
    found = read(b'id,v\n="001",3\n="002",4\n', "text/csv")
    assert found.tables[0].rows == [["id", "v"], ["001", "3"], ["002", "4"]]


def test_decimal_commas_do_not_divide(read: Read) -> None:
    text = "".join(f"P{i};1.{i}34,5{i};{i},25\n" for i in range(9))
    assert read(text.encode(), "text/csv").tables[0].rows[2] == ["P2", "1.234,52", "2,25"]


def test_a_list_of_addresses_keeps_them_whole(read: Read) -> None:
    text = "".join(f"person{i}@office.example\n" for i in range(9))
    assert read(text.encode(), "text/csv").tables[0].rows[0] == ["person0@office.example"]


def test_a_million_columns_are_a_gap(read: Read) -> None:
    found = read(b"1," * 1_000_000 + b"\n" + b"2," * 9, "text/csv")
    assert len(found.tables[0].rows[0]) == ReadLimits().columns
    assert found.reasons == {"limit"}

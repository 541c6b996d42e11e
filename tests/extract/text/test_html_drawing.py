"""Tables are found however they are drawn, and records in scripts are records."""

from __future__ import annotations

from typing import Any

import pytest

ROWS = [["id", "age", "sex"], *([str(i), str(20 + i), str(i % 2)] for i in range(6))]


def drawn(row: str, cell: str, around: str = "%s", tag: str = "div") -> str:
    cells = ("".join(f"<{tag}{cell}>{value}</{tag}>" for value in values) for values in ROWS)
    return around % "".join(f"<{tag}{row}>{line}</{tag}>" for line in cells)


TABLE = '<div style="display:table">%s</div>'
LAYOUT = "<table><tr><td>menu</td><td>%s</td></tr><tr><td>a</td><td>b</td></tr></table>"
SHEET = "<style>.r{display:table-row} .c{color:red;display:table-cell}</style>%s"
FLEX = "<style>.r { display : flex; gap:2px }</style>%s"


@pytest.mark.parametrize(
    "page",
    [
        drawn(' style="display:table-row"', ' style="display:table-cell"', TABLE),
        drawn(' style="display:table-row"', ' style="display:table-cell"'),
        drawn(" class=r", " class='x c'", SHEET), drawn(" class=r", "", FLEX),
        drawn(' style="display: flex"', ""), drawn(' style="display:inline-flex"', "", tag="span"),
        drawn(' style="display:flex"', "", LAYOUT), drawn(" role=row", " role=cell", "<div role=table>%s</div>"),
        drawn(' style="display:flex"', "", "<td>%s</td>"),
        "<pre>" + "\n".join("".join(value.ljust(8) for value in row) for row in ROWS) + "</pre>",
        "<p>" + "<br>".join(",".join(row) for row in ROWS) + "</p>",
    ],
    ids=range(11),
)  # fmt: skip
def test_a_drawn_table_is_a_table(read: Any, page: str) -> None:
    tables = read(
        f"<html><body><p>text</p>{page}<p>after</p></body></html>".encode(), "text/html"
    ).tables
    assert ROWS in [[list(row) for row in table.rows] for table in tables]


def test_boxes_beside_each_other_in_a_cell_stay_in_it(read: Any) -> None:
    cell = '<div><div style="display:flex"><i>1</i><b>2</b></div></div>'
    row = f'<div style="display:flex">{cell}<div>x</div></div>'
    [table] = read(f"<html>{row}{row}</html>".encode(), "text/html").tables
    assert [[value.replace(" ", "") for value in row] for row in table.rows] == [["12", "x"]] * 2


def test_a_hidden_drawn_table_is_hidden(read: Any) -> None:
    page = drawn(
        ' style="display:table-row"', ' style="display:table-cell"', "<div hidden>%s</div>"
    )
    [table] = read(page.encode(), "text/html").tables
    assert table.visibility == "hidden"


def test_a_list_of_terms_is_a_table(read: Any) -> None:
    page = "<dl>" + "".join(f"<dt>k{i}<dd>v{i}" for i in range(4)) + "</dl>"
    [table] = read(page.encode(), "text/html").tables
    assert table.rows[1] == ["k1", "v1"]


RECORDS = "[" + ",".join(f'{{"id":{i},"age":{20 + i}}}' for i in range(9)) + "]"


@pytest.mark.parametrize(
    "page",
    [
        f"<script>var rows = {RECORDS};</script>",
        f'<script type="application/json">{RECORDS}</script>',
        f"<script>show([[1,2],[3,4]]); load({RECORDS})</script>",
        f"<div data-rows='{RECORDS}'></div>",
        f"<!--[if mso]><script>x={RECORDS}</script><![endif]-->",
    ],
)  # fmt: skip
def test_records_in_scripts_are_handed_on(read: Any, page: str) -> None:
    parts = read(f"<html><body>{page}</body></html>".encode(), "text/html").parts
    assert [part.content.decode() for part in parts] == [RECORDS]


def test_scripts_that_hold_no_records_are_text(read: Any) -> None:
    reading = read(b"<script>if (a[0]) { b([x]); c([['a']]) } // EMBARGO</script>", "text/html")
    assert "EMBARGO" in reading.hidden and not reading.parts


@pytest.mark.parametrize(
    "page", ["<a href='mailto:x?body=%s'>x</a>", "<p data-note='%s'>x</p>", "<p id='%s'>x</p>"]
)
def test_long_values_of_attributes_are_read(read: Any, page: str) -> None:
    words = "EMBARGO until noon " * 20
    assert "EMBARGO" in read((page % words).encode(), "text/html").hidden


@pytest.mark.parametrize(
    "page",
    ['<p>x</p><a name="EMBARGO > and <p>more</p>', '<p>x</p><a title="EMBARGO', "<p>x</p><a EMBARGO",
     "<a href='mailto:a@dept.example?body=EMBARGO%20until'>x</a>", "<p lang='EMBARGO until noon'>x</p>",
     "<a data-x='EMBARGO until'>x</a>", "<p class='" + "a " * 40 + "EMBARGO'>x</p>"],
)  # fmt: skip
def test_words_in_the_markup_of_a_body_are_read(read: Any, page: str) -> None:
    assert "EMBARGO" in read(page.encode(), "text/html", role="body").hidden


@pytest.mark.parametrize(
    "page",
    ["<p>x</EMBARGO>", "<!DOCTYPE html EMBARGO><p>x", "<p EMBARGO=1>x", "<p style='--x:EMBARGO'>x",
     "<style>@import 'EMBARGO';</style>x", "<p class='EMBARGO'>x</p>"],
)  # fmt: skip
def test_all_markup_of_a_file_is_read(read: Any, page: str) -> None:
    assert "EMBARGO" in read(page.encode(), "text/html").hidden


@pytest.mark.parametrize(
    "page",
    [
        "<p>Dear all</p><p>Regards&nbsp;</p></body></html>\n",
        "<p>Grüße aus Köln</p>",
        "a<br>b &amp; c",
    ],
)
def test_an_ordinary_end_is_not_read_twice(read: Any, page: str) -> None:
    assert not read(page.encode(), "text/html", role="body").hidden

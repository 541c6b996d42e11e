"""Rows that stand in the tags and scripts of a page are tables; what merely draws it is none."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.extract.text.html import read_html
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

ROWS = [[str(7_310_000 + 31 * n), f"AB{n} 1CD", "MF"[n % 2], str(100 + n)] for n in range(9)]
HEAD = ["ref", "postcode", "sex", "pay"]


def _page(inside: str) -> bytes:
    return f"<html><body><p>text</p>{inside}<p>after</p></body></html>".encode()


def test_the_attributes_of_elements_are_records(read: Any) -> None:
    boxes = "".join(
        "<i " + " ".join(f'data-{h}="{c}"' for h, c in zip(HEAD, row, strict=True)) + "></i>"
        for row in ROWS
    )
    rows = [list(map(list, table.rows)) for table in read(_page(boxes), "text/html").tables]
    assert [[f"data-{name}" for name in HEAD], *ROWS] in rows


def test_what_only_outlook_shows_is_looked_at_alike(read: Any) -> None:
    fields = "".join(
        "<i " + " ".join(f'data-{h}="{c}"' for h, c in zip(HEAD, row, strict=True)) + "></i>"
        for row in ROWS
    )
    link = "%0A".join(",".join(row) for row in ROWS[:6]).replace(" ", "+")
    inside = f'<!--[if mso]>{fields}<a href="mailto:?body={link}">write</a><![endif]-->'
    tables = read(_page(inside), "text/html").tables
    assert [[f"data-{name}" for name in HEAD], *ROWS] in [list(map(list, t.rows)) for t in tables]
    assert any(table.location.where.startswith("links") for table in tables)


def test_too_many_cells_that_only_outlook_shows_are_a_gap() -> None:
    cells = "".join(f"<tr><td>{n}</td><td>{n}</td></tr>" for n in range(9))
    content = _page(f"<!--[if mso]><table>{cells}</table><![endif]-->")
    found = list(read_html(Part("1", "text/html", "body", content), ReadLimits(cells=10)))
    assert [gap.reason for gap in found if isinstance(gap, Gap)] == ["limit"]


def test_lists_of_a_script_are_columns_under_their_names(read: Any) -> None:
    lists = ";".join(
        f"var {name} = {list(cells)!r}".replace("'", '"')
        for name, *cells in zip(HEAD, *ROWS, strict=True)
    )
    rows = [list(map(list, t.rows)) for t in read(_page(f"<script>{lists}</script>"), "text/html").tables]  # fmt: skip
    assert [HEAD, *ROWS] in rows


@pytest.mark.parametrize(
    "inside",
    [
        "".join(
            f'<a href="https://news.example/r?utm_source=letter&utm_medium=mail&id={n * 7919}&to={n}">'
            f'<img alt="Picture" src="cid:{n}" width="20" height="30"></a>'
            for n in range(30)
        ),
        "".join(f'<li class="menu-item menu-item-page menu-item-{n * 77}">x</li>' for n in range(30)),
        "".join(f'<td class="xl{n % 7}" style="a: {n}" width="{n}" height="9"></td>' for n in range(30)),
    ],
    ids=["links of a newsletter", "boxes of a menu", "cells of a sheet"],
)  # fmt: skip
def test_links_and_classes_of_an_ordinary_page_are_no_records(read: Any, inside: str) -> None:
    assert not [t for t in read(_page(inside), "text/html").tables if len(t.rows) > 3]

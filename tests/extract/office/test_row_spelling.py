"""However a program writes the rows of a sheet, they are read, quickly, as the exact reader reads
them."""

from __future__ import annotations

import re
import string
from html import escape
from typing import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.extract.office.sheet_rows import read_sheet
from gateway.extract.office.sheet_values import Values
from gateway.extract.office.sheet_walk import Sheet, walk
from gateway.model.limits import ReadLimits
from gateway.model.rows import DeferredRows

LIMITS = ReadLimits()
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES = [0, 5, 6, 0]
SHARED = ["name", "", "Ada Brook", "a  b", "é > ü"]
# Words between tags; what is in a tag stays what it is.
_TAG = re.compile(r"<[^<>]*>")


def document(rows: str, tail: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{MAIN}"><cols>'
        f'<col min="1" max="2"/></cols><sheetData>{rows}</sheetData>{tail}</worksheet>'
    )


def in_tags(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: _TAG.sub(lambda tag: change(tag[0]), text)


def turned(tag: str) -> str:
    return re.sub(r'<c (r="\w+")((?: \w+="[^"]*")+)', r"<c\2 \1", tag)


def prefixed(text: str) -> str:
    return in_tags(lambda tag: re.sub(r"^<(/?)(?=\w)", r"<\1x:", tag))(text).replace(
        "xmlns=", "xmlns:x="
    )


def indented(text: str) -> str:
    """A line for each tag, but where somebody's text begins or ends."""
    return re.sub(r"(?<=>)(?=<(?!/(?:x:)?[tvf]>))", "\r\n\t  ", text)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "places behind": in_tags(turned),
    "no places": in_tags(lambda tag: re.sub(r'<c r="\w+"', "<c", tag)),
    "no numbers of rows": in_tags(lambda tag: re.sub(r'<row r="\w+"', "<row", tag)),
    "more about rows": in_tags(lambda tag: tag.replace("<row", '<row spans="1:9" ht="15.5"')),
    "texts with their blanks": lambda text: re.sub("<(v|t)>", r'<\1 xml:space="preserve">', text),
    "empty values": lambda text: text.replace("<v></v>", "<v/>"),
    "indented": indented,
    "rows on lines": lambda text: text.replace("<row", "\n<row"),
    "blanks in tags": lambda text: text.replace("/>", " />").replace("<sheetData>", "<sheetData >"),
    "apostrophes": in_tags(lambda tag: tag.replace('"', "'")),
    "said who wrote it": lambda text: text.replace("<sheetData>", "<!-- by <x> --><sheetData>"),
    "a note at the end": lambda text: text.replace("</worksheet>", "<!-- sheets --></worksheet>"),
    "an attribute of the data": lambda text: text.replace("<sheetData>", '<sheetData x="1">'),
    "prefixed": prefixed,
}

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6
) | st.sampled_from(["", " ", "it's", 'r="A1"', "x:c", "/row", "a > b", "is>", "  v>", "sheetData"])


@st.composite
def rows(draw: st.DrawFn) -> str:
    out = []
    number = 0
    # Some rows twice: layouts are learnt from the second row of a shape.
    for _ in range(draw(st.integers(0, 5))):
        kinds = draw(st.lists(st.sampled_from("sDnndibeExv"), max_size=5))
        for _ in range(draw(st.integers(1, 3))):
            number += draw(st.sampled_from((1, 1, 1, 4)))
            cells = [draw(cell(f"{a}{number}", kind)) for a, kind in zip(string.ascii_uppercase, kinds, strict=False)]  # fmt: skip
            out.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(out)


@st.composite
def cell(draw: st.DrawFn, ref: str, kind: str) -> str:
    text = escape(draw(TEXTS), quote=False)
    number = draw(st.sampled_from(("1", "12.0", "-3", "0.25", "1.5E-7", "43187.5", "")))
    return {
        "s": f'<c r="{ref}" t="s"><v>{draw(st.integers(0, 4))}</v></c>',
        "n": f'<c r="{ref}"><v>{number}</v></c>',
        "d": f'<c r="{ref}" s="1"><v>{number}</v></c>',
        "D": f'<c r="{ref}" s="1" t="d"><v>2018-03-2{draw(st.integers(0, 9))}T00:00:00</v></c>',
        "i": f'<c r="{ref}" s="0" t="inlineStr"><is><t>{text}</t></is></c>',
        "b": f'<c r="{ref}" t="b"><v>1</v></c>',
        "e": f'<c r="{ref}" s="3"/>',
        "E": f'<c r="{ref}"></c>',
        "x": f'<c r="{ref}" t="str" s="3"><f>"x"&amp;A1</f><v>{text}</v></c>',
        "v": f'<c r="{ref}" t="str"><v>{text}</v></c>',
    }[kind]


def both(text: str, limits: ReadLimits = LIMITS) -> tuple[Sheet, Sheet]:
    data = text.encode()
    pieces = [data[i : i + 300] for i in range(0, len(data), 300)]
    quick = read_sheet(lambda: pieces, Values(SHARED, STYLES, False), limits, limits.cells)
    return quick, walk([data], Values(SHARED, STYLES, False), limits, limits.cells)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows(), st.lists(st.sampled_from(list(SPELLINGS)), unique=True, max_size=5))
def test_every_spelling_is_read_as_the_exact_reader_reads_it(text: str, ways: list[str]) -> None:
    text = document(text, "<headerFooter><oddHeader>&amp;LSecret</oddHeader></headerFooter>")
    for way in ways:
        text = SPELLINGS[way](text)
    quick, slow = both(text)
    assert [list(row) for row in quick.rows] == [list(row) for row in slow.rows]
    assert (quick.total_rows, quick.cells, quick.breaks, quick.formulas, quick.cut, quick.rest) == (
        slow.total_rows, slow.cells, slow.breaks, slow.formulas, slow.cut, slow.rest,
    )  # fmt: skip


@pytest.mark.parametrize("way", SPELLINGS)
def test_spellings_that_programs_use_take_the_quick_way(way: str) -> None:
    records = "".join(
        f'<row r="{n}"><c r="A{n}" t="s" s="0"><v>2</v></c><c r="B{n}"><v>{n}.5</v></c></row>'
        for n in range(1, 60)
    )
    quick, slow = both(SPELLINGS[way](document(records)))
    assert isinstance(quick.rows, DeferredRows)
    assert quick.rows == slow.rows
    assert quick.rows[57] == ["Ada Brook", "58.5"]


def test_a_spelling_may_change_within_a_sheet() -> None:
    plain = '<row r="1"><c r="A1" s="0"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>'
    for change in SPELLINGS.values():
        quick, slow = both(document(plain * 40 + change(plain) * 40))
        assert [list(row) for row in quick.rows] == [list(row) for row in slow.rows]


def test_rows_outside_of_the_data_are_rows() -> None:
    """A table that another program put into the sheet, and names that only seem to be the sheet's."""
    row = '<row r="1"><c r="A1"><v>7</v></c></row>'
    false = "<y:sheetData xmlns:y='y'></y:sheetData>"
    for text in (
        document(row, f"<extLst><ext>{row}</ext></extLst>"),
        document(row).replace("<cols>", f"{false}<cols>"),
        document(row, f"<sheetData>{row}</sheetData>"),
        document(row).replace("<cols>", "<!-- <sheetData> --><cols>"),
        document(row).replace("</sheetData>", "<!-- told --></sheetData>"),
        document(f"<![CDATA[</row>]]>{row}"),
    ):
        quick, slow = both(text)
        assert [list(row) for row in quick.rows] == [list(row) for row in slow.rows]
        assert quick.rest == slow.rest


@pytest.mark.parametrize("place", ['r="{name}{n}" ', ""])
@pytest.mark.parametrize("lead", ["", '<c r="A1" s="0"/>' * 500])
def test_of_a_row_with_a_million_columns_the_first_are_read_and_the_rest_is_a_gap(
    place: str, lead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.extract.office.sheet_rows.MAX_ROW", 2000)
    names = [a + b for a in string.ascii_uppercase for b in string.ascii_uppercase]
    wide = "".join(f"<c {place.format(name=name, n=1)}><v>5</v></c>" for name in names)
    last = '<row r="2"><c r="A2"><v>9</v></c></row>'
    quick, slow = both(document(f'<row r="1">{lead}{wide}</row>{last}'), ReadLimits(columns=90))
    assert quick.cut == slow.cut == "more than 90 columns"
    assert [list(row) for row in quick.rows] == [list(row) for row in slow.rows]

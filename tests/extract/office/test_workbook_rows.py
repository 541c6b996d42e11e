"""Rows that are made when they are looked at say what the slow, exact reader says."""

from __future__ import annotations

import datetime as dt
import io
from html import escape
from typing import Any, Callable

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.detect import Context, Detectors, DetectorSpec
from gateway.extract import read_part
from gateway.extract.office.sheet_rows import _tokenize, read_sheet
from gateway.extract.office.sheet_values import Values
from gateway.extract.office.sheet_walk import Sheet, walk
from gateway.extract.types import XLSX
from gateway.model.content import Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Location, Part
from gateway.model.release import ReleaseWords
from gateway.model.rows import DeferredRows

LIMITS = ReadLimits()
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES = [0, 5, 6, 0]
NOW = dt.datetime(2018, 3, 27, 12, tzinfo=dt.UTC)
WORDS = ReleaseWords(
    release="retail",
    title="Retail sales in 2018",
    banner="Retail sales 2018 figures",
    subject_words=("retail trade 7",),
)


def document(rows: str) -> bytes:
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    ).encode()


def both(
    rows: str, shared: list[str], limits: ReadLimits = LIMITS, values: type[Values] = Values
) -> tuple[Sheet, Sheet]:
    data = document(rows)
    pieces = [data[i : i + 400] for i in range(0, len(data), 400)]
    quick = read_sheet(lambda: pieces, values(shared, STYLES, False), limits, limits.cells)
    slow = walk([data], values(shared, STYLES, False), limits, limits.cells)
    return quick, slow


# Pieces of phrases and what may stand around them.
FRAGMENTS = st.sampled_from(
    "embargoed until|embargo|embar-|goed|not for|publication|Not|for|use|no|No part|of|casino|"
    "secret|s|e|c|r|t|e c|r e t|E|M|B|A|R|G|retail|sales|in|2018|figures|Retail sales|trade|7|70|"
    "do not|Do|share|this|in confidence|in|Confidence in government|-|–|—| |''|`|official|Male|"
    "hold|until|09:30|28 March 2018|emb\u00adargo|EMBARGO\u200bED|é|ﬁgures|no\u00a0publication|"
    "publi-|cation|restric-|  not  |x_x0041_y|_x0045_MBARGO|a & b|<b>|\u0430|private until|noon".split(
        "|"
    )
)
TEXTS = st.one_of(
    FRAGMENTS,
    st.lists(FRAGMENTS, min_size=2, max_size=3).map(" ".join),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6),
)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Rows of a sheet in raw XML, and a table of shared strings."""
    shared = draw(st.lists(TEXTS, min_size=1, max_size=12))
    out: list[str] = []
    number = 0
    for _ in range(draw(st.integers(0, 7))):
        number += draw(st.sampled_from((1, 1, 1, 1, 3)))
        cells = []
        column = 0
        for _ in range(draw(st.integers(0, 6))):
            column += draw(st.sampled_from((1, 1, 1, 2)))
            cells.append(draw(cell(f"{chr(64 + column)}{number}", shared)))
        head = draw(st.sampled_from((f'<row r="{number}">', f'<row r="{number}" spans="1:6">')))
        tail = draw(st.sampled_from(("", "", "", "\n ", f'<row r="{number + 1}"/>')))
        out.append(head + "".join(cells) + "</row>" + tail)
    return "".join(out), shared


@st.composite
def cell(draw: st.DrawFn, ref: str, shared: list[str]) -> str:
    kind = draw(st.sampled_from("sssssnnndtbeifrpx"))
    text = escape(draw(TEXTS), quote=False)
    if kind == "s":
        return f'<c r="{ref}" t="s"><v>{draw(st.integers(0, len(shared) - 1))}</v></c>'
    if kind == "n":
        value = draw(
            st.sampled_from(("1", "7", "2018", "0.5", "-3", "1.5E-7", "12.0", "1e300", ""))
        )
        return f'<c r="{ref}"><v>{value}</v></c>'
    if kind in "dt":
        value = draw(st.sampled_from(("43187.395833333336", "0.395833333", "43187")))
        return f'<c r="{ref}" s="{"1" if kind == "d" else "2"}"><v>{value}</v></c>'
    return {
        "b": f'<c r="{ref}" t="b"><v>1</v></c>',
        "e": f'<c r="{ref}" t="e"><v>#N/A</v></c>',
        "i": f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>',
        "f": f'<c r="{ref}" t="str"><f>"a"&amp;B1</f><v>{text}</v></c>',
        "r": f'<c r="{ref}" t="inlineStr"><is><r><rPr><b/></rPr><t xml:space="preserve">{text}</t>'
        "</r><r><t>ed</t></r></is></c>",
        "p": f'<c r="{ref}" t="str"><v>{text}</v></c>',
        "x": f'<c r="{ref}" s="3"/>',
    }[kind]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets())
def test_the_quick_reader_and_the_exact_one_agree(sheet: tuple[str, list[str]]) -> None:
    quick, slow = both(*sheet)
    assert [list(row) for row in quick.rows] == [list(row) for row in slow.rows]
    assert (quick.total_rows, quick.cells, quick.breaks, quick.formulas, quick.cut) == (
        slow.total_rows, slow.cells, slow.breaks, slow.formulas, slow.cut,
    )  # fmt: skip
    if isinstance(quick.rows, DeferredRows):
        known = {"", "TRUE", "FALSE", *quick.rows.texts()[0], *quick.rows.texts()[1]}
        for row in quick.rows:
            for text in row:
                assert text in known or not set(text) - set("0123456789.:-+e ")
        assert quick.rows.cells == sum(map(len, slow.rows))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets())
def test_nothing_is_passed_over_that_the_text_of_the_rows_would_have_shown(
    sheet: tuple[str, list[str]],
) -> None:
    same(*sheet)


DETECTORS = Detectors(DetectorSpec((WORDS,)))


def same(rows: str, shared: list[str]) -> None:
    """The detectors say the same of rows that are made when needed and of rows that are there."""
    quick, slow = both(rows, shared)
    found = []
    for given_rows in (quick.rows, [list(row) for row in slow.rows]):
        table = Table(Location("1", None, "sheet S"), given_rows, "visible", 0, "workbook")
        found.append(DETECTORS.inspect([table], Context(NOW, NOW, "Europe/London")))
    assert found[0] == found[1]


def cells(*rows: list[str]) -> str:
    out = []
    for number, row in enumerate(rows, 1):
        inner = "".join(
            f'<c r="{chr(65 + at)}{number}" t="s"><v>{text}</v></c>'
            if isinstance(text, int)
            else f'<c r="{chr(65 + at)}{number}"><v>{text}</v></c>'
            for at, text in enumerate(row)
        )
        out.append(f'<row r="{number}">{inner}</row>')
    return "".join(out)


def detected(rows: str, shared: list[str]) -> set[str]:
    quick, _ = both(rows, shared)
    assert isinstance(quick.rows, DeferredRows)
    table = Table(Location("1", None, "sheet S"), quick.rows, "visible", 0, "workbook")
    found = DETECTORS.inspect([table], Context(NOW, NOW, "Europe/London"))
    return {f.kind for f in found.findings} | {m.how for m in found.mentions}


def test_a_banner_with_its_time_in_the_next_cell_is_found() -> None:
    shared = ["Embargoed until", "09:30 on 28 March 2018"]
    assert "embargo-banner" in detected(cells([0, 1]), shared)
    stamp = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>43187.39583333</v></c></row>'
    assert "embargo-banner" in detected(stamp, shared)


def test_a_phrase_across_cells_and_rows_is_found() -> None:
    shared = ["Not", "for", "publication before 28 March 2018 9:30am", "EMBAR-", "GOED until 9:30 on 28 March 2018"]  # fmt: skip
    assert "embargo-banner" in detected(cells([0, 1, 2]), shared)
    assert "embargo-banner" in detected(cells([0], [1], [2]), shared)
    assert "embargo-banner" in detected(cells([3], [4]), shared)


def test_cells_without_letters_do_not_part_a_phrase() -> None:
    shared = ["Retail", "sales in 2018", "-", "–"]
    assert "title" in detected(cells([0, 2, 3, 1]), shared)
    assert "title" in detected(cells([0], *([2] for _ in range(20)), [1]), shared)
    assert not detected(cells([0, "4", 1]), shared)


def test_a_title_with_its_year_in_the_next_cell_is_found() -> None:
    shared = ["Retail sales in", "Retail trade"]
    assert "title" in detected(cells([0, "2018"]), shared)
    assert "subject-words" in detected(cells([1], ["7"]), shared)


def test_rows_are_not_made_where_no_phrase_can_be() -> None:
    """Codes of one letter, a yes and a no, and words that begin phrases but never meet the rest."""
    shared = [*"ABCDEFGHIJKLMNOPQRSTU", "Yes", "No", "Do not know", "part of", "not for"]
    rows = cells(*[[i % 21, "5", 21 + i % 3, "7", 24 + i % 2] for i in range(6000)])
    quick, _ = both(rows, shared)
    made = 0
    store = quick.rows._store  # type: ignore[attr-defined]
    parse = store.parse

    def counted(raw: bytes) -> list[str]:
        nonlocal made
        made += 1
        return parse(raw)

    store.parse = counted
    table = Table(Location("1", None, "sheet S"), quick.rows, "visible", 6000, "workbook")
    DETECTORS.inspect([table], Context(NOW, NOW, "Europe/London"))
    assert made < 3000


def test_blank_rows_do_not_push_records_out_of_sight() -> None:
    blank = "".join(f'<row r="{n}"><c r="A{n}"><v></v></c></row>' for n in range(1, 200))
    empty = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 200))
    last = '<row r="200"><c r="A200"><v>5</v></c></row>'
    for rows in (blank + last, empty + last):
        quick, slow = both(rows, [""])
        assert quick.rows == slow.rows == [["5"]]
        assert quick.total_rows == slow.total_rows == 1


def test_a_row_that_only_seems_like_the_others_is_read_exactly() -> None:
    """Digits in the names of tags leave the shape as it is."""
    first = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1</v></c></row>'
    second = '<row r="2"><c r="A2" t="s"><v>0</v></c><c9 r="B2"><v>2</v></c9></row>'
    quick, slow = both(first + second, ["x"])
    assert [list(row) for row in quick.rows] == [list(row) for row in slow.rows]


def test_limits_cut_both_alike() -> None:
    rows = cells(*[["1", "2", "3"] for _ in range(50)])
    for limits in (ReadLimits(cells=30), ReadLimits(columns=2)):
        quick, slow = both(rows, [], limits)
        assert quick.cut == slow.cut != ""
        assert quick.rows == slow.rows
        assert quick.total_rows == slow.total_rows


def test_no_cell_is_lost_where_two_claim_one_place() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c><c r="B1"><v>3</v></c></row>'
    quick, slow = both(rows, [])
    assert quick.rows == slow.rows == [["1", "3", "2"]]


def test_a_row_of_too_many_cells_is_cut_and_says_so() -> None:
    for reference in ('r="A1"', 'r="ABCDE1"', ""):
        rows = '<row r="1">' + f"<c {reference}><v>1</v></c>" * 500 + "</row>"
        for sheet in both(rows, [], ReadLimits(columns=200)):
            assert sheet.cut == "more than 200 columns"
            assert 0 < len(sheet.rows[0]) <= 200


def test_rows_before_damage_are_kept_and_the_damage_is_said() -> None:
    data = document(cells(["1"], ["2"])).replace(b"</worksheet>", b"<a></worksheet>")
    sheet = read_sheet(lambda: [data], Values([], STYLES, False), LIMITS, 100)
    assert sheet.rows == [["1"], ["2"]]
    assert sheet.cut.startswith("damaged")


def test_usual_sheets_take_the_quick_way() -> None:
    for shared in (True, False):
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"constant_memory": not shared, "in_memory": True})
        sheet = book.add_worksheet()
        for row in range(20):
            sheet.write_row(row, 0, [row, row / 8, f"name {row}", "é", True])
            sheet.write_formula(row, 5, "=A1*2", value=row * 2)
        book.close()
        part = Part("1", XLSX, "attachment", out.getvalue())
        [table] = [c for c in read_part(part, LIMITS) if isinstance(c, Table)]
        assert isinstance(table.rows, DeferredRows)
        assert table.rows[3] == ["3", "0.375", "name 3", "é", "TRUE", "6"]


def test_strings_of_deleted_cells_are_told_from_those_in_use(read: Callable[..., Any]) -> None:
    book = openpyxl.Workbook()
    for row in (["b", "a"], ["c", "b"], [None, "d"]):
        book.active.append(row)
    second = book.create_sheet("Two")
    second.append(["e", "a"])
    out = io.BytesIO()
    book.save(out)
    assert "a" not in read(out.getvalue()).hidden.split("\n")


def test_the_tokenizer_is_what_is_tested() -> None:
    data = document(cells([0, "5"]))
    sheet = _tokenize([data], Values(["x"], STYLES, False), LIMITS, 100)
    assert sheet.rows == [["x", "5"]]


@st.composite
def divided(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A phrase that detectors look for, its words spread over cells and rows as shared strings,
    inline ones or numbers, with cells between that say nothing or something."""
    words = draw(st.sampled_from(PHRASES)).split()
    pieces, at = [], 0
    while at < len(words):
        end = draw(st.integers(at + 1, len(words)))
        pieces.append(" ".join(words[at:end]))
        at = end
    pieces[0] = draw(st.sampled_from(("", "x ", "so ", "no"))) + pieces[0]
    pieces[-1] += draw(st.sampled_from(("", "s", " 28 March 2018 09:30", "ation")))
    shared = ["-", "", "other", *pieces]
    shared += draw(st.lists(TEXTS, max_size=3))
    rows, cells_, number = [], [], 1
    for at, piece in enumerate(pieces):
        column = chr(65 + len(cells_))
        way = draw(st.sampled_from("sssinn"))
        if way == "n" and piece.isdecimal():
            cells_.append(f'<c r="{column}{number}"><v>{piece}</v></c>')
        elif way == "i":
            cells_.append(f'<c r="{column}{number}" t="inlineStr"><is><t>{piece}</t></is></c>')
        else:
            cells_.append(f'<c r="{column}{number}" t="s"><v>{3 + at}</v></c>')
        column = chr(65 + len(cells_))
        between = draw(st.sampled_from(("", "", "", "blank", "0", "1", "2", "number")))
        if between == "blank":
            cells_.append(f'<c r="{column}{number}" s="1"/>')
        elif between == "number":
            cells_.append(f'<c r="{column}{number}"><v>5</v></c>')
        elif between:
            cells_.append(f'<c r="{column}{number}" t="s"><v>{between}</v></c>')
        if draw(st.integers(0, 3)) == 0:
            rows.append(f'<row r="{number}">{"".join(cells_)}</row>')
            cells_, number = [], number + 1
    rows.append(f'<row r="{number}">{"".join(cells_)}</row>')
    return "".join(rows), shared


PHRASES = [
    phrase
    for phrase in DETECTORS._phrases
    if " " in phrase
]  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(divided())
def test_phrases_divided_among_cells_are_found_as_in_running_text(
    sheet: tuple[str, list[str]],
) -> None:
    same(*sheet)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets(), st.integers(2, 4))
def test_rows_of_one_shape_are_read_as_each_by_itself(
    sheet: tuple[str, list[str]], times: int
) -> None:
    """A layout is learnt from a shape's second row, and used from then on."""
    rows, shared = sheet
    quick, slow = both(rows * times, shared)
    again = [[list(row) for row in quick.rows[:]] for _ in range(2)]
    assert again[0] == again[1] == [list(row) for row in slow.rows]
    if isinstance(quick.rows, DeferredRows):
        store = quick.rows._store  # type: ignore[attr-defined]
        assert [store.parse(raw) for raw in store.raw] == again[0]


def test_words_that_only_seem_to_end_are_not_taken_for_rows() -> None:
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1"><v>1</v></c></row>'
    broken = row.replace("</t></is>", "<is><t>", 1).replace("<v>1", "</t></is><v>1")
    for rows in (row + broken, broken + row):
        quick, slow = both(rows, [])
        assert [list(found) for found in quick.rows] == [list(found) for found in slow.rows]
        assert quick.cut == slow.cut


BESIDE = {
    "before a cell": '<row r="1">EMBARGOED<c r="A1"><v>1</v></c></row>',
    "behind a cell": '<row r="1"><c r="A1"><v>1</v></c>EMBARGOED</row>',
    "in a cell": '<row r="1"><c r="A1">EMBARGOED<v>1</v></c></row>',
    "between rows": '<row r="1"/>EMBARGOED<row r="2"/>',
    "in another element": '<row r="1"><c r="A1"><v>1</v><x>EMBARGOED</x></c></row>',
    "in an element among rows": '<row r="1"/><x>EMBARGOED</x><row r="2"/>',
    "in an element of a string":
        '<row r="1"><c r="A1" t="inlineStr"><is><x>EMBARGOED</x></is></c></row>',
    "in a remark": '<row r="1"><!--EMBARGOED--><c r="A1"><v>1</v></c></row>',
    "in a remark between rows": '<row r="1"/><!--EMBARGOED--><row r="2"/>',
    "in a remark in a value": '<row r="1"><c r="A1"><v>1<!--EMBARGOED--></v></c></row>',
    "in an instruction": '<row r="1"><?x EMBARGOED?><c r="A1"><v>1</v></c></row>',
    "in a cell that no row has": '<x><c r="A1"><v>EMBARGOED</v></c></x>',
}  # fmt: skip


@pytest.mark.parametrize("rows", BESIDE.values(), ids=BESIDE)
def test_words_among_the_cells_that_are_in_none_are_read(rows: str) -> None:
    usual = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(3, 9))
    for quick, _ in (both(rows + usual, []), both(usual + rows, [])):
        assert "EMBARGOED" in quick.rest
        assert len(quick.rows) >= 6

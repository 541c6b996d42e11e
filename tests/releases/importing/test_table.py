"""Sheets of roles and people: heads in several spellings, and every fault of every row at once."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.model.fault import Faults
from gateway.releases.importing.heads import SPELLINGS, meaning
from gateway.releases.importing.table import MAX_ROWS, Sheet, read_sheets


def sheet(text: str, name: str = "list.csv", hidden: bool = False) -> Sheet:
    return Sheet(name, [line.strip().split("|") for line in text.strip().splitlines()], hidden)


def faults(*sheets: Sheet) -> list[str]:
    with pytest.raises(Faults) as caught:
        read_sheets(sheets)
    return [str(fault).split("\n")[0] for fault in caught.value.faults]


def test_a_row_becomes_a_line_with_everything_that_it_says() -> None:
    (line,) = read_sheets(
        [sheet("""
            Pre-release access list
            Job title|Department|Number|E-mail address|Name|Start date|End date|Declaration date|Version|Expiry
            Media Officer|The Department|2|D.Ash@dept.example|Dee Ash|8/1/2018|30/6/2018|10/1/2018|3|10/1/2019
        """)]
    ).lines  # fmt: skip
    assert (line.title, line.organisation, line.count) == ("Media Officer", "The Department", 2)
    assert (line.address, line.name) == ("d.ash@dept.example", "Dee Ash")
    assert (line.starts, line.ends) == (date(2018, 1, 8), date(2018, 6, 30))
    assert (line.signed, line.version, line.expires) == (date(2018, 1, 10), 3, date(2019, 1, 10))
    assert line.place == ("list.csv", 3)


@pytest.mark.parametrize(
    ("head", "what"),
    [("E-MAIL ADDRESS:", "address"), ("No. of people", "count"), ("Post-holder", "name"),
     ("  job   title ", "title"), ("Telephone", None), ("", None)],
)  # fmt: skip
def test_heads_are_known_whatever_their_capitals_and_signs(head: str, what: str | None) -> None:
    assert meaning(head) == what


def test_no_spelling_means_two_things() -> None:
    spelt = [spelling for spellings in SPELLINGS.values() for spelling in spellings]
    assert len(spelt) == len(set(spelt))


def test_every_fault_of_every_row_is_told_at_once() -> None:
    assert faults(
        sheet("""
            Role|Email|From|To
            |a@dept.example||
            Media Officer|nobody||
            =cmd()|a@dept.example|2018-02-30|
            Media Officer|a@dept.example|2019-01-01|2018-01-01
        """)
    ) == [
        "list.csv:2: no role or title",
        "list.csv:3:2: Email: not an e-mail address",
        "list.csv:4:1: Role: looks like a formula",
        "list.csv:4:3: From: no such day in the calendar",
        "list.csv:5: the end comes before the beginning",
    ]


def test_a_declaration_that_expires_unsigned_is_a_fault() -> None:
    found = faults(sheet("Role|Email|Signed|Expires\nMedia|a@dept.example||2019-01-01"))
    assert found == ["list.csv:2: a declaration expires that nobody signed"]


def test_columns_that_are_not_known_are_named_and_left_out() -> None:
    listing = read_sheets([sheet("Role|Telephone|Room\nMedia|123|4")])
    assert listing.notes == ("list.csv: left out: Telephone, Room",)


def test_two_columns_of_one_meaning_are_a_fault() -> None:
    assert faults(sheet("Role|Email|Mail\nMedia|a@dept.example|b@dept.example")) == [
        "list.csv:1: two columns both say 'address'"
    ]


def test_a_file_without_roles_is_a_fault() -> None:
    assert faults(sheet("Telephone|Room\n1|2")) == ["list.csv: no column of roles"]
    assert faults(sheet("Role|Email")) == ["list.csv: there is nothing below the heads"]


def test_a_hidden_list_is_a_fault_and_no_hidden_place() -> None:
    found = faults(
        sheet("Role\nMedia", "book.xlsx, sheet One"), sheet("Role\nX", "book.xlsx, sheet Two", True)
    )
    assert found == ["book.xlsx, sheet Two: a hidden sheet has a list of roles"]


def test_sheets_about_something_else_are_left_out_and_said() -> None:
    listing = read_sheets([sheet("Notes\nRead me", "b.xlsx, sheet A"), sheet("Role\nMedia", "b")])
    assert [line.title for line in listing.lines] == ["Media"]
    assert listing.notes[0].startswith("b.xlsx, sheet A: no column of roles")


def test_no_list_is_endless() -> None:
    rows = [["Role"], *([f"Officer {n}"] for n in range(MAX_ROWS))]
    assert "no pre-release list is so long" in faults(Sheet("list.csv", rows))[0]

"""A calendar that somebody keeps in a spreadsheet."""

from __future__ import annotations

from typing import Any

import pytest

HEAD = "id,title,date,time,zone,state\n"


@pytest.mark.parametrize(
    ("row", "meant"),
    [
        ("cla,Children in care,2018-03-28,09:30,,", "2018-03-28 09:30 +0100 confirmed"),
        ("cla,Children in care,28/03/2018,9:30am,,provisional", "2018-03-28 09:30 +0100 provisional"),
        ("cla,Children in care,28 March 2018,09:30:00,,", "2018-03-28 09:30 +0100 confirmed"),
        ("cla,Children in care,28 March 2018 9:30am,,,", "2018-03-28 09:30 +0100 confirmed"),
        ("cla,Children in care,2018-03-28,10:30,Europe/Paris,", "2018-03-28 09:30 +0100 confirmed"),
        ("cla,Children in care,2018-03-28,,,postponed", "2018-03-28 postponed"),
        ("cla,Children in care,March 2018,,,provisional", "no day provisional"),
    ],
)  # fmt: skip
def test_a_row_says_when(read: Any, shown: Any, row: str, meant: str) -> None:
    listing = read("csv", HEAD + row + "\n")
    assert [shown(one) for one in listing.announcements] == [meant]
    assert not listing.faults


def test_every_fault_of_every_row_is_told_with_its_line(read: Any, shown: Any) -> None:
    listing = read(
        "csv",
        HEAD
        + "a,First,2018-03-28,25:00,,\n"
        + "b,Second,03/28/2018,09:30,,\n"
        + "c,Third,2018-03-28,09:30,Mars/Olympus,\n"
        + "\n"
        + "d,Fourth,2018-03-28,09:30,,maybe\n"
        + ",Fifth,2018-03-28,09:30,,\n"
        + "f,Sixth,2018-03-28,09:30,,\n",
    )
    assert [fault.line for fault in listing.faults] == [2, 3, 4, 6, 7]
    undated = [one.key for one in listing.announcements if one.instant is None]
    assert undated == ["a", "b", "c", "d"]
    assert shown(listing.announcements[-1]) == "2018-03-28 09:30 +0100 confirmed"


def test_semicolons_tabs_and_a_byte_order_mark_are_read(read: Any) -> None:
    for mark in ";\t":
        text = "\ufeff" + (HEAD + "a,First,2018-03-28,09:30,,\n").replace(",", mark)
        assert len(read("csv", text).announcements) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"title,date\nx,2018-03-28\n", "no column id"),
        (b"id,id,title,date\n", "two columns id"),
        (b"id,title,date\n\xe9,x,2018-03-28\n", "not UTF-8"),
        (b'id,title,date\n"a,x,2018-03-28\n', "not CSV"),
        (b"", "no column id, title, date"),
        (b"id,title,date\n", "there is not one announcement in it"),
    ],
)
def test_what_is_no_such_table_gives_nothing(read: Any, content: bytes, why: str) -> None:
    listing = read("csv", content)
    assert not listing.announcements
    assert why in str(listing.faults[0])


def test_more_rows_than_a_calendar_has_are_refused(read: Any) -> None:
    listing = read("csv", HEAD + "a,First,2018-03-28,09:30,,\n" * 20_001)
    assert not listing.announcements
    assert "more than 20000 entries" in str(listing.faults[0])

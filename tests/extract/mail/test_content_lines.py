"""Calendars and cards give up every line, what is folded, coded or attached in them included."""

from __future__ import annotations

import base64
from typing import Any

import pytest

ROWS = "id,age,sex\n" + "".join(f"{i},{20 + i},{i % 2}\n" for i in range(12))
CODED = base64.b64encode(ROWS.encode()).decode()
LONG = base64.b64encode(ROWS.encode() * 4).decode()


def folded(line: str) -> str:
    return "\r\n ".join(line[i : i + 70] for i in range(0, len(line), 70))


def calendar(*lines: str) -> bytes:
    inside = "\r\n".join(map(folded, lines))
    return (
        f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{inside}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()
    )


@pytest.mark.parametrize(
    "line",
    ["DESCRIPTION:EMBARGO", "COMMENT:EMBARGO", "SUMMARY;LANGUAGE=en:EMBARGO", "LOCATION:EMBARGO",
     "ATTENDEE;CN=EMBARGO:mailto:a@dept.example", 'ORGANIZER;CN="EMBARGO: x":mailto:a@dept.example',
     "X-ANYTHING:EMBARGO", "CLASS:the EMBARGO", "PRODID:" + "x" * 100 + "EMBARGO", "EMBARGO",
     "X-ALT-DESC;FMTTYPE=text/html:<p>EM<b>BARGO</b></p>", "DESCRIPTION:" + "y" * 64 + "EMBARGO",
     "DESCRIPTION;ENCODING=QUOTED-PRINTABLE:=45MBARGO"],
)  # fmt: skip
def test_every_line_of_a_calendar_is_read(nested: Any, line: str) -> None:
    assert "EMBARGO" in nested(calendar(line), "text/calendar").text


@pytest.mark.parametrize(
    "line",
    [f"ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=rows.csv:{CODED}",
     f'ATTACH;VALUE=BINARY;ENCODING=BASE64;FILENAME="rows.csv":{CODED}',
     f"ATTACH:data:text/csv;base64,{CODED}", f"DESCRIPTION:{LONG}",
     f"IMAGE;VALUE=BINARY;ENCODING=BASE64:{CODED}"],
)  # fmt: skip
def test_files_inside_a_calendar_are_read(nested: Any, line: str) -> None:
    found = nested(calendar(line), "text/calendar")
    assert found.tables and not found.gaps


def test_an_undecodable_file_in_a_calendar_is_a_gap(nested: Any) -> None:
    found = nested(calendar("ATTACH;ENCODING=BASE64:abcde"), "text/calendar")
    assert found.reasons == {"unreadable"}


def card(name: str, *lines: str) -> str:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", *lines, "END:VCARD", ""])


def test_the_words_of_a_card_are_read(nested: Any) -> None:
    text = card(
        "A. Field", "NOTE:EMBARGO until", "  noon", "item1.X-ABLABEL:LABEL", "ORG:Dept;Unit"
    )
    found = nested(text.encode(), name="a.vcf")
    assert "EMBARGO until noon" in found.text and "LABEL" in found.text and "Unit" in found.text
    assert not found.tables


def test_many_cards_are_a_list_of_persons(nested: Any) -> None:
    cards = "".join(
        card(
            f"Person {i}",
            f"EMAIL;TYPE=work:p{i}@dept.example",
            f"TEL:+44 20 0000 {i:04}",
            f"X-AGE:{i}",
        )
        for i in range(20)
    )
    table, *_ = nested(cards.encode(), "text/vcard").tables
    assert table.rows[0] == ["name", "email", "telephone", "x-age"]
    assert table.rows[3] == ["Person 2", "p2@dept.example", "+44 20 0000 0002", "2"]
    assert table.total_rows == 21 and table.form == "records"


def test_old_cards_in_quoted_printable_are_read(nested: Any) -> None:
    text = "BEGIN:VCARD\nVERSION:2.1\nNOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:EM=\nBARGO=20=C3=BC\nEND:VCARD\n"
    assert "EMBARGO ü" in nested(text.encode(), "text/x-vcard").text


@pytest.mark.parametrize(
    "line",
    [f"PHOTO;ENCODING=b:{CODED}", f"KEY:data:text/csv;base64,{CODED}", f"LOGO;BASE64:{CODED}"],
)
def test_files_inside_a_card_are_read(nested: Any, line: str) -> None:
    found = nested(card("A", folded(line)).encode(), "text/vcard")
    assert found.tables and found.tables[0].rows[1] == ["0", "20", "0"]


@pytest.mark.parametrize(
    "value", ["Это секрет: EMBARGO", "????EMBARGO", "Ää EMBARGO", "data:EMBARGO"]
)
def test_what_is_called_a_file_and_is_none_is_read_as_words(nested: Any, value: str) -> None:
    found = nested(calendar(f"X-A;ENCODING=BASE64:{value}"), name="a.ics")
    assert "EMBARGO" in found.text and found.reasons == {"unreadable"}


def test_a_file_without_content_is_no_gap(nested: Any) -> None:
    assert not nested(calendar("ATTACH;ENCODING=BASE64;VALUE=BINARY:"), name="a.ics").gaps

"""Names, words and dates as the wild writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Callable

import pytest

from gateway.model.message import Message
from gateway.parse.dates import read_date
from gateway.parse.parameters import read_disposition, read_type
from gateway.parse.words import header_value

Parse = Callable[..., Message]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b" plain", "plain"),
        (b" =?utf-8?B?RsO8aHJ1bmc=?=", "Führung"),
        (b" =?iso-8859-1?q?a_=E4?= =?iso-8859-1?q?_b?=", "a ä b"),
        (b" =?utf-8?B?w4Q=?=\r\n =?utf-8?B?w5Y=?= end", "ÄÖ end"),
        (b" =?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€"),
        (b" =?utf-8*en?q?lang?=", "lang"),
        (b' "=?utf-8?q?quoted?=" <a@dept.example>', '"quoted" <a@dept.example>'),
        (b" =?x-nothing?q?=C3=A4?=", "ä"),
        (b" =?utf-8?q?with blank?=", "with blank"),
        ("raw ü".encode(), "raw ü"),
        ("raw ü".encode("latin-1"), "raw ü"),
        (b" =?utf-8?q?broken", "=?utf-8?q?broken"),
        (b" =?utf-8?B?!!!?=", ""),
    ],
)
def test_header_text(raw: bytes, value: str) -> None:
    assert header_value(raw) == value


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b'attachment; filename="a b.xlsx"', "a b.xlsx"),
        (b"attachment; filename=a b.xlsx", "a b.xlsx"),
        (b"attachment; filename*=UTF-8''%E2%82%AC%20rates.csv", "€ rates.csv"),
        (b"attachment; filename=fallback.csv; filename*=utf-8'en'real%2Ecsv", "real.csv"),
        (b'attachment; filename*1="b.csv"; filename*0="a"', "ab.csv"),
        (b"attachment; filename*0*=utf-8''%C3%A4; filename*1=b; filename*2*=%2Ec", "äb.c"),
        (b'attachment; filename="=?utf-8?q?=C3=A4?=.csv"', "ä.csv"),
        ('attachment; filename="ä.csv"'.encode(), "ä.csv"),
        ('attachment; filename="ä.csv"'.encode("latin-1"), "ä.csv"),
        (b'attachment; filename="a\\"b.csv"', 'a"b.csv'),
        (b'attachment; filename="unclosed.csv', "unclosed.csv"),
        (b"attachment; filename='single.csv'", "single.csv"),
        (b"filename=bare.csv", "bare.csv"),
        (b'attachment;;; filename="x.csv";', "x.csv"),
    ],
)
def test_file_names(raw: bytes, name: str) -> None:
    assert read_disposition(raw).get("filename") == name


@pytest.mark.parametrize(
    ("raw", "main"),
    [
        (b"Text/HTML; charset=x", "text/html"),
        (b'application/pdf name="a.pdf"', "application/pdf"),
        (b"text/plain (comment); charset=x", "text/plain"),
        (b"nonsense", ""),
        (b"", ""),
    ],
)
def test_content_types(raw: bytes, main: str) -> None:
    assert read_type(raw).main == main


def test_both_names_of_a_part_are_kept(parse: Parse) -> None:
    raw = "Content-Type: text/csv; name=one.csv\r\nContent-Disposition: attachment; filename=two.csv\r\n\r\nx"
    [part] = parse(raw).parts
    assert part.name == "two.csv"
    assert {("name", "one.csv"), ("filename", "two.csv")} <= set(part.parameters)


def test_a_named_text_is_an_attachment_and_a_picture_of_the_page_is_inline(parse: Parse) -> None:
    assert parse("Content-Type: text/plain; name=a.txt\r\n\r\nx").parts[0].role == "attachment"
    head = b"Content-Type: image/gif; name=a.gif\r\nContent-ID: <a>\r\n\r\n"
    gif = b"GIF89a\1\0\1\0\0\0\0\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0\x3b"
    assert parse(head + gif).parts[0].role == "inline"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/png", b"name,age"),
        ("image/gif", b"GIF89aname,age"),
        ("image/gif", b"GIF89a\1\0\1\0\0\0\0\x3bname,age"),
        ("application/octet-stream", b"$FL2@(#)"),
        ("text/csv", b"name,age"),
    ],
)
def test_a_content_id_does_not_make_less_of_a_file(parse: Parse, kind: str, content: bytes) -> None:
    head = f"Content-Type: {kind}; name=a\r\nContent-ID: <a>\r\nContent-Disposition: inline"
    assert parse(head.encode() + b"\r\n\r\n" + content).parts[0].role == "attachment"


@pytest.mark.parametrize(
    "before",
    ["X-A: 1\r\n" * 2500, "X-A: " + "x" * 300_000 + "\r\n", "X-A: x\r\n" + " x\r\n" * 90_000],
)
def test_no_limit_switches_off_what_judging_takes(parse: Parse, before: str) -> None:
    needed = (
        "Subject: Embargoed\r\n figures\r\nFrom: a@dept.example\r\nX-Statistical-Release: r1\r\n"
    )
    mime = "Content-Type: text/html\r\n"
    message = parse(f"{before}{needed}{mime}\r\n<p>")
    assert message.subject == "Embargoed figures"
    assert message.header("From") == "a@dept.example"
    assert message.header("X-Statistical-Release") == "r1"
    assert message.parts[0].content_type == "text/html"
    assert [gap.reason for gap in message.gaps] == ["limit"]


def test_repeated_fields_are_all_kept(parse: Parse) -> None:
    message = parse("Subject: one\r\nSubject: two\r\nReceived: a\r\nReceived: b\r\n\r\nx")
    assert [h.value for h in message.headers] == ["one", "two", "a", "b"]
    assert message.subject == "one"


UTC = UTC


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("Wed, 28 Mar 2018 09:30:00 +0100", datetime(2018, 3, 28, 8, 30, tzinfo=UTC)),
        ("28 Mar 2018 09:30 GMT", datetime(2018, 3, 28, 9, 30, tzinfo=UTC)),
        ("28 Mar 2018 09:30:00 -0000", datetime(2018, 3, 28, 9, 30, tzinfo=UTC)),
        ("28 Mar 2018 09:30:00", datetime(2018, 3, 28, 9, 30, tzinfo=UTC)),
        ("28 Mar 18 09:30:60 EST", datetime(2018, 3, 28, 14, 30, 59, tzinfo=UTC)),
        ("Wed, 31 Feb 2018 09:30:00 +0100", None),
        ("1 Jan 99999 00:00:00 +0000", None),
        ("1 Jan 0001 00:00:00 +9999", None),
        ("yesterday", None),
        ("", None),
        ("9" * 5000, None),
    ],
)
def test_dates_are_aware_instants_or_none(value: str, instant: datetime | None) -> None:
    assert read_date(value) == instant

"""What the gateway adds to a header tells the truth, reveals no Bcc and changes nothing else."""

from __future__ import annotations

import email
import email.policy
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.act import trace
from gateway.model.session import Arrival, Envelope, Recipient, Session

ARRIVAL = Arrival("4cQx9z1", datetime(2013, 4, 16, 18, 23, tzinfo=timezone(timedelta(hours=1))))
ONE = Envelope("a@dept.example", (Recipient("b@other.example"),))
TWO = ONE.with_recipients((Recipient("b@other.example"), Recipient("hidden@other.example")))
CLIENT = Session("192.0.2.7", "client.example", "helo.example")
HOSTNAME = "gateway.dept.example"


def unfolded(field: bytes) -> str:
    assert field.endswith(b"\r\n")
    return field.decode("ascii").replace("\r\n\t", " ").replace("\r\n", "")


def test_the_received_field_says_from_whom_by_whom_how_and_when() -> None:
    assert unfolded(trace.received(CLIENT, ONE, ARRIVAL, HOSTNAME)) == (
        "Received: from helo.example (client.example [192.0.2.7]) by gateway.dept.example"
        " with ESMTP id 4cQx9z1 for <b@other.example>; Tue, 16 Apr 2013 18:23:00 +0100"
    )


def test_several_recipients_are_not_named() -> None:
    field = trace.received(CLIENT, TWO, ARRIVAL, HOSTNAME)
    assert b"other.example" not in field and b" for " not in field


@pytest.mark.parametrize(
    ("session", "options", "protocol"),
    [
        (Session("", protocol="SMTP"), (), "SMTP"),
        (Session(""), (), "ESMTP"),
        (Session("", tls=True), (), "ESMTPS"),
        (Session("", tls=True, user="u"), (), "ESMTPSA"),
        (Session("", user="u"), (), "ESMTPA"),
        (Session("", tls=True, protocol="ESMTPS"), (), "ESMTPS"),
        (Session(""), ("SMTPUTF8",), "UTF8SMTP"),
        (Session("", tls=True, user="u"), ("smtputf8",), "UTF8SMTPSA"),
    ],
)
def test_the_protocol_is_named_by_the_registry(
    session: Session, options: tuple[str, ...], protocol: str
) -> None:
    field = trace.received(session, Envelope("", (), options), ARRIVAL, HOSTNAME)
    assert f" with {protocol} " in unfolded(field)


def test_unknown_clients_and_ipv6_clients_are_written_as_the_standard_has_it() -> None:
    field = unfolded(trace.received(Session("2001:db8::1"), ONE, ARRIVAL, HOSTNAME))
    assert "from unknown (unknown [IPv6:2001:db8::1])" in field
    field = unfolded(
        trace.received(Session("192.0.2.7", "[UNAVAILABLE]", "x"), ONE, ARRIVAL, HOSTNAME)
    )
    assert "from x (unknown [192.0.2.7])" in field


def test_a_recipient_that_is_no_plain_address_is_not_named() -> None:
    for address in ("ü@other.example", '"a b"@other.example', "a" * 70 + "@other.example", "(x)@y"):
        envelope = ONE.with_recipients((Recipient(address),))
        assert b" for " not in trace.received(CLIENT, envelope, ARRIVAL, HOSTNAME)


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=80), st.text(max_size=80))
def test_nothing_a_client_claims_can_leave_its_place(
    helo: str, name: str, address: str, recipient: str
) -> None:
    session = Session(address, name, helo)
    envelope = Envelope("", (Recipient(recipient),))
    field = trace.received(session, envelope, ARRIVAL, HOSTNAME)
    lines = field.decode("ascii").split("\r\n")
    assert lines[0].startswith("Received: ") and lines[-1] == ""
    assert all(line.startswith("\t") and line.strip() for line in lines[1:-1])
    assert all(len(line) <= 78 for line in lines)
    assert "\r" not in "".join(lines) and "\n" not in "".join(lines)
    value = unfolded(field)
    assert value.count("(") == value.count(")") == 1
    assert value.count(";") == 1


def test_stamps_go_before_the_message_and_change_no_byte_of_it() -> None:
    content = b"Subject: x\r\n \xff\x00odd\r\n\r\n.\r\n"
    stamped = trace.stamp(content, (("X-One", "1"), ("X-Two", "2")))
    assert stamped == b"X-One: 1\r\nX-Two: 2\r\n" + content
    assert trace.stamp(content, ()) is content


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=300))
def test_a_stamp_is_read_back_as_it_was_meant(value: str) -> None:
    try:
        stamped = trace.stamp(b"\r\n", (("X-Stamp", value),))
    except ValueError:
        assert max(map(len, value.split(" "))) > 900
        return
    lines = stamped.decode("ascii").split("\r\n")
    assert all(line.strip() for line in lines[:-2]) or not value.strip()
    message = email.message_from_bytes(stamped, policy=email.policy.default)
    assert message.keys() == ["X-Stamp"]
    if value.isascii() and "=?" not in value:
        assert str(message["X-Stamp"]).strip() == value.strip()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-A", "a\r\nBcc: x"),
        ("X-A", "a\nb"),
        ("X-A", "a\0"),
        ("X-A", "a\u2028b"),
        ("X:A", "a"),
        ("X A", "a"),
        ("", "a"),
        ("X-A", "w" * 2000),
    ],
)
def test_a_stamp_that_could_become_another_field_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError):
        trace.stamp(b"", ((name, value),))


def test_long_stamps_are_folded() -> None:
    stamped = trace.stamp(b"", (("X-Reasons", "word " * 60 + "end"),))
    assert all(len(line) <= 78 for line in stamped.decode().split("\r\n"))


def test_hops_are_counted_in_the_top_header_only() -> None:
    field = b"Received: from x\r\n by y\r\n"
    content = field + b"RECEIVED : from z\r\nX-Received: no\r\n" + field + b"\r\n" + field * 9
    assert trace.hops(content) == 3
    assert trace.hops(b"\r\n" + field * 3 + b"\r\n") == 0
    assert trace.hops(field * 60) == 60
    assert trace.hops(b"") == 0

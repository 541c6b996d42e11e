"""A delivery report tells the sender, and only the sender, what became of which recipient."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.act.dsn import Circumstances, Kind, report, wanted
from gateway.act.fate import Fate
from gateway.model.held import Mail
from gateway.model.reply import Reply
from gateway.model.session import Arrival, Envelope, Recipient

NOW = datetime(2020, 11, 12, 9, 30, tzinfo=UTC)
KNOWN = Circumstances("gateway.dept.example", Arrival("4cQx9z1", NOW - timedelta(hours=5)), NOW)
REFUSED = Reply(550, "5.1.1", "No such user\nReally not")
LATER = Reply(451, "", "Try later")
TO = Recipient("b@other.example")
FROM = Envelope("a@dept.example", (TO,))
SUBJECT = b"five headline findings"
CONTENT = (
    b"Received: from somewhere\r\nMessage-ID: <1@dept.example>\r\nFrom: A\r\n <a@dept.example>\r\n"
    b"Subject: " + SUBJECT + b"\r\nTo: b@other.example\r\nDate: Thu, 12 Nov 2020 04:30:00 +0000\r\n"
    b"X-Odd: y\r\n\r\nThe body.\r\n--=_x\r\n"
)


def told(
    kind: Kind = "failed",
    envelope: Envelope = FROM,
    fates: tuple[Fate, ...] = (Fate(TO, REFUSED, "mx.other.example"),),
    known: Circumstances = KNOWN,
    headers_only_ids: bool = True,
    content: bytes = CONTENT,
) -> tuple[Mail, EmailMessage]:
    mail = report(kind, envelope, fates, content, known, headers_only_ids)
    assert mail is not None
    assert mail.content.count(b"\n") == mail.content.count(b"\r\n") == mail.content.count(b"\r")
    message = email.message_from_bytes(mail.content, policy=email.policy.SMTPUTF8)
    assert isinstance(message, EmailMessage)
    return mail, message


def groups(message: EmailMessage) -> list[dict[str, str]]:
    part = message.get_payload(1)
    return [dict(group.items()) for group in part.get_payload()]  # type: ignore[union-attr]


def test_a_failure_is_a_report_in_three_parts_that_machines_do_not_answer() -> None:
    mail, message = told()
    assert mail.purpose == "dsn"
    assert mail.envelope == Envelope("", (Recipient("a@dept.example"),))
    assert message["To"] == "a@dept.example"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["In-Reply-To"] == message["References"] == "<1@dept.example>"
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "delivery-status"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "message/delivery-status",
        "text/rfc822-headers",
    ]
    assert not message.defects


def test_the_text_says_who_was_not_reached_and_why() -> None:
    _, message = told()
    text = message.get_payload(0).get_content()  # type: ignore[union-attr]
    assert text.startswith("Your message could not be delivered")
    assert "b@other.example" in text
    assert "mx.other.example said: 550 5.1.1 No such user Really not" in " ".join(text.split())
    assert all(len(line) <= 76 for line in text.splitlines())


def test_the_status_is_what_the_standard_asks_for() -> None:
    envelope = Envelope("a@dept.example", (TO,), ("RET=HDRS", "envid=QQ+2B1"))
    recipient = Recipient("b@other.example", ("ORCPT=rfc822;Old+2BName@x.example",))
    _, message = told(envelope=envelope, fates=(Fate(recipient, REFUSED, "mx.other.example"),))
    assert groups(message) == [
        {
            "Reporting-MTA": "dns; gateway.dept.example",
            "Original-Envelope-Id": "QQ+1",
            "Arrival-Date": "Thu, 12 Nov 2020 04:30:00 +0000",
        },
        {
            "Original-Recipient": "rfc822; Old+Name@x.example",
            "Final-Recipient": "rfc822; b@other.example",
            "Action": "failed",
            "Status": "5.1.1",
            "Remote-MTA": "dns; mx.other.example",
            "Diagnostic-Code": "smtp; 550 5.1.1 No such user Really not",
            "Last-Attempt-Date": "Thu, 12 Nov 2020 09:30:00 +0000",
        },
    ]


def test_a_delay_says_until_when_it_is_tried() -> None:
    known = Circumstances(KNOWN.hostname, KNOWN.arrival, NOW, NOW + timedelta(days=5))
    _, message = told("delayed", fates=(Fate(TO, LATER),), known=known)
    status = groups(message)[1]
    assert (status["Action"], status["Status"]) == ("delayed", "4.0.0")
    assert status["Will-Retry-Until"] == "Tue, 17 Nov 2020 09:30:00 +0000"
    assert "Remote-MTA" not in status


def test_each_recipient_has_a_group_of_its_own_and_others_are_not_named() -> None:
    envelope = FROM.with_recipients((TO, Recipient("secret@other.example")))
    mail, message = told(
        envelope=envelope, fates=(Fate(TO, REFUSED), Fate(Recipient("c@x.example"), REFUSED))
    )
    assert [g["Final-Recipient"] for g in groups(message)[1:]] == [
        "rfc822; b@other.example",
        "rfc822; c@x.example",
    ]
    assert b"secret" not in mail.content


@pytest.mark.parametrize(
    ("notify", "events"),
    [
        ((), ["failed", "delayed"]),
        (("NOTIFY=NEVER",), []),
        (("notify=success",), ["relayed"]),
        (("NOTIFY=FAILURE,SUCCESS",), ["failed", "relayed"]),
        (("NOTIFY=DELAY",), ["delayed"]),
    ],
)
def test_the_sender_hears_what_he_asked_to_hear(
    notify: tuple[str, ...], events: list[Kind]
) -> None:
    recipient = Recipient("b@other.example", notify)
    kinds: list[Kind] = ["failed", "delayed", "relayed"]
    assert [kind for kind in kinds if wanted(kind, recipient)] == events
    for kind in kinds:
        mail = report(kind, FROM, (Fate(recipient, REFUSED),), CONTENT, KNOWN)
        assert (mail is not None) == (kind in events)


@pytest.mark.parametrize("sender", ["", "no address", "a@x.example>\r\nBcc: <b@x.example"])
def test_nobody_is_told_where_nobody_can_be(sender: str) -> None:
    assert report("failed", Envelope(sender, (TO,)), (Fate(TO, REFUSED),), CONTENT, KNOWN) is None


def test_what_policy_has_looked_at_returns_without_subject_and_content() -> None:
    envelope = Envelope("a@dept.example", (TO,), ("RET=FULL",))
    mail, message = told(envelope=envelope)
    assert SUBJECT not in mail.content and b"The body" not in mail.content
    returned = message.get_payload(2).get_payload(decode=True)  # type: ignore[union-attr]
    assert returned == (
        b"Message-ID: <1@dept.example>\r\nFrom: A\r\n <a@dept.example>\r\n"
        b"To: b@other.example\r\nDate: Thu, 12 Nov 2020 04:30:00 +0000\r\n"
    )


def test_ret_full_returns_the_message_byte_for_byte_where_policy_had_no_part() -> None:
    envelope = Envelope("a@dept.example", (TO,), ("RET=FULL",))
    for content in (CONTENT, CONTENT + b"\xe4\x80 raw\r\n"):
        mail, _ = told(envelope=envelope, headers_only_ids=False, content=content)
        assert b"\r\n\r\n" + content + b"\r\n--=_" in mail.content
        assert ("BODY=8BITMIME" in mail.envelope.options) == (not content.isascii())
    mail, _ = told("delayed", envelope, (Fate(TO, LATER),), headers_only_ids=False)
    assert b"The body" not in mail.content


def test_ret_hdrs_returns_the_header() -> None:
    mail, _ = told(headers_only_ids=False)
    assert b"Subject: " + SUBJECT in mail.content and b"The body" not in mail.content


def test_internationalised_addresses_make_an_internationalised_report() -> None:
    recipient = Recipient("bö@other.example", ("ORCPT=utf-8;bö@other.example",))
    envelope = Envelope("ä@dept.example", (recipient,), ("SMTPUTF8",))
    mail, message = told(envelope=envelope, fates=(Fate(recipient, REFUSED),))
    assert mail.envelope.options == ("BODY=8BITMIME", "SMTPUTF8")
    assert mail.envelope.recipients == (Recipient("ä@dept.example"),)
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "message/global-delivery-status",
        "message/global-headers",
    ]
    assert "Final-Recipient: utf-8; bö@other.example\r\n".encode() in mail.content
    assert "Original-Recipient: utf-8; bö@other.example\r\n".encode() in mail.content


@given(
    st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=60),
    st.binary(max_size=80),
)  # fmt: skip
def test_nothing_from_outside_can_start_a_field_or_a_part(
    address: str, option: str, answer: str, host: str, header: bytes
) -> None:
    recipient = Recipient(address, (f"ORCPT=rfc822;{option}",))
    envelope = Envelope("a@dept.example", (recipient,), (f"ENVID={option}",))
    content = header.replace(b"\r", b"").replace(b"\n", b"\r\n") + b"\r\n\r\n"
    mail = report(
        "failed", envelope, (Fate(recipient, Reply(550, "", answer), host),), content, KNOWN
    )
    assert mail is not None
    message = email.message_from_bytes(mail.content)
    assert len(message.get_payload()) == 3
    if mail.envelope.options == ():
        status = message.get_payload(1)
        assert len(status.get_payload()) == 2  # type: ignore[union-attr]
        allowed = {"Original-Recipient", "Final-Recipient", "Action", "Status", "Remote-MTA"}
        names = set(status.get_payload(1).keys())  # type: ignore[union-attr]
        assert names <= allowed | {"Diagnostic-Code", "Last-Attempt-Date"}


def test_an_encoded_line_ending_stays_encoded() -> None:
    recipient = Recipient("b@other.example", ("ORCPT=rfc822;a+0D+0AAction:+20delivered",))
    mail, message = told(fates=(Fate(recipient, REFUSED),))
    assert groups(message)[1]["Action"] == "failed"
    assert b"a+0D+0AAction" in mail.content

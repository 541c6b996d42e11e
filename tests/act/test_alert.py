"""A breach is told to the release's contacts and the security officer, without becoming another."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from gateway import config
from gateway.act.alert import Delivery, alert_mails
from gateway.act.composition import Reference
from gateway.model.held import Mail
from gateway.model.release import Release, Standing
from gateway.model.reply import Reply
from gateway.model.roster import Roster
from gateway.model.session import Arrival, Envelope, Recipient
from gateway.model.verdict import Alert, Decision, Verdict

SENT = datetime(2018, 3, 27, 19, 35, tzinfo=UTC)
OFFICER = config.Notices().security_officer
RELEASE = Release(
    "cla-2018", "Children looked after, 2018", datetime.fromisoformat("2018-03-28T09:30:00+01:00"),
    "Europe/London", timedelta(hours=24), "confirmed", Roster({}, (), frozenset()),
    contacts=("cla.team@dept.example", "not usable\r\nBcc: x@y.example", OFFICER),
    head_of_profession="head@dept.example",
)  # fmt: skip
STANDING = Standing("clerk@other.example", "cla-2018", "not-listed", "They are not on the list.")
HELD = Decision("clerk@other.example", "hold", "cla-2018", False, STANDING)
PASSED = replace(HELD, disposition="pass")
NEAR = Alert("embargo", "near-miss", "cla-2018", ("clerk@other.example",), "It was not public yet.")
BREACH = replace(NEAR, severity="breach")


def alerts(
    decision: Decision, delivery: Delivery, *raised: Alert, sender: str = "author@dept.example"
) -> tuple[Mail, ...]:
    verdict = Verdict(decision.disposition, (decision,), alerts=raised)
    envelope = Envelope(sender, (Recipient(decision.address),))
    return alert_mails(
        Arrival("4f", SENT), envelope, verdict, Reference("<abc@dept.example>"),
        {"cla-2018": RELEASE}, delivery, config.Notices(), config.Department(),
    )  # fmt: skip


def read(mail: Mail) -> tuple[EmailMessage, str]:
    message = email.message_from_bytes(mail.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    return message, " ".join(str(body.get_content()).split())


def test_contacts_and_the_security_officer_hear_of_it_once_each() -> None:
    (mail,) = alerts(HELD, "queued", NEAR)
    message, _ = read(mail)
    assert [r.address for r in mail.envelope.recipients] == ["cla.team@dept.example", OFFICER]
    assert message["To"] == f"cla.team@dept.example, {OFFICER}"
    assert message["Auto-Submitted"] == "auto-generated"
    assert mail.envelope.sender == "" and mail.purpose == "alert" and mail.per_hour == 0


def test_what_was_held_in_time_is_a_near_miss() -> None:
    message, said = read(alerts(HELD, "queued", NEAR)[0])
    assert message["Subject"] == "[near miss] cla-2018: message 4f"
    assert "stopped in time" in said
    assert "- clerk@other.example: held in time, not delivered. They are not on the list." in said
    assert "gateway holds show 4f" in said
    assert "Received: 20:35 on Tuesday 27 March 2018" in said
    assert "embargo (near-miss, high): It was not public yet." in said


@pytest.mark.parametrize(("delivery", "sentence"), [
    (Reply(250, "2.0.0", "Ok: queued as 7"), "delivered to the next mail server, which said: 250 2.0.0 Ok"),
    (Reply(552, "5.3.4", "too big"), "not delivered, the next mail server said: 552 5.3.4 too big"),
    ("unknown", "delivery outcome unknown"),
    ("queued", "stored for delivery"),
])  # fmt: skip
def test_a_breach_says_what_the_next_hop_said(delivery: Delivery, sentence: str) -> None:
    message, said = read(alerts(PASSED, delivery, BREACH)[0])
    assert message["Subject"] == "[BREACH] cla-2018: message 4f"
    assert sentence in said


def test_a_breach_that_bounced_says_so_at_the_top() -> None:
    _, said = read(alerts(PASSED, Reply(552, "5.3.4", "too big"), BREACH)[0])
    assert said.startswith(
        "A message in breach of the release policy was sent. It was not delivered."
    )


def test_an_unknown_outcome_is_called_unknown() -> None:
    _, said = read(alerts(PASSED, "unknown", BREACH)[0])
    assert "Whether it was delivered is not known" in said


def test_each_release_has_a_mail_of_its_own() -> None:
    mails = alerts(HELD, "queued", NEAR, replace(NEAR, release=None), replace(NEAR, rule="other"))
    assert len(mails) == 2
    assert "other (near-miss, high)" in read(mails[0])[1]
    assert read(mails[1])[0]["Subject"].startswith("[near miss] unknown release")
    assert [r.address for r in mails[1].envelope.recipients] == [OFFICER]


def test_a_breach_is_for_the_head_of_profession_as_well_and_a_near_miss_is_not() -> None:
    def told(decision: Decision, raised: Alert) -> list[str]:
        (mail,) = alerts(decision, "queued", raised)
        return [r.address for r in mail.envelope.recipients]

    assert told(PASSED, BREACH) == ["cla.team@dept.example", OFFICER, "head@dept.example"]
    assert told(HELD, NEAR) == ["cla.team@dept.example", OFFICER]


@pytest.mark.parametrize(("rule", "what"), [
    ("microdata-to-the-public", "rows about people or firms"), ("secret-by-mail", "material marked SECRET"),
    ("embargo-unknown-release", "unknown release"), ("our-own-rule", "our own rule"),
])  # fmt: skip
def test_the_subject_says_what_an_alert_of_no_release_is_about(rule: str, what: str) -> None:
    (mail,) = alerts(HELD, "queued", replace(NEAR, rule=rule, release=None))
    assert read(mail)[0]["Subject"] == f"[near miss] {what}: message 4f"


def test_an_alert_names_only_the_recipients_it_is_about() -> None:
    other = replace(HELD, address="bcc@other.example", standing=None)
    verdict = Verdict("hold", (HELD, other), alerts=(NEAR,))
    (mail,) = alert_mails(
        Arrival("4f", SENT), Envelope("a@dept.example"), verdict, Reference(),
        {"cla-2018": RELEASE}, "queued", config.Notices(), config.Department(),
    )  # fmt: skip
    said = read(mail)[1]
    assert "bcc@other.example" not in said
    assert "1 of these recipients waits for a decision. The security officer sees more with" in said


def test_an_alert_says_nothing_of_a_standing_for_another_release() -> None:
    (mail,) = alerts(HELD, "queued", replace(NEAR, release=None, rule="secret-by-mail"))
    assert "They are not on the list" not in read(mail)[1]


def test_no_alert_no_mail() -> None:
    assert alerts(HELD, "queued") == ()


def test_the_null_sender_and_hostile_replies_are_shown_safely() -> None:
    reply = Reply(550, "", "no\n\x1b[31m\u202eevil" + "x" * 5000)
    (mail,) = alerts(PASSED, reply, BREACH, sender="")
    message, said = read(mail)
    assert "Sender: the null sender <>" in said
    assert "\u202e" not in said and "\x1b" not in said and len(said) < 3000
    assert message["Bcc"] is None

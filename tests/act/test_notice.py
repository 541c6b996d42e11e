"""What the sender hears: whom, why, what to do next; never a word of the message."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from gateway import config
from gateway.act.composition import (
    Reference,
    can_be_written_to,
    instant,
    read_reference,
    reference,
    shown,
)  # fmt: skip
from gateway.act.grounds import Grounds
from gateway.act.notice import NO_GROUNDS, hold_notice, outcome_notice
from gateway.model.held import Hold, Journalled, Mail
from gateway.model.release import Release, Standing
from gateway.model.roster import Roster
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.model.verdict import Decision, MessageFacts, Verdict

SENT = datetime(2018, 3, 27, 19, 35, tzinfo=UTC)
EXPIRES = SENT + timedelta(days=14)
RELEASE = Release(
    "cla-2018", "Children looked after, 2018", datetime.fromisoformat("2018-03-28T09:30:00+01:00"),
    "Europe/London", timedelta(hours=24), "confirmed", Roster({}, (), frozenset()),
    lift="instant-and-published", contacts=("cla.team@dept.example",),
    head_of_profession="head@dept.example",
)  # fmt: skip
BECAUSE = "It carries material of “Children looked after, 2018”, which is not public yet."
REFERENCE = Reference("<abc@dept.example>")


def held(address: str, **changes: Any) -> Decision:
    standing = Standing(address, "cla-2018", "not-listed", "They are not on the list.")
    values: dict[str, Any] = {
        "release": "cla-2018", "listed": False, "standing": standing, "reasons": ("embargo",),
        "because": (BECAUSE,),
    }  # fmt: skip
    return Decision(address, "hold", **(values | changes))


SPLIT = Verdict(
    "hold",
    (held("clerk@other.example"), Decision("minister@dept.example", "pass", "cla-2018", True)),
)


def notice(
    verdict: Verdict = SPLIT, sender: str = "author@dept.example", about: Reference = REFERENCE,
    grounds: Grounds = NO_GROUNDS, **settings: str,
) -> Mail | None:  # fmt: skip
    recipients = tuple(Recipient(decision.address) for decision in verdict.decisions)
    return hold_notice(
        Arrival("20180327-4f", SENT), Envelope(sender, recipients), verdict, about,
        {"cla-2018": RELEASE}, EXPIRES, config.Notices(**settings), config.Department(), grounds,
    )  # fmt: skip


def read(mail: Mail | None) -> EmailMessage:
    assert mail is not None
    message = email.message_from_bytes(mail.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage) and not message.defects
    return message


def text(mail: Mail | None) -> str:
    part = read(mail).get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def page(mail: Mail | None) -> str:
    part = read(mail).get_body(("html",))
    assert part is not None
    return str(part.get_content())


GOLDEN = """\
The message that you sent at 20:35 on Tuesday 27 March 2018 was held for
some recipients. The message itself and its subject are left out here on
purpose.

Hold number: 20180327-4f
Message-ID: <abc@dept.example>

Not delivered, held
-------------------

- clerk@other.example: They are not on the list.

Passed on
---------

- minister@dept.example

Why
---

- It carries material of “Children looked after, 2018”, which is not
  public yet.

What to do next
---------------

1. If clerk@other.example needs it before publication, ask
   cla.team@dept.example to add them to the list. Do not send it to them
   in any other way.
2. Otherwise wait. Everybody may have “Children looked after, 2018” once
   it is published, at 09:30 on Wednesday 28 March 2018 at the earliest.
   After that, send the message again or ask for it to be released.
3. Do not send it again to the people under “Passed on”. There is
   nothing more to do for them.

Who decides
-----------

- cla.team@dept.example
- head@dept.example (Head of Profession)
- The statistics Head of Profession's office

Give them the hold number above. Nobody reads answers to this mail.

If nobody has decided by 20:35 on Tuesday 10 April 2018, the message is
dropped and you are told so.

All times here are in the zone Europe/London.
"""


def test_the_notice_reads_like_this() -> None:
    assert text(notice()).strip() == GOLDEN.strip()


def test_html_says_what_the_text_says() -> None:
    tree = html.fromstring(page(notice()))
    said = " ".join(tree.find("body").text_content().split())
    marks = ("- ", "---")
    for line in GOLDEN.splitlines():
        words = line.strip().removeprefix("- ").lstrip("123. ")
        if words and not line.startswith(marks[1]):
            assert words in said
    assert tree.get("lang") == "en"
    assert len(tree.findall(".//ol/li")) == 3


def test_plain_text_comes_first_and_machines_do_not_answer() -> None:
    mail = notice()
    message = read(mail)
    assert mail is not None
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Auto-Submitted"] == "auto-replied"
    assert mail.envelope.sender == ""
    assert message["To"] == "author@dept.example"
    assert [r.address for r in mail.envelope.recipients] == ["author@dept.example"]
    assert message["In-Reply-To"] == message["References"] == "<abc@dept.example>"
    assert message["Subject"] == "Your message is held for some recipients"
    assert mail.per_hour == config.Notices().per_hour


def test_lines_are_short_ascii_and_end_in_crlf() -> None:
    mail = notice()
    assert mail is not None
    mail.content.decode("ascii")
    lines = mail.content.split(b"\r\n")
    assert all(len(line) <= 78 and b"\n" not in line and b"\r" not in line for line in lines)


def test_where_all_are_held_the_sender_may_send_again_to_the_others() -> None:
    verdict = Verdict("hold", (held("clerk@other.example"), held("m@dept.example", listed=True)))
    assert "1. If clerk@other.example does not need it, send the message again" in text(
        notice(verdict)
    )


def test_where_nobody_is_listed_there_is_nobody_to_send_it_to() -> None:
    steps = text(notice(Verdict("hold", (held("clerk@other.example"),))))
    assert "send the message again\nwithout" not in steps
    assert "1. If clerk@other.example needs it before publication" in steps


def test_whoever_answers_at_night_is_named_where_the_department_says_who() -> None:
    said = text(notice(out_of_hours="duty statistician, 020 7946 0000"))
    assert "- Out of hours: duty statistician, 020 7946 0000" in said
    assert "Out of hours" not in text(notice())


def test_what_is_about_one_recipient_stands_beside_that_recipient() -> None:
    rows = {"release": None, "listed": None, "standing": None, "reasons": ("microdata-outside",)}
    verdict = Verdict(
        "hold",
        (held("friend@webmail.example", **rows), held("paper@news.example", **rows),
         held("m@dept.example", **rows)),
    )  # fmt: skip
    kinds = {"friend@webmail.example": "webmail", "paper@news.example": "media", "m@dept.example": "internal"}  # fmt: skip
    said = text(notice(verdict, grounds=Grounds(kinds)))
    assert "- friend@webmail.example: A private mailbox." in said
    assert "- paper@news.example: An address of the media." in said
    assert "- m@dept.example: Held together with the others." in said


def test_reasons_that_say_the_same_are_told_once_and_then_counted() -> None:
    decision = held(
        "clerk@other.example",
        reasons=("embargo-off-list", "figures-off-list", "tables-off-list", "unread-near-release"),
        because=(BECAUSE, "It names figures.", "It has a table.", "Part of it was not read."),
    )
    said = text(notice(Verdict("hold", (decision, replace(decision, address="d@other.example")))))
    assert said.count("It carries material") == 1
    assert "It names figures" not in said and "It has a table" not in said
    assert "- 2 more rules ask for the same: figures-off-list, tables-off-list." in said
    assert "- Part of it was not read." in said


def test_a_reason_says_where_by_number_and_kind_never_by_name() -> None:
    decision = held("clerk@other.example", reasons=("microdata-outside", "unread-data-file"),
                    because=("It has rows.", "A file was not read."))  # fmt: skip
    places = Grounds(
        rows=("attachment 1, a hidden sheet",), unread=(("attachment 2", "encrypted"),)
    )
    said = " ".join(text(notice(Verdict("hold", (decision,)), grounds=places)).split())
    assert "It has rows. Found in: attachment 1, a hidden sheet." in said
    assert "A file was not read. Not read: attachment 2 is encrypted." in said


def test_a_mail_names_one_zone_once() -> None:
    standing = Standing(
        "c@dept.example", "cla-2018", "not-yet", "Access opens at 09:30 (Europe/London)."
    )
    because = "It is not published before 09:30 (Europe/London)."
    said = text(notice(Verdict("hold", (held("c@dept.example", standing=standing, because=(because,)),))))  # fmt: skip
    assert said.count("Europe/London") == 1 and "(BST)" not in said


def test_a_hold_without_a_release_names_who_can_look_at_it() -> None:
    decision = Decision("x@webmail.example", "hold", reasons=("rows",), because=("It has rows.",))
    said = text(notice(Verdict("hold", (decision,))))
    assert "1. If it is urgent, ask the statistics Head of Profession's office" in said


def test_a_refusal_says_so() -> None:
    mail = notice(Verdict("reject", (Decision("x@webmail.example", "reject", because=("No.",)),)))
    assert read(mail)["Subject"] == "Your message was refused"
    assert "x@webmail.example" in text(mail) and "Who decides" not in text(mail)


def test_a_note_says_that_the_message_went() -> None:
    verdict = Verdict(
        "pass", (Decision("m@dept.example", "pass"),), notify=(("banner", "It has no banner."),)
    )
    mail = notice(verdict)
    assert read(mail)["Subject"] == "Your message was passed on, please note"
    assert "- It has no banner." in text(mail) and "Message number: 20180327-4f" in text(mail)


def test_a_message_that_simply_passes_is_not_answered() -> None:
    assert notice(Verdict("pass", (Decision("m@dept.example", "pass"),))) is None


@pytest.mark.parametrize("sender", ["", "no address", "x@", "a@b.example\r\nBcc: c@d.example"])
def test_nobody_is_not_answered(sender: str) -> None:
    assert notice(sender=sender) is None


@pytest.mark.parametrize("head", [
    b"Auto-Submitted: auto-generated", b"auto-submitted: Auto-Replied; x=y", b"Precedence: bulk",
    b"Precedence: List", b"List-Id: <x.example>",
])  # fmt: skip
def test_machines_and_lists_are_not_answered(head: bytes) -> None:
    about = read_reference(head + b"\r\nSubject: x\r\n\r\nPrecedence: none\r\n")
    assert about.automatic
    assert notice(about=about) is None


@pytest.mark.parametrize("facts", [
    MessageFacts("", 0, auto_submitted=True), MessageFacts("", 0, bulk=True),
])  # fmt: skip
def test_what_the_pipeline_calls_automatic_is_not_answered(facts: MessageFacts) -> None:
    assert notice(about=reference(facts)) is None


def test_people_are_answered() -> None:
    raw = b"Auto-Submitted: no\r\nPrecedence: first-class\r\nMessage-ID: <a@b.example>\r\n\r\nhi"
    assert read_reference(raw) == Reference("<a@b.example>", False)
    assert read_reference(b"") == Reference()


@pytest.mark.parametrize("value", [
    "<a@b.example>\r\nBcc: x@y.example", "a@b", "<a b@c>", "<" + "x" * 300 + ">", "<é@b.example>", "<>",
])  # fmt: skip
def test_a_hostile_message_id_is_left_out(value: str) -> None:
    about = reference(MessageFacts("", 0, message_id=value))
    message = read(notice(about=about))
    assert message["In-Reply-To"] is None and message["Bcc"] is None


def test_the_notice_to_an_internationalised_address_needs_smtputf8() -> None:
    mail = notice(sender="jürgen@dept.example")
    assert mail is not None
    assert mail.envelope.smtputf8
    assert "To: <jürgen@dept.example>".encode() in mail.content


HOSTILE = [
    "<script>alert(1)</script>@other.example",
    '"><img src=x onerror=alert(1)>@other.example',
    "evil\u202egpj.exe@other.example",
    "two\r\nBcc: x@y.example@other.example",
    "x" * 10_000 + "@other.example",
    "zero\u200bwidth\x00\x1b[31m@other.example",
    "\udcff@other.example",
    "--=_boundary\r\n--=_boundary--@other.example",
]


@pytest.mark.parametrize("address", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_address_cannot_do_anything(address: str) -> None:
    decision = held(address, because=(address * 3,))
    mail = notice(Verdict("hold", (decision, Decision("m@dept.example", "pass"))))
    message = read(mail)
    assert message["Bcc"] is None and len(list(message.iter_parts())) == 2
    said, shown_page = text(mail), page(mail)
    for character in ("\u202e", "\u200b", "\x00", "\x1b", "\udcff"):
        assert character not in said and character not in shown_page
    tree = html.fromstring(shown_page)
    assert {e.tag for e in tree.iter()} <= {
        "html", "head", "meta", "title", "body", "p", "br", "h2", "ul", "ol", "li",
    }  # fmt: skip
    assert len(said) < 5000


def test_a_thousand_recipients_do_not_make_a_long_notice() -> None:
    verdict = Verdict("hold", tuple(held(f"p{i}@other.example") for i in range(1000)))
    assert "… and 900 more" in text(notice(verdict))


@given(st.text(max_size=500))
def test_shown_text_is_one_printable_bounded_line(value: str) -> None:
    kept = shown(value)
    assert len(kept) <= 201 and len(kept.splitlines()) <= 1
    assert all(c.isprintable() for c in kept)


@given(st.text(max_size=60))
def test_what_can_be_written_to_fits_on_one_header_line(value: str) -> None:
    if can_be_written_to(value):
        assert not set(value) & set("<>\r\n\x00") and value.isprintable()


@pytest.mark.parametrize(("address", "usable"), [
    ("a@b.example", True), ('"a b"@b.example', True), ("a+tag@b.example", True), ("a@b@c.example", False),
    ("a b@c.example", False), ("@b.example", False), ("a@b.example, c@d.example", False),
    ("x" * 300 + "@b.example", False),
])  # fmt: skip
def test_who_can_be_written_to(address: str, usable: bool) -> None:
    assert can_be_written_to(address) is usable


def test_instants_are_said_in_the_zone_of_the_department() -> None:
    assert instant(datetime(2018, 10, 28, 0, 30, tzinfo=UTC), "Europe/London") == (
        "01:30 on Sunday 28 October 2018 (BST)"
    )
    assert instant(datetime(2018, 10, 28, 1, 30, tzinfo=UTC), "Europe/London") == (
        "01:30 on Sunday 28 October 2018 (GMT)"
    )


@pytest.mark.parametrize(("choice", "sentence"), [
    ("released", "and that was\nheld is now released"), ("refused", "will not be delivered"),
    ("expired", "Nobody decided in time"),
])  # fmt: skip
def test_the_sender_hears_what_became_of_a_hold(choice: str, sentence: str) -> None:
    recipient = Recipient("clerk@other.example")
    hold = Hold(
        "20180327-4f", SENT, "author@dept.example", 10, EXPIRES,
        (Journalled(1, recipient, "hold", "held"),), Arrival("20180327-4f", SENT), Session("::1"),
        Envelope("author@dept.example", (recipient,)), SPLIT,
    )  # fmt: skip
    mail = outcome_notice(
        hold, REFERENCE, choice, hold.recipients, "maria\r\nBcc: x", "<b>agreed</b>", EXPIRES,
        config.Notices(), config.Department(),
    )  # fmt: skip
    said = text(mail)
    assert sentence in said and "- clerk@other.example" in said
    assert "Reason given: <b>agreed</b>" in said
    assert "&lt;b&gt;agreed" in page(mail)
    assert ("Decided by: maria Bcc: x" in said) is (choice != "expired")


def test_who_was_not_on_the_message_before_is_shown_by_name() -> None:
    said = text(notice(grounds=Grounds(joined=("clerk@other.example",))))
    assert "These were not on the message that yours answers:\n\n- clerk@other.example" in said
    said = text(notice(grounds=Grounds(joined=("clerk@other.example",), forward=True)))
    assert "These were not on the message that yours forwards:" in said


def test_where_everybody_is_new_nobody_is_listed_twice() -> None:
    joined = ("clerk@other.example", "minister@dept.example")
    said = " ".join(text(notice(grounds=Grounds(joined=joined, forward=True))).split())
    assert "Nobody whom you sent this to was on the message that yours forwards." in said
    assert "These were not" not in said


def test_who_joined_is_not_said_where_no_list_is_the_matter() -> None:
    verdict = Verdict(
        "hold", (held("clerk@other.example", release=None, listed=None, standing=None),)
    )
    assert "was on the message" not in text(
        notice(verdict, grounds=Grounds(joined=("clerk@other.example",)))
    )


def test_a_mailbox_of_the_senders_own_is_called_so() -> None:
    own = Grounds({"a@webmail.example": "webmail"}, own=frozenset({"a@webmail.example"}))
    said = " ".join(
        text(notice(Verdict("hold", (held("A@webmail.example"),)), grounds=own)).split()
    )
    assert "A@webmail.example: This looks like your own private mailbox. They are not on" in said

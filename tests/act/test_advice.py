"""The steps follow from who each recipient is and why it was held, and never lead to a leak."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import config
from gateway.act.advice import Situation, next_steps
from gateway.act.grounds import Grounds, family, grounds, listing
from gateway.model.finding import Finding, PartFacts
from gateway.model.message import Gap, Location
from gateway.model.register import Register
from gateway.model.release import Release, Standing, Status
from gateway.model.roster import Roster
from gateway.model.session import Envelope, Recipient, Session
from gateway.model.verdict import Case, Decision, Disposition, MessageFacts, Verdict

AT = datetime(2027, 9, 14, 7, 0, tzinfo=UTC)
OPENS = datetime(2027, 9, 15, 8, 30, tzinfo=UTC)
RELEASE = Release(
    "index", "The index", datetime.fromisoformat("2027-09-16T09:30:00+01:00"), "Europe/London",
    timedelta(hours=24), "confirmed", Roster({}, (), frozenset()), contacts=("index@dept.example",),
)  # fmt: skip
OFF_LIST = ("embargo-off-list",)
ROWS = ("microdata-to-the-public", "embargo-off-list")


def decision(
    address: str, status: Status | None = "not-listed", reasons: tuple[str, ...] = OFF_LIST,
    disposition: Disposition = "hold", release: str | None = "index",
) -> Decision:  # fmt: skip
    begins = OPENS if status == "not-yet" else None
    standing = (
        Standing(address, "index", status, "So.", begins=begins) if status and release else None
    )
    listed = None if status is None else status in ("listed", "production")
    return Decision(address, disposition, release, listed, standing, reasons, ("Because.",))


def steps(
    *decisions: Decision, at: datetime = AT, hold_days: int = 14, release: Release = RELEASE,
    **places: Any,
) -> list[str]:  # fmt: skip
    found = Grounds(**places)
    return list(
        next_steps(
            Situation(
                Verdict("hold", decisions), found, {"index": release}, config.Notices(), at,
                at + timedelta(days=hold_days), "Europe/London",
            )
        )
    )  # fmt: skip


def test_rows_about_people_or_firms_are_never_to_be_sent_later() -> None:
    friend = decision("friend@webmail.example", reasons=ROWS)
    said = steps(friend, classes={"friend@webmail.example": "webmail"}, rows=("attachment 1, a hidden sheet",))  # fmt: skip
    assert said[0] == (
        "Take out the table with rows about single people or firms (attachment 1, a hidden sheet). "
        "Such rows never go to a private mailbox or to the media, also not after publication."
    )
    assert not any("Otherwise wait" in line or "send the message again" in line for line in said)


def test_the_rest_may_go_to_those_on_the_list() -> None:
    said = steps(decision("friend@webmail.example", reasons=ROWS), decision("m@dept.example", "listed", ROWS[:1]))  # fmt: skip
    assert "firms and send the rest to those on the list." in said[0]


def test_without_an_embargo_the_rest_may_go() -> None:
    friend = decision("friend@webmail.example", None, ROWS[:1], release=None)
    (said,) = steps(friend, classes={"friend@webmail.example": "webmail"})
    assert "firms and send the rest." in said


def test_rows_to_a_partner_need_a_second_person() -> None:
    partner = decision("p@partner.example", None, ("microdata-outside",), release=None)
    (said,) = steps(partner, classes={"p@partner.example": "partner"})
    assert "only if a second person approves: ask" in said and "private mailbox" not in said


def test_a_table_that_may_be_rows_is_looked_at_first() -> None:
    friend = decision("f@webmail.example", None, ("microdata-unsure",), release=None)
    (said,) = steps(friend, classes={"f@webmail.example": "webmail"}, unsure=("attachment 2",))
    assert said.startswith("Look at the table (attachment 2): if it has a row for each person")


def test_secret_material_has_one_next_step_and_no_other() -> None:
    secret = decision("c@gov.example", reasons=("secret-by-mail", "embargo-off-list"))
    assert steps(secret) == [
        "Do not send it again in any way. Call the security officer now "
        "(security-officer@dept.example)."
    ]


def test_a_notice_of_an_unknown_release_is_checked_before_anybody_is_asked() -> None:
    unknown = Decision(
        "x@dept.example", "hold", None, False, None, ("embargo-unknown-release",), ("?",)
    )
    assert steps(unknown) == [
        "Check the date in the notice at the top. If it is wrong, correct it and send the message "
        "again. If it is right, ask the statistics Head of Profession's office to register the "
        "release."
    ]


def test_a_misspelt_declaration_is_corrected() -> None:
    unknown = Decision("x@dept.example", "hold", None, False, None, ("declared-release-unknown",))
    assert steps(unknown)[0].startswith("Correct the X-Statistical-Release field, or ask")


def test_whoever_is_listed_is_told_when_and_nobody_is_asked_to_list_them() -> None:
    assert steps(decision("soon@dept.example", "not-yet"))[0] == (
        "soon@dept.example may have it from 09:30 on Wednesday 15 September 2027. Send it then."
    )
    assert not any("add them" in line for line in steps(decision("soon@dept.example", "not-yet")))


def test_whoever_comes_onto_the_list_with_its_publication_has_no_earlier_time() -> None:
    standing = Standing("later@dept.example", "index", "not-yet", "So.")
    later = replace(decision("later@dept.example", "not-yet"), standing=standing)
    assert steps(later)[0] == (
        "later@dept.example may have it from 09:30 on Thursday 16 September 2027."
    )


def test_where_a_release_has_no_date_nobody_is_told_a_time() -> None:
    postponed = replace(RELEASE, state="postponed")
    assert steps(decision("soon@dept.example", "not-yet"), release=postponed)[0] == (
        "soon@dept.example may have it once “The index” has a new date. Ask index@dept.example when."
    )


@pytest.mark.parametrize("status", ["expired", "excluded"])
def test_nobody_is_asked_to_list_whom_no_list_may_hold(status: Status) -> None:
    said = steps(decision("old@dept.example", status))
    assert said[0] == "Leave old@dept.example out. Do not ask for them to be added to the list."
    assert said[-1].startswith("Otherwise wait. Everybody may have “The index” from 09:30")


def test_whoever_has_not_signed_signs_first() -> None:
    said = steps(decision("new@dept.example", "missing-declaration"))
    assert said[0].startswith("new@dept.example must read and sign the declaration first.")
    assert not any("add them" in line for line in said)


def test_a_private_mailbox_is_not_put_on_a_list() -> None:
    said = steps(decision("f@webmail.example"), classes={"f@webmail.example": "webmail"})
    assert said[0].startswith("Leave f@webmail.example out until it is published (09:30 on")
    assert not any("add them" in line for line in said)


def test_a_hold_that_ends_before_publication_cannot_be_released_after_it() -> None:
    said = steps(decision("x@dept.example"), hold_days=1)
    assert "ask for it to be released" not in said[-1]
    assert said[-1].endswith(
        "Send it again then: this hold ends before that, at 08:00 on Wednesday 15 September 2027."
    )


def test_a_sender_without_access_is_not_told_to_send_it_again() -> None:
    said = steps(decision("m@dept.example", "listed", ("sender-without-access",)))
    assert said == [
        "Do not pass the material on. If your own declaration is missing, read and sign it; if not, "
        "ask index@dept.example about your access."
    ]


def test_what_was_passed_on_comes_last() -> None:
    said = steps(decision("x@dept.example"), decision("m@dept.example", "listed", (), "pass"))
    assert said[-1].startswith("Do not send it again to the people under “Passed on”.")
    assert len([line for line in said if "Passed on" in line]) == 1


@pytest.mark.parametrize(("reason", "step"), [
    ("encrypted", "Attachment 1 is encrypted. Send it without the password"),
    ("unreadable", "Attachment 1 is damaged. Save it anew"),
    ("limit", "Attachment 1 is too large. Send it in smaller files"),
    ("no-reader", "Attachment 1 is in a format that the gateway cannot read. Send it as plain text"),
])  # fmt: skip
def test_what_was_not_read_is_cured_by_its_own_cure(reason: str, step: str) -> None:
    locked = decision("x@partner.example", None, ("unread-to-the-public",), release=None)
    assert steps(locked, unread=(("attachment 1", reason),))[0].startswith(step)


STATUSES = ("listed", "not-yet", "missing-declaration", "expired", "excluded", "not-listed", None)
REASONS = (OFF_LIST, ROWS, ("secret-by-mail",), ("unread-near-release",), ("links-only",), ())


@given(
    st.lists(st.tuples(st.sampled_from(STATUSES), st.sampled_from(REASONS)), min_size=1, max_size=6)
)
def test_steps_are_said_once_and_never_advise_sending_rows_or_secrets_again(people: Any) -> None:
    decisions = [decision(f"p{i}@x.example", s, r) for i, (s, r) in enumerate(people)]
    said = steps(*decisions)
    assert said and len(said) == len(set(said))
    if all(ROWS[0] in r for _, r in people) or any("secret-by-mail" in r for _, r in people):
        assert not any("wait." in line.lower() for line in said)
        assert not any("again or ask for it to be released" in line for line in said if not any(
            s == "missing-declaration" for s, _ in people))  # fmt: skip


def test_places_are_numbers_and_kinds_and_never_names() -> None:
    parts = tuple(
        PartFacts(str(i), name, role, "", "", 1, "")
        for i, (name, role) in enumerate(
            [(None, "body"), ("logo.png", "inline"), ("Acme merger.xlsx", "attachment"),
             ("b.zip", "attachment")], 1,
        )
    )  # fmt: skip
    sheet = Location("3", "Acme merger.xlsx", "sheet Acme 45,370")
    case = Case(
        Session(""), Envelope("a@dept.example", (Recipient("F@Webmail.example"),)),
        MessageFacts("", 1), parts,
        (Finding("microdata", sheet, "high", {"visibility": "very-hidden"}),
         Finding("marking", Location("0", None, "subject"), "high", {"level": "secret"}),
         Finding("embargo-banner", Location("3", "Acme merger.xlsx", "property Acme"), "high")),
        (), (Gap(Location("4", "b.zip"), "encrypted", "…"), Gap(Location("2", "logo.png"), "no-reader")),
    )  # fmt: skip
    found = grounds(case, Register(domains={"webmail.example": "webmail"}), AT)
    assert found.rows == ("attachment 1, a hidden sheet",)
    assert found.secret == ("the subject",)
    assert found.banners == ("attachment 1, its properties",)
    assert found.unread == (("attachment 2", "encrypted"),)
    assert found.kind("f@webmail.example") == "webmail"
    assert "Acme" not in repr(found)


def test_who_has_joined_and_whose_own_mailbox_it_is_are_grounds() -> None:
    joined = Finding(
        "added-recipient",
        Location("0", None, "recipients"),
        "high",
        {"recipient": "b@dept.example"},
    )
    envelope = Envelope(
        "a.cole@dept.example", (Recipient("A.Cole7@Webmail.example"), Recipient("b@dept.example"))
    )
    case = Case(Session(""), envelope, MessageFacts("", 1, forward=True), findings=(joined,))
    found = grounds(case, Register(domains={"webmail.example": "webmail"}), AT)
    assert found.own == {"a.cole7@webmail.example"}
    assert (found.joined, found.forward) == (("b@dept.example",), True)


@pytest.mark.parametrize(
    ("sender", "shown"), [("maker@dept.example", True), ("a@dept.example", False)]
)
def test_the_share_link_is_for_senders_who_may_have_the_release(sender: str, shown: bool) -> None:
    link = "https://files.dept.example/index/"
    roster = Roster({}, (), frozenset({"maker@dept.example"}))
    register = Register({"index": replace(RELEASE, roster=roster, share_link=link)})
    case = Case(Session(""), Envelope(sender, (Recipient("b@dept.example"),)), MessageFacts("", 1))
    assert grounds(case, register, AT).share_links == ({"index": link} if shown else {})


def test_the_link_is_sent_instead_of_the_attachment() -> None:
    refused = decision("m@dept.example", "listed", ("links-only",), "reject")
    assert "Send a link to the material instead of attaching it." in steps(refused)
    said = steps(refused, share_links={"index": "https://files.dept.example/index/"})
    assert (
        "Send this link instead of attaching the material: https://files.dept.example/index/"
        in said
    )


def test_rules_of_one_family_say_the_same() -> None:
    assert family("figures-off-list") == family("embargo-notice-too-early") == "list"
    assert family("microdata-to-the-public") == family("microdata-outside") != family("unread-to-the-public")  # fmt: skip


def test_lists_read_like_sentences() -> None:
    assert [listing(w.split()) for w in ("", "a", "a b", "a b c")] == ["", "a", "a and b", "a, b and c"]  # fmt: skip

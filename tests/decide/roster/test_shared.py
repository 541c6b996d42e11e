"""A shared mailbox or a distribution list may have a release where everybody behind it may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from support.lists import (
    IN_WINDOW,
    INSTANT,
    appointed,
    ask,
    directory,
    local,
    mailbox,
    person,
    release,
)

from gateway.model.people import Declaration, Directory, Group
from gateway.model.release import Release, Standing
from gateway.model.roster import Exclusion

DESK = "news.desk@dept.example"
A, B, C = "a@dept.example", "b@dept.example", "c@dept.example"
READ_BY_THREE = directory(mailboxes=[mailbox(DESK, A, B, C)])


def on_list(*addresses: str, **more: Any) -> Release:
    return release(*(appointed(address) for address in addresses), **more)


def group(*members: str, fault: str = "") -> Directory:
    return directory(groups={DESK: Group(DESK, members, "", fault)})


def desk(subject: Release, among: Directory = READ_BY_THREE, **more: Any) -> Standing:
    return ask(subject, DESK, among=among, **more)


def test_a_mailbox_may_have_it_where_each_of_its_readers_may() -> None:
    found = desk(on_list(A, B, C))
    assert (found.status, found.role) == ("listed", None)
    assert found.sentence == (
        "It is a shared mailbox, and each of its 3 readers may have this release."
    )


def test_one_unlisted_reader_is_enough_to_hold_it_and_is_named() -> None:
    found = desk(on_list(A, B))
    assert (found.status, found.allowed) == ("not-listed", False)
    assert found.sentence == (
        "It is a shared mailbox, and 1 of its 3 readers is not on the list: c@dept.example."
    )


def test_no_more_than_three_readers_are_named() -> None:
    readers = [f"r{number}@dept.example" for number in range(10)]
    found = desk(on_list(), directory(mailboxes=[mailbox(DESK, *readers, kind="press")]))
    assert found.sentence == (
        "It is a press mailbox, and 10 of its 10 readers are not on the list:"
        " r0@dept.example, r1@dept.example, r2@dept.example and 7 more."
    )


def test_its_own_place_on_the_list_does_not_help_while_a_reader_is_not_on_it() -> None:
    found = desk(on_list(DESK, A, B))
    assert found.status == "not-listed"
    assert found.sentence.endswith("Its own place on the list does not change that.")
    team = on_list(A, B, production_team=frozenset({DESK}))
    assert desk(team).status == "not-listed"


def test_its_own_place_counts_where_not_all_readers_must_be_listed() -> None:
    loose = directory(mailboxes=[mailbox(DESK, A, B, all_must_be_listed=False)])
    assert desk(on_list(DESK), loose).status == "listed"
    assert desk(on_list(A), loose).status == "not-listed"
    assert desk(on_list(A, B), loose).status == "listed"


@pytest.mark.parametrize("all_must_be_listed", [True, False])
def test_a_reader_who_is_excluded_is_enough_to_hold_it(all_must_be_listed: bool) -> None:
    known = directory(mailboxes=[mailbox(DESK, A, B, all_must_be_listed=all_must_be_listed)])
    bar = Exclusion(B, date(2020, 1, 1), None, "INC-1")
    assert not desk(on_list(DESK, A, B), known, exclusions=(bar,)).allowed


def test_a_reader_counts_by_any_of_their_addresses() -> None:
    known = directory(person("b", B, "b.other@dept.example"), mailboxes=[mailbox(DESK, A, B)])
    assert desk(on_list(A, "b.other@dept.example"), known).status == "listed"


def test_a_reader_who_left_still_reads_it() -> None:
    known = directory(person("b", B, left=date(2020, 6, 1)), mailboxes=[mailbox(DESK, A, B)])
    found = desk(on_list(A, B), known)
    assert (found.status, found.sentence) == (
        "not-listed", "It is a shared mailbox, and 1 of its 2 readers may not have it: b@dept.example.",
    )  # fmt: skip


def test_before_the_window_a_mailbox_has_to_wait_as_its_readers_have() -> None:
    found = ask(on_list(A, B, C), DESK, INSTANT - timedelta(days=3), among=READ_BY_THREE)
    assert found.status == "not-yet"


def test_a_mailbox_of_producers_may_have_it_at_any_time() -> None:
    subject = release(production_team=frozenset({A, B}), quality_assurers=frozenset({C}))
    found = ask(subject, DESK, INSTANT - timedelta(days=90), among=READ_BY_THREE)
    assert found.status == "production"


def test_a_mailbox_whose_readers_must_only_sign_says_so() -> None:
    signed = Declaration(date(2020, 1, 1))
    subject = release(
        appointed(A, declaration=signed), appointed(B, declaration=signed), appointed(C),
        declaration_required=True,
    )  # fmt: skip
    found = desk(subject)
    assert found.status == "missing-declaration"
    assert found.sentence == (
        "It is a shared mailbox, and 1 of its 3 readers must first sign the declaration or read the"
        " guidance: c@dept.example."
    )


def test_a_mailbox_may_be_written_in_the_file_of_a_release() -> None:
    own = on_list(A, mailboxes=(mailbox(DESK, A, kind="private-office"),))
    assert ask(own, DESK).sentence == (
        "It is the mailbox of a private office, and its one reader may have this release."
    )


def test_a_mailbox_that_is_given_twice_reaches_everybody_of_both() -> None:
    subject = on_list(A, B, mailboxes=(mailbox(DESK, A, B, all_must_be_listed=False),))
    assert not desk(subject).allowed


def test_a_mailbox_without_known_readers_is_not_listed() -> None:
    assert desk(on_list(DESK), directory(mailboxes=[mailbox(DESK)])).status == "not-listed"


def test_a_mailbox_read_by_way_of_another_reaches_its_readers_too() -> None:
    known = directory(mailboxes=[mailbox(DESK, A, "inner@dept.example"), mailbox("inner@dept.example", B)])  # fmt: skip
    assert desk(on_list(A, B), known).status == "listed"
    assert "inner@dept.example" in desk(on_list(A), known).sentence


@pytest.mark.parametrize("way", [(), ("x@dept.example",), ("x@dept.example", "y@dept.example")])
def test_a_mailbox_that_is_read_through_itself_is_not_listed(way: tuple[str, ...]) -> None:
    round_ = (DESK, *way)
    known = directory(
        mailboxes=[
            mailbox(address, A, round_[(number + 1) % len(round_)])
            for number, address in enumerate(round_)
        ]
    )
    assert all(not ask(on_list(A, *round_), one, among=known).allowed for one in round_)


def test_lists_within_lists_without_end_are_not_followed() -> None:
    boxes = [mailbox(f"m{n}@dept.example", f"m{n + 1}@dept.example") for n in range(5000)]
    subject = on_list("m5000@dept.example")
    assert not ask(subject, "m0@dept.example", among=directory(mailboxes=boxes)).allowed


def test_every_member_of_a_distribution_list_must_be_listed() -> None:
    assert desk(on_list(A, B), group(A, B)).status == "listed"
    assert desk(on_list(A, DESK), group(A, B)).sentence == (
        "It is a distribution list, and 1 of its 2 members is not on the list: b@dept.example."
        " Its own place on the list does not change that."
    )


def test_a_list_that_cannot_be_expanded_is_not_listed_and_says_why() -> None:
    found = desk(on_list(A, DESK), group(A, fault="the directory server does not answer"))
    assert found.status == "not-listed"
    assert found.sentence == (
        "It is a distribution list that cannot be expanded: the directory server does not answer."
        " Its own place on the list does not change that."
    )


def test_a_list_without_members_is_not_listed() -> None:
    assert desk(on_list(DESK), group()).status == "not-listed"


def test_what_is_said_of_one_recipient_names_no_other_but_readers() -> None:
    for subject in (on_list(A, B, C), on_list(A, DESK), on_list()):
        for address in (A, B, C):
            said = ask(subject, address, IN_WINDOW, among=READ_BY_THREE).sentence
            assert "@" not in said


def test_a_mailbox_may_have_it_when_the_last_of_its_readers_may() -> None:
    late = date(2020, 6, 4)
    subject = release(appointed(A), appointed(B), appointed(C, starts=late))
    found = ask(subject, DESK, local(2020, 6, 1, 9), among=READ_BY_THREE)
    assert (found.status, found.begins) == ("not-yet", local(2020, 6, 4))


def test_a_list_of_everybody_is_settled_before_all_have_been_asked() -> None:
    everybody = group(A, *(f"s{number}@dept.example" for number in range(9000)))
    assert desk(on_list(A), everybody).sentence == (
        "It is a distribution list, and at least 501 of its 9001 members are not on the list:"
        " s0@dept.example, s1@dept.example, s2@dept.example and others."
    )


def test_whoever_is_excluded_is_found_at_the_very_end_of_a_list_within_a_mailbox() -> None:
    """A mailbox whose own place counts, unless it reaches somebody who is excluded."""
    long = Group(DESK, (*(f"s{number}@dept.example" for number in range(900)), B))
    box = mailbox("box@dept.example", DESK, all_must_be_listed=False)
    known = directory(mailboxes=[box], groups={DESK: long})
    bar = Exclusion(B, date(2020, 1, 1), None, "INC-1")
    assert ask(on_list("box@dept.example"), "box@dept.example", among=known).allowed
    found = ask(on_list("box@dept.example"), "box@dept.example", among=known, exclusions=(bar,))
    assert not found.allowed


def test_a_mailbox_that_a_complete_directory_knows_is_known() -> None:
    loose = mailbox(DESK, A, all_must_be_listed=False)
    assert desk(on_list(DESK), directory(mailboxes=[loose], complete=True)).status == "listed"
    own = on_list(DESK, mailboxes=(loose,))
    assert desk(own, directory(complete=True)).status == "listed"

"""Standing in for somebody who is away, and acting for somebody who is on the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from support.lists import (
    INSTANT,
    SIGNED,
    appointed,
    ask,
    directory,
    local,
    mailbox,
    person,
    release,
    turn,
)  # fmt: skip

from gateway.model.people import Absence, Delegation, Directory
from gateway.model.regime import Regime
from gateway.model.release import Release
from gateway.model.roster import Exclusion

HOLDER, OTHER, THIRD = "holder@dept.example", "other@dept.example", "third@dept.example"
AWAY = Absence(HOLDER, date(2020, 6, 3), date(2020, 6, 4))
WITH_SUBSTITUTE = release(appointed(HOLDER, substitutes=(OTHER,)))
ON_LIST = release(appointed(HOLDER, role="chief"))
BARRED = Exclusion(HOLDER, date(2020, 1, 1), None, "INC-1")


def acting(**more: Any) -> Directory:
    return directory(delegations=(Delegation(HOLDER, OTHER, **more),))


def test_a_substitute_counts_on_the_days_when_the_holder_is_away() -> None:
    known = directory(absences=(AWAY,))
    found = ask(WITH_SUBSTITUTE, OTHER, among=known)
    assert (found.status, found.role) == ("listed", "press")
    assert found.sentence == "They stand in as Media Officer, whose holder is away."


def test_a_substitute_never_counts_beside_a_holder_who_is_in() -> None:
    found = ask(WITH_SUBSTITUTE, OTHER)
    assert found.status == "not-listed"
    assert found.sentence == (
        "They may stand in as Media Officer, but only on days when the holder is away."
    )


def test_both_days_of_an_absence_count_in_the_releases_zone() -> None:
    known = directory(absences=(AWAY,))
    subject = release(appointed(HOLDER, substitutes=(OTHER,)), window=timedelta(days=30))
    assert not ask(subject, OTHER, local(2020, 6, 2, 23, 59, 59), among=known).allowed
    assert ask(subject, OTHER, local(2020, 6, 3, 0, 0), among=known).allowed
    assert ask(subject, OTHER, local(2020, 6, 4, 23, 59, 59), among=known).allowed
    assert not ask(subject, OTHER, local(2020, 6, 5, 0, 0), among=known).allowed


def test_the_holder_is_away_by_any_of_their_addresses() -> None:
    known = directory(
        person("holder", HOLDER, "h2@dept.example"),
        absences=(Absence("h2@dept.example", AWAY.starts, AWAY.ends),),
    )
    assert ask(WITH_SUBSTITUTE, OTHER, among=known).status == "listed"


@pytest.mark.parametrize(
    "days", [{"ends": date(2020, 6, 1)}, {"starts": date(2020, 6, 30)}], ids=["ended", "to come"]
)
def test_nobody_stands_in_for_a_place_that_is_not_held(days: dict[str, date]) -> None:
    subject = release(appointed(HOLDER, substitutes=(OTHER,), **days))
    assert not ask(subject, OTHER, among=directory(absences=(AWAY,))).allowed


def test_a_substitute_counts_from_the_holders_first_to_their_last_day() -> None:
    known = directory(absences=(AWAY,))
    days = {"starts": date(2020, 6, 4), "ends": date(2020, 6, 4)}
    subject = release(appointed(HOLDER, substitutes=(OTHER,), **days))
    assert ask(subject, OTHER, local(2020, 6, 4, 0, 0), among=known).status == "listed"
    assert not ask(subject, OTHER, local(2020, 6, 3, 23, 59, 59), among=known).allowed


@pytest.mark.parametrize("law", [{"exceptional_only": True}, {"grant_months": 12}])
def test_nobody_stands_in_for_a_place_that_its_regime_does_not_count(law: dict[str, Any]) -> None:
    subject = replace(WITH_SUBSTITUTE, regime="law")
    regimes = {"law": Regime("law", "The law", "", {"": timedelta(hours=24)}, **law)}
    known = directory(absences=(AWAY,))
    assert not ask(subject, OTHER, among=known, regimes=regimes).allowed


def test_nobody_stands_in_for_who_left_or_is_excluded() -> None:
    left = directory(person("holder", HOLDER, left=date(2020, 6, 1)), absences=(AWAY,))
    assert not ask(WITH_SUBSTITUTE, OTHER, among=left).allowed
    known = directory(absences=(AWAY,))
    assert not ask(WITH_SUBSTITUTE, OTHER, among=known, exclusions=(BARRED,)).allowed


def test_a_substitute_needs_a_declaration_of_their_own() -> None:
    subject = release(
        appointed(HOLDER, substitutes=(OTHER,), declaration=SIGNED), declaration_required=True
    )
    unsigned = directory(person("other", OTHER), absences=(AWAY,))
    assert ask(subject, OTHER, among=unsigned).status == "missing-declaration"
    signed = directory(person("other", OTHER, declaration=SIGNED), absences=(AWAY,))
    assert ask(subject, OTHER, among=signed).status == "listed"


def test_a_delegate_may_have_what_their_principal_may_have() -> None:
    found = ask(ON_LIST, OTHER, among=acting())
    assert (found.status, found.role) == ("listed", "chief")
    assert found.sentence == "They act for somebody who is on the list as Chief Economist."


def test_a_delegation_may_be_written_in_the_file_of_a_release() -> None:
    subject = release(appointed(HOLDER), delegations=(Delegation(HOLDER, OTHER),))
    assert ask(subject, OTHER).status == "listed"


def test_a_delegate_of_somebody_who_is_not_on_the_list_is_not_on_it() -> None:
    found = ask(release(), OTHER, among=acting())
    assert found.status == "not-listed"
    assert found.sentence == (
        "They act for somebody who is not on the list by themselves at that time."
    )


def test_delegation_is_not_transitive() -> None:
    chain = directory(delegations=(Delegation(HOLDER, OTHER), Delegation(OTHER, THIRD)))
    assert ask(ON_LIST, OTHER, among=chain).status == "listed"
    assert ask(ON_LIST, THIRD, among=chain).status == "not-listed"


def test_a_substitute_delegates_nothing() -> None:
    known = directory(absences=(AWAY,), delegations=(Delegation(OTHER, THIRD),))
    assert ask(WITH_SUBSTITUTE, OTHER, among=known).status == "listed"
    assert ask(WITH_SUBSTITUTE, THIRD, among=known).status == "not-listed"


@pytest.mark.parametrize("team", ["production_team", "quality_assurers"])
def test_the_production_team_is_not_delegated(team: str) -> None:
    subject = release(**{team: frozenset({HOLDER})})
    assert ask(subject, OTHER, among=acting()).status == "not-listed"


def test_a_delegation_counts_from_its_first_to_its_last_day() -> None:
    known = acting(starts=date(2020, 6, 3), ends=date(2020, 6, 3))
    subject = release(appointed(HOLDER), window=timedelta(days=30))
    before = ask(subject, OTHER, local(2020, 6, 2, 23, 59, 59), among=known)
    assert (before.status, before.sentence) == (
        "not-yet", "Their delegation only starts on 3 June 2020.",
    )  # fmt: skip
    assert ask(subject, OTHER, local(2020, 6, 3, 0, 0), among=known).status == "listed"
    after = ask(subject, OTHER, local(2020, 6, 4, 0, 0), among=known)
    assert (after.status, after.sentence) == ("expired", "Their delegation ended on 3 June 2020.")


def test_a_delegation_counts_for_the_releases_that_it_names() -> None:
    assert ask(ON_LIST, OTHER, among=acting(releases=frozenset({"x"}))).status == "listed"
    found = ask(ON_LIST, OTHER, among=acting(releases=frozenset({"y"})))
    assert found.status == "not-listed"
    assert found.sentence == "They act for somebody on other releases, and not on this one."


@pytest.mark.parametrize(
    ("subject", "known", "barred"),
    [
        (release(appointed(HOLDER, ends=date(2020, 5, 31))), acting(), ()),
        (release(appointed(HOLDER), declaration_required=True), acting(declaration=SIGNED), ()),
        (ON_LIST, acting(), (BARRED,)),
    ],
    ids=["expired", "undeclared", "excluded"],
)  # fmt: skip
def test_a_principal_who_may_not_have_it_now_passes_nothing_on(
    subject: Release, known: Directory, barred: tuple[Exclusion, ...]
) -> None:
    assert not ask(subject, OTHER, among=known, exclusions=barred).allowed


def test_a_delegate_needs_a_declaration_of_their_own() -> None:
    subject = release(appointed(HOLDER, declaration=SIGNED), declaration_required=True)
    assert ask(subject, OTHER, among=acting()).status == "missing-declaration"
    assert ask(subject, OTHER, among=acting(declaration=SIGNED)).status == "listed"


def test_a_delegate_waits_for_the_window_as_the_principal_does() -> None:
    assert ask(ON_LIST, OTHER, INSTANT - timedelta(hours=25), among=acting()).status == "not-yet"


def test_a_delegate_who_is_excluded_is_excluded() -> None:
    bar = Exclusion(OTHER, date(2020, 1, 1), None, "INC-1")
    assert ask(ON_LIST, OTHER, among=acting(), exclusions=(bar,)).status == "excluded"


def test_a_principal_on_duty_has_a_delegate_while_the_turn_lasts() -> None:
    subject = release(
        shifts=(turn(HOLDER, local(2020, 6, 3, 18, 0), local(2020, 6, 4, 8, 0)),)
    )  # fmt: skip
    assert ask(subject, OTHER, local(2020, 6, 4, 7, 59, 59), among=acting()).status == "listed"
    assert ask(subject, OTHER, local(2020, 6, 4, 8, 0), among=acting()).status == "not-listed"


@pytest.mark.parametrize("grant", ["substitute", "delegate"])
def test_a_letter_lets_in_one_person_and_nobody_in_their_stead(grant: str) -> None:
    letter = "https://dept.example/letters/1"
    only = appointed(HOLDER, grant="exceptional", letter=letter, substitutes=(OTHER,))
    known = directory(
        absences=(AWAY,) if grant == "substitute" else (),
        delegations=(Delegation(HOLDER, OTHER),) if grant == "delegate" else (),
    )
    assert ask(release(only), HOLDER, among=known).status == "listed"
    assert not ask(release(only), OTHER, among=known).allowed


def test_a_shared_mailbox_is_read_by_delegates_and_substitutes_too() -> None:
    known = directory(
        mailboxes=[mailbox("desk@dept.example", HOLDER, OTHER)],
        delegations=(Delegation(HOLDER, OTHER),),
    )
    assert ask(ON_LIST, "desk@dept.example", among=known).status == "listed"


def test_what_is_said_of_a_delegate_does_not_name_the_principal() -> None:
    for subject in (ON_LIST, release()):
        assert "@" not in ask(subject, OTHER, among=acting()).sentence


def test_nobody_acts_for_a_mailbox() -> None:
    """Its place, where it has one of its own, is that of everybody who reads it."""
    loose = mailbox(HOLDER, THIRD, all_must_be_listed=False)
    known = directory(mailboxes=[loose], delegations=(Delegation(HOLDER, OTHER),), absences=(AWAY,))
    assert ask(ON_LIST, HOLDER, among=known).status == "listed"
    assert not ask(ON_LIST, OTHER, among=known).allowed
    assert not ask(WITH_SUBSTITUTE, OTHER, among=known).allowed

"""A rota: on the list while on duty, to the second."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from support.lists import INSTANT, SIGNED, appointed, ask, directory, local, person, release, turn

from gateway.model.regime import Regime

DUTY = "duty@dept.example"
NIGHT = turn(DUTY, local(2020, 6, 3, 18, 0), local(2020, 6, 4, 8, 0))


def test_who_is_on_duty_is_on_the_list_for_that_turn_alone() -> None:
    subject = release(shifts=(NIGHT,))
    assert ask(subject, DUTY, local(2020, 6, 3, 17, 59, 59)).status == "not-yet"
    assert ask(subject, DUTY, local(2020, 6, 3, 18, 0)).status == "listed"
    assert ask(subject, DUTY, local(2020, 6, 4, 7, 59, 59)).status == "listed"
    assert ask(subject, DUTY, local(2020, 6, 4, 8, 0)).status == "expired"


def test_it_is_said_until_when_somebody_is_on_duty() -> None:
    found = ask(release(shifts=(NIGHT,)), DUTY, local(2020, 6, 3, 20, 35))
    assert (found.status, found.role) == ("listed", "press")
    assert found.sentence == (
        "They are on duty as Media Officer until 4 June 2020 at 08:00 (Europe/London)."
    )


def test_between_two_turns_it_is_said_when_the_next_begins() -> None:
    later = turn(DUTY, local(2020, 6, 4, 9, 0), local(2020, 6, 4, 18, 0))
    found = ask(release(shifts=(NIGHT, later)), DUTY, local(2020, 6, 4, 8, 30))
    assert found.status == "not-yet"
    assert found.sentence == (
        "They are not on duty as Media Officer: their last turn ended on 4 June 2020 at 08:00"
        " (Europe/London), and their next turn begins on 4 June 2020 at 09:00 (Europe/London)."
    )


def test_the_duty_officer_of_another_turn_is_not_on_the_list() -> None:
    other = turn("other@dept.example", local(2020, 6, 4, 8, 0), local(2020, 6, 4, 18, 0))
    at = local(2020, 6, 3, 20, 35)
    subject = release(shifts=(NIGHT, other))
    assert ask(subject, DUTY, at).allowed
    assert not ask(subject, "other@dept.example", at).allowed


@pytest.mark.parametrize("fold", [0, 1])
def test_a_turn_lasts_through_the_hour_that_the_clocks_repeat(fold: int) -> None:
    through = turn(DUTY, local(2020, 10, 24, 18, 0), local(2020, 10, 25, 8, 0))
    subject = release(shifts=(through,), instant=local(2020, 10, 25, 9, 30))
    twice = local(2020, 10, 25, 1, 30).replace(fold=fold)
    assert ask(subject, DUTY, twice).status == "listed"
    # It ends when the clocks show 08:00, nine hours of which are after midnight.
    assert ask(subject, DUTY, local(2020, 10, 25, 8, 0)).status == "expired"
    assert ask(subject, DUTY, local(2020, 10, 25, 8, 0) - timedelta(seconds=1)).status == "listed"


def test_being_on_duty_does_not_open_the_window() -> None:
    early = turn(DUTY, INSTANT - timedelta(days=3), INSTANT)
    found = ask(release(shifts=(early,)), DUTY, INSTANT - timedelta(days=2))
    assert found.status == "not-yet"
    assert "only opens on 3 June 2020 at 09:30" in found.sentence


def test_who_is_on_duty_needs_a_declaration_of_their_own() -> None:
    subject = release(shifts=(NIGHT,), declaration_required=True)
    at = local(2020, 6, 3, 20, 35)
    assert ask(subject, DUTY, at).status == "missing-declaration"
    known = directory(person("duty", DUTY, declaration=SIGNED))
    assert ask(subject, DUTY, at, among=known).status == "listed"


def test_an_appointment_counts_beside_a_turn_that_is_over() -> None:
    subject = release(appointed(DUTY, role="chief"), shifts=(NIGHT,))
    assert ask(subject, DUTY, local(2020, 6, 4, 9, 0)).role == "chief"


def test_a_turn_of_duty_is_no_letter() -> None:
    strict = {"law": Regime("law", "The law", "", {"": timedelta(hours=24)}, exceptional_only=True)}
    found = ask(release(shifts=(NIGHT,), regime="law"), DUTY, local(2020, 6, 3, 20), regimes=strict)
    assert found.status == "not-listed"
    assert "published letter only" in found.sentence


def test_a_turn_in_a_complete_directory_is_somebodys() -> None:
    subject, at = release(shifts=(NIGHT,)), local(2020, 6, 3, 20)
    assert not ask(subject, DUTY, at, among=directory(complete=True)).allowed
    left = directory(person("duty", DUTY, left=date(2020, 6, 2)))
    assert ask(subject, DUTY, at, among=left).status == "expired"


def test_between_turns_the_next_one_is_when_they_may_have_it() -> None:
    later = turn(DUTY, local(2020, 6, 4, 9, 0), local(2020, 6, 4, 18, 0))
    found = ask(release(shifts=(NIGHT, later)), DUTY, local(2020, 6, 4, 8, 30))
    assert found.begins == local(2020, 6, 4, 9, 0)


def test_of_many_turns_the_last_one_and_the_next_are_told() -> None:
    days = [
        turn(DUTY, local(2020, 6, day, 9, 0), local(2020, 6, day, 17, 0)) for day in (1, 2, 3, 4)
    ]
    for turns in (days, days[::-1]):
        found = ask(release(shifts=tuple(turns)), DUTY, local(2020, 6, 2, 20, 0))
        assert "last turn ended on 2 June 2020 at 17:00" in found.sentence
        assert "next turn begins on 3 June 2020 at 09:00" in found.sentence


def test_a_turn_counts_under_a_regime_too() -> None:
    law = {"law": Regime("law", "The law", "", {"": timedelta(hours=24)})}
    subject = release(shifts=(NIGHT,), regime="law")
    assert ask(subject, DUTY, local(2020, 6, 3, 20), regimes=law).status == "listed"


def test_a_turn_that_ends_this_second_is_the_last_one() -> None:
    found = ask(release(shifts=(NIGHT,)), DUTY, local(2020, 6, 4, 8, 0))
    assert "their last turn ended on 4 June 2020 at 08:00" in found.sentence


def test_of_turns_that_overlap_the_later_end_is_told() -> None:
    longer = turn(DUTY, local(2020, 6, 3, 20, 0), local(2020, 6, 4, 9, 0))
    for turns in ((NIGHT, longer), (longer, NIGHT)):
        assert (
            "until 4 June 2020 at 09:00"
            in ask(release(shifts=turns), DUTY, local(2020, 6, 3, 21)).sentence
        )

"""Who may have a release, and why: the semantics of lists (DOMAIN section 4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from support.lists import IN_WINDOW, INSTANT, SIGNED, local, release

from gateway.decide.roster import standing
from gateway.model.people import Declaration
from gateway.model.register import Register
from gateway.model.release import Release, Standing
from gateway.model.roster import Appointment, Exclusion

ME = "a.person@dept.example"


def post(
    starts: date | None = None, ends: date | None = None, declaration: Declaration | None = None
) -> Appointment:
    return Appointment("press", ME, starts, ends, declaration)


def ask(
    subject: Release, at: datetime = IN_WINDOW, *barred: Exclusion, address: str = ME
) -> Standing:
    return standing(Register({"x": subject}, barred), subject, address, at)


def test_who_is_not_on_the_list_is_not_listed() -> None:
    found = ask(release(), address="x@dept.example")
    assert (found.status, found.allowed) == ("not-listed", False)


def test_who_is_on_the_list_may_have_it_inside_the_window() -> None:
    found = ask(release(post()))
    assert (found.status, found.role, found.allowed) == ("listed", "press", True)
    assert found.sentence == "They are on the list as Media Officer."


def test_the_window_opens_to_the_second() -> None:
    opens = INSTANT - timedelta(hours=24)
    assert ask(release(post()), opens - timedelta(seconds=1)).status == "not-yet"
    assert ask(release(post()), opens).status == "listed"


def test_the_window_is_elapsed_time_across_a_clock_change() -> None:
    subject = release(post(), instant=local(2020, 3, 29, 9, 30))  # the clocks went forward at 01:00
    assert ask(subject, local(2020, 3, 28, 8, 29, 59)).status == "not-yet"
    assert ask(subject, local(2020, 3, 28, 8, 30)).status == "listed"


def test_before_the_window_the_sentence_says_when_it_opens() -> None:
    assert ask(release(post()), local(2020, 6, 1, 9)).sentence == (
        "They are on the list as Media Officer, but pre-release access only opens on"
        " 3 June 2020 at 09:30 (Europe/London)."
    )


@pytest.mark.parametrize("team", ["production_team", "quality_assurers"])
def test_production_team_and_quality_assurers_may_work_at_any_time(team: str) -> None:
    subject = release(**{team: frozenset({ME})})
    assert ask(subject, INSTANT - timedelta(days=100)).status == "production"


def test_an_exclusion_beats_the_production_team() -> None:
    barred = Exclusion(ME, date(2020, 1, 1), None, "INC-1")
    assert ask(release(production_team=frozenset({ME})), IN_WINDOW, barred).status == "excluded"


def test_an_appointment_that_ended_on_31_may_is_expired_on_3_june() -> None:
    found = ask(release(post(ends=date(2020, 5, 31))), local(2020, 6, 3, 10))
    assert (found.status, found.role) == ("expired", "press")
    assert found.sentence == "Their appointment as Media Officer ended on 31 May 2020."


def test_both_ends_of_an_appointment_are_included_in_the_releases_zone() -> None:
    subject = release(post(date(2020, 6, 3), date(2020, 6, 3)), window=timedelta(days=30))
    assert ask(subject, local(2020, 6, 2, 23, 59, 59)).status == "not-yet"
    assert ask(subject, local(2020, 6, 3, 0, 0)).status == "listed"
    assert ask(subject, local(2020, 6, 3, 23, 59, 59)).status == "listed"
    assert ask(subject, local(2020, 6, 4, 0, 0)).status == "expired"
    # 23:30 UTC on 3 June is 4 June in London.
    assert ask(subject, datetime(2020, 6, 3, 23, 30, tzinfo=UTC)).status == "expired"


def test_an_exclusion_ends_at_the_start_of_its_last_date() -> None:
    barred = Exclusion(ME, date(2020, 1, 1), date(2020, 6, 4), "INC-1")
    assert ask(release(post()), local(2020, 6, 3, 23, 59, 59), barred).status == "excluded"
    assert ask(release(post()), local(2020, 6, 4, 0, 0), barred).status == "listed"


def test_an_exclusion_does_not_count_before_it_begins() -> None:
    barred = Exclusion(ME, date(2020, 6, 4), None, "INC-1")
    assert ask(release(post()), local(2020, 6, 3, 23, 59, 59), barred).status == "listed"


def test_an_exclusion_counts_from_its_first_day() -> None:
    barred = Exclusion(ME, date(2020, 6, 4), None, "INC-1")
    assert ask(release(post()), local(2020, 6, 4, 0, 0), barred).status == "excluded"


@pytest.mark.parametrize("turned", [False, True])
def test_of_several_exclusions_the_one_that_lasts_longest_is_told(turned: bool) -> None:
    ends = [date(2021, 1, 1), date(2022, 1, 1)]
    barred = [Exclusion(ME, date(2020, 1, 1), end, "INC-1") for end in ends]
    found = ask(release(post()), IN_WINDOW, *(barred[::-1] if turned else barred))
    assert "until the start of 1 January 2022" in found.sentence
    forever = Exclusion(ME, date(2020, 1, 1), None, "INC-2")
    assert "until further notice" in ask(release(post()), IN_WINDOW, *barred, forever).sentence


def test_a_release_may_bar_somebody_from_its_own_list_alone() -> None:
    barred = (Exclusion(ME, date(2020, 1, 1), None, "INC-1"),)
    assert ask(release(post(), exclusions=barred)).status == "excluded"
    assert ask(release(post())).status == "listed"


def test_the_reason_of_an_exclusion_is_not_told() -> None:
    barred = Exclusion(ME, date(2020, 1, 1), date(2021, 1, 1), "INC-1")
    found = ask(release(post()), IN_WINDOW, barred)
    assert found.sentence == (
        "They are excluded from pre-release lists until the start of 1 January 2021."
    )


def test_exclusion_beats_expiry_beats_missing_declaration_beats_listing() -> None:
    barred = Exclusion(ME, date(2020, 1, 1), None, "INC-1")
    ended = release(post(ends=date(2020, 5, 31)), declaration_required=True)
    unsigned = release(post(), declaration_required=True)
    assert ask(ended, IN_WINDOW, barred).status == "excluded"
    assert ask(ended).status == "expired"
    assert ask(unsigned).status == "missing-declaration"
    assert ask(release(post(declaration=SIGNED), declaration_required=True)).status == "listed"


@pytest.mark.parametrize(
    ("declaration", "said"),
    [
        (None, "they have not signed the declaration"),
        (Declaration(date(2019, 1, 1), 1, date(2020, 6, 3)), "lapsed after 3 June 2020"),
        (Declaration(date(2020, 6, 5)), "only counts from 5 June 2020"),
    ],
)
def test_without_a_current_declaration_nobody_is_listed(
    declaration: Declaration | None, said: str
) -> None:
    found = ask(release(post(declaration=declaration), declaration_required=True))
    assert found.status == "missing-declaration"
    assert said in found.sentence


def test_a_lapsed_declaration_counts_against_somebody_even_where_none_is_required() -> None:
    lapsed = Declaration(date(2019, 1, 1), 1, date(2019, 12, 31))
    assert ask(release(post(declaration=lapsed))).status == "missing-declaration"


def test_the_last_day_of_a_declaration_counts() -> None:
    declaration = Declaration(date(2019, 6, 5), 1, date(2020, 6, 4))
    assert ask(release(post(declaration=declaration))).status == "listed"


def test_of_several_appointments_the_best_valid_one_counts() -> None:
    subject = release(
        post(ends=date(2020, 5, 31)), post(), post(declaration=SIGNED), declaration_required=True
    )
    assert ask(subject).status == "listed"


def test_of_several_ended_appointments_the_most_recent_is_shown() -> None:
    subject = release(post(ends=date(2019, 1, 1)), post(ends=date(2020, 5, 1)))
    assert "1 May 2020" in ask(subject).sentence


def test_an_appointment_that_has_not_begun_is_not_yet_one() -> None:
    found = ask(release(post(starts=date(2020, 6, 5))))
    assert (found.status, found.allowed) == ("not-yet", False)
    assert "only starts on 5 June 2020" in found.sentence


def test_a_tagged_address_is_not_the_listed_one() -> None:
    assert ask(release(post()), address="a.person+x@dept.example").status == "not-listed"


def test_spelling_and_case_of_the_envelope_do_not_matter() -> None:
    found = ask(release(post()), address="<A.Person@DEPT.example.>")
    assert (found.status, found.address) == ("listed", "<A.Person@DEPT.example.>")


@pytest.mark.parametrize("address", ["", "<>", "a b@dept.example", "a@\ud800"])
def test_what_is_no_address_is_not_listed(address: str) -> None:
    assert ask(release(post()), address=address).status == "not-listed"


def test_after_publication_the_question_still_has_an_answer() -> None:
    assert ask(release(post()), INSTANT + timedelta(days=1000)).status == "listed"


def test_a_time_without_a_zone_is_an_error_and_no_guess() -> None:
    with pytest.raises(ValueError, match="zone"):
        ask(release(post()), datetime(2020, 6, 4, 9, 0))


def test_a_role_that_the_register_lost_still_has_a_sentence() -> None:
    subject = release(Appointment("gone", ME))
    assert ask(subject).sentence == "They are on the list as gone."


def test_whoever_may_not_have_it_yet_is_told_from_when() -> None:
    """The window, the first day of an appointment, or whichever is later."""
    window = timedelta(hours=48)
    early = local(2020, 6, 1, 9)
    assert ask(release(post(), window=window), early).begins == local(2020, 6, 2, 9, 30)
    later = release(post(starts=date(2020, 6, 3)), window=window)
    assert ask(later, early).begins == local(2020, 6, 3)
    assert ask(release(post(starts=date(2020, 6, 5)), window=window), early).begins is None


def test_only_who_may_not_have_it_yet_has_a_time_from_which() -> None:
    for subject in (release(), release(post()), release(post(ends=date(2020, 6, 1)))):
        assert ask(subject).begins is None


def test_while_a_release_is_postponed_nobody_can_say_from_when() -> None:
    found = ask(release(post(), state="postponed"))
    assert (found.status, found.begins) == ("not-yet", None)

"""What a regime and an exceptional grant ask before a place counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from support.lists import SIGNED, appointed, ask, directory, local, person, release

from gateway.model.people import Directory
from gateway.model.regime import Regime
from gateway.model.release import Standing
from gateway.model.roster import Appointment

ME = "a@dept.example"
LETTER = "https://dept.example/letters/1"


def under(
    *appointments: Appointment, among: Directory | None = None, at: Any = None, **law: Any
) -> Standing:
    regime = Regime("law", "The law", "", {"": timedelta(hours=24)}, **law)
    subject = release(*appointments, regime="law")
    at = at or local(2020, 6, 4, 6, 30)
    return ask(subject, ME, at, among=among, regimes={"law": regime})


def test_a_regime_may_require_a_declaration_of_everybody() -> None:
    found = under(appointed(ME), declaration_required=True)
    assert found.status == "missing-declaration"
    assert under(appointed(ME, declaration=SIGNED), declaration_required=True).allowed


@pytest.mark.parametrize(
    ("read", "status"),
    [(None, "missing-declaration"), (date(2020, 6, 5), "missing-declaration"), (date(2020, 6, 4), "listed")],
)  # fmt: skip
def test_a_regime_may_require_that_the_guidance_was_read(read: date | None, status: str) -> None:
    known = directory(person("a", ME, guidance_read=read))
    assert under(appointed(ME), among=known, guidance_required=True).status == status


def test_where_guidance_is_required_nobody_unknown_is_listed() -> None:
    found = under(appointed(ME), guidance_required=True)
    assert found.status == "missing-declaration"
    assert found.sentence == (
        "They are on the list as Media Officer, but they have not read the guidance."
    )


def test_an_exceptional_grant_needs_its_letter() -> None:
    assert under(appointed(ME, grant="exceptional", letter=LETTER)).status == "listed"
    found = under(appointed(ME, grant="exceptional"))
    assert found.status == "not-listed"
    assert "no published letter is given" in found.sentence


def test_where_access_has_ended_only_a_letter_lets_somebody_in() -> None:
    assert under(appointed(ME), exceptional_only=True).status == "not-listed"
    granted = appointed(ME, grant="exceptional", letter=LETTER)
    assert under(granted, exceptional_only=True).status == "listed"


def test_a_place_ends_with_the_months_that_its_regime_allows() -> None:
    grant = appointed(ME, starts=date(2019, 6, 5))
    assert under(grant, grant_months=12).status == "listed"
    found = under(appointed(ME, starts=date(2019, 6, 4)), grant_months=12)
    assert found.status == "expired"
    assert found.sentence == (
        "Their appointment as Media Officer ended on 3 June 2020, after the 12 months that its"
        " regime allows."
    )


@pytest.mark.parametrize(
    ("ends", "told"),
    [(date(2020, 6, 3), "3 June 2020."), (date(2020, 12, 31), "3 June 2020, after the 12 months that")],
)  # fmt: skip
def test_of_its_own_last_day_and_its_regimes_the_earlier_counts(ends: date, told: str) -> None:
    starts = date(2020, 1, 1) if ends.month == 6 else date(2019, 6, 4)
    found = under(appointed(ME, starts=starts, ends=ends), grant_months=12)
    assert found.status == "expired"
    assert f"ended on {told}" in found.sentence


def test_a_place_without_a_first_day_does_not_count_where_grants_run_out() -> None:
    assert under(appointed(ME), grant_months=12).status == "not-listed"


def test_under_a_regime_that_nobody_knows_nobody_is_listed_and_producers_work_on() -> None:
    subject = release(
        appointed(ME), regime="gone", production_team=frozenset({"p@dept.example"})
    )  # fmt: skip
    found = ask(subject, ME)
    assert found.status == "not-listed"
    assert "the regime 'gone', which is not known" in found.sentence
    assert ask(subject, "p@dept.example").status == "production"

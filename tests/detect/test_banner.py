"""Embargo banners are noticed in every trade's spelling, and their instant is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.detect import Context, Detectors
from gateway.model.content import Text
from gateway.model.message import Location

LONDON = "Europe/London"

# banner | Date of the message | department's zone | instant, or "-" for none
INSTANTS = """
RESTRICTED UNTIL PUBLISHED AT 9:30AM ON WEDNESDAY 28 MARCH 2018|2018-03-27T09:31|Europe/London|2018-03-28T09:30:00+01:00
EMBARGOED UNTIL 00:01, THURSDAY 12 NOVEMBER 2020|2020-11-10T09:00|Europe/London|2020-11-12T00:01:00+00:00
STRICTLY EMBARGOED: 0930 12/11/20|2020-11-10T09:00|Europe/London|2020-11-12T09:30:00+00:00
EMBARGO 09.30hrs GMT|2020-11-10T12:00|Europe/London|2020-11-11T09:30:00+00:00
RESTRICTED – STATISTICS until 9.30 a.m.|2020-11-10T08:00|Europe/London|2020-11-10T09:30:00+00:00
Not for publication before 0930|2020-11-10T12:00|Europe/London|2020-11-11T09:30:00+00:00
NOT FOR RELEASE BEFORE 7am|2020-11-10T12:00|Europe/London|2020-11-11T07:00:00+00:00
Under embargo until publication|2020-11-10T12:00|Europe/London|-
Not to be quoted until release|2020-11-10T12:00|Europe/London|-
Hold until tomorrow 9.30|2020-11-10T12:00|Europe/London|2020-11-11T09:30:00+00:00
'Official-SENSITIVE' Please do not circulate or forward this before 9.30am tomorrow (Tuesday 16 November)|2021-11-15T18:00|Europe/London|2021-11-16T09:30:00+00:00
embargoed until 8:30 a.m. (ET) Friday, September 11, 2026 USDL-26-1496|2026-09-10T12:00|America/New_York|2026-09-11T08:30:00-04:00
Transmission of material in this release is embargoed until\\nUSDL-26-1000 8:30 a.m. (ET) Friday, August 7, 2026|2026-08-06T12:00|America/New_York|2026-08-07T08:30:00-04:00
This is embargoed until 00.01hrs Monday April 28|2014-04-26T12:00|Europe/London|2014-04-28T00:01:00+01:00
DAN EMBARGO TAN 9.30am|2020-11-10T12:00|Europe/London|2020-11-11T09:30:00+00:00
SOUS EMBARGO JUSQU'AU jeudi 28 mars à 8 h 45|2024-03-27T12:00|Europe/Paris|2024-03-28T08:45:00+01:00
Ne pas diffuser avant le 28 mars 2024 à 8h45|2024-03-27T12:00|Europe/Paris|2024-03-28T08:45:00+01:00
SPERRFRIST: 28.03.2024, 8.00 Uhr|2024-03-27T12:00|Europe/Berlin|2024-03-28T08:00:00+01:00
ONDER EMBARGO TOT 28 maart, 00.00 uur|2024-03-27T12:00|Europe/Amsterdam|2024-03-28T00:00:00+01:00
EMBARGADO HASTA las 9:00|2024-03-27T12:00|Europe/Madrid|2024-03-28T09:00:00+01:00
9.30am, Thursday 10 December 2026\\n\\nNOT FOR PUBLICATION BEFORE THIS TIME|2026-12-09T12:00|Europe/London|2026-12-10T09:30:00+00:00
Under strict embargo until 12noon on Friday 4 December 2026|2026-12-01T12:00|Europe/London|2026-12-04T12:00:00+00:00
EMBARGOED UNTIL 11:30 am (Canberra time) 3 June 2026|2026-06-01T12:00|Australia/Sydney|2026-06-03T11:30:00+10:00
EMBARGOED UNTIL 09/11/2026 8:30 AM EDT|2026-09-10T12:00|Europe/London|2026-09-11T08:30:00-04:00
EMBARGOED UNTIL 2026-10-01T09:30+02:00|2026-09-10T12:00|Europe/London|2026-10-01T09:30:00+02:00
STRICTLY EMBARGOED until T-0 (Friday 5:00 PM UTC)|2026-11-18T12:00|Europe/London|2026-11-20T17:00:00+00:00
> EMBARGOED UNTIL 9.30am\\n> on Wednesday 28 March 2018|2018-03-27T12:00|Europe/London|2018-03-28T09:30:00+01:00
E M B A R G O E D   U N T I L   9.30am 28 March 2018|2018-03-27T12:00|Europe/London|2018-03-28T09:30:00+01:00
ЕMBАRGOED UNTIL 9.30am 28 March 2018|2018-03-27T12:00|Europe/London|2018-03-28T09:30:00+01:00
E M B A R G O E D   U N T I L   9 : 3 0 A M   2 8   M A R C H   2 0 1 8|2018-03-27T12:00|Europe/London|2018-03-28T09:30:00+01:00
E M B A R G O E D U N T I L 9 : 3 0 A M O N W E D N E S D A Y 2 8 M A R C H 2 0 1 8|2018-03-27T12:00|Europe/London|2018-03-28T09:30:00+01:00
EMBAR-\\nGOED UNTIL 9.30am 28 March 2018|2018-03-27T12:00|Europe/London|2018-03-28T09:30:00+01:00
EMBARG0ED UNTIL 9.30am 28 March 2018|2018-03-27T12:00|Europe/London|2018-03-28T09:30:00+01:00
EMBARGOED UNTIL 2020/11/12 09:30|2020-11-10T12:00|Europe/London|2020-11-12T09:30:00+00:00
EMBARGOED UNTIL 2020.11.12|2020-11-10T12:00|Europe/London|2020-11-13T00:00:00+00:00
EMBARGOED UNTIL 20201112 0930|2020-11-10T12:00|Europe/London|2020-11-12T09:30:00+00:00
EMB\u00adARG\u200bOED UNTIL 9.30am 28 March 2018|2018-03-27T12:00|Europe/London|2018-03-28T09:30:00+01:00
"""
CASES = [line.split("|") for line in INSTANTS.strip().splitlines()]


def banner(detected: Any) -> Any:
    found = [f for f in detected.findings if f.kind == "embargo-banner" and f.confidence != "low"]
    return max(found, key=lambda f: f.facts["until"] is not None) if found else None


@pytest.mark.parametrize(("text", "date", "zone", "until"), CASES, ids=[c[0][:40] for c in CASES])
def test_a_banner_holds_until_the_instant_it_states(
    inspect: Any, text: str, date: str, zone: str, until: str
) -> None:
    found = banner(inspect(text.replace("\\n", "\n"), date, zone=zone))
    assert found is not None
    assert found.facts["until"] == (None if until == "-" else until)
    assert set(found.facts) == {"until", "expired", "warnings", "form"}


def test_a_banner_expires_at_its_instant_and_not_a_second_earlier(inspect: Any) -> None:
    text = "EMBARGOED UNTIL 9.30am 28 March 2018"
    assert banner(inspect(text, now="2018-03-28T09:29:59")).facts["expired"] is False
    assert banner(inspect(text, now="2018-03-28T09:30:00")).facts["expired"] is True


def test_a_banner_without_an_instant_never_expires(inspect: Any) -> None:
    found = banner(inspect("STRICTLY EMBARGOED until publication", now="2030-01-01T00:00"))
    assert found.facts["until"] is None
    assert found.facts["expired"] is False


def test_a_weekday_that_disagrees_with_its_date_is_read_late_and_said(inspect: Any) -> None:
    found = banner(inspect("RESTRICTED UNTIL PUBLISHED AT 9:30AM ON WEDNESDAY 27 MARCH 2018"))
    assert found.facts["until"] == "2018-03-28T09:30:00+01:00"
    assert found.facts["warnings"] == [
        "weekday and date disagree; read as the latest plausible day"
    ]


def test_without_a_date_header_relative_words_count_from_now(inspect: Any) -> None:
    found = banner(inspect("EMBARGOED UNTIL 9.30am tomorrow", date=None, now="2026-11-20T10:00"))
    assert found.facts["until"] == "2026-11-21T09:30:00+00:00"


@pytest.mark.parametrize("where", ["subject", "file name", "header Comments", "property Title"])
def test_a_banner_counts_wherever_it_stands(inspect: Any, where: str) -> None:
    assert banner(inspect("EMBARGOED UNTIL 9.30am 28 March 2018 - tables", where=where))


def test_the_snippet_and_the_facts_never_repeat_the_text(inspect: Any) -> None:
    text = "Zebra output fell 4.3%: embargoed until 9.30am 28 March 2018, Wombat Ltd."
    for finding in inspect(text).findings:
        shown = finding.snippet + repr(finding.facts)
        assert not any(word in shown for word in ("Zebra", "4.3", "Wombat"))


def test_a_long_mail_says_in_which_line_the_banner_stands(inspect: Any) -> None:
    found = banner(
        inspect("Dear all,\n\nPlease see below.\n\nEMBARGOED UNTIL 9.30am 28 March 2018\n")
    )
    assert found.location.where == "body, line 5"


@pytest.mark.parametrize(
    ("date", "until"),
    [
        ("2020-11-10T20:00", "2020-11-11T09:30:00+00:00"),  # honest
        ("2020-11-10T15:30", "2020-11-11T09:30:00+00:00"),  # five hours in a queue
        ("2020-11-07T20:00", "2020-11-11T09:30:00+00:00"),  # an old draft, or a forged field
        ("1970-01-01T00:00", "2020-11-11T09:30:00+00:00"),
        ("2020-11-14T20:00", "2020-11-15T09:30:00+00:00"),  # later than now: read late as well
    ],
)
def test_a_date_field_cannot_bring_the_end_of_an_embargo_forward(
    inspect: Any, date: str, until: str
) -> None:
    found = banner(inspect("EMBARGOED UNTIL 9.30am tomorrow", date=date, now="2020-11-10T20:30"))
    assert (found.facts["until"], found.facts["expired"]) == (until, False)


def test_a_banner_without_a_year_does_not_take_it_from_an_old_date_field(inspect: Any) -> None:
    text = "EMBARGOED UNTIL 9.30am on 12 November"
    found = banner(inspect(text, date="2019-11-01T10:00", now="2020-11-10T20:30"))
    assert found.facts["until"] == "2020-11-12T09:30:00+00:00"
    assert found.facts["warnings"] == [
        "the Date field is far from the arrival; the later reading is taken"
    ]


def test_a_full_date_needs_no_date_field_and_gets_no_warning(inspect: Any) -> None:
    text = "EMBARGOED UNTIL 9.30am on 12 November 2020"
    found = banner(inspect(text, date="2019-11-01T10:00", now="2020-11-10T20:30"))
    assert found.facts["warnings"] == []


def test_a_hold_decided_again_counts_from_its_arrival(detectors: Detectors) -> None:
    sent = datetime(2020, 11, 10, 20, tzinfo=UTC)
    context = Context(sent + timedelta(hours=13.5), sent, LONDON, arrived=sent)
    text = Text(Location("1", None, "body"), "EMBARGOED UNTIL 9.30am tomorrow")
    found = banner(detectors.inspect([text], context))
    assert found.facts["until"] == "2020-11-11T09:30:00+00:00"
    assert found.facts["expired"] is True


@pytest.mark.parametrize(
    "name",
    ["Embargoed_until_12_Nov_2020.xlsx", "EmbargoedUntil12Nov2020.docx",
     "NotForPublicationBefore12Nov2020.pdf", "embargoed-until-2020-11-12.csv"],
)  # fmt: skip
def test_a_banner_in_a_file_name_is_read_however_its_words_are_joined(
    inspect: Any, name: str
) -> None:
    found = inspect(name, date="2020-11-10T12:00", where="file name").findings
    assert [f.facts["until"] for f in found] == ["2020-11-13T00:00:00+00:00"]


@pytest.mark.parametrize(
    ("text", "noticed"),
    [
        ('Papers marked "EMBARGOED UNTIL 9:30AM ON ..." must not be shown to anyone else.', False),
        ('The attached is marked "EMBARGOED UNTIL 9:30AM ON ...", so keep it to yourself.', True),
        ('Papers marked "EMBARGOED UNTIL 9:30AM ON 12 NOVEMBER 2020" stay here.', True),
        ("Figures come out at 9.30am. Recipients must not share them before publication.", False),
        ("Recipients must not share this before publication.", True),
        ("Our rule is old. We never brief before 9.30am.", False),
        ("You must not forward this before 9.30am tomorrow", True),
        ("We must not brief anybody before 9.30am tomorrow.", True),
    ],
)
def test_teaching_about_banners_is_told_from_a_banner(
    inspect: Any, text: str, noticed: bool
) -> None:
    assert (banner(inspect(text, date="2020-11-10T12:00")) is not None) is noticed

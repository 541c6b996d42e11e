"""What shows a series that is not published so far is found; what is out, empty or planned is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gateway.decide.embargo import embargoed
from gateway.detect import Context, Detectors, DetectorSpec
from gateway.detect.material import unpublished_now
from gateway.detect.material.unpublished_now import Concluded
from gateway.model.content import Content, Table, Text
from gateway.model.message import Location
from gateway.model.period import Period, months, written
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.roster import Roster
from gateway.model.series import Series, SeriesShown

NOW = datetime(2016, 9, 30, 15, 10, tzinfo=UTC)
COLUMNS = ("site_code", "site", "measure_code", "measure", "month", "incidents", "serious", "flag")


def period(text: str) -> Period:
    found = written(text)
    assert found
    return found


HUB = Series(
    "hub", "Safety incidents", "", ("incidents hub", "safety dashboard"),
    ("assaults on staff", "serious incidents recorded", "self harm"),
    ("INC_STAFF", "INC_PRIS", "INC-SH-01"), COLUMNS, months(2016, 3),
    {"safety-2016": period("2016-04 to 2016-09")},
)  # fmt: skip
SAFETY = Release(
    "safety-2016", "Safety in custody, July to September 2016", datetime(2016, 10, 27, 8, 30, tzinfo=UTC),
    "Europe/London", timedelta(hours=24), "confirmed", Roster({}, (), frozenset()),
)  # fmt: skip
REGISTER = Register({"safety-2016": SAFETY}, series={"hub": HUB})


def signs(*contents: Content, about: frozenset[str] = frozenset()) -> list[Any]:
    detectors = Detectors(DetectorSpec((), (HUB,)))
    context = Context(NOW, NOW, "Europe/London", about=about)
    detected = detectors.inspect(contents, context)
    assert not detected.gaps
    return [sign for sign in detected.signs if isinstance(sign, SeriesShown)]


def table(*lines: str, name: str = "export.csv", where: str = "") -> Table:
    rows = tuple(tuple(line.split("|")) for line in lines)
    return Table(Location("2", name, where), rows, total_rows=len(rows))


def text(words: str) -> Text:
    return Text(Location("1", None, "body"), words)


def conclude(
    found: list[SeriesShown], register: Register = REGISTER, now: datetime = NOW
) -> Concluded:
    return unpublished_now.conclude(found, register, now, embargoed)


def found(*contents: Content, about: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    return [dict(f.facts) for f in conclude(signs(*contents, about=about)).findings]


HEAD = "|".join(COLUMNS)


def export(*months_: str) -> Table:
    return table(HEAD, *(f"S1|North|INC_STAFF|Assaults on staff|{m}|12|3|ok" for m in months_))


def test_an_export_of_later_months_is_recognised_by_its_columns_alone() -> None:
    bare = table(
        "flag|Site Code|serious|MEASURE CODE|site|Measure|incidents|Month",
        "ok|S1|3|X9|North|Something|12|2016-04",
        "ok|S2|1|X9|South|Something|15|2016-08",
    )
    assert found(bare) == [
        {
            "series": "hub", "release": "safety-2016", "period_end": "2016-08",
            "published_to": "2016-03", "rows": 2, "how": "template",
        }
    ]  # fmt: skip


def test_a_hidden_sheet_of_it_is_told_as_hidden() -> None:
    (finding,) = conclude(signs(replace(export("2016-08"), visibility="very-hidden"))).findings
    assert finding.hidden


def test_published_months_of_the_same_export_pass_and_say_so() -> None:
    done = conclude(signs(export("2016-01", "2016-03")))
    assert (done.findings, done.published) == ((), frozenset({"2"}))


def test_a_part_with_a_published_and_an_unpublished_table_is_not_published() -> None:
    done = conclude(signs(export("2016-03"), export("2016-08")))
    assert len(done.findings) == 1
    assert done.published == frozenset()


def test_a_published_export_does_not_clear_another_table_beside_it() -> None:
    draft = table("Region|Assaults|Deaths", "North|412|3", "South|380|5", where="sheet Draft")
    done = conclude(signs(export("2016-01", "2016-02", "2016-03"), draft))
    assert (done.findings, done.published) == ((), frozenset())


def test_rows_without_a_month_beside_published_ones_clear_nothing() -> None:
    rows = [f"S1|North|INC_STAFF|Assaults on staff|{m}|12|3|ok" for m in ("2016-02", "2016-03")]
    total = "Total||||||24|6|"
    assert conclude(signs(table(HEAD, *rows, total))).published == {"2"}
    blank = ["S1|North|INC_STAFF|Assaults on staff||15|4|ok"] * 5
    assert conclude(signs(table(HEAD, *rows, *blank))).published == frozenset()


def test_an_export_without_numbers_shows_nothing() -> None:
    assert signs(table(HEAD, "S1|North|INC_STAFF|Assaults on staff|2016-08|||")) == []


def test_codes_are_recognised_without_heads() -> None:
    (facts,) = found(table("S1|INC_STAFF|Aug-16|400", "S1|INC_PRIS|Aug-16|410"))
    assert (facts["how"], facts["period_end"]) == ("identifiers", "2016-08")


def test_rows_of_an_export_of_which_nobody_says_when_are_taken_for_unpublished() -> None:
    heads = "site_code|site|measure_code|measure|incidents|serious|flag"
    (facts,) = found(table(heads, "S1|North|INC_STAFF|Assaults|12|3|ok"))
    assert (facts["period_end"], facts["rows"]) == (None, 1)


def test_a_table_under_the_name_of_the_series_is_recognised() -> None:
    heading = text("Incidents hub, as discussed:\n")
    pasted = replace(
        table("area|Apr|Aug", "North|412|433"), location=Location("1", None, "table 1")
    )
    (facts,) = found(heading, pasted)
    assert (facts["how"], facts["period_end"]) == ("names", "2016-08")


def test_the_subject_may_name_what_the_attachment_shows() -> None:
    months_ = table("area|Apr|Aug", "North|412|433")
    assert found(months_) == []
    (facts,) = found(months_, about=frozenset({"series:hub"}))
    assert facts["how"] == "names"


def test_the_name_of_the_file_may_say_the_period() -> None:
    heads = "site_code|site|measure_code|measure|incidents|serious|flag"
    shown = table(heads, "S1|North|INC_STAFF|Assaults|12|3|ok", name="hub_Jan-Mar_2016.csv")
    assert found(shown) == []


@pytest.mark.parametrize(
    "words",
    [
        "Assaults on staff: 1,412 in April to August 2016.",
        "The incidents hub has 412 for August, up a lot.",
        "Incidents hub\nApr 2016\t412\nMay 2016\t430\nAug 2016\t455\n",
        "From the safety dashboard. In the five months to August 2016 there were 19,034.",
        "INC_STAFF 412, INC_PRIS 380, both to Aug-16",
    ],
)
def test_sentences_with_later_figures_of_the_series_are_found(words: str) -> None:
    (facts,) = found(text(words))
    assert facts["period_end"] == "2016-08"


@pytest.mark.parametrize(
    "words",
    [
        "Assaults on staff: 1,412 in the year to March 2016.",
        "The next incidents hub figures, for April to September 2016, come out on 27 October at 9.30am.",
        "The incidents hub was down on 12 August 2016 for 3 hours.",
        "Our target for assaults on staff in 2016/17 is 1,200.",
        "Forecast for the safety dashboard: 1,300 in August 2016.",
        "Training on the incidents hub in August, room 412.",
        "In August 2016 we took 4,312 calls about parking.",
        "Assaults on staff rose in August 2016.",
    ],
)
def test_what_is_published_planned_or_about_something_else_is_not(words: str) -> None:
    assert found(text(words)) == []


def test_one_short_measure_alone_names_nothing() -> None:
    assert found(text("Self harm: 412 in August 2016.")) == []


def test_an_embargo_beats_what_the_series_says_is_published() -> None:
    ahead = Register(
        {"safety-2016": SAFETY}, series={"hub": replace(HUB, latest_published=months(2016, 9))}
    )
    (finding,) = conclude(signs(export("2016-08")), ahead).findings
    assert finding.facts["published_to"] == "2016-03"


def test_at_the_instant_its_edition_is_published() -> None:
    shown = signs(export("2016-08"))
    instant = SAFETY.instant
    assert conclude(shown, now=instant - timedelta(seconds=1)).findings
    assert not conclude(shown, now=instant).findings


def test_an_edition_that_still_waits_to_be_published_is_not() -> None:
    waits = Register(
        {"safety-2016": replace(SAFETY, lift="instant-and-published")}, series={"hub": HUB}
    )
    assert conclude(signs(export("2016-08")), waits, SAFETY.instant + timedelta(days=1)).findings


def test_after_it_later_months_are_unpublished_though_no_release_is_known() -> None:
    shown = signs(export("2016-10"))
    (finding,) = conclude(shown, now=datetime(2016, 11, 20, tzinfo=UTC)).findings
    assert (finding.facts["release"], finding.facts["published_to"]) == (None, "2016-09")


def test_the_title_of_an_edition_says_its_period_where_the_series_does_not() -> None:
    series = replace(HUB, release="safety-2016", editions={})
    register = Register({"safety-2016": SAFETY}, series={"hub": series})
    after = SAFETY.instant + timedelta(days=1)
    assert not conclude(signs(export("2016-09")), register, after).findings


def test_a_period_that_has_not_begun_has_no_figures_yet() -> None:
    assert not conclude(signs(export("2016-12"))).findings


def test_a_year_of_which_some_months_are_out_is_told_with_less_confidence() -> None:
    (finding,) = conclude(signs(table(
        "site_code|site|measure_code|measure|year|incidents|serious|flag",
        "S1|North|INC_STAFF|Assaults|2016|12|3|ok",
    ))).findings  # fmt: skip
    assert finding.confidence == "low"


def test_facts_and_places_hold_no_figure_and_no_code() -> None:
    (finding,) = conclude(
        signs(table(HEAD, "S1|North|INC_STAFF|Assaults|2016-08|71234|3|ok"))
    ).findings
    assert "71234" not in repr(finding)
    assert "INC_STAFF" not in repr(finding)


def test_nothing_is_looked_for_where_no_series_is_registered() -> None:
    detectors = Detectors(DetectorSpec())
    context = Context(NOW, NOW, "Europe/London")
    assert detectors.inspect([export("2016-08")], context).signs == ()


def test_relative_periods_are_told_as_such() -> None:
    (shown,) = signs(text("Incidents hub: 412 last month"))
    assert shown.relative
    assert shown.periods[0][0].end == date(2016, 8, 31)


def test_more_sentences_about_a_series_than_are_read_are_a_gap() -> None:
    detectors = Detectors(DetectorSpec((), (HUB,)))
    context = Context(NOW, NOW, "Europe/London")
    many = text("The incidents hub is open.\n\n" * 1100)
    (gap,) = detectors.inspect([many], context).gaps
    assert (gap.reason, gap.location.where) == ("limit", "body")

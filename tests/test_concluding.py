"""Whole messages: management information on its way out, and a hint without a figure."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.detect import Context, DetectorSpec
from gateway.model.finding import PartReport
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.model.message import Part
from gateway.model.session import Envelope, Recipient, Session
from gateway.pipeline import Inspection, Inspector, Knowledge, PartReader, ReaderSpec
from gateway.releases import load_register
from gateway.rulebook import load_rulebook

RULES = Path(__file__).resolve().parents[1] / "rules"
ZONE = "Europe/London"
REGISTER = load_register(RULES / "releases", RULES / "domains.yaml", ZONE, ["dept.example"])
READER = PartReader(ReaderSpec(DetectorSpec.of(REGISTER), ReadLimits()))
JOURNALIST, COLLEAGUE = "reporter@newspaper.example", "routine.reader@dept.example"


class InThisProcess:
    async def run(self, job: tuple[Part, Context]) -> PartReport:
        return READER.report(*job)


INSPECTOR = Inspector(
    Knowledge(REGISTER, load_rulebook(RULES / "policy"), ZONE), READER, InThisProcess(),
    ParseLimits(), ReadLimits(),
)  # fmt: skip
HEADS = "Trust Code,trust_name,Measure_Code,measure,Month,Incidents,Response Seconds"


def inspect(
    at: str, to: Sequence[str], subject: str, body: str, attachment: str = "",
    sender: str = "o.wells@dept.example",
) -> Inspection:  # fmt: skip
    now = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(ZONE))
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to[0], subject
    mail["Date"] = format_datetime(now)
    mail.set_content(body)
    if attachment:
        mail.add_attachment(attachment.encode(), "text", "csv", filename="export.csv")
    envelope = Envelope(sender, tuple(map(Recipient, to)))
    return asyncio.run(INSPECTOR.inspect(Session("192.0.2.1"), envelope, mail.as_bytes(), now))


def export(*months: str, value: str = "412") -> str:
    rows = [
        f"R{trust:02},Trust {trust},ERT_C1_MEAN,Mean response time,{month},{value},{value}"
        for month in months
        for trust in range(6)
    ]
    return "\n".join([HEADS, *rows, ""])


def fates(inspection: Inspection) -> list[str]:
    return [decision.disposition for decision in inspection.verdict.decisions]


def kinds(inspection: Inspection) -> list[str]:
    return [finding.kind for finding in inspection.case.findings]


def test_an_export_without_its_caveat_is_held_for_the_journalist_and_alerted() -> None:
    found = inspect(
        "2016-09-30T16:10", (JOURNALIST, COLLEAGUE), "as discussed", "see attached",
        export("2016-04", "2016-05", "2016-08"),
    )  # fmt: skip
    assert fates(found) == ["hold", "pass"]
    alerts = {(alert.rule, alert.severity) for alert in found.verdict.alerts}
    assert ("unpublished-period", "near-miss") in alerts
    (finding,) = (f for f in found.case.findings if f.kind == "unpublished-period")
    assert finding.facts["period_end"] == "2016-08"


def test_the_export_to_a_routine_reader_inside_is_only_logged() -> None:
    found = inspect("2016-09-30T08:00", (COLLEAGUE,), "Daily export", "", export("2016-08"))
    assert fates(found) == ["pass"]
    assert not found.verdict.alerts
    trace = {rule.id: rule.matched for rule in found.verdict.rules}
    assert trace["unpublished-period-inside"]


@pytest.mark.parametrize("subject", ["as discussed", "Emergency response times"])
def test_published_months_of_the_same_export_pass_everywhere(subject: str) -> None:
    found = inspect(
        "2016-09-30T16:10", (JOURNALIST, COLLEAGUE), subject, "see attached",
        export("2016-01", "2016-02", "2016-03"),
    )  # fmt: skip
    assert fates(found) == ["pass", "pass"]
    assert "unpublished-period" not in kinds(found)


def test_the_text_may_name_what_an_attachment_without_columns_or_codes_shows() -> None:
    months = "area,Apr,May,Aug\nNorth,412,433,455\nSouth,512,533,555\n"
    for body, fate in (("Ambulance response times, see attached.", "hold"), ("See below.", "pass")):
        found = inspect("2016-09-30T16:10", (JOURNALIST,), "as discussed", body, months)
        assert fates(found) == [fate]


def test_an_export_without_numbers_passes() -> None:
    found = inspect(
        "2016-09-30T16:10",
        (JOURNALIST,),
        "template",
        "for your system",
        export("2016-08", value=""),
    )
    assert fates(found) == ["pass"]


def test_the_same_export_passes_from_the_instant_on() -> None:
    for at, fate in (("2016-11-10T09:29:59", "hold"), ("2016-11-10T09:30:00", "pass")):
        found = inspect(at, (JOURNALIST,), "x", "", export("2016-07", "2016-08"))
        assert fates(found) == [fate]


def test_a_listed_person_who_hints_at_tomorrows_numbers_is_told_and_an_alert_goes_out() -> None:
    to = "policy.colleague@dept.example", "k.webb@dept.example", JOURNALIST
    found = inspect(
        "2020-11-11T11:45", to, "heads up", "Tomorrow's fostering numbers look unfavourable.\n",
        sender="e.hart@dept.example",
    )  # fmt: skip
    assert fates(found) == ["pass", "pass", "hold"]
    assert {alert.rule for alert in found.verdict.alerts} >= {"indication-off-list"}
    assert "indication-off-list" in {rule for rule, _ in found.verdict.notify}


def test_among_people_on_the_list_a_hint_is_nobodys_business() -> None:
    found = inspect(
        "2020-11-11T11:45", ("k.webb@dept.example",), "heads up",
        "Tomorrow's fostering numbers look unfavourable.\n", sender="e.hart@dept.example",
    )  # fmt: skip
    assert "indication" in kinds(found)
    assert not any(rule.startswith("indication") for rule, _ in found.verdict.notify)


def test_a_hint_in_the_body_about_what_the_subject_names() -> None:
    found = inspect(
        "2020-11-11T11:45", ("policy.colleague@dept.example",), "Fostering statistics",
        "The numbers look unfavourable.\n", sender="e.hart@dept.example",
    )  # fmt: skip
    assert {alert.rule for alert in found.verdict.alerts} >= {"indication-off-list"}


def test_once_it_is_out_everybody_may_say_how_it_looks() -> None:
    found = inspect(
        "2020-11-12T09:30", ("policy.colleague@dept.example",), "heads up",
        "The fostering numbers look unfavourable.\n", sender="e.hart@dept.example",
    )  # fmt: skip
    assert "indication" not in kinds(found)
    assert not found.verdict.alerts


def test_a_listed_person_need_not_even_name_the_release() -> None:
    found = inspect(
        "2020-11-11T11:45", ("policy.colleague@dept.example",), "heads up",
        "Tomorrow's numbers look unfavourable.\n", sender="e.hart@dept.example",
    )  # fmt: skip
    assert {alert.rule for alert in found.verdict.alerts} >= {"indication-off-list"}


def test_the_same_words_of_somebody_off_the_list_mean_something_else() -> None:
    found = inspect(
        "2020-11-11T11:45", ("policy.colleague@dept.example",), "heads up",
        "Tomorrow's numbers look unfavourable.\n", sender="facilities@dept.example",
    )  # fmt: skip
    assert "indication" not in kinds(found)

"""What SDMX says about secrecy: embargo dates are banners, confidential observations marked."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.detect import Context, Detected, Detectors
from gateway.model.content import Properties, Table
from gateway.model.message import Location

NOW = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Europe/London"))
PLACE = Location("2", "a.xml", "header")


def embargo(detectors: Detectors, value: str, zone: str = "Europe/London") -> Detected:
    items = (("ID", "A1"), ("EmbargoDate", value))
    return detectors.inspect([Properties(PLACE, items)], Context(NOW, None, zone))


@pytest.mark.parametrize(
    ("value", "zone", "until"),
    [
        ("2026-12-01T09:30:00", "Europe/London", "2026-12-01T09:30:00+00:00"),
        ("2026-12-01T09:30:00", "America/New_York", "2026-12-01T09:30:00-05:00"),
        ("2026-12-01T09:30:00Z", "America/New_York", "2026-12-01T09:30:00+00:00"),
        ("2026-12-01", "Europe/London", "2026-12-02T00:00:00+00:00"),
        ("2026-12", "Europe/London", "2027-01-01T00:00:00+00:00"),
        ("2026-12-01T24:00:00", "Europe/London", "2026-12-02T00:00:00+00:00"),
        ("2026-10-25T01:30:00", "Europe/London", "2026-10-25T01:30:00+00:00"),
        ("1 December 2026 09:30", "Europe/London", "2026-12-01T09:30:00+00:00"),
        ("soon", "Europe/London", None),
    ],
)
def test_an_embargo_date_is_a_banner(
    detectors: Detectors, value: str, zone: str, until: str | None
) -> None:
    (finding,) = embargo(detectors, value, zone).findings
    assert (finding.kind, finding.facts["until"]) == ("embargo-banner", until)
    assert finding.facts["expired"] is (until is not None and until < NOW.isoformat())


def test_no_embargo_date_is_no_banner(detectors: Detectors) -> None:
    assert not embargo(detectors, " ").findings


def test_confidential_observations_are_counted(detectors: Detectors) -> None:
    rows = [["AREA", "OBS_VALUE", "CONF_STATUS"]]
    rows += [["E", "1", code] for code in ("F", "F", "N", "C", "C", "", "D")]
    found = detectors.inspect([Table(PLACE, rows)], Context(NOW, None, "Europe/London"))
    marked = [f for f in found.findings if f.kind == "marking"]
    assert {(f.facts["level"], f.facts["observations"]) for f in marked} == {
        ("not-for-publication", 1), ("confidential", 2), ("secondary-confidential", 1),
    }  # fmt: skip
    assert {f.facts["scheme"] for f in marked} == {"sdmx"}


def test_free_observations_are_not_marked(detectors: Detectors) -> None:
    rows = [["CONF_STATUS:Confidentiality status"], ["F:Free"], ["F:Free"]]
    found = detectors.inspect([Table(PLACE, rows)], Context(NOW, None, "Europe/London"))
    assert not [f for f in found.findings if f.kind == "marking"]


def test_the_latest_of_a_column_of_embargo_times_counts(detectors: Detectors) -> None:
    rows = [["AREA", "EMBARGO_TIME"], ["E", "2026-12-01T09:30:00"], ["W", "2026-11-01"]]
    found = detectors.inspect([Table(PLACE, rows)], Context(NOW, None, "Europe/London"))
    (finding,) = [f for f in found.findings if f.kind == "embargo-banner"]
    assert finding.facts["until"] == "2026-12-01T09:30:00+00:00"

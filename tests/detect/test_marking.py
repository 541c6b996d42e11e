"""A marking counts in a marking's place; the same words in prose do not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.detect import Context, Detectors
from gateway.model.content import Properties, Text
from gateway.model.message import Location

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
CONTEXT = Context(NOW, None, "Europe/London")
GUID = "0f0e0d0c-1111-2222-3333-444455556666"


def marks(detected: Any) -> list[Any]:
    return [f for f in detected.findings if f.kind == "marking"]


def noticed(detected: Any) -> list[Any]:
    return [f for f in marks(detected) if f.confidence != "low"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("OFFICIAL-SENSITIVE", "official-sensitive"),
        ("Official–Sensitive", "official-sensitive"),
        ("OFFICAL – SENSITIVE", "official-sensitive"),
        ("'Official-SENSITIVE' Please do not circulate", "official-sensitive"),
        ("[official sensitive]", "official-sensitive"),
        ("OFFICIAL-SENSITIVE: STATISTICS", "official-sensitive"),
        ("OFFICIAL: SENSITIVE", "official-sensitive"),
        ("official sensitive", "official-sensitive"),
        ("Classification: OFFICIAL-SENSITIVE", "official-sensitive"),
        ("O F F I C I A L - S E N S I T I V E", "official-sensitive"),
        ("ОFFICIAL-SENSIТIVE", "official-sensitive"),
        ("SWYDDOGOL-SENSITIF", "official-sensitive"),
        ("SECRET", "secret"),
        ("TOP SECRET", "top-secret"),
        ("RESTRICTED", "restricted"),
        ("Protective marking: PROTECT - PERSONAL", "protect"),
        ("CONFIDENTIAL", "confidential"),
        ("RESTRICTED - STATISTICS", "restricted"),
        ("Restricted Statistics", "restricted"),
        ("Confidential Statistics", "confidential"),
        ("STATISTICS IN CONFIDENCE", "confidential"),
        ("BUDGET - MARKET SENSITIVE", "market-sensitive"),
        ("PRA ONLY", "pre-release"),
        ("Draft – not for onward circulation", "not-for-circulation"),
        ("[SEC=OFFICIAL:Sensitive]", "official-sensitive"),
        ("[SEC=PROTECTED, CAVEAT=SH:CABINET]", "protected"),
    ],
)
@pytest.mark.parametrize("frame", ["{}", "Dear all,\n\n{}\n\nThe tables are attached.\n"])
def test_a_marking_on_a_line_of_its_own_is_found(
    inspect: Any, text: str, level: str, frame: str
) -> None:
    assert level in {f.facts["level"] for f in noticed(inspect(frame.format(text)))}


@pytest.mark.parametrize(
    "subject",
    [
        "OFFICIAL-SENSITIVE: fostering tables",
        "RE: FW: [OFFICIAL SENSITIVE] fostering tables",
        "Fostering tables - RESTRICTED",
        "Fostering tables [SEC=OFFICIAL:Sensitive]",
        "CONFIDENTIAL - fostering tables",
        "Restricted Statistics: fostering",
    ],
)
def test_a_marking_as_a_subject_tag_is_found(inspect: Any, subject: str) -> None:
    found = noticed(inspect(subject, where="subject"))
    assert found
    assert found[0].facts["form"] == "subject"


def test_a_marking_in_a_file_name_is_found(inspect: Any) -> None:
    assert noticed(inspect("OFFICIAL-SENSITIVE_tables_v2.xlsx", where="file name"))
    assert not noticed(inspect("official_statistics_sensitive_topics.xlsx", where="file name"))


@pytest.mark.parametrize(
    "text",
    [
        "A facility for the sharing of official-sensitive material between departments.",
        "Staff learn how to handle documents marked OFFICIAL-SENSITIVE at induction.",
        "It is an open secret that the office moves in May.",
        "Access to the car park is restricted.",
        "Top secret: our new biscuit recipe",
        "Secret Santa is on Friday.",
        "We collect restricted statistics of the processor.",
        "This e-mail is confidential and intended for the addressee only.",
        "The official figures and sensitive topics are discussed in chapter two.",
        "We protect your data.",
        "# ---- SECRET TYPES ----",
        "Survey answers are treated as strictly confidential.",
        "If you are not the intended recipient, do not distribute or copy this message.",
    ],
)
def test_marking_words_in_running_prose_are_not_markings(inspect: Any, text: str) -> None:
    assert not noticed(inspect(text))


def test_plain_official_is_a_fact_of_low_confidence(inspect: Any) -> None:
    (found,) = marks(inspect("OFFICIAL"))
    assert (found.facts["level"], found.confidence) == ("official", "low")


def test_a_descriptor_comes_from_a_fixed_list_only(inspect: Any) -> None:
    (found,) = marks(inspect("OFFICIAL-SENSITIVE: COMMERCIAL"))
    assert found.facts["descriptor"] == "commercial"
    (found,) = marks(inspect("OFFICIAL-SENSITIVE: Zebra Takeover"))
    assert found.facts["descriptor"] == "other"
    assert "ebra" not in found.snippet + repr(found.facts)


def header(detectors: Detectors, name: str, value: str) -> Any:
    location = Location("0", None, f"header {name}")
    return detectors.inspect([Text(location, value)], CONTEXT)


def test_the_australian_header_is_read_with_its_expiry(detectors: Detectors) -> None:
    value = "VER=2018.4, NS=gov.au, SEC=PROTECTED, EXPIRES=2026-07-01, DOWNTO=OFFICIAL, ORIGIN=a@dept.example"
    (found,) = marks(header(detectors, "X-Protective-Marking", value))
    assert found.facts == {
        "scheme": "au", "level": "official", "descriptor": "", "form": "header",
        "downto": "official", "expired": True,
    }  # fmt: skip
    value = value.replace("2026-07-01", "2027-07-01")
    (found,) = marks(header(detectors, "X-Protective-Marking", value))
    assert found.facts["level"] == "protected"
    assert found.facts["expired"] is False
    assert found.confidence == "high"


def test_microsoft_labels_count_in_properties_and_in_the_header(detectors: Detectors) -> None:
    items = (
        (f"MSIP_Label_{GUID}_Enabled", "true"),
        (f"MSIP_Label_{GUID}_Name", "OFFICIAL-SENSITIVE"),
    )
    (found,) = marks(detectors.inspect([Properties(Location("2", "a.xlsx"), items)], CONTEXT))
    assert (found.facts["level"], found.facts["form"]) == ("official-sensitive", "property")
    value = f"MSIP_Label_{GUID}_Enabled=True;MSIP_Label_{GUID}_Name=Highly Confidential;"
    (found,) = marks(header(detectors, "msip_labels", value))
    assert (found.facts["level"], found.confidence) == ("confidential", "high")


def test_a_disabled_label_does_not_count(detectors: Detectors) -> None:
    items = ((f"MSIP_Label_{GUID}_Enabled", "false"), (f"MSIP_Label_{GUID}_Name", "SECRET"))
    assert not marks(detectors.inspect([Properties(Location("2"), items)], CONTEXT))


def test_a_label_stream_tells_that_there_is_a_label(detectors: Detectors) -> None:
    xml = f'<clbl:labelList><clbl:label id="{{{GUID}}}" enabled="1" method="Privileged"/></clbl:labelList>'
    (found,) = marks(detectors.inspect([Properties(Location("2"), (("LabelInfo", xml),))], CONTEXT))
    assert (found.facts["level"], found.confidence) == ("labelled", "low")

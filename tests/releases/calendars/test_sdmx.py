"""SDMX says embargo dates in the headers of data, and constraints that are valid from an instant."""

from __future__ import annotations

from typing import Any

import pytest

MESSAGE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
STRUCTURE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure"
COMMON = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common"


def message(embargo: str, more: str = "") -> str:
    return f"""<m:StructureSpecificData xmlns:m="{MESSAGE}" xmlns:c="{COMMON}"><m:Header>
    <m:ID>ORCHARD_2018Q1</m:ID>{more}<m:Prepared>2018-03-20T12:00:00</m:Prepared>
    <c:Name xml:lang="fr">Vergers</c:Name><c:Name xml:lang="en">Orchard survey</c:Name>
    <m:EmbargoDate>{embargo}</m:EmbargoDate></m:Header></m:StructureSpecificData>"""


def constraints(inner: str) -> str:
    return (
        f'<m:Structure xmlns:m="{MESSAGE}" xmlns:s="{STRUCTURE}" xmlns:c="{COMMON}">'
        f"<m:Header><m:ID>x</m:ID></m:Header><s:Constraints>{inner}</s:Constraints></m:Structure>"
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2018-03-28T09:30:00+01:00", "2018-03-28 09:30 +0100 confirmed"),
        ("2018-03-28T09:30:00", "2018-03-28 09:30 +0100 confirmed"),
        ("2018-03-28", "2018-03-28 confirmed"),
        ("2018-03", "no day confirmed"),
    ],
)
def test_the_header_of_a_message_names_its_embargo(
    read: Any, shown: Any, said: str, meant: str
) -> None:
    listing = read("sdmx", message(said))
    (one,) = listing.announcements
    assert (one.key, one.title, shown(one)) == ("ORCHARD_2018Q1", "Orchard survey", meant)
    assert not listing.faults


def test_a_constraint_on_what_there_is_names_its_publication(read: Any, shown: Any) -> None:
    listing = read(
        "sdmx",
        constraints(
            '<s:ContentConstraint type="Actual" agencyID="DEPT" id="CLA" version="2.0"'
            ' validFrom="2018-03-28T09:30:00"><c:Name>Children in care</c:Name>'
            '</s:ContentConstraint><s:ContentConstraint type="Allowed" agencyID="DEPT" id="Y"'
            ' validFrom="2018-03-28T09:30:00"/>'
        ),
    )
    (one,) = listing.announcements
    assert (one.key, shown(one)) == ("DEPT:CLA(2.0)", "2018-03-28 09:30 +0100 confirmed")


def test_periods_and_offsets_confirm_nothing(read: Any) -> None:
    listing = read(
        "sdmx",
        constraints(
            '<s:ContentConstraint type="Actual" agencyID="DEPT" id="CLA"><c:Name>Children</c:Name>'
            "<s:ReleaseCalendar><s:Periodicity>P1M</s:Periodicity><s:Offset>P10D</s:Offset>"
            "<s:Tolerance>P0D</s:Tolerance></s:ReleaseCalendar></s:ContentConstraint>"
        ),
    )
    assert [one.instant for one in listing.announcements] == [None]
    assert "gives periods, no dates" in str(listing.faults[0])


def test_a_test_message_announces_nothing(read: Any) -> None:
    listing = read("sdmx", message("2018-03-28", "<m:Test>true</m:Test>"))
    assert not listing.announcements and "only a test" in listing.notes[0]


@pytest.mark.parametrize(
    "content",
    [
        "", "{}", "<a/>", "<a", message("2018-03-28")[:-5],
        '<!DOCTYPE a [<!ENTITY b "c">]>' + message("2018-03-28"),
        '<!DOCTYPE a SYSTEM "file:///etc/hostname">' + message("2018-03-28"),
        f'<m:x xmlns:m="{MESSAGE}">' + "<b>" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_sdmx_or_brings_entities_gives_nothing(read: Any, content: str) -> None:
    listing = read("sdmx", content)
    assert not listing.announcements and listing.faults

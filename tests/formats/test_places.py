"""A banner and a table of unit records, planted in every place of every format, are found or are
a gap; docs/formats.md is the table of what came of it.

Parts are read as the gateway reads an attachment: with every detector on, at a time before the
banner's instant.
"""

from __future__ import annotations

import importlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from formats.page import page_of_formats
from formats.planting import BANNER, PLACES, RECORDS, Place

from gateway.detect import Context, DetectorSpec
from gateway.model.finding import PartReport
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.model.message import Part
from gateway.pipeline import PartReader, ReaderSpec

for _module in sorted(Path(__file__).parent.glob("*_places.py")):
    importlib.import_module(f"formats.{_module.stem}")

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
BEFORE = datetime(2018, 3, 27, 12, 0, tzinfo=UTC)
WORDS = [place for place in PLACES if place.holds != "rows"]
ROWS = [place for place in PLACES if place.holds != "words"]


@pytest.fixture(scope="module")
def reader() -> PartReader:
    return PartReader(ReaderSpec(DetectorSpec(()), ReadLimits(), ParseLimits()))


def report(reader: PartReader, place: Place, content: bytes) -> PartReport:
    part = Part("2", "application/octet-stream", "attachment", content, place.name)
    return reader.report(part, Context(BEFORE, BEFORE, "Europe/London"))


def name(place: Place) -> str:
    return f"{place.format}: {place.where}"


@pytest.mark.parametrize("place", WORDS, ids=name)
def test_a_banner_is_found_wherever_it_is_planted(reader: PartReader, place: Place) -> None:
    found = report(reader, place, place.build(BANNER, ()))
    banners = [f for f in found.findings if f.kind == "embargo-banner"]
    if place.expect != "found":
        assert place.expect in {gap.reason for gap in found.gaps}
    else:
        assert banners and not banners[0].facts["expired"], found.gaps


@pytest.mark.parametrize("place", ROWS, ids=name)
def test_unit_records_are_found_wherever_they_are_planted(reader: PartReader, place: Place) -> None:
    found = report(reader, place, place.build("", RECORDS))
    if place.expect != "found":
        assert place.expect in {gap.reason for gap in found.gaps}
    else:
        assert any(f.kind == "microdata" and f.facts.get("verdict") != "unsure"
                   for f in found.findings), found.gaps  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=name)
def test_the_same_place_without_them_is_clean(reader: PartReader, place: Place) -> None:
    found = report(reader, place, place.build("", ()))
    assert not [f for f in found.findings if f.kind in ("embargo-banner", "marking", "microdata")]


def test_the_page_of_formats_is_this_matrix() -> None:
    """`GATEWAY_WRITE=1 pytest tests/formats` writes the page anew."""
    begin, end = "<!-- places: written by tests/formats -->\n", "\n<!-- end of places -->"
    page = page_of_formats(PLACES)
    if os.environ.get("GATEWAY_WRITE"):
        before, after = PAGE.read_text().split(begin)[0], PAGE.read_text().split(end)[1]
        PAGE.write_text(f"{before}{begin}{page}{end}{after}")
    written = re.search(re.escape(begin) + "(.*?)" + re.escape(end), PAGE.read_text(), re.S)
    assert written and written[1] == page

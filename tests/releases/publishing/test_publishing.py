"""What the public is told: titles, organisations, numbers, reasons; no person and no address."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from odf.opendocument import load as open_document

from gateway.extract import read_part
from gateway.model.content import Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Part
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.roster import Role
from gateway.releases.importing.page import read_page
from gateway.releases.importing.table import Sheet, read_sheets
from gateway.releases.publishing.listing import HEADS, Published, published
from gateway.releases.publishing.page import as_page
from gateway.releases.publishing.sheet import as_sheet

LIST = """
    release: {title: "Fostering <statistics> & more", instant: 2020-11-12T09:30:00, state: published}
    roles:
      - {id: office, title: Private Office, organisation: The Department, count: 2}
      - {id: media, title: "=Media Officer", justification: "Answers at 09:30 & after."}
    appointments:
      - {role: office, address: e.hart@dept.example}
      - {role: media, address: k.webb@dept.example}
    """


@pytest.fixture
def release(load: Callable[..., Register]) -> Release:
    return load(x=LIST).releases["x"]


def rows_of(ods: bytes) -> list[list[str]]:
    part = Part("1", "application/octet-stream", "attachment", ods, "list.ods")
    (table,) = [one for one in read_part(part, ReadLimits()) if isinstance(one, Table)]
    return [list(row) for row in table.rows]


def test_nobody_and_no_address_is_published(release: Release) -> None:
    package = zipfile.ZipFile(io.BytesIO(as_sheet(published(release))))
    everything = [
        as_page(published(release)),
        *(package.read(n).decode() for n in package.namelist()),
    ]
    assert "Private Office" in everything[0]
    assert not any("@" in text or "hart" in text or "webb" in text for text in everything)


def test_the_page_is_one_that_a_screen_reader_can_read(release: Release) -> None:
    page = html.document_fromstring(as_page(published(release)))
    assert page.get("lang") == "en-GB"
    assert page.findtext("head/title") == "Pre-release access: Fostering <statistics> & more"
    assert len(page.xpath("//h1")) == len(page.xpath("//table/caption")) == 1
    assert [head.text for head in page.xpath("//thead//th[@scope='col']")] == list(HEADS)
    assert len(page.xpath("//tbody/tr/th[@scope='row']")) == len(release.roster.roles)
    assert "Up to 3 people had access" in page.xpath("string(//p)")


def test_the_sheet_is_a_package_that_others_read(release: Release) -> None:
    ods = as_sheet(published(release))
    package = zipfile.ZipFile(io.BytesIO(ods))
    first = package.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert open_document(io.BytesIO(ods)).spreadsheet.getElementsByType
    assert rows_of(ods) == [
        list(HEADS),
        ["Private Office", "The Department", "2"],
        ["=Media Officer", "", "1", "Answers at 09:30 & after."],
    ]


def test_a_title_that_looks_like_a_formula_stays_a_text(release: Release) -> None:
    content = zipfile.ZipFile(io.BytesIO(as_sheet(published(release)))).read("content.xml")
    tree = etree.fromstring(content)
    assert not [name for cell in tree.iter() for name in cell.attrib if "formula" in name]


def test_the_same_list_gives_the_same_bytes(release: Release) -> None:
    assert as_sheet(published(release)) == as_sheet(published(release))


def test_what_is_to_come_is_said_so(release: Release) -> None:
    coming = replace(release, state="confirmed")
    assert "may have access" in published(coming).sentence


WORDS = st.text(st.characters(categories=["L", "Zs"], codec="utf-8"), min_size=1, max_size=30).map(
    lambda text: "T" + " ".join(text.split())
)
ROLES = st.lists(
    st.builds(
        Role, st.just("r"), WORDS, st.one_of(st.just(""), WORDS), st.integers(1, 1000),
        st.one_of(st.just(""), WORDS),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@given(ROLES)
def test_what_was_exported_is_what_is_brought_in(roles: list[Role]) -> None:
    rows = tuple((r.title, r.organisation, str(r.count), r.justification) for r in roles)
    listing = Published("Pre-release access: X", "Up to 3 people.", rows)
    for lines in (
        read_page("list.html", as_page(listing)).lines,
        read_sheets([Sheet("list.ods", rows_of(as_sheet(listing)))]).lines,
    ):
        found = [(one.title, one.organisation, str(one.count), one.justification) for one in lines]
        assert found == list(rows)

"""Records in XML are a table whether they stand in elements or attributes; nothing is resolved."""

from __future__ import annotations

from typing import Any, Callable

import pytest

Read = Callable[..., Any]
PEOPLE = [(f"P{i}", str(1950 + i)) for i in range(12)]
SHAPES = {
    "elements": "".join(f"<p><person>{a}</person><born>{b}</born></p>" for a, b in PEOPLE),
    "attributes": "".join(f"<p person='{a}' born='{b}'/>" for a, b in PEOPLE),
    "both": "".join(f"<p person='{a}'><born>{b}</born></p>" for a, b in PEOPLE),
    "deeper": "".join(f"<p><x><person>{a}</person></x><born>{b}</born></p>" for a, b in PEOPLE),
    "cells": "".join(f"<row><c>{a}</c><c>{b}</c></row>" for a, b in PEOPLE),
    "named cells": "".join(
        f"<row><f name='person'>{a}</f><f name='born'>{b}</f></row>" for a, b in PEOPLE
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_repeated_siblings_are_a_table(read: Read, shape: str) -> None:
    found = read(f"<?xml version='1.0'?><list><a>{SHAPES[shape]}</a></list>".encode(), name="a.xml")
    rows = [tuple(row) for row in found.tables[0].rows]
    assert [row[:2] for row in rows[-12:]] == PEOPLE
    assert not found.gaps


def test_a_household_of_one_has_persons_too(read: Read) -> None:
    one, two = "<h><p a='1' b='2'/></h>", "<h><p a='3' b='4'/><p a='5' b='6'/></h>"
    found = read(f"<all>{one}{two}{one}</all>".encode(), "text/xml", name="a.xml")
    assert [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"], ["1", "2"]] in [
        t.rows for t in found.tables
    ]


@pytest.mark.parametrize(
    "xml",
    [
        "<a>EMBARGOED</a>", "<a b='EMBARGOED'/>", "<a><b/>EMBARGOED</a>", "<a><!-- EMBARGOED --></a>",
        "<!-- EMBARGOED --><a/>", "<a/><!-- EMBARGOED -->", "<a><?note EMBARGOED?></a>",
        "<a><![CDATA[EMBARGOED]]></a>", "<a>EM<b/>x<c>EMBARGOED</c></a>", "<EMBARGOED_UNTIL_NOON/>",
        "<a><r>1</r><r x='EMBARGOED'>2</r></a>", "<a><r><c>1</c><c>EMBARGOED</c></r></a>",
        "<!DOCTYPE a [<!ENTITY e 'EMBARGOED'>]><a/>", "<!DOCTYPE a><a><!-- EMBARGOED --></a>",
        "<a><b>EMBARGOED", "<a>&#69;MBARGOED</a>",
    ],
)  # fmt: skip
def test_a_banner_in_any_place_is_found(read: Read, xml: str) -> None:
    found = read(f"<?xml version='1.0'?>{xml}".encode(), "text/xml", name="a.xml")
    assert "EMBARGOED" in found.everything()


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("<!DOCTYPE a [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><a>&b;</a>", "unreadable"),
        ("<a>" * 100_000, "limit"),
        ("<a><b></a>", "unreadable"),
        ("<a>\x01</a>", "unreadable"),
    ],
)
def test_what_is_hostile_or_damaged_is_a_gap(read: Read, xml: str, reason: str) -> None:
    assert reason in read(f"<?xml version='1.0'?>{xml}".encode(), "text/xml", name="a.xml").reasons


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "iso-8859-1", "utf-8-sig"])
def test_encodings_are_followed(read: Read, encoding: str) -> None:
    declared = encoding.removesuffix("-sig").removesuffix("-le")
    xml = f"<?xml version='1.0' encoding='{declared}'?><a>£ EMBARGOED</a>".encode(encoding)
    assert "£ EMBARGOED" in read(xml, "text/xml", name="a.xml").text


def test_a_schema_gives_words_and_no_table(read: Read) -> None:
    fields = "".join(f'<s:element name="F{i}" type="s:string" minOccurs="0"/>' for i in range(30))
    xml = (
        f"<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'>{fields}<!--EMBARGOED--></s:schema>"
    )
    found = read(f"<?xml version='1.0'?>{xml}".encode(), "text/xml", name="a.xsd")
    assert not found.tables and not found.gaps and "EMBARGOED" in found.everything()


@pytest.mark.parametrize(
    "cell",
    [
        "<c name='a' value='EMBARGOED'>x</c>", "<c name='a'>x<!-- y -->EMBARGOED</c>",
        "<c name='a'>EMBARGOED<i>1</i></c>", "<c name='a'><i>1</i>EMBARGOED</c>",
        "<c name='a' type='EMBARGOED'>x</c>", "<c name='a'><!-- y --><i>EMBARGOED</i></c>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("other", ["<c name='b'>2</c>", "<c name='b'/>"])
def test_all_that_stands_in_a_cell_is_read(read: Read, cell: str, other: str) -> None:
    rows = f"<row>{cell}{other}</row>" * 5
    assert "EMBARGOED" in read(f"<?xml version='1.0'?><t>{rows}</t>".encode()).everything()


def test_what_follows_a_remark_in_a_cell_without_a_name_is_read(read: Read) -> None:
    rows = "<row><c>x<!-- y -->EMBARGOED</c><c>2</c></row>" * 5
    assert "EMBARGOED" in read(f"<?xml version='1.0'?><t>{rows}</t>".encode()).everything()


def test_the_type_of_a_cell_is_no_cell(read: Read) -> None:
    rows = "<row><c name='a' type='xs:int'>1</c><c name='b' type='string'>2</c></row>" * 5
    found = read(f"<?xml version='1.0'?><t>{rows}</t>".encode())
    assert [list(row) for row in found.tables[0].rows[:2]] == [["a", "b"], ["1", "2"]]

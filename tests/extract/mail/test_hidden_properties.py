"""Words in properties that no program shows, in tables of numbers and in unused sectors are read."""

from __future__ import annotations

from typing import Any

import pytest
from support import outlook_items as items

TEXT, BINARY, NUMBER = 0x1F, 0x102, 0x03
CLASS = {(0x1A, TEXT): "IPM.Note", (0x37, TEXT): "Lunch"}
PEOPLE = "name,email,age\n" + "".join(f"P{i},p{i}@dept.example,{30 + i}\n" for i in range(9))
BANNER = "EMBARGO until 0930"


def msg(properties: dict[Any, Any], named: Any = (), **inside: Any) -> bytes:
    tree = items.storage(32, CLASS | properties, **inside)
    return items.compound({"__nameid_version1.0": items.names(*named), **tree})


def said(found: Any) -> str:
    return "\n".join((found.text, *(value for _, value in found.items)))


def test_a_list_of_addresses_is_no_address(nested: Any) -> None:
    found = nested(msg({(0x3004, TEXT): PEOPLE.replace(" ", "")}), name="a.msg")
    assert "p3@dept.example" in said(found)


@pytest.mark.parametrize("address", ["a.field@dept.example", "SMTP:A.FIELD@DEPT.EXAMPLE",
                                     "/o=Dept/ou=Exchange/cn=Recipients/cn=afield"])  # fmt: skip
def test_an_address_says_nothing(nested: Any, address: str) -> None:
    assert address not in said(nested(msg({(0x3004, TEXT): address}), name="a.msg"))


@pytest.mark.parametrize("value", [BANNER.encode(), BANNER.encode("utf-16-le"), PEOPLE.encode(),
                                   b"\x01\x02\xff\xfe\x80\x81" + BANNER.encode() * 4])  # fmt: skip
def test_words_in_a_short_property_of_bytes_are_read(nested: Any, value: bytes) -> None:
    found = nested(msg({(0x8001, BINARY): value}), name="a.msg")
    assert ("EMBARGO" in said(found) or "p3@dept.example" in said(found)) and not found.gaps


def test_keys_in_properties_of_bytes_are_no_words(nested: Any) -> None:
    key = bytes(range(128, 160))
    found = nested(msg({(0x8001, BINARY): key}), name="a.msg")
    assert not found.gaps and not [item for item in found.items if item[0] == "0x8001"]


def test_every_subject_is_read(nested: Any) -> None:
    found = nested(msg({(0x37, 0x1E): BANNER}), name="a.msg")
    assert "Lunch" in found.at("subject") and BANNER in found.at("subject")


@pytest.mark.parametrize("id", [0x37, 0x7D, 0x3701])
def test_what_is_of_another_type_than_it_should_be_is_read(nested: Any, id: int) -> None:
    found = nested(msg({(id, BINARY): BANNER.encode()}), name="a.msg")
    assert BANNER in said(found)


def test_words_in_place_of_lengths_are_read(nested: Any) -> None:
    found = nested(msg({}, **{"__substg1.0_8000101F": BANNER.encode()}), name="a.msg")
    assert BANNER in said(found)


def test_names_of_properties_that_no_property_has_are_read(nested: Any) -> None:
    assert BANNER in said(nested(msg({}, named=[BANNER]), name="a.msg"))


@pytest.mark.parametrize("storage", ["__recip_version1.0_#00000000", "__nameid_version1.0", "odd"])
def test_storages_anywhere_are_walked(nested: Any, storage: str) -> None:
    inner = {"deep": {"deeper": BANNER.encode()}, "__properties_version1.0": bytes(8)}
    assert BANNER in said(nested(msg({}, **{storage: inner}), name="a.msg"))


def test_words_in_the_icon_of_an_attachment_are_read(nested: Any) -> None:
    attachment = items.storage(8, {(0x3707, TEXT): "a.txt", (0x3701, BINARY): b"hello",
                                   (0x3709, BINARY): BANNER.encode()})  # fmt: skip
    found = nested(msg({}, **{"__attach_version1.0_#00000000": attachment}), name="a.msg")
    assert BANNER in said(found) and "hello" in found.text


def test_unused_sectors_are_read(nested: Any) -> None:
    content = bytearray(msg({(0x3004, TEXT): "x" * 20_000}))
    fat = int.from_bytes(content[76:80], "little")
    table = (fat + 1) * 512
    spare = content.index(("x" * 200).encode("utf-16-le")) // 512 + 20
    content[table + 4 * (spare - 1) : table + 4 * spare] = b"\xff" * 4
    content[512 * spare : 512 * spare + 512] = (BANNER + " ").encode().ljust(512, b".")
    assert BANNER in said(nested(bytes(content), name="a.msg"))


def test_more_recipients_than_are_read_are_a_gap(nested: Any) -> None:
    from gateway.model.limits import ReadLimits

    person = items.property_list({(0x3001, TEXT): "A. Field"})
    people = (30).to_bytes(4, "little") + person * 30
    content = items.tnef(items.attribute(0x00069004, people))
    found = nested(content, limits=ReadLimits(entries=20))
    assert any("recipients" in gap.detail for gap in found.gaps)

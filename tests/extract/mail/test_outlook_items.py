"""Outlook messages, as files and as winmail.dat, give up every property, attachment and inner
message."""

from __future__ import annotations

import random
from typing import Any

import pytest
from support import outlook_items as items
from support.archives import zipped

from gateway.extract.mail.compressed_rtf import decompress_rtf
from gateway.model.limits import ReadLimits

TEXT, EIGHT, BINARY, OBJECT, NUMBER = 0x1F, 0x1E, 0x102, 0x0D, 0x03
ROWS = b"id,age,sex\n" + b"".join(b"%d,%d,%d\n" % (i, 20 + i, i % 2) for i in range(12))
CLASS = {(0x1A, TEXT): "IPM.Note"}
EMBEDDED = "__substg1.0_3701000D"


def msg(properties: dict[Any, Any], named: Any = (), **inside: Any) -> bytes:
    tree = items.storage(32, CLASS | properties, **inside)
    return items.compound({**tree, "__nameid_version1.0": items.names(*named)})


def attachment(properties: dict[Any, Any], **inside: Any) -> dict[str, Any]:
    return {"__attach_version1.0_#00000000": items.storage(8, properties, **inside)}


HEADERS = (
    "From: x <a@dept.example>\r\nX-Notice: EMBARGO\r\nContent-Type: multipart/mixed; boundary=b\r\n"
)


@pytest.mark.parametrize(
    ("properties", "where"),
    [
        ({(0x37, TEXT): "EMBARGO"}, "subject"), ({(0x37, EIGHT): "EMBARGO"}, "subject"),
        ({(0x1000, TEXT): "see: EMBARGO"}, "body"), ({(0x1013, BINARY): b"<p>EM<b>BARGO</b>"}, "body"),
        ({(0x1013, TEXT): "<p>EM<b>BARGO</b>"}, "body"), ({(0x7D, TEXT): HEADERS}, "header X-Notice"),
    ],
)  # fmt: skip
def test_an_outlook_message_is_read(nested: Any, properties: dict[Any, Any], where: str) -> None:
    found = nested(msg(properties), name="note.msg")
    assert "EMBARGO" in found.at(where) and not found.gaps


def test_categories_and_names_of_properties_are_read(nested: Any) -> None:
    found = nested(msg({(0x8000, TEXT): "EMBARGO"}, named=["msip_labels"]))
    assert ("msip_labels", "EMBARGO") in found.items
    several = {
        "__substg1.0_8000101F": b"\x10\0\0\0",
        "__substg1.0_8000101F-00000000": "EMBARGO\0".encode("utf-16-le"),
    }
    found = nested(msg({}, named=["Keywords"], **several))
    assert ("Keywords", "EMBARGO") in found.items


def test_names_of_recipients_are_read(nested: Any) -> None:
    person = items.storage(8, {(0x3001, TEXT): "EMBARGO until noon"})
    found = nested(msg({}, **{"__recip_version1.0_#00000000": person}))
    assert "EMBARGO" in found.at("recipients")


def test_an_attachment_is_read_under_its_long_name(nested: Any) -> None:
    file = {
        (0x3701, BINARY): ROWS,
        (0x3704, TEXT): "ROWS~1.CSV",
        (0x3707, TEXT): "all rows.csv",
        (0x3705, NUMBER): 1,
    }
    found = nested(msg({}, **attachment(file)))
    assert found.tables[0].location.name == "all rows.csv" and found.tables[0].rows[1] == [
        "0",
        "20",
        "0",
    ]


def test_a_message_inside_a_message_is_read_to_its_own_attachments(nested: Any) -> None:
    file = attachment({(0x3701, BINARY): ROWS, (0x3707, TEXT): "rows.csv", (0x3705, NUMBER): 1})
    inner = items.storage(24, CLASS | {(0x1000, TEXT): "EMBARGO"}, **file)
    found = nested(msg({}, **attachment({(0x3705, NUMBER): 5}, **{EMBEDDED: inner})))
    assert "EMBARGO" in found.at("body") and found.tables and not found.gaps


def test_messages_inside_messages_end_at_the_limit(nested: Any) -> None:
    inner = items.storage(24, CLASS)
    for _ in range(12):
        inner = items.storage(24, CLASS, **attachment({(0x3705, NUMBER): 5}, **{EMBEDDED: inner}))
    found = nested(msg({}, **attachment({(0x3705, NUMBER): 5}, **{EMBEDDED: inner})))
    assert found.reasons == {"limit"}


def test_the_signed_entity_of_a_secure_message_is_read(nested: Any) -> None:
    entity = b"Content-Type: text/plain\r\n\r\nEMBARGO\r\n"
    file = {(0x3701, BINARY): entity, (0x370E, TEXT): "multipart/signed", (0x3705, NUMBER): 1}
    assert "EMBARGO" in nested(msg({}, **attachment(file))).text


def test_attachments_kept_elsewhere_or_without_content_are_gaps(nested: Any) -> None:
    for method in (1, 2, 4, 7):
        found = nested(msg({}, **attachment({(0x3707, TEXT): "a.csv", (0x3705, NUMBER): method})))
        assert found.reasons == {"unreadable"}


def test_streams_and_storages_of_no_known_name_are_files(nested: Any) -> None:
    for inside in ({"notes": ROWS}, {"more": {"notes": ROWS}}, {"__substg1.0_6FFF0102": ROWS * 50}):
        assert nested(msg({}, **inside)).tables


def test_a_rights_protected_message_is_encrypted(nested: Any) -> None:
    locked = bytes.fromhex("76e80460c411e386") + bytes(100)
    file = {(0x3701, BINARY): locked, (0x3707, TEXT): "message.rpmsg", (0x3705, NUMBER): 1}
    assert nested(msg({}, **attachment(file))).reasons == {"encrypted"}


def test_an_archive_in_a_stream_is_read_once_and_one_behind_the_message_too(nested: Any) -> None:
    attached = attachment({(0x3701, BINARY): zipped({"rows.csv": ROWS}), (0x3705, NUMBER): 1})
    found = nested(msg({}, **attached))
    assert len(found.tables) == 1 and not found.gaps
    for tail in (b"", b"\1" * 99):
        assert nested(msg({}) + b"\1" * 50 + zipped({"rows.csv": ROWS}) + tail).tables


def test_rows_pasted_into_a_body_are_a_table(nested: Any) -> None:
    found = nested(msg({(0x1000, TEXT): ROWS.decode()}))
    assert len(found.tables) == 1


def test_a_missing_stream_is_a_gap(nested: Any) -> None:
    tree = items.storage(32, CLASS | {(0x1000, TEXT): "body"})
    del tree["__substg1.0_1000001F"]
    assert nested(items.compound(tree)).reasons == {"unreadable"}


def test_rich_text_is_decompressed() -> None:
    text = rb"{\rtf1 EMBARGO until noon}"
    assert decompress_rtf(items.stored_rtf(text), 1000) == (text, "")
    assert decompress_rtf(items.compressed_rtf(text), 1000) == (text, "")
    assert decompress_rtf(items.compressed_rtf(text)[:-5], 1000)[1]
    assert decompress_rtf(items.compressed_rtf(text * 50), 100)[1]
    # [MS-OXRTFCP] section 3.1.1, with references into the dictionary.
    example = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c090020627705b06c647d0a800fa0"
    )
    assert decompress_rtf(example, 1000) == (
        b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
        "",
    )


@pytest.mark.parametrize(
    "attributes",
    [
        [items.attribute(0x00018004, b"EMBARGO\0")], [items.attribute(0x0002800C, b"EMBARGO\0")],
        [items.attribute(0x00069003, items.property_list({(0x1000, TEXT): "EMBARGO"}))],
        [items.attribute(0x00069003, items.property_list({(0x1013, BINARY): b"<p>EM<b>BARGO</b>"}))],
        [items.attribute(0x00069003, items.property_list({(0x8001, TEXT): "EMBARGO"}, "msip_labels"))],
        [items.attribute(0x00069004, b"\1\0\0\0" + items.property_list({(0x3001, TEXT): "EMBARGO"}))],
        [items.attribute(0x00060FFF, b"EMBARGO until 09:30")],
    ],
)  # fmt: skip
def test_every_attribute_of_a_tnef_stream_is_read(nested: Any, attributes: list[bytes]) -> None:
    found = nested(items.tnef(*attributes), "application/ms-tnef", name="winmail.dat")
    assert "EMBARGO" in found.text + str(found.items) and not found.gaps


def winmail(*extra: bytes) -> bytes:
    file = [
        items.attribute(0x00069002, b"\1\0" + bytes(12), 2), items.attribute(0x0006800F, ROWS, 2),
        items.attribute(0x00018010, b"ROWS~1.CSV\0", 2),
        items.attribute(0x00069005, items.property_list({(0x3707, TEXT): "all rows.csv"}), 2),
    ]  # fmt: skip
    return items.tnef(items.attribute(0x00018004, b"Papers\0"), *file, *extra)


def test_attachments_of_a_tnef_stream_are_read(nested: Any) -> None:
    found = nested(winmail())
    assert found.tables[0].location.name == "all rows.csv" and not found.gaps


def test_messages_inside_a_tnef_stream_are_read(nested: Any) -> None:
    inner = bytes(16) + winmail()
    outer = items.tnef(
        items.attribute(0x00069002, b"\1\0" + bytes(12), 2),
        items.attribute(0x00069005, items.property_list({(0x3701, OBJECT): inner}), 2),
    )
    assert nested(outer).tables


def test_a_damaged_tnef_stream_is_a_gap_and_the_rest_is_read(nested: Any) -> None:
    whole = winmail()
    cut = nested(whole[:-20])
    assert cut.reasons == {"unreadable"} and cut.tables
    flipped = bytearray(whole)
    flipped[whole.index(b"Papers")] ^= 1
    assert nested(bytes(flipped)).reasons == {"unreadable"}


@pytest.mark.parametrize(
    "content",
    [winmail(), msg({(0x1000, TEXT): "x" * 5000}, **attachment({(0x3701, BINARY): ROWS}))],
)
def test_mutated_items_never_crash(nested: Any, content: bytes) -> None:
    chance = random.Random(3)
    for _ in range(150):
        broken = bytearray(content[: chance.choice((len(content), chance.randrange(len(content))))])
        for _ in range(chance.randrange(1, 8)):
            if broken:
                broken[chance.randrange(len(broken))] = chance.randrange(256)
        found = nested(bytes(broken), limits=ReadLimits(expanded_bytes=10_000_000))
        assert "crashed" not in found.reasons

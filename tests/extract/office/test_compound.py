"""A compound file gives up every stream: known, embedded, searched for words, or a Gap."""

from __future__ import annotations

import io
import struct
from typing import Any, Callable

import openpyxl
import pytest
import xlwt
from support.old_office import macro_project, package_stream

from gateway.extract.fault import ContainerFault
from gateway.extract.nested import read_nested
from gateway.extract.office.compound_file import Compound
from gateway.extract.office.macros import decompress
from gateway.extract.office.storage_file import write_compound
from gateway.model.content import Table
from gateway.model.limits import ReadLimits

Read = Callable[..., Any]


def workbook(text: str) -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("One").write(0, 0, text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_is_written_is_read_back() -> None:
    streams = {("a",): b"x" * 9000, ("s", "b"): b"small", ("s", "t", "c"): b"", ("e",): b"y" * 4096}
    streams |= {("many", f"n{index}"): bytes(index) for index in range(300)}
    compound = Compound(write_compound(streams), ReadLimits())
    assert {path: compound.take(path) for path in compound.streams} == streams
    assert compound.faults == []


def test_a_file_dropped_into_a_document_keeps_its_name(read: Read) -> None:
    content = write_compound(
        {("ObjectPool", "_1", "\1Ole10Native"): package_stream("rows.csv", b"a,b\n1,2\n")}
    )
    [part] = read(content).parts
    assert (part.name, part.content) == ("rows.csv", b"a,b\n1,2\n")


def test_a_workbook_inside_a_document_is_read_as_a_file_of_its_own(part: Any) -> None:
    inner = Compound(workbook("marker inside"), ReadLimits())
    streams = {("MBD01", *path): inner.take(path) for path in inner.streams}
    outer = Compound(workbook("outside"), ReadLimits())
    streams |= {path: outer.take(path) for path in outer.streams}
    contents = list(read_nested(part(write_compound(streams)), ReadLimits()))
    cells = [row for c in contents if isinstance(c, Table) for row in c.rows]
    assert cells == [["outside"], ["marker inside"]]


def test_text_and_files_in_any_stream_are_read(read: Read) -> None:
    book = openpyxl.Workbook()
    book.active.append(["x"])
    out = io.BytesIO()
    book.save(out)
    reading = read(
        write_compound({("Package",): out.getvalue(), ("odd", "notes"): b"id,pay\n1,2\n" * 50})
    )
    assert [part.content[:2] for part in reading.parts] == [b"PK", b"id"]


def test_an_unknown_stream_gives_its_words_and_a_gap(read: Read) -> None:
    odd = bytes(range(256)) * 4 + "marker in a stream".encode("utf-16-le") + bytes(range(256)) * 4
    reading = read(write_compound({("odd",): odd}))
    assert "marker in a stream" in reading.hidden and reading.reasons == {"unreadable"}


def test_the_source_of_macros_is_read_and_never_run(read: Read) -> None:
    source = b"Sub Auto_Open()\r\n' marker in a macro\r\nEnd Sub\r\n"
    streams = {("Macros", *path): body for path, body in macro_project(source).items()}
    reading = read(write_compound(streams))
    assert "marker in a macro" in reading.hidden and reading.gaps == []


def test_macros_compressed_with_copies_unfold() -> None:
    # [MS-OVBA] 3.2.2, a sequence of repetitions.
    packed = bytes.fromhex("01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08"
                           "61 6B 6C 00 30 6D 6E 6F 70 06 71 02 70 04 10 72 73 74 75 76 10 77 78 79"
                           "7A 00 3C")  # fmt: skip
    assert decompress(packed, 4096) == b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"


def test_damaged_macros_are_a_gap(read: Read) -> None:
    streams = macro_project(b"x")
    streams[("VBA", "Module1")] = b"pcode\x01\x10\xb0\xff\xff\xff"
    assert read(write_compound(streams)).reasons == {"unreadable"}


def test_properties_of_every_set_are_read(read: Read) -> None:
    name, value = b"MSIP_Label_1_Name\0", b"marker label\0\0\0\0"
    pairs, body = [], b""
    for number, content in (
        (0, struct.pack("<III", 1, 2, len(name)) + name + b"\0\0"),
        (1, struct.pack("<IHH", 2, 1252, 0)),
        (2, struct.pack("<II", 30, len(value)) + value),
    ):
        pairs.append(struct.pack("<II", number, 8 + 24 + len(body)))
        body += content
    section = struct.pack("<II", 8 + 24 + len(body), 3) + b"".join(pairs) + body
    head = struct.pack("<HHI16sI", 0xFFFE, 0, 2, b"", 1) + struct.pack("<16sI", b"", 48)
    reading = read(write_compound({("\5DocumentSummaryInformation",): head + section}))
    assert "marker label" in repr(reading.contents) and "MSIP_Label_1_Name" in repr(
        reading.contents
    )


def test_a_property_of_an_unknown_kind_is_a_gap(read: Read) -> None:
    section = struct.pack("<4I", 24, 1, 2, 16) + struct.pack("<II", 99, 0)
    head = struct.pack("<HHI16sI", 0xFFFE, 0, 2, b"", 1) + struct.pack("<16sI", b"", 48)
    reading = read(write_compound({("\5DocumentSummaryInformation",): head + section}))
    assert reading.reasons == {"unreadable"}


def test_damage_of_one_property_costs_that_property(read: Read) -> None:
    values = (
        struct.pack("<II", 0x101E, 2) + struct.pack("<I", 6) + b"Index\0" + struct.pack("<I", 5) + b"Data\0",
        struct.pack("<II", 0x101E, 9) + b"\xff\xff\xff\xff",
    )  # fmt: skip
    first, second = 8 + 16, 8 + 16 + len(values[0])
    section = (
        struct.pack("<II", 0, 2) + struct.pack("<IIII", 13, first, 14, second) + b"".join(values)
    )
    head = struct.pack("<HHI16sI", 0xFFFE, 0, 2, b"", 1) + struct.pack("<16sI", b"", 48)
    reading = read(write_compound({("\5DocumentSummaryInformation",): head + section}))
    assert "Index\\nData" in repr(reading.contents) and reading.reasons == {"unreadable"}


def test_a_document_that_embeds_a_message_is_still_a_document(read: Read) -> None:
    inner = {("ObjectPool", "_1", "__properties_version1.0"): b"\0" * 32}
    outer = Compound(workbook("outside"), ReadLimits())
    streams = inner | {path: outer.take(path) for path in outer.streams}
    reading = read(write_compound(streams))
    assert reading.tables[0].rows == [["outside"]] and len(reading.parts) == 1


def test_a_stream_that_no_storage_leads_to_is_a_gap(read: Read) -> None:
    content = bytearray(
        write_compound({("a",): b"x" * 100, ("b",): b"y" * 100, ("c",): b"z" * 100})
    )
    at = bytes(content).index("b".encode("utf-16-le") + b"\0" * 62)
    content[at + 68 : at + 76] = b"\xff" * 8  # its siblings are cut off
    assert "unreadable" in read(bytes(content)).reasons


@pytest.mark.parametrize("offset", [44, 64, 72])
def test_a_header_that_claims_more_than_the_file_holds_is_a_gap(read: Read, offset: int) -> None:
    content = bytearray(write_compound({("Workbook",): b"x" * 9000}))
    content[offset : offset + 4] = b"\xff\xff\xff\x7f"
    assert read(bytes(content)).reasons == {"unreadable"}


def test_streams_laid_over_one_another_are_counted(read: Read) -> None:
    content = write_compound({(f"s{index}",): b"a,b\n" * 20_000 for index in range(20)})
    assert "limit" in read(content, limits=ReadLimits(expanded_bytes=400_000)).reasons
    with pytest.raises(ContainerFault):
        Compound(write_compound({(f"{i}",): b"" for i in range(300)}), ReadLimits(entries=200))


def test_an_encrypted_file_opens_only_for_the_password_that_excel_tries(read: Read) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    book = openpyxl.Workbook()
    book.active.append(["marker"])
    plain = io.BytesIO()
    book.save(plain)
    for password, opened in (("VelvetSweatshop", True), ("another one", False)):
        out = io.BytesIO()
        OOXMLFile(io.BytesIO(plain.getvalue())).encrypt(password, out)
        reading = read(out.getvalue())
        assert bool(reading.parts) is opened
        assert reading.reasons == (set() if opened else {"encrypted"})


def test_what_stands_behind_the_end_or_in_unused_sectors_is_found(read: Read) -> None:
    content = write_compound({("a",): b"id,pay\n" * 1000, ("b",): b"x,y\n" * 2000})
    behind = read(content + b"id,pay\n1,2\n" * 100)
    assert any(part.number.endswith("behind") for part in behind.parts)
    assert read(content + b"\x01\x02\x03\xfe" * 500).reasons == {"unreadable"}
    free = bytearray(write_compound({("a",): b"\0" * 9000, ("b",): b"marker left\n" * 900}))
    at = bytes(free).index("b".encode("utf-16-le") + b"\0" * 62)
    free[at : at + 2] = b"c\0"
    start = int.from_bytes(free[at + 116 : at + 120], "little")
    free[at + 116 : at + 128] = b"\xfe\xff\xff\xff" + b"\0" * 8  # now empty; its sectors are free
    directory = int.from_bytes(free[76:80], "little")
    table = (directory + 1) * 512
    for sector in range(start, start + 22):
        free[table + sector * 4 : table + sector * 4 + 4] = b"\xff\xff\xff\xff"
    assert "marker left" in read(bytes(free)).hidden

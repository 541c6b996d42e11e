"""Rich text is read in every group: what is shown, hidden, deleted, noted, drawn or embedded."""

from __future__ import annotations

import struct
import time
from typing import Any, Callable

import pytest
from support.old_office import package_stream

from gateway.extract import detect_type
from gateway.extract.types import RTF
from gateway.model.content import Properties

Read = Callable[..., Any]


def rtf(body: bytes) -> bytes:
    return b"{\\rtf1\\ansi\\ansicpg1252\\deff0 " + body + b"}"


def test_letters_of_every_kind_become_text(part: Any, read: Read) -> None:
    fonts = (
        b"{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial CYR;}{\\f2\\fcharset128 MS;}}"
    )
    body = (
        fonts + b"caf\\'e9 {\\f1 \\'cc\\'ee\\'f1\\'ea\\'e2\\'e0} {\\f2 \\'93\\'fa\\'96\\'7b} "
        b"\\u8364? {\\uc2 \\u-10179\\'3f\\'3f\\uc1\\u-8694?}\\emdash\\~x\\_y\\{\\}\\\\"
    )
    content = rtf(body)
    assert detect_type(part(content)) == RTF
    text = read(content).text
    for wanted in ("café", "Москва", "日本", "€ ", "😊", "— x-y{}\\"):
        assert wanted in text


def test_hidden_and_deleted_text_is_found_and_said_to_be_out_of_sight(read: Read) -> None:
    reading = read(
        rtf(
            b"seen {\\v marker one} {\\deleted marker two} \\v marker three\\v0 after {\\revised added}"
        )
    )
    for marker in ("one", "two", "three"):
        assert f"marker {marker}" in reading.hidden and marker not in reading.text
    assert "seen" in reading.text and "after" in reading.text and "added" in reading.text


@pytest.mark.parametrize(
    "group",
    [
        b"{\\header marker}", b"{\\footerf marker}", b"{\\footnote marker}",
        b"{\\*\\annotation marker}", b"{\\*\\atnauthor marker}", b"{\\*\\bkmkstart marker}",
        b"{\\field{\\*\\fldinst HYPERLINK marker}{\\fldrslt x}}", b"{\\*\\nobodyknows marker}",
        b"{\\shp{\\*\\shpinst{\\shptxt marker}}}", b"{\\*\\docvar{name}{marker}}", b"{\\xe marker}",
        b"{\\stylesheet{\\s1 marker;}}", b"{\\fonttbl{\\f9 marker;}}", b"{\\colortbl marker;}",
        b"{\\*\\revtbl{marker;}}", b"{\\*\\generator marker}", b"{\\nested{\\unknown{\\b marker}}}",
        b"{\\sp{\\sn wzDescription}{\\sv marker}}", b"{\\listtable marker}",
    ],
)  # fmt: skip
def test_no_group_hides_its_text(read: Read, group: bytes) -> None:
    assert "marker" in read(rtf(b"body " + group)).everything()


def test_information_about_the_document_is_properties(read: Read) -> None:
    info = b"{\\info{\\title marker title}{\\doccomm marker note}}{\\*\\userprops{\\propname MSIP_Label_1_Name}\\proptype30{\\staticval Official}}"
    [properties] = [c for c in read(rtf(info)).contents if isinstance(c, Properties)]
    assert properties.items == (
        ("title", "marker title"), ("doccomm", "marker note"), ("MSIP_Label_1_Name", "Official"),
    )  # fmt: skip


def test_rows_become_tables_that_paragraphs_divide(read: Read) -> None:
    def row(*cells: bytes) -> bytes:
        return (
            b"\\trowd"
            + b"".join(b"\\intbl " + cell + b"\\cell" for cell in cells)
            + b"\\row\\pard "
        )

    body = (
        b"before\\par "
        + row(b"id", b"pay")
        + row(b"K1", b"1\\'b2")
        + b"between\\par "
        + row(b"x", b"")
    )
    reading = read(rtf(body))
    assert [table.rows for table in reading.tables] == [[["id", "pay"], ["K1", "1²"]], [["x", ""]]]
    assert "between" in reading.text


def ole_1(class_name: bytes, content: bytes) -> bytes:
    name = class_name + b"\0"
    head = struct.pack("<III", 0x501, 2, len(name)) + name + struct.pack("<II", 0, 0)
    return head + struct.pack("<I", len(content)) + content


def test_embedded_files_come_out_with_their_names(read: Read) -> None:
    package = ole_1(b"Package", package_stream("rows.csv", b"a,b\n1,2\n")[4:])
    digits = package.hex().encode()
    spread = b"\r\n".join(digits[i : i + 60] for i in range(0, len(digits), 60))
    reading = read(rtf(b"{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata " + spread + b"}}"))
    [part] = reading.parts
    assert (part.name, part.content) == ("rows.csv", b"a,b\n1,2\n")
    other = read(
        rtf(b"{\\object{\\*\\objdata " + ole_1(b"Other", b"PK\3\4 and more").hex().encode() + b"}}")
    )
    assert other.parts[0].content == b"PK\3\4 and more"


def test_raw_bytes_are_stepped_over_and_read(read: Read) -> None:
    reading = read(rtf(b"before \\bin7 {{{}}}} after {\\pict\\pngblip\\bin4 {{\x01\x02} end"))
    assert "before" in reading.text and "after" in reading.text and "end" in reading.text
    assert [part.content for part in reading.parts] == [b"{{{}}}}", b"{{\x01\x02"]


def test_html_inside_rich_text_is_given_as_html(read: Read) -> None:
    body = (
        b"\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 caf\\'e9\\htmlrtf\\par}\\htmlrtf0 "
        b"{\\*\\htmltag72 </p>}{\\*\\htmltag84 <b>}x{\\*\\htmltag92 </b>}\\htmlrtf marker\\htmlrtf0 "
    )
    reading = read(rtf(body))
    [part] = reading.parts
    assert part.content_type == "text/html"
    assert part.content.decode() == "<p>café</p><b>x</b>"
    assert "marker" in reading.hidden


def test_pictures_come_out_as_files(read: Read) -> None:
    [part] = read(rtf(b"{\\pict\\wmetafile8 " + b"0100090000037a" * 50 + b"}")).parts
    assert part.content.startswith(b"\1\0\x09")
    [part] = read(rtf(b"{\\pict\\dibitmap0 " + (b"\x28\0\0\0" * 20).hex().encode() + b"}")).parts
    assert part.content.startswith(b"BM")
    assert (
        len(read(rtf(b"{\\pict\\pngblip " + (b"id,pay\n1,2\n" * 9).hex().encode() + b"}")).parts)
        == 1
    )


def test_a_file_that_ends_too_early_or_too_late_says_so(read: Read) -> None:
    cut = read(b"{\\rtf1 marker {\\b more")
    assert "marker" in cut.text and cut.reasons == {"unreadable"}
    late = read(rtf(b"x") + b"\nid,pay\n1,2\n")
    assert late.parts[0].content.startswith(b"id,pay")


@pytest.mark.parametrize(
    "content",
    [b"{" * 100_000, b"{\\rtf1" + b"{\\b" * 100_000 + b"}" * 100_000, b"\\'", b"\\u", b"}" * 100_000,
     b"\\u8364?" * 100_000, b"\\'e9" * 200_000, b"\\f1\\'e9\\f2" * 50_000, b"\\cell" * 200_000,
     b"\\bin99999999999 x", b"{\\fonttbl" + b"{\\f1\\fcharset204}" * 50_000],
)  # fmt: skip
def test_deep_and_long_files_are_read_in_little_time(read: Read, content: bytes) -> None:
    began = time.process_time()
    read(b"{\\rtf1 " + content)
    assert time.process_time() - began < 3

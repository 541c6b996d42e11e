"""What a file is, is told by its bytes, whatever it is called; and what only looks a little like a
format is not taken for it."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import sqlite3
import struct
import time
from pathlib import Path
from typing import Any, Callable

import pytest
from backports import zstd
from support.archives import tape, zipped

from gateway.extract import detect_type, read_nested, reads_in_worker, types
from gateway.extract.second_nature import archive_within
from gateway.model.content import Table, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

CSV = b"id,age,region\n1,44,North\n2,35,South\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
MESSAGE = b"From: a@dept.example\r\nTo: b@dept.example\r\nSubject: s\r\n\r\nwords\r\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0" + bytes(4)
    + b"\0\0\0\0IEND\xae\x42\x60\x82"
)  # fmt: skip
GIF = b"GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"


def office(member: str) -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", member: "<a/>"})


def open_document(kind: str) -> bytes:
    return zipped({"mimetype": kind, "content.xml": "<a/>"}, method=0)


def stream(name: str) -> bytes:
    return OLE + bytes(512) + (name + "\0").encode("utf-16-le") + bytes(900)


def sqlite(folder: Path) -> bytes:
    path = folder / "a.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table a (b)")
    connection.close()
    return path.read_bytes()


def dbase() -> bytes:
    head = struct.pack("<4BI2H20x", 3, 118, 3, 28, 1, 65, 11) + b"NAME".ljust(11, b"\0") + b"C"
    return head.ljust(64, b"\0") + b"\r Example   \x1a"


SAMPLES: dict[str, tuple[bytes, str]] = {
    "xlsx": (office("xl/workbook.xml"), types.XLSX),
    "xlsb": (office("xl/workbook.bin"), types.XLSB),
    "docx": (office("word/document.xml"), types.DOCX),
    "pptx": (office("ppt/presentation.xml"), types.PPTX),
    **{kind.rsplit(".", 1)[-1]: (open_document(kind), kind) for kind in types.OPEN_DOCUMENTS},
    "xls": (stream("Workbook"), types.XLS),
    "doc": (stream("WordDocument"), types.DOC),
    "ppt": (stream("PowerPoint Document"), types.PPT),
    "msg": (stream("__properties_version1.0"), types.MSG),
    "locked office": (stream("EncryptedPackage"), types.ENCRYPTED_OFFICE),
    "ole": (OLE + bytes(512), types.OLE),
    "rtf": (b"{\\rtf1\\ansi words}", types.RTF),
    "pdf": (b"%PDF-1.7\n1 0 obj\nendobj\n", types.PDF),
    "pdf behind junk": (b"junk\n\0%PDF-1.7\n1 0 obj\nendobj\n", types.PDF),
    "message": (MESSAGE, types.MESSAGE),
    "mbox": (b"From a@dept.example Wed Mar 28 09:30:00 2018\n" + MESSAGE, types.MBOX),
    "tnef": (b"\x78\x9f\x3e\x22\1\0\1" + bytes(20), types.TNEF),
    "vcard": (b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Anna Example\r\nEND:VCARD\r\n", types.VCARD),
    "calendar": (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", types.CALENDAR),
    "json": (b'{"a": [1, 2]}', types.JSON),
    "ndjson": (b'{"a": 1}\n{"a": 2}\n', types.NDJSON),
    "xml": (b"<?xml version='1.0'?><a/>", types.XML),
    "html": (b"<!DOCTYPE html><html><body>x</body></html>", "text/html"),
    "por": (bytes(456) + b"SPSSPORT" + bytes(100), types.POR),
    "flat open document": (
        b"<?xml version='1.0'?><office:document "
        b"xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>", types.FLAT_ODF,
    ),
    "flat package": (
        b"<?xml version='1.0'?><pkg:package "
        b"xmlns:pkg='http://schemas.microsoft.com/office/2006/xmlPackage'/>", types.FLAT_OPC,
    ),
    "word xml": (
        b"<?xml version='1.0'?><w:wordDocument "
        b"xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'/>", types.WORD_XML,
    ),
    "excel xml": (
        b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
        types.EXCEL_XML,
    ),
    "sas": (b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf" + bytes(100), types.SAS),
    "xpt": (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!" + b"0" * 32, types.XPT),
    "sav": (b"$FL2@(#) SPSS DATA FILE" + bytes(100), types.SAV),
    "zsav": (b"$FL3@(#) SPSS DATA FILE" + bytes(100), types.SAV),
    "dta": (b"<stata_dta><header>" + bytes(100), types.DTA),
    "old dta": (b"\x72\2\1\0" + bytes(100), types.DTA),
    "rds": (b"X\n\0\0\0\3\0\4\2\0" + bytes(20), types.R_DATA),
    "rdata": (b"RDX3\nX\n\0\0\0\3", types.R_DATA),
    "r as text": (b"A\n3\n262657\n197888\n5\nUTF-8\n", types.R_DATA),
    "parquet": (b"PAR1\x15\4" + bytes(40) + b"PAR1", types.PARQUET),
    "arrow": (b"ARROW1\0\0" + bytes(40), types.ARROW_FILE),
    "arrow stream": (b"\xff\xff\xff\xff\x90\0\0\0" + bytes(40), types.ARROW_STREAM),
    "dbf": (dbase(), types.DBF),
    "access": (b"\0\1\0\0Standard ACE DB\0" + bytes(40), types.ACCESS),
    "zip": (zipped({"a.csv": CSV}), types.ZIP),
    "empty zip": (zipped({}), types.ZIP),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4" + bytes(40), types.SEVEN_ZIP),
    "rar": (b"Rar!\x1a\x07\0" + bytes(40), types.RAR),
    "rar5": (b"Rar!\x1a\x07\1\0" + bytes(40), types.RAR),
    "tar": (tape({"a.csv": CSV}), types.TAR),
    "cpio": (b"070701" + b"0" * 104 + b"a\0", "application/x-cpio"),
    "ar": (b"!<arch>\na.csv/", "application/x-archive"),
    "cab": (b"MSCF\0\0\0\0" + bytes(40), "application/vnd.ms-cab-compressed"),
    "iso": (bytes(0x8000) + b"\1CD001\1" + bytes(2041), "application/x-iso9660-image"),
    "lzh": (b"\x20\x10-lh5-" + bytes(40), "application/x-lzh"),
    "xar": (b"xar!\0\x1c\0\1" + bytes(40), "application/x-xar"),
    "gz": (gzip.compress(CSV), types.GZIP),
    "bz2": (bz2.compress(CSV), "application/x-bzip2"),
    "empty bz2": (bz2.compress(b""), "application/x-bzip2"),
    "xz": (lzma.compress(CSV), "application/x-xz"),
    "lzma": (lzma.compress(CSV, lzma.FORMAT_ALONE), "application/x-lzma"),
    "zst": (zstd.compress(CSV), "application/zstd"),
    "lz4": (b"\x04\x22\x4d\x18\x60\x40\x82" + bytes(4), "application/x-lz4"),
    "lzip": (b"LZIP\1\x0c" + bytes(20), "application/x-lzip"),
    "compress": (b"\x1f\x9d\x90" + bytes(20), "application/x-compress"),
    "png": (PNG, "image/png"),
    "gif": (GIF, "image/gif"),
    "no picture": (b"\x89PNG\r\n\x1a\n" + bytes(20), types.BROKEN_PICTURE),
    "sylk": (b"ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K\"id\"\r\nE\r\n", "application/x-sylk"),
    "dif": (b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,2\r\n""\r\n', "application/x-dif"),
    "program": (b"MZ\x90\0\3\0\0\0" + bytes(60), "application/x-dosexec"),
}  # fmt: skip
DISGUISES = (
    ("application/octet-stream", None),
    ("text/plain", "notes.txt"),
    ("image/png", "logo.png"),
    ("application/pdf", "report.pdf"),
)


def attached(content: bytes, declared: str = "application/octet-stream", name: Any = None) -> Part:
    return Part("2", declared, "attachment", content, name)


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize(("declared", "name"), DISGUISES)
def test_a_format_is_told_whatever_it_is_called(sample: str, declared: str, name: Any) -> None:
    content, expected = SAMPLES[sample]
    assert detect_type(attached(content, declared, name)) == expected


def test_a_database_file_is_told(tmp_path: Path) -> None:
    assert detect_type(attached(sqlite(tmp_path))) == types.SQLITE


@pytest.mark.parametrize(
    "text",
    [
        b"MZ is a country code of Mozambique\n", b"Rar! said the lion.\n", b"PK tables follow\n",
        b"070701,12,13\n070702,13,14\n", b"BZh9 is a car's number\n", b"A\n2\n3\n1\n2\n",
        b"A\n3\n123456\n654321\n", b"ORC,GOBLIN\n1,2\n", b"ID3 tags\n", b"xar! and more\n",
        b"RIFFS,WAVES\n1,2\n", b"BMI,height\n22,180\n", b"GIFs are pictures\n", b"II*,b\n1,2\n",
        b"an SPSSPORT file is mentioned here\n", b"my-lh5-model,1\n2,3\n", b"LZIP and others\n",
        b"%PDF- is how a PDF begins\n"[1:], b"some ftyp words here\n", b"7z archives are small\n",
        b"PAR1 of the contract\n", b"!<arch> is a mark\n", b"hhhh,1\n2,3\n", b"ITSF,FEA1,wOFF\n1,2,3\n",
        b"ID;PLZ\n1;80331\n2;10115\n", b"ID;P1\nAB;C\nCD;E\n", b"TABLE\n1,2\n", b"TABLE,0,1\n1,2,3\n",
    ],
)  # fmt: skip
def test_words_like_those_of_a_format_are_text(text: bytes) -> None:
    assert detect_type(attached(text)).startswith("text/")
    assert detect_type(attached(text, name="data.csv")) == "text/csv"


def test_rows_that_begin_with_an_odd_byte_are_rows() -> None:
    for odd in (b"\x03", b"\x02", b"\x1a", b"\x0c", b"\x1e"):
        content = odd + CSV * 40
        found = read_nested(attached(content, "text/csv", "a.csv"), ReadLimits())
        assert any(isinstance(item, Table) for item in found), odd


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_text_in_wide_characters_is_text(codec: str) -> None:
    words = "id,age,region\n1,44,North\n2,35,Süd\n" * 5
    part = attached(words.encode(codec), name="a.csv")
    assert detect_type(part) == "text/csv"
    assert any(isinstance(item, Table) for item in read_nested(part, ReadLimits()))


def test_wide_text_with_the_high_byte_first_and_a_mark_is_text() -> None:
    words = "\ufeffid,age\n1,44\n2,35\n3,36\n".encode("utf-32-be")
    assert detect_type(attached(words, name="a.csv")) == "text/csv"


def test_random_bytes_are_nothing() -> None:
    dice = random.Random(2018)
    for _ in range(500):
        content = b"\x81" + dice.randbytes(600)
        assert detect_type(attached(content, "text/csv", "a.csv")) == "application/octet-stream"


def test_a_zip_inside_a_zip_does_not_decide_what_the_outer_one_is() -> None:
    for member in ("xl/workbook.xml", "word/document.xml", "ppt/presentation.xml"):
        inner = zipped({"[Content_Types].xml": "<Types/>", member: "<a/>"}, method=0)
        assert detect_type(attached(zipped({"inner": inner}, method=0))) == types.ZIP
    assert detect_type(attached(zipped({"copy/xl/workbook.xml": "<a/>"}))) == types.ZIP


FRONTS = {
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
    "html": b"<html><body><p>" + b"words " * 3000 + b"</p></body></html>",
    "text": b"only words here " * 2000,
    "program": b"MZ\x90\0\3\0\0\0" + bytes(200),
    "png": PNG,
    "gif": GIF,
    "nothing known": b"\x80\x81\0\1" * 50,
    "rtf": b"{\\rtf1\\ansi " + b"words " * 3000 + b"}",
}
SECOND = {
    "zip": zipped({"hidden.csv": CSV}),
    "stored zip": zipped({"hidden.csv": CSV}, method=0),
}


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("second", SECOND)
def test_an_archive_behind_another_format_is_read(front: str, second: str) -> None:
    part = attached(FRONTS[front] + SECOND[second], name="harmless")
    found = list(read_nested(part, ReadLimits()))
    names = {item.location.name for item in found if isinstance(item, Table)}
    assert "hidden.csv" in names
    assert not reads_in_worker(part, ReadLimits())


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize(
    "mark", [b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\1\0", b"7z\xbc\xaf\x27\x1c\0\4"]
)
def test_an_archive_that_cannot_be_read_behind_another_format_is_a_gap(
    front: str, mark: bytes
) -> None:
    part = attached(FRONTS[front] + mark + b"\xff" * 60, name="harmless")
    found = list(read_nested(part, ReadLimits()))
    assert any(getattr(item, "reason", "") == "unreadable" for item in found)


def test_a_zip_with_words_in_front_is_read_whole() -> None:
    part = attached(b"%!PS words in front\n" + SECOND["zip"])
    found = list(read_nested(part, ReadLimits()))
    assert any(isinstance(item, Table) for item in found)


@pytest.mark.parametrize("member", ["xl/workbook.xml", "word/document.xml", "ppt/presentation.xml"])
def test_what_stands_beside_the_entries_of_an_office_file_is_read(member: str) -> None:
    content = office(member)
    middle = content.index(b"PK\1\2")
    hidden = zipped({"hidden.csv": CSV}, method=0)
    unlisted = hidden[: hidden.index(b"PK\1\2")]
    for whole in (content + b"embargoed words", content[:middle] + b"embargoed" + content[middle:]):
        words = list(read_nested(attached(whole), ReadLimits()))
        assert any("embargoed" in item.text for item in words if isinstance(item, Text))
    found = read_nested(attached(content[:middle] + unlisted + content[middle:]), ReadLimits())
    assert any(isinstance(item, Table) for item in found)


def test_innocents_are_no_archives() -> None:
    for content, kind in SAMPLES.values():
        if kind != types.ZIP:
            assert not archive_within(content, kind), kind
    assert not archive_within(b"PK\5\6 is how a zip ends", "text/plain")


@pytest.mark.parametrize(
    ("content", "declared", "role", "most"),
    [
        (b"Please find attached the figures for this month. " * 42, "text/plain", "body", 20e-6),
        (CSV * 1400, "text/csv", "attachment", 200e-6),
        (CSV * 1400, "application/octet-stream", "attachment", 200e-6),
        (b'{"a": [' + b"1, 2, " * 8000 + b"1]}", "application/octet-stream", "attachment", 200e-6),
    ],
)
def test_telling_is_cheap(content: bytes, declared: str, role: Any, most: float) -> None:
    """Four times what it takes on a slow machine; it is asked several times for each part."""
    part = Part("2", declared, role, content)
    best = min(_seconds(lambda: detect_type(part)) for _ in range(5))
    assert best < most


def _seconds(call: Callable[[], Any]) -> float:
    start = time.process_time()
    for _ in range(200):
        call()
    return (time.process_time() - start) / 200


def test_every_named_type_has_a_sample() -> None:
    named = {
        value
        for key, value in vars(types).items()
        if key.isupper() and not key.startswith("_")
        for value in ([value] if isinstance(value, str) else value)
    }
    told = {kind for _, kind in SAMPLES.values()} | {types.SQLITE}
    spoken_for = {*types.LOCKED, *types.SIGNATURES}
    assert named - told - spoken_for <= {types.FEATHER}
    assert detect_type(attached(b"FEA1" + bytes(40))) == types.FEATHER


def test_words_in_an_archive_without_rows_are_words() -> None:
    found = read_nested(attached(FRONTS["text"] + zipped({"a.txt": "embargoed"})), ReadLimits())
    assert any(isinstance(item, Text) and "embargoed" in item.text for item in found)


@pytest.mark.parametrize("name", ["all.7z.002", "all.z07", "all.r00", "all.part2.rar"])
def test_a_later_piece_of_a_split_archive_is_a_gap_that_says_so(name: str) -> None:
    found = list(read_nested(attached(b"\x91\x92\0\1" * 50, name=name), ReadLimits()))
    assert any("split" in getattr(item, "detail", "") for item in found)

"""What the first bytes of a file say it is, and where that is not enough, its structure."""

from __future__ import annotations

import re
import struct

from gateway.extract import types
from gateway.extract.recording import is_recording
from gateway.model.picture import picture_end, picture_type

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xd7\xcd\xc6\x9a", "image/wmf"), (b"\1\0\x09\0\0\3", "image/wmf"),
    (b"%PDF-", types.PDF), (b"{\\rtf", types.RTF), (b"\x78\x9f\x3e\x22", types.TNEF),
    (b"\x1f\x8b\x08", types.GZIP), (b"\xfd7zXZ\0", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"), (b"LZIP", "application/x-lzip"),
    (b"\x04\x22\x4d\x18", "application/x-lz4"), (b"\x1f\x9d", "application/x-compress"),
    (b"\x5d\0\0\x80\0", "application/x-lzma"), (b"\x5d\0\0\0\x01", "application/x-lzma"),
    (b"\x5d\0\0\0\x04", "application/x-lzma"),
    (b"7z\xbc\xaf\x27\x1c", types.SEVEN_ZIP), (b"Rar!\x1a\x07", types.RAR),
    (b"!<arch>\n", "application/x-archive"), (b"MSCF\0\0\0\0", "application/vnd.ms-cab-compressed"),
    (b"xar!", "application/x-xar"),
    (b"$FL2", types.SAV), (b"$FL3", types.SAV), (b"<stata_dta>", types.DTA),
    (b"PAR1", types.PARQUET), (b"ARROW1\0\0", types.ARROW_FILE), (b"FEA1", types.FEATHER),
    (b"\xff\xff\xff\xff", types.ARROW_STREAM),
    (b"HEADER RECORD*******", types.XPT),
    (b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60", types.SAS),
    (b"RDX2\n", types.R_DATA), (b"RDX3\n", types.R_DATA), (b"RDA2\n", types.R_DATA),
    (b"RDA3\n", types.R_DATA), (b"X\n\0\0\0", types.R_DATA), (b"RDB2\n", types.R_DATA),
    (b"RDB3\n", types.R_DATA), (b"B\n\2\0\0\0", types.R_DATA), (b"B\n\3\0\0\0", types.R_DATA),
    (b"\x1c\0\0\0\0\0\0\0ENCRYPTED", types.SAV), (b"PARE", types.PARQUET),
    (b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x63", types.SAS),
    (b"**COMPRESSED** **COMPRESSED**", "application/x-sas-cport"),
    (b"\xff\xff\0\0\x07\0\0\0\x04\0\0\0", "application/x-jmp-data"),
    (b"StataFileTM:", "application/x-stata-graph"), (b"<stata_graph>", "application/x-stata-graph"),
    (b"MATLAB 7.3 MAT-file", "application/x-matlab-data"),
    (b"\x80\x02", "application/x-python-pickle"), (b"\x80\x03", "application/x-python-pickle"),
    (b"\x80\x04\x95", "application/x-python-pickle"), (b"\x80\x05\x95", "application/x-python-pickle"),
    (b"SQLite format 3\0", types.SQLITE),
    (b"\0\1\0\0Standard Jet DB\0", types.ACCESS), (b"\0\1\0\0Standard ACE DB\0", types.ACCESS),
    (b"\0\1\0\0MSISAM Database\0", types.ACCESS),
    (b"\x76\xe8\x04\x60\xc4\x11\xe3\x86", types.RIGHTS_PROTECTED),
    (b"-----BEGIN PGP MESSAGE-----", "application/pgp-encrypted"),
    (b"\x89HDF\r\n", "application/x-hdf5"), (b"ORC", "application/x-orc"), (b"Obj\x01", "application/avro"),
    (b"\x93NUMPY", "application/x-numpy"), (b"MATLAB 5.0 MAT-file", "application/x-matlab-data"),
    (b"MZ", "application/x-dosexec"), (b"\x7fELF", "application/x-executable"),
    (b"ID3", "audio/mpeg"), (b"OggS", "audio/ogg"), (b"fLaC", "audio/flac"),
    (b"ITSF", "application/vnd.ms-htmlhelp"), (b"wOFF", "font/woff"), (b"wOF2", "font/woff2"),
)  # fmt: skip
_BY_FIRST: dict[int, tuple[tuple[bytes, str], ...]] = {
    first: tuple(m for m in _MAGIC if m[0][0] == first) for first in {m[0][0] for m in _MAGIC}
}
# Looks like text where nothing else is asked for: a word that a sentence may begin with.
_WORDLIKE = frozenset((b"MZ", b"ORC", b"LZIP", b"ID3", b"xar!", b"ITSF", b"PAR1", b"PARE", b"FEA1"))
# Formats whose first letters are digits or words that a table may begin with.
_LONG_MAGIC: tuple[tuple[bytes, re.Pattern[bytes], str], ...] = (
    (b"B", re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"), "application/x-bzip2"),
    (b"0", re.compile(rb"07070[12][0-9A-Fa-f]{104}|070707[0-7]{70}"), "application/x-cpio"),
    (b"A", re.compile(rb"A\r?\n[23]\r?\n[12]\d{5}\r?\n1(?:31840|97888)\r?\n"), types.R_DATA),
    # Sheets that Excel and LibreOffice save as lines, and open by these alone.
    (
        b"I",
        re.compile(rb"ID;P[^\r\n]*[\r\n]+(?=[A-Z]{1,3};[A-Z])(?:[^\r\n]*[\r\n])*?C;[XY]\d"),
        "application/x-sylk",
    ),
    (b"T", re.compile(rb"TABLE[ \t]*\r?\n0,1[ \t]*\r?\n\""), "application/x-dif"),
)
_LONG_BY_FIRST = {first[0]: (pattern, kind) for first, pattern, kind in _LONG_MAGIC}
_LZH = re.compile(rb"..-(?:lh[0-9dx]|lz[4s2-9]|pm[0-2])-.{13}[\0-\3]", re.S)
_TAR_SUM = re.compile(rb"[0-7 \0]{8}")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_ZIP_MEMBERS = (
    (b"xl/workbook.xml", types.XLSX),
    (b"xl/workbook.bin", types.XLSB),
    (b"word/document.xml", types.DOCX),
    (b"ppt/presentation.xml", types.PPTX),
)
_FOLDERS = ((b"word/", types.DOCX), (b"ppt/", types.PPTX), (b"xl/worksheets/", types.XLSX))
_STREAMS = tuple(
    (name.encode("utf-16-le"), kind)
    for name, kind in (
        ("EncryptedPackage", types.ENCRYPTED_OFFICE),
        ("__properties_version1.0", types.MSG),
        ("PowerPoint Document", types.PPT),
        ("WordDocument", types.DOC),
        ("Workbook\0", types.XLS),
        ("Book\0", types.XLS),
    )
)
# Versions of Stata's old format, byte order, file type ("help dta", versions 104 to 115).
_OLD_STATA = re.compile(rb"[\x68-\x73][\x01\x02]\x01\x00")
_BIFF = re.compile(
    rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00.{2}(?:\x10|\x20|\x40|\x05|\x00\x01)", re.S
)
# First bytes of the pictures that `picture_type` knows, but for those with a box in front.
_PICTURES = frozenset(b"\x89\xffGIM\0RB\1")
_DBF_VERSIONS = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8c\x8e\xcb\xe5\xf5\xfb")


_MOST_SKIPPED = 100
# More mentions of a member's name that is none stand in no office file.
_MOST_MENTIONS = 10_000


def type_of_bytes(content: bytes) -> str:
    """The type that the bytes show, or "" where they show none."""
    kind = _claimed(content)
    if kind.startswith(("audio/", "video/", "font/")) and not is_recording(content, kind):
        return ""
    return kind


def _claimed(content: bytes) -> str:
    may_be_picture = content[0] in _PICTURES or content[4:8] == b"ftyp"
    if may_be_picture and (picture := picture_type(content)):
        return picture if picture_end(content, picture) >= 0 else types.BROKEN_PICTURE
    for magic, kind in _BY_FIRST.get(content[0], ()):
        if content.startswith(magic) and (
            magic not in _WORDLIKE or _BINARY.search(content, 0, 512)
        ):
            return kind
    long = _LONG_BY_FIRST.get(content[0])
    if long and long[0].match(content):
        return long[1]
    if content[:2] == b"PK" and content[2:4] in (b"\3\4", b"\5\6", b"\7\x08"):
        return _zip_type(content)
    if content.startswith(OLE):
        return next((kind for name, kind in _STREAMS if name in content), types.OLE)
    if content[:4] == b"RIFF" and content[8:12] in (b"WAVE", b"AVI "):
        return "audio/wav" if content[8:12] == b"WAVE" else "video/x-msvideo"
    if content[4:8] == b"ftyp" and not content[0]:
        return "video/mp4"
    if content[1:4] == b"*M\x18":
        return _behind_skipped(content)
    return _by_structure(content)


def _behind_skipped(content: bytes) -> str:
    """What is compressed behind frames that programs skip (RFC 8878 section 3.1.2)."""
    at = 0
    for _ in range(_MOST_SKIPPED):
        magic = int.from_bytes(content[at : at + 4], "little")
        if magic >> 4 != 0x184D2A5:
            break
        at += 8 + int.from_bytes(content[at + 4 : at + 8], "little")
    return {b"\x28\xb5\x2f\xfd": "application/zstd", b"\x04\x22\x4d\x18": "application/x-lz4"}.get(
        content[at : at + 4], ""
    )


def _by_structure(content: bytes) -> str:
    # Behind 200 bytes of splash and a table of 256 characters, in lines of 80.
    if content.find(b"SPSSPORT", 440, 500) > 0:
        return types.POR
    if is_tar_header(content):
        return types.TAR
    if _OLD_STATA.match(content):
        return types.DTA
    if _BIFF.match(content):
        return types.XLS
    if _is_dbase(content):
        return types.DBF
    if _LZH.match(content):
        return "application/x-lzh"
    if content[0x8001:0x8006] == b"CD001":
        return "application/x-iso9660-image"
    if b"%PDF-" in content[:1024] and (b"\0" in content[:8192] or b"endobj" in content):
        return types.PDF
    return ""


def _zip_type(content: bytes) -> str:
    """An office file by the members that its own directory lists: those of a zip inside are none
    of it. What has the members of two is neither: a plain archive, of which everything is read."""
    directory = _directory(content)
    found = {kind for member, kind in _ZIP_MEMBERS if _lists(directory, member)}
    if len(found) == 1:
        return found.pop()
    if content[30:38] == b"mimetype" and not found:
        named = content[38:110].split(b"PK")[0].decode("ascii", "ignore").lower().strip()
        if named in types.OPEN_DOCUMENTS:
            return named
    return types.ZIP if found else _renamed(directory)


def _renamed(directory: bytes) -> str:
    """A package whose main part has another name than usual, or whose type is not said first."""
    if _lists(directory, b"[Content_Types].xml"):
        folders = {kind for folder, kind in _FOLDERS if _lists(directory, folder)}
        return folders.pop() if len(folders) == 1 else types.ZIP
    if _lists(directory, b"content.xml") and _lists(directory, b"META-INF/manifest.xml"):
        return types.ODT
    return types.ZIP


def _directory(content: bytes) -> bytes:
    """The zip's central directory; all of it where that cannot be told."""
    end = content.rfind(b"PK\5\6", -65_557)
    if end >= 0 and end + 22 <= len(content):
        start = end - int(struct.unpack_from("<I", content, end + 12)[0])
        if start >= 0 and content[start : start + 4] == b"PK\1\2":
            return content[start:end]
    return content


def _lists(directory: bytes, member: bytes) -> bool:
    at = directory.find(member)
    for _ in range(_MOST_MENTIONS):
        if at < 0:
            break
        # Where the name stands in a directory's record, and in a local header.
        if directory[at - 46 : at - 42] == b"PK\1\2" or directory[at - 30 : at - 26] == b"PK\3\4":
            return True
        at = directory.find(member, at + 1)
    return False


def is_tar_header(content: bytes) -> bool:
    """A checksum that fits (POSIX.1-1988 section 10.1.1), also with old signed characters."""
    if len(content) < 512 or not _TAR_SUM.match(content, 148):
        return False
    try:
        wanted = int(content[148:156].strip(b"\0 ") or b"x", 8)
    except ValueError:
        return False
    rest = content[:148] + b" " * 8 + content[156:512]
    return wanted in (sum(rest), sum(struct.unpack("512b", rest)))


def _is_dbase(content: bytes) -> bool:
    """A plausible date, and a header as long as it says, ended by a carriage return."""
    if len(content) < 65 or content[0] not in _DBF_VERSIONS:
        return False
    month, day = content[2], content[3]
    header, width = struct.unpack_from("<HH", content, 8)
    return (
        1 <= month <= 12 and 1 <= day <= 31 and 33 <= header <= len(content) and width > 0
        and 0x0D in (content[header - 1], content[header - 2], *content[header - 264 : header - 263])
    )  # fmt: skip

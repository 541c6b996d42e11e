"""Where archives and compressed files can hold something."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import tarfile
import warnings
import zipfile
import zlib
from typing import Any, Callable

import py7zr
from formats.planting import INNOCENT, INNOCENT_ROWS, Rows, lines, pasted, place
from support import archives

PLAIN = lines(INNOCENT_ROWS).encode()
Write = Callable[[bytes], bytes]


def _file(text: str, rows: Rows) -> bytes:
    return (pasted(text, rows) or INNOCENT).encode()


def holding(format: str, where: str, name: str, write: Write, **facts: Any) -> None:
    """`write` puts a file's bytes somewhere."""
    place(format, where, name, **facts)(lambda text, rows: write(_file(text, rows)))


def named(format: str, where: str, name: str, write: Callable[[str], bytes]) -> None:
    place(format, where, name, holds="words")(lambda text, rows: write(text or INNOCENT))


def zipped(files: dict[str, bytes], comment: bytes = b"", method: int = 8, **entry: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            for key, value in entry.items():
                setattr(info, key, value)
            archive.writestr(info, content)
        archive.comment = comment
    return out.getvalue()


def remarked(comment: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("a.txt")
        entry.comment = comment
        archive.writestr(entry, PLAIN)
    return out.getvalue()


def _field(kind: int, body: bytes) -> bytes:
    return struct.pack("<2H", kind, len(body)) + body


holding("zip", "entry", "papers.zip", lambda x: zipped({"a.txt": PLAIN, "b.txt": x}))
holding(
    "zip", "entry that is not compressed", "papers.zip", lambda x: zipped({"a.txt": x}, method=0)
)
holding("zip", "entry packed with bzip2", "papers.zip", lambda x: zipped({"a.txt": x}, method=12))
holding("zip", "entry packed with LZMA", "papers.zip", lambda x: zipped({"a.txt": x}, method=14))
holding("zip", "comment of an entry", "papers.zip", remarked)
holding(
    "zip", "comment of the archive", "papers.zip", lambda x: zipped({"a.txt": PLAIN}, comment=x)
)
holding(
    "zip", "extra field", "papers.zip", lambda x: zipped({"a.txt": PLAIN}, extra=_field(0x4E55, x))
)
named("zip", "name of an entry", "papers.zip", lambda t: zipped({f"{t}.txt": PLAIN}))
named("zip", "name of a folder", "papers.zip", lambda t: zipped({f"{t}/": b"", "a.txt": PLAIN}))
holding("zip", "in front", "papers.zip", lambda x: x + b"\n" + zipped({"a.txt": PLAIN}))
holding("zip", "behind the end", "papers.zip", lambda x: zipped({"a.txt": PLAIN}) + x)


def _between(content: bytes) -> bytes:
    whole = zipped({"a.txt": PLAIN})
    at = whole.index(b"PK\1\2")
    return whole[:at] + content + whole[at:]


def _unlisted(content: bytes) -> bytes:
    shown = archives.zip_local(b"a.txt", PLAIN, PLAIN)
    body = shown + archives.zip_local(b"b.txt", content, content)
    directory = archives.zip_listed(b"a.txt", PLAIN, PLAIN)
    return body + directory + archives.zip_end(1, len(directory), len(body))


def _twice(content: bytes) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("a.txt", content)
        archive.writestr("a.txt", PLAIN)
    return out.getvalue()


def _locked(content: bytes) -> bytes:
    packed = bytes(byte ^ 0x5A for byte in content)
    body = archives.zip_local(b"a.txt", packed, content, 8, 1)
    directory = archives.zip_listed(b"a.txt", packed, content, 8, 1)
    return body + directory + archives.zip_end(1, len(directory), len(body))


def _wrong_method(content: bytes) -> bytes:
    """An entry that says it is packed by a method that nobody knows."""
    body = archives.zip_local(b"a.txt", content, content, 77)
    directory = archives.zip_listed(b"a.txt", content, content, 77)
    return body + directory + archives.zip_end(1, len(directory), len(body))


def _split(content: bytes) -> bytes:
    body = archives.zip_local(b"a.txt", content, content)
    directory = archives.zip_listed(b"a.txt", content, content)
    return body + directory + archives.zip_end(1, len(directory), len(body), 2)


def _nested(depth: int) -> Write:
    def write(content: bytes) -> bytes:
        name = "a.txt"
        for level in range(depth):
            content = zipped({name: content}, method=8 if level % 2 else 0)
            name = "inner.zip"
        return content

    return write


def _mixed(content: bytes) -> bytes:
    inner = tar({"a.txt": gzip.compress(content)})
    return zipped({"a.7z": seven_zip(lzma.compress(inner))})


holding("zip", "between the entries", "papers.zip", _between)
holding("zip", "entry that the directory does not list", "papers.zip", _unlisted)
holding("zip", "one of two entries of a name", "papers.zip", _twice)
holding(
    "zip",
    "archive cut off before its directory",
    "papers.zip",
    lambda x: zipped({"a.txt": x}, method=0).split(b"PK\1\2")[0],
)
holding(
    "zip",
    "directory that points nowhere",
    "papers.zip",
    lambda x: archives.zip_local(b"b.txt", x, x) + archives.zip_end(1, 400, 9_000_000),
)
holding("zip", "archive in an archive, eight deep", "papers.zip", _nested(8))
holding(
    "zip",
    "archive in an archive, nine deep",
    "papers.zip",
    _nested(9),
    expect="limit",
    reason="deeper than `nested` allows",
)
holding("zip", "tar, xz, gzip and 7z in each other", "papers.zip", _mixed)
holding(
    "zip",
    "encrypted entry",
    "papers.zip",
    _locked,
    expect="encrypted",
    reason="nobody has the password",
)
holding(
    "zip",
    "method that no program knows",
    "papers.zip",
    _wrong_method,
    expect="no-reader",
    reason="named in the gap",
)
holding("zip", "last piece of a split archive", "papers.zip", _split)
holding(
    "zip",
    "a later piece of a split archive",
    "papers.z02",
    lambda x: zlib.compress(x) + bytes(range(256)),
    expect="no-reader",
    reason="one piece alone cannot be read",
)
holding("zip", "under the name of a picture", "logo.png", lambda x: zipped({"a.txt": x}))


def tar(files: dict[str, bytes], **facts: Any) -> bytes:
    return archives.tape(files, **facts)


def _entry(**facts: Any) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        entry = tarfile.TarInfo("a.txt")
        for key, value in facts.items():
            setattr(entry, key, value)
        archive.addfile(entry, io.BytesIO(b""))
    return out.getvalue()


def _padding(content: bytes) -> bytes:
    whole = bytearray(tar({"a.txt": b"x"}, form=tarfile.USTAR_FORMAT))
    piece = content[:500]
    whole[520 : 520 + len(piece)] = piece
    return bytes(whole)


holding("tar", "entry", "papers.tar", lambda x: tar({"a.txt": x}))
holding(
    "tar",
    "entry of an old archive",
    "papers.tar",
    lambda x: tar({"a.txt": x}, form=tarfile.USTAR_FORMAT),
)
holding(
    "tar",
    "comment of the archive (pax)",
    "papers.tar",
    lambda x: tar({"a.txt": PLAIN}, headers={"comment": x.decode()}),
)
holding(
    "tar",
    "header of an entry (pax)",
    "papers.tar",
    lambda x: _entry(pax_headers={"OFFICE.note": x.decode()}),
)
named("tar", "name of an entry", "papers.tar", lambda t: tar({f"{t}.txt": PLAIN}))
named("tar", "name of an owner", "papers.tar", lambda t: _entry(uname=t))
named("tar", "target of a link", "papers.tar", lambda t: _entry(type=tarfile.SYMTYPE, linkname=t))
holding("tar", "behind an entry, up to the next block", "papers.tar", _padding, holds="words")
holding("tar", "behind the end", "papers.tar", lambda x: tar({"a.txt": PLAIN}) + x)
holding(
    "tar",
    "a second archive behind the end",
    "papers.tar",
    lambda x: tar({"a.txt": PLAIN}) + tar({"b.txt": x}),
)
holding(
    "tar",
    "cut off in an entry",
    "papers.tar",
    lambda x: tar({"a.txt": x}, form=tarfile.USTAR_FORMAT)[: 512 + len(x)],
)


def seven_zip(content: bytes, name: str = "a.txt", **options: Any) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **options) as archive:
        archive.writestr(content, name)
    return out.getvalue()


_LOCK = {"password": "example"}
holding("7z", "entry", "papers.7z", seven_zip)
holding(
    "7z",
    "entry that is not compressed",
    "papers.7z",
    lambda x: seven_zip(x, filters=[{"id": py7zr.FILTER_COPY}]),
)
named("7z", "name of an entry", "papers.7z", lambda t: seven_zip(PLAIN, f"{t}.txt"))
holding("7z", "behind the end", "papers.7z", lambda x: seven_zip(PLAIN) + x)
holding(
    "7z",
    "encrypted entry",
    "papers.7z",
    lambda x: seven_zip(x, **_LOCK),
    expect="encrypted",
    reason="nobody has the password",
)
holding(
    "7z",
    "encrypted list",
    "papers.7z",
    lambda x: seven_zip(x, header_encryption=True, **_LOCK),
    expect="encrypted",
    reason="nobody has the password",
)
holding(
    "7z",
    "first piece of a split archive",
    "papers.7z.001",
    lambda x: seven_zip(x)[:-20],
    expect="unreadable",
    reason="the list stands in the last piece",
)
holding(
    "7z",
    "nothing but its first bytes",
    "papers.7z",
    lambda x: b"7z\xbc\xaf\x27\x1c" + bytes(60),
    expect="unreadable",
    reason="no entry is there",
)


def _between_7z(content: bytes) -> bytes:
    """Bytes that no folder of the archive covers: the last header is moved behind them."""
    whole = bytearray(seven_zip(PLAIN))
    offset = struct.unpack_from("<Q", whole, 12)[0]
    struct.pack_into("<Q", whole, 12, offset + len(content))
    struct.pack_into("<I", whole, 8, zlib.crc32(bytes(whole[12:32])))
    at = 32 + offset
    return bytes(whole[:at]) + content + bytes(whole[at:])


holding("7z", "between the entries and the list", "papers.7z", _between_7z)

rar5, file5, rar4 = archives.rar5, archives.file5, archives.rar4
holding("RAR", "entry", "papers.rar", lambda x: rar5(file5(b"a.txt", x)))
holding("RAR", "entry of an old archive", "papers.rar", lambda x: rar4(b"a.txt", x))
holding(
    "RAR",
    "comment of the archive",
    "papers.rar",
    lambda x: rar5(file5(b"CMT", x, kind=3), file5(b"a.txt", PLAIN)),
)
named("RAR", "name of an entry", "papers.rar", lambda t: rar5(file5(t.encode(), PLAIN)))
holding(
    "RAR",
    "second stream of a file",
    "papers.rar",
    lambda x: rar5(file5(b"a.txt", PLAIN), file5(b"STM", x, kind=3)),
    expect="unreadable",
    reason="libarchive does not unpack it",
)
holding(
    "RAR",
    "encrypted entry",
    "papers.rar",
    lambda x: rar5(file5(b"a.txt", x, archives.LOCKED)),
    expect="encrypted",
    reason="nobody has the password",
)
holding(
    "RAR",
    "encrypted list",
    "papers.rar",
    lambda x: b"Rar!\x1a\x07\x01\0" + archives.block5(4, bytes(20)) + x,
    expect="encrypted",
    reason="nobody has the password",
)
holding(
    "RAR",
    "one volume of several",
    "papers.part1.rar",
    lambda x: rar5(file5(b"a.txt", x), volume=1),
    expect="unreadable",
    reason="the rest is elsewhere",
)
holding("RAR", "behind the end", "papers.rar", lambda x: rar5(file5(b"a.txt", PLAIN)) + x)


def _library(format: str, form: str, name: str) -> None:
    def write(files: dict[str, bytes]) -> bytes:
        return archives.through_library(form, files)

    holding(format, "entry", name, lambda x: write({"a.txt": x}))
    holding(format, "behind the end", name, lambda x: write({"a.txt": PLAIN}) + x)


_library("cpio", "cpio", "papers.cpio")
_library("ar", "ar_svr4", "papers.a")
_library("disc image", "iso9660", "papers.iso")
named(
    "cpio",
    "name of an entry",
    "papers.cpio",
    lambda t: archives.through_library("cpio", {t: PLAIN}),
)
holding(
    "cpio",
    "entry of the newer kind",
    "papers.cpio",
    lambda x: archives.through_library("cpio_newc", {"a.txt": x}),
)
holding("cabinet", "entry", "papers.cab", lambda x: archives.cabinet(b"a.txt", x))
named("cabinet", "name of an entry", "papers.cab", lambda t: archives.cabinet(t.encode(), PLAIN))
holding("cabinet", "behind the end", "papers.cab", lambda x: archives.cabinet(b"a.txt", PLAIN) + x)


def _image(content: bytes) -> bytes:
    """A disc image whose first sixteen blocks, which belong to nobody, hold something."""
    whole = archives.through_library("iso9660", {"a.txt": PLAIN})
    return content.ljust(0x8000, b"\0")[:0x8000] + whole[0x8000:]


holding("disc image", "blocks in front of the image", "papers.iso", _image)


def _volume(text: str) -> bytes:
    """The description of the volume names its publisher (ECMA-119 section 8.4.20)."""
    whole = bytearray(archives.through_library("iso9660", {"a.txt": PLAIN}))
    whole[0x8000 + 318 : 0x8000 + 446] = text.encode().ljust(128)[:128]
    return bytes(whole)


named("disc image", "publisher of the volume", "papers.iso", _volume)

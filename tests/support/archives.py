"""Writes archives by hand, where no library writes them, and through libarchive."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from typing import Any, Mapping

import libarchive

Files = Mapping[str, bytes]


def zipped(
    files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b""
) -> bytes:
    """A zip as the standard library writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.comment = comment
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def through_library(form: str, files: Files) -> bytes:
    """7zip, ar_bsd, ar_svr4, cpio, cpio_newc, iso9660 and xar."""
    pieces: list[bytes] = []

    def keep(data: Any) -> int:
        pieces.append(bytes(data))
        return len(pieces[-1])

    with libarchive.custom_writer(keep, form) as archive:
        for name, content in files.items():
            archive.add_file_from_memory(name, len(content), content)
    return b"".join(pieces)


def tape(
    files: Files, form: int = tarfile.PAX_FORMAT, headers: Mapping[str, str] | None = None
) -> bytes:
    """A tar; `headers` are of the whole archive (pax)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, pax_headers=headers or {}) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def cabinet(name: bytes, content: bytes) -> bytes:
    """[MS-CAB]: one folder, not compressed."""
    record = struct.pack("<2I4H", len(content), 0, 0, 0, 0, 32) + name + b"\0"
    block = struct.pack("<I2H", 0, len(content), len(content)) + content
    start = 44 + len(record)
    head = struct.pack("<4s5I2B5H", b"MSCF", 0, start + len(block), 0, 44, 0, 3, 1, 1, 1, 0, 0, 0)
    return head + struct.pack("<I2H", start, 1, 0) + record + block


def lzh(name: bytes, content: bytes) -> bytes:
    checksum = 0
    for byte in content:
        checksum ^= byte
        for _ in range(8):
            checksum = (checksum >> 1) ^ 0xA001 if checksum & 1 else checksum >> 1
    size = len(content)
    head = b"-lh0-" + struct.pack("<3I2B", size, size, 0, 0x20, 0)
    head += bytes([len(name)]) + name + struct.pack("<H", checksum)
    return bytes([len(head), sum(head) & 255]) + head + content + b"\0"


def vint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def block5(kind: int, body: bytes, data: bytes = b"", extra: bytes = b"", flags: int = 0) -> bytes:
    flags |= (1 if extra else 0) | (2 if data else 0)
    head = vint(kind) + vint(flags)
    head += (vint(len(extra)) if extra else b"") + (vint(len(data)) if data else b"")
    head += body + extra
    head = vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(head)) + head + data


def file5(name: bytes, content: bytes, extra: bytes = b"", kind: int = 2, flags: int = 0) -> bytes:
    facts = vint(4) + vint(len(content)) + vint(0) + struct.pack("<I", zlib.crc32(content))
    facts += vint(0) + vint(1) + vint(len(name)) + name
    return block5(kind, facts, content, extra, flags)


def rar5(*blocks: bytes, volume: int = 0, last: int = 0) -> bytes:
    return (
        b"Rar!\x1a\x07\x01\0" + block5(1, vint(volume)) + b"".join(blocks) + block5(5, vint(last))
    )


# A record of extra area: size, type 1, and what an encrypted entry says of its key.
LOCKED = vint(36) + vint(1) + bytes(35)


def rar4(name: bytes, content: bytes, flags: int = 0, main: int = 0, last: int = 0) -> bytes:
    def block(kind: int, flag: int, body: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flag, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    facts = struct.pack("<2IB2I2BHI", len(content), len(content), 3, zlib.crc32(content), 0, 20,
                        0x30, len(name), 32)  # fmt: skip
    return (
        b"Rar!\x1a\x07\0" + block(0x73, main, bytes(6))
        + block(0x74, 0x8000 | flags, facts + name) + content + block(0x7B, last, b"")
    )  # fmt: skip


def zip_local(name: bytes, packed: bytes, content: bytes, method: int = 0, flags: int = 0) -> bytes:
    facts = (20, flags, method, 0, 0, zlib.crc32(content), len(packed), len(content))
    return struct.pack("<4s5H3I2H", b"PK\3\4", *facts, len(name), 0) + name + packed


def zip_listed(
    name: bytes, packed: bytes, content: bytes, method: int = 0, flags: int = 0, offset: int = 0
) -> bytes:
    facts = (20, 20, flags, method, 0, 0, zlib.crc32(content), len(packed), len(content))
    places = (len(name), 0, 0, 0, 0, 0, offset)
    return struct.pack("<4s6H3I5H2I", b"PK\1\2", *facts, *places) + name


def zip_end(count: int, size: int, offset: int, disk: int = 0) -> bytes:
    return struct.pack("<4s4H2IH", b"PK\5\6", disk, disk, count, count, size, offset, 0)

"""Writes Outlook items: compound files ([MS-CFB]) of property streams, and TNEF streams."""

from __future__ import annotations

import struct
import zlib
from typing import Any, Mapping

SECTOR, MINI = 512, 64
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Tree = Mapping[str, Any]
PLAIN_TEXT, EIGHT_BITS, BINARY, OBJECT, NUMBER = 0x1F, 0x1E, 0x102, 0x0D, 0x03


def compound(tree: Tree) -> bytes:
    """A compound file: values are streams (bytes) or storages (mappings)."""
    entries: list[list[Any]] = [["Root Entry", 5, FREE, b""]]
    siblings: dict[int, int] = {}

    def add(inside: Tree) -> int:
        before, first = None, FREE
        for name, value in inside.items():
            index = len(entries)
            entries.append([name, 2 if isinstance(value, bytes) else 1, FREE, b""])
            if before is None:
                first = index
            else:
                siblings[before] = index
            before = index
            if isinstance(value, bytes):
                entries[index][3] = value
            else:
                entries[index][2] = add(value)
        return first

    entries[0][2] = add(tree)
    mini, mini_fat = bytearray(), []
    sectors: list[bytes] = []
    fat: list[int] = []

    def chain(content: bytes) -> int:
        if not content:
            return END
        first = len(sectors)
        pieces = [
            content[i : i + SECTOR].ljust(SECTOR, b"\0") for i in range(0, len(content), SECTOR)
        ]
        fat.extend(range(first + 1, first + len(pieces)))
        fat.append(END)
        sectors.extend(pieces)
        return first

    starts = {}
    for index, (_, kind, _, content) in enumerate(entries):
        if kind == 2 and 0 < len(content) < 4096:
            first, count = len(mini) // MINI, -(-len(content) // MINI)
            mini += content.ljust(count * MINI, b"\0")
            mini_fat += [*range(first + 1, first + count), END]
            starts[index] = first
        elif kind == 2:
            starts[index] = chain(content)
    starts[0] = chain(bytes(mini))
    entries[0][3] = bytes(mini)
    mini_start = chain(b"".join(struct.pack("<I", n) for n in mini_fat).ljust(SECTOR, b"\xff"))
    directory = b""
    for index, (name, kind, child, content) in enumerate(entries):
        raw = name.encode("utf-16-le") + b"\0\0"
        directory += raw.ljust(64, b"\0") + struct.pack(
            "<HBBIII16sIQQIQ", len(raw), kind, 1, FREE, siblings.get(index, FREE), child, b"", 0, 0,
            0, starts.get(index, 0), len(content),
        )  # fmt: skip
    directory_start = chain(directory)
    count = 1
    while (len(fat) + count) * 4 > count * SECTOR:
        count += 1
    places = list(range(len(sectors), len(sectors) + count))
    fat += [FAT] * count
    table = b"".join(struct.pack("<I", n) for n in fat).ljust(count * SECTOR, b"\xff")
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        b"", 0, count, directory_start, 0, 4096, mini_start, -(-len(mini_fat) * 4 // SECTOR) or 1,
        END, 0, places[0],
    )  # fmt: skip
    head += b"".join(struct.pack("<I", n) for n in places[1:])
    return head.ljust(512, b"\xff") + b"".join(sectors) + table


def storage(
    header: int, properties: Mapping[tuple[int, int], Any], **inside: Any
) -> dict[str, Any]:
    """One storage of an MSG file: properties by identifier and type."""
    streams: dict[str, Any] = {}
    fixed = bytes(header)
    for (id, kind), value in properties.items():
        if isinstance(value, str):
            value = value.encode("utf-16-le" if kind == PLAIN_TEXT else "cp1252")
        if isinstance(value, int):
            fixed += struct.pack("<HHIQ", kind, id, 6, value)
        else:
            fixed += struct.pack("<HHIII", kind, id, 6, len(value) + 2, 0)
            streams[f"__substg1.0_{id:04X}{kind:04X}"] = value
    return {**streams, "__properties_version1.0": fixed, **inside}


def names(*given: str) -> dict[str, bytes]:
    """The storage of names: the first of `given` is the property 0x8000, and so on."""
    entries = strings = b""
    for index, name in enumerate(given):
        raw = name.encode("utf-16-le")
        entries += struct.pack("<II", len(strings), index << 16 | 1)
        strings += struct.pack("<I", len(raw)) + raw + bytes(-len(raw) % 4)
    return {"__substg1.0_00030102": entries, "__substg1.0_00040102": strings}


def attribute(id: int, content: bytes, level: int = 1) -> bytes:
    head = struct.pack("<BII", level, id, len(content))
    return head + content + struct.pack("<H", sum(content) & 0xFFFF)


def property_list(properties: Mapping[tuple[int, int], Any], name: str = "") -> bytes:
    out = struct.pack("<I", len(properties))
    for (id, kind), value in properties.items():
        out += struct.pack("<HH", kind, id)
        if id >= 0x8000:
            raw = name.encode("utf-16-le") + b"\0\0"
            out += bytes(16) + struct.pack("<II", 1, len(raw)) + raw + bytes(-len(raw) % 4)
        if isinstance(value, int):
            out += struct.pack("<I", value)
            continue
        if isinstance(value, str):
            value = (value + "\0").encode("utf-16-le" if kind == PLAIN_TEXT else "cp1252")
        out += struct.pack("<II", 1, len(value)) + value + bytes(-len(value) % 4)
    return out


def tnef(*attributes: bytes) -> bytes:
    head = struct.pack("<IH", 0x223E9F78, 1)
    return head + attribute(0x00089006, b"\0\0\1\0") + b"".join(attributes)


def stored_rtf(text: bytes) -> bytes:
    return struct.pack("<IIII", len(text) + 12, len(text), 0x414C454D, 0) + text


def compressed_rtf(text: bytes) -> bytes:
    """Only letters, no references: a writer may do so."""
    body = b"".join(b"\0" + text[i : i + 8] for i in range(0, len(text), 8))
    checksum = zlib.crc32(body, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return struct.pack("<IIII", len(body) + 12, len(text), 0x75465A4C, checksum) + body

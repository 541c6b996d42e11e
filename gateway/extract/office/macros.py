"""The source text of macros, taken out of a VBA project ([MS-OVBA]); nothing of it is ever run."""

from __future__ import annotations

import struct
from typing import Iterator

from gateway.extract.fault import ContainerFault
from gateway.extract.office.compound_file import Compound, Path
from gateway.extract.office.text_runs import text_runs
from gateway.extract.text.code_pages import charset_of
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_NAME, _STREAM, _OFFSET, _CHARSET, _VERSION = 0x19, 0x1A, 0x31, 0x03, 0x09
# What Excel and Word compile the source to, and keep beside it: its words are read, not its code.
_COMPILED = ("_vba_project", "__srp_")


def read_macros(
    part: Part, compound: Compound, storage: Path, limits: ReadLimits
) -> Iterator[Content]:
    """Every module in the storage as hidden Text; what cannot be read is a Gap."""
    location = part.location.at("macros")
    try:
        directory = compound.take(next(p for p in compound.below(storage) if _is(p, "dir")))
        charset, modules, words = _modules(decompress(directory, limits.text_chars))
    except ContainerFault as fault:
        yield Gap(location, fault.reason, fault.detail)
        charset, modules, words = "cp1252", {}, ""
    yield from bounded_text(part, words, "macros", limits, True)
    for path in compound.below(storage):
        name = path[-1]
        if path in compound.taken:
            continue
        compiled = name.lower().startswith(_COMPILED)
        if name.lower() not in modules and not compiled:
            continue  # for the reader of all other streams
        try:
            stream = compound.take(path)
            begin = len(stream) if compiled else modules[name.lower()]
            # Nobody looks at it in the editor, and whatever runs the macro reads it first.
            words = text_runs(stream[:begin])
            yield from bounded_text(part, words, f"compiled {name}", limits, True)
            if compiled:
                continue
            text = decompress(stream[begin:], limits.text_chars).decode(charset, "replace")
            yield from bounded_text(part, text, f"macro {name}", limits, True)
        except ContainerFault as fault:
            yield Gap(part.location.at(f"macro {name}"), fault.reason, fault.detail)


def _is(path: Path, name: str) -> bool:
    return path[-1].lower() == name


def _modules(directory: bytes) -> tuple[str, dict[str, int], str]:
    """The charset, where the source of each module's stream begins, other words (2.3.4.2)."""
    charset, stream, at = "cp1252", "", 0
    found: dict[str, int] = {}
    words: list[str] = []
    while at + 6 <= len(directory):
        kind, size = struct.unpack_from("<HI", directory, at)
        if kind == _VERSION:
            size = 6  # the field says 4 (2.3.4.2.1.11)
        body = directory[at + 6 : at + 6 + size]
        at += 6 + size
        if kind == _CHARSET and len(body) >= 2:
            charset = charset_of(struct.unpack_from("<H", body)[0])
        elif kind == _STREAM:
            stream = body.decode(charset, "replace")
        elif kind == _OFFSET and len(body) >= 4:
            found[stream.lower()] = struct.unpack_from("<I", body)[0]
        elif size > 4:
            words.append(text_runs(body, True))
    if at > len(directory):
        raise ContainerFault("unreadable", "a damaged list of macros")
    return charset, found, "\n".join(filter(None, words))


def decompress(data: bytes, most: int) -> bytes:
    """Undo the compression of 2.4.1. Raises ContainerFault."""
    if data[:1] != b"\1":
        raise ContainerFault("unreadable", "damaged compressed macros")
    out = bytearray()
    at = 1
    try:
        while at + 2 <= len(data):
            head = struct.unpack_from("<H", data, at)[0]
            end = min(at + (head & 0xFFF) + 3, len(data))
            at += 2
            if head & 0x8000:
                _chunk(data, at, end, out)
            else:
                out += data[at:end]
            at = end
            if len(out) > most:
                raise ContainerFault("limit", f"macros of more than {most} bytes")
    except (IndexError, struct.error):
        raise ContainerFault("unreadable", "damaged compressed macros") from None
    return bytes(out)


def _chunk(data: bytes, at: int, end: int, out: bytearray) -> None:
    start = len(out)
    while at < end:
        flags = data[at]
        at += 1
        for bit in range(8):
            if at >= end:
                return
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            token = struct.unpack_from("<H", data, at)[0]
            at += 2
            # The further into the chunk, the more bits the distance takes (2.4.1.3.19.1).
            bits = max((len(out) - start - 1).bit_length(), 4)
            length = (token & (0xFFFF >> bits)) + 3
            distance = (token >> (16 - bits)) + 1
            if distance > len(out) - start or len(out) - start > 4096:
                raise ContainerFault("unreadable", "damaged compressed macros")
            for _ in range(length):
                out.append(out[-distance])

"""Records of XLSB parts ([MS-XLSB] 2.1.4) and the strings in them."""

from __future__ import annotations

import struct
from typing import Iterator

from gateway.extract.fault import ContainerFault
from gateway.extract.office.text_runs import wide_runs

_U32 = struct.Struct("<I")
# Larger records are searched for runs only: looking at every place costs its square.
MAX_SEARCHED = 2048


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, body) of every record. Raises ContainerFault where one is cut off."""
    at, size = 0, len(data)
    try:
        while at < size:
            kind = data[at]
            at += 1
            if kind & 0x80:
                kind = kind & 0x7F | (data[at] & 0x7F) << 7
                at += 1
            length = shift = 0
            for _ in range(4):
                byte = data[at]
                at += 1
                length |= (byte & 0x7F) << shift
                shift += 7
                if not byte & 0x80:
                    break
            if at + length > size:
                raise IndexError
            yield kind, data[at : at + length]
            at += length
    except IndexError:
        raise ContainerFault("unreadable", "a record that is cut off") from None


def string(body: bytes, at: int) -> tuple[str, int]:
    """A string behind its 32-bit length, and where it ends; none where the length is all ones."""
    if at + 4 > len(body):
        return "", len(body)
    length = _U32.unpack_from(body, at)[0]
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + length * 2
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def strings(body: bytes) -> list[str]:
    """All that looks like a string with its length before it."""
    if len(body) > MAX_SEARCHED:
        return wide_runs(body)
    out: list[str] = []
    at = 0
    while at + 6 <= len(body):
        length = _U32.unpack_from(body, at)[0]
        end = at + 4 + length * 2
        if length > 0 and end <= len(body):
            text = body[at + 4 : end].decode("utf-16-le", "replace")
            if text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
                out.append(text)
                at = end
                continue
        at += 1
    return out

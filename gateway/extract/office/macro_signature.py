"""Signatures of macros in a workbook, told from whatever else may stand in their place.

They are a DigSigInfoSerialized ([MS-OSHARED] 2.3.2.1): sizes and offsets, a PKCS#7 signature and
its certificates. Only what these sizes account for is a signature.
"""

from __future__ import annotations

import struct

_SIGNED = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_HEAD = struct.Struct("<9I")
# Offsets count from a header that stands before the structure elsewhere, and not here.
_ELSEWHERE = 8
_MOST = 65_536
_PADDING = 64


def is_macro_signature(content: bytes) -> bool:
    """Is it a signature with its certificates and nothing besides?"""
    if not _HEAD.size < len(content) <= _MOST:
        return False
    size, at, certificates, _, name, _, _, address, _ = _HEAD.unpack_from(content)
    known = _HEAD.size + size + certificates + 2 * (name + address)
    if known > len(content) or len(content) - known > _PADDING or name or address:
        return False
    return any(
        content[begin : begin + 1] == b"\x30" and _SIGNED in content[begin : begin + 24]
        for begin in (at - _ELSEWHERE, at)
        if begin >= _HEAD.size
    )

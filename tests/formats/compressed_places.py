"""Where files that were made smaller can hold something."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct

from backports import zstd
from formats.archive_places import PLAIN, Write, holding, named, tar

_SKIPPED = struct.pack("<I", 0x184D2A50)
SQUEEZERS: dict[str, Write] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
}


def _compressed(suffix: str, squeeze: Write) -> None:
    format, name = f"compressed file ({suffix})", f"a.txt.{suffix}"
    holding(format, "the file", name, squeeze)
    holding(format, "a second stream", name, lambda x: squeeze(PLAIN + b"\n") + squeeze(x))
    holding(format, "behind the end", name, lambda x: squeeze(PLAIN) + x)
    holding(format, "behind zeros", name, lambda x: squeeze(PLAIN) + bytes(64) + x)
    holding(format, "an archive", f"a.tar.{suffix}", lambda x: squeeze(tar({"a.txt": x})))


for _suffix, _squeeze in SQUEEZERS.items():
    _compressed(_suffix, _squeeze)


def _header(flag: int, words: bytes) -> bytes:
    whole = gzip.compress(PLAIN)
    return whole[:3] + bytes((flag,)) + whole[4:10] + words + whole[10:]


named(
    "compressed file (gz)",
    "name in the header",
    "a.txt.gz",
    lambda t: _header(8, t.encode() + b"\0"),
)
holding(
    "compressed file (gz)", "comment in the header", "a.txt.gz", lambda x: _header(16, x + b"\0")
)
holding(
    "compressed file (gz)",
    "extra field",
    "a.txt.gz",
    lambda x: _header(4, struct.pack("<H", len(x)) + x),
)
holding(
    "compressed file (zst)",
    "frame that is skipped",
    "a.txt.zst",
    lambda x: _SKIPPED + struct.pack("<I", len(x)) + x + zstd.compress(PLAIN),
)
holding(
    "compressed file (gz)",
    "cut off",
    "a.txt.gz",
    lambda x: gzip.compress(x)[:-9],
    expect="unreadable",
    reason="what came out is read besides",
)

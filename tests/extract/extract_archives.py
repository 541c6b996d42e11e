"""Archives for the sandbox's tests: whole ones, and damaged ones by the hundred."""

from __future__ import annotations

import gzip
import io
import random
from typing import Iterator

import py7zr
from support.archives import tape, zipped

CSV = b"id,age,region\n1,44,North\n2,35,South\n"


def seven_zip() -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(CSV, "a.csv")
    return out.getvalue()


def damaged_archives(count: int) -> Iterator[bytes]:
    """Bits turned over, and ends cut off."""
    whole = (seven_zip(), zipped({"a.csv": CSV}), tape({"a.csv": CSV}), gzip.compress(CSV))
    dice = random.Random(2018)
    for index in range(count):
        content = bytearray(whole[index % len(whole)])
        if index % 3:
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        else:
            del content[dice.randrange(len(content)) :]
        yield bytes(content)

"""Pictures inside office files: those that drawings of old formats hold, and previews that show
nothing to read.

Drawings keep each picture in a record of its own ([MS-ODRAW] 2.2.23 to 2.2.32), whatever stream
they stand in; the records are found by their kinds, and by what they say of their length.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from typing import Iterator

from gateway.model.picture import is_picture

# A preview of the first page; words in a picture as small as that are not to be read.
PREVIEW_SIDE = 256
MAX_PICTURE = 64 << 20
_KIND = re.compile(rb"[\x1a-\x1f\x29\x2a]\xf0")
_METAFILES = {0xF01A: (0x3D4, 0x3D5), 0xF01B: (0x216, 0x217), 0xF01C: (0x542, 0x543)}
_BITMAPS = {
    0xF01D: (0x46A, 0x46B, 0x6E2, 0x6E3), 0xF01E: (0x6E0, 0x6E1), 0xF01F: (0x7A8, 0x7A9),
    0xF029: (0x6E4, 0x6E5), 0xF02A: (0x46A, 0x46B, 0x6E2, 0x6E3),
}  # fmt: skip
_UID, _METAFILE_HEADER = 16, 34
_DIB = 0xF01F
_DIB_HEAD = b"\x28\0\0\0"
# Standard formats of the clipboard.
_CLIPBOARD_DIB, _CLIPBOARD_METAFILES = 8, (3, 14)


def drawn_pictures(data: bytes) -> Iterator[bytes]:
    """Each picture in the records of a drawing, in the order of the bytes."""
    end = 0
    for found in _KIND.finditer(data):
        at = found.start() - 2
        if at < end or at + 8 > len(data):
            continue
        head, kind, size = struct.unpack_from("<HHI", data, at)
        instance, body = head >> 4, data[at + 8 : at + 8 + size]
        if head & 15 or len(body) < size:
            continue
        start = _UID * (1 + instance % 2)
        if instance in _METAFILES.get(kind, ()):
            picture = _metafile(body, start)
        elif instance in _BITMAPS.get(kind, ()):
            picture = body[start + 1 :]
            if kind == _DIB:
                picture = bitmap_file(picture)
        else:
            continue
        if picture:
            end = at + 8 + size
            yield picture


def _metafile(body: bytes, start: int) -> bytes:
    packed = body[start + _METAFILE_HEADER :]
    if body[start + 32 : start + 33] != b"\0":
        return packed
    try:
        return zlib.decompressobj().decompress(packed, MAX_PICTURE)
    except zlib.error:
        return packed


def bitmap_file(content: bytes) -> bytes:
    """A bitmap as it stands in a record, with the head of a file."""
    if len(content) < 16:
        return b""
    size = struct.unpack_from("<I", content)[0]
    bits, colours = struct.unpack_from("<H", content, 10 if size == 12 else 14)[0], 0
    if bits <= 8:
        colours = (3 if size == 12 else 4) << bits
    return b"BM" + struct.pack("<IHHI", 14 + len(content), 0, 0, 14 + size + colours) + content


def presentation_picture(stream: bytes) -> bytes:
    """What an embedded object looks like on the page ([MS-OLEDS] 2.3.4), as a file; b"" where the
    stream says of no bitmap or metafile."""
    try:
        if struct.unpack_from("<i", stream)[0] not in (-1, -2):
            return b""  # a format that only its program knows
        kind, device = struct.unpack_from("<II", stream, 4)
        # The device is given with its own length; its absence is a length of four.
        at = 8 + max(device, 4) + 24
        size = struct.unpack_from("<I", stream, at)[0]
    except struct.error:
        return b""
    picture = stream[at + 4 : at + 4 + size]
    if kind == _CLIPBOARD_DIB:
        return bitmap_file(picture)
    return picture if kind in _CLIPBOARD_METAFILES else b""


def clipboard_picture(value: bytes) -> bytes:
    """The picture in a property of the clipboard's kind ([MS-OLEPS] 2.11), as a file; b"" for
    others."""
    if value[:4] != b"\xff\xff\xff\xff" or len(value) < 8:
        return b""
    kind = int.from_bytes(value[4:8], "little")
    if kind == _CLIPBOARD_DIB:
        return bitmap_file(value[8:])
    # A metafile of the old kind has its size on the page in front of it.
    return value[16:] if kind == 3 else value[8:] if kind == 14 else b""


def metafile_end(content: bytes) -> int:
    """Where a metafile ends by what it says of itself ([MS-WMF] 2.3.2.2, [MS-EMF] 2.3.4.2); 0 for
    what is none."""
    if content[40:44] == b" EMF" and content[:4] == b"\1\0\0\0":
        return int.from_bytes(content[48:52], "little")
    head = 22 if content[:4] == b"\xd7\xcd\xc6\x9a" else 0
    if content[head : head + 4] == b"\1\0\x09\0":
        return head + 2 * int.from_bytes(content[head + 6 : head + 10], "little")
    return 0


def largest_side(drawing: bytes) -> int:
    """The longest side of a bitmap within the bytes of a drawing, in pixels; 0 for none."""
    found = 0
    at = drawing.find(_DIB_HEAD)
    while 0 <= at <= len(drawing) - 40:
        width, height, planes = struct.unpack_from("<iiH", drawing, at + 4)
        if planes == 1:
            found = max(found, abs(width), abs(height))
        at = drawing.find(_DIB_HEAD, at + 1)
    return found


def is_preview(content: bytes) -> bool:
    """A bitmap too small to read a line of a page in it."""
    if not is_picture(content):
        return False
    try:
        from PIL import Image

        with Image.open(io.BytesIO(content)) as image:
            return max(image.size) <= PREVIEW_SIDE
    except (ImportError, OSError, ValueError, SyntaxError):
        return False

"""What stands in place of a name, behind a link or in a header's extra field is read."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from typing import Any

from gateway.extract.archive.zip import read_beside
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

WORDS = "Embargoed until 09:30"
CSV = b"id,age,region\n" + b"".join(b"%d,44,North\n" % n for n in range(9))
END = b"\0" * 1024


def header(name: bytes, size: int, kind: bytes) -> bytes:
    head = bytearray(512)
    head[: len(name)] = name
    head[100:108] = b"0000644\0"
    head[108:116] = head[116:124] = b"0000000\0"
    head[124:136] = b"%011o\0" % size
    head[136:148] = b"00000000000\0"
    head[156:157] = kind
    head[257:265] = b"ustar  \0"
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def entry(name: bytes, content: bytes, kind: bytes = b"0") -> bytes:
    return header(name, len(content), kind) + content + b"\0" * (-len(content) % 512)


def long_name(name: bytes) -> bytes:
    return entry(b"././@LongLink", name, b"L")


def test_a_long_name_that_another_replaces_is_read(whole: Any) -> None:
    archive = long_name(WORDS.encode()) + long_name(b"plain.txt") + entry(b"x", b"hello") + END
    assert WORDS in whole(archive).words


def test_a_long_name_that_no_entry_follows_is_read(whole: Any) -> None:
    archive = entry(b"x", b"hello") + long_name(WORDS.encode()) + END
    assert WORDS in whole(archive).words


def test_a_long_name_of_a_megabyte_is_a_file(whole: Any) -> None:
    archive = long_name(b"a" * (1 << 20) + b" " + WORDS.encode()) + entry(b"x", b"hello") + END
    assert WORDS in whole(archive).words


def test_a_file_in_place_of_a_long_name_is_read(whole: Any) -> None:
    archive = long_name(gzip.compress(CSV)) + entry(b"x", b"hello") + END
    assert whole(archive).table_names


def test_what_the_header_says_under_a_long_name_is_read(whole: Any) -> None:
    archive = long_name(b"plain.txt") + entry(WORDS.encode(), b"hello") + END
    assert WORDS in whole(archive).words


def test_a_header_that_shortens_the_long_name_says_nothing_more(whole: Any) -> None:
    name = b"folder/" * 20 + b"file.txt"
    found = whole(long_name(name) + entry(name[:100], b"hello") + END)
    assert len(found.contents) == 3 and not found.gaps


def gzipped(extra: bytes) -> bytes:
    engine = zlib.compressobj(9, 8, -15)
    packed = engine.compress(b"hello world\n") + engine.flush()
    head = b"\x1f\x8b\x08\x04" + b"\0" * 6 + struct.pack("<H", len(extra)) + extra
    return head + packed + struct.pack("<2I", zlib.crc32(b"hello world\n"), 12)


def test_a_file_in_the_extra_field_of_gzip_is_read(whole: Any) -> None:
    assert whole(gzipped(gzip.compress(CSV))).table_names


def test_lengths_of_blocks_in_the_extra_field_are_no_file(whole: Any) -> None:
    for extra in (b"BC\2\0\x1b\0", b"RA\x08\0" + struct.pack("<4H", 1, 58315, 1, 14)):
        found = whole(gzipped(extra))
        assert len(found.contents) == 3 and not found.gaps and "hello world" in found.words


def cpio(
    name: bytes, content: bytes, mode: int = 0o100644, number: int = 1, links: int = 1
) -> bytes:
    name += b"\0"
    facts = [number, mode, 0, 0, links, 0, len(content), 0, 0, 0, 0, len(name), 0]
    head = b"070701" + b"".join(b"%08X" % fact for fact in facts) + name
    return head + b"\0" * (-len(head) % 4) + content + b"\0" * (-len(content) % 4)


TRAILER = cpio(b"TRAILER!!!", b"", 0, 0) + b"\0" * 200


def test_the_last_of_several_names_may_have_the_bytes(whole: Any) -> None:
    first, last = cpio(b"one.txt", b"", links=2), cpio(b"two.txt", WORDS.encode() + b"\n", links=2)
    assert WORDS in whole(first + last + TRAILER).words


def test_a_folder_with_bytes_of_its_own_is_read(whole: Any) -> None:
    folder = cpio(b"dir", WORDS.encode() + b"\n", 0o040755)
    assert WORDS in whole(folder + cpio(b"x.txt", b"hello\n", number=2) + TRAILER).words


def test_more_entries_beside_a_package_than_are_looked_at_are_a_gap() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for index in range(9):
            package.writestr(f"{index}.txt", "x")
    part = Part("2", "application/octet-stream", "attachment", out.getvalue(), "a.docx")
    found = list(read_beside(part, ReadLimits(entries=5)))
    assert any(isinstance(one, Gap) and one.reason == "limit" for one in found)

"""An archive is known to consist of its files only where nothing else stands in it."""

from __future__ import annotations

import gzip
import hashlib
from typing import Callable

import pytest
from support import archives
from support.archives import zipped

from gateway.extract import read_nested
from gateway.model.file_digest import FileDigest
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

CSV = b"serial,age,sex\n" + b"".join(b"%d,%d,1\n" % (7000 + i, 20 + i % 60) for i in range(60))
OTHER = CSV + b"1,2,3\n"


def packed(content: bytes, limits: ReadLimits | None = None) -> tuple[FileDigest, ...]:
    contents = read_nested(Part("1", "", "attachment", content, "a"), limits or ReadLimits())
    while True:
        try:
            next(contents)
        except StopIteration as end:
            files: tuple[FileDigest, ...] = end.value
            return files


def digest(content: bytes, *inner: FileDigest) -> FileDigest:
    return FileDigest(hashlib.sha256(content).hexdigest(), inner)


@pytest.mark.parametrize(
    "write",
    [
        lambda: zipped({"folder/": b"", "folder/a.csv": CSV}),
        lambda: archives.tape({"a.csv": CSV}),
        lambda: archives.through_library("7zip", {"a.csv": CSV}),
        lambda: gzip.compress(CSV),
    ],
)
def test_the_files_of_an_archive_are_known_by_their_digests(write: Callable[[], bytes]) -> None:
    assert packed(write()) == (digest(CSV),)


def test_archives_in_archives_are_known_with_their_files() -> None:
    inner = archives.tape({"a.csv": CSV, "b.csv": OTHER})
    outer = zipped({"papers.tar.gz": gzip.compress(inner), "a.csv": CSV})
    files = digest(inner, digest(CSV), digest(OTHER))
    assert packed(outer) == (digest(gzip.compress(inner), files), digest(CSV))


def test_a_file_that_is_no_archive_consists_of_itself() -> None:
    assert packed(CSV) == ()


def test_bytes_beside_the_entries_are_a_file_of_the_archive_too() -> None:
    assert packed(zipped({"a.csv": CSV}) + OTHER) == (digest(CSV), digest(OTHER))


def test_a_remark_on_an_archive_leaves_it_unknown() -> None:
    assert packed(zipped({"a.csv": CSV}, comment=b"1950,M,Leeds,41")) == ()


def test_an_entry_that_nobody_could_read_leaves_the_archive_unknown() -> None:
    damaged = bytearray(zipped({"a.csv": CSV, "b.csv": OTHER}))
    damaged[60] ^= 255
    assert packed(bytes(damaged)) == ()


def test_an_archive_that_was_not_read_to_its_end_stays_unknown() -> None:
    whole = zipped({"a.csv": CSV, "b.csv": CSV, "c.csv": CSV})
    assert packed(whole, ReadLimits(entries=2)) == ()
    inner = zipped({"a.csv": CSV})
    assert packed(zipped({"a.zip": inner}), ReadLimits(nested=1)) == (digest(inner),)

"""What stands behind a file is handed on whole, with the zeros that it ends in itself."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from PIL import Image
from support.pictures import saved, written_pdf

from gateway.extract.padding import without_padding

INNER = gzip.compress(b"Embargoed until 09:30\n" * 40)


def test_filling_is_nothing_and_text_is_without_it() -> None:
    assert without_padding(b"\0" * 900) == b""
    assert without_padding(b"\0\0words\0\0\0") == b"words"


def test_zeros_at_the_end_of_a_file_are_its_own() -> None:
    assert INNER.endswith(b"\0\0")
    assert without_padding(b"\0" * 90 + INNER + b"\0" * 90).startswith(INNER)


@pytest.mark.parametrize(
    "outer", [written_pdf("Cover"), saved(Image.new("RGB", (90, 90)), "PNG"), gzip.compress(b"x")]
)
def test_a_compressed_file_behind_another_is_not_damaged(read_all: Any, outer: bytes) -> None:
    reading = read_all(outer + INNER)
    assert "Embargoed until 09:30" in reading.everything()
    assert not [gap for gap in reading.gaps if "checksum" in gap.detail]

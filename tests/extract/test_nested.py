"""What is embedded in a part is read where it is safe to read it."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest

from gateway.extract import SandboxNeeded, read_nested
from gateway.model.content import Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

CSV = b"id,age,region\n" + b"".join(b"%d,%d,North\n" % (i, i * 7 % 90) for i in range(200))


def body(content: bytes) -> Part:
    words = b"Please see below.\n\n" + base64.encodebytes(content) + b"\nRegards\n"
    return Part("1", "text/plain", "body", words)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as archive:
        archive.writestr("a.csv", CSV)
    return out.getvalue()


def test_an_archive_encoded_in_a_body_is_not_opened_in_the_worker() -> None:
    part = body(zipped())
    with pytest.raises(SandboxNeeded):
        list(read_nested(part, ReadLimits(), in_worker=True))
    assert any(isinstance(item, Table) for item in read_nested(part, ReadLimits()))


def test_rows_encoded_in_a_body_are_read_in_the_worker() -> None:
    found = read_nested(body(CSV), ReadLimits(), in_worker=True)
    assert any(isinstance(item, Table) for item in found)

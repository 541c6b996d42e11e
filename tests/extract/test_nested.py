"""What is embedded in a part is read where it is safe to read it."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib

import pytest
from support.archives import zipped

from gateway.extract import SandboxNeeded, inline_cost, nested, read_nested
from gateway.model.content import Properties, Table, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

CSV = b"id,age,region\n" + b"".join(b"%d,%d,North\n" % (i, i * 7 % 90) for i in range(200))


def body(content: bytes) -> Part:
    words = b"Please see below.\n\n" + base64.encodebytes(content) + b"\nRegards\n"
    return Part("1", "text/plain", "body", words)


def test_an_archive_encoded_in_a_body_is_not_opened_in_the_worker() -> None:
    part = body(zipped({"a.csv": CSV}))
    with pytest.raises(SandboxNeeded):
        list(read_nested(part, ReadLimits(), in_worker=True))
    assert any(isinstance(item, Table) for item in read_nested(part, ReadLimits()))


def test_rows_encoded_in_a_body_are_read_in_the_worker() -> None:
    found = read_nested(body(CSV), ReadLimits(), in_worker=True)
    assert any(isinstance(item, Table) for item in found)


def test_characters_are_granted_once_for_all_texts_of_a_part() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as archive:
        for number in range(20):
            archive.writestr(f"{number}.txt", f"words of file {number} " * 40)
    part = Part("1", "application/zip", "attachment", out.getvalue(), "a.zip")
    found = list(read_nested(part, ReadLimits(text_chars=2_000)))
    assert sum(len(item.text) for item in found if isinstance(item, Text)) <= 2_000
    cut = [item for item in found if isinstance(item, Gap) and "2000 characters" in item.detail]
    assert cut and cut[0].reason == "limit"


def test_properties_count_as_the_texts_do(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Part("1", "text/plain", "attachment", b"x")
    items = tuple((f"property {number}", "x" * 500) for number in range(10))
    said = [Properties(part.location, items), Text(part.location, "y" * 5_000)]
    monkeypatch.setattr(nested, "read_part", lambda *_, **__: iter(said))
    found = list(read_nested(part, ReadLimits(text_chars=2_000)))
    assert [len(item.items) for item in found if isinstance(item, Properties)] == [3]
    assert not [item for item in found if isinstance(item, Text)]
    assert [item.reason for item in found if isinstance(item, Gap)] == ["limit"]


def packed_content(size: int) -> bytes:
    """A CMS container of compressed data (RFC 3274)."""

    def der(tag: int, content: bytes) -> bytes:
        return bytes((tag, 0x84)) + len(content).to_bytes(4, "big") + content

    packed = zlib.compress(b"Content-Type: text/plain\r\n\r\n" + b"\n" * size)
    data = der(0x30, bytes.fromhex("06092a864886f70d010701") + der(0xA0, der(4, packed)))
    algorithm = der(0x30, bytes.fromhex("060b2a864886f70d0109100308"))
    body = der(0x30, b"\x02\x01\x00" + algorithm + data)
    return der(0x30, bytes.fromhex("060b2a864886f70d0109100109") + der(0xA0, body))


@pytest.mark.parametrize("label", ["application/pkcs7-mime", "application/pkcs7-signature"])
def test_containers_of_cms_are_not_opened_in_the_worker(label: str) -> None:
    part = Part("1", label, "attachment", packed_content(10_000), "smime.p7m")
    assert inline_cost(part, ReadLimits()) is None


def test_detached_signatures_cost_the_worker_nothing() -> None:
    armour = b"-----BEGIN PGP SIGNATURE-----\n\n" + base64.encodebytes(b"\x89" + b"x" * 40)
    part = Part(
        "2", "application/pgp-signature", "attachment", armour + b"-----END PGP SIGNATURE-----\n"
    )
    assert inline_cost(part, ReadLimits()) == 0
    assert not list(read_nested(part, ReadLimits(), in_worker=True))


def test_each_file_that_is_cut_short_is_one_gap() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as archive:
        for number in range(5):
            archive.writestr(f"{number}.txt", f"words of file {number} " * 400)
    part = Part("1", "application/zip", "attachment", out.getvalue(), "a.zip")
    found = read_nested(part, ReadLimits(text_chars=2_000))
    cut = [
        g for g in found if isinstance(g, Gap) and g.detail == "more than 2000 characters of text"
    ]
    places = [gap.location.part for gap in cut]
    assert len(places) == len(set(places)) == 5

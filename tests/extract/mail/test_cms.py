"""Signed and compressed S/MIME is read, enveloped S/MIME is said to be locked."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from gateway.extract import inline_cost
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

ENTITY = b"Content-Type: text/plain\r\n\r\nEmbargoed until 09:30\r\n"
NO_ATTRIBUTES = [pkcs7.PKCS7Options.Binary]


@pytest.fixture(scope="module")
def identity() -> tuple[Any, Any]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "S. Field")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=900))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    return certificate, key


@pytest.fixture
def signed(identity: tuple[Any, Any]) -> Any:
    def sign(content: bytes, encoding: Any = serialization.Encoding.DER, **options: Any) -> bytes:
        builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
        builder = builder.add_signer(*identity, hashes.SHA256())
        return builder.sign(encoding, options.get("options", NO_ATTRIBUTES))

    return sign


def test_a_message_inside_an_opaque_signature_is_read(nested: Any, signed: Any) -> None:
    found = nested(signed(ENTITY), "application/pkcs7-mime", name="smime.p7m")
    assert "Embargoed until 09:30" in found.text and not found.gaps


def test_a_signed_file_is_read_under_its_own_name(nested: Any, signed: Any) -> None:
    found = nested(signed(b"name,age\nx,1\ny,2\n"), name="firms.csv.p7m")
    assert found.tables[0].rows[0] == ["name", "age"]
    assert found.tables[0].location.name == "firms.csv"


def test_an_armoured_signature_is_read(nested: Any, signed: Any) -> None:
    content = signed(ENTITY, serialization.Encoding.PEM)
    assert "Embargoed" in nested(content, "application/pkcs7-mime", name="smime.p7m").text


def test_lengths_that_are_not_given_are_followed(nested: Any) -> None:
    """Indefinite lengths, and the content in several octet strings (X.690)."""
    half = len(ENTITY) // 2
    pieces = b"".join(bytes((4, len(p))) + p for p in (ENTITY[:half], ENTITY[half:]))
    data = bytes.fromhex("06092a864886f70d010701") + b"\xa0\x80\x24\x80" + pieces + b"\0\0\0\0"
    body = b"\x30\x80\x02\x01\x01\x31\x00\x30\x80" + data + b"\0\0" + b"\x31\x00\0\0"
    content = (
        b"\x30\x80" + bytes.fromhex("06092a864886f70d010702") + b"\xa0\x80" + body + b"\0\0\0\0"
    )
    assert "Embargoed" in nested(content, "application/pkcs7-mime").text


def compressed(packed: bytes) -> bytes:
    def der(tag: int, content: bytes) -> bytes:
        return bytes((tag, 0x82)) + len(content).to_bytes(2, "big") + content

    algorithm = der(0x30, bytes.fromhex("060b2a864886f70d0109100308"))
    data = der(0x30, bytes.fromhex("06092a864886f70d010701") + der(0xA0, der(4, packed)))
    body = der(0x30, b"\x02\x01\x00" + algorithm + data)
    return der(0x30, bytes.fromhex("060b2a864886f70d0109100109") + der(0xA0, body))


def test_compressed_data_is_inflated_within_the_limit(nested: Any) -> None:
    content = compressed(zlib.compress(ENTITY))
    assert "Embargoed" in nested(content, "application/pkcs7-mime").text
    bomb = compressed(zlib.compress(ENTITY + b"0" * 5_000_000))
    limits = ReadLimits(expanded_bytes=100_000)
    assert {"unreadable"} <= nested(bomb, "application/pkcs7-mime", limits=limits).reasons


def test_enveloped_data_is_encrypted(nested: Any, identity: tuple[Any, Any]) -> None:
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(ENTITY).add_recipient(identity[0])
    content = builder.encrypt(serialization.Encoding.DER, [])
    for kind in ("application/pkcs7-mime", "application/octet-stream"):
        assert nested(content, kind).reasons == {"encrypted"}


def test_a_signature_with_a_file_behind_it_or_in_it_has_a_gap(nested: Any, signed: Any) -> None:
    assert nested(signed(ENTITY) + b"name,age\n", "application/pkcs7-mime").gaps


def test_damaged_signatures_never_pass(nested: Any, signed: Any) -> None:
    content = signed(ENTITY)
    for size in range(20, len(content), 37):
        found = nested(content[:size], "application/pkcs7-mime")
        assert found.gaps, size


def test_a_detached_signature_costs_the_worker_nothing(signed: Any) -> None:
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    content = signed(ENTITY, options=options)
    part = Part("2", "application/pkcs7-signature", "attachment", content, "smime.p7s")
    assert inline_cost(part, ReadLimits()) == 0


def test_an_opaque_signature_is_opened_in_the_sandbox(signed: Any) -> None:
    part = Part("2", "application/pkcs7-mime", "attachment", signed(ENTITY), "smime.p7m")
    assert inline_cost(part, ReadLimits()) is None

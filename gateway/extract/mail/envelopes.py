"""S/MIME and OpenPGP containers, by their bytes: which are detached signatures and nothing else.

The label never decides: something called a signature is one only if it has a signature's shape
and no room for content (RFC 8551, RFC 9580).
"""

from __future__ import annotations

import binascii
import re

MAX_SIGNATURE = 65_536
# id-data without eContent (RFC 5652 section 5.2), definite and indefinite lengths.
_DATA = bytes.fromhex("06092a864886f70d010701")
_NO_CONTENT = (b"\x30\x0b" + _DATA, b"\x30\x80" + _DATA + b"\0\0")
_SIGNED = bytes.fromhex("06092a864886f70d010702")
_PKCS7 = (bytes.fromhex("06092a864886f70d0107"), bytes.fromhex("060b2a864886f70d010910"))
_ARMOUR = re.compile(
    rb"-----BEGIN PGP SIGNATURE-----\n"
    rb"(?:(?:Version|Comment|Hash|Charset): [^\n]{0,80}\n){0,5}\n"
    rb"((?:[A-Za-z0-9+/]{1,76}={0,2}\n)+)(?:=[A-Za-z0-9+/]{4}\n)?-----END PGP SIGNATURE-----"
)
# Packet tag 2, old and new format (RFC 9580 section 4.2).
_PACKETS = frozenset((0x88, 0x89, 0x8A, 0xC2))


def is_cms(content: bytes) -> bool:
    """DER or BER that begins as a ContentInfo does."""
    head = content[:40]
    return head[:1] == b"\x30" and any(name in head for name in _PKCS7)


def is_signed_data(content: bytes) -> bool:
    return is_cms(content) and _SIGNED in content[:40]


def is_detached_signature(content: bytes) -> bool:
    """Nothing but a signature: no text, no content, no room for either."""
    if len(content) > MAX_SIGNATURE:
        return False
    if is_signed_data(content):
        return any(mark in content[:300] for mark in _NO_CONTENT)
    if content[:1] in (b"\x88", b"\x89", b"\xc2"):
        return False  # a bare packet: mail programs armour it (RFC 3156 section 5)
    lines = b"\n".join(line.rstrip() for line in content.strip().split(b"\n"))
    found = _ARMOUR.fullmatch(lines)
    if not found:
        return False
    try:
        packet = binascii.a2b_base64(found[1])
    except binascii.Error:
        return False
    return bool(packet) and packet[0] in _PACKETS

"""Opens what office programs open without asking: files locked with their default password."""

from __future__ import annotations

import io
import struct
from typing import Any

from gateway.extract.office.biff_records import Cut, records

# What Excel tries on its own ([MS-XLS] 2.2.10).
EXCEL = "VelvetSweatshop"
# Rounds of hashing that a file may ask for; Office itself takes 100,000.
MAX_ROUNDS = 1_000_000
_NOT_ENCRYPTED = frozenset((0x809, 0x2F, 0x194, 0x195, 0xE1, 0x138, 0x196))


def decrypted_package(content: bytes, password: str = EXCEL) -> bytes | None:
    """The package inside an encrypted Open XML file, or None where the password is another."""
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    try:
        file: Any = OOXMLFile(io.BytesIO(content))
        if int(file.info.get("spinValue", 0)) > MAX_ROUNDS:
            return None
        file.load_key(password=password, verify_password=True)
        file.decrypt(out)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever went wrong: it was not opened, and is a Gap
        return None
    return out.getvalue() or None


def decrypted_workbook(stream: bytes) -> bytes | None:
    """A workbook stream in clear, or None where the password is another."""
    try:
        return _decrypt(stream)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever went wrong: it was not opened, and is a Gap
        return None


def _decrypt(stream: bytes) -> bytes | None:
    from msoffcrypto.format import xls97
    from msoffcrypto.method.rc4 import DocumentRC4
    from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI

    try:
        found = list(_flat(stream))
    except Cut:
        return None
    lock = next((body for kind, _, body in found if kind == 0x2F), b"")
    if len(lock) < 6 or lock[:2] != b"\1\0":
        return None
    header = io.BytesIO(lock[6:])
    version = struct.unpack_from("<HH", lock, 2)
    scrambled = bytearray(len(stream))
    for kind, offset, body in found:
        if kind not in _NOT_ENCRYPTED:
            # The place of the sheet is written in clear (2.4.28).
            start = 4 if kind == 0x85 else 0
            scrambled[offset + 4 + start : offset + 4 + len(body)] = body[start:]
    if version == (1, 1):
        facts = xls97._parse_header_RC4(header)
        checks = (facts["salt"], facts["encryptedVerifier"], facts["encryptedVerifierHash"])
        if not DocumentRC4.verifypw(EXCEL, *checks):
            return None
        plain = DocumentRC4.decrypt(
            EXCEL, facts["salt"], io.BytesIO(scrambled), blocksize=1024
        ).read()
    else:
        facts = xls97._parse_header_RC4CryptoAPI(header)
        if not DocumentRC4CryptoAPI.verifypw(
            EXCEL, facts["salt"], facts["keySize"], facts["encryptedVerifier"],
            facts["encryptedVerifierHash"],
        ):  # fmt: skip
            return None
        plain = DocumentRC4CryptoAPI.decrypt(
            EXCEL, facts["salt"], facts["keySize"], io.BytesIO(scrambled), blocksize=1024
        ).read()
    out = bytearray(stream)
    for kind, offset, body in found:
        if kind not in _NOT_ENCRYPTED:
            start = offset + 4 + (4 if kind == 0x85 else 0)
            out[start : offset + 4 + len(body)] = plain[start : offset + 4 + len(body)]
    return bytes(out)


def _flat(stream: bytes) -> list[tuple[int, int, bytes]]:
    """Every record by itself, CONTINUE records too."""
    out: list[tuple[int, int, bytes]] = []
    for kind, offset, body, more in records(stream):
        out.append((kind, offset, body))
        at = offset + 4 + len(body)
        for piece in more:
            out.append((0x3C, at, piece))
            at += 4 + len(piece)
    return out

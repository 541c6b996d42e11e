"""How a built register lies in its file: what stands where, and the sealed description at its end.

- A head with the build's random name, the covered records, then for each key column its sorted
  digests and its covered rows; then the description, sealed with AES-256-GCM (NIST SP 800-38D),
  its length, the id of the key, and a mark. Without the mark the file is not whole.
- Each section begins at a multiple of `ALIGNED` bytes and has a BLAKE2b digest in the description.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.releases.unit_registers.faults import RegisterFault

MAGIC, END = b"UNITREGISTER 1\r\n", b"UNITREGISTER-END"
BUILD_BYTES = 16
ALIGNED = 4096
ENDING = ".register"
_NONCE_BYTES, _ID_BYTES = 12, 8
_FOOT = 8 + _ID_BYTES + len(END)
_MOST = 64 * 1024**2


class Section(msgspec.Struct, frozen=True):
    """Bytes of the file, and their digest in hex."""

    start: int
    size: int
    digest: str


class Key(msgspec.Struct, frozen=True):
    """A key column: how many of its values are there, their shapes, where they stand."""

    entries: int
    shapes: list[str]
    digests: Section
    rows: Section


class Description(msgspec.Struct, frozen=True):
    """All that is known of a register but its rows. `built` is an instant; `columns` has the key
    columns first, `filled` how many of their values are there; `alone`, `given` and `common` are
    those of `model.unit_register.Distinctness`."""

    name: str
    built: str
    source: str
    rows: int
    columns: list[str]
    filled: list[int]
    records: Section
    keys: list[Key]
    alone: list[float]
    given: list[list[float]]
    common: list[tuple[int, int, float]]


def key_id(key: bytes) -> bytes:
    """Names a key without telling it."""
    return hashlib.blake2b(key=key, person=b"unit-key-id", digest_size=_ID_BYTES).digest()


def foot(description: Description, key: bytes, build: bytes) -> bytes:
    """What ends the file."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + _sealer(key, build).encrypt(nonce, msgspec.json.encode(description), MAGIC)
    return sealed + len(sealed).to_bytes(8, "little") + key_id(key) + END


def read_description(file: BinaryIO, path: Path, key: bytes) -> tuple[Description, bytes]:
    """The description and the build's name. Raises RegisterFault."""
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(len(MAGIC) + BUILD_BYTES)
    file.seek(max(0, size - _FOOT))
    end = file.read(_FOOT)
    if head[: len(MAGIC)] != MAGIC:
        raise RegisterFault(f"{path}: this is no unit register", "build it again")
    length = int.from_bytes(end[:8], "little")
    if size < _FOOT or end[-len(END) :] != END or not 0 < length <= min(size - _FOOT, _MOST):
        raise RegisterFault(
            f"{path}: the register is damaged: its end is missing", "build it again"
        )
    if end[8 : 8 + _ID_BYTES] != key_id(key):
        message = f"{path}: the register was built with another key"
        raise RegisterFault(message, "put that key back, or build the register again")
    file.seek(size - _FOOT - length)
    sealed, build = file.read(length), head[len(MAGIC) :]
    try:
        plain = _sealer(key, build).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], MAGIC)
        description = msgspec.json.decode(plain, type=Description)
    except (InvalidTag, ValueError, msgspec.DecodeError):
        message = f"{path}: the register is damaged: its description was changed"
        raise RegisterFault(message, "build it again") from None
    sections = [
        description.records,
        *(s for key in description.keys for s in (key.digests, key.rows)),
    ]
    if any(section.start + section.size > size for section in sections):
        raise RegisterFault(f"{path}: the register is damaged: it is too short", "build it again")
    return description, build


def _sealer(key: bytes, build: bytes) -> AESGCM:
    return AESGCM(hashlib.blake2b(build, key=key, person=b"unit-seal", digest_size=32).digest())

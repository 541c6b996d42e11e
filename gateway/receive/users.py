"""Who may authenticate: a file of `user:scrypt$N$r$p$salt$hash` lines.

Loads whole or not at all. A wrong password and an unknown user cost the same time, and no
password or hash ever reaches a message or a log.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Mapping

from gateway.model.fault import Fault, Faults

_NAME = re.compile(r"[^\s:\x00-\x1f\x7f]{1,255}")
_HINT = "write user:scrypt$16384$8$1$<salt in base64>$<hash in base64>"
MAX_MEMORY = 128 * 1024**2


@dataclass(frozen=True, slots=True)
class Secret:
    """A salted scrypt hash (RFC 7914) with its costs."""

    n: int
    r: int
    p: int
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)

    def matches(self, password: bytes) -> bool:
        computed = hashlib.scrypt(
            password, salt=self.salt, n=self.n, r=self.r, p=self.p,
            dklen=len(self.digest), maxmem=2 * MAX_MEMORY,
        )  # fmt: skip
        return hmac.compare_digest(computed, self.digest)

    def __str__(self) -> str:
        salt, digest = b64encode(self.salt).decode(), b64encode(self.digest).decode()
        return f"scrypt${self.n}${self.r}${self.p}${salt}${digest}"


_NOBODY = Secret(16384, 8, 1, b"nobody has this salt", bytes(32))


@dataclass(frozen=True, slots=True)
class Users:
    """Everybody who may authenticate."""

    secrets: Mapping[str, Secret]

    def verify(self, name: str, password: bytes) -> bool:
        """Whether the password is this user's. Takes tens of milliseconds by design."""
        secret = self.secrets.get(name)
        matches = (secret or _NOBODY).matches(password)
        return matches and secret is not None


def hash_password(password: bytes, salt: bytes, n: int = 16384, r: int = 8, p: int = 1) -> str:
    """The part of a line after the user name. `salt` is at least 16 random bytes."""
    digest = hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, dklen=32, maxmem=2 * MAX_MEMORY)
    return str(Secret(n, r, p, salt, digest))


def load_users(path: Path) -> Users:
    """Read a users file; empty lines and lines that begin with # say nothing. Raises Faults."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not valid UTF-8"
        raise Faults([Fault(str(path), 0, 0, reason, "check receive.users_file")]) from None
    secrets: dict[str, Secret] = {}
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, stored = line.strip().partition(":")
        secret = _secret(stored)
        if not _NAME.fullmatch(name) or secret is None:
            faults.append(Fault(str(path), number, 1, "not a user line", _HINT))
        elif name in secrets:
            faults.append(Fault(str(path), number, 1, "user named twice", "keep one of the two"))
        else:
            secrets[name] = secret
    if faults:
        raise Faults(faults)
    return Users(secrets)


def _secret(stored: str) -> Secret | None:
    parts = stored.split("$")
    if len(parts) != 6 or parts[0] != "scrypt":
        return None
    if not all(number.isascii() and number.isdigit() for number in parts[1:4]):
        return None
    n, r, p = (int(number) for number in parts[1:4])
    try:
        salt, digest = b64decode(parts[4], validate=True), b64decode(parts[5], validate=True)
    except ValueError:
        return None
    costs_fit = n > 1 and n & (n - 1) == 0 and r > 0 and 0 < p <= 16 and 128 * n * r <= MAX_MEMORY
    return Secret(n, r, p, salt, digest) if costs_fit and salt and len(digest) >= 16 else None

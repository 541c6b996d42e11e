"""What was read of an LDAP directory, kept as one file with the moment at which it was read.

Written whole or not at all, readable by the gateway alone. A file of another server, of another
format or cut short is no snapshot. Each entry is a line of its own, so that mail goes on while a
long file is read.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from datetime import datetime
from pathlib import Path

import msgspec

from gateway.model.fault import Fault, Faults
from gateway.releases.directories.json_text import read_bytes
from gateway.releases.directories.records import Account, Extract, Forwarding, Listing

_FORMAT = 2
_ACCOUNT, _LISTING = msgspec.json.Decoder(Account), msgspec.json.Decoder(Listing)
_FORWARDING = msgspec.json.Decoder(Forwarding)
NEVER_READ = "was never read"


def write_snapshot(path: Path, of: str, fetched: datetime, extract: Extract) -> None:
    """Keep what was read; `of` says of which server and by which searches. Raises OSError."""
    head = {
        "format": _FORMAT,
        "of": of,
        "fetched": fetched.isoformat(),
        "accounts": len(extract.accounts),
        "listings": len(extract.listings),
        "forwardings": len(extract.forwardings),
    }
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            for line in (head, *extract.accounts, *extract.listings, *extract.forwardings):
                file.write(msgspec.json.encode(line) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def read_snapshot(path: Path, of: str) -> tuple[datetime, Extract]:
    """When it was read, and what it says. Raises Faults."""
    if not path.exists():
        hint = "`gateway releases directory --read` reads it now; a running gateway does by itself"
        raise Faults([Fault(str(path), 0, 0, NEVER_READ, hint)])
    lines = read_bytes(path).splitlines()
    try:
        head = msgspec.json.decode(lines[0])
        if head["format"] != _FORMAT or head["of"] != of:
            hint = "`gateway releases directory --read` reads it now"
            raise Faults([Fault(str(path), 0, 0, "it was read from another server", hint)])
        fetched = datetime.fromisoformat(head["fetched"])
        people, lists = head["accounts"], head["listings"]
        forwardings = head["forwardings"]
        if min(people, lists, forwardings) < 0 or len(lines) != 1 + people + lists + forwardings:
            raise ValueError("cut short")
        accounts = tuple(map(_ACCOUNT.decode, lines[1 : 1 + people]))
        listings = tuple(map(_LISTING.decode, lines[1 + people : 1 + people + lists]))
        forwarded = tuple(map(_FORWARDING.decode, lines[1 + people + lists :]))
    except (
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        RecursionError,
        msgspec.MsgspecError,
    ):
        hint = "delete it; `gateway releases directory --read` makes it anew"
        raise Faults([Fault(str(path), 0, 0, "it is no snapshot of a directory", hint)]) from None
    if fetched.tzinfo is None:
        raise Faults([Fault(str(path), 0, 0, "it does not say when it was read")])
    return fetched, Extract(accounts, listings, forwarded)

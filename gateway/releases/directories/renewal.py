"""Reads an LDAP directory now and keeps what it says; the old snapshot stays where that fails."""

from __future__ import annotations

from datetime import datetime

from gateway.releases.directories.ldap import Unreadable, fetch
from gateway.releases.directories.reading import DirectoryFile
from gateway.releases.directories.records import Extract
from gateway.releases.directories.snapshot import write_snapshot


def renew(file: DirectoryFile, now: datetime) -> Extract:
    """What the directory says; it was asked at `now`. Raises Unreadable or OSError."""
    if file.server is None:
        raise Unreadable("it is a file, which its owner exports")
    extract = fetch(file.server)
    write_snapshot(file.path, file.server.described, now, extract)
    return extract

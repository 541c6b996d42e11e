"""The directories of a configuration -> what each says, or why it says nothing.

A directory that cannot be read never keeps the register from loading: nobody in it is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Callable, Iterable, Literal

from gateway.model.fault import Fault, Faults
from gateway.model.instant import lies_ahead
from gateway.model.people import Source
from gateway.releases.compiled import Compiled
from gateway.releases.directories.csv_export import read_csv
from gateway.releases.directories.extract_encoding import ExtractEncoding
from gateway.releases.directories.graph import read_graph
from gateway.releases.directories.joining import DirectoryReading
from gateway.releases.directories.json_text import read_bytes
from gateway.releases.directories.ldap import LdapServer
from gateway.releases.directories.records import Extract
from gateway.releases.directories.scim import read_scim
from gateway.releases.directories.snapshot import NEVER_READ, read_snapshot

Kind = Literal["ldap", "graph", "scim", "csv"]
_EXPORTS: dict[str, Callable[[bytes, str], Extract]] = {
    "graph": read_graph,
    "scim": read_scim,
    "csv": read_csv,
}
_EXTRACT = ExtractEncoding()


@dataclass(frozen=True, slots=True)
class DirectoryFile:
    """One directory: `path` is its export, or the snapshot of an LDAP `server`. It counts for
    `valid` after it was read, and answers for addresses of `domains`."""

    name: str
    kind: Kind
    path: Path
    valid: timedelta
    domains: frozenset[str] = field(default_factory=frozenset)
    server: LdapServer | None = None


def read_directories(
    files: Iterable[DirectoryFile], now: datetime, compiled: Compiled | None = None
) -> tuple[DirectoryReading, ...]:
    """What each says; none was read after `now`. An export was read when its file was last
    written; what `compiled` remembers of it is not read again."""
    compiled = compiled or Compiled()
    return tuple(_read(file, now, compiled) for file in files)


def _read(file: DirectoryFile, now: datetime, compiled: Compiled) -> DirectoryReading:
    source = Source(file.name, file.kind, str(file.path), file.domains)
    try:
        read, extract = _dated(file, compiled)
        _check_age(file, read, now)
    except Faults as found:
        return DirectoryReading(replace(source, fault=_in_short(found), faults=found.faults))
    return DirectoryReading(replace(source, read=read, until=read + file.valid), extract)


def _check_age(file: DirectoryFile, read: datetime, now: datetime) -> None:
    """Raises Faults where what was read would count for longer than anybody meant."""
    if lies_ahead(read, now):
        message = f"nobody can have read it at {read.isoformat(timespec='seconds')}"
        hint = "that is in the future; set the clock right, and export or read it again"
        raise Faults([Fault(str(file.path), 0, 0, message, hint)])


def _in_short(found: Faults) -> str:
    """Why nobody in it is known, as the end of a sentence about the directory."""
    why = found.faults[0].message
    if why == NEVER_READ:
        return why
    more = f", and {len(found.faults) - 1} more faults" if len(found.faults) > 1 else ""
    return f"cannot be read ({why}{more})"


def _dated(file: DirectoryFile, compiled: Compiled) -> tuple[datetime, Extract]:
    if file.server is not None:
        return read_snapshot(file.path, file.server.described)
    try:
        written = datetime.fromtimestamp(file.path.stat().st_mtime, UTC)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        hint = "check the path and its permissions"
        raise Faults([Fault(str(file.path), 0, 0, reason, hint)]) from None
    return written, _exported(file, compiled)


def _exported(file: DirectoryFile, compiled: Compiled) -> Extract:
    """Raises Faults."""
    name = str(file.path)
    return compiled.made(
        file.path, lambda: read_bytes(file.path), lambda raw: _EXPORTS[file.kind](raw, name),
        _EXTRACT, "directory", file.kind, name,
    )  # fmt: skip

"""The edge to an LDAP server: one connection, everything that lists need, and nothing else.

TLS is required unless the server is on loopback, and certificates are always verified. What is cut
short (a size limit, a page that fails) is no reading. `ldap3` is an extra: without it nothing is
read, and the directory counts as never read.
"""

from __future__ import annotations

import ssl
import stat
import time
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Callable, Iterator, Sequence
from urllib.parse import urlsplit

from gateway.model.fault import Fault, Faults
from gateway.releases.directories.json_text import MAX_ENTRIES
from gateway.releases.directories.ldap_entries import (
    GROUP_ATTRIBUTES,
    PEOPLE_ATTRIBUTES,
    Entry,
    ldap_extract,
)
from gateway.releases.directories.records import Extract

PEOPLE_FILTER = (
    "(|(objectClass=person)(objectClass=inetOrgPerson)(objectClass=contact)"
    "(objectClass=posixAccount)(mail=*))"
)
GROUPS_FILTER = (
    "(|(objectClass=group)(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)"
    "(objectClass=groupOfMembers)(objectClass=groupOfEntries)(objectClass=groupOfURLs)"
    "(objectClass=posixGroup)(objectClass=nisMailAlias)(objectClass=mailGroup)"
    "(objectClass=msExchDynamicDistributionList))"
)
_PAGE = 500
_PAGING = "1.2.840.113556.1.4.319"  # RFC 2696
_RANGES = 10_000
_LONGEST = 600.0
"""Seconds for everything together, so that a server which drips does not keep the keeper."""
_PORTS = {"ldap": 389, "ldaps": 636}
_LONGEST_PASSWORD = 1000

Search = Callable[[str, str, Sequence[str]], Iterator[Entry]]
"""(base, filter, attributes) -> the entries below the base; the base alone where there is no filter."""


@dataclass(frozen=True, slots=True)
class LdapServer:
    """Where a directory is, and what is asked of it. `url` is ldaps://HOST or ldap://HOST, the
    second of which is encrypted by StartTLS unless the host is on loopback."""

    url: str
    base: str
    bind_dn: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    people_filter: str = PEOPLE_FILTER
    groups_filter: str = GROUPS_FILTER
    timeout: float = 30.0

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def scheme(self) -> str:
        return urlsplit(self.url).scheme.lower()

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or _PORTS.get(self.scheme, 0)

    @property
    def loopback(self) -> bool:
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"

    @property
    def described(self) -> str:
        """What is read from where, so that a snapshot of something else is not taken for it."""
        return " ".join((self.url, self.base, self.people_filter, self.groups_filter))


class Unreadable(Exception):
    """The directory could not be read; the text says why, and holds nothing secret."""


def fetch(server: LdapServer) -> Extract:
    """Everybody and every list below the base. Raises Unreadable."""
    try:
        import ldap3
        from ldap3.core.exceptions import LDAPException
    except ImportError:
        raise Unreadable("the extra 'ldap' is not installed") from None
    try:
        password = read_password(server.password_file) if server.password_file else None
    except Faults as faults:
        raise Unreadable("; ".join(str(fault) for fault in faults.faults)) from None
    connection = None
    try:
        connection = _connected(ldap3, server, password)
        search = _search(ldap3, connection)
        people = list(search(server.base, server.people_filter, PEOPLE_ATTRIBUTES))
        groups = list(search(server.base, server.groups_filter, GROUP_ATTRIBUTES))
        if not people:
            raise Unreadable(f"there is nobody below {server.base}")
        return ldap_extract(people, [whole(group, search) for group in groups])
    except LDAPException as error:
        raise Unreadable(_plainly(error, server)) from None
    except (OSError, ssl.SSLError, ValueError) as error:
        raise Unreadable(str(error) or type(error).__name__) from None
    finally:
        if connection is not None:
            _quietly(connection.unbind)


def read_password(path: Path) -> str:
    """The password in a file that only its owner may read. Raises Faults."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or "cannot be read"
        raise Faults(
            [Fault(str(path), 0, 0, reason, "check the path and its permissions")]
        ) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        hint = f"chmod 600 {path}"
        raise Faults([Fault(str(path), 0, 0, "others than its owner may open it", hint)])
    password = text.rstrip("\r\n")
    if not password or "\n" in password or len(password) > _LONGEST_PASSWORD:
        raise Faults([Fault(str(path), 0, 0, "expected the password on one line")])
    return password


def _connected(ldap3: Any, server: LdapServer, password: str | None) -> Any:
    encrypted = server.scheme == "ldaps" or not server.loopback
    ca = str(server.ca_file) if server.ca_file else None
    seconds = max(1, round(server.timeout))
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=ca) if encrypted else None
    where = ldap3.Server(
        server.host, server.port, use_ssl=server.scheme == "ldaps", tls=tls,
        get_info=ldap3.NONE, connect_timeout=seconds,
    )  # fmt: skip
    connection = ldap3.Connection(
        where, user=server.bind_dn or None, password=password, authentication=None
        if server.bind_dn else ldap3.ANONYMOUS, receive_timeout=seconds, auto_range=False,
        check_names=False, raise_exceptions=True, read_only=True, auto_referrals=False,
    )  # fmt: skip
    connection.open()
    if encrypted and server.scheme == "ldap":
        connection.start_tls()
    connection.bind()
    return connection


def _search(ldap3: Any, connection: Any) -> Search:
    def answers(base: str, filter: str, attributes: Sequence[str]) -> Iterator[Any]:
        scope = ldap3.SUBTREE if filter else ldap3.BASE
        cookie = None
        while True:
            connection.search(
                base, filter or "(objectClass=*)", scope, attributes=list(attributes),
                paged_size=_PAGE if filter else None, paged_cookie=cookie,
            )  # fmt: skip
            result = connection.result
            if result["result"] != 0:
                raise Unreadable(f"the server answers {result['description']} for {base}")
            # References to other servers are not followed: what is there is not known.
            yield from (one for one in connection.response if one["type"] == "searchResEntry")
            paging = (result.get("controls") or {}).get(_PAGING, {}).get("value", {})
            cookie = paging.get("cookie")
            if not cookie:
                return

    end = time.monotonic() + _LONGEST

    def search(base: str, filter: str, attributes: Sequence[str]) -> Iterator[Entry]:
        for count, answer in enumerate(answers(base, filter, attributes), 1):
            if count > MAX_ENTRIES:
                raise Unreadable(f"it has more than {MAX_ENTRIES:,} entries; narrow base or filter")
            if time.monotonic() > end:
                raise Unreadable(f"it takes longer than {_LONGEST:.0f} seconds")
            yield _entry(answer)

    return search


def _entry(answer: Any) -> Entry:
    values = {
        name.lower(): tuple(value.decode("utf-8", "replace") for value in raw)
        for name, raw in answer["raw_attributes"].items()
    }
    return Entry(answer["dn"], values)


def whole(entry: Entry, search: Search) -> Entry:
    """The same entry with all values of what its server gives in ranges (`member;range=0-1499`).
    Raises Unreadable where a range is missing."""
    values = {name: tuple(one) for name, one in entry.values.items() if ";range=" not in name}
    for name in entry.values:
        attribute, ranged, bounds = name.partition(";range=")
        if not ranged:
            continue
        taken, rest = list(entry.values[name]), bounds.partition("-")[2]
        for _ in range(_RANGES):
            if rest == "*":
                break
            asked = f"{attribute};range={_after(rest)}-*"
            found = next(iter(search(entry.name, "", (asked,))), None)
            piece = next((n for n in found.values if ";range=" in n), None) if found else None
            if found is None or piece is None or not found.values[piece]:
                raise Unreadable(f"{entry.name}: the server gave only some of its members")
            taken += found.values[piece]
            rest = piece.partition(";range=")[2].partition("-")[2]
        else:
            raise Unreadable(f"{entry.name}: its members come in more than {_RANGES} pieces")
        values[attribute] = tuple(taken)
    return Entry(entry.name, values)


def _after(end: str) -> int:
    if not end.isdecimal():
        raise Unreadable("the server answers with ranges that cannot be read")
    return int(end) + 1


def _plainly(error: Exception, server: LdapServer) -> str:
    """What went wrong, for whoever has to mend it."""
    known = {
        "invalidCredentials": f"the server refuses the password of {server.bind_dn}",
        "noSuchObject": f"the server has no {server.base}",
        "insufficientAccessRights": f"{server.bind_dn or 'whoever gives no name'} may not read {server.base}",
    }
    said = " ".join(str(error).split())[:300]
    if said == "invalid server address":
        return f"nobody knows a server {server.host}"
    return known.get(getattr(error, "description", ""), said) or type(error).__name__


def _quietly(close: Callable[[], object]) -> None:
    try:
        close()
    except Exception:  # noqa: BLE001 - whatever it is, the reading is over
        return

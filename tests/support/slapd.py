"""A private OpenLDAP server on loopback, with a database of its own below one folder."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterable
from pathlib import Path

from support.postfix import free_port
from support.processes import wait_until

BASE = "dc=dept,dc=example"
BIND_DN, PASSWORD = f"cn=gateway,{BASE}", "a password for tests"
_SCHEMAS = ("core", "cosine", "nis", "inetorgperson", "dyngroup")
_DAEMON = "/usr/sbin/slapd"
_CONFIG = """\
{schemas}
attributetype ( 1.3.6.1.4.1.99999.1 NAME 'proxyAddresses' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
objectclass ( 1.3.6.1.4.1.99999.2 NAME 'mailRecipient' SUP top AUXILIARY
  MAY ( mail $ proxyAddresses ) )
pidfile {home}/pid
modulepath /usr/lib/ldap
moduleload back_mdb
{tls}
database mdb
suffix "{base}"
rootdn "{bind_dn}"
rootpw "{password}"
directory {home}/db
maxsize 104857600
access to * by users read by anonymous auth
"""


def missing() -> str | None:
    """Why it cannot be used here, or None."""
    return None if Path(_DAEMON).exists() else "slapd is not installed"


class Slapd:
    """One server with the given entries; `tls` are the files (authority, certificate, key)."""

    def __init__(
        self, home: Path, entries: Iterable[str], tls: tuple[Path, Path, Path] | None = None
    ):
        self.home = home
        self.port, self.tls_port = free_port(), free_port()
        self._entries = [_ROOT, *entries]
        self._tls = tls
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Slapd:
        (self.home / "db").mkdir(parents=True)
        config = self.home / "slapd.conf"
        schemas = "\n".join(f"include /etc/ldap/schema/{name}.schema" for name in _SCHEMAS)
        keys = ("TLSCACertificateFile", "TLSCertificateFile", "TLSCertificateKeyFile")
        tls = "\n".join(f"{key} {path}" for key, path in zip(keys, self._tls or (), strict=False))
        config.write_text(
            _CONFIG.format(
                schemas=schemas,
                home=self.home,
                tls=tls,
                base=BASE,
                bind_dn=BIND_DN,
                password=PASSWORD,
            )
        )
        ldif = self.home / "entries.ldif"
        ldif.write_text("\n\n".join(self._entries) + "\n")
        # slapadd is the daemon under another name.
        added = subprocess.run(
            ["slapadd", "-q", "-f", str(config), "-l", str(ldif)],
            executable=_DAEMON, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if added.returncode:
            raise RuntimeError(f"slapadd: {added.stderr}")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def start(self) -> None:
        urls = f"ldap://127.0.0.1:{self.port}/"
        if self._tls:
            urls += f" ldaps://127.0.0.1:{self.tls_port}/"
        self._process = subprocess.Popen(
            [_DAEMON, "-f", str(self.home / "slapd.conf"), "-h", urls, "-d", "0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_until(self._answers, "slapd listens")
        except AssertionError:
            self.stop()
            raise

    def _answers(self) -> bool:
        assert self._process is not None and self._process.poll() is None, "slapd has ended"
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1):
                return True
        except OSError:
            return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None


_ROOT = f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: dept\no: The Department"


def person(uid: str, name: str, *more: str, mail: str | None = "") -> str:
    """An entry of inetOrgPerson; without `mail` as UID@dept.example, with None without any."""
    given = "" if mail is None else f"\nmail: {mail or f'{uid}@dept.example'}"
    extra = "".join(f"\n{line}" for line in more)
    return (
        f"dn: uid={uid},{BASE}\nobjectClass: inetOrgPerson\nobjectClass: mailRecipient\nuid: {uid}\n"
        f"cn: {name}\nsn: {name.split()[-1]}{given}{extra}"
    )


def group(name: str, *members: str, mail: str | None = "", kind: str = "groupOfNames") -> str:
    """A list of the entries named by their first part, such as `uid=b.wood`."""
    key = "uniqueMember" if kind == "groupOfUniqueNames" else "member"
    given = "" if mail is None else f"\nmail: {mail or f'{name}@dept.example'}"
    listed = "".join(f"\n{key}: {one},{BASE}" for one in members)
    return (
        f"dn: cn={name},{BASE}\nobjectClass: {kind}\nobjectClass: mailRecipient\ncn: {name}"
        f"{given}{listed}"
    )

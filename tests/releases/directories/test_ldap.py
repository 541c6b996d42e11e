"""A real OpenLDAP server: nested and circular lists, thousands of members, TLS, and what fails."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from support import slapd
from support.postfix import free_port
from support.slapd import BASE, BIND_DN, PASSWORD, Slapd, group, person

from gateway.model.fault import Faults
from gateway.model.people import Directory
from gateway.releases.directories import DirectoryFile, joined, read_directories
from gateway.releases.directories.ldap import LdapServer, Unreadable, fetch, read_password
from gateway.releases.directories.renewal import renew
from gateway.releases.directories.snapshot import read_snapshot

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MANY = 2_000
ENTRIES = [
    person("b.wood", "Bela Wood", "proxyAddresses: smtp:bela.wood@dept.example", "title: Chief"),
    person("k.webb", "Kit Webb"),
    person("nobody", "No Address", mail=None),
    *(person(f"p{n}", f"Person P{n}") for n in range(MANY)),
    group("media", "uid=b.wood", "uid=k.webb"),
    group("outer", "cn=media", "cn=inner"),
    group("inner", "uid=k.webb", "cn=unseen", kind="groupOfUniqueNames"),
    group("unseen", "uid=p0", mail=None),
    group("round", "cn=about"),
    group("about", "cn=round"),
    group("lacking", "uid=nobody"),
    group("dangling", "uid=gone"),
    group("big", *(f"uid=p{n}" for n in range(MANY))),
]


@dataclass(frozen=True)
class Site:
    server: Slapd
    authority: Path

    def asked(self, url: str, password_file: Path) -> LdapServer:
        return LdapServer(url, BASE, BIND_DN, password_file, self.authority)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if slapd.missing():
        yield None  # type: ignore[misc]
        return
    folder = tmp_path_factory.mktemp("ldap")
    authority = trustme.CA()
    files = folder / "ca.pem", folder / "server.pem", folder / "server.key"
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(files[0])
    files[1].write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    certificate.private_key_pem.write_to_path(files[2])
    with Slapd(folder / "server", ENTRIES, files) as server:
        yield Site(server, files[0])


@pytest.fixture
def ldap(site: Site, needs: Callable[..., None], tmp_path: Path) -> Callable[..., LdapServer]:
    """How a server is asked: by a scheme, with a password."""
    needs("slapd")

    def asked(scheme: str = "ldap", password: str = PASSWORD) -> LdapServer:
        file = tmp_path / "password"
        file.write_text(password + "\n")
        file.chmod(0o600)
        port = site.server.tls_port if scheme == "ldaps" else site.server.port
        return site.asked(f"{scheme}://127.0.0.1:{port}", file)

    return asked


def directory(server: LdapServer, folder: Path) -> DirectoryFile:
    return DirectoryFile(
        "staff", "ldap", folder / "directories" / "staff.json", timedelta(hours=24),
        frozenset({"dept.example"}), server,
    )  # fmt: skip


def known(server: LdapServer, folder: Path) -> Directory:
    """Everybody, by way of the snapshot, as a gateway comes to know them."""
    file = directory(server, folder)
    renew(file, NOW)
    return joined(Directory(), read_directories([file], NOW))


def test_people_and_lists_of_a_server(ldap: Callable[..., LdapServer], tmp_path: Path) -> None:
    found = known(ldap(), tmp_path)
    bela = found.person_of["bela.wood@dept.example"]
    assert (bela.name, bela.title) == ("Bela Wood", "Chief")
    assert bela.addresses == ("b.wood@dept.example", "bela.wood@dept.example")
    groups = found.groups
    assert groups["media@dept.example"].members == ("b.wood@dept.example", "k.webb@dept.example")
    assert set(groups["outer@dept.example"].members) == {
        "b.wood@dept.example", "k.webb@dept.example", "p0@dept.example",
    }  # fmt: skip
    assert len(groups["big@dept.example"].members) == MANY
    assert {one: groups[f"{one}@dept.example"].fault for one in ("round", "about", "lacking")} == {
        "round": "it contains itself through about",
        "about": "it contains itself through round",
        "lacking": "a member has no address: No Address",
    }
    assert groups["dangling@dept.example"].fault == (
        f"a member is not in the directory: uid=gone,{BASE}"
    )
    assert groups["media@dept.example"].read == NOW
    assert groups["media@dept.example"].until == NOW + timedelta(hours=24)


def test_everything_comes_in_pages(
    ldap: Callable[..., LdapServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.releases.directories.ldap._PAGE", 7)
    assert len(fetch(ldap()).accounts) == MANY + 3


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [("MAX_ENTRIES", 100, "more than 100 entries"), ("_LONGEST", -1.0, "takes longer than")],
)
def test_a_directory_without_end_is_given_up(
    ldap: Callable[..., LdapServer], monkeypatch: pytest.MonkeyPatch, limit: str, value: float,
    said: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(f"gateway.releases.directories.ldap.{limit}", value)
    with pytest.raises(Unreadable, match=said):
        fetch(ldap())


def test_a_directory_over_tls(ldap: Callable[..., LdapServer]) -> None:
    assert len(fetch(ldap("ldaps")).accounts) == MANY + 3


def test_tls_is_begun_on_a_server_elsewhere(
    ldap: Callable[..., LdapServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LdapServer, "loopback", False)
    assert len(fetch(ldap()).accounts) == MANY + 3


@pytest.mark.parametrize("scheme", ["ldap", "ldaps"])
def test_a_certificate_of_nobody_we_trust_is_refused(
    ldap: Callable[..., LdapServer], scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LdapServer, "loopback", False)
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    with pytest.raises(Unreadable, match="certificate verify failed"):
        fetch(replace(ldap(scheme), ca_file=other))


def test_a_certificate_for_another_name_is_refused(ldap: Callable[..., LdapServer]) -> None:
    server = ldap("ldaps")
    with pytest.raises(Unreadable, match=r"certificate|hostname"):
        fetch(replace(server, url=server.url.replace("127.0.0.1", "localhost")))


def test_a_wrong_password_is_told_and_never_shown(ldap: Callable[..., LdapServer]) -> None:
    with pytest.raises(Unreadable) as caught:
        fetch(ldap(password="not the password"))
    assert str(caught.value) == f"the server refuses the password of {BIND_DN}"


def test_a_base_that_is_not_there_is_told(ldap: Callable[..., LdapServer]) -> None:
    with pytest.raises(Unreadable, match="the server has no dc=elsewhere,dc=example"):
        fetch(replace(ldap(), base="dc=elsewhere,dc=example"))


def test_whoever_may_read_nothing_is_told(ldap: Callable[..., LdapServer]) -> None:
    with pytest.raises(Unreadable, match="whoever gives no name may not read"):
        fetch(replace(ldap(), bind_dn="", password_file=None))


def test_a_search_that_finds_nobody_is_no_reading(ldap: Callable[..., LdapServer]) -> None:
    with pytest.raises(Unreadable, match="there is nobody below"):
        fetch(replace(ldap(), people_filter="(cn=nobody at all)"))


@pytest.mark.parametrize("filter", ["(mail=*", "mail", "((", "(&(mail=*)(|)"])
def test_a_filter_that_is_none_is_told(ldap: Callable[..., LdapServer], filter: str) -> None:
    with pytest.raises(Unreadable):
        fetch(replace(ldap(), people_filter=filter))


def test_a_server_that_cannot_be_reached_changes_nothing(
    ldap: Callable[..., LdapServer], tmp_path: Path
) -> None:
    file = directory(ldap(), tmp_path)
    renew(file, NOW)
    before = file.path.read_bytes()
    assert file.server is not None
    away = replace(file, server=replace(file.server, url=f"ldap://127.0.0.1:{free_port()}"))
    with pytest.raises(Unreadable, match="refused"):
        renew(away, NOW + timedelta(hours=1))
    assert file.path.read_bytes() == before
    assert read_snapshot(file.path, file.server.described)[0] == NOW


def test_a_snapshot_is_whole_and_its_owners_alone(
    ldap: Callable[..., LdapServer], tmp_path: Path
) -> None:
    file = directory(ldap(), tmp_path)
    extract = renew(file, NOW)
    assert file.server is not None
    assert read_snapshot(file.path, file.server.described) == (NOW, extract)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert [one.name for one in file.path.parent.iterdir()] == ["staff.json"]
    assert PASSWORD.encode() not in file.path.read_bytes()


def test_without_its_library_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ldap3", None)
    with pytest.raises(Unreadable, match="the extra 'ldap' is not installed"):
        fetch(LdapServer("ldap://127.0.0.1:1", BASE))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_password_that_others_may_read_is_refused(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("secret\n")
    path.chmod(mode)
    with pytest.raises(Faults, match="others than its owner"):
        read_password(path)
    with pytest.raises(Unreadable, match="chmod 600") as caught:
        fetch(LdapServer("ldap://127.0.0.1:1", BASE, BIND_DN, path))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n", "one\ntwo\n", "x" * 1001])
def test_a_password_is_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(Faults, match="on one line"):
        read_password(path)

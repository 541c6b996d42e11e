"""Entries of LDAP directories of several makes, and members that come in ranges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from gateway.releases.directories.ldap import Unreadable, whole
from gateway.releases.directories.ldap_entries import Entry, ldap_extract, same_name
from gateway.releases.directories.records import Listing

BELA = Entry(
    "CN=Bela Wood,OU=People,DC=dept,DC=example",
    {
        "objectclass": ("top", "person", "user"),
        "displayname": ("Wood, Bela",),
        "mail": ("b.wood@dept.example",),
        "proxyaddresses": ("smtp:bela@dept.example", "SMTP:b.wood@dept.example", "X500:/o=x"),
        "title": ("Chief Economist",),
        "department": ("Prices",),
        "useraccountcontrol": ("512",),
        "primarygroupid": ("513",),
        "uid": ("bwood",),
        "gidnumber": ("1000",),
    },
)


def group(kind: str = "group", **values: Sequence[str]) -> Entry:
    named = {name.lower(): tuple(one) for name, one in values.items()}
    return Entry(
        "cn=Media,dc=dept,dc=example",
        {"objectclass": (kind,), "cn": ("Media",), "mail": ("media@dept.example",), **named},
    )


def the_list(*groups: Entry, people: Sequence[Entry] = (BELA,)) -> Listing:
    return ldap_extract(people, groups).listings[-1]


def test_a_person_of_active_directory() -> None:
    (found,) = ldap_extract([BELA], []).accounts
    assert found.addresses == ("b.wood@dept.example", "bela@dept.example")
    assert (found.name, found.title, found.organisation) == (
        "Wood, Bela", "Chief Economist", "Prices",
    )  # fmt: skip


def test_names_are_compared_without_case_and_needless_spaces() -> None:
    assert same_name("CN=Bela Wood , OU = People,DC=dept") == "cn=bela wood,ou=people,dc=dept"
    assert same_name(r"cn=Wood\, Bela,dc=x") != same_name("cn=Wood,cn=Bela,dc=x")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("group", {"member": ("cn=bela wood, ou=People, dc=dept,dc=EXAMPLE",)}),
        ("groupOfNames", {"member": (BELA.name,)}),
        ("groupOfUniqueNames", {"uniqueMember": (f"{BELA.name}#'0101'B",)}),
        ("group", {"primaryGroupToken": ("513",)}),
    ],
)
def test_members_by_name(kind: str, values: dict[str, Any]) -> None:
    found = the_list(group(kind, **values))
    assert found.members == (same_name(BELA.name),)
    assert not found.fault


def test_members_of_a_posix_group_are_those_of_its_number_as_well() -> None:
    found = the_list(group("posixGroup", memberUid=("kwebb",), gidNumber=("1000",)))
    assert found.members == ("uid=kwebb", same_name(BELA.name))


def test_mail_aliases_name_addresses_and_what_is_none_is_no_member() -> None:
    found = the_list(group("nisMailAlias", rfc822MailMember=("K@dept.example", "root")))
    assert found.members == ("k@dept.example", "alias root")


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("groupOfURLs", {"memberURL": ("ldap:///dc=x??sub?(mail=*)",)}, "it is dynamic"),
        ("msExchDynamicDistributionList", {}, "it is dynamic"),
        ("groupOfNames", {"labeledURI": ("ldap:///dc=x??sub",)}, "it is dynamic"),
        ("group", {"owner": (BELA.name,)}, "it names its owner and no members"),
    ],
)
def test_lists_whose_members_are_not_written_down(
    kind: str, values: dict[str, Any], said: str
) -> None:
    assert said in the_list(group(kind, **values)).fault


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"userAccountControl": ("514",)}, "switched off"),
        ({"msExchRecipientTypeDetails": ("4",)}, "a shared mailbox"),
        ({"msExchRecipientTypeDetails": ("34359738368",)}, "a shared mailbox"),
        ({"msExchRecipientTypeDetails": ("16",)}, "the mailbox of a room"),
    ],
)
def test_accounts_that_are_nobodys_own(values: dict[str, Any], said: str) -> None:
    entry = Entry(BELA.name, {**BELA.values, **{k.lower(): v for k, v in values.items()}})
    found = the_list(people=[entry])
    assert found.mailbox and said in found.fault


def test_a_list_that_only_the_search_for_people_finds_has_no_known_members() -> None:
    found = the_list(people=[group()])
    assert found.fault == "the filter for groups does not find it"


def test_a_list_that_both_searches_find_is_one_list() -> None:
    one = group(member=(BELA.name,))
    found = ldap_extract([BELA, one], [one])
    assert (len(found.accounts), len(found.listings)) == (1, 1)


# ---- ranges


class Server:
    """Gives members in pieces, as Active Directory does with more than 1,500."""

    def __init__(self, members: Sequence[str], piece: int) -> None:
        self.members, self.piece = members, piece
        self.asked: list[str] = []

    def values(self, start: int) -> dict[str, Sequence[str]]:
        end = start + self.piece
        last = "*" if end >= len(self.members) else str(end - 1)
        return {f"member;range={start}-{last}": tuple(self.members[start:end])}

    def search(self, base: str, filter: str, attributes: Sequence[str]) -> Iterator[Entry]:
        assert not filter
        self.asked += attributes
        start = int(attributes[0].partition("=")[2].partition("-")[0])
        yield Entry(base, self.values(start))


def test_members_in_ranges_are_all_fetched() -> None:
    members = [f"cn=p{n}" for n in range(3_500)]
    server = Server(members, 1_500)
    found = whole(Entry("cn=big", {"member": (), **server.values(0)}), server.search)
    assert found.values == {"member": tuple(members)}
    assert server.asked == ["member;range=1500-*", "member;range=3000-*"]


def test_a_list_without_ranges_is_as_it_is() -> None:
    one = group(member=("cn=a",))
    assert whole(one, Server((), 1).search) == one


@pytest.mark.parametrize("answer", [None, {}, {"member;range=2-*": ()}, {"member": ("x",)}])
def test_a_range_that_is_missing_makes_the_directory_unreadable(answer: Any) -> None:
    def search(base: str, filter: str, attributes: Sequence[str]) -> Iterator[Entry]:
        if answer is not None:
            yield Entry(base, answer)

    with pytest.raises(Unreadable, match="only some of its members"):
        whole(Entry("cn=big", {"member;range=0-1": ("a", "b")}), search)


@pytest.mark.parametrize("bounds", ["", "0", "0-x", "0--1"])
def test_a_range_without_sense_makes_the_directory_unreadable(bounds: str) -> None:
    with pytest.raises(Unreadable):
        whole(Entry("cn=big", {f"member;range={bounds}": ("a",)}), Server((), 1).search)


def test_a_server_that_never_comes_to_an_end_is_given_up() -> None:
    def search(base: str, filter: str, attributes: Sequence[str]) -> Iterator[Entry]:
        yield Entry(base, {"member;range=0-0": ("again",)})

    with pytest.raises(Unreadable, match="more than 10000 pieces"):
        whole(Entry("cn=big", {"member;range=0-0": ("again",)}), search)

"""Exports of Microsoft Graph, SCIM and tables: what they say, and when they are not relied on."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from gateway.model.fault import Faults
from gateway.releases.directories.csv_export import csv_extract, read_csv
from gateway.releases.directories.graph import graph_extract, read_graph
from gateway.releases.directories.json_text import MAX_ENTRIES
from gateway.releases.directories.records import Extract, Listing, addresses
from gateway.releases.directories.scim import read_scim, scim_extract


def the_list(extract: Extract) -> Listing:
    (found,) = extract.listings
    return found


def messages(caught: pytest.ExceptionInfo[Faults]) -> list[str]:
    return [fault.message for fault in caught.value.faults]


def test_the_usual_address_is_the_one_that_exchange_writes_in_capitals() -> None:
    proxies = ["smtp:b@dept.example", "SMTP:A@dept.example", "sip:s@dept.example", "x500:/o=x@y"]
    assert addresses("b@dept.example", *proxies, None, 3) == ("a@dept.example", "b@dept.example")


# ---- Microsoft Graph

USER = {
    "@odata.type": "#microsoft.graph.user",
    "id": "u1",
    "displayName": "Bela Wood",
    "mail": "b.wood@dept.example",
    "proxyAddresses": ["smtp:bela@dept.example", "SMTP:b.wood@dept.example"],
    "otherMails": ["bela@mail.example"],
    "userPrincipalName": "wood@tenant.example",
    "jobTitle": "Chief Economist",
    "department": "Prices",
    "accountEnabled": True,
}


def group(**changes: Any) -> dict[str, Any]:
    return {"id": "g1", "displayName": "Media", "mail": "media@dept.example", **changes}


def graph(*groups: dict[str, Any], users: Any = (USER,)) -> Extract:
    return graph_extract({"users": list(users), "groups": list(groups)}, "staff.json")


def test_graph_people_have_their_addresses_at_work_alone() -> None:
    (found,) = graph().accounts
    assert found.addresses == ("b.wood@dept.example", "bela@dept.example")
    assert (found.name, found.title, found.organisation) == (
        "Bela Wood", "Chief Economist", "Prices",
    )  # fmt: skip


@pytest.mark.parametrize(
    "members",
    [["u1", "u2"], [{"id": "u1"}, {"id": "u2"}], {"value": [{"id": "u1"}, {"id": "u2"}]}],
)
def test_graph_members_are_ids_objects_or_a_page(members: Any) -> None:
    assert the_list(graph(group(members=members))).members == ("u1", "u2")


def test_graph_members_that_only_the_group_knows_are_people_too() -> None:
    guest = {
        "@odata.type": "#microsoft.graph.user", "id": "x", "displayName": "Nell Frost",
        "mail": "n.frost@other.example",
    }  # fmt: skip
    found = graph(group(members=[guest, {"@odata.type": "#microsoft.graph.orgContact", "id": "c"}]))
    assert [one.addresses for one in found.accounts[1:]] == [("n.frost@other.example",), ()]


def test_graph_as_powershell_writes_it() -> None:
    member = {"Id": "x", "AdditionalProperties": {
        "@odata.type": "#microsoft.graph.user", "displayName": "Kit Webb", "mail": "k@dept.example",
    }}  # fmt: skip
    value = {"Users": [], "Groups": [{"Id": "g", "Mail": "m@dept.example", "Members": [member]}]}
    found = graph_extract(value, "staff.json")
    assert found.accounts[0].addresses == ("k@dept.example",)
    assert the_list(found).members == ("x",)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"members": [], "groupTypes": ["Unified", "DynamicMembership"]}, "it is dynamic"),
        ({"members": [], "membershipRule": "(user.department -eq 1)"}, "it is dynamic"),
        ({}, "the export has no members of it"),
        ({"owners": [{"id": "u1"}]}, "names its owners and no members"),
        ({"members": {"value": [], "@odata.nextLink": "https://x"}}, "only some of its members"),
        ({"members": ["u1"], "members@odata.nextLink": "https://x"}, "only some of its members"),
        ({"members": [{"id": str(n)} for n in range(20)]}, "where $expand cuts off"),
        ({"members": "System.Object[]"}, "its members are not a list"),
        (
            {"members": [{"@odata.type": "#microsoft.graph.device", "id": "d"}]},
            "of a kind that is not understood: device",
        ),
        ({"members": [{"displayName": "x"}]}, "of a kind that is not understood: no id"),
        ({"members": [None]}, "of a kind that is not understood: no id"),
    ],
)
def test_graph_groups_whose_members_are_not_all_there(changes: dict[str, Any], said: str) -> None:
    assert said in the_list(graph(group(**changes))).fault


def test_graph_a_page_of_twenty_members_is_whole() -> None:
    members = {"value": [{"id": str(n)} for n in range(20)]}
    assert not the_list(graph(group(members=members))).fault


def test_graph_an_account_that_is_switched_off_is_a_mailbox_of_nobody() -> None:
    found = graph(users=[{**USER, "accountEnabled": False}])
    assert not found.accounts
    assert the_list(found).mailbox and "switched off" in the_list(found).fault


def test_graph_says_everything_that_is_wrong_at_once() -> None:
    with pytest.raises(Faults) as caught:
        graph(group(id=None), group(), group(mail="x@dept.example"), users=["u1", USER, USER, {}])
    assert messages(caught) == [
        "groups entry 1: it has no 'id'",
        "groups entry 3: the id g1 is another entry's already",
        "users entry 1: it has no 'id'",
        "users entry 4: it has no 'id'",
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "neither users nor groups"),
        ({"value": []}, "neither users nor groups"),
        ({"users": {"value": [], "@odata.nextLink": "https://x"}}, "stops after its first page"),
    ],
)
def test_graph_files_that_are_not_whole_say_nothing(value: Any, said: str) -> None:
    with pytest.raises(Faults, match=said):
        graph_extract(value, "staff.json")


# ---- SCIM

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SCIM_USER = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
    "id": "2819c223",
    "userName": "bwood",
    "name": {"formatted": "Ms Bela Wood", "familyName": "Wood", "givenName": "Bela"},
    "displayName": "Bela Wood",
    "title": "Chief Economist",
    "emails": [
        {"value": "bela@mail.example", "type": "home"},
        {"value": "bela@dept.example", "type": "work"},
        {"value": "b.wood@dept.example", "type": "work", "primary": True},
    ],
    "active": True,
    ENTERPRISE: {"department": "Prices", "organization": "Office"},
}
SCIM_GROUP = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    "id": "e9e30dba",
    "displayName": "media@dept.example",
    "members": [{"value": "2819c223", "$ref": "https://x/Users/2819c223", "type": "User"}],
}


def scim(*resources: Any, **more: Any) -> Extract:
    return scim_extract({"Resources": list(resources), **more}, "scim.json")


def test_scim_users_and_groups() -> None:
    found = scim(SCIM_USER, SCIM_GROUP, totalResults=2)
    (user,) = found.accounts
    assert user.addresses == ("b.wood@dept.example", "bela@dept.example")
    assert (user.name, user.title, user.organisation) == (
        "Bela Wood", "Chief Economist", "Prices",
    )  # fmt: skip
    assert the_list(found).addresses == ("media@dept.example",)
    assert the_list(found).members == ("2819c223",)


@pytest.mark.parametrize(
    "place",
    [
        {"email": "media@dept.example"},
        {"emails": [{"value": "media@dept.example"}]},
        {"urn:example:params:scim:schemas:extension:group": {"mail": "media@dept.example"}},
    ],
)
def test_scim_groups_have_addresses_in_extensions(place: dict[str, Any]) -> None:
    found = the_list(scim({**SCIM_GROUP, "displayName": "Media", **place}))
    assert (found.name, found.addresses) == ("Media", ("media@dept.example",))


def test_scim_users_and_groups_of_their_own() -> None:
    value = {"Users": {"Resources": [SCIM_USER]}, "Groups": [SCIM_GROUP]}
    found = scim_extract(value, "scim.json")
    assert (len(found.accounts), len(found.listings)) == (1, 1)


def test_scim_who_is_not_active_has_a_mailbox_of_nobody() -> None:
    assert the_list(scim({**SCIM_USER, "active": False})).mailbox


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"members": None}, "the export has no members of it"),
        ({"members": [{"display": "x"}]}, "not understood: no value"),
        ({"members": [{"value": "d", "type": "Device"}]}, "not understood: Device"),
    ],
)
def test_scim_groups_whose_members_are_not_known(changes: dict[str, Any], said: str) -> None:
    assert said in the_list(scim({**SCIM_GROUP, **changes})).fault


def test_scim_a_page_is_not_the_whole() -> None:
    with pytest.raises(Faults, match="it has 1 of 500 entries"):
        scim(SCIM_USER, totalResults=500, itemsPerPage=1, startIndex=1)


def test_scim_needs_ids() -> None:
    with pytest.raises(Faults) as caught:
        scim({**SCIM_USER, "id": 7}, SCIM_GROUP, {**SCIM_GROUP, "members": []})
    assert messages(caught) == [
        "Resources entry 1: it has no 'id'",
        "Resources entry 3: the id e9e30dba is another entry's already",
    ]


# ---- tables

EXCHANGE = """\
#TYPE Selected.System.Management.Automation.PSCustomObject
"GroupName","GroupEmail","DisplayName","PrimarySmtpAddress","RecipientType","EmailAddresses"
"Media","media@dept.example","Kit Webb","k.webb@dept.example","UserMailbox","SMTP:k.webb@dept.example smtp:kit@dept.example"
"Media","media@dept.example","Inner","inner@dept.example","MailUniversalDistributionGroup",""
"Inner","inner@dept.example","Ivo Flint","i.flint@dept.example","MailUser",""
"""


def by_address(extract: Extract) -> dict[str, Listing]:
    return {one.addresses[0]: one for one in extract.listings}


def test_a_table_as_exchange_exports_it() -> None:
    found = csv_extract(EXCHANGE, "lists.csv")
    lists = by_address(found)
    assert lists["media@dept.example"].members == ("k.webb@dept.example", "inner@dept.example")
    assert lists["inner@dept.example"].members == ("i.flint@dept.example",)
    assert lists["inner@dept.example"].place == "line 5"
    assert [one.addresses for one in found.accounts] == [
        ("k.webb@dept.example", "kit@dept.example"), ("i.flint@dept.example",),
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("heads", [("list", "email"), ("Distribution Group", "Member")])
def test_columns_are_found_by_their_heads(delimiter: str, heads: tuple[str, str]) -> None:
    table = f"{delimiter.join(heads)}\nA@dept.example{delimiter}B@dept.example\n\n"
    assert by_address(csv_extract(table, "x"))["a@dept.example"].members == ("b@dept.example",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("l@dept.example,,Kit Webb,", "a member has no address: Kit Webb"),
        ("l@dept.example,,,", "a member has no address: line 2"),
        ("l@dept.example,k webb,,", "a member has an address that cannot be read, on line 2"),
        ("l@dept.example,d@dept.example,D,DynamicDistributionGroup", "not understood: Dynamic"),
        ("l@dept.example,p@dept.example,P,PublicFolder", "not understood: PublicFolder"),
        ("l@dept.example,i@dept.example,I,MailUniversalSecurityGroup", ""),
        ("l@dept.example,s@dept.example,S,SharedMailbox", "not understood: SharedMailbox"),
    ],
)
def test_members_of_a_table_that_are_not_understood(row: str, said: str) -> None:
    found = by_address(csv_extract(f"group,email,name,type\n{row}\n", "x"))
    assert said in found["l@dept.example"].fault and bool(said) == bool(
        found["l@dept.example"].fault
    )
    if not said:  # an inner list of which the table has no rows
        assert "none of its members" in found["i@dept.example"].fault


def test_a_row_of_no_list_makes_the_whole_table_unreadable() -> None:
    """Some list lacks a member, and nobody can tell which."""
    table = "group,email\nl@dept.example,a@dept.example\nMedia,b@dept.example\n,c@dept.example\n"
    with pytest.raises(Faults) as caught:
        csv_extract(table, "x.csv")
    assert [(fault.line, fault.message) for fault in caught.value.faults] == [
        (3, "the list's address is missing: Media"),
        (4, "no list is named"),
    ]


def test_a_table_without_its_columns_says_which_are_missing() -> None:
    with pytest.raises(Faults, match="no column for the group and the member"):
        csv_extract("name,office\nx,y\n", "x.csv")
    with pytest.raises(Faults, match="no column for the member"):
        csv_extract("group\nl@dept.example\n", "x.csv")
    with pytest.raises(Faults, match="no column"):
        csv_extract("", "x.csv")


def test_a_quote_that_is_never_closed_is_no_table() -> None:
    with pytest.raises(Faults, match="not a table"):
        csv_extract('group,email\nl@dept.example,"a@dept.example\n', "x.csv")


# ---- hostile files


@pytest.mark.parametrize("read", [read_graph, read_scim])
@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"[" * 200_000 + b"]" * 200_000, "not valid JSON"),
        (b'{"users":' * 100_000, "not valid JSON"),
        (b'{"users": [', "not valid JSON"),
        (b"", "not valid JSON"),
        (b"\xff\xfe{", "not valid UTF-8|not valid JSON"),
        (b'{"users": ["\x80"]}', "not valid UTF-8"),
        (b"null", "neither users nor groups"),
        (b'"users"', "neither users nor groups"),
    ],
)
def test_a_hostile_file_is_a_fault(read: Any, raw: bytes, said: str) -> None:
    with pytest.raises(Faults, match=said) as caught:
        read(raw, "staff.json")
    assert all(fault.file == "staff.json" for fault in caught.value.faults)


def test_files_of_windows_are_read() -> None:
    value = json.dumps({"users": [USER], "groups": []})
    for coding in ("utf-8-sig", "utf-16"):
        assert read_graph(value.encode(coding), "staff.json").accounts == graph().accounts
        lists = EXCHANGE.encode(coding)
        assert read_csv(lists, "lists.csv") == csv_extract(EXCHANGE, "lists.csv")


def test_too_many_entries_are_a_fault() -> None:
    entry = "l@dept.example,a@dept.example\n"
    with pytest.raises(Faults, match="more than 500,000 rows"):
        csv_extract("group,email\n" + entry * (MAX_ENTRIES + 1), "x.csv")


def test_a_hundred_thousand_members_are_read_in_a_second() -> None:
    rows = "".join(f"l{n // 1000}@dept.example,p{n}@dept.example\n" for n in range(100_000))
    started = time.process_time()
    found = csv_extract(f"group,email\n{rows}", "x.csv")
    assert sum(len(one.members) for one in found.listings) == 100_000
    assert time.process_time() - started < 1.5

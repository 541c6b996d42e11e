"""Where mail goes on to, as directories of every kind say it; what cannot be read is a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.lists import IN_WINDOW, appointed, ask, release

from gateway.model.fault import Faults
from gateway.model.people import Directory, Forward, Source
from gateway.releases.directories import DirectoryReading, joined
from gateway.releases.directories.csv_export import csv_extract
from gateway.releases.directories.graph import graph_extract
from gateway.releases.directories.ldap_entries import Entry, ldap_extract
from gateway.releases.directories.records import Extract
from gateway.releases.directories.scim import scim_extract
from gateway.releases.directories.snapshot import read_snapshot, write_snapshot

BELA, KIT, HOME = "b.wood@dept.example", "k.webb@dept.example", "bela@webmail.example"
KIT_OF_GRAPH = {"id": "u2", "displayName": "Kit Webb", "mail": KIT}


def among(extract: Extract) -> Directory:
    return joined(Directory(), [DirectoryReading(Source("staff", "graph", "staff.json"), extract)])


def forward(extract: Extract, address: str = BELA) -> Forward | None:
    return among(extract).forwards.get(address)


def graph(rules: Any = None, **said: Any) -> Extract:
    user = {"id": "u1", "displayName": "Bela Wood", "mail": BELA, **said}
    more = {} if rules is None else {"inboxRules": rules}
    return graph_extract({"users": [user, KIT_OF_GRAPH], "groups": [], **more}, "staff.json")


def rule(**said: Any) -> dict[str, Any]:
    return {"displayName": "on leave", "isEnabled": True, **said}


def recipient(address: str) -> dict[str, Any]:
    return {"emailAddress": {"name": "X", "address": address}}


@pytest.mark.parametrize(
    ("said", "to"),
    [
        ({"ForwardingSmtpAddress": "smtp:" + HOME}, HOME),
        ({"forwardingSmtpAddress": "SMTP:Bela@Webmail.Example"}, HOME),
        ({"ForwardingAddress": "u2"}, KIT),
        ({"ForwardingAddress": KIT_OF_GRAPH}, KIT),
        ({"messageRules": [rule(actions={"forwardTo": [recipient(HOME)]})]}, HOME),
        ({"messageRules": {"value": [rule(actions={"redirectTo": [recipient(HOME)]})]}}, HOME),
        ({"messageRules": [rule(actions={"forwardAsAttachmentTo": [recipient(HOME)]})]}, HOME),
        ({"InboxRules": [{"Enabled": True, "ForwardTo": [f'"B" [SMTP:{HOME}]']}]}, HOME),
        ({"InboxRules": [{"Enabled": True, "ForwardTo": f'"{HOME}" [SMTP:{HOME}]'}]}, HOME),
        ({"messageRules": [rule(actions=[{"forwardTo": [recipient(HOME)]}])]}, HOME),
        ({"InboxRules": {"Enabled": True, "ForwardTo": HOME}}, HOME),
        ({"forwardTo": f"Bela Wood <{BELA}>; Bela at home <{HOME}>"}, HOME),
        ({"forwardTo": f"Bela Wood <{BELA}>, {HOME}"}, HOME),
    ],
)
def test_forwarding_in_an_export_of_graph_or_exchange(said: Any, to: str) -> None:
    assert forward(graph(**said)) == Forward((to,), "staff")


@pytest.mark.parametrize(
    "said",
    [
        {"ForwardingSmtpAddress": None, "ForwardingAddress": ""},
        {"messageRules": [], "DeliverToMailboxAndForward": False},
        {"messageRules": [rule(actions={"moveToFolder": "f1", "stopProcessingRules": True})]},
        {"messageRules": [rule(isEnabled=False, actions={"forwardTo": [recipient(HOME)]})]},
        {"InboxRules": [{"Enabled": "False", "ForwardTo": HOME}]},
        {"InboxRules": [{"Enabled": True, "ForwardTo": None, "RedirectTo": []}]},
        {"ForwardingSmtpAddress": "smtp:" + BELA},
    ],
)
def test_what_forwards_nothing_keeps_nothing_from_anybody(said: Any) -> None:
    assert forward(graph(**said)) is None


@pytest.mark.parametrize(
    "said",
    [
        {"ForwardingSmtpAddress": "smtp:not an address@"},
        {"ForwardingSmtpAddress": 7},
        {"ForwardingAddress": "dept.example/People/Somebody Else"},
        {"ForwardingAddress": {"unknown": "x"}},
        {"messageRules": "forward everything"},
        {"messageRules": [rule(actions={"forwardTo": [{"emailAddress": {"name": "B"}}]})]},
        {"InboxRules": [{"Enabled": True, "ForwardTo": ['"B" [EX:/o=dept/cn=b]']}]},
        {"forwardTo": f'"B" [EX:/o=dept/cn=b]; "Kit Webb" [SMTP:{KIT}]'},
        {"forwardTo": f"Somebody; Kit Webb <{KIT}>"},
        {"messageRules": {"value": [], "@odata.nextLink": "https://x.example/2"}},
        {"messageRules": ["@{isEnabled=True; actions=}"]},
        {"messageRules": [rule(actions="@{forwardTo=System.Object[]}")]},
    ],
)
def test_a_value_that_cannot_be_read_lets_nobody_in_and_is_named(said: Any) -> None:
    known = among(graph(**said))
    (fault,) = known.sources[0].faults
    assert f"users entry 1: {BELA} is on no list: its mail is forwarded, and" in fault.message
    assert not ask(release(appointed(BELA)), BELA, IN_WINDOW, among=known).allowed


def test_rules_of_all_inboxes_name_the_mailbox_each() -> None:
    given = {"value": [{"mailbox": BELA, "Enabled": True, "RedirectTo": HOME}]}
    assert forward(graph(given)) == Forward((HOME,), "staff")
    assert forward(graph(given["value"][0])) == Forward((HOME,), "staff")
    with pytest.raises(Faults) as caught:
        graph([{"Enabled": True, "RedirectTo": HOME}])
    assert "inboxRules entry 1: whose inbox it is cannot be read" in str(caught.value)


def test_a_section_that_is_no_list_is_not_taken_for_an_empty_one() -> None:
    with pytest.raises(Faults) as caught:
        graph("@{mailbox=b.wood}")
    assert "inboxrules: neither a list nor a page" in str(caught.value)


def ldap(**said: Any) -> Extract:
    values = {name.lower(): (value,) for name, value in said.items()}
    classes = {"objectclass": ("person",)}
    bela = {**classes, "cn": ("Bela Wood",), "uid": ("bwood",), "mail": (BELA,), **values}
    kit = {**classes, "cn": ("Kit Webb",), "mail": (KIT,)}
    return ldap_extract([Entry("cn=b,dc=dept", bela), Entry("CN=Kit,DC=dept", kit)], [])


@pytest.mark.parametrize(
    ("said", "to"),
    [
        ({"altRecipient": "cn=kit, dc=dept"}, KIT),
        ({"msExchGenericForwardingAddress": f"SMTP:{HOME}"}, HOME),
        ({"mailForwardingAddress": HOME}, HOME),
        ({"zimbraPrefMailForwardingAddress": f"{HOME}, {KIT}"}, f"{HOME} {KIT}"),
        ({"mailRoutingAddress": HOME}, HOME),
        ({"maildrop": KIT}, KIT),
        ({"targetAddress": f"SMTP:{HOME}"}, HOME),
    ],
)
def test_forwarding_in_a_directory_server(said: Any, to: str) -> None:
    assert forward(ldap(**said)) == Forward(tuple(to.split()), "staff")


@pytest.mark.parametrize(
    "said",
    [
        {"mailAlternateAddress": "bela@dept.example"},
        {"mailRoutingAddress": "bwood@store1.dept.example"},
        {"mailRoutingAddress": BELA},
        {"maildrop": "bwood"},
        {"targetAddress": "SMTP:b.wood@tenant.mail.onmicrosoft.com"},
        {"mailRoutingAddress": "b.wood@dept.example.test-google-a.com"},
    ],
)
def test_an_alias_or_the_server_that_keeps_the_mailbox_is_no_other_place(said: Any) -> None:
    assert forward(ldap(**said)) is None


@pytest.mark.parametrize(
    "said", [{"altRecipient": "cn=gone,dc=dept"}, {"maildrop": '"|/usr/bin/relay"'}]
)
def test_a_server_that_names_nobody_lets_nobody_in(said: Any) -> None:
    found = forward(ldap(**said))
    assert found is not None and found.fault


def scim(**said: Any) -> Extract:
    user = {"id": "1", "userName": "bwood", "emails": [{"value": BELA}], **said}
    return scim_extract({"totalResults": 1, "Resources": [user]}, "scim.json")


@pytest.mark.parametrize(
    "said",
    [
        {"urn:dept:mail": {"forwardingAddress": HOME}},
        {"urn:dept:mail": {"forward_to": [{"value": HOME}]}},
        {"forwardTo": [HOME]},
    ],
)
def test_forwarding_in_an_extension_of_scim(said: Any) -> None:
    assert forward(scim(**said)) == Forward((HOME,), "staff")


HEAD = "group,member,name,forward_to,ForwardingSmtpAddress\n"


def table(*rows: str) -> Extract:
    return csv_extract(HEAD + "".join(f"{row}\n" for row in rows), "lists.csv")


def test_forwarding_in_a_table() -> None:
    row = f"m@dept.example,{BELA},Bela Wood"
    assert forward(table(f"{row},{HOME},")) == Forward((HOME,), "staff")
    assert forward(table(f"{row},,smtp:{HOME}")) == Forward((HOME,), "staff")
    assert forward(table(f"{row},,")) is None
    both = table(f"{row},{KIT},", f"n@dept.example,{BELA},,{HOME},")
    assert forward(both) == Forward((KIT, HOME), "staff")
    unread = forward(table(f"{row},somewhere else,"))
    assert unread is not None and "'somewhere else' is not in the directory" in unread.fault


def test_a_table_of_mailboxes_has_no_lists() -> None:
    head = "DisplayName,PrimarySmtpAddress,RecipientTypeDetails,ForwardingAddress,ForwardingSmtpAddress\n"
    rows = (
        f"Bela Wood,{BELA},UserMailbox,,smtp:{HOME}\n"
        f"Kit Webb,{KIT},UserMailbox,,\n"
        f"Press,press@dept.example,SharedMailbox,,smtp:{HOME}\n"
    )
    extract = csv_extract(head + rows, "mailboxes.csv")
    assert forward(extract) == forward(extract, "press@dept.example") == Forward((HOME,), "staff")
    assert forward(extract, KIT) is None
    known = among(extract)
    assert {person.name for person in known.people.values()} == {"Bela Wood", "Kit Webb"}
    subject = release(appointed("press@dept.example"), appointed(KIT))
    assert ask(subject, KIT, IN_WINDOW, among=known).allowed
    asked = ask(subject, "press@dept.example", IN_WINDOW, among=known)
    assert "Nobody knows who reads it" in asked.sentence
    with pytest.raises(Faults, match="the mailbox has no address: Kit Webb"):
        csv_extract(head + "Kit Webb,,UserMailbox,,\n", "mailboxes.csv")


def test_two_directories_that_forward_elsewhere_both_count() -> None:
    readings = [
        DirectoryReading(Source(name, "graph", "x"), graph(ForwardingSmtpAddress=to))
        for name, to in (("one", HOME), ("other", KIT))
    ]
    assert joined(Directory(), readings).forwards[BELA].targets == (HOME, KIT)


def test_a_snapshot_keeps_where_mail_goes_on_to(tmp_path: Path) -> None:
    extract = ldap(mailForwardingAddress=HOME)
    write_snapshot(tmp_path / "staff.json", "x", IN_WINDOW, extract)
    assert read_snapshot(tmp_path / "staff.json", "x")[1] == extract

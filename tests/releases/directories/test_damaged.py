"""Whatever an export holds, it is read or it is a fault; nothing in it keeps the lists from loading."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.fault import Faults
from gateway.model.people import Directory, Source
from gateway.releases.directories import DirectoryReading, joined
from gateway.releases.directories.csv_export import csv_extract
from gateway.releases.directories.graph import graph_extract
from gateway.releases.directories.ldap_entries import Entry, ldap_extract
from gateway.releases.directories.records import Extract
from gateway.releases.directories.scim import scim_extract

SOURCE = Source(
    "x", "graph", "x.json", frozenset({"dept.example"}), datetime(2026, 1, 1, tzinfo=UTC)
)
KEYS = st.sampled_from(
    "id mail displayName members value proxyAddresses groupTypes owners @odata.type users groups"
    " Resources emails userName type active additionalProperties name totalResults email".split()
)
SCALARS = st.sampled_from(
    ["", "1", "2", "a@dept.example", "SMTP:b@dept.example", "x" * 300, "\x1b[31m", "user", None,
     True, False, 0, -1, 1.5, 10**30, "#microsoft.graph.user", "#microsoft.graph.group"]
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5)
)
ENTRIES = st.dictionaries(KEYS, VALUES, max_size=6)
TOPS = st.fixed_dictionaries(
    {}, optional={key: VALUES | st.lists(ENTRIES, max_size=4)
                  for key in ("users", "groups", "contacts", "Resources", "totalResults")}
)  # fmt: skip


def known(extract: Extract) -> Directory:
    found = joined(Directory(), [DirectoryReading(SOURCE, extract)])
    for group in found.groups.values():
        assert bool(group.fault) != bool(group.members)
        assert group.fault.isprintable()
    for fault in found.sources[0].faults:
        assert fault.message.isprintable()
    return found


@pytest.mark.parametrize("extract", [graph_extract, scim_extract])
@given(value=TOPS | VALUES)
def test_any_json(extract: Callable[[Any, str], Extract], value: Any) -> None:
    with contextlib.suppress(Faults):
        known(extract(value, "x.json"))


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["a@dept.example", "b@dept.example", "", "x", '"', "\n", "UserMailbox"]
            ),
            max_size=5,
        ).map(",".join),
        max_size=6,
    ).map("\n".join),
    st.sampled_from(["group,member", "group;email;type", "list\tname\tmail", ""]),
)
def test_any_table(rows: str, head: str) -> None:
    with contextlib.suppress(Faults):
        known(csv_extract(f"{head}\n{rows}", "x.csv"))


ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        "objectclass mail member uniquemember memberuid memberurl useraccountcontrol gidnumber cn"
        " primarygrouptoken primarygroupid rfc822mailmember owner uid".split()
    ),
    st.lists(
        st.sampled_from(
            ["cn=a", "cn=b", "CN=A ", "a@dept.example", "1", "²", "group", "person", "\x00", ""]
        ),
        max_size=3,
    ),
)
LDAP = st.lists(
    st.builds(Entry, st.sampled_from(["cn=a", "cn=b", "cn=c", ""]), ATTRIBUTES), max_size=4
)


@given(LDAP, LDAP)
def test_any_entries(people: list[Entry], groups: list[Entry]) -> None:
    known(ldap_extract(people, groups))

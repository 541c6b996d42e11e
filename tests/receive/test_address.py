"""Paths are taken by the grammar or not at all, and never respelt."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.receive.address import Mailbox, parse_mailbox, parse_path

ATEXT = "abcXYZ019!#$%&'*+/=?^_`{|}~-"
atoms = st.text(ATEXT, min_size=1, max_size=12)
dotted = st.lists(atoms, min_size=1, max_size=4).map(".".join)
quoted = st.lists(
    st.one_of(st.sampled_from(" !#@<>:,;()[]a.Z~"), st.sampled_from(['\\"', "\\\\", "\\ ", "\\a"])),
    max_size=12,
).map(lambda parts: '"' + "".join(parts) + '"')
labels = st.from_regex(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,10}[a-zA-Z0-9])?", fullmatch=True)
domains = st.lists(labels, min_size=1, max_size=4).map(".".join)
literals = st.one_of(
    st.ip_addresses(v=4).map(lambda ip: f"[{ip}]"),
    st.ip_addresses(v=6).map(lambda ip: f"[IPv6:{ip}]"),
)


@given(st.one_of(dotted, quoted), st.one_of(domains, literals))
def test_every_mailbox_of_the_grammar_is_taken_and_kept_as_spelt(local: str, domain: str) -> None:
    assert parse_mailbox(f"{local}@{domain}") == Mailbox(local, domain)
    assert parse_path(f"<{local}@{domain}>") == (f"{local}@{domain}", "")
    assert parse_path(f"<@relay.example,@two.example:{local}@{domain}> RET=FULL X=1") == (
        f"{local}@{domain}",
        "RET=FULL X=1",
    )


@given(st.text(max_size=60))
def test_nothing_taken_can_break_a_line_or_leave_its_brackets(text: str) -> None:
    for path in (
        text,
        f"<{text}>",
        f"<{text}@dept.example>",
        f"<x@{text}>",
        f'<"{text}"@dept.example>',
    ):
        parsed = parse_path(path)
        if parsed is not None:
            mailbox = parsed[0]
            assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029]", mailbox)
            assert mailbox == "" or mailbox.lower() == "postmaster" or parse_mailbox(mailbox)
            assert len(mailbox.encode()) <= 254


@pytest.mark.parametrize(
    "path",
    [
        "", "a@dept.example", "<a@dept.example", "a@dept.example>", "<a@dept.example>>", "<<a@dept.example>>",
        "<a>", "<@dept.example>", "<a@>", "<a@@dept.example>", "<a b@dept.example>", "<a@dept..example>",
        "<a@.dept.example>", "<a@dept.example.>", "<.a@dept.example>", "<a.@dept.example>", "<a..b@dept.example>",
        "<a@-dept.example>", "<a@dept-.example>", '<"a@dept.example>', '<"a"b@dept.example>', '<"a\\"@dept.example>',
        "<a@[192.0.2.1>", "<a@[192.0.2.256]>", "<a@[IPv6:zz]>", "<a@[2001:db8::1]>", "<a@dept.example>X=1",
        "<a@dept.example>\tX=1", "<a\r\n@dept.example>", "<a\0@dept.example>", '<"a\nb"@dept.example>',
        "<a(comment)@dept.example>", "A Writer <a@dept.example>", "<@relay.example:>", "<relay.example:a@dept.example>",
    ],
)  # fmt: skip
def test_what_is_no_path_is_refused(path: str) -> None:
    assert parse_path(path) is None


def test_the_null_path_and_postmaster_need_no_domain() -> None:
    assert parse_path("<>") == ("", "")
    assert parse_path(" <PostMaster> NOTIFY=NEVER") == ("PostMaster", "NOTIFY=NEVER")


def test_lengths_are_those_of_the_standard_in_octets() -> None:
    assert parse_mailbox("a" * 65 + "@dept.example")
    assert not parse_mailbox("a" * 250 + "@dept.example")
    assert parse_mailbox("é" * 32 + "@dept.example")
    assert not parse_mailbox("é" * 125 + "@dept.example")
    long_domain = ".".join(["a" * 61] * 4)  # 247 octets
    assert parse_mailbox(f"{'a' * 6}@{long_domain}")
    assert not parse_mailbox(f"{'a' * 7}@{long_domain}")
    assert not parse_mailbox(f"a@{'b' * 64}.example")


def test_a_hostile_path_costs_no_time() -> None:
    for path in (
        "<" + "a-" * 6000 + "@",
        "<@" + "a-" * 6000,
        '<"' + "\\a" * 6000,
        "<" + "a." * 6000 + ">",
    ):
        assert parse_path(path) is None

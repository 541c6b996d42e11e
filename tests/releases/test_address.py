"""One mailbox has one spelling, and nothing else shares it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.address import domain_of, is_usable, normalise_address, normalise_domain

PIECES = st.one_of(
    st.sampled_from('aB@.."\\<>+ßİſé。＠\u200b\ud800\n[]Σ\u0345-_ ?'),
    st.sampled_from(["e\u0301", "xn--", "dept.example", "münchen", "unusable:", "x" * 70, "(at)"]),
)
ADDRESSES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join), st.emails())


@given(ADDRESSES)
def test_normalising_twice_is_normalising_once(address: str) -> None:
    once = normalise_address(address)
    assert normalise_address(once) == once


@given(st.text(max_size=12), st.text(max_size=12))
def test_what_is_written_beyond_ascii_equals_nobody_in_ascii(local: str, domain: str) -> None:
    for address in (f"{local}@dept.example", f"a.person@{domain}example"):
        normal = normalise_address(address)
        kept = address.strip(" \t<>").isascii()
        assert (
            kept
            or not is_usable(normal)
            or not normal.isascii()
            or "@xn--" in normal
            or ".xn--" in normal
        )


def test_no_single_character_beyond_ascii_stands_for_one_of_ascii() -> None:
    like_ascii = (
        chr(number)
        for number in range(0x80, 0x110000)
        if unicodedata.normalize("NFKC", chr(number)).casefold().isascii()
    )
    for character in like_ascii:
        local, domain = normalise_address(f"a{character}@x"), normalise_domain(f"a{character}.x")
        assert "@" not in local or not local.isascii()
        assert not domain or domain.startswith("xn--")


@given(ADDRESSES)
def test_a_usable_address_has_a_domain_and_an_unusable_one_has_none(address: str) -> None:
    normal = normalise_address(address)
    assert is_usable(normal) == bool(domain_of(address))
    assert normal.isprintable()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A.Person@Dept.Example", "a.person@dept.example"),
        ("a.person@dept.example.", "a.person@dept.example"),
        ("<a.person@dept.example>", "a.person@dept.example"),
        (" a.person@dept.example\t", "a.person@dept.example"),
        ('"a.person"@dept.example', "a.person@dept.example"),
        (r'"a\.per\son"@dept.example', "a.person@dept.example"),
        ("a..b@dept.example", '"a..b"@dept.example'),
        ("j@MÜNCHEN.example", "j@xn--mnchen-3ya.example"),
        ("j@XN--MNCHEN-3YA.example", "j@münchen.example"),
        ("JOSÉ@dept.example", "jose\u0301@dept.example"),
    ],
)
def test_spellings_of_one_mailbox_are_equal(one: str, other: str) -> None:
    assert normalise_address(one) == normalise_address(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.person+tag@dept.example", "a.person@dept.example"),
        ("aperson@dept.example", "a.person@dept.example"),
        ("straße@dept.example", "strasse@dept.example"),
        ("j@straße.example", "j@strasse.example"),
        ("ſmith@dept.example", "smith@dept.example"),
        ("а.person@dept.example", "a.person@dept.example"),  # a Cyrillic first letter
        ("a.person@dept.example.org", "a.person@dept.example"),
        ("a.person\u200b@dept.example", "a.person@dept.example"),
        ("@other.example:a.person@dept.example", "a.person@dept.example"),
        ("a.person@dept.example, b@dept.example", "b@dept.example"),
        ("Person <a.person@dept.example>", "a.person@dept.example"),
        ("a.person@dept.example\n", "a.person@dept.example"),
        ("\u212aim@dept.example", "kim@dept.example"),  # the Kelvin sign
        ("\u212aöster@dept.example", "köster@dept.example"),
        ('"\u212aim"@dept.example', "kim@dept.example"),
        ("a\u1fefb@dept.example", "a`b@dept.example"),  # the Greek varia
        ("j@dept。example", "j@dept.example"),
        ("j@ｄept.example", "j@dept.example"),
        ("j@dept.example\u200b", "j@dept.example"),
        ("j@de\u00adpt.example", "j@dept.example"),
        ("j@ﬁsh.example", "j@fish.example"),
        ("j@mün①.example", "j@mün1.example"),
    ],
)
def test_what_only_resembles_an_address_is_another_one(one: str, other: str) -> None:
    assert normalise_address(one) != normalise_address(other)


@pytest.mark.parametrize(
    "address",
    [
        "nobody", "@dept.example", "a@", "a@b@dept.example", "a b@dept.example", "a@-dept.example",
        "a@dept..example", "a@☃.example", "a@" + "x." * 200 + "example", "\ud800@dept.example",
        "a@\ud800.example", "a\x00@dept.example", "a@[not a literal]", "x" * 2000 + "@dept.example",
    ],
)  # fmt: skip
def test_what_is_no_address_equals_nobody(address: str) -> None:
    assert not is_usable(normalise_address(address))
    assert domain_of(address) == ""


def test_the_null_reverse_path_stays_null() -> None:
    assert normalise_address("<>") == normalise_address("") == ""


def test_an_unusable_address_cannot_be_forged_into_a_usable_one() -> None:
    assert not is_usable(normalise_address(normalise_address("a@b@dept.example")))
    assert is_usable(normalise_address("unusable@dept.example"))

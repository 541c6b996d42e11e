"""Addresses that are taken for one on the list: each kind, and what is no resemblance at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from support.lists import IN_WINDOW, appointed, directory, person, register, release

from gateway.decide.likeness import NearMiss, near_misses
from gateway.model.address import normalise_address
from gateway.model.likeness import LikeWords
from gateway.model.people import Directory, Mailbox
from gateway.model.release import Release

LIST = release(
    appointed("terry.moss@dept.example"),
    appointed("k.webb@dept.example"),
    appointed("n.frost@stats.other.example"),
    production_team=frozenset({"s.field@dept.example"}),
    quality_assurers=frozenset({"q.stone@dept.example"}),
)
LIKE = LikeWords(posts=frozenset({"duty", "press", "desk"}), twins=(frozenset({"dfe", "defra"}),))
DOMAINS = {"dept.example": "internal", "webmail.example": "webmail", "other.example": "government"}


def found(
    address: str, subject: Release = LIST, among: Directory | None = None
) -> tuple[NearMiss, ...]:
    known = register(subject, directory=among or Directory(), like=LIKE, domains=DOMAINS)
    return near_misses(known, subject, address, IN_WINDOW)


def strongest(address: str, subject: Release = LIST, among: Directory | None = None) -> NearMiss:
    return found(address, subject, among)[0]


@pytest.mark.parametrize(
    "address, kind, sentence",
    [
        ("tery.moss@dept.example", "address",
         "tery.moss@dept.example differs by one letter from terry.moss@dept.example, who is on the"
         " list as “Media Officer”."),
        ("trery.moss@dept.example", "address",
         "trery.moss@dept.example differs by one letter from terry.moss@dept.example, who is on the"
         " list as “Media Officer”."),
        ("terri.moos@dept.example", "address",
         "terri.moos@dept.example differs by two letters from terry.moss@dept.example, who is on the"
         " list as “Media Officer”."),
        ("k.web@dept.example", "address",
         "k.web@dept.example differs by one letter from k.webb@dept.example, who is on the list as"
         " “Media Officer”."),
        ("s.feild@dept.example", "address",
         "s.feild@dept.example differs by one letter from s.field@dept.example, who is in the"
         " production team."),
        ("q.stone2@dept.example", "address",
         "q.stone2@dept.example differs by a number from q.stone@dept.example, who is a quality"
         " assurer of this release."),
        ("moss.terry@dept.example", "address",
         "moss.terry@dept.example has the names in the other order of terry.moss@dept.example, who is"
         " on the list as “Media Officer”."),
        ("terry-moss@dept.example", "address",
         "terry-moss@dept.example has the same letters, set apart in another way, as"
         " terry.moss@dept.example, who is on the list as “Media Officer”."),
        ("k.webb@dpet.example", "address",
         "k.webb@dpet.example is at dpet.example, which differs by one letter from the domain of"
         " k.webb@dept.example, who is on the list as “Media Officer”."),
        ("Terry.Moss+stats@dept.example", "tag",
         "terry.moss+stats@dept.example has a +tag, so that it is not terry.moss@dept.example, who is"
         " on the list as “Media Officer”."),
        ("terry.moss@mail.dept.example", "subdomain",
         "terry.moss@mail.dept.example is at mail.dept.example, a part of the domain of"
         " terry.moss@dept.example, who is on the list as “Media Officer”."),
        ("n.frost@other.example", "superdomain",
         "n.frost@other.example is at other.example, above the domain of n.frost@stats.other.example,"
         " who is on the list as “Media Officer”."),
        ("terry.m0ss@dept.example", "confusable",
         "terry.m0ss@dept.example looks like terry.moss@dept.example, who is on the list as “Media"
         " Officer”, but its letters or digits are others."),
        ("terry.rnoss@dept.example", "confusable",
         "terry.rnoss@dept.example looks like terry.moss@dept.example, who is on the list as “Media"
         " Officer”, but its letters or digits are others."),
        ("terry.mоss@dept.example", "confusable",
         "terry.mоss@dept.example looks like terry.moss@dept.example, who is on the list as “Media"
         " Officer”, but its “о” is the Cyrillic small letter o and no “o”."),
        ("terry.moss@dеpt.example", "confusable",
         "terry.moss@xn--dpt-rdd.example looks like terry.moss@dept.example, who is on the list as"
         " “Media Officer”, but its “е” is the Cyrillic small letter ie and no “e”."),
        ("somebody.else@dеpt.example", "confusable",
         "somebody.else@xn--dpt-rdd.example is at dеpt.example, which looks like dept.example, where"
         " people on the list are."),
        ("terry.moss@another.example", "surname",
         "terry.moss@another.example has the name of terry.moss@dept.example, who is on the list as"
         " “Media Officer”; a namesake is not on the list."),
        ("t.moss@dept.example", "surname",
         "t.moss@dept.example may have the name of terry.moss@dept.example, who is on the list as"
         " “Media Officer”; a namesake is not on the list."),
        ("toni.moss@another.example", "surname",
         "toni.moss@another.example has the surname of terry.moss@dept.example, who is on the list as"
         " “Media Officer”."),
    ],
)  # fmt: skip
def test_each_resemblance_is_said_with_both_sides(address: str, kind: str, sentence: str) -> None:
    near = strongest(address)
    assert (near.kind, near.sentence) == (kind, sentence)


@pytest.mark.parametrize(
    "address",
    [
        "colleague@dept.example",
        "toni.moss@dept.example",  # a colleague with a common surname
        "m.wood@dept.example",
        "k.bell@dept.example",
        "terry.hall@dept.example",
        "kim@another.example",
        "unusable:address",
        "",
    ],
)
def test_ordinary_colleagues_resemble_nobody(address: str) -> None:
    assert found(address) == ()


def test_another_initial_is_another_person_and_hardly_a_resemblance() -> None:
    near = strongest("l.webb@dept.example")
    assert (near.kind, near.confidence) == ("surname", "low")


@pytest.mark.parametrize(
    "address", ["k.webb@dept.example", "K.WEBB@DEPT.EXAMPLE", "s.field@dept.example"]
)
def test_who_is_on_the_list_resembles_nobody(address: str) -> None:
    assert found(address) == ()


def test_a_listed_persons_other_address_is_on_the_list_and_its_lookalike_is_not() -> None:
    known = directory(person("kit", "k.webb@dept.example", "webbk@agency.example"))
    assert found("webbk@agency.example", among=known) == ()
    assert strongest("wedbk@agency.example", among=known).resembles == "webbk@agency.example"


def test_who_is_only_not_yet_in_is_on_the_list() -> None:
    subject = release(appointed("a.reed@dept.example"), appointed("a.reid@dept.example"), declaration_required=True)  # fmt: skip
    assert found("a.reed@dept.example", subject) == ()


def test_nobody_resembles_somebody_whose_place_has_ended_or_who_has_left() -> None:
    over = release(appointed("terry.moss@dept.example", ends=date(2020, 5, 31)))
    assert found("tery.moss@dept.example", over) == ()
    left = directory(person("t", "terry.moss@dept.example", left=date(2020, 5, 31)))
    assert found("tery.moss@dept.example", LIST, left) == ()


def test_a_mailbox_that_only_people_on_the_list_read_is_resembled_too() -> None:
    box = Mailbox("press.desk@dept.example", ("k.webb@dept.example", "terry.moss@dept.example"))
    known = Directory(mailboxes={box.address: box})
    near = strongest("press.desk@other.example", among=known)
    assert (near.kind, near.sentence) == (
        "post",
        "press.desk@other.example has the same words before the @ as press.desk@dept.example, which"
        " people on the list read; the same post in another place is not on the list.",
    )
    wider = replace(box, readers=(*box.readers, "somebody@dept.example"))
    assert found("press.desk@other.example", among=Directory(mailboxes={box.address: wider})) == ()


def test_departments_with_similar_acronyms_are_named() -> None:
    subject = release(appointed("a.wren@dfe.example"))
    near = strongest("b.crane@defra.example", subject)
    assert (near.kind, near.sentence) == (
        "twin-department",
        "b.crane@defra.example is at defra.example (DEFRA), easily taken for dfe.example (DFE),"
        " where people on the list are.",
    )
    both = release(appointed("a.wren@dfe.example"), appointed("c.lark@defra.example"))
    assert found("b.crane@defra.example", both) == ()


def test_capitals_and_spellings_of_one_address_are_no_resemblance() -> None:
    assert found(normalise_address("Terry.Moss@Dept.Example.")) == ()


def test_a_department_is_known_by_the_initials_of_its_name_too() -> None:
    subject = release(appointed("a.wren@dfe.example"))
    known = directory(
        person("bo", "bo.crane@nature.example", organisation="Department for Food, Rivers and Air")
    )
    like = LikeWords(twins=(frozenset({"dfe", "dfra"}),))
    (near,) = near_misses(
        register(subject, directory=known, like=like), subject, "bo.crane@nature.example", IN_WINDOW
    )
    assert "nature.example (DFRA), easily taken for dfe.example (DFE)" in near.sentence


@pytest.mark.parametrize("domain", ["wales.example", "dept-b.example", "work.example"])
def test_departments_whose_names_differ_are_no_twins(domain: str) -> None:
    subject = release(appointed("a.wren@labour.example"))
    assert found(f"b.crane@{domain}", subject) == ()


def test_a_domain_is_not_told_of_twice() -> None:
    assert [near.kind for near in found("k.webb@dpet.example")] == ["address"]
    assert [near.kind for near in found("someone@dpet.example")] == ["confusable"]

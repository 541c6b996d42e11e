"""Changes of what holds for every list are told in words as well, before they are approved."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from gateway.model.people import Absence, Delegation, Directory, Group, Mailbox, Person
from gateway.model.register import Register, SyntheticFile
from gateway.model.roster import Exclusion
from gateway.releases.directory_comparison import ELSEWHERE, common_differences

WOOD = Person("wood", "Bela Wood", ("b.wood@dept.example",), "Chief Economist")
BEFORE = Directory({"wood": WOOD})


def told(old: Directory, new: Directory) -> list[str]:
    return list(common_differences(Register(directory=old), Register(directory=new)))


def test_people_who_are_new_changed_or_gone() -> None:
    ash = Person("ash", "Dell Ash", ("d.ash@dept.example", "dell@dept.example"))
    assert told(BEFORE, Directory({"wood": WOOD, "ash": ash})) == [
        "Dell Ash is new: d.ash@dept.example and dell@dept.example."
    ]
    assert told(BEFORE, Directory()) == ["Bela Wood is gone."]
    other = replace(WOOD, addresses=(*WOOD.addresses, "bela@webmail.example"), title="Adviser")
    assert told(BEFORE, Directory({"wood": other})) == [
        "Bela Wood: addresses: new: bela@webmail.example.",
        "Bela Wood: title: now Adviser, before Chief Economist.",
    ]


def test_a_mailbox_with_another_reader_is_told() -> None:
    press = Mailbox("press@dept.example", ("k.webb@dept.example",))
    more = replace(press, readers=(*press.readers, "x@dept.example"), all_must_be_listed=False)
    old, new = (replace(BEFORE, mailboxes={press.address: box}) for box in (press, more))
    assert told(BEFORE, old) == [
        "The mailbox press@dept.example is new: read by k.webb@dept.example."
    ]
    assert told(old, new) == [
        "The mailbox press@dept.example: readers: new: x@dept.example.",
        "The mailbox press@dept.example: all must be listed: now no, before yes.",
    ]


def test_exclusions_and_synthetic_files_that_come_and_go() -> None:
    barred = Exclusion(
        "v.pike@dept.example", date(2017, 11, 1), date(2018, 11, 1), "breach", "INC-7"
    )
    file = SyntheticFile("0" * 64, "Invented firms", "lab@dept.example", date(2027, 3, 31))
    full = Register(exclusions=(barred,), synthetic={file.sha256: file})
    assert common_differences(Register(), full) == (
        "v.pike@dept.example is barred from every list from 1 November 2017 until the start of"
        " 1 November 2018 (breach, INC-7).",
        "The synthetic file “Invented firms” (000000000000…) is new: lab@dept.example answers for"
        " it until 31 March 2027.",
    )
    assert common_differences(full, Register()) == (
        "v.pike@dept.example is no longer barred from every list from 1 November 2017 until the"
        " start of 1 November 2018 (breach, INC-7).",
        "The synthetic file “Invented firms” (000000000000…) is gone.",
    )


OTHERWISE = {
    "people": {},
    "mailboxes": {"a@dept.example": Mailbox("a@dept.example", ("b@dept.example",))},
    "groups": {"a@dept.example": Group("a@dept.example", ("b@dept.example",))},
    "delegations": (Delegation("b.wood@dept.example", "a@dept.example"),),
    "absences": (Absence("b.wood@dept.example", date(2020, 1, 1), date(2020, 1, 2)),),
    "complete": True,
}


WRITTEN = [f.name for f in fields(Directory) if f.compare and f.name not in ELSEWHERE]


@pytest.mark.parametrize("name", WRITTEN)
def test_whatever_differs_something_is_said(name: str) -> None:
    changed = replace(BEFORE, **{name: OTHERWISE[name]})
    assert told(BEFORE, changed) and told(changed, BEFORE)
    assert told(changed, changed) == []

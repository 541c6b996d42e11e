"""The regulator's breaches of a line each: the sentence that says whom the recipient was taken for.

The lists are those of `end_to_end/department`; everybody in them is invented.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from gateway.decide.likeness import Lookalikes, NearMiss
from gateway.releases import load_register

TESTS = Path(__file__).resolve().parents[2]
REGISTER = load_register(TESTS / "end_to_end" / "department", None, "Europe/London")
LOOKALIKES = Lookalikes(REGISTER)
MORNING_BEFORE = datetime.fromisoformat("2026-11-16T09:40:00+00:00")


def found(address: str, release: str = "jobs-2026") -> tuple[NearMiss, ...]:
    return LOOKALIKES.near_misses(REGISTER.releases[release], address, MORNING_BEFORE)


@pytest.mark.parametrize(
    "address, kind, sentence",
    [
        # Autofill chose the same post in another department.
        ("e.carr@wales.example", "post",
         "The list says “Deputy Director, Labour Market Policy” of Department for Work, held by"
         " h.moor@work.example; the directory says that e.carr@wales.example is “Deputy Director,"
         " Labour Market Policy” of Department of Wales. The same post in another department is not on"
         " the list."),
        # A namesake in another organisation.
        ("h.moor@wales.example", "surname",
         "h.moor@wales.example has the name of h.moor@work.example, who is on the list as “Deputy"
         " Director, Labour Market Policy”; a namesake is not on the list."),
        ("r.moor@wales.example", "surname",
         "r.moor@wales.example has the surname of h.moor@work.example, who is on the list as “Deputy"
         " Director, Labour Market Policy”."),
        # The previous post-holder, because the list was cloned.
        ("j.lund@work.example", "previous-holder",
         "j.lund@work.example was “Deputy Director, Labour Market Policy” until 31 January 2024; now"
         " it is h.moor@work.example who is “Deputy Director, Labour Market Policy”."),
        # A role-changer left on the list.
        ("p.rook@work.example", "role-changer",
         "The list says that p.rook@work.example is “Media Officer”; the directory says that they were"
         " that before and are “Head of Visitor Services” now."),
        # A similar title.
        ("g.hale@work.example", "title",
         "The list says “Deputy Director, Labour Market Policy”, held by h.moor@work.example; the"
         " directory says that g.hale@work.example is “Head of Labour Market Policy”. A title that"
         " resembles one on the list is not on the list."),
    ],
)  # fmt: skip
def test_each_is_explained_in_one_readable_sentence(address: str, kind: str, sentence: str) -> None:
    near = found(address)[0]
    assert (near.kind, near.sentence) == (kind, sentence)


def test_who_is_on_one_list_is_taken_for_nobody_on_it_and_may_be_on_the_other() -> None:
    assert found("a.birch@treasury.example") == ()
    assert found("a.birch@treasury.example", "prices-2026") == ()


@pytest.mark.parametrize("address", ["news.desk@work.example", "policy.all@work.example", "c.dunn@work.example"])  # fmt: skip
def test_mailboxes_lists_and_colleagues_that_resemble_nobody(address: str) -> None:
    assert [near.kind for near in found(address)] == []

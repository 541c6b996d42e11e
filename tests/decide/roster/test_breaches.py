"""Breaches that regulators have published, as far as they were about who: each in one sentence."""

from __future__ import annotations

from datetime import date

import pytest
from support.lists import INSTANT, appointed, ask, directory, local, mailbox, person, release, turn

from gateway.model.people import Delegation, Group
from gateway.model.roster import Exclusion, Role

ROLES = {
    "policy": Role("policy", "Deputy Director, Care Policy", "Department for Children"),
    "office": Role("office", "Private Office to the Minister for Children", count=2),
    "media": Role("media", "Media Officer", count=2),
}
DESK = "news.desk@children.gov.example"
KNOWN = directory(
    person("dale", "rosa.dale@children.gov.example", title="Deputy Director, Care Policy"),
    person("hart", "eve.hart@children.gov.example", title="Private Secretary"),
    person("webb", "kit.webb@children.gov.example", title="Media Officer"),
    person("lowe", "pat.lowe@children.gov.example", left=date(2020, 5, 29)),
    mailboxes=[
        mailbox(DESK, "kit.webb@children.gov.example",
                *(f"officer{n}@children.gov.example" for n in range(9)), kind="press"),
        mailbox("ps.minister@children.gov.example", "eve.hart@children.gov.example",
                "diary.clerk@children.gov.example", kind="private-office"),
    ],
    groups={
        "all.staff@children.gov.example": Group(
            "all.staff@children.gov.example",
            ("rosa.dale@children.gov.example", *(f"s{n}@children.gov.example" for n in range(400))),
        ),
        "care.leads@children.gov.example": Group(
            "care.leads@children.gov.example", (), "", "the directory does not know it"
        ),
    },
    delegations=(
        Delegation("rosa.dale@children.gov.example", "helper@children.gov.example",
                   date(2020, 5, 1), date(2020, 5, 31)),
    ),
)  # fmt: skip
LIST = release(
    appointed("rosa.dale@children.gov.example", "policy", starts=date(2019, 1, 7)),
    appointed("eve.hart@children.gov.example", "office", starts=date(2019, 7, 29)),
    appointed("pat.lowe@children.gov.example", "office", starts=date(2018, 1, 8)),
    appointed("kit.webb@children.gov.example", "media"),
    appointed(DESK, "media"),
    appointed("former.head@children.gov.example", "policy", ends=date(2020, 5, 31)),
    roles=ROLES,
    shifts=(
        turn("dell.ash@children.gov.example", local(2020, 6, 2, 18, 0), local(2020, 6, 3, 8, 0), "media"),
    ),
)  # fmt: skip
NOT_LISTED = "They are not on the list for this release."


@pytest.mark.parametrize(
    ("breach", "address", "status", "sentence"),
    [
        ("autofill chose the same post in another department",
         "deputy.director.care@health.gov.example", "not-listed", NOT_LISTED),
        ("a namesake in another organisation",
         "rosa.dale@council.example", "not-listed", NOT_LISTED),
        ("a namesake of the same department",
         "rosa.dale2@children.gov.example", "not-listed", NOT_LISTED),
        ("the previous post-holder", "former.head@children.gov.example", "expired",
         "Their appointment as Deputy Director, Care Policy ended on 31 May 2020."),
        ("somebody who left and stands on a list that was cloned",
         "pat.lowe@children.gov.example", "expired", "They left on 29 May 2020."),
        ("an inbox that ten people read", DESK, "not-listed",
         "It is a press mailbox, and 9 of its 10 readers are not on the list:"
         " officer0@children.gov.example, officer1@children.gov.example,"
         " officer2@children.gov.example and 6 more."
         " Its own place on the list does not change that."),
        ("a private office that a diary clerk reads too",
         "ps.minister@children.gov.example", "not-listed",
         "It is the mailbox of a private office, and 1 of its 2 readers is not on the list:"
         " diary.clerk@children.gov.example."),
        ("a large internal distribution list", "all.staff@children.gov.example", "not-listed",
         "It is a distribution list, and 400 of its 401 members are not on the list:"
         " s0@children.gov.example, s1@children.gov.example, s2@children.gov.example and 397 more."),
        ("a list that nobody can expand", "care.leads@children.gov.example", "not-listed",
         "It is a distribution list that cannot be expanded: the directory does not know it."),
        ("a helper whose delegation is over", "helper@children.gov.example", "expired",
         "Their delegation ended on 31 May 2020."),
        ("the duty press officer of the night before", "dell.ash@children.gov.example", "expired",
         "They are not on duty as Media Officer: their last turn ended on 3 June 2020 at 08:00"
         " (Europe/London)."),
        ("another public body", "statistics@inspectorate.example", "not-listed", NOT_LISTED),
    ],
)  # fmt: skip
def test_none_of_them_may_have_it(breach: str, address: str, status: str, sentence: str) -> None:
    found = ask(LIST, address, local(2020, 6, 3, 20, 35), among=KNOWN)
    assert (found.status, found.sentence) == (status, sentence), breach


def test_those_on_the_list_may() -> None:
    for name in ("rosa.dale", "eve.hart", "kit.webb"):
        address = f"{name}@children.gov.example"
        assert ask(LIST, address, local(2020, 6, 3, 20, 35), among=KNOWN).allowed


def test_a_second_breach_bars_somebody_by_every_address_whatever_their_role() -> None:
    bar = Exclusion(
        "kit.webb@children.gov.example", date(2020, 6, 1), date(2020, 12, 1), "second breach"
    )
    found = ask(LIST, "kit.webb@children.gov.example", INSTANT, among=KNOWN, exclusions=(bar,))
    assert found.status == "excluded"
    assert found.sentence == (
        "They are excluded from pre-release lists until the start of 1 December 2020."
    )

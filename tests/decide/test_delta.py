"""Who has joined a conversation is said where it is known who was in it, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.cases import case

from gateway.decide.delta import earlier_is_known, has_joined, with_added
from gateway.decide.situation import Situation
from gateway.model.acquaintance import Acquaintance, Participants
from gateway.model.people import Directory, Group, Person
from gateway.model.person_name import name
from gateway.model.register import Register
from gateway.model.verdict import Tie

FIELD, MOSS, DALE = "s.field@dept.example", "t.moss@dept.example", "r.dale@dept.example"
DALE_TOO = "rowan.dale@agency.example"
NOW = datetime(2018, 3, 27, tzinfo=UTC)
DIRECTORY = Directory(
    {"dale": Person("dale", "Rowan Dale", (DALE, DALE_TOO)), "x": Person("x", "Sam Field", ("x7@dept.example",))},
    groups={"care-team@dept.example": Group("care-team@dept.example", (MOSS, DALE))},
)  # fmt: skip


def quoted(*addresses: str, names: tuple[str, ...] = (), complete: bool = True) -> Participants:
    return Participants(frozenset(addresses), frozenset(map(name, names)), complete)


def added(*to: str, sender: str = FIELD, reply: bool = True, **known: Any) -> list[str]:
    made = with_added(case(*to, sender=sender, message={"reply": reply}, **known), DIRECTORY)
    return [str(finding.facts["recipient"]) for finding in made.findings]


def test_one_colleague_who_is_copied_into_a_reply_has_joined() -> None:
    made = with_added(
        case(FIELD, "A.Cole@dept.example", sender=MOSS, message={"reply": True}, quoted=quoted(FIELD, MOSS, DALE)),
        DIRECTORY,
    )  # fmt: skip
    (finding,) = made.findings
    assert finding.kind == "added-recipient" and finding.confidence == "high"
    assert finding.location.part == "0" and finding.location.where == "recipients"
    assert finding.facts == {"recipient": "a.cole@dept.example", "from": "quoted", "earlier": 3}


def test_an_acknowledgement_that_adds_fourteen_people_names_them_all() -> None:
    crowd = [f"p{n}@dept.example" for n in range(14)]
    assert added(MOSS, *crowd, quoted=quoted(FIELD, MOSS)) == crowd


def test_a_forward_reaches_people_who_were_not_on_the_message() -> None:
    made = case(
        DALE,
        "x@y.example",
        sender=MOSS,
        message={"forward": True},
        quoted=quoted(FIELD, MOSS, DALE),
    )
    assert [f.facts["recipient"] for f in with_added(made, DIRECTORY).findings] == ["x@y.example"]


def test_another_address_of_the_same_person_is_the_same_person() -> None:
    assert added(DALE_TOO, quoted=quoted(FIELD, DALE)) == []


def test_members_of_a_list_that_got_it_have_not_joined() -> None:
    assert added(MOSS, DALE_TOO, quoted=quoted(FIELD, "care-team@dept.example")) == []


def test_names_stand_for_people_where_no_addresses_are_shown() -> None:
    shown = quoted(names=("Field, Sam", "Moss, Terry", "Dale, Rowan"))
    assert added(MOSS, DALE_TOO, "x7@dept.example", "a.cole@dept.example", quoted=shown) == ["a.cole@dept.example"]  # fmt: skip


def test_the_name_beside_the_address_counts_as_well() -> None:
    named = {"press7@dept.example": "Moss, Terry (Press)", "b@dept.example": "Terry Mosse"}
    assert added("press7@dept.example", "b@dept.example", quoted=quoted(names=("Terry Moss",)), named=named) == ["b@dept.example"]  # fmt: skip


def test_nobody_has_joined_where_nobody_knows_who_was_there() -> None:
    some = quoted(FIELD, DALE, complete=False)  # "and 3 others"
    for unknown in (None, some, quoted(names=("Sam Field",), complete=False)):
        assert added("a.cole@dept.example", quoted=unknown) == []
        assert not earlier_is_known(case(MOSS, message={"reply": True}, quoted=unknown))


def test_where_the_author_alone_is_quoted_who_else_is_there_is_a_suspicion_and_no_more() -> None:
    alone = quoted(FIELD, complete=False)
    made = with_added(
        case(FIELD, DALE, sender=MOSS, message={"reply": True}, quoted=alone), DIRECTORY
    )
    (finding,) = made.findings
    assert finding.confidence == "low" and not has_joined(finding)
    assert finding.facts == {"recipient": DALE, "from": "quoted-author", "earlier": None}
    assert not earlier_is_known(made)
    situation = Situation(made, Register(), Tie(None, True, "unknown", ""), NOW)
    assert situation.added is None


def test_an_answer_to_the_author_alone_raises_no_suspicion() -> None:
    alone = quoted(DALE, complete=False)
    assert added(DALE, DALE_TOO, sender=MOSS, quoted=alone) == []
    assert added(FIELD, reply=False, sender=MOSS, quoted=alone) == []
    known = Acquaintance(present=frozenset({FIELD, DALE}), earlier=3)
    assert added(FIELD, DALE, sender=MOSS, quoted=alone, known=known) == []


def test_a_message_that_follows_none_adds_nobody() -> None:
    assert added("a.cole@dept.example", reply=False, quoted=quoted(FIELD)) == []


def test_what_is_remembered_of_the_earlier_message_says_who_was_on_it() -> None:
    known = Acquaintance(present=frozenset({MOSS, DALE}), earlier=3)
    made = with_added(
        case(MOSS, DALE_TOO, "a.cole@dept.example", sender=FIELD, message={"reply": True}, known=known),
        DIRECTORY,
    )  # fmt: skip
    (finding,) = made.findings
    assert finding.facts == {"recipient": "a.cole@dept.example", "from": "history", "earlier": 3}


def test_memory_and_quotation_complete_each_other() -> None:
    known = Acquaintance(present=frozenset({DALE}), earlier=2)
    assert added(MOSS, DALE, "a@b.example", quoted=quoted(FIELD, MOSS), known=known) == ["a@b.example"]  # fmt: skip


def test_senders_do_not_join_themselves() -> None:
    assert added(DALE_TOO, sender=DALE, quoted=quoted(FIELD, MOSS)) == []


people = st.sampled_from([FIELD, MOSS, DALE, DALE_TOO, "a@b.example", "c@d.example"])


@given(st.lists(people, unique=True), st.frozensets(people), people)
def test_whoever_was_there_has_not_joined_and_more_who_were_there_add_nobody(
    to: list[str], before: frozenset[str], other: str
) -> None:
    few = added(*to, quoted=Participants(before))
    assert not before & set(few)
    assert set(added(*to, quoted=Participants(before | {other}))) <= set(few)


@given(st.lists(people, unique=True, min_size=1), st.frozensets(people))
def test_one_recipient_joining_does_not_depend_on_another(
    to: list[str], before: frozenset[str]
) -> None:
    together = added(*to, quoted=Participants(before))
    assert together == [one for one in to if added(one, quoted=Participants(before))]


def test_a_thousand_recipients_beside_a_thousand_names_take_no_longer_than_a_glance() -> None:
    shown = Participants(names=frozenset((f"given{n}", f"surname{n}") for n in range(1000)))
    crowd = [f"p{n}.doe{n}@dept.example" for n in range(1000)]
    started = process_time()
    assert len(added(*crowd, quoted=shown)) == 1000
    assert process_time() - started < 1.0

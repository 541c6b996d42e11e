"""Laws that hold for every message, list and policy (hypothesis)."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from support.cases import BANNER, BODY, POLICY, case

from gateway.decide import decide
from gateway.decide.compiled import compile_rule
from gateway.decide.embargo import ties
from gateway.decide.matching import match
from gateway.decide.situation import NO_TIE, Situation
from gateway.model.finding import Finding, Mention, PartFacts
from gateway.model.message import Gap, Location
from gateway.model.register import Register
from gateway.model.roster import Roster
from gateway.model.rule import Rulebook
from gateway.model.verdict import RANK, Case, Verdict
from gateway.rulebook.stage import STAGE, moment

PEOPLE = (
    "listed@dept.example", "second@dept.example", "colleague@dept.example", "minister@gov.example",
    "expired@dept.example", "excluded@dept.example", "producer@dept.example",
    "friend@webmail.example", "reporter@news.example", "stranger@elsewhere.example", "not an address",
)  # fmt: skip
MOMENTS = ("8 days before", "25 hours before", "1 hour before", "1 second before", "the instant",
           "1 hour after")  # fmt: skip
places = st.sampled_from(
    [
        Location("1", None, "body"),
        Location("2", "a.csv"),
        Location("0", None, "subject"),
        Location("9"),
    ]
)
findings = st.one_of(
    st.just(BANNER),
    st.builds(
        Finding,
        st.sampled_from(["marking", "embargo-banner", "microdata", "added-recipient"]),
        places,
        st.sampled_from(["high", "medium", "low"]),
        st.dictionaries(
            st.sampled_from(["level", "scheme", "until", "expired", "rows", "verdict", "recipient"]),
            st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from(["official-sensitive", "secret", "2018-03-28T09:30:00+01:00", "x"]), st.just([1])),
            max_size=3,
        ),
    ),
)  # fmt: skip
mentions = st.builds(
    Mention, st.sampled_from([*STAGE.releases, "gone"]),
    st.sampled_from(["header", "banner", "link", "title", "subject-words"]), places, st.integers(0, 9),
)  # fmt: skip
gaps = st.builds(Gap, places, st.sampled_from(["encrypted", "no-reader", "crashed", "limit"]))
parts = st.builds(
    lambda verdict, name: PartFacts(
        "2", name, "attachment", "text/csv", "text/csv", 9, "", verdict, 3, 9
    ),
    st.sampled_from(["", "microdata", "aggregate", "unsure", "not-a-table"]),
    st.sampled_from([None, "a.csv", "b.sav"]),
)


@st.composite
def cases(draw: Any) -> Case:
    message = case(
        *draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4)),
        sender=draw(st.sampled_from(("", *PEOPLE))),
        parts=(BODY, *draw(st.lists(parts, max_size=1))),
        findings=tuple(draw(st.lists(findings, max_size=3))),
        mentions=tuple(draw(st.lists(mentions, max_size=2))),
        gaps=tuple(draw(st.lists(gaps, max_size=2))),
        message={"declared_release": draw(st.sampled_from([None, "example-release", "gone"]))},
    )
    return message


clocks = st.sampled_from([moment(text) for text in MOMENTS])
some_rules = st.lists(
    st.sampled_from(POLICY.rules), min_size=1, max_size=6, unique_by=lambda r: r.id
)


def ranks(verdict: Verdict) -> list[int]:
    return [RANK[decision.disposition] for decision in verdict.decisions]


def stopped(verdict: Verdict) -> list[bool]:
    """Held or refused: who is off the list is held where everybody else would be refused."""
    return [decision.disposition != "pass" for decision in verdict.decisions]


@given(cases(), clocks)
def test_a_decision_is_always_made_for_every_recipient_and_every_rule_leaves_a_trace(
    message: Case, now: Any
) -> None:
    verdict = decide(message, STAGE, POLICY, now)
    assert [d.address for d in verdict.decisions] == [
        r.address for r in message.envelope.recipients
    ]
    assert [trace.id for trace in verdict.rules] == [rule.id for rule in POLICY.rules]
    assert RANK[verdict.disposition] == max(ranks(verdict))
    assert all(d.reasons for d in verdict.decisions if d.disposition != "pass")
    assert all(len(d.reasons) == len(d.because) for d in verdict.decisions)
    assert "not asked" not in repr(verdict.rules)


@given(cases(), clocks)
def test_deciding_twice_and_elsewhere_decides_the_same(message: Case, now: Any) -> None:
    verdict = decide(message, STAGE, POLICY, now)
    assert decide(message, STAGE, POLICY, now) == verdict
    there = pickle.loads(pickle.dumps((message, STAGE, POLICY)))
    assert decide(*there, now) == verdict
    assert pickle.loads(pickle.dumps(verdict)) == verdict


@given(cases(), clocks, some_rules, some_rules)
def test_adding_a_rule_never_makes_an_outcome_milder(
    message: Case, now: Any, few: list[Any], more: list[Any]
) -> None:
    before = decide(message, STAGE, Rulebook(tuple(few)), now)
    ids = {rule.id for rule in few}
    added = tuple(few) + tuple(rule for rule in more if rule.id not in ids)
    after = decide(message, STAGE, Rulebook(added), now)
    assert all(b <= a for b, a in zip(ranks(before), ranks(after), strict=True))


@given(cases(), clocks, st.sampled_from(PEOPLE))
def test_taking_somebody_off_the_lists_never_clears_anybody(
    message: Case, now: Any, removed: str
) -> None:
    """But for senders: who is taken off is nobody whose access has ended any more, and what they
    send to the list raises an alert where it was held."""
    assume(removed != message.envelope.sender)
    before = decide(message, STAGE, POLICY, now)
    after = decide(message, without(removed), POLICY, now)
    assert all(b <= a for b, a in zip(stopped(before), stopped(after), strict=True))


@given(cases(), clocks, st.sampled_from(PEOPLE))
def test_another_recipient_never_clears_one(message: Case, now: Any, other: str) -> None:
    alone = decide(message, STAGE, POLICY, now)
    recipients = message.envelope.recipients
    joined = replace(
        message,
        envelope=message.envelope.with_recipients(
            (*recipients, replace(recipients[0], address=other))
        ),
    )
    together = decide(joined, STAGE, POLICY, now)
    assert all(a <= t for a, t in zip(stopped(alone), stopped(together)[:-1], strict=True))


@given(cases(), clocks)
def test_the_order_of_the_recipients_makes_no_difference(message: Case, now: Any) -> None:
    recipients = message.envelope.recipients
    turned = replace(message, envelope=message.envelope.with_recipients(recipients[::-1]))
    there = decide(message, STAGE, POLICY, now).decisions
    assert decide(turned, STAGE, POLICY, now).decisions == there[::-1]


@given(cases(), clocks)
def test_plans_decide_as_if_every_rule_had_been_asked(message: Case, now: Any) -> None:
    """What the outline settles early is what asking each rule would have said; a rule that cannot
    match need not be asked what it would have failed at."""
    tied = sorted(ties(message, STAGE, now) or (NO_TIE,), key=lambda tie: not tie.embargoed)
    situations = [Situation(message, STAGE, tie, now) for tie in tied]
    asked = [match(compile_rule(rule), situations)[1] for rule in POLICY.rules]
    for planned, trace in zip(decide(message, STAGE, POLICY, now).rules, asked, strict=True):
        failed = trace.why.startswith("rule-error")
        assert planned.matched == trace.matched or (failed and not planned.matched)


def without(address: str) -> Register:
    """The stage with one person off every list and team."""

    def thinned(roster: Roster) -> Roster:
        return Roster(
            roster.roles,
            tuple(a for a in roster.appointments if a.address != address),
            roster.production_team - {address},
            roster.declaration_required,
        )

    releases = {key: replace(r, roster=thinned(r.roster)) for key, r in STAGE.releases.items()}
    return Register(releases, STAGE.exclusions, STAGE.domains, STAGE.digest)

"""decide(): per recipient, strictest wins, every reason kept, and what goes wrong holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.cases import ALWAYS, BANNER, BEFORE, POLICY, case, mention, rule, rulebook, to

from gateway.decide import decide
from gateway.decide.explain import explain, fate, why
from gateway.model.finding import Finding, Mention
from gateway.model.message import Location
from gateway.model.register import Register
from gateway.model.rule import FieldTest, Rulebook
from gateway.model.verdict import Verdict
from gateway.rulebook.stage import INSTANT, STAGE

LISTED, SECOND, OFF = "listed@dept.example", "second@dept.example", "colleague@dept.example"
OFF_LIST = FieldTest("listed", "is", (False,))


def fates(verdict: Verdict) -> dict[str, str]:
    return {decision.address: decision.disposition for decision in verdict.decisions}


def test_one_listed_recipient_does_not_clear_another() -> None:
    verdict = decide(case(LISTED, OFF, findings=(BANNER,)), STAGE, POLICY, BEFORE)
    assert fates(verdict) == {LISTED: "pass", OFF: "hold"}
    assert verdict.disposition == "hold"


def test_each_decision_says_whether_the_recipient_is_listed_and_for_what() -> None:
    verdict = decide(case(LISTED, OFF, findings=(BANNER,)), STAGE, POLICY, BEFORE)
    on, off = verdict.decisions
    assert (on.release, on.listed, on.reasons) == ("example-release", True, ())
    assert (off.release, off.listed) == ("example-release", False)
    assert off.reasons[0] == "embargo-off-list"
    assert off.standing is not None and off.standing.status == "not-listed"


def test_nobody_is_listed_where_no_release_is_involved() -> None:
    (decision,) = decide(case(OFF), STAGE, POLICY, BEFORE).decisions
    assert (decision.disposition, decision.release, decision.listed) == ("pass", None, None)


def test_a_published_release_has_no_list_any_more() -> None:
    message = case(OFF, mentions=(mention("published-release", 9),))
    (decision,) = decide(message, STAGE, POLICY, BEFORE).decisions
    assert (decision.disposition, decision.release, decision.listed) == (
        "pass", "published-release", None,
    )  # fmt: skip


def test_never_one_second_earlier() -> None:
    message = case(OFF, findings=(BANNER,))
    assert decide(message, STAGE, POLICY, INSTANT - timedelta(seconds=1)).disposition == "hold"
    at = replace(message, findings=(replace(BANNER, facts={**BANNER.facts, "expired": True}),))
    assert decide(at, STAGE, POLICY, INSTANT).disposition == "pass"


def test_being_listed_for_one_release_does_not_clear_another() -> None:
    both = (
        Mention("example-release", "header", Location("0")),
        Mention("other-release", "header", Location("0")),
    )
    verdict = decide(
        case(SECOND, LISTED, mentions=both), STAGE, POLICY, INSTANT - timedelta(hours=1)
    )
    second, listed = verdict.decisions
    assert (second.listed, second.release, second.disposition) == (False, "other-release", "hold")
    # listed@ has both, but the other release's window is not open yet.
    assert listed.standing is not None and listed.standing.status == "not-yet"
    assert listed.release == "other-release"


def test_addresses_compare_after_normalisation_and_are_given_back_as_written() -> None:
    (decision,) = decide(
        case("LISTED@Dept.Example", findings=(BANNER,)), STAGE, POLICY, BEFORE
    ).decisions
    assert (decision.address, decision.disposition) == ("LISTED@Dept.Example", "pass")


def test_a_plus_tag_is_another_address() -> None:
    assert (
        decide(case("listed+x@dept.example", findings=(BANNER,)), STAGE, POLICY, BEFORE).disposition
        == "hold"
    )


def test_a_recipient_named_twice_is_decided_twice_alike() -> None:
    verdict = decide(case(OFF, OFF, findings=(BANNER,)), STAGE, POLICY, BEFORE)
    assert [d.disposition for d in verdict.decisions] == ["hold", "hold"]
    assert verdict.alerts[0].recipients == (OFF,)


def test_the_strictest_outcome_wins_and_every_reason_is_kept() -> None:
    book = rulebook(
        rule("a-pass", ALWAYS, disposition="pass", notify=True),
        rule("b-hold", ALWAYS),
        rule("c-reject", ALWAYS, disposition="reject", scope="whole message"),
    )
    (decision,) = decide(case(OFF), STAGE, book, BEFORE).decisions
    assert decision.disposition == "reject"
    assert decision.reasons == ("c-reject", "b-hold", "a-pass")
    assert len(decision.because) == 3


def test_between_equals_the_graver_rule_is_named_first_and_then_the_alphabet() -> None:
    book = rulebook(
        rule("a", ALWAYS), rule("b", ALWAYS, severity="critical"), rule("c", ALWAYS, severity="critical"),
    )  # fmt: skip
    (decision,) = decide(case(OFF), STAGE, book, BEFORE).decisions
    assert decision.reasons == ("b", "c", "a")


def test_a_hold_of_the_whole_message_holds_everybody() -> None:
    book = rulebook(rule("whole", to(OFF), about="this recipient", scope="whole message"))
    verdict = decide(case(LISTED, OFF), STAGE, book, BEFORE)
    assert set(fates(verdict).values()) == {"hold"}


def test_a_hold_of_matching_recipients_leaves_the_others_alone() -> None:
    book = rulebook(rule("some", to(OFF), about="this recipient"))
    assert fates(decide(case(LISTED, OFF), STAGE, book, BEFORE)) == {LISTED: "pass", OFF: "hold"}


def test_a_notify_rule_tells_the_sender_and_lets_pass() -> None:
    book = rulebook(rule("told", ALWAYS, mode="notify", alert=True))
    verdict = decide(case(OFF), STAGE, book, BEFORE)
    assert verdict.disposition == "pass"
    assert [name for name, _ in verdict.notify] == ["told"]
    assert verdict.alerts == ()
    assert verdict.decisions[0].reasons == ("told",)


def test_a_notify_rule_says_nothing_of_whom_another_rule_stops() -> None:
    told, held = rule("told", ALWAYS, mode="notify"), rule("some", to(OFF), about="this recipient")
    verdict = decide(case(LISTED, OFF), STAGE, rulebook(told, held), BEFORE)
    assert [decision.reasons for decision in verdict.decisions] == [("told",), ("some",)]
    assert [name for name, _ in verdict.notify] == ["told"]
    assert decide(case(OFF), STAGE, rulebook(told, held), BEFORE).notify == ()


def test_a_shadow_rule_leaves_only_a_trace() -> None:
    book = rulebook(
        rule("ghost", ALWAYS, mode="shadow", alert=True, notify=True, stamp=("X-A", "b"))
    )
    verdict = decide(case(OFF), STAGE, book, BEFORE)
    assert (verdict.disposition, verdict.notify, verdict.alerts, verdict.stamps) == (
        "pass",
        (),
        (),
        (),
    )
    assert verdict.decisions[0].reasons == ()
    assert verdict.rules[0].matched and verdict.rules[0].mode == "shadow"


def test_an_alert_is_a_near_miss_only_if_everybody_it_is_about_was_stopped() -> None:
    held = rulebook(rule("held", to(OFF), about="this recipient", alert=True))
    (alert,) = decide(case(LISTED, OFF), STAGE, held, BEFORE).alerts
    assert (alert.severity, alert.recipients) == ("near-miss", (OFF,))
    loose = rulebook(rule("loose", ALWAYS, disposition="pass", alert=True), *held.rules)
    by_rule = {a.rule: a.severity for a in decide(case(LISTED, OFF), STAGE, loose, BEFORE).alerts}
    assert by_rule == {"loose": "breach", "held": "near-miss"}


def test_an_alert_names_its_release() -> None:
    (alert, *_) = decide(case(OFF, findings=(BANNER,)), STAGE, POLICY, BEFORE).alerts
    assert (alert.rule, alert.severity, alert.release) == (
        "embargo-off-list", "near-miss", "example-release",
    )  # fmt: skip


def test_a_stamp_is_added() -> None:
    book = rulebook(rule("stamped", ALWAYS, disposition="pass", stamp=("X-Checked", "yes")))
    assert decide(case(OFF), STAGE, book, BEFORE).stamps == (("X-Checked", "yes"),)


def test_every_rule_leaves_a_trace_whether_it_matched_or_not() -> None:
    verdict = decide(case(OFF, findings=(BANNER,)), STAGE, POLICY, BEFORE)
    assert [trace.id for trace in verdict.rules] == [r.id for r in POLICY.rules]
    why_not = {trace.id: trace.why for trace in verdict.rules}
    assert why_not["embargo-off-list"] == (
        "matched: 'banner', 'coming', 'off-list' (for 1 of 1 recipients)"
    )
    assert why_not["figures-off-list"] == "not matched: 'figures' (message) does not hold"
    assert not any("not asked" in text for text in why_not.values())


def test_no_rules_never_means_that_everything_passes() -> None:
    verdict = decide(case(OFF), STAGE, Rulebook(()), BEFORE)
    assert verdict.disposition == "hold"
    assert verdict.decisions[0].reasons == ("no-policy",)


BROKEN = FieldTest("until", "at least", (5,))  # a text is asked whether it is at least five


def test_a_rule_that_fails_holds_the_whole_message_and_says_so() -> None:
    book = rulebook(
        rule("broken", BROKEN, about="any finding"), rule("fine", to(OFF), about="this recipient")
    )
    verdict = decide(case(LISTED, OFF, findings=(BANNER,)), STAGE, book, BEFORE)
    assert fates(verdict) == {LISTED: "hold", OFF: "hold"}
    assert all("rule-error" in decision.reasons for decision in verdict.decisions)
    assert "rule-error" in verdict.rules[0].why and verdict.rules[0].matched
    assert "2018" not in repr(verdict.rules), "an exception's text would repeat content"
    assert "fine" in verdict.decisions[1].reasons


def test_a_shadow_rule_that_fails_stops_nothing() -> None:
    book = rulebook(rule("broken", BROKEN, about="any finding", mode="shadow"))
    verdict = decide(case(OFF, findings=(BANNER,)), STAGE, book, BEFORE)
    assert verdict.disposition == "pass"
    assert "rule-error" in verdict.rules[0].why


def test_a_pattern_that_takes_too_long_is_a_rule_error() -> None:
    slow = FieldTest("where", "matches", (r"(a|a)+$",))
    finding = Finding("marking", Location("1", None, "a" * 60 + "!"), "high")
    book = rulebook(rule("slow", slow, about="any finding"))
    verdict = decide(case(OFF, findings=(finding,)), STAGE, book, BEFORE)
    assert verdict.decisions[0].reasons == ("rule-error",)


def test_a_rule_that_cannot_even_be_compiled_holds_everything() -> None:
    book = rulebook(rule("odd", FieldTest("no-such-field", "is", (1,))))
    verdict = decide(case(OFF), STAGE, book, BEFORE)
    assert verdict.disposition == "hold"
    assert verdict.decisions[0].reasons == ("undecided",)
    assert [trace.id for trace in verdict.rules] == ["odd"]


def test_a_clock_without_a_zone_holds() -> None:
    verdict = decide(case(OFF, findings=(BANNER,)), STAGE, POLICY, BEFORE.replace(tzinfo=None))
    assert fates(verdict) == {OFF: "hold"}


def test_a_draft_without_recipients_is_judged_as_if_a_stranger_got_it() -> None:
    assert decide(case(), STAGE, POLICY, BEFORE).disposition == "pass"
    verdict = decide(case(findings=(BANNER,)), STAGE, POLICY, BEFORE)
    assert (verdict.disposition, verdict.decisions) == ("hold", ())


def test_an_unknown_release_has_nobody_on_its_list() -> None:
    far = replace(BANNER, facts={"until": "2018-06-01T09:30:00+01:00", "expired": False})
    verdict = decide(case(LISTED, "producer@dept.example", findings=(far,)), STAGE, POLICY, BEFORE)
    assert set(fates(verdict).values()) == {"hold"}
    assert all((d.release, d.listed) == (None, False) for d in verdict.decisions)


def test_the_verdict_names_the_rules_and_the_register_it_rests_on() -> None:
    verdict = decide(case(OFF), STAGE, POLICY, BEFORE)
    assert (verdict.rulebook, verdict.register) == (POLICY.digest, STAGE.digest)
    assert len(POLICY.digest) == 32


def test_placeholders_are_filled_with_what_is_public() -> None:
    (decision,) = decide(
        case(OFF, mentions=(mention(),)), STAGE, rulebook(rule("r", ALWAYS, about="message"), ), BEFORE
    ).decisions  # fmt: skip
    assert decision.because == ("Because of “Example quarterly statistics” at "
                                "09:30 on Wednesday 28 March 2018 (Europe/London), for 1.",)  # fmt: skip


def test_an_unnamed_release_has_words_too() -> None:
    (decision,) = decide(case(OFF), STAGE, rulebook(rule("r", ALWAYS)), BEFORE).decisions
    assert decision.because == (
        "Because of a release that could not be identified at its publication, for 1.",
    )


def test_the_explanation_names_the_deciding_rule_the_standing_and_the_rest() -> None:
    message = case(
        "excluded@dept.example", LISTED, findings=(BANNER,), mentions=(mention(figures=5),)
    )
    verdict = decide(message, STAGE, POLICY, BEFORE)
    held, passed = verdict.decisions
    assert fate(held) == (
        "Delivery to excluded@dept.example is held by the rule embargo-off-list; "
        "figures-off-list asks for the same or for less."
    )
    assert (
        why(held)[0] == "They are excluded from pre-release lists until the start of 1 August 2018."
    )
    assert fate(passed) == f"Delivery to {LISTED} goes ahead: no rule objects."
    assert len(explain(verdict)) == len(verdict.ties) + 2


def test_what_is_said_to_one_recipient_names_no_other() -> None:
    addresses = ("a@dept.example", "b@webmail.example", "c@news.example")
    verdict = decide(case(*addresses, findings=(BANNER,)), STAGE, POLICY, BEFORE)
    for decision in verdict.decisions:
        others = set(addresses) - {decision.address}
        assert not any(other in sentence for other in others for sentence in why(decision))


@pytest.mark.parametrize("domain", ["dept.example", "mail.dept.example"])
def test_a_subdomain_has_the_class_of_its_parent(domain: str) -> None:
    book = rulebook(rule("inside", FieldTest("class", "is", ("internal",)), about="this recipient"))
    assert decide(case(f"a@{domain}"), STAGE, book, BEFORE).disposition == "hold"


def test_every_of_nothing_is_false_and_no_of_nothing_is_true() -> None:
    every = rulebook(
        rule("every", about="every attachment"), rule("other", OFF_LIST, about="this recipient")
    )
    assert decide(case(OFF), Register(), every, BEFORE).disposition == "pass"
    no = rulebook(rule("none", about="no attachment"))
    assert decide(case(OFF), Register(), no, BEFORE).disposition == "hold"

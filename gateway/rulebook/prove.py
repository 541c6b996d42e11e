"""Runs the inline tests of a rulebook through the real decision, and says what went otherwise.

Every test is decided by the whole rulebook: a rule that changes what another rule's test expects
changes the policy, and that must be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Callable, Iterator

from gateway.model.finding import Finding, Mention
from gateway.model.message import Gap
from gateway.model.register import Register
from gateway.model.rule import InlineTest, Rule, Rulebook
from gateway.model.verdict import Case, Verdict
from gateway.rulebook.stage import STAGE

Decide = Callable[[Case, Register, Rulebook, datetime], Verdict]
Found = tuple[tuple[Finding, ...], tuple[Mention, ...], tuple[Gap, ...]]
ReadTexts = Callable[[tuple[tuple[str, str], ...], Register, datetime], Found]
"""The detectors, for tests that state words: (("subject", …), ("body", …)), register, now."""


@dataclass(frozen=True, slots=True)
class Proof:
    """How one inline test went. `problems` is empty where it passed; `got` is every recipient's
    fate with its reasons; `why` the rule's own trace; `skipped` says why it was not run."""

    rule: str
    test: str
    hit: bool
    file: str
    line: int
    problems: tuple[str, ...]
    got: tuple[str, ...]
    why: str
    skipped: str = ""

    @property
    def passed(self) -> bool:
        return not self.problems


def prove(rulebook: Rulebook, decide: Decide, read: ReadTexts | None = None) -> Iterator[Proof]:
    """A proof of every inline test, in the order of the rules."""
    for rule in rulebook.rules:
        for test in rule.tests:
            yield prove_test(rulebook, rule, test, decide, read)


def prove_test(
    rulebook: Rulebook, rule: Rule, test: InlineTest, decide: Decide, read: ReadTexts | None = None
) -> Proof:
    """`rulebook` need not hold `rule`: without it, every hit fails."""
    case = test.case
    if test.texts and read is None:
        return Proof(rule.id, test.name, test.hit, rule.file, test.line, (), (), "", "no detectors")
    if test.texts and read is not None:
        findings, mentions, gaps = read(test.texts, STAGE, test.at)
        case = replace(
            case, findings=case.findings + findings, mentions=case.mentions + mentions,
            gaps=case.gaps + gaps,
        )  # fmt: skip
    verdict = decide(case, STAGE, rulebook, test.at)
    trace = next((trace for trace in verdict.rules if trace.id == rule.id), None)
    why = trace.why if trace else "the rule is not in the rulebook"
    got = tuple(
        f"{decision.address}: {decision.disposition} ({', '.join(decision.reasons) or 'no rule'})"
        for decision in verdict.decisions
    )
    problems = tuple(_problems(rule, test, verdict, trace.matched if trace else None, why))
    return Proof(rule.id, test.name, test.hit, rule.file, test.line, problems, got, why)


def _problems(
    rule: Rule, test: InlineTest, verdict: Verdict, matched: bool | None, why: str
) -> Iterator[str]:
    if why.startswith("rule-error"):
        yield "the rule could not be evaluated"
    if matched is None or matched != test.hit:
        yield "the rule should match" if test.hit else "the rule should not match"
    for decision in verdict.decisions:
        expected = test.expect.get(decision.address)
        if expected is not None and decision.disposition != expected:
            yield f"{decision.address}: expected {expected}, got {decision.disposition}"
    deciding = rule.mode == "enforce" and rule.outcome.disposition != "pass"
    if test.hit and deciding and not any(rule.id in d.reasons for d in verdict.decisions):
        yield "the rule is nobody's reason"
    if test.alert:
        raised = {alert.severity for alert in verdict.alerts if alert.rule == rule.id}
        wanted = set() if test.alert == "none" else {test.alert}
        if raised != wanted:
            yield f"alert: expected {test.alert}, got {', '.join(sorted(raised)) or 'none'}"

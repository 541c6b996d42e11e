"""What the outline of a message settles before any rule is asked: most rules, for most messages.

The outline says only what there is at all: findings, gaps, mentions, attachments, tables, a
release. A rule that needs one of what is not there cannot match; which rules those are, and the
trace they leave, is worked out once for each of the few outlines there can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.decide.compiled import CompiledRule, check_of, reduce, trace_of_failure
from gateway.decide.situation import NO_TIE, Person, Situation
from gateway.model.register import Register
from gateway.model.rule import Selection
from gateway.model.session import Envelope, Session
from gateway.model.verdict import Case, MessageFacts, RuleTrace

FINDINGS, GAPS, MENTIONS, ATTACHMENTS, TABLES, RELEASE, JOINED = 1, 2, 4, 8, 16, 32, 64
OUTLINES = 128
_ADDED = "added-recipient"
"""Every other answer takes somebody in, and few rules ask: it is told from other findings."""
_THERE = {"finding": FINDINGS, "gap": GAPS, "mention": MENTIONS, "attachment": ATTACHMENTS}
_NOBODY = Person("", "", "unknown", None, None)
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules that one outline leaves open, by their place, and a trace for each of the rest."""

    open: tuple[int, ...]
    traces: tuple[RuleTrace, ...]


def outline(case: Case, tied: bool) -> int:
    """What there is at all in a message."""
    found = (
        (GAPS if case.gaps else 0) | (MENTIONS if case.mentions else 0) | (RELEASE if tied else 0)
    )
    for finding in case.findings:
        found |= JOINED if finding.kind == _ADDED else FINDINGS
    for part in case.parts:
        if part.role == "attachment":
            found |= ATTACHMENTS
        if part.verdict:
            found |= TABLES
    return found


def plan(rules: tuple[CompiledRule, ...], there: int) -> Plan:
    """The plan for messages of one outline."""
    traces: list[RuleTrace] = []
    left: list[int] = []
    for index, compiled in enumerate(rules):
        trace = _settled_trace(compiled, there)
        if trace is None:
            left.append(index)
            trace = RuleTrace(compiled.rule.id, False, compiled.rule.mode, "not asked")
        traces.append(trace)
    return Plan(tuple(left), tuple(traces))


def _settled_trace(compiled: CompiledRule, there: int) -> RuleTrace | None:
    """The trace of a rule that cannot match, or None."""
    rule = compiled.rule
    settled = {s.name: _settled(compiled, s, there) for s in rule.select}
    truth = {name: value for name, value in settled.items() if value is not None}
    if reduce(rule.when, truth) is not False:
        return None
    for name, value in truth.items():
        if value is False and reduce(rule.when, {name: False}) is False:
            return trace_of_failure(rule, name)
    return RuleTrace(rule.id, False, rule.mode, "not matched: the condition does not hold")


def _settled(compiled: CompiledRule, selection: Selection, there: int) -> bool | None:
    """The truth of a selection as far as the outline knows it."""
    subject, no = selection.subject, selection.quantifier == "no"
    if subject in _THERE and not there & _needed(selection):
        return no
    if (
        subject in ("part", "attachment")
        and not there & TABLES
        and _fails(selection, "verdict", "")
    ):
        return no
    if there & RELEASE:
        return None
    if subject == "release":
        nothing = Case(Session(""), Envelope(""), MessageFacts("", 0))
        # Without a release nothing that can be asked of it depends on the time.
        unrelated = Situation(nothing, Register(), NO_TIE, _ANY_TIME)
        return compiled.selections[selection.name].ask(unrelated, _NOBODY)
    if subject in ("recipient", "sender") and (
        _fails(selection, "listed", None) or _fails(selection, "status", None)
    ):
        return no
    return None


def _needed(selection: Selection) -> int:
    if selection.subject == "finding" and not _fails(selection, "kind", _ADDED):
        return FINDINGS | JOINED
    return _THERE[selection.subject]


def _fails(selection: Selection, field: str, value: str | None) -> bool:
    """Whether the selection asks something of the field that this value does not fulfil."""
    return any(test.field == field and not check_of(test)(value) for test in selection.tests)

"""decide(): findings, envelope, releases, rules and the time -> a Verdict.

Pure: the same arguments give the same verdict. Every rule is asked, always; the strictest outcome
wins for each recipient; one recipient's permission never clears another (law 6). Whatever goes
wrong holds (law 5): a rule that fails, a register that cannot answer, a gateway without rules.
"""

from __future__ import annotations

from datetime import datetime
from typing import Sequence

from gateway.decide.embargo import ties
from gateway.decide.matching import Match, match
from gateway.decide.program import compile_rulebook
from gateway.decide.sentences import NO_POLICY, UNDECIDED, fill, rule_error
from gateway.decide.situation import NO_TIE, Person, Situation
from gateway.model.register import Register
from gateway.model.release import Status
from gateway.model.rule import Outcome, Rulebook
from gateway.model.verdict import (
    RANK,
    Alert,
    Case,
    Decision,
    Disposition,
    RuleTrace,
    Severity,
    Tie,
    Verdict,
    strictest,
)  # fmt: skip

RULE_ERROR = "rule-error"
UNDECIDED_REASON = "undecided"
NO_POLICY_REASON = "no-policy"
_WEIGHT: dict[Severity, int] = {"low": 0, "medium": 1, "high": 2, "critical": 3}
_WORST: dict[Status, int] = {
    "production": 0, "listed": 1, "not-yet": 2, "missing-declaration": 3, "expired": 4,
    "not-listed": 5, "excluded": 6,
}  # fmt: skip
_ERROR_OUTCOME = Outcome("hold", "whole message")

Reason = tuple[int, int, str, str]
"""Sorts the deciding reason first: strictness, severity, rule id; then its sentence."""


def decide(case: Case, register: Register, rulebook: Rulebook, now: datetime) -> Verdict:
    """Every recipient's fate and why. Never raises; `now` is zone-aware."""
    if not rulebook.rules:
        return _held(case, register, rulebook, NO_POLICY_REASON, NO_POLICY)
    try:
        return _decide(case, register, rulebook, now)
    except Exception:  # noqa: BLE001 - law 5: an undecided message is held, visibly
        return _held(case, register, rulebook, UNDECIDED_REASON, UNDECIDED)


def prepare(rulebook: Rulebook) -> None:
    """Compile the rules now, so that the first message does not wait for it. Optional."""
    rulebook.memo(compile_rulebook)


def _decide(case: Case, register: Register, rulebook: Rulebook, now: datetime) -> Verdict:
    tied = ties(case, register, now)
    # An embargoed release first: it is the one to name where a rule is about no release.
    ordered = sorted(tied or (NO_TIE,), key=lambda tie: not tie.embargoed)
    situations = [Situation(case, register, tie, now) for tie in ordered]
    program = rulebook.memo(compile_rulebook)
    matches: list[Match] = []
    plan = program.plan(case, bool(tied))
    traces = list(plan.traces)
    for index in plan.open:
        found, traces[index] = match(program.rules[index], situations)
        if found is not None:
            matches.append(found)
    tally = _Tally(len(case.envelope.recipients) or 1)
    for found in matches:
        tally.add(found)
    tally.settle()
    fates = tally.fates
    decisions = tuple(
        _decision(index, recipient.address, fates[index], tally.reasons[index], situations, tied)
        for index, recipient in enumerate(case.envelope.recipients)
    )
    return Verdict(
        strictest(*fates),
        decisions,
        tied,
        _alerts(case, matches, fates),
        tuple(tally.notify),
        tuple(tally.stamps),
        tuple(traces),
        rulebook.digest,
        register.digest,
    )


class _Tally:
    """What the matching rules ask for, gathered for each recipient."""

    def __init__(self, recipients: int) -> None:
        self.fates: list[Disposition] = ["pass"] * recipients
        self.reasons: list[list[Reason]] = [[] for _ in range(recipients)]
        self.notify: list[tuple[str, str]] = []
        self.stamps: list[tuple[str, str]] = []
        self._passing: list[tuple[Match, list[int]]] = []

    def add(self, found: Match) -> None:
        rule = found.rule
        if rule.mode == "shadow":
            return
        if found.error:
            if rule.mode == "enforce":
                self._everyone(found, rule_error(rule.id))
            return
        affected = sorted({index for hit in found.hits for index in hit.recipients})
        because = fill(rule.because, found.hits[0].situation.release, len(affected))
        outcome = rule.outcome
        if rule.mode == "notify":
            self._passing.append((found, affected))
            return
        if outcome.notify:
            self.notify.append((rule.id, because))
        if outcome.stamp is not None:
            self.stamps.append(outcome.stamp)
        if outcome.scope == "whole message":
            affected = list(range(len(self.fates)))
        reason = (RANK[outcome.disposition], _WEIGHT[rule.severity], rule.id, because)
        self._give(outcome.disposition, affected, reason)

    def settle(self) -> None:
        """What tells the sender of something delivered says nothing of whom another rule stops."""
        for found, affected in self._passing:
            delivered = [index for index in affected if self.fates[index] == "pass"]
            if not delivered:
                continue
            rule = found.rule
            because = fill(rule.because, found.hits[0].situation.release, len(delivered))
            self.notify.append((rule.id, because))
            self._give("pass", delivered, (0, _WEIGHT[rule.severity], rule.id, because))

    def _everyone(self, found: Match, because: str) -> None:
        rank = RANK[_ERROR_OUTCOME.disposition]
        everyone = list(range(len(self.fates)))
        self._give("hold", everyone, (rank, _WEIGHT["critical"], RULE_ERROR, because))

    def _give(self, disposition: Disposition, to: Sequence[int], reason: Reason) -> None:
        for index in to:
            self.reasons[index].append(reason)
            self.fates[index] = strictest(self.fates[index], disposition)


def _decision(
    index: int, address: str, fate: Disposition, reasons: list[Reason],
    situations: Sequence[Situation], tied: tuple[Tie, ...],
) -> Decision:  # fmt: skip
    ordered = sorted(reasons, key=lambda reason: (-reason[0], -reason[1], reason[2]))
    ids = tuple(reason[2] for reason in ordered)
    because = tuple(reason[3] for reason in ordered)
    if not tied:
        return Decision(address, fate, None, None, None, ids, because)
    embargoed = [situation for situation in situations if situation.tie.embargoed]
    if not embargoed:
        return Decision(address, fate, situations[0].tie.release, None, None, ids, because)
    worst = max(embargoed, key=lambda situation: _badness(situation.people[index]))
    listed = all(situation.people[index].listed for situation in embargoed)
    standing = worst.people[index].standing
    return Decision(address, fate, worst.tie.release, listed, standing, ids, because)


def _badness(person: Person) -> int:
    """Nobody is listed for a release that nobody can name: that is the worst standing."""
    return _WORST[person.standing.status] if person.standing else len(_WORST)


def _alerts(
    case: Case, matches: Sequence[Match], fates: Sequence[Disposition]
) -> tuple[Alert, ...]:
    """One for each alerting rule and release: stopped for everyone it is about, or a breach."""
    addresses = [recipient.address for recipient in case.envelope.recipients]
    alerts: list[Alert] = []
    for found in matches:
        rule = found.rule
        if not rule.outcome.alert or rule.mode != "enforce":
            continue
        for hit in found.hits:
            stopped = all(fates[index] != "pass" for index in hit.recipients)
            because = fill(rule.because, hit.situation.release, len(hit.recipients))
            whom = dict.fromkeys(addresses[i] for i in hit.recipients if i < len(addresses))
            alerts.append(
                Alert(
                    rule.id,
                    "near-miss" if stopped else "breach",
                    hit.situation.tie.release,
                    tuple(whom),
                    because,
                    rule.severity,
                )
            )
    return tuple(alerts)


def _held(case: Case, register: Register, rulebook: Rulebook, reason: str, because: str) -> Verdict:
    """Everybody is held, and every rule says that it was not asked."""
    decisions = tuple(
        Decision(recipient.address, "hold", reasons=(reason,), because=(because,))
        for recipient in case.envelope.recipients
    )
    traces = tuple(
        RuleTrace(rule.id, False, rule.mode, f"not asked: {reason}") for rule in rulebook.rules
    )
    return Verdict(
        "hold", decisions, rules=traces, rulebook=rulebook.digest, register=register.digest
    )

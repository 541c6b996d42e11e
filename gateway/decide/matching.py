"""Asks one rule of one message: whom it matches, for which release, and why.

A rule that cannot be evaluated is a match that holds the whole message (law 5), told apart by
`error`; the text of the exception goes nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

from gateway.decide.compiled import (
    MESSAGE,
    RECIPIENT,
    RELEASE,
    CompiledRule,
    reduce,
    trace_of_failure,
)  # fmt: skip
from gateway.decide.situation import Person, Situation
from gateway.model.rule import Condition, Rule, holds, names_in
from gateway.model.verdict import RuleTrace


@dataclass(frozen=True, slots=True)
class Hit:
    """The rule matched `recipients` (indices into the envelope) for the release of `situation`."""

    situation: Situation
    recipients: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Everything that one rule made of the message."""

    rule: Rule
    hits: tuple[Hit, ...]
    error: str = ""


def match(
    compiled: CompiledRule, situations: Sequence[Situation]
) -> tuple[Match | None, RuleTrace]:
    """What the rule matched (None: nothing) and the trace of it. Never raises."""
    rule = compiled.rule
    try:
        for ask, failed in compiled.needed:
            if not ask(situations[0], None):  # type: ignore[arg-type]
                return None, failed
        return _match(compiled, situations)
    except Exception as error:  # noqa: BLE001 - law 5: whatever failed, the message is held
        kind = type(error).__name__
        trace = RuleTrace(rule.id, True, rule.mode, f"rule-error: could not be evaluated ({kind})")
        return Match(rule, (), kind), trace


def _match(
    compiled: CompiledRule, situations: Sequence[Situation]
) -> tuple[Match | None, RuleTrace]:
    rule = compiled.rule
    hits: list[Hit] = []
    settled = {
        name: selection.ask(situations[0], _NOBODY)
        for name, selection in compiled.selections.items()
        if selection.level == MESSAGE
    }
    truth = settled
    for situation in situations if compiled.of_a_release else situations[:1]:
        truth = settled | {
            name: selection.ask(situation, _NOBODY)
            for name, selection in compiled.selections.items()
            if selection.level == RELEASE
        }
        left = reduce(rule.when, truth)
        matched = _recipients(compiled, situation, left)
        if matched:
            hits.append(Hit(situation, matched))
    if not hits:
        return None, _miss(compiled, truth)
    return Match(rule, tuple(hits)), _hit_trace(compiled, hits[0])


def _recipients(
    compiled: CompiledRule, situation: Situation, left: bool | Condition
) -> tuple[int, ...]:
    if left is False:
        return ()
    if left is True:
        return tuple(range(len(situation.people)))
    asking = [compiled.selections[name] for name in sorted(names_in(left))]
    return tuple(
        index
        for index, person in enumerate(situation.people)
        if holds(left, {selection.name: selection.ask(situation, person) for selection in asking})
    )


def _miss(compiled: CompiledRule, truth: dict[str, bool]) -> RuleTrace:
    """Names the first selection that stood in the way, where there is a single one to name."""
    rule = compiled.rule
    left = reduce(rule.when, truth)
    for selection in rule.select:
        name = selection.name
        if left is False and truth.get(name) is False and reduce(rule.when, {name: False}) is False:
            return trace_of_failure(rule, name)
    if not isinstance(left, bool):
        return RuleTrace(
            rule.id, False, rule.mode,
            f"not matched: no recipient for whom {_listing(sorted(names_in(left)))} decide so",
        )  # fmt: skip
    return RuleTrace(rule.id, False, rule.mode, "not matched: the condition does not hold")


def _hit_trace(compiled: CompiledRule, hit: Hit) -> RuleTrace:
    rule, situation = compiled.rule, hit.situation
    person = situation.people[hit.recipients[0]]
    true = [
        selection.name
        for selection in rule.select
        if compiled.selections[selection.name].ask(situation, person)
    ]
    whom = ""
    if any(selection.level == RECIPIENT for selection in compiled.selections.values()):
        whom = f" (for {len(hit.recipients)} of {len(situation.people)} recipients)"
    return RuleTrace(rule.id, True, rule.mode, f"matched: {_listing(true)}{whom}")


def _listing(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names) or "nothing of what it excludes"


_NOBODY = Person("", "", "unknown", None, None)

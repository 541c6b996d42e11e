"""Rules turned into functions once, so that asking them of a message is cheap.

Every selection belongs to a level: it depends on the message alone, on the release as well, or on
the one recipient. What a level above has settled is never worked out again for each recipient.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any, Callable, Mapping

import regex

from gateway.decide.fields import THINGS, Reader, reader
from gateway.decide.situation import Asker, Person, Situation
from gateway.model.rule import (
    And,
    Condition,
    FieldTest,
    Name,
    Not,
    Or,
    Rule,
    Scalar,
    Selection,
    holds,
    names_in,
)  # fmt: skip
from gateway.model.verdict import RuleTrace

MESSAGE, RELEASE, RECIPIENT = 0, 1, 2
MATCH_SECONDS = 0.1
"""How long one pattern may take; a slower one is a rule error, so the message is held."""
_OF_A_RELEASE = frozenset({"listed", "status", "this-release"})


@dataclass(frozen=True, slots=True)
class CompiledSelection:
    name: str
    level: int
    ask: Asker


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """`needed` are message-level selections without which the rule cannot match, each with the
    trace to give when it fails; `of_a_release` is whether different releases may make a
    difference."""

    rule: Rule
    needed: tuple[tuple[Asker, RuleTrace], ...]
    selections: Mapping[str, CompiledSelection]
    of_a_release: bool


def compile_rule(rule: Rule) -> CompiledRule:
    selections = {s.name: CompiledSelection(s.name, level(s), _ask(s)) for s in rule.select}
    necessary = needed(rule.when)
    return CompiledRule(
        rule,
        tuple(
            (selections[s.name].ask, trace_of_failure(rule, s.name))
            for s in rule.select
            if s.name in necessary and selections[s.name].level == MESSAGE
        ),
        selections,
        any(_of_a_release(selection) for selection in rule.select),
    )


def trace_of_failure(rule: Rule, name: str) -> RuleTrace:
    about = rule.selection(name).about
    return RuleTrace(rule.id, False, rule.mode, f"not matched: '{name}' ({about}) does not hold")


def level(selection: Selection) -> int:
    if selection.quantifier == "this":
        return RECIPIENT
    if selection.subject in ("release", "recipient") or _of_a_release(selection):
        return RELEASE
    return MESSAGE


def _of_a_release(selection: Selection) -> bool:
    return selection.subject == "release" or any(
        test.field in _OF_A_RELEASE for test in selection.tests
    )


def needed(condition: Condition) -> frozenset[str]:
    """The names that are true in every assignment that makes the condition true."""
    names = sorted(names_in(condition))
    always = set(names)
    for values in product((False, True), repeat=len(names)):
        truth = dict(zip(names, values, strict=True))
        if holds(condition, truth):
            always -= {name for name, value in truth.items() if not value}
    return frozenset(always)


def reduce(condition: Condition, truth: Mapping[str, bool]) -> bool | Condition:
    """The condition where some names are settled: a plain truth, or what is left to ask."""
    if isinstance(condition, Name):
        return truth.get(condition.name, condition)
    if isinstance(condition, Not):
        inner = reduce(condition.operand, truth)
        return (not inner) if isinstance(inner, bool) else Not(inner)
    deciding = isinstance(condition, Or)  # the value that settles an Or is true, an And's false
    rest: list[Condition] = []
    for operand in condition.operands:
        inner = reduce(operand, truth)
        if isinstance(inner, bool):
            if inner is deciding:
                return deciding
        else:
            rest.append(inner)
    if not rest:
        return not deciding
    if len(rest) == 1:
        return rest[0]
    return Or(tuple(rest)) if deciding else And(tuple(rest))


def _ask(selection: Selection) -> Asker:
    subject = selection.subject
    checks = [(reader(subject, test.field), check_of(test)) for test in selection.tests]

    fulfils = _all_of(checks)
    if selection.quantifier == "this":
        return lambda situation, person: fulfils(person, situation)
    if selection.quantifier == "":
        return lambda situation, person: fulfils(None, situation)

    things = THINGS[subject]
    every, no = selection.quantifier == "every", selection.quantifier == "no"

    def ask(situation: Situation, _: Person) -> bool:
        found = things(situation)
        if not found:
            return no  # `every` of nothing is false, `any` too
        for thing in found:
            if fulfils(thing, situation) is not every:
                return not (every or no)
        return every or no

    return ask


def _all_of(
    checks: list[tuple[Reader, Callable[[Scalar], bool]]],
) -> Callable[[Any, Situation], bool]:
    if len(checks) == 1:
        read, check = checks[0]
        return lambda thing, situation: check(read(thing, situation))

    def fulfils(thing: Any, situation: Situation) -> bool:
        for read, check in checks:  # noqa: SIM110 - half the time of all()
            if not check(read(thing, situation)):
                return False
        return True

    return fulfils


def check_of(test: FieldTest) -> Callable[[Scalar], bool]:
    if test.operator == "matches":
        pattern = regex.compile(str(test.values[0]), regex.IGNORECASE)
        return lambda value: (
            value is not None and pattern.search(str(value), timeout=MATCH_SECONDS) is not None
        )
    if test.operator in ("at least", "at most"):
        return _bound(test.values[0], test.operator == "at least")
    wanted = frozenset(_folded(value) for value in test.values)
    if test.operator == "not":
        return lambda value: _folded(value) not in wanted
    return lambda value: _folded(value) in wanted


def _bound(limit: Any, lower: bool) -> Callable[[Scalar], bool]:
    def check(value: Any) -> bool:
        if value is None:
            return False
        return bool(value >= limit if lower else value <= limit)

    return check


def _folded(value: Scalar) -> Scalar | tuple[str, bool]:
    """Texts compare without regard to case; true is not the number one."""
    if isinstance(value, str):
        return value.casefold()
    return ("yes/no", value) if isinstance(value, bool) else value

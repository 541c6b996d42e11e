"""The shipped policy proves itself, and no part of it could be taken away unnoticed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Iterator

import pytest

from gateway.act.grounds import ROWS, family
from gateway.cli.rules import text_reader
from gateway.decide import decide
from gateway.model.rule import And, Condition, Name, Not, Or, Rule, Rulebook
from gateway.rulebook import load_rulebook, prove
from gateway.rulebook.prove import prove_test

POLICY = Path(__file__).resolve().parents[2] / "rules" / "policy"
RULEBOOK = load_rulebook(POLICY)
READ = text_reader()
RULES = pytest.mark.parametrize("rule", RULEBOOK.rules, ids=lambda rule: rule.id)


def failures(rulebook: Rulebook, rule: Rule) -> list[str]:
    """The tests of one rule that fail under a rulebook, which need not hold it."""
    proofs = (prove_test(rulebook, rule, test, decide, READ) for test in rule.tests)
    return [f"{p.test}: {'; '.join(p.problems)}; {p.got}" for p in proofs if not p.passed]


def with_rule(changed: Rule) -> Rulebook:
    return Rulebook(tuple(changed if r.id == changed.id else r for r in RULEBOOK.rules), "changed")


@RULES
def test_every_rule_passes_its_own_tests(rule: Rule) -> None:
    assert failures(RULEBOOK, rule) == []


@RULES
def test_a_rule_that_is_deleted_is_missed_by_its_tests(rule: Rule) -> None:
    without = Rulebook(tuple(r for r in RULEBOOK.rules if r.id != rule.id), "without")
    hits = [test for test in rule.tests if test.hit]
    assert len(failures(without, rule)) >= len(hits)


@RULES
def test_a_rule_whose_condition_is_negated_fails_all_its_tests(rule: Rule) -> None:
    assert len(failures(with_rule(replace(rule, when=Not(rule.when))), rule)) >= 1


@RULES
def test_each_selection_of_a_rule_is_held_in_place_by_a_test(rule: Rule) -> None:
    unnoticed = [
        f"{name} taken as {value}"
        for name, value, when in weakened(rule.when)
        if not failures(with_rule(replace(rule, when=when)), rule)
    ]
    assert unnoticed == []


@RULES
def test_a_disposition_that_is_softened_is_noticed(rule: Rule) -> None:
    if rule.mode != "enforce" or rule.outcome.disposition == "pass":
        return
    softer = replace(rule, outcome=replace(rule.outcome, disposition="pass"))
    assert failures(with_rule(softer), rule)


@RULES
def test_what_stops_or_tells_people_says_why_without_repeating_the_leak(rule: Rule) -> None:
    assert rule.title
    if rule.mode != "shadow":
        assert len(rule.because) > 40
        assert "@" not in rule.because


@RULES
def test_counts_stand_where_any_number_reads_well(rule: Rule) -> None:
    text = " ".join(rule.because.split())
    assert text.count("{recipient-count}") == len(re.findall(r": \{recipient-count\}[.)]", text))
    assert "head of profession" not in text  # the office is spelt in one way


@RULES
def test_notices_know_which_rules_are_about_single_people_or_firms(rule: Rule) -> None:
    about_rows = any(
        test.field == "kind" and set(test.values) & {"microdata", "identifiers"}
        for selection in rule.select
        for test in selection.tests
    )
    if about_rows:
        assert family(rule.id) in ROWS


def test_every_proof_can_be_asked_for_at_once() -> None:
    assert all(proof.passed for proof in prove(RULEBOOK, decide, READ))


def weakened(when: Condition) -> Iterator[tuple[str, bool, Condition]]:
    """The condition with one occurrence of one name taken for granted, or given up."""
    yield from (
        (name, value, changed)
        for name, value, changed in _changes(when)
        if not isinstance(changed, bool)
    )


def _changes(when: Condition) -> Iterator[tuple[str, bool, Condition | bool]]:
    if isinstance(when, Name):
        yield when.name, True, True
        yield when.name, False, False
    elif isinstance(when, Not):
        for name, value, inner in _changes(when.operand):
            yield name, value, (not inner) if isinstance(inner, bool) else Not(inner)
    else:
        for index, operand in enumerate(when.operands):
            rest = when.operands[:index] + when.operands[index + 1 :]
            for name, value, inner in _changes(operand):
                yield name, value, _joined(isinstance(when, Or), rest, index, inner)


def _joined(
    either: bool, rest: tuple[Condition, ...], index: int, inner: Condition | bool
) -> Condition | bool:
    if isinstance(inner, bool):
        if inner is either:
            return inner
        operands = rest
    else:
        operands = (*rest[:index], inner, *rest[index:])
    if len(operands) == 1:
        return operands[0]
    return Or(operands) if either else And(operands)

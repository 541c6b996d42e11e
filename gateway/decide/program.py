"""A rulebook made ready to be asked: its rules compiled, and a plan for every outline."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.decide.compiled import CompiledRule, compile_rule
from gateway.decide.outline import OUTLINES, Plan, outline, plan
from gateway.model.rule import Rulebook
from gateway.model.verdict import Case


@dataclass(frozen=True, slots=True)
class Program:
    """`plans` are by outline."""

    rules: tuple[CompiledRule, ...]
    plans: tuple[Plan, ...]

    def plan(self, case: Case, tied: bool) -> Plan:
        return self.plans[outline(case, tied)]


def compile_rulebook(rulebook: Rulebook) -> Program:
    rules = tuple(compile_rule(rule) for rule in rulebook.rules)
    return Program(rules, tuple(plan(rules, there) for there in range(OUTLINES)))

"""Finds conditions that can never be true, are always true, or do not depend on a name they use.

Decides by truth table over the selections' names, leaving out combinations that the selections
themselves rule out (a thing cannot be listed and not listed). What it cannot decide it lets pass.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import Iterable, Iterator

from gateway.model.rule import (
    And,
    Condition,
    FieldTest,
    Name,
    Not,
    Rule,
    Selection,
    holds,
    names_in,
)  # fmt: skip
from gateway.rulebook.constraint import (
    constraints,
    cover,
    disjoint,
    implies,
    impossible,
)  # fmt: skip

Truth = dict[str, bool]


def impossible_selections(selections: Iterable[Selection]) -> Iterator[tuple[Selection, str]]:
    """Selections that nothing can fulfil, with the field that contradicts itself."""
    for selection in selections:
        for field, constraint in constraints(selection).items():
            if impossible(constraint):
                yield selection, field
                break


def condition_problem(when: Condition, selections: tuple[Selection, ...]) -> tuple[str, str] | None:
    """(what is wrong, hint), or None."""
    names = sorted(names_in(when))
    used = [selection for selection in selections if selection.name in names]
    possible = [truth for truth in _assignments(names) if _feasible(truth, used)]
    outcomes = {tuple(truth.items()): holds(when, truth) for truth in possible}
    if not any(outcomes.values()):
        return "the condition can never be true, so the rule is unreachable", _conflict(when, used)
    if all(outcomes.values()):
        return (
            "the condition is always true",
            "say what must be there for the rule to match",
        )
    for name in names:
        if not any(_matters(name, dict(truth), outcomes) for truth in outcomes):
            return (
                f"'{name}' makes no difference to the condition",
                "take it out, or look for the selection that already says it",
            )
    return None


def same_condition(one: Rule, other: Rule) -> bool:
    """Whether two rules match exactly the same, whatever their selections are called."""
    return _canonical(one.when, one) == _canonical(other.when, other)


def _assignments(names: list[str]) -> Iterator[Truth]:
    for values in product((False, True), repeat=len(names)):
        yield dict(zip(names, values, strict=True))


def _matters(name: str, truth: Truth, outcomes: dict[tuple[tuple[str, bool], ...], bool]) -> bool:
    flipped = tuple((truth | {name: not truth[name]}).items())
    return flipped in outcomes and outcomes[flipped] != outcomes[tuple(truth.items())]


def _conflict(when: Condition, used: list[Selection]) -> str:
    """Which two selections stand against each other, where a plain conjunction shows it."""
    wanted: Truth = {}
    for operand in when.operands if isinstance(when, And) else ():
        inner = operand.operand if isinstance(operand, Not) else operand
        if not isinstance(inner, Name):
            continue
        if wanted.setdefault(inner.name, inner is operand) is not (inner is operand):
            return f"'{inner.name}' is asked for and ruled out"
    for one, other in combinations([s for s in used if s.name in wanted], 2):
        if not _feasible({s.name: wanted[s.name] for s in (one, other)}, [one, other]):
            return f"'{one.name}' and '{other.name}' contradict each other as they stand here"
    return "the names in it contradict one another"


def _feasible(truth: Truth, selections: list[Selection]) -> bool:
    return all(
        _pair_feasible(one, truth[one.name], other, truth[other.name])
        for one, other in combinations(selections, 2)
    )


def _pair_feasible(one: Selection, a: bool, other: Selection, b: bool) -> bool:
    if one.subject != other.subject:
        return True
    # `no X` is nothing but `not any X`.
    if one.quantifier == "no":
        one, a = Selection(one.name, "any", one.subject, one.tests), not a
    if other.quantifier == "no":
        other, b = Selection(other.name, "any", other.subject, other.tests), not b
    return _allowed(one, a, other, b) and _allowed(other, b, one, a)


def _allowed(one: Selection, a: bool, other: Selection, b: bool) -> bool:
    """What `one` being so says about `other`; asked in both directions."""
    if not a:
        # The same single thing cannot fail both of two tests that cover all there is.
        single = one.quantifier == other.quantifier and one.quantifier in ("this", "")
        return not (single and not b and cover(one, other))
    if b:
        shared = one.quantifier != "any" or other.quantifier != "any"
        # Some thing fulfils both, unless both are `any` (two things) or one is about `this`
        # recipient and the other about any.
        together = shared and {one.quantifier, other.quantifier} != {"this", "any"}
        return not (together and disjoint(one, other))
    if not implies(one, other):
        return True
    follows = {
        "any": ("any",),
        "every": ("any", "every", "this"),
        "this": ("any", "this"),
        "": ("",),
    }
    return other.quantifier not in follows[one.quantifier]


def _canonical(condition: Condition, rule: Rule) -> str:
    if isinstance(condition, Name):
        selection = rule.selection(condition.name)
        tests = sorted(map(_test_text, selection.tests))
        return f"{selection.about}{{{';'.join(tests)}}}"
    if isinstance(condition, Not):
        return f"not({_canonical(condition.operand, rule)})"
    word = "and" if isinstance(condition, And) else "or"
    return (
        f"{word}({','.join(sorted(_canonical(operand, rule) for operand in condition.operands))})"
    )


def _test_text(test: FieldTest) -> str:
    return f"{test.field} {test.operator} {sorted(map(repr, test.values))}"

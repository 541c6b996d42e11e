"""A pattern that a crafted text could bring to a standstill never gets into the policy."""

from __future__ import annotations

import pytest

from gateway.rulebook.patterns import pattern_problem

DANGEROUS = [
    "(a+)+b", "(a*)*b", "(a|a)*c", "(ab|a|b)*c", r"(\w+\s*)+x", "(x+x+)+y", "(?:.*foo)*x",
    r"(\d{1,3}){1,50}x", "(a?){30}a{30}", r"(.)\1x", r"(?:\d+\.?)+$", "(?:a|[a-c])+d",
    "((ab)+)+c",
]  # fmt: skip
HARMLESS = [
    r"\.csv$", r"^(budget|table)[-_ ]?\d+", r"(?:\w+\s+)+x", "(?:foo|bar)+x", r"^\s+|\s+$",
    r"(?:[a-z]+\.)+example$", "a+?b", "(?<!a)b+c", r"\.(?:sav|dta|rds)$", "[^/]+/x", "^.{3,8}$",
]  # fmt: skip


@pytest.mark.parametrize("pattern", DANGEROUS)
def test_patterns_that_backtrack_badly_are_refused(pattern: str) -> None:
    problem = pattern_problem(pattern)
    assert problem and "backtracks badly" in problem[0]


@pytest.mark.parametrize("pattern", HARMLESS)
def test_ordinary_patterns_are_accepted(pattern: str) -> None:
    assert pattern_problem(pattern) is None


@pytest.mark.parametrize("pattern", ["a*", "", "x|", "^"])
def test_a_pattern_that_needs_nothing_is_refused(pattern: str) -> None:
    assert pattern_problem(pattern)


@pytest.mark.parametrize(
    "pattern", ["(", "[a", "a{3,1}", "*", "(?P<a", "\\", "(" * 400 + ")" * 400]
)
def test_a_pattern_that_does_not_compile_is_refused(pattern: str) -> None:
    assert pattern_problem(pattern)

"""What a selection allows each field to be, so that two selections can be compared.

Words and yes/no fields are finite sets and compared exactly; numbers are ranges; texts are what
is named or excluded. Patterns are compared by their spelling only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import Any, Mapping

from gateway.model.rule import FieldTest, Selection
from gateway.model.vocabulary import Field, field_of

Value = tuple[str, Any]
"""A value and its type's name, so that true is not 1."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """`allowed` is None where the possible values are not a finite set."""

    allowed: frozenset[Value] | None
    excluded: frozenset[Value] = frozenset()
    low: float = -inf
    high: float = inf
    patterns: frozenset[str] = frozenset()

    def values(self) -> frozenset[Value] | None:
        """The finite set of what remains, or None."""
        if self.allowed is None:
            return None
        bounded = self.low > -inf or self.high < inf
        return frozenset(
            (kind, value)
            for kind, value in self.allowed - self.excluded
            if not bounded or (kind == "number" and self.low <= value <= self.high)
        )


def constraints(selection: Selection) -> Mapping[str, Constraint]:
    """The constraint on each field that the selection names."""
    found: dict[str, Constraint] = {}
    for test in selection.tests:
        field = field_of(selection.subject, test.field)
        assert field is not None  # load has refused unknown fields before this is asked
        found[test.field] = _narrowed(found.get(test.field) or _anything(field), test)
    return found


def impossible(constraint: Constraint) -> bool:
    values = constraint.values()
    return constraint.low > constraint.high if values is None else not values


def disjoint(one: Selection, other: Selection) -> bool:
    """Nothing can fulfil both."""
    theirs = constraints(other)
    return any(
        name in theirs and impossible(_met(mine, theirs[name]))
        for name, mine in constraints(one).items()
    )


def implies(one: Selection, other: Selection) -> bool:
    """Whatever fulfils `one` fulfils `other`."""
    mine = constraints(one)
    return all(
        name in mine and _within(mine[name], theirs) for name, theirs in constraints(other).items()
    )


def cover(one: Selection, other: Selection) -> bool:
    """Everything fulfils one of the two: they name one and the same field, and all its values."""
    mine, theirs = constraints(one), constraints(other)
    if len(mine) != 1 or mine.keys() != theirs.keys():
        return False
    name = next(iter(mine))
    field = field_of(one.subject, name)
    everything = _anything(field).allowed if field else None
    if everything is None:
        return False
    return (mine[name].values() or frozenset()) | (
        theirs[name].values() or frozenset()
    ) >= everything


def _anything(field: Field) -> Constraint:
    finite: tuple[Any, ...] | None = None
    if field.type == "word":
        finite = field.words
    elif field.type == "yes/no":
        finite = (True, False)
    if finite is None:
        return Constraint(None)
    return Constraint(frozenset(map(_value, finite + ((None,) if field.nullable else ()))))


def _value(value: Any) -> Value:
    if isinstance(value, bool):
        return "yes/no", value
    if isinstance(value, (int, float)):
        return "number", value
    return ("null", None) if value is None else ("text", str(value).casefold())


def _narrowed(constraint: Constraint, test: FieldTest) -> Constraint:
    values = frozenset(map(_value, test.values))
    if test.operator == "is":
        allowed = values if constraint.allowed is None else constraint.allowed & values
        return replace(constraint, allowed=allowed)
    if test.operator == "not":
        return replace(constraint, excluded=constraint.excluded | values)
    if test.operator == "matches":
        return replace(constraint, patterns=constraint.patterns | {str(test.values[0])})
    bound = float(test.values[0])  # type: ignore[arg-type]
    if test.operator == "at least":
        return replace(constraint, low=max(constraint.low, bound))
    return replace(constraint, high=min(constraint.high, bound))


def _met(one: Constraint, other: Constraint) -> Constraint:
    allowed = one.allowed
    if other.allowed is not None:
        allowed = other.allowed if allowed is None else allowed & other.allowed
    return Constraint(
        allowed, one.excluded | other.excluded, max(one.low, other.low), min(one.high, other.high),
        one.patterns | other.patterns,
    )  # fmt: skip


def _within(one: Constraint, other: Constraint) -> bool:
    if not other.patterns <= one.patterns:
        return False
    mine, theirs = one.values(), other.values()
    if mine is not None:
        if theirs is not None:
            return mine <= theirs
        return (replace(other, allowed=mine).values() or frozenset()) == mine
    return (
        theirs is None
        and other.excluded <= one.excluded
        and other.low <= one.low
        and one.high <= other.high
    )

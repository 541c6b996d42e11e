"""What a rule says, as data: named selections, a condition over their names, an outcome.

A rule is read once by `rulebook`, judged by `decide`, and pickles to every worker. A `Rulebook`
may carry one memo of what `decide` compiled from it; the memo is no part of its value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Callable, Literal, Mapping, TypeVar, Union

from gateway.model.verdict import Case, Disposition, Mode, Severity

Quantifier = Literal["any", "every", "no", "this", ""]
Subject = Literal[
    "finding", "attachment", "part", "gap", "mention", "recipient",
    "message", "sender", "release", "session",
]  # fmt: skip
Operator = Literal["is", "not", "at least", "at most", "matches"]
Scalar = Union[None, bool, int, float, str]
Scope = Literal["whole message", "matching recipients"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FieldTest:
    """`field operator values`; `is` and `not` take one or more values, the others exactly one."""

    field: str
    operator: Operator
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """`quantifier subject` such that all `tests` hold of one and the same thing.

    `every` of nothing is false: a rule never concludes from what is not there.
    """

    name: str
    quantifier: Quantifier
    subject: Subject
    tests: tuple[FieldTest, ...] = ()

    @property
    def about(self) -> str:
        return f"{self.quantifier} {self.subject}".strip()


@dataclass(frozen=True, slots=True)
class Name:
    """The truth of one selection."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    operand: Condition


@dataclass(frozen=True, slots=True)
class And:
    operands: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    operands: tuple[Condition, ...]


Condition = Union[Name, Not, And, Or]


def names_in(condition: Condition) -> frozenset[str]:
    """The selections that a condition speaks of."""
    if isinstance(condition, Name):
        return frozenset((condition.name,))
    if isinstance(condition, Not):
        return names_in(condition.operand)
    return frozenset[str]().union(*(names_in(operand) for operand in condition.operands))


def holds(condition: Condition, truth: Mapping[str, bool]) -> bool:
    """The condition's truth where every selection's truth is known."""
    if isinstance(condition, Name):
        return truth[condition.name]
    if isinstance(condition, Not):
        return not holds(condition.operand, truth)
    if isinstance(condition, And):
        return all(holds(operand, truth) for operand in condition.operands)
    return any(holds(operand, truth) for operand in condition.operands)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a matching rule asks for. `alert` tells the officer, `notify` tells the sender,
    `stamp` is a header field to add to what is delivered."""

    disposition: Disposition = "pass"
    scope: Scope = "matching recipients"
    alert: bool = False
    notify: bool = False
    stamp: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class InlineTest:
    """A made-up message that a rule must match (`hit`) or must leave alone.

    `case` and `at` are the message and the moment; `texts` are ("subject" or "body", words) that
    the real detectors read on top. `expect` is one disposition for each address that the test
    speaks of; `alert` the alert that the rule raises on it ("" for not stated).
    """

    name: str
    hit: bool
    case: Case
    at: datetime
    expect: Mapping[str, Disposition] = field(default_factory=dict)
    alert: Literal["near-miss", "breach", "none", ""] = ""
    texts: tuple[tuple[str, str], ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One file of the policy. `file` and `line` say where it stands."""

    id: str
    title: str
    severity: Severity
    mode: Mode
    because: str
    select: tuple[Selection, ...]
    when: Condition
    outcome: Outcome
    tests: tuple[InlineTest, ...] = ()
    file: str = ""
    line: int = 0

    def selection(self, name: str) -> Selection:
        return next(selection for selection in self.select if selection.name == name)


@dataclass(frozen=True)
class Rulebook:
    """The whole policy, in the order of the rules' ids. `digest` names this reading of it."""

    rules: tuple[Rule, ...]
    digest: str = ""

    def memo(self, build: Callable[[Rulebook], T]) -> T:
        """What `build` makes of these rules, made once per object and left out of pickles."""
        if "_memo" not in self.__dict__:
            self.__dict__["_memo"] = build(self)
        made: T = self.__dict__["_memo"]
        return made

    def __getstate__(self) -> dict[str, Any]:
        return {"rules": self.rules, "digest": self.digest}

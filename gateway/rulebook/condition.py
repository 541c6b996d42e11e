"""Parses `when`: names, `and`, `or`, `not` and parentheses, nothing else.

`not` binds tightest, then `and`, then `or`; a condition that mixes `and` with `or` must say with
parentheses what it means, so that no officer has to remember that.
"""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple

from gateway.model.rule import And, Condition, Name, Not, Or

MAX_WORDS = 200
_TOKEN = re.compile(r"\s*(?:([a-z][a-z0-9-]*)(?![A-Za-z0-9_])|([()])|(\S))")
_WORDS = ("and", "or", "not")


class Problem(Exception):
    """What is wrong with a condition, and how many characters into it."""

    def __init__(self, offset: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.offset, self.message, self.hint = offset, message, hint


class Token(NamedTuple):
    kind: str
    text: str
    offset: int


def parse_condition(text: str) -> Condition:
    """Raises Problem."""
    parser = _Parser(list(_tokens(text)))
    condition = parser.alternatives()
    parser.end()
    return condition


def names_with_offsets(text: str) -> Iterator[tuple[str, int]]:
    """Where each name stands in a condition that has been parsed."""
    for token in _tokens(text):
        if token.kind == "name":
            yield token.text, token.offset


def _tokens(text: str) -> Iterator[Token]:
    end = len(text.rstrip())
    position = 0
    while position < end:
        match = _TOKEN.match(text, position)
        assert match is not None  # the last alternative takes any character that is not a space
        start = match.start(match.lastindex or 0)
        if match[3]:
            raise Problem(
                start, f"'{match[3]}' cannot stand in a condition",
                "use selection names, and, or, not, ( and )",
            )  # fmt: skip
        if match[2]:
            yield Token(match[2], match[2], start)
        else:
            yield Token(match[1] if match[1] in _WORDS else "name", match[1], start)
        position = match.end()
    yield Token("end", "", end)


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        if len(tokens) > MAX_WORDS:
            raise Problem(
                tokens[MAX_WORDS].offset, f"longer than {MAX_WORDS} words", "make it two rules"
            )
        self._tokens = tokens
        self._at = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += 1
        return token

    def end(self) -> None:
        if self._next.kind != "end":
            raise Problem(
                self._next.offset, f"unexpected '{self._next.text}'",
                "put and / or between two names, and close every parenthesis once",
            )  # fmt: skip

    def alternatives(self) -> Condition:
        first, joined = self._conjunction()
        operands = [first]
        while self._next.kind == "or":
            offset = self._take().offset
            operand, also_joined = self._conjunction()
            if joined or also_joined:
                raise Problem(
                    offset, "'and' and 'or' side by side can be read in two ways",
                    "say which you mean: (a and b) or c, or a and (b or c)",
                )  # fmt: skip
            operands.append(operand)
        return operands[0] if len(operands) == 1 else Or(tuple(operands))

    def _conjunction(self) -> tuple[Condition, bool]:
        """The condition, and whether a bare `and` stands in it."""
        operands = [self._negation()]
        while self._next.kind == "and":
            self._take()
            operands.append(self._negation())
        joined = len(operands) > 1
        return (And(tuple(operands)) if joined else operands[0]), joined

    def _negation(self) -> Condition:
        negated = False
        while self._next.kind == "not":
            self._take()
            negated = not negated
        operand = self._operand()
        return Not(operand) if negated else operand

    def _operand(self) -> Condition:
        token = self._take()
        if token.kind == "name":
            return Name(token.text)
        if token.kind == "(":
            inner = self.alternatives()
            closing = self._next
            if closing.kind != ")":
                raise Problem(token.offset, "this parenthesis is never closed", "add a ')'")
            self._take()
            return inner
        what = f"'{token.text}'" if token.text else "the end"
        raise Problem(token.offset, f"a selection name is expected before {what}")

"""Refuses patterns that do not compile or that a crafted text can bring to a standstill.

Two checks, because each misses what the other finds: a static one walks the pattern's loops and
refuses a loop in which the same character can be taken in two ways (nested quantifiers, branches
that begin alike); a timed one runs the pattern on texts built from it to go wrong.
"""

from __future__ import annotations

import re
from re import _parser as syntax  # type: ignore[attr-defined]  # the only parser of patterns there is
from typing import Any, Callable, Iterable

import regex

MAX_LENGTH = 500
PROBE_SECONDS = 1.0
_PROBE_CHARS = 400
_MANY, _UNROLLED, _MAX_POSITIONS = 10, 4, 5000
"""A repetition with more than so many turns counts as a loop."""
_ALPHABET = [chr(code) for code in range(32, 127)] + [
    "\n",
    "\t",
    "\x00",
    "é",
    "–",
    "٣",
    "日",
    "\u00a0",
]

Step = frozenset[str]
"""The characters of the alphabet that one position of the pattern takes."""


def pattern_problem(pattern: str) -> tuple[str, str] | None:
    """(what is wrong, hint), or None."""
    if len(pattern) > MAX_LENGTH:
        return f"the pattern is longer than {MAX_LENGTH} characters", "use a list of words"
    try:
        tree = syntax.parse(pattern, re.IGNORECASE)
        compiled = regex.compile(pattern, regex.IGNORECASE)
        walk = _Walk()
        walk.sequence(tree)
    except (re.error, regex.error) as error:
        place = f" at character {error.pos + 1}" if error.pos is not None else ""
        return f"the pattern does not compile: {error.msg}{place}", ""
    except (RecursionError, OverflowError):
        return "the pattern is too complicated", "use a list of words"
    if compiled.search("") is not None:
        return "the pattern matches everything, even nothing", "at least one character must count"
    if walk.problem:
        return (
            f"the pattern backtracks badly: {walk.problem}",
            "let each repetition take characters that nothing beside it in the loop takes",
        )
    if _too_slow(compiled, walk.seen):
        return "the pattern backtracks badly: a crafted text brings it to a standstill", (
            "use fewer open-ended repetitions beside each other"
        )
    return None


class _Piece:
    """What a stretch of the pattern can begin with, end with, and whether it can be empty.

    `first` is a list, not a set: two ways to begin with the same character are two ways.
    `last` holds, for every position the stretch can end on, the list of what may follow it inside.
    """

    __slots__ = ("empty", "first", "last")

    def __init__(self, first: list[Step], last: list[list[Step]], empty: bool) -> None:
        self.first, self.last, self.empty = first, last, empty


class _Walk:
    """Goes through a pattern once; `problem` is the first loop in which two ways overlap."""

    def __init__(self) -> None:
        self.problem = ""
        self.seen: list[Step] = []
        self._inside: list[list[list[Step]]] = []

    def sequence(self, items: Iterable[Any]) -> _Piece:
        whole = _Piece([], [], True)
        for operator, argument in items:
            whole = self._join(whole, self._item(str(operator), argument))
        return whole

    def _join(self, left: _Piece, right: _Piece) -> _Piece:
        for following in left.last:
            following.extend(right.first)
        first = left.first + right.first if left.empty else left.first
        last = left.last + right.last if right.empty else right.last
        return _Piece(first, last, left.empty and right.empty)

    def _item(self, operator: str, argument: Any) -> _Piece:
        if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            return self._repeat(*argument)
        if operator == "BRANCH":
            return self._branch(argument[1])
        if operator == "SUBPATTERN":
            return self.sequence(argument[-1])
        if operator == "ATOMIC_GROUP":
            return self.sequence(argument)
        if operator in ("ASSERT", "ASSERT_NOT"):
            self.sequence(argument[1])
            return _Piece([], [], True)
        if operator == "AT":
            return _Piece([], [], True)
        if operator in ("GROUPREF", "GROUPREF_EXISTS", "GROUPREF_IGNORE"):
            self._fail("it refers back to a group")
            return _Piece([], [], True)
        return self._position(_taken(operator, argument))

    def _position(self, step: Step) -> _Piece:
        self.seen.append(step)
        if len(self.seen) > _MAX_POSITIONS:
            raise OverflowError
        following: list[Step] = []
        for loop in self._inside:
            loop.append(following)
        return _Piece([step], [following], False)

    def _branch(self, branches: Iterable[Any]) -> _Piece:
        pieces = [self.sequence(branch) for branch in branches]
        if self._inside and sum(piece.empty for piece in pieces) > 1:
            self._fail("two branches of a repetition are alike")
        return _Piece(
            [step for piece in pieces for step in piece.first],
            [following for piece in pieces for following in piece.last],
            any(piece.empty for piece in pieces),
        )

    def _repeat(self, least: int, most: int, body: Any) -> _Piece:
        if most > _MANY:
            return self._loop(least, body)
        whole = _Piece([], [], True)
        for turn in range(min(most, _UNROLLED)):
            piece = self.sequence(body)
            whole = self._join(whole, _Piece(piece.first, piece.last, piece.empty or turn >= least))
        return whole

    def _loop(self, least: int, body: Any) -> _Piece:
        self._inside.append([])
        piece = self.sequence(body)
        places = self._inside.pop()
        if piece.empty:
            self._fail("what is repeated may be nothing")
        for following in piece.last:
            following.extend(piece.first)
        if _overlap(piece.first) or any(_overlap(following) for following in places):
            self._fail("inside a repetition, one text can be read in two ways")
        return _Piece(piece.first, piece.last, piece.empty or least == 0)

    def _fail(self, why: str) -> None:
        self.problem = self.problem or why


def _overlap(steps: list[Step]) -> bool:
    taken: set[str] = set()
    for step in steps:
        if not taken.isdisjoint(step):
            return True
        taken |= step
    return False


def _taken(operator: str, argument: Any) -> Step:
    """Which characters of the alphabet one position takes; all of them where that is not known."""
    if operator == "LITERAL":
        character = chr(argument)
        return frozenset({character.lower(), character.upper()})
    if operator == "NOT_LITERAL":
        return frozenset(_ALPHABET) - {chr(argument).lower(), chr(argument).upper()}
    if operator == "IN":
        return _class(argument)
    return frozenset(_ALPHABET)


_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": str.isdecimal,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda c: c.isalnum() or c == "_",
}


def _class(items: list[tuple[Any, Any]]) -> Step:
    taken: set[str] = set()
    negated = False
    for operator, argument in items:
        name = str(operator)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            taken |= {chr(argument).lower(), chr(argument).upper()}
        elif name == "RANGE":
            low, high = argument
            taken |= {
                c for c in _ALPHABET
                if any(low <= ord(v) <= high for v in (c, c.lower(), c.upper()) if len(v) == 1)
            }  # fmt: skip
            taken.add(chr(low))
        else:
            category = str(argument)
            test = _CATEGORIES[category.replace("_NOT_", "_")]
            wanted = "_NOT_" not in category
            taken |= {c for c in _ALPHABET if test(c) is wanted}
    return frozenset(_ALPHABET) - taken if negated else frozenset(taken)


def _too_slow(compiled: Any, seen: list[Step]) -> bool:
    """Texts that repeat what the pattern takes and then disappoint it."""
    samples = [min(step) for step in seen if step][:20]
    texts = {sample * _PROBE_CHARS for sample in samples}
    whole = "".join(samples)
    if whole:
        texts.add(whole * (_PROBE_CHARS // len(whole) + 1))
    try:
        for text in sorted(texts):
            # The second ending holds every character that the pattern could insist on, behind a
            # line that it must not reach: otherwise the engine gives up before it has begun.
            for ending in ("\x01!", "\n\x01!" + whole):
                compiled.search(text + ending, timeout=PROBE_SECONDS)
    except TimeoutError:
        return True
    return False

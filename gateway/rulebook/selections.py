"""Reads `select`: what a rule looks for, checked against the vocabulary word by word."""

from __future__ import annotations

import re
from typing import Any

from gateway.model.rule import FieldTest, Operator, Quantifier, Scalar, Selection, Subject
from gateway.model.vocabulary import ABOUTS, PLURAL, VOCABULARY, Field, field_of
from gateway.rulebook.patterns import pattern_problem
from gateway.rulebook.reading import Reading, brief, is_list_of_scalars, suggestion
from gateway.yaml_source import Path_

MAX_SELECTIONS = 10
OPERATORS = ("at least", "at most", "matches", "not")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_RESERVED = ("and", "or", "not")
_PYTHON = {"text": str, "word": str, "yes/no": bool}


def read_selections(reading: Reading, value: Any) -> tuple[Selection, ...]:
    """Every selection that could be read; the rest are faults."""
    path: Path_ = ("select",)
    if not isinstance(value, dict) or not value:
        reading.fault(
            path, "'select' must name at least one selection",
            "write e.g.  encrypted: {any gap: {reason: encrypted}}",
        )  # fmt: skip
        return ()
    if len(value) > MAX_SELECTIONS:
        reading.fault(path, f"more than {MAX_SELECTIONS} selections", "make it two rules")
        return ()
    found = [_selection(reading, (*path, name), name, body) for name, body in value.items()]
    return tuple(selection for selection in found if selection is not None)


def _selection(reading: Reading, path: Path_, name: str, body: Any) -> Selection | None:
    if not _NAME.fullmatch(name) or name in _RESERVED:
        reading.fault(
            path, f"'{brief(name)}' cannot be a selection's name",
            "use lower-case words joined by '-', not and / or / not",
        )  # fmt: skip
        return None
    if not isinstance(body, dict) or len(body) != 1:
        reading.fault(
            path, f"selection '{name}' must say what it is about, once",
            f"one of: {', '.join(ABOUTS)}; for two things write two selections",
        )  # fmt: skip
        return None
    about, tests = next(iter(body.items()))
    path = (*path, about)
    if about not in ABOUTS:
        reading.fault(path, f"unknown '{brief(about)}'", _about_hint(about))
        return None
    quantifier, _, subject = about.rpartition(" ")
    if tests is None:
        tests = {}
    if not isinstance(tests, dict) or (not tests and not quantifier):
        reading.fault(path, f"'{about}' needs fields", f"known: {_names(subject)}")
        return None
    read = [_test(reading, (*path, key), subject, key, want) for key, want in tests.items()]
    if any(group is None for group in read):
        return None
    return Selection(
        name, _quantifier(quantifier), _subject(subject),
        tuple(test for group in read for test in group or ()),
    )  # fmt: skip


def _about_hint(about: str) -> str:
    if about in PLURAL:
        return f"say how many: 'any {about}', 'every {about}' or 'no {about}'"
    return suggestion(about, ABOUTS)


def _test(
    reading: Reading, path: Path_, subject: str, key: str, want: Any
) -> tuple[FieldTest, ...] | None:
    """The tests of one field; None where it has a fault."""
    field = field_of(subject, key)
    if field is None:
        names = [field.name for field in VOCABULARY[subject]]
        reading.fault(path, f"unknown field '{brief(key)}' of {subject}", suggestion(key, names))
        return None
    if not isinstance(want, dict):
        values = _values(reading, path, field, want)
        return None if values is None else (FieldTest(key, "is", values),)
    known = reading.mapping(path, want, OPERATORS)
    if not known or any(operator not in OPERATORS for operator in known):
        if not known:
            reading.fault(path, f"'{key}' says nothing", f"known: {', '.join(OPERATORS)}")
        return None
    tests = [
        _operation(reading, (*path, operator), field, operator, value)
        for operator, value in want.items()
    ]
    return None if None in tests else tuple(test for test in tests if test is not None)


def _operation(
    reading: Reading, path: Path_, field: Field, operator: str, value: Any
) -> FieldTest | None:
    if operator == "not":
        values = _values(reading, path, field, value)
        return None if values is None else FieldTest(field.name, "not", values)
    if operator == "matches":
        return _pattern(reading, path, field, value)
    if field.type not in ("number", "any"):
        reading.fault(path, f"'{field.name}' is no number: '{operator}' cannot be asked of it")
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        reading.fault(path, f"'{operator}' needs a number")
        return None
    bound: Operator = "at least" if operator == "at least" else "at most"
    return FieldTest(field.name, bound, (value,))


def _pattern(reading: Reading, path: Path_, field: Field, value: Any) -> FieldTest | None:
    if field.type not in ("text", "any"):
        reading.fault(
            path, f"'{field.name}' is no text: 'matches' cannot be asked of it",
            f"known values: {', '.join(filter(None, field.words))}" if field.words else "",
        )  # fmt: skip
        return None
    if not isinstance(value, str) or not value:
        reading.fault(path, "'matches' needs a pattern in quotes")
        return None
    problem = pattern_problem(value)
    if problem:
        reading.fault(path, problem[0], problem[1])
        return None
    return FieldTest(field.name, "matches", (value,))


def _values(reading: Reading, path: Path_, field: Field, want: Any) -> tuple[Scalar, ...] | None:
    values = want if is_list_of_scalars(want) else [want]
    if not values:
        reading.fault(path, f"'{field.name}' is given an empty list", "it could never be true")
        return None
    good = [_value_fits(reading, path, field, value) for value in values]
    if len(set(map(repr, values))) != len(values):
        reading.fault(path, f"'{field.name}' names a value twice")
        return None
    return tuple(values) if all(good) else None


def _value_fits(reading: Reading, path: Path_, field: Field, value: Any) -> bool:
    if value is None:
        if not field.nullable:
            reading.fault(path, f"'{field.name}' is never null", _kind_hint(field))
        return field.nullable
    if field.type == "any":
        fits = isinstance(value, (str, bool, int, float))
    elif field.type == "number":
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    else:
        fits = isinstance(value, _PYTHON[field.type])
    if not fits:
        reading.fault(path, f"'{field.name}' cannot be '{brief(value)}'", _kind_hint(field))
    elif field.type == "word" and value not in field.words:
        reading.fault(
            path, f"'{field.name}' cannot be '{brief(value)}'", suggestion(value, field.words)
        )
        return False
    return fits


def _kind_hint(field: Field) -> str:
    if field.words:
        return suggestion("", field.words)
    return f"it is {'a ' if field.type in ('text', 'number') else ''}{field.type}"


def _names(subject: str) -> str:
    return ", ".join(field.name for field in VOCABULARY[subject])


def _quantifier(word: str) -> Quantifier:
    known: dict[str, Quantifier] = {
        "any": "any", "every": "every", "no": "no", "this": "this", "": "",
    }  # fmt: skip
    return known[word]


def _subject(word: str) -> Subject:
    known: dict[str, Subject] = {
        "finding": "finding", "attachment": "attachment", "part": "part", "gap": "gap",
        "mention": "mention", "recipient": "recipient", "message": "message", "sender": "sender",
        "release": "release", "session": "session",
    }  # fmt: skip
    return known[word]

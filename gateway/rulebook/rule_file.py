"""Reads one rule from its file: every fault in it at once, or a Rule."""

from __future__ import annotations

import re
from typing import Any, get_args

from gateway.model.fault import Fault, Faults
from gateway.model.rule import Condition, Outcome, Rule, Selection, names_in
from gateway.model.verdict import Disposition, Mode, Severity
from gateway.model.vocabulary import PLACEHOLDERS
from gateway.rulebook.condition import Problem, names_with_offsets, parse_condition
from gateway.rulebook.reachability import condition_problem, impossible_selections
from gateway.rulebook.reading import Reading, brief, suggestion
from gateway.rulebook.selections import read_selections
from gateway.rulebook.sketch import read_tests
from gateway.yaml_source import parse

KEYS = ("id", "title", "severity", "mode", "because", "select", "when", "do", "tests")
REQUIRED = ("id", "title", "severity", "mode", "select", "when", "do", "tests")
SEVERITIES, MODES = get_args(Severity), get_args(Mode)
ACTIONS = ("pass", "hold", "reject", "alert", "notify", "stamp")
SCOPES = ("whole message", "matching recipients")
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_HEADER = re.compile(r"X-[A-Za-z0-9-]{1,60}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}?|\}")


def read_rule(raw: bytes, file: str, stem: str) -> tuple[Rule | None, list[Fault]]:
    """The rule, or None and every fault."""
    try:
        document = parse(raw, file)
    except Faults as faults:
        return None, list(faults.faults)
    reading = Reading(document, raw.decode("utf-8-sig"))
    body = reading.mapping((), document.value, KEYS, REQUIRED)
    if body is None:
        return None, reading.faults
    rule = _rule(reading, body, file, stem)
    return (rule if not reading.faults else None), reading.faults


def _rule(reading: Reading, body: dict[str, Any], file: str, stem: str) -> Rule | None:
    has = body.__contains__
    name = _id(reading, body["id"], stem) if has("id") else ""
    title = reading.text(("title",), body["title"]) if has("title") else ""
    severity = (
        reading.choice(("severity",), body["severity"], SEVERITIES) if has("severity") else ""
    )
    mode = reading.choice(("mode",), body["mode"], MODES) if has("mode") else ""
    outcome = _outcome(reading, body["do"]) if has("do") else None
    because = _because(reading, body, outcome)
    select = read_selections(reading, body["select"]) if has("select") else ()
    for selection, field in impossible_selections(select):
        reading.fault(
            ("select", selection.name, selection.about, field),
            f"nothing can fulfil '{field}' as it stands here, so '{selection.name}' is never true",
        )
    names = body["select"] if isinstance(body.get("select"), dict) else {}
    when = _when(reading, body["when"], tuple(names), select) if has("when") else None
    tests = read_tests(reading, body["tests"]) if has("tests") else ()
    if reading.faults or when is None or outcome is None:
        return None
    return Rule(
        name, title or "", _severity(severity or ""), _mode(mode or ""), because, select, when,
        outcome, tests, file, reading.line(()),
    )  # fmt: skip


def _id(reading: Reading, value: Any, stem: str) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        reading.fault(
            ("id",), f"'{brief(value)}' cannot be an id", "lower-case words joined by '-'"
        )
        return ""
    if value != stem:
        reading.fault(
            ("id",), f"the id '{value}' is not the file's name '{stem}'",
            f"rename the file to {value}.yaml, or the id to {stem}",
        )  # fmt: skip
    return value


def _because(reading: Reading, body: dict[str, Any], outcome: Outcome | None) -> str:
    if "because" not in body:
        silent = outcome is None or (
            outcome.disposition == "pass" and not outcome.alert and not outcome.notify
        )
        if not silent or body.get("mode") == "notify":
            reading.fault(
                (), "'because' is missing",
                "say in plain English why; people read it in the notice",
            )  # fmt: skip
        return ""
    text = reading.text(("because",), body["because"]) or ""
    for match in _PLACEHOLDER.finditer(text):
        if match[0] not in {f"{{{name}}}" for name in PLACEHOLDERS}:
            reading.fault(
                ("because",), f"'{brief(match[0])}' is no placeholder",
                suggestion(match[1] or "", PLACEHOLDERS),
            )  # fmt: skip
    return " ".join(text.split())


def _outcome(reading: Reading, value: Any) -> Outcome | None:
    path = ("do",)
    keys = ("action", "scope", "alert", "notify", "header", "value")
    body = reading.mapping(path, value, keys, ("action",))
    if body is None or "action" not in body:
        return None
    action = reading.choice((*path, "action"), body["action"], ACTIONS)
    alert = reading.flag((*path, "alert"), body.get("alert", False))
    notify = reading.flag((*path, "notify"), body.get("notify", False))
    if "scope" in body and action not in ("hold", None):
        reading.fault(
            (*path, "scope"), "only a hold has a scope", "a reject is of the whole message"
        )
    scope = reading.choice((*path, "scope"), body.get("scope", SCOPES[0]), SCOPES)
    stamp = _stamp(reading, body, action)
    if action is None or scope is None or alert is None or notify is None:
        return None
    fates: dict[str, Disposition] = {"hold": "hold", "reject": "reject"}
    return Outcome(
        fates.get(action, "pass"),
        "whole message" if action == "reject" or scope == SCOPES[0] else "matching recipients",
        alert or action == "alert", notify or action == "notify", stamp,
    )  # fmt: skip


def _stamp(reading: Reading, body: dict[str, Any], action: str | None) -> tuple[str, str] | None:
    if action != "stamp":
        for key in ("header", "value"):
            if key in body:
                reading.fault(("do", key), f"only a stamp has a '{key}'")
        return None
    header, value = body.get("header"), body.get("value")
    if not isinstance(header, str) or not _HEADER.fullmatch(header):
        # Structural fields (From, Received, DKIM-Signature) are never ours to write (law 7).
        reading.fault(("do", "header"), "a stamp needs a 'header' that begins with X-")
        return None
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or not value:
        reading.fault(("do", "value"), "a stamp needs a 'value' of one line of plain ASCII")
        return None
    return header, value


def _when(
    reading: Reading, value: Any, named: tuple[str, ...], select: tuple[Selection, ...]
) -> Condition | None:
    """Checks names against what `select` names, also where a selection itself has faults."""
    text = reading.text(("when",), value)
    if text is None:
        return None
    try:
        when = parse_condition(text)
    except Problem as problem:
        reading.fault_inside(("when",), problem.offset, problem.message, problem.hint)
        return None
    unknown = False
    for name, offset in names_with_offsets(text):
        if name not in named:
            unknown = True
            reading.fault_inside(
                ("when",), offset, f"no selection is called '{name}'", suggestion(name, named)
            )
    used = names_in(when)
    for name in named:
        if name not in used:
            reading.fault(
                ("select", name), f"selection '{name}' is not used in 'when'",
                "use it or take it out",
            )  # fmt: skip
    if unknown or not used <= {selection.name for selection in select}:
        return None
    problem_found = condition_problem(when, select)
    if problem_found:
        reading.fault_inside(("when",), 0, *problem_found)
    return when


def _severity(word: str) -> Severity:
    known: dict[str, Severity] = {
        "low": "low", "medium": "medium", "high": "high", "critical": "critical",
    }  # fmt: skip
    return known[word]


def _mode(word: str) -> Mode:
    known: dict[str, Mode] = {"enforce": "enforce", "notify": "notify", "shadow": "shadow"}
    return known[word]

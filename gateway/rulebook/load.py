"""Loads the policy whole or not at all: every fault of every file, with its place and a hint.

No policy must never mean that everything may pass, so a folder without rules is a fault; so is a
file that looks like a rule and would be overlooked.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from gateway.model.fault import Fault, Faults
from gateway.model.rule import Rule, Rulebook
from gateway.rulebook.reachability import same_condition
from gateway.rulebook.rule_file import read_rule
from gateway.yaml_source import MAX_BYTES

SUFFIX = ".yaml"
_OVERLOOKED = (".yml", ".json", ".toml")


def load_rulebook(directory: Path, before: Rulebook | None = None) -> Rulebook:
    """Read every rule in a folder and below it; `before` is given back where the files still say
    the same. Raises Faults."""
    shown = str(directory)
    if not directory.is_dir():
        hint = "check rules.policy in the configuration"
        raise Faults([Fault(shown, 0, 0, "there is no such folder of rules", hint)])
    faults: list[Fault] = []
    texts: dict[Path, bytes] = {}
    digest = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if path.name.startswith(".") or path.is_dir():
            continue
        if path.suffix.lower() in _OVERLOOKED or path.suffix != SUFFIX:
            if path.suffix.lower() in (*_OVERLOOKED, SUFFIX):
                faults.append(Fault(str(path), 0, 0, "would be overlooked", f"name it *{SUFFIX}"))
            continue
        raw = _bytes(path, faults)
        if raw is None:
            continue
        digest.update(path.relative_to(directory).as_posix().encode() + b"\0" + raw + b"\0")
        texts[path] = raw
    name = digest.hexdigest()[:32]
    if before is not None and before.digest == name and not faults:
        return before
    rules: list[Rule] = []
    for path, raw in texts.items():
        rule, found = read_rule(raw, str(path), path.stem)
        faults += found
        if rule is not None:
            rules.append(rule)
    if not rules and not faults:
        hint = "copy the shipped rules; without any rule every message would be held"
        faults.append(Fault(shown, 0, 0, "there is no rule in this folder", hint))
    faults += _between(rules)
    if faults:
        raise Faults(faults)
    return Rulebook(tuple(sorted(rules, key=lambda rule: rule.id)), name)


def _bytes(path: Path, faults: list[Fault]) -> bytes | None:
    try:
        if path.stat().st_size > MAX_BYTES:
            faults.append(Fault(str(path), 0, 0, f"file is larger than {MAX_BYTES} bytes"))
            return None
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        faults.append(Fault(str(path), 0, 0, reason, "check the path and its permissions"))
        return None


def _between(rules: list[Rule]) -> list[Fault]:
    """Faults of two rules together."""
    faults: list[Fault] = []
    for index, rule in enumerate(rules):
        for earlier in rules[:index]:
            if earlier.id == rule.id:
                faults.append(
                    Fault(rule.file, rule.line, 1, f"duplicate id '{rule.id}'",
                          f"it is also in {earlier.file}")
                )  # fmt: skip
            elif same_condition(earlier, rule):
                faults.append(
                    Fault(rule.file, rule.line, 1, f"matches exactly what '{earlier.id}' matches",
                          "the stricter of the two always wins; keep one")
                )  # fmt: skip
    return faults

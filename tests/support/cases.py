"""Cases on the stage of the inline tests, and rulebooks of a few rules written out as data."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from gateway.model.finding import Finding, Mention, PartFacts
from gateway.model.message import Location
from gateway.model.rule import FieldTest, Name, Outcome, Rule, Rulebook, Selection
from gateway.model.session import Envelope, Recipient, Session
from gateway.model.verdict import Case, MessageFacts
from gateway.rulebook import load_rulebook
from gateway.rulebook.stage import INSTANT

POLICY = load_rulebook(Path(__file__).resolve().parents[2] / "rules" / "policy")
BEFORE = INSTANT - timedelta(hours=1)
BANNER = Finding(
    "embargo-banner", Location("1", None, "body"), "high",
    {"until": INSTANT.isoformat(), "expired": False, "warnings": []},
)  # fmt: skip
BODY = PartFacts("1", None, "body", "text/plain", "text/plain", 100, "0" * 64)


def case(*to: str, sender: str = "producer@dept.example", **changes: Any) -> Case:
    message = MessageFacts("0" * 64, 1000, **changes.pop("message", {}))
    envelope = Envelope(sender, tuple(Recipient(address) for address in to))
    return Case(Session("192.0.2.1"), envelope, message, changes.pop("parts", (BODY,)), **changes)


def mention(release: str = "example-release", figures: int = 0) -> Mention:
    return Mention(release, "title", Location("1", None, "body"), figures)


def rule(
    name: str, *tests: FieldTest, about: str = "message", disposition: Any = "hold",
    scope: Any = "matching recipients", severity: Any = "medium", mode: Any = "enforce",
    alert: bool = False, notify: bool = False, stamp: tuple[str, str] | None = None,
    because: str = "Because of {release} at {instant}, for {recipient-count}.",
) -> Rule:  # fmt: skip
    """A rule of one selection."""
    quantifier, _, subject = about.rpartition(" ")
    selection: Any = Selection("it", quantifier, subject, tests)  # type: ignore[arg-type]
    outcome = Outcome(disposition, scope, alert, notify, stamp)
    return Rule(name, name, severity, mode, because, (selection,), Name("it"), outcome)


def rulebook(*rules: Rule) -> Rulebook:
    return Rulebook(rules, "test")


ALWAYS = FieldTest("size", "at least", (0,))


def to(address: str) -> FieldTest:
    return FieldTest("address", "is", (address,))

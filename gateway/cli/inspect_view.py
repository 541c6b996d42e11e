"""What `gateway inspect` says of a message to a person: who gets it, why, and what was found.

Names of files come from the message and may be hostile to a terminal; nothing else of it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Iterator

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from gateway.act.composition import shown
from gateway.cli.screen import moment
from gateway.decide.explain import why
from gateway.model.finding import Finding
from gateway.model.message import Location
from gateway.model.register import Register
from gateway.model.verdict import RANK, Decision
from gateway.pipeline import Inspection

_LISTED = {True: "yes", False: "no", None: "-"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one file, at the instant of the decision."""

    file: str
    inspection: Inspection
    register: Register
    now: datetime


def show(console: Console, answer: Answer) -> None:
    """The table says who gets it; what several recipients have in common stands once, below."""
    verdict = answer.inspection.verdict
    at = moment(answer.now, answer.register.zone)
    console.print(f"{shown(answer.file)}: {verdict.disposition} ({at})", markup=False, style="bold")
    reasons = _numbered(verdict.decisions)
    if verdict.decisions:
        console.print(_grid(verdict.decisions, reasons))
    lines = [f"({number}) {line}" for line, number in reasons.items()]
    lines += [f"release: {tie.sentence}" for tie in verdict.ties]
    if verdict.decisions:  # an alert counts recipients, and where there are none it says nothing
        lines += _alerts(answer, reasons)
    lines += _contents(answer)
    for line in lines:
        console.print(f"  {line}", markup=False)


def _numbered(decisions: tuple[Decision, ...]) -> dict[str, int]:
    """Every reason with its number; what stops mail comes before what lets it go with a note."""
    strictest_first = sorted(decisions, key=lambda decision: -RANK[decision.disposition])
    sentences = dict.fromkeys(line for decision in strictest_first for line in why(decision))
    return {line: number for number, line in enumerate(sentences, 1)}


def _grid(decisions: tuple[Decision, ...], reasons: dict[str, int]) -> Grid:
    grid = Grid("recipient", "fate", "release", "listed", "why", box=None, pad_edge=False)
    for decision in decisions:
        grid.add_row(
            Text(shown(decision.address)),
            decision.disposition,
            decision.release or "-",
            _LISTED[decision.listed],
            " ".join(f"({reasons[line]})" for line in why(decision)) or "no rule minds it",
        )
    return grid


def _alerts(answer: Answer, reasons: dict[str, int]) -> Iterator[str]:
    """One line for each severity: five rules may speak of the same breach."""
    alerts: dict[str, list[str]] = {}
    for alert in answer.inspection.verdict.alerts:
        number = reasons.get(alert.because)
        alerts.setdefault(alert.severity, []).append(f"({number})" if number else alert.because)
    for severity, grounds in alerts.items():
        yield f"alert ({severity}): because of {' '.join(dict.fromkeys(grounds))}"


def _contents(answer: Answer) -> Iterator[str]:
    """What was found, which parts are registered, which rules only watch, what was not read."""
    case, verdict = answer.inspection.case, answer.inspection.verdict
    minded = any(trace.matched for trace in verdict.rules)
    for finding in case.findings:
        yield _found(finding) + ("" if minded else "; no rule minds it")
    for part in case.parts:
        for entry in answer.register.synthetic_files(part.digest, answer.now):
            yield (
                f"registered as synthetic: {shown(entry.title)}, until {entry.expires:%-d %B %Y}: "
                f"{_place(Location(part.number, part.name))}"
            )
    for trace in verdict.rules:
        if trace.matched and trace.mode == "shadow":
            yield f"only logged: the rule {trace.id} matches, and changes nothing"
    for gap in case.gaps:
        yield f"not read: {_place(gap.location)}: {gap.reason}, {gap.detail}"


def _found(finding: Finding) -> str:
    if finding.kind == "added-recipient":
        whom = shown(str(finding.facts.get("recipient")))
        return f"joined: {whom} was not on the message that this one answers or forwards"
    if finding.kind in ("release-material", "release-figures"):
        return f"{_shared(finding)} in {_place(finding.location)}"
    if finding.kind == "register-rows":
        return f"found: {_of_register(finding)} in {_place(finding.location)}"
    if finding.kind == "unpublished-period":
        return f"{_of_series(finding)}: {_place(finding.location)}"
    if finding.kind == "indication":
        about = f"{finding.facts.get('release')}, {finding.facts.get('direction')}"
        return f"found: indication of {about} ({finding.confidence} confidence) in {_place(finding.location)}"
    kind = f"hidden {finding.kind}" if finding.hidden else finding.kind
    return f"found: {kind} ({finding.confidence} confidence) in {_place(finding.location)}"


def _of_series(finding: Finding) -> str:
    """Which series, up to when, and how it was recognised."""
    facts = finding.facts
    end = facts.get("period_end")
    when = f"to {end}" if end else "for a period that nobody states"
    out = (
        f"published to {facts.get('published_to')}"
        if facts.get("published_to")
        else "not published"
    )
    by = {"template": "columns", "identifiers": "codes"}.get(str(facts.get("how")), "name")
    return (
        f"found: unpublished-period ({finding.confidence} confidence), {facts.get('rows')} rows or"
        f" figures of {facts.get('series')} {when}, known by its {by}; it is {out}"
    )


def _of_register(finding: Finding) -> str:
    """How many rows, of which register, and by which of its fields."""
    rows, of = finding.facts.get("rows"), finding.facts.get("of")
    fields = finding.facts.get("fields")
    by = ", ".join(map(str, fields)) if isinstance(fields, list) else ""
    are = "row is" if rows == 1 and of is None else "rows are"
    many = f"{rows} of {of}" if of is not None else f"{rows}"
    hidden = "hidden " if finding.hidden else ""
    register = shown(str(finding.facts.get("register")))
    return f"{many} {hidden}{are} in register {register} (by {shown(by, 200)})"


def _shared(finding: Finding) -> str:
    """Which release, and where in its material: an officer must see why."""
    places = finding.facts.get("places")
    named = "; ".join(map(str, places)) if isinstance(places, list) else ""
    what = f"found: {finding.kind} ({finding.confidence} confidence)"
    count = finding.facts.get("matches")
    matches = f"{count} {'match' if count == 1 else 'matches'} with {finding.facts.get('release')}"
    return f"{what}, {matches}{': ' if named else ''}{shown(named, 400)}"


def _place(location: Location) -> str:
    name = shown(location.name) if location.name else f"part {location.part}"
    return f"{name}, {shown(location.where)}" if location.where else name

"""What has been found so far in the contents of one part.

Invariant: a detector that raises leaves a `Gap` where it failed, never silence (law 3).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Callable, Iterator

from gateway.detect.context import Detected
from gateway.detect.crossing import Crossing, Suspicion
from gateway.detect.effort import Effort
from gateway.detect.figure import AT_MOST
from gateway.detect.microdata import TableVerdict, judge
from gateway.detect.microdata.stacked import Stacked, of_units
from gateway.detect.thread import newest_quoted
from gateway.model.acquaintance import Participants
from gateway.model.content import Table
from gateway.model.finding import Confidence, Finding, Json, Mention
from gateway.model.message import Gap, Location
from gateway.model.rows import DeferredRows
from gateway.model.series import SeriesShown
from gateway.model.sign import Sign
from gateway.model.trace import Trace

if TYPE_CHECKING:
    from gateway.detect.material.rows import PartRows

_RANK = {"": 0, "not-a-table": 1, "aggregate": 2, "unsure": 3, "microdata": 4}
_CONFIDENCE = {"low": 0, "medium": 1, "high": 2}
_SURE = 4.0


class Gathered:
    """What has been found so far in one call of `inspect`."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.mentions: list[Mention] = []
        self.gaps: list[Gap] = []
        self.traces: list[Trace] = []
        self.signs: list[Sign] = []
        self.mixed = False
        self.named: frozenset[str] = frozenset()
        self.around: frozenset[str] = frozenset()
        self._verdict, self._rows, self._columns = "", 0, 0
        self._figures = 0
        self._quoted: Participants | None = None
        self.effort = Effort()
        self.stacked = Stacked()
        self._last: tuple[Table | None, str] = (None, "")
        self._shared: tuple[object, Suspicion] = (None, Suspicion())
        self._compared: object = None

    def count(self, figures: int) -> None:
        self._figures = min(AT_MOST, self._figures + figures)

    def verdict_of(self, table: Table) -> bool:
        """Does this table, judged just now, hold figures or unit rows?"""
        return self._last[0] is not table or self._last[1] != "not-a-table"

    def suspects(self, rows: DeferredRows, crossing: Crossing) -> frozenset[str] | None:
        """The strings whose rows must be read; None: all rows must be."""
        shared, own = rows.texts()
        if own:
            suspicion = crossing.suspect([*shared, *own])
        else:
            if self._shared[0] is not shared:
                self._shared = (shared, crossing.suspect(shared))
            suspicion = self._shared[1]
        if suspicion.always or any(rows.may_follow(*pair) for pair in suspicion.pairs):
            return None
        return suspicion.strings

    def compares(self, table: Table) -> bool:
        """Are the strings that the tables of a file share yet to be compared with anything? Once
        is enough."""
        if not isinstance(table.rows, DeferredRows):
            return True
        shared = table.rows.texts()[0]
        first, self._compared = self._compared is not shared, shared
        return first

    def guard(
        self, detector: str, location: Location, run: Callable[..., None], *given: object
    ) -> None:
        try:
            run(*given)
        except Exception as fault:  # noqa: BLE001 - a detector that fails is a Gap, never "skipped"
            # The type alone: messages of exceptions quote what they choked on.
            detail = f"the detector of {detector} failed ({type(fault).__name__})"
            self.gaps.append(Gap(location, "crashed", detail))

    def mark_hidden(self, first: int) -> None:
        """From this finding on they stood where a reader would not see them."""
        self.findings[first:] = [
            replace(finding, facts={**finding.facts, "hidden": True})
            for finding in self.findings[first:]
        ]

    def note_quoted(self, text: str) -> None:
        if self._quoted is None:
            self._quoted = newest_quoted(text)

    def judge(self, table: Table) -> None:
        verdict = judge(table)
        self._last = (table, verdict.verdict)
        self._note(table, verdict)
        if verdict.verdict != "microdata":
            self.stacked.add(table)

    def conclude_rows(self, rows: PartRows) -> None:
        """What all contents together hold of registers of units."""

        def told() -> None:
            findings, gaps = rows.conclude()
            self.findings += findings
            self.gaps += gaps

        self.guard("register rows", rows.place, told)

    def judge_stacked(self) -> None:
        """The small tables that have one form are judged as the one table that they are."""
        for table in self.stacked.tables():
            self.guard("microdata", table.location, self._judge_stack, table)
        if self.stacked.exceeded is not None:
            detail = "more small tables than are compared with each other"
            self.gaps.append(Gap(self.stacked.exceeded, "limit", detail))

    def _judge_stack(self, table: Table) -> None:
        verdict = judge(table)
        if of_units(verdict):
            self._note(table, verdict)

    def _note(self, table: Table, verdict: TableVerdict) -> None:
        if _RANK[verdict.verdict] > _RANK[self._verdict]:
            self._verdict, self._rows, self._columns = (
                verdict.verdict,
                verdict.rows,
                verdict.columns,
            )
        if verdict.verdict not in ("microdata", "unsure"):
            return
        facts: dict[str, Json] = {
            "rows": verdict.rows,
            "columns": verdict.columns,
            "visibility": table.visibility,
            "signals": [signal.name for signal in verdict.signals],
        }
        confidence: Confidence = "low"
        if verdict.verdict == "microdata":
            confidence = "high" if verdict.score >= _SURE else "medium"
        else:
            facts["verdict"] = "unsure"
        where = verdict.where or table.location.where
        self.findings.append(Finding("microdata", table.location.at(where), confidence, facts))

    def detected(self) -> Detected:
        return Detected(
            tuple(_once(self.findings)),
            tuple(dict.fromkeys(self.mentions)),
            tuple(self.gaps),
            self._verdict,
            self._rows,
            self._columns,
            self._figures,
            self._quoted,
            tuple(self.traces),
            tuple(_of_part(self.signs, self.mixed)),
        )


def _of_part(signs: list[Sign], mixed: bool) -> Iterator[Sign]:
    """Each once; `mixed`: some table of the part is of no registered series."""
    for sign in dict.fromkeys(signs):
        yield replace(sign, mixed=True) if mixed and isinstance(sign, SeriesShown) else sign


def _once(findings: list[Finding]) -> Iterator[Finding]:
    """Each statement once per place: the surest of those with the same facts, and the one that is
    seen where there are two."""
    surest: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        place = finding.location.where.split(", ")[0]
        key = (
            finding.kind,
            finding.location.part,
            finding.location.name,
            place,
            repr([fact for fact in finding.facts.items() if fact[0] != "hidden"]),
        )
        kept = surest.get(key)
        if kept is None or _weight(finding) > _weight(kept):
            surest[key] = finding
    return iter(surest.values())


def _weight(finding: Finding) -> tuple[int, bool]:
    return _CONFIDENCE[finding.confidence], not finding.hidden

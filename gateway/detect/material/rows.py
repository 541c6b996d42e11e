"""Rows of live unit registers in the contents of a message: exact data match.

- A match needs two fields of the same row, of which one is a key column, and proof enough that
  chance is not one in a million (`row_evidence`); what is found is counted, never told.
- Facts of a `register-rows` finding: `register`; `rows`, how many different rows of it; `of`, how
  many rows the table has that could be, or null; `fields`, the register's names of what agrees;
  `columns`, letters of the table's columns.
- A register that should be there and is not leaves a Gap on every part with a table in it, and work
  that would go too far leaves a Gap `limit`.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.detect.material.row_cells import Budget
from gateway.detect.material.row_evidence import SURE, together
from gateway.detect.material.row_tables import Matched, match_table
from gateway.detect.material.row_texts import match_text
from gateway.model.content import Table, Text
from gateway.model.finding import Finding, Json
from gateway.model.message import Gap, Location
from gateway.model.unit_register import UnitRegisters

_UNCOMPARED = "unit registers"
"""Where a part was not compared: rules ask for it."""
_NEVER_ROWS = ("header", "property", "file name", "sheet names", "hidden sheet names", "subject")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one table or text shares with one register, and where it stands."""

    matched: Matched
    location: Location
    hidden: bool


class RegisterRows:
    """Compares the contents of parts with the open registers; one per process, read-only."""

    def __init__(self, registers: UnitRegisters) -> None:
        self._registers = registers

    def __bool__(self) -> bool:
        """Whether there is anything to compare with, or should be."""
        return bool(self._registers.opened or self._registers.missing)

    def of_part(self) -> PartRows:
        return PartRows(self._registers)


class PartRows:
    """What one part with everything nested in it shares with the registers."""

    def __init__(self, registers: UnitRegisters) -> None:
        self._registers = registers
        self._budget = Budget()
        self._seen: list[_Seen] = []
        self._contents = 0
        self._last: Location | None = None
        self._table: Location | None = None

    @property
    def place(self) -> Location:
        """Where the last contents stood."""
        return self._last or Location("0")

    def table(self, table: Table) -> None:
        """Compare a table; tables of one row count too."""
        self._table = self._table or table.location
        digest = self._registers.digest
        if digest is None or not table.rows:
            return
        self._contents += 1
        self._last = table.location
        rows = table.rows if isinstance(table.rows, list) else list(table.rows)
        for one in match_table(rows, self._registers.opened, digest, self._budget):
            self._seen.append(_Seen(one, table.location, table.visibility != "visible"))

    def text(self, text: Text) -> None:
        """Compare running text; what programs write about a message is none."""
        digest = self._registers.digest
        if digest is None or text.location.where.lower().startswith(_NEVER_ROWS):
            return
        self._contents += 1
        self._last = text.location
        for one in match_text(text.text, self._registers.opened, digest, self._budget):
            self._seen.append(_Seen(one, text.location, text.hidden))

    def conclude(self) -> tuple[list[Finding], list[Gap]]:
        """What the part holds of each register, the table with the most rows first."""
        findings: list[Finding] = []
        for register in self._registers.opened:
            findings += self._of([s for s in self._seen if s.matched.register is register])
        gaps = []
        if self._table is not None:
            gaps = [
                Gap(
                    self._table.at(_UNCOMPARED),
                    "unreadable",
                    f"rows were not compared with register {name}: {why}",
                )
                for name, why in self._registers.missing.items()
            ]
        if self._budget.spent and self._last is not None:
            detail = "more values than are compared with registers of units"
            gaps.append(Gap(self._last, "limit", detail))
        return findings, gaps

    def _of(self, seen: list[_Seen]) -> list[Finding]:
        """Of one register: each place that proves it by itself, and the rest taken together."""
        found: list[Finding] = []
        told: set[int] = set()
        rest: list[_Seen] = []
        # A text and the tables that a reader saw in it are one; tables say more.
        seen.sort(key=lambda each: (each.matched.of is None, -len(each.matched.rows)))
        for each in seen:
            if each.matched.rows <= told:
                continue
            if each.matched.bits < SURE:
                rest.append(each)
                continue
            told |= each.matched.rows
            found.append(_finding(each, each.location, each.matched.rows))
        bits, count = together([each.matched.bits for each in rest], self._contents)
        if bits >= SURE:
            kept = sorted(rest, key=lambda each: -each.matched.bits)[:count]
            rows = frozenset[int]().union(*(each.matched.rows for each in kept)) - told
            if rows:
                place = kept[0].location
                if count > 1:
                    place = place.at(
                        f"{count} places, the first {place.where or 'at its beginning'}"
                    )
                found.append(_finding(kept[0], place, rows, count > 1))
        return found


def _finding(seen: _Seen, place: Location, rows: frozenset[int], many: bool = False) -> Finding:
    """`many`: it stands for several places, so that nothing is said of one table."""
    matched = seen.matched
    facts: dict[str, Json] = {
        "register": matched.register.name,
        "rows": len(rows),
        "of": None if many or matched.of is None else max(matched.of, len(rows)),
        "fields": [matched.register.columns[field] for field in matched.fields],
        "columns": [] if many else list(matched.columns),
    }
    if seen.hidden:
        facts["hidden"] = True
    return Finding("register-rows", place, "high", facts)

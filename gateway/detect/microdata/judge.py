"""Judges a table: are its rows units of a survey or register, or cells of a table of counts?

The score is a sum of named log-odds; nothing decides alone. Hidden sheets are judged like visible
ones. Small tables are judged like large ones: a low row count never clears a table.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Iterable, Iterator, Sequence

from gateway.detect.microdata.answer_signals import Observation
from gateway.detect.microdata.change import changes
from gateway.detect.microdata.column import letter
from gateway.detect.microdata.facts import Facts, gather
from gateway.detect.microdata.layout import Row
from gateway.detect.microdata.readings import Reading, bands, blocks, mixed, place, turned, without
from gateway.detect.microdata.record_signals import CONTACT, OF_UNITS, record_signals
from gateway.detect.microdata.table_signals import table_signals
from gateway.detect.microdata.verdict import Signal, TableVerdict, TableVerdictName
from gateway.detect.microdata.weights import SHIPPED, Weights
from gateway.model.content import Table

MIN_ROWS = 3
SURER, FEW, STRETCH, WIDE = 1.0, 12, 60, 20
SLIGHT = frozenset({"missing-codes", "pseudonyms"})
SEPARATE: Observation = (
    "separate-blocks",
    1.0,
    "empty columns divide it into blocks, each of which reads as a table of figures",
)
Part = tuple[Reading, Facts, TableVerdict]
TYPED = frozenset(
    {
        "shorthand",
        "total-labels",
        "sums-hold",
        "row-sums-hold",
        "titles-and-notes",
        "grouped-thousands",
        "rounded-counts",
    }
)
OWN = frozenset({"measure-headers", "things"})
KEYS = frozenset({"record-key", "pseudonyms"})
OF_WORK = KEYS | {"personal-names", "event-dates", "follow-up", "person-attributes"}
MOST_ADDED = 3
SUMMING_UP = frozenset("total totals sum mean average avg median grand row overall".split())
HEADS = frozenset({"category-heads", "time-axis-headers"})
TALLIED = frozenset(
    """question-codes coded-columns yes-no-columns wide-mixed no-small-key sample-uniques person-answers
    person-attributes repeated-combinations""".split()
)
INDICATORS = frozenset({"question-codes", "coded-columns", "yes-no-columns", "wide-mixed"})


def judge(table: Table, weights: Weights = SHIPPED) -> TableVerdict:
    """The verdict on one table, with its reasons: the worst of the ways in which it can be read."""
    facts = _facts(table)
    found = _judge(facts, table, weights)
    parts = _judged(_blocks(table.rows, facts), table, weights)
    if found.verdict != "aggregate" and _separate(parts):
        found = _judge(facts, table, weights, (SEPARATE,))
    if found.verdict != "microdata":
        readings = chain(
            bands(table.rows, facts.layout.first),
            mixed(table.rows),
            turned(table.rows),
            without(table.rows, _summing_up(facts, found)),
        )
        parts = [*parts, *_judged(readings, table, weights)]
    for reading, inner, other in parts:
        if _RANK[other.verdict] > _RANK[found.verdict] and _tells(inner, other):
            where = place(reading, inner.layout.width, inner.layout.first, inner.rows)
            found = replace(other, where=f"{table.location.where}, {where}".removeprefix(", "))
    return found


def _judged(readings: Iterable[Reading], table: Table, weights: Weights) -> list[Part]:
    found = []
    for reading in readings:
        inner = gather(reading.rows)
        if is_table(inner):
            part = replace(table, rows=reading.rows, total_rows=0, labels=(), coded=())
            found.append((reading, inner, _judge(inner, part, weights)))
    return found


def _separate(parts: list[Part]) -> bool:
    """Do blocks side by side read as tables of figures, each under its own heads?"""
    return len(parts) >= 2 and all(
        inner.layout.header_rows and other.verdict == "aggregate" for _, inner, other in parts
    )


def _summing_up(facts: Facts, judged: TableVerdict) -> list[int]:
    """Columns headed only as a sum or mean, which anybody may add to records, where they are few."""
    if any(signal.name in HEADS for signal in judged.signals):
        return []  # the totals of the figures beside them
    found = [
        c.index for c in facts.columns if c.numeric and c.words and SUMMING_UP.issuperset(c.words)
    ]
    return found if len(found) <= MOST_ADDED and len(facts.used) - len(found) >= 2 else []


def _facts(table: Table) -> Facts:
    return gather(table.rows, table.labels, table.form in ("statistical", "database", "records"))


_RANK = {"not-a-table": 0, "aggregate": 1, "unsure": 2, "microdata": 3}


def _blocks(rows: Sequence[Row], facts: Facts) -> Iterator[Reading]:
    """The parts between empty columns, where there are any."""
    width = facts.layout.width
    if width >= 5 and len(facts.columns) < width:
        known = {column.index for column in facts.columns}
        yield from blocks(rows, [c for c in range(width) if c not in known], width)


def _tells(facts: Facts, found: TableVerdict) -> bool:
    """A part without names for its columns has less to say: only what speaks of units counts."""
    if sum(column.filled >= column.blank for _, column in facts.each) < 2:
        return False  # titles, or the labels of sections
    if facts.layout.header_rows:
        return True
    return any(s.name in OF_UNITS and s.weight > 0 for s in found.signals)


def _judge(
    facts: Facts, table: Table, weights: Weights, more: Sequence[Observation] = ()
) -> TableVerdict:
    """One reading."""
    identifiers = tuple(sorted({c.identifier for c in facts.columns if c.identifier}))
    columns = len(facts.columns)
    where = _where(table, facts)
    rows = max(facts.rows, table.total_rows - facts.layout.first) if facts.rows else 0
    if not is_table(facts):
        return _without_table(facts, identifiers, where, rows)
    found = _weighed([*observe(facts), *of_file(table, facts), *more], weights)
    score = weights.bias + sum(signal.weight for signal in found)
    verdict: TableVerdictName = "unsure"
    if score >= weights.microdata:
        verdict = "microdata"
    elif score <= weights.aggregate:
        verdict = "aggregate"
    units = any(s.name in OF_UNITS - SLIGHT and s.weight > 0 for s in found)
    few = facts.rows < (FEW if facts.layout.header_rows else STRETCH) and len(facts.used) < WIDE
    if few and not units:
        # A few lines, or figures without their heads, repeat and mix by chance; nothing says units.
        verdict = "unsure" if score >= weights.microdata + SURER else "aggregate"
    turning = changes(verdict, score, found, weights)
    return TableVerdict(verdict, round(score, 2), found, where, rows, columns, identifiers, turning)


def _weighed(observations: Sequence[Observation], weights: Weights) -> tuple[Signal, ...]:
    """Signals, strongest first. What a sender can add by typing into a few cells (a note, a total,
    a [c]) is bounded together: it makes a table of counts look more like one, and clears no records."""
    typed = sum(weights.signals[n] * s for n, s, _ in observations if n in TYPED)
    less = weights.typed / typed if typed < weights.typed else 1.0
    signals = []
    for name, strength, why in observations:
        weight = round(weights.signals[name] * strength * (less if name in TYPED else 1.0), 2)
        if abs(weight) >= 0.05:
            signals.append(Signal(name, weight, why))
    return tuple(sorted(signals, key=lambda signal: -abs(signal.weight)))


def of_file(table: Table, facts: Facts) -> Iterator[Observation]:
    """What the file itself says of its columns."""
    if table.form == "statistical":
        yield "statistical-file", 1.0, "the file is one of a statistics program, made for records"
    coded = [p for p, c in facts.each if c.index in set(table.coded)]
    if coded:
        yield (
            "value-labels",
            min(1.0, 0.4 + 0.2 * len(coded)),
            f"the file explains the codes of column {facts.letters(coded)} with value labels",
        )


def observe(facts: Facts) -> list[Observation]:
    """Every signal that is present, with its strength."""
    found = [*record_signals(facts), *table_signals(facts)]
    if not any(name in OF_UNITS for name, _, _ in found):
        # Without headers there is less that could have spoken.
        strength = 1.0 if facts.layout.header_rows else 0.6
        why = "no column speaks of persons, households or firms"
        found.append(("nothing-about-units", strength, why))
    if any(name == "unit-panel" for name, _, _ in found):
        # Rates and costs of one unit are its own, not those of a group; so is what it ate.
        found = [(n, s * 0.5 if n in OWN else s, why) for n, s, why in found]
    if any(name == "code-list" for name, _, _ in found):
        # Classifications have keys of their own.
        found = [(n, s * 0.4 if n in KEYS else s, why) for n, s, why in found]
    if any(name == "work-list" for name, _, _ in found):
        # Tasks and tests have numbers, owners and dates.
        found = [(n, s * 0.3 if n in OF_WORK else s, why) for n, s, why in found]
    if _tallied(found, facts):
        # The dimensions of a table are codes and categories as the answers of persons are.
        return [(n, s * 0.4 if n in TALLIED else s, why) for n, s, why in found]
    if any(name == "crossed-grid" and strength > 0.8 for name, strength, _ in found) and _timed(
        facts
    ):
        # A panel of places carries indicator columns by the dozen; they are not answers.
        found = [(n, s * 0.3 if n in INDICATORS else s, why) for n, s, why in found]
    return found


def _tallied(found: Sequence[Observation], facts: Facts) -> bool:
    """Is there one count for each combination of categories?"""
    names = {name for name, _, _ in found}
    if "frequency-column" in names:
        return True
    return "crossed-grid" in names and not facts.key.columns


def _timed(facts: Facts) -> bool:
    key = [facts.columns[p] for p in facts.key.columns]
    return any(c.kind in ("year", "period", "date") or "time" in c.groups for c in key)


def identifier_columns(table: Table) -> tuple[tuple[str, str], ...]:
    """(column letter, kind) of every column that holds direct identifiers."""
    return tuple((c.letter, c.identifier) for c in _facts(table).columns if c.identifier)


def is_table(facts: Facts) -> bool:
    return len(facts.used) >= 2 and facts.rows >= MIN_ROWS


def _without_table(
    facts: Facts, identifiers: tuple[str, ...], where: str, rows: int
) -> TableVerdict:
    """Too small to be a table; yet a bare list of official identifiers is a list of units."""
    columns = len(facts.columns)
    official = [
        c for c in facts.columns if c.identifier and c.identifier not in CONTACT | {"personal name"}
    ]
    if official:
        why = f"column {official[0].letter} holds valid identifiers ({official[0].identifier})"
        return TableVerdict(
            "microdata",
            3.0,
            (Signal("official-identifiers", 3.0, why),),
            where,
            rows,
            columns,
            identifiers,
        )
    if identifiers:
        why = f"a list of contact details ({', '.join(identifiers)}) and nothing else"
        return TableVerdict(
            "unsure",
            0.0,
            (Signal("contact-identifiers", 0.0, why),),
            where,
            rows,
            columns,
            identifiers,
        )
    return TableVerdict("not-a-table", 0.0, (), where, rows, columns, identifiers)


def _where(table: Table, facts: Facts) -> str:
    """ "sheet Data, columns A–H, rows 2–501"."""
    parts = [table.location.where] if table.location.where else []
    if facts.columns:
        last = max(facts.layout.first + facts.rows, 1)
        first, final = facts.columns[0].letter, facts.columns[-1].letter
        parts.append(f"columns {first}–{final}" if first != final else f"column {first}")
        parts.append(f"rows {facts.layout.first + 1}–{last}")
    return ", ".join(parts) or letter(0)

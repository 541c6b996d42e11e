"""Which columns of a source become which columns of a register, as somebody asks on a command line.

`surname+forename` is one column made of two: names that others write together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from gateway.releases.unit_registers.faults import RegisterFault


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register: its name, and the columns of the source (from 0) that it joins."""

    name: str
    parts: tuple[int, ...]
    key: bool


def choose(header: Sequence[str], keys: Sequence[str], fields: Sequence[str]) -> tuple[Column, ...]:
    """The asked columns, those that rows are found by first. Raises RegisterFault with everything
    that is wrong."""
    names = [name.strip().lstrip("\ufeff") for name in header]
    known: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        known.setdefault(name.casefold(), []).append(number)
    wrong: list[str] = []
    chosen: dict[str, Column] = {}
    for asked, key in [*((name, True) for name in keys), *((name, False) for name in fields)]:
        parts = []
        for part in map(str.strip, asked.split("+")):
            at = known.get(part.casefold(), [])
            if not at:
                near = get_close_matches(part, names, 1)
                wrong.append(
                    f"there is no column '{part}'" + (f"; meant '{near[0]}'?" if near else "")
                )
            elif len(at) > 1:
                wrong.append(f"the name '{part}' heads {len(at)} columns")
            parts += at[:1]
        if not key and asked.casefold() in chosen:
            continue  # every key column is a field too
        if asked.casefold() in chosen:
            wrong.append(f"the key column '{asked}' is named twice")
        chosen[asked.casefold()] = Column(asked.strip(), tuple(parts), key)
    if not keys:
        wrong.append("no key column is named, by which rows could be found")
    if len(chosen) < 2 and not wrong:
        wrong.append("a match needs two columns of one row, and only one is named")
    if wrong:
        raise RegisterFault("; ".join(wrong), f"the columns are: {', '.join(names)}")
    return tuple(chosen.values())

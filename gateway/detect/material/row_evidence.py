"""What it proves that values of a message agree with a row of a register, in bits.

Bits are -log2 of the chance that a row which is not the register's agrees as well, after what
choosing gives away: among the rows that share a key, the values that a field was tried against, the
rows that were looked at. Twenty bits are a chance of one in a million for the whole table or text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from gateway.model.unit_register import UnitRegister

SURE = 20.0
NO_CHOICE: Mapping[int, int] = MappingProxyType({})
LEAST_OF_A_ROW = 6.0
_ENOUGH = 60.0
_WORTH_COUNTING = 4.0


@dataclass(frozen=True, slots=True)
class RowEvidence:
    """A row of the register that something agrees with: in which fields, and what that proves."""

    row: int
    bits: float
    fields: tuple[int, ...]


def evidence(
    register: UnitRegister, key: int, crowd: int, record: Sequence[int], agreeing: Sequence[int],
    tries: Mapping[int, int] = NO_CHOICE,
) -> tuple[float, tuple[int, ...]]:  # fmt: skip
    """The bits of one row, found by field `key` among `crowd` rows that share its value, of which
    the fields `agreeing` agree too; and the fields that count. `tries` is against how many values
    each was tried, where that is more than one. That the key is there proves nothing: invented rows
    have real references, too."""
    distinct = register.distinct
    weighed = sorted(
        ((distinct.of(field, record[field]), field) for field in agreeing), reverse=True
    )
    bits, counted, checks = 0.0, [key], {record[key]}
    for alone, field in weighed:
        if record[field] in checks:
            continue  # one value of the message may stand for one field only
        worth = min(alone, float(np.min(distinct.given[counted, field])))
        worth -= math.log2(tries.get(field, 1))
        if worth > 0:
            bits += worth
            checks.add(record[field])
            counted.append(field)
        if bits >= _ENOUGH:
            break
    return bits - math.log2(crowd), tuple(counted)


def together(bits: Sequence[float], examined: int, lost: float = 0.0) -> tuple[float, int]:
    """The bits of the best rows taken together, and how many these are: `examined` were looked at,
    and `lost` bits were given away by choosing what to compare."""
    ordered = sorted((each for each in bits if each >= LEAST_OF_A_ROW), reverse=True)
    examined = max(examined, len(ordered))
    total, before, best, taken = 0.0, 0.0, 0.0, 0
    for count, each in enumerate(ordered, 1):
        total += each
        net = total - _log2_choose(examined, count) - lost
        # A row that adds less may well be there by chance.
        if net >= best and (count == 1 or net - before >= _WORTH_COUNTING):
            best, taken = net, count
        before = net
    return best, taken


def _log2_choose(many: int, few: int) -> float:
    """log2 of the number of ways to choose `few` out of `many`."""
    ways = math.lgamma(many + 1) - math.lgamma(few + 1) - math.lgamma(many - few + 1)
    return ways / math.log(2)

"""Recognises the export of a registered system by its columns, whatever numbers stand below.

The order of columns, their case, blanks and underscores do not count; some may be missing or new
(weighted Jaccard similarity). Columns that many systems have, such as "month" and "value", weigh
little, and alone they prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.detect.material.periods import whole
from gateway.detect.normalise import fold, squeezed
from gateway.model.series import Series

_LOOKED_AT = 40
_COLUMNS = 300
_LONGEST = 100
_SIMILAR = 0.55
_CONTAINED = 0.8
_ENOUGH, _A_PIECE = 2.0, 3.0
_ANY_DAY = date(2000, 1, 1)
_ORDINARY = frozenset(
    "date month year quarter week period time day region area country county district areacode "
    "areaname regioncode regionname code name value values count number no total sum measure "
    "measurename unit units id ref type category group description title notes note comment status "
    "sex gender age ageband agegroup percentage percent rate financialyear fy startdate enddate from "
    "to source level indicator variable geography sector industry band amount quantity".split()
)
_ORDINARY_WEIGHT = 0.25


@dataclass(frozen=True, slots=True)
class Match:
    """The row of column heads (from 0) that are a series' own. `sure`: they prove it alone; else
    one of its codes or names must stand in the table."""

    series: str
    row: int
    likeness: float
    sure: bool


class Templates:
    """The columns of every registered export; read-only."""

    def __init__(self, series: Iterable[Series]) -> None:
        self._columns = {one.id: columns_of(one.columns) for one in series if one.columns}
        self._any = frozenset().union(*self._columns.values())

    def match(self, rows: Sequence[Sequence[str]]) -> list[Match]:
        """The exports that a table looks like, the likest first, one row of heads for each."""
        best: dict[str, Match] = {}
        for index, row in enumerate(rows[:_LOOKED_AT] if self._any else ()):
            words = [cell for cell in row[:_COLUMNS] if cell.lstrip()[:1].isalpha()]
            if len(words) < 2 or len(self._any.intersection(map(column, words))) < 2:
                continue  # values, or the heads of something else
            heads = columns_of(row[:_COLUMNS])
            for series, columns in self._columns.items():
                match = _match(series, index, heads, columns)
                if match and (series not in best or match.likeness > best[series].likeness):
                    best[series] = match
        return sorted(best.values(), key=lambda match: -match.likeness)


def columns_of(cells: Iterable[str]) -> frozenset[str]:
    """Names of columns in one spelling; those that are periods change from export to export and
    are left out."""
    return frozenset(
        name
        for cell in cells
        if 1 < len(cell) <= _LONGEST and (name := column(cell)) and not name.isdigit()
        if not any(map(str.isdigit, name)) or whole(fold(cell).lower().strip(), _ANY_DAY) is None
    )


def column(cell: str) -> str:
    """`Area_Code`, `area code` and `AREACODE` are one column."""
    if not cell.isascii():
        return "".join(filter(str.isalnum, fold(cell).lower()))
    letters = squeezed(cell)
    return letters.decode("ascii") if letters else ""


def _match(series: str, row: int, heads: frozenset[str], columns: frozenset[str]) -> Match | None:
    shared = _weight(heads & columns)
    if not shared:
        return None
    likeness = shared / _weight(heads | columns)
    piece = shared / _weight(heads)
    similar = likeness >= _SIMILAR
    if not similar and (piece < _CONTAINED or shared < _A_PIECE):
        return None
    return Match(series, row, max(likeness, piece * _SIMILAR), shared >= _ENOUGH)


def _weight(columns: frozenset[str]) -> float:
    return sum(_ORDINARY_WEIGHT if name in _ORDINARY else 1.0 for name in columns)

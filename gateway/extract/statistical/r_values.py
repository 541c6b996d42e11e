"""R's vectors as texts: factors by their levels, dates as dates, compact vectors spelled out."""

from __future__ import annotations

import datetime
import struct
from typing import Any, Sequence

from gateway.extract.statistical.column_text import (
    after,
    cell_text,
    column_texts,
    date_after,
    duration_text,
)
from gateway.extract.statistical.r_stream import (
    ALTREP,
    COMPLEX,
    INTEGER,
    LIST,
    LOGICAL,
    PAIRS,
    REAL,
    STRING,
    RObject,
)  # fmt: skip

_EPOCH = datetime.datetime(1970, 1, 1)
_NO_INTEGER64 = -(2**63)
_UNITS = {"secs": 1, "mins": 60, "hours": 3600}


def classes(found: RObject) -> list[str]:
    """The class attribute."""
    return strings_of(found.attributes.get("class"))


def strings_of(found: RObject | None) -> list[str]:
    """The texts of a vector of names or levels; empty for what is none."""
    if found is None:
        return []
    if found.kind == ALTREP:
        found = expanded(found, 10_000_000)
        if found is None:
            return []
    if found.kind == STRING:
        return [value or "" for value in found.value]
    return vector_texts(found, len(found.value)) if found.kind in (LOGICAL, INTEGER, REAL) else []


def vector_texts(found: RObject, most: int) -> list[str]:
    """The first `most` values as R would print them."""
    values: Sequence[Any] = found.value if len(found.value) <= most else found.value[:most]
    if found.kind == STRING:
        return [value or "" for value in values]
    if found.kind == LOGICAL:
        return ["" if v is None else "TRUE" if v else "FALSE" for v in values]
    if found.kind == COMPLEX:
        return [f"{cell_text(a)}+{cell_text(b)}i" for a, b in values]
    return _classed(found, values, classes(found))


def _classed(found: RObject, values: Sequence[Any], named: list[str]) -> list[str]:
    if "factor" in named or ("levels" in found.attributes and found.kind == INTEGER):
        levels = strings_of(found.attributes.get("levels"))
        return [
            levels[int(v) - 1] if v is not None and 0 < v <= len(levels) else cell_text(v)
            for v in values
        ]
    if "Date" in named:
        return ["" if _missing(v) else date_after(_EPOCH, v) for v in values]
    if "POSIXct" in named:
        return ["" if _missing(v) else after(_EPOCH, seconds=v) for v in values]
    if "hms" in named or "ITime" in named:
        unit = (strings_of(found.attributes.get("units")) or ["secs"])[0]
        factor = _UNITS.get(unit, 1)
        return ["" if _missing(v) else duration_text(v * factor) for v in values]
    if "integer64" in named and found.kind == REAL:
        whole = struct.unpack(f"={len(values)}q", struct.pack(f"={len(values)}d", *values))
        return ["" if v == _NO_INTEGER64 else str(v) for v in whole]
    return column_texts(values)


def _missing(value: float | None) -> bool:
    return value is None or value != value


def expanded(found: RObject, most: int, whole: bool = True) -> RObject | None:
    """A compact vector as an ordinary one; None for an unknown class, or (`whole` off) for what is
    not compact. Raises OverflowError where it has more than `most` values."""
    if found.kind != ALTREP:
        return found if whole else None
    name, state = found.value
    plain = _expand(name, state, most)
    if plain is None:
        return None
    return RObject(plain.kind, plain.value, {**plain.attributes, **found.attributes})


def _expand(name: str, state: RObject, most: int) -> RObject | None:
    first = _first(state)
    if (
        name in ("compact_intseq", "compact_realseq")
        and state.kind == REAL
        and len(state.value) == 3
    ):
        count, start, step = state.value
        if not 0 <= count <= most:
            raise OverflowError("too many values")
        values = [start + step * i for i in range(int(count))]
        if name == "compact_intseq":
            return RObject(INTEGER, list(map(int, values)))
        return RObject(REAL, values)
    if name.startswith("wrap_") and first is not None:
        return expanded(first, most)
    if name == "deferred_string" and first is not None:
        plain = expanded(first, most)
        if plain is not None and plain.kind in (LOGICAL, INTEGER, REAL):
            return RObject(STRING, vector_texts(plain, len(plain.value)), plain.attributes)
    return None


def _first(state: RObject) -> RObject | None:
    first: RObject | None = None
    if state.kind == LIST and state.value:
        first = state.value[0]
    elif state.kind == PAIRS and state.value:
        first = state.value[0][1]
    return first

"""Cubes in JSON, whose numbers stand apart from their dimensions: JSON-stat and SDMX-JSON."""

from __future__ import annotations

import itertools
import re
from typing import Any, Iterator

from gateway.extract.text.nested_values import Members, Rows, text_of

MAX_CUBE_ROWS = 2_000_000
_MOST_FIELDS = 2_000
# A number, or a mark that stands for one that is missing or kept back.
_NUMBER = re.compile(r"[-+]?\d[\d.,eE+-]*%?|[-.:*xczn/a]{1,3}", re.I)
_READ = frozenset(("series", "observations"))
Cube = tuple[Rows, Members]


def cube_rows(members: Members) -> Cube | None:
    """The rows of an object that is a cube, and its other members; None for any other object, or
    one that is damaged."""
    names = {name for name, _ in members}
    try:
        if "value" in names and "dimension" in names:
            return _json_stat(members)
        if "dataSets" in names and names & {"structure", "structures"}:
            return _sdmx_json(members)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None  # not as the format has it: read like any other object
    return None


def _once(members: Any) -> dict[Any, Any]:
    """The members by name. Of two of one name one would be lost: that is no cube."""
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a name stands twice")
    return found


def embargo_dates(value: object) -> tuple[tuple[str, str], ...]:
    """The header fields of SDMX-JSON that say until when the figures are kept back."""
    if not isinstance(value, Members):
        return ()
    found = [
        ("EmbargoDate", inner)
        for key, below in [("", value), *value]
        for name, inner in (below if isinstance(below, Members) else ())
        if name.lower() == "embargodate" and isinstance(inner, str) and key != "structure"
    ]
    return tuple(found[:20])


def _json_stat(members: Members) -> Cube | None:
    """JSON-stat 1 and 2: values in the order of the dimensions, the last one fastest."""
    cube = _once(members)
    dimensions = _once(cube["dimension"])
    ids = cube.get("id") or dimensions["id"]
    sizes = [int(size) for size in cube.get("size") or dimensions["size"]]
    total = 1
    for size in sizes:
        total *= size
    if not 0 < total <= MAX_CUBE_ROWS or len(ids) != len(sizes):
        return None
    axes = [
        _categories(_once(dimensions[name]), size) for name, size in zip(ids, sizes, strict=True)
    ]
    heads = [text_of(_once(dimensions[name]).get("label") or name) for name in ids]
    value, status = _by_position(cube["value"]), {}
    if isinstance(cube.get("status"), list):
        status = _by_position(cube["status"])
    if any(not 0 <= at < total for at in (*value, *status)):
        return None
    rows = [[*heads, "value", *(["status"] if status else [])]]
    for at, labels in enumerate(itertools.product(*axes)):
        rows.append([*labels, value.get(at, ""), *([status.get(at, "")] if status else [])])
    read = {"value", "size", "id"} | ({"status"} if status else set())
    return _widened(rows, len(axes)), Members(member for member in members if member[0] not in read)


def _widened(rows: Rows, axes: int) -> Rows:
    """A cube whose values are words as often as numbers is a table of records in disguise: units
    along one dimension and their fields along the last."""
    sample = [row[axes] for row in rows[1:1001] if len(row) > axes and row[axes]]
    words = sum(not _NUMBER.fullmatch(value) for value in sample)
    if axes < 2 or words * 10 < len(sample) or not words:
        return rows
    fields = dict.fromkeys(row[axes - 1] for row in rows[1:])
    if len(fields) > _MOST_FIELDS:
        return rows
    units: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows[1:]:
        unit = units.setdefault(tuple(row[: axes - 1]), {})
        beside = [(f"{row[axes - 1]} {name}", v) for name, v in _beside(rows[0], row, axes) if v]
        for name, value in ((row[axes - 1], row[axes]), *beside):
            fields.setdefault(name)
            if unit.setdefault(name, value) != value:
                return rows  # two values of one field
    wide = [[*rows[0][: axes - 1], *fields]]
    wide += [[*unit, *(found.get(name, "") for name in fields)] for unit, found in units.items()]
    return wide


def _beside(heads: list[str], row: list[str], axes: int) -> Iterator[tuple[str, str]]:
    """What is said of a value: its status, its attributes, further measures."""
    yield from itertools.zip_longest(heads[axes + 1 :], row[axes + 1 :], fillvalue="")


def _by_position(values: Any) -> dict[int, str]:
    if isinstance(values, Members):
        return _once([(int(key), text_of(value)) for key, value in values])
    return {at: text_of(value) for at, value in enumerate(values)}


def _categories(dimension: dict[str, Any], size: int) -> list[str]:
    category = _once(dimension["category"])
    labels = _once(category.get("label") or ())
    index = category.get("index")
    if isinstance(index, Members):
        codes = [code for code, _ in sorted(index, key=lambda pair: int(pair[1]))]
    else:
        codes = [text_of(code) for code in index or labels]
    if len(codes) != size:
        raise ValueError("categories and size disagree")
    return [text_of(labels.get(code, code)) for code in codes]


def _sdmx_json(members: Members) -> Cube | None:
    """SDMX-JSON 1.0 and 2.0: keys are positions in the lists of the structure."""
    message = _once(members)
    structures = message.get("structures") or [message["structure"]]
    rows: Rows = []
    for data_set in message["dataSets"]:
        at = int(_once(data_set).get("structure") or 0)
        structure = _Structure(_once(structures[at]))
        found = _widened(structure.rows(_once(data_set)), structure.axes(_once(data_set)))
        header = found[0]
        rows += found if not rows or rows[0] != header else found[1:]
    rest = Members(m for m in members if m[0] != "dataSets")
    for data_set in message["dataSets"]:
        rest.append(("dataSet", Members(m for m in data_set if m[0] not in _READ)))
        rest += [(key, more) for key, series in _series(data_set) if (more := _unread(series))]
    return rows, rest


def _series(data_set: Members) -> Any:
    return _once(data_set).get("series") or ()


def _unread(series: Members) -> Members:
    """What a series holds beside its rows: all, where it has none."""
    if not _once(series).get("observations"):
        return series
    return Members(m for m in series if m[0] not in ("attributes", "observations"))


class _Structure:
    """What the positions in keys and observations stand for."""

    def __init__(self, structure: dict[str, Any]) -> None:
        dimensions = _once(structure["dimensions"])
        attributes = _once(structure.get("attributes") or ())
        measures = _once(structure.get("measures") or ()).get("observation") or ()
        self._series = _axes(dimensions.get("series"))
        self._observation = _axes(dimensions.get("observation"))
        self._of_series = _axes(attributes.get("series"))
        self._of_observation = _axes(attributes.get("observation"))
        self._measures = [text_of(_once(m)["id"]) for m in measures] or ["OBS_VALUE"]

    def rows(self, data_set: dict[str, Any]) -> Rows:
        series = data_set.get("series") or ()
        axes = [*(self._series if series else ()), *self._observation]
        heads = [name for name, _ in axes] + self._measures
        heads += [name for name, _ in self._of_observation]
        heads += [name for name, _ in self._of_series] if series else []
        rows: Rows = [heads]
        for key, value in data_set.get("observations") or ():
            rows.append([*_labels(self._observation, key.split(":")), *self._observed(value)])
        for key, value in series:
            one = _once(value)
            first = _labels(self._series, key.split(":"))
            last = _labels(self._of_series, one.get("attributes") or ())
            for inner, seen in one.get("observations") or ():
                where = _labels(self._observation, inner.split(":"))
                rows.append([*first, *where, *self._observed(seen), *last])
        return rows

    def axes(self, data_set: dict[str, Any]) -> int:
        return len(self._observation) + (len(self._series) if data_set.get("series") else 0)

    def _observed(self, value: list[Any]) -> list[str]:
        count = len(self._measures)
        measured = [text_of(item) for item in value[:count]]
        measured += [""] * (count - len(measured))
        return measured + _labels(self._of_observation, value[count:])


Axis = tuple[str, list[tuple[str, str]]]


def _axes(items: Any) -> list[Axis]:
    axes = []
    for item in items or ():
        axis = _once(item)
        values = []
        for value in axis.get("values") or ():
            pairs = _once(value) if isinstance(value, Members) else {"id": value}
            code = text_of(pairs.get("id", pairs.get("value")))
            values.append((code, text_of(pairs.get("name", code))))
        axes.append((text_of(axis["id"]), values))
    return axes


def _labels(axes: list[Axis], positions: Any) -> list[str]:
    """What stands at each position; codes for attributes of status, names for all else."""
    out = []
    nothing: Axis = ("", [])
    for at, position in enumerate(
        itertools.islice(
            itertools.chain(positions, itertools.repeat(None)), max(len(axes), len(positions))
        )
    ):
        name, values = axes[at] if at < len(axes) else nothing
        text = "" if position is None else text_of(position)
        if values and text.isdigit() and int(text) < len(values):
            text = values[int(text)][0 if name.endswith("STATUS") else 1]
        out.append(text)
    return out

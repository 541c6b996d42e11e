"""Cubes in JSON, whose numbers stand apart from their dimensions: JSON-stat and SDMX-JSON."""

from __future__ import annotations

import itertools
import re
from typing import Any

from gateway.extract.text.value_tree import Members, Rows, text_of

MAX_CUBE_ROWS = 2_000_000
_MOST_FIELDS = 2_000
# A number, or a mark that stands for one that is missing or kept back.
_NUMBER = re.compile(r"[-+]?\d[\d.,eE+-]*%?|[-.:*xczn/a]{1,3}", re.I)
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
    cube = dict(members)
    dimensions = dict(cube["dimension"])
    ids = cube.get("id") or dimensions["id"]
    sizes = [int(size) for size in cube.get("size") or dimensions["size"]]
    total = 1
    for size in sizes:
        total *= size
    if not 0 < total <= MAX_CUBE_ROWS or len(ids) != len(sizes):
        return None
    axes = [
        _categories(dict(dimensions[name]), size) for name, size in zip(ids, sizes, strict=True)
    ]
    heads = [text_of(dict(dimensions[name]).get("label") or name) for name in ids]
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
    sample = [row[axes] for row in rows[1:1001] if len(row) == axes + 1 and row[axes]]
    words = sum(not _NUMBER.fullmatch(value) for value in sample)
    if axes < 2 or words * 10 < len(sample) or not words:
        return rows
    fields = dict.fromkeys(row[axes - 1] for row in rows[1:])
    if len(fields) > _MOST_FIELDS:
        return rows
    units: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows[1:]:
        units.setdefault(tuple(row[: axes - 1]), {})[row[axes - 1]] = row[axes]
    wide = [[*rows[0][: axes - 1], *fields]]
    wide += [[*unit, *(found.get(name, "") for name in fields)] for unit, found in units.items()]
    return wide


def _by_position(values: Any) -> dict[int, str]:
    if isinstance(values, Members):
        return {int(key): text_of(value) for key, value in values}
    return {at: text_of(value) for at, value in enumerate(values)}


def _categories(dimension: dict[str, Any], size: int) -> list[str]:
    category = dict(dimension["category"])
    labels = dict(category.get("label") or ())
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
    message = dict(members)
    structures = message.get("structures") or [message["structure"]]
    rows: Rows = []
    for data_set in message["dataSets"]:
        at = int(dict(data_set).get("structure") or 0)
        structure = _Structure(dict(structures[at]))
        found = _widened(structure.rows(dict(data_set)), structure.axes(dict(data_set)))
        header = found[0]
        rows += found if not rows or rows[0] != header else found[1:]
    rest = Members(m for m in members if m[0] != "dataSets")
    rest += [
        ("dataSet", Members(m for m in data_set if m[0] not in ("series", "observations")))
        for data_set in message["dataSets"]
    ]
    return rows, rest


class _Structure:
    """What the positions in keys and observations stand for."""

    def __init__(self, structure: dict[str, Any]) -> None:
        dimensions = dict(structure["dimensions"])
        attributes = dict(structure.get("attributes") or ())
        measures = dict(structure.get("measures") or ()).get("observation") or ()
        self._series = _axes(dimensions.get("series"))
        self._observation = _axes(dimensions.get("observation"))
        self._of_series = _axes(attributes.get("series"))
        self._of_observation = _axes(attributes.get("observation"))
        self._measures = [text_of(dict(m)["id"]) for m in measures] or ["OBS_VALUE"]

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
            one = dict(value)
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
        axis = dict(item)
        values = []
        for value in axis.get("values") or ():
            pairs = dict(value) if isinstance(value, Members) else {"id": value}
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

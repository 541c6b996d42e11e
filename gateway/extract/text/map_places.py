"""Places on a map in nested values: features, points, and the shapes that are drawn with points."""

from __future__ import annotations

from typing import Any

from gateway.extract.text.nested_values import Members, Number, is_row, is_scalar

# Places on a map, and the shapes that are drawn with them (RFC 7946 section 3.1).
PLACE = ("longitude", "latitude", "altitude")
DRAWN = frozenset(("LineString", "MultiLineString", "Polygon", "MultiPolygon"))


def properties_of(item: Members) -> Members:
    """A GeoJSON feature (RFC 7946 section 3.2) is its properties, and a point its place."""
    if len(item) > 8 or ("type", "Feature") not in item:
        return item
    out = Members()
    for key, value in item:
        if key == "properties" and isinstance(value, Members):
            out[:0] = value
        elif key == "geometry" and isinstance(value, Members):
            place = dict(value)
            at: Any = place.get("coordinates")
            if is_row(at) and len(at) in (2, 3) and all(map(is_scalar, at)):
                out += zip(PLACE, at, strict=False)
                out += [(k, v) for k, v in value if k not in ("type", "coordinates")]
            else:
                out.append((key, value))
        elif key != "type":
            out.append((key, value))
    return out


def points_in(values: list[Any]) -> int:
    """How many numbers a place has, where all that is in the lists is places: pairs of numbers, or
    triples with a height. Wider rows, or a word among them, make it a table: 0."""
    stack, width = list(values), 0
    while stack:
        value = stack.pop()
        if isinstance(value, Members) or not isinstance(value, list):
            return 0
        if any(isinstance(item, list) for item in value):
            stack += value
        elif not 2 <= len(value) <= 3 or not all(isinstance(item, Number) for item in value):
            return 0
        else:
            width = max(width, len(value))
    return width

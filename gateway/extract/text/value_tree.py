"""Nested values, as JSON and XML hold them, to tables of records and lines of words.

Lists of the same kind that stand in many places (the persons of every household) are one table.
What fits no table is a line "path: value", so that every word and key reaches the detectors.
"""

from __future__ import annotations

from typing import Any, Callable, Iterator, Sequence

from gateway.extract.text.column_lists import (
    named_columns,
    numbered_records,
    rows_in_list,
    rows_in_pairs,
    upright,
)
from gateway.extract.text.map_places import DRAWN, PLACE, points_in, properties_of
from gateway.extract.text.nested_values import (
    Members,
    Number,
    Rows,
    is_row,
    is_scalar,
    json_value,
    text_of,
)
from gateway.extract.text.pasted import tables_in_text
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

MAX_TABLES = 2_000
MAX_DEPTH = 120
MAX_INNER = 60
MAX_HEADS = 20
MAX_PAIRS = 100_000
# So many scalars in one object are a list of keys and values.
MIN_PAIRS = 12
_LONG_KEY = 60
_PATH = 100
_LIST_CELL = 20_000


Special = Callable[[Members], "tuple[Rows, Members] | None"]


def no_special(_: Members) -> tuple[Rows, Members] | None:
    return None


def contents_of(
    part: Part, value: object, limits: ReadLimits, special: Special = no_special
) -> Iterator[Content]:
    """The tables in `value`, and everything else in it as a Text. `special` reads objects that
    are a cube of their own form into rows, and says which members are left."""
    found = _Collector(limits, special)
    found.walk(value, "", 0)
    for path, rows in found.tables():
        location = part.location.at(path[-_PATH:])
        if len(rows[0]) > limits.columns:
            found.faults[f"more than {limits.columns} columns"] = None
            rows = [row[: limits.columns] for row in rows]
        yield Table(location, rows, total_rows=len(rows), form="records")
    yield from bounded_text(part, "\n".join(found.words), "", limits)
    for path, text in found.pages:
        yield from tables_in_text(part, text[: limits.text_chars], path[-_PATH:])
    for fault in found.faults:
        yield Gap(part.location, "limit", fault)


class _Records:
    """Records on their way to a table: the header is the union of their names."""

    def __init__(self) -> None:
        self.header: dict[str, int] = {}
        self.rows: list[dict[str, str]] = []

    def as_rows(self) -> Rows:
        names = list(self.header)
        return [names, *([row.get(name, "") for name in names] for row in self.rows)]

    def pairs(self) -> list[tuple[str, str]]:
        """Of objects with one member each, or with a name and a value."""
        if all(len(row) == 1 for row in self.rows):
            return [pair for row in self.rows for pair in row.items()]
        if len(self.header) == 2 and all(len(row) == 2 for row in self.rows):
            return [(name, value) for name, value in map(dict.values, self.rows)]
        return []


class _Collector:
    def __init__(self, limits: ReadLimits, special: Special) -> None:
        self.words: list[str] = []
        self.pages: list[tuple[str, str]] = []
        self.faults: dict[str, None] = {}
        self._found: dict[str, _Records | Rows] = {}
        self._cells, self._most = limits.cells, limits.cells
        self._special = special
        self._again: dict[str, int] = {}
        self._keys: set[str] = set()
        self._drawn: set[int] = set()
        self._pairs: list[tuple[str, str]] = []
        self._named: list[tuple[str, str]] = []

    def tables(self) -> Iterator[tuple[str, Rows]]:
        for path, found in self._found.items():
            for rows in rows_in_pairs(found.pairs()) if isinstance(found, _Records) else ():
                yield path, rows
            rows = self._as_rows(found) if isinstance(found, _Records) else upright(found)
            if rows and rows[0]:
                yield path, rows
        for pairs in (self._pairs, self._named):
            for rows in rows_in_pairs(pairs):
                yield "", rows

    def _as_rows(self, found: _Records) -> Rows:
        """Rows under one header; where that would be mostly blanks and too many, the last rows
        become lines of words."""
        most = max(1, self._most // max(1, len(found.header)))
        if len(found.rows) > most:
            self.faults[f"more than {self._most} cells"] = None
            for row in found.rows[most:]:
                self.words += [f"{name[:_LONG_KEY]}: {text}" for name, text in row.items()]
            del found.rows[most:]
        return found.as_rows()

    def walk(self, value: object, path: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            self.faults["nested too deeply"] = None
        elif isinstance(value, Members):
            self._object(value, path, depth)
        elif isinstance(value, list):
            self._list(value, path, depth)
        else:
            self._word(path, text_of(value), depth)

    def _word(self, path: str, text: str, depth: int = 0) -> None:
        inner = json_value(text)
        if inner is not None:
            self.walk(inner, path, depth + 1)
            return
        if path and len(self._pairs) < MAX_PAIRS and len(text) <= _LONG_KEY:
            self._pairs.append((path.rpartition(".")[2], text))
        self.words.append(f"{path[-_PATH:]}: {text}" if path else text)
        if text.count("\n") >= 4:
            if len(self.pages) < MAX_TABLES:
                self.pages.append((path, text))
            else:
                self.faults[f"more than {MAX_TABLES} values of several lines"] = None

    def _below(self, path: str, key: str) -> str:
        if (" " in key or len(key) > _LONG_KEY) and key not in self._keys:
            self._keys.add(key)
            self.words.append(key)  # what it names may be a table, or nothing
        key = key[:_LONG_KEY]
        return f"{path}.{key}"[-2 * _PATH :] if path else key

    def _object(self, members: Members, path: str, depth: int) -> None:
        cube = self._special(members)
        if cube is not None:
            self._matrix(cube[0], path, depth)
            members = cube[1]
        headed = _headed_matrix(members)
        if headed:
            name, head, matrix = headed
            self._matrix([head, *matrix], self._below(path, name), depth)
            for key, value in members:
                if key != name:
                    self.walk(value, self._below(path, key), depth + 1)
            return
        if len(members) >= 2:
            values = [value for _, value in members]
            if all(isinstance(value, Members) for value in values):
                if len(members) >= 3 or _indexed(members):
                    self._keyed(members, path, depth)
                    return
            elif all(map(is_row, values)):
                if _are_columns(values):
                    self._columns(members, path)
                    return
                if all(v and all(isinstance(item, Members) for item in v) for v in values):
                    for key, items in members:
                        self._records(items, f"{path}.*" if path else "*", depth, key)
                    return
            elif len(values) >= MIN_PAIRS and all(map(is_scalar, values)):
                pairs = [[key, text_of(value)] for key, value in members]
                found = numbered_records(members) or (pairs, Members())
                self._matrix_and_rest(*found, path, depth)
                return
        if len(members) == 2 and all(is_scalar(value) for _, value in members):
            self._named.append((text_of(members[0][1]), text_of(members[1][1])))
        for key, value in members:
            if key == "coordinates":
                self._note_shape(members, value)
            self.walk(value, self._below(path, key), depth + 1)

    def _note_shape(self, geometry: Members, coordinates: object) -> None:
        """Lines and areas are drawn; points are somewhere, each perhaps somebody's home."""
        if any(name == "type" and value in DRAWN for name, value in geometry):
            self._drawn.add(id(coordinates))

    def _keyed(self, members: Members, path: str, depth: int) -> None:
        """An object of objects: records under their keys, or columns of values under row keys."""
        listed = named_columns(members)
        if listed is not None:
            self._matrix_and_rest(*listed, path, depth)
            return
        inner = len(members[0][1])
        columns = all(all(is_scalar(v) for _, v in value) for _, value in members)
        digits = members[0][0].isdigit()
        if columns and inner >= 2 and not digits and _same_names(members):
            first = members[0][1]
            if first[0][0].isdigit() or inner > len(members):
                rows = [["", *(key for key, _ in members)]]
                for at, (name, _) in enumerate(first):
                    rows.append([name, *(text_of(value[at][1]) for _, value in members)])
                self._matrix(rows, path, depth)
                return
        shared = {name for name, _ in members[0][1]}
        second = {name for name, _ in members[1][1]}
        if len(shared & second) * 2 >= max(len(shared | second), 1):
            for key, value in members:
                self._records([value], f"{path}.*" if path else "*", depth, key)
            return
        for key, value in members:
            self.walk(value, self._below(path, key), depth + 1)

    def _columns(self, members: Members, path: str) -> None:
        length = max(len(value) for _, value in members)
        rows = [[key for key, _ in members]]
        cells = [[text_of(v) for v in value] + [""] * (length - len(value)) for _, value in members]
        rows += [list(row) for row in zip(*cells, strict=True)]
        self._matrix(rows, path, 0)

    def _list(self, values: list[Any], path: str, depth: int) -> None:
        if not values:
            return
        objects = sum(isinstance(value, Members) for value in values)
        listed = named_columns([("", value) for value in values]) if objects else None
        if listed is not None:
            self._matrix_and_rest(*listed, path, depth)
        elif objects * 2 > len(values):
            self._records([v for v in values if isinstance(v, Members)], path, depth)
            rest = [v for v in values if not isinstance(v, Members)]
            for value in rest:
                self.walk(value, path, depth + 1)
        elif sum(map(is_row, values)) * 2 > len(values):
            points = points_in(values) if path.endswith("coordinates") else 0
            if not points:
                self._matrix(values, path, depth)
            elif id(values) not in self._drawn:
                flat = path not in self._found and not is_row(values[0][0])
                self._matrix([list(PLACE[:points]), *values] if flat else values, path, depth)
        elif len(values) >= 3 and all(map(is_scalar, values)):
            name = path.rpartition(".")[2]
            head = [[name]] if name else []
            single = [*head, *([value] for value in values)]
            self._matrix(rows_in_list(values) or single, path, depth)
        else:
            for value in values:
                self.walk(value, path, depth + 1)

    def _matrix_and_rest(self, rows: Rows, rest: Members, path: str, depth: int) -> None:
        self._matrix(rows, path, depth)
        for name, value in rest:
            self.walk(value, self._below(path, name), depth + 1)

    def _table_at(self, path: str, fresh: _Records | Rows) -> _Records | Rows | None:
        found = self._found.get(path)
        if found is None:
            if len(self._found) >= MAX_TABLES:
                self.faults[f"more than {MAX_TABLES} kinds of records"] = None
                return None
            self._found[path] = found = fresh
        return found

    def _spend(self, cells: int) -> bool:
        self._cells -= cells
        if self._cells < 0:
            self.faults[f"more than {self._most} cells"] = None
        return self._cells >= 0

    def _matrix(self, values: Sequence[Any], path: str, depth: int) -> None:
        target = self._table_at(path, [])
        for value in values:
            if not isinstance(value, list) or not isinstance(target, list):
                self.walk(value, path, depth + 1)
                continue
            row = []
            for item in value:
                if isinstance(item, list):
                    self.walk(item, path + "[]", depth + 1)
                    item = None
                row.append(text_of(item))
            if not self._spend(len(row) + 1):
                return
            target.append(row)

    def _records(self, items: Sequence[Members], path: str, depth: int, key: str = "") -> None:
        target = self._table_at(path, _Records())
        if not isinstance(target, _Records):
            for item in items:
                for name, value in item:
                    self.walk(value, self._below(path, name), depth + 1)
            return
        for item in items:
            row: dict[str, str] = {"key": key} if key else {}
            self._again = {}
            self._flatten(properties_of(item), "", row, path, depth)
            for name in row:
                if name not in target.header:
                    target.header[name] = len(target.header)
            if not self._spend(len(row) + 1):
                return
            target.rows.append(row)

    def _flatten(
        self, item: Members, prefix: str, row: dict[str, str], path: str, depth: int
    ) -> None:
        for name, value in item:
            full = prefix + name
            if isinstance(value, list):
                if isinstance(value, Members):
                    inner = depth + prefix.count(".")
                    if len(value) <= MAX_INNER and inner < MAX_DEPTH and len(full) < 500:
                        self._flatten(value, f"{full}.", row, path, depth + 1)
                    else:
                        self.walk(value, self._below(path, full), depth + 1)
                    continue
                if name == "coordinates":
                    self._note_shape(item, value)
                if not all(map(is_scalar, value)) or len(value) > _LIST_CELL:
                    self.walk(value, self._below(path, full), depth + 1)
                    continue
                texts = list(map(text_of, value))
                text = ("" if texts and texts[0].endswith("\n") else "; ").join(texts)
                if text.count("\n") >= 4:
                    self._word(full, text, depth)
            elif type(value) is str or type(value) is Number:
                text = value
                if value.count("\n") >= 4:
                    self._word(full, value, depth)
            else:
                text = text_of(value)
            if full in row:
                self._again[full] = count = self._again.get(full, 1) + 1
                full = f"{full} ({count})"
            row[full] = text


def _same_names(members: Members) -> bool:
    names = [name for name, _ in members[0][1]]
    return all([name for name, _ in value] == names for _, value in members[1:])


def _indexed(members: Members) -> bool:
    """Two columns under the same row numbers, as data frames are written."""
    names = [name for name, _ in members[0][1]]
    return len(names) >= 3 and _same_names(members)


def _are_columns(values: list[list[Any]]) -> bool:
    """Lists of scalars, about as long as each other."""
    longest = max(map(len, values))
    return (
        longest >= 2
        and min(map(len, values)) * 10 >= longest * 9
        and all(is_scalar(item) for value in values for item in value)
    )


def _headed_matrix(members: Members) -> tuple[str, list[str], list[Any]] | None:
    """A list of rows beside the list of its column names (or of objects that hold them)."""
    heads = [(n, v) for n, v in members if is_row(v) and v and _may_head(n)][:MAX_HEADS]
    for name, value in members if heads else ():
        if is_row(value) and value and is_row(value[0]) and len(value[0]) >= 1:
            width = len(value[0])
            for other, names in heads:
                if other != name and len(names) == width:
                    head = [_name_in(item) for item in names]
                    if all(head):
                        return name, head, value
    return None


def _may_head(key: str) -> bool:
    return any(word in key.lower() for word in ("col", "head", "field", "name", "var", "schema"))


def _name_in(item: object) -> str:
    """A column's name: itself, or what an object calls it."""
    if isinstance(item, Members):
        named = {key.lower(): value for key, value in item}
        for key in ("name", "label", "title", "field", "id", "code", "fieldname"):
            if isinstance(named.get(key), str):
                return str(named[key])
        return ""
    return text_of(item) if is_scalar(item) else ""
